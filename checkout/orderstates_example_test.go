package checkout_test

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// soldLamps is a shop that has just sold two lamps, and its store's book of orders.
func soldLamps(ctx context.Context) (*checkout.Service, *memstore.Orders, checkout.Record, error) {
	lamp := cart.Item{
		Ref: cart.ItemRef{ProductID: 7}, Status: cart.StatusOK, Purchasable: true, Name: "Brass lamp", UnitPrice: decimal.NewFromInt(1200),
		Currency: pricing.INR, TaxStatus: "taxable", Virtual: true, Stock: cart.Stock{Item: "product:7", Managed: true, Quantity: 3, InStock: true},
	}
	stock, carts, catalog, orders := memstore.NewStock(memstore.StockConfig{}), memstore.NewCarts(), memstore.NewCatalog(lamp), memstore.NewOrders(nil)
	_ = stock.Receive(ctx, inventory.ProductItem(7).At(inventory.DefaultLocation), 3)
	rules, _ := memstore.NewRulebook(checkout.Rules{Settings: quote.Settings{Currency: pricing.INR, Decimals: 2}})
	gateway, _ := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789")})
	shop, err := checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: carts, Catalog: catalog, Rules: rules, Reserver: stock, Orders: orders,
		Payments: []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "UPI", Gateway: gateway, Verifier: gateway}},
	})
	if err != nil {
		return nil, nil, checkout.Record{}, err
	}
	shelf, _ := cart.NewService(cart.Config{Store: carts, Catalog: catalog})
	_, _ = shelf.Add(ctx, "guest:asha", lamp.Ref, 2)
	started, _ := shop.Start(ctx, checkout.StartRequest{Owner: "guest:asha"})
	id := started.Record.ID
	_, _ = shop.SetAddresses(ctx, "guest:asha", id, checkout.Addresses{Billing: asha()})
	ready, _ := shop.ChoosePayment(ctx, "guest:asha", id, payment.MethodRazorpay)
	placed, err := shop.Place(ctx, checkout.PlaceRequest{Owner: "guest:asha", ID: id, Key: "button-1", QuoteHash: ready.QuoteHash})
	if err != nil {
		return nil, nil, checkout.Record{}, err
	}
	callback, _ := gateway.Pay(placed.Gateway.ID)
	sold, err := shop.ConfirmPayment(ctx, "guest:asha", id, callback)
	return shop, orders, sold, err
}

// One of two lamps is given back before the parcel leaves: the money goes back, the order in the store shows it, and the
// store has the piece back.
func ExampleService_Refund() {
	ctx := context.Background()
	shop, orders, sold, err := soldLamps(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // the same key is the same refund
		_, err = shop.Refund(ctx, checkout.RefundRequest{
			ID: sold.ID, Key: "ticket-81", Reason: "one is enough", Actor: "meera", Restock: true,
			Lines: []checkout.RefundLine{{Key: sold.Lines[0].Line.Key, Quantity: 1}},
		})
	}
	order, _ := orders.ReadOrder(ctx, sold.Order.ID)
	fmt.Println(order.Status, len(order.Refunds), order.Refunds[0].Amount, "still subtracted:", order.Lines[0].Reduced, err)
	// Output: processing 1 INR 1200.00 still subtracted: 1 <nil>
}

// Somebody completes the order in wp-admin. A webhook or reconciliation says that it changed; here it has been shipped.
func ExampleService_StoreOrderChanged() {
	ctx := context.Background()
	shop, orders, sold, err := soldLamps(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = orders.SetStatus(sold.Order.ID, "completed")
	fmt.Println(shop.StoreOrderChanged(ctx, sold.Order.ID))
	now, _ := shop.Explain(ctx, sold.ID)
	last := now.Record.History[len(now.Record.History)-1]
	fmt.Println(now.Status, "by", last.Actor)
	// Output:
	// <nil>
	// shipped by woocommerce
}
