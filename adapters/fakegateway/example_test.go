package fakegateway_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func Example() {
	gateway, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("any sixteen bytes or more")})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()

	// The shop asks for ₹499.00.
	order, err := gateway.CreateOrder(ctx, payment.OrderRequest{Receipt: "checkout-1", Amount: pricing.Paise(49900)})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The customer pays, and the browser comes back.
	callback, err := gateway.Pay(order.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	// The shop checks the signature, then asks the gateway itself.
	fmt.Println("signed:", gateway.VerifyPayment(order.ID, callback) == nil)
	payments, err := gateway.Payments(ctx, order.ID)
	fmt.Println(payment.Facts{}.Fold(payments...).Decide(order).Outcome, err)
	// Output:
	// signed: true
	// paid <nil>
}

func ExampleGateway_Plant() {
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	gateway, err := fakegateway.New(fakegateway.Config{
		KeySecret: payment.NewSecret("any sixteen bytes or more"),
		Now:       func() time.Time { return now },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The reply to the next order is lost.
	err = gateway.Plant(fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.LoseReply})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = gateway.CreateOrder(ctx, payment.OrderRequest{Receipt: "checkout-1", Amount: pricing.Paise(49900)})
	fmt.Println(err)
	order, err := gateway.FindOrder(ctx, "checkout-1")
	fmt.Println(order.Amount, order.Status, err)
	// Output:
	// payment: create order may have happened, look before repeating it: connection lost
	// INR 499.00 created <nil>
}
