package woo_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// connect starts a WooCommerce in this process and a client for it. A shop has
// its own address, key and secret instead.
func connect(faults ...wootest.Fault) (*woo.Client, func()) {
	store, err := wootest.New(wootest.Config{TLS: true, Faults: faults})
	if err != nil {
		log.Fatal(err)
	}
	client, err := woo.New(woo.Config{
		URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: store.HTTPClient(),
	})
	if err != nil {
		log.Fatal(err)
	}
	return client, func() { store.Close() }
}

// A whole order: what the cart costs, the quote, the order that waits, and the
// order that takes effect.
func Example() {
	client, stop := connect()
	defer stop()
	ctx := context.Background()

	ref := cart.ItemRef{ProductID: 16}
	items, err := client.Items(ctx, []cart.ItemRef{ref})
	if err != nil {
		log.Fatal(err)
	}
	home := checkout.Address{
		FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", State: "KA",
		Postcode: "560001", Country: "IN", Email: "ravi@example.test", Phone: "+919812345678",
	}
	quoter := checkout.NewLocalQuoter(client, nil) // the client is the rulebook
	quote, err := quoter.Quote(ctx, checkout.QuoteRequest{
		Lines:  []checkout.PricedLine{{Line: cart.Line{Key: ref.Key(), Ref: ref, Quantity: 2}, Item: items[0]}},
		ShipTo: home, BillTo: home, ShippingRate: "flat_rate:1",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("quoted:", quote.Totals.Total)

	order, err := client.CreatePending(ctx, checkout.OrderRequest{
		Token: "checkout-5f2c9a", Quote: quote, Billing: home, Shipping: home, PaymentMethod: "razorpay",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("created:", order.Status, order.Total, "taken from stock:", order.Lines[0].Reduced)

	order, err = client.Complete(ctx, order.ID, checkout.Completion{Paid: true, TransactionID: "pay_29QQoUBi66xm2f"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("completed:", order.Status, order.Total, "taken from stock:", order.Lines[0].Reduced)
	// Output:
	// quoted: INR 1052.88
	// created: pending INR 1052.88 taken from stock: 0
	// completed: processing INR 1052.88 taken from stock: 2
}

func ExampleClient_Product() {
	client, stop := connect()
	defer stop()

	kurta, err := client.Product(context.Background(), "handblock-kurta")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kurta.Name, kurta.Price.Text)
	for _, v := range kurta.Variations {
		fmt.Println(v.Attributes["pa_size"], v.Attributes["pa_color"], v.Price.Stored.Decimal, v.Stock.Status, v.Stock.Quantity, v.Stock.Item)
	}
	// Output:
	// Handblock Kurta ₹1,099.00 - ₹1,399.00
	// s red 1299 in_stock 5 variation:38
	// s indigo 1299 out_of_stock 0 variation:39
	// m red 1349 in_stock 20 product:37
	// m indigo 1349 in_stock 20 product:37
	// l red 1399 on_backorder 0 variation:42
	// l indigo 1099 in_stock 8 variation:43
}

func ExampleClient_Product_notFound() {
	client, stop := connect()
	defer stop()

	_, err := client.Product(context.Background(), "no-such-thing")
	fmt.Println(errors.Is(err, woo.ErrNotFound))
	var e *woo.Error
	if errors.As(err, &e) {
		fmt.Println(e.Message)
	}
	// Output:
	// true
	// No product ID was found corresponding to the slug: no-such-thing
}

func ExampleClient_Products() {
	client, stop := connect()
	defer stop()

	for p, err := range client.Products(context.Background(), woo.ProductFilter{Category: "apparel", Sort: woo.CheapFirst}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Slug, p.Price.Text)
	}
	// Output:
	// cotton-t-shirt-sale ₹749.00
	// handblock-kurta ₹1,099.00 - ₹1,399.00
}

// What to do when nobody knows whether an order was written: look for its
// token before anything is sent again.
func ExampleClient_FindOrder() {
	client, stop := connect(wootest.Fault{Kind: wootest.CutAfter, Method: "POST", Path: "/wp-json/wc/v3/orders"})
	defer stop()
	ctx := context.Background()

	req := mugOrder()
	_, err := client.CreatePending(ctx, req)
	fmt.Println("unknown:", errors.Is(err, woo.ErrUnknown))

	orders, err := client.FindOrder(ctx, req.Token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("found:", len(orders), orders[0].Status, orders[0].Total)
	// Output:
	// unknown: true
	// found: 1 pending INR 499.00
}

func ExampleClient_Rules() {
	client, stop := connect()
	defer stop()

	rules, err := client.Rules(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rules.Settings.Currency, "tax in the price:", rules.Settings.PricesIncludeTax, "shop in", rules.Settings.BaseState)
	for _, m := range rules.Zones[1].Methods {
		fmt.Println(m.Title, m.Cost, m.MinAmount)
	}
	// Output:
	// INR tax in the price: true shop in MH
	// Flat rate 49 0
	// Free shipping  999
	// Local pickup 0 0
}

func ExampleClient_Stock() {
	client, stop := connect()
	defer stop()

	levels, err := client.Stock(context.Background(), []inventory.Item{"product:16", "variation:42"})
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range levels {
		fmt.Println(l.Key.Item, l.OnHand, l.Policy)
	}
	// Output:
	// product:16 10 deny
	// variation:42 0 backorder
}
