package session_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
	"github.com/ankkor/ankkor/woo/wootest"
)

// stand starts a stand-in for a store, and a client for it.
func stand() (client *woo.Client, closeStore func() error) {
	store, err := wootest.New(wootest.Config{})
	exitOn(err)
	client, err = woo.New(woo.Config{URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret())})
	exitOn(err)
	return client, store.Close
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func Example() {
	client, closeStore := stand()
	defer closeStore()
	ctx := context.Background()
	s := session.New(session.NewStoreAPI(client), session.Options{Rules: client})

	_, err := s.Add(ctx, session.AddItem{ProductID: 16, Quantity: 2})
	exitOn(err)
	home := checkout.Address{
		FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", State: "Karnataka", Postcode: "560 001",
		Country: "IN", Phone: "98123 45678", Email: "ravi@example.com",
	}
	now, err := s.SetCustomer(ctx, home, home)
	exitOn(err)
	for _, rate := range now.Packages[0].Rates {
		fmt.Println(rate.Label, rate.Cost.Decimal)
	}
	now, err = s.ChooseShipping(ctx, "local_pickup:3")
	exitOn(err)
	fmt.Println(now.Totals.Total)

	placed, err := s.Checkout(ctx, session.Order{Token: "web-2026-11-20-0001", Billing: home, PaymentMethod: "cod"})
	exitOn(err)
	fmt.Println(placed.Status)
	// Output:
	// Flat rate 49
	// Local pickup 0
	// INR 997.99
	// processing
}

// A token that leads nowhere is not replaced behind the shopper's back.
func ExampleLostError() {
	client, closeStore := stand()
	defer closeStore()
	ctx, door := context.Background(), session.NewStoreAPI(client)
	s := session.New(door, session.Options{})
	_, err := s.Add(ctx, session.AddItem{ProductID: 16, Quantity: 1})
	exitOn(err)

	cookie := s.Token().Reveal() // which somebody changed
	resumed, err := session.Resume(door, woo.NewSecret(cookie[:len(cookie)-4]+"AAAA"), session.Options{})
	exitOn(err)
	_, err = resumed.Cart(ctx)
	var lost *session.LostError
	if errors.As(err, &lost) {
		fmt.Println(lost.How)
		fmt.Println(lost)
	}
	// Output:
	// rejected
	// session: the cart is lost (rejected): start a new session and add the items again
}

// A shop whose plugins change totals asks the store.
func ExampleQuoter() {
	client, closeStore := stand()
	defer closeStore()
	ctx := context.Background()
	items, err := client.Items(ctx, []cart.ItemRef{{ProductID: 16}})
	exitOn(err)
	quoter := session.NewQuoter(session.NewStoreAPI(client), client, session.QuoterOptions{})
	to := checkout.Address{Country: "IN", State: "KA", Postcode: "560001"}
	q, err := quoter.Quote(ctx, checkout.QuoteRequest{
		Lines:  []checkout.PricedLine{{Line: cart.Line{Ref: items[0].Ref, Quantity: 2}, Item: items[0]}},
		ShipTo: to, BillTo: to, ShippingRate: "flat_rate:1", Coupons: []string{"save10"}, At: time.Now(),
	})
	exitOn(err)
	fmt.Println("the order:", q.Totals.Total)
	fmt.Println("the cart: ", q.Cart.Totals.Total.StringFixed(2))
	// Output:
	// the order: INR 953.08
	// the cart:  953.08
}
