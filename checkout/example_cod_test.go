package checkout_test

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

// Cash on delivery for ₹40, with ₹99 beforehand by Razorpay, not in the North-East but for Guwahati, and up to ₹5,000.
func ExampleCashTerms() {
	ctx := context.Background()
	gateway, _ := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789")})
	stock, carts, catalog := memstore.NewStock(memstore.StockConfig{}), memstore.NewCarts(), memstore.NewCatalog(mug)
	_ = stock.Receive(ctx, keyOf(mug), 10)
	rules, _ := memstore.NewRulebook(karnataka())
	records := memstore.NewCheckouts(stock)
	shop, err := checkout.New(checkout.Config{
		Store: records, Carts: carts, Catalog: catalog, Rules: rules, Reserver: stock, Orders: memstore.NewOrders(nil),
		CashHistory: records, // nobody whose parcels came back
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "UPI or card", Gateway: gateway, Verifier: gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}, Cash: &checkout.CashTerms{
				Currency: pricing.INR,
				Rules: checkout.CashRules{
					DenyPINs: []string{"78", "79"}, AllowPINs: []string{"1", "2", "3", "4", "5", "6", "7", "8", "781"}, MaxTotal: pricing.Paise(500000),
				},
				Fee:        adjust.CashOnDelivery{Name: "Cash on delivery", Amount: decimal.NewFromInt(40)},
				Prepayment: payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900)},
			}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	shelf, _ := cart.NewService(cart.Config{Store: carts, Catalog: catalog})
	_, _ = shelf.Add(ctx, "guest:asha", mug.Ref, 1)
	started, _ := shop.Start(ctx, checkout.StartRequest{Owner: "guest:asha"})
	id := started.Record.ID
	for _, to := range []struct{ city, state, pin string }{{"Bengaluru", "KA", "560001"}, {"Chennai", "TN", "790001"}} {
		address := asha()
		address.City, address.State, address.Postcode = to.city, to.state, to.pin
		_, _ = shop.SetAddresses(ctx, "guest:asha", id, checkout.Addresses{Billing: address})
		choices, err := shop.PaymentChoices(ctx, "guest:asha", id)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, c := range choices {
			fmt.Println(to.pin, c.Option.Method, c.Total, "now", c.Plan.Online, "at the door", c.Plan.OnDelivery)
			for _, r := range c.Refusals {
				fmt.Println(r.Code+":", r.Reason)
			}
		}
	}
	// Output:
	// 560001 razorpay INR 553.88 now INR 553.88 at the door 0
	// 560001 cod INR 593.88 now INR 99.00 at the door INR 494.88
	// 790001 razorpay INR 553.88 now INR 553.88 at the door 0
	// 790001 cod INR 593.88 now INR 99.00 at the door INR 494.88
	// pin: Cash on delivery is not available at this PIN code.
}
