package payment_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// The news of one payment arrive in a bad order; the verdict does not care.
func ExampleFacts() {
	expected := payment.Order{ID: "order_IEIaMR65cu6nz3", Amount: pricing.Paise(49900)}
	news := func(status payment.Status) payment.Payment {
		return payment.Payment{ID: "pay_IH4NVgf4Dreq1l", OrderID: expected.ID, Amount: expected.Amount, Status: status}
	}

	facts := payment.Facts{}.Fold(news(payment.StatusFailed))
	fmt.Println(facts.Decide(expected).Outcome) // failed is not final

	facts = facts.Fold(news(payment.StatusCaptured))
	fmt.Println(facts.Decide(expected).Outcome)

	facts = facts.Fold(news(payment.StatusAuthorized), news(payment.StatusFailed)) // late, repeated
	verdict := facts.Decide(expected)
	fmt.Println(verdict.Outcome, verdict.Payment.ID)
	// Output:
	// pending
	// paid
	// paid pay_IH4NVgf4Dreq1l
}

func ExampleSignatureVerifier() {
	// The secret of the gateway's account; a second one may be given while it is rotated.
	verifier, err := payment.NewSignatureVerifier(payment.NewSecret("EnLs21M47BllR3X8PSFtjtbd"))
	if err != nil {
		fmt.Println(err)
		return
	}
	callback := payment.Callback{ // as posted by the browser
		OrderID:   "order_IEIaMR65cu6nz3",
		PaymentID: "pay_IH4NVgf4Dreq1l",
		Signature: "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f",
	}
	fmt.Println(verifier.VerifyPayment("order_IEIaMR65cu6nz3", callback))
	fmt.Println(verifier.VerifyPayment("order_AnotherOrder00", callback))
	// Output:
	// <nil>
	// payment: the callback does not prove a payment of this order
}

func ExampleGateway_unknown() {
	var gateway payment.Gateway = payment.CashOnDelivery{}
	request := payment.OrderRequest{Receipt: "checkout-1", Amount: pricing.Paise(49900)}

	order, err := gateway.CreateOrder(context.Background(), request)
	if errors.Is(err, payment.ErrUnknown) { // it may have been made: look, then decide
		order, err = gateway.FindOrder(context.Background(), request.Receipt)
		if errors.Is(err, payment.ErrNotFound) {
			order, err = gateway.CreateOrder(context.Background(), request)
		}
	}
	fmt.Println(order.Status, order.Amount, err)
	// Output:
	// due_on_delivery INR 499.00 <nil>
}
