package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
	"github.com/ankkor/ankkor/woo/wootest"
)

func order(n int) session.Order {
	return session.Order{Token: fmt.Sprintf("tok_cart_%04d", n), Billing: bengaluru, PaymentMethod: "cod"}
}

// filled is a session with two mugs, sent to Bengaluru.
func filled(t testing.TB, shop shop) *session.Session {
	t.Helper()
	s := session.New(shop.door, session.Options{Rules: shop.client})
	ok(t)(s.Add(t.Context(), mug(2)))
	ok(t)(s.SetCustomer(t.Context(), bengaluru, bengaluru))
	return s
}

// TestCheckout: the order is what the cart showed, and the cart is empty.
func TestCheckout(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		s := filled(t, shop)
		before := ok(t)(s.Cart(t.Context()))
		placed, err := s.Checkout(t.Context(), order(1))
		if err != nil {
			t.Fatal(err)
		}
		made, err := shop.store.Order(placed.OrderID)
		if err != nil {
			t.Fatal(err)
		}
		if !made.Total.Equal(before.Totals.Total.Decimal()) || made.Status != "processing" || placed.Status != "processing" || placed.Number == "" || placed.Key.IsZero() {
			t.Errorf("the order is %+v, the checkout said %+v", made, placed)
		}
		if made.Shipping.City != "Bengaluru" || made.Billing.Email != bengaluru.Email {
			t.Errorf("billed to %+v, shipped to %+v", made.Billing, made.Shipping)
		}
		if !strings.Contains(placed.Redirect.Reveal(), "/order-received/") {
			t.Error("there is nowhere to go next")
		}
		if after := ok(t)(s.Cart(t.Context())); len(after.Lines) != 0 {
			t.Errorf("the cart still has %s", summary(after))
		}
		if _, err := s.Checkout(t.Context(), order(2)); !errors.Is(err, woo.ErrRefused) || len(shop.store.Orders()) != 1 {
			t.Errorf("a second checkout: %v; %d orders", err, len(shop.store.Orders()))
		}
	})
}

// TestShippingOfTheOrder: WooGraphQL would leave it empty, as the cart was told
// no address.
func TestShippingOfTheOrder(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		s := session.New(shop.door, session.Options{Rules: shop.client})
		ok(t)(s.Add(t.Context(), mug(1)))
		for to, o := range map[string]session.Order{"Bengaluru": order(1), "Mumbai": {Token: "tok_cart_0002", Billing: bengaluru, Shipping: mumbai, PaymentMethod: "cod"}} {
			ok(t)(s.Add(t.Context(), mug(1)))
			placed, err := s.Checkout(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if made, err := shop.store.Order(placed.OrderID); err != nil || made.Shipping.City != to || made.Billing.City != "Bengaluru" {
				t.Errorf("billed to %s, shipped to %s, %v; want %s", made.Billing.City, made.Shipping.City, err, to)
			}
		}
	})
}

// TestCheckoutRefusesEarly: WooCommerce would make an order of nearly anything.
func TestCheckoutRefusesEarly(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		s := filled(t, shop)
		tests := map[string]struct {
			edit  func(*session.Order)
			field string
		}{
			"no address":             {func(o *session.Order) { o.Billing = checkout.Address{} }, "billing.first_name"},
			"no e-mail":              {func(o *session.Order) { o.Billing.Email = "" }, "billing.email"},
			"a bad e-mail":           {func(o *session.Order) { o.Billing.Email = "x@y" }, "billing.email"},
			"no phone":               {func(o *session.Order) { o.Billing.Phone = "" }, "billing.phone"},
			"a phone of 40 digits":   {func(o *session.Order) { o.Billing.Phone = strings.Repeat("9", 40) }, "billing.phone"},
			"a country not sold to":  {func(o *session.Order) { o.Billing.Country = "US" }, "billing.country"},
			"a PIN of letters":       {func(o *session.Order) { o.Billing.Postcode = "ABCDEF" }, "billing.postcode"},
			"an unknown state":       {func(o *session.Order) { o.Billing.State = "Atlantis" }, "billing.state"},
			"a bad shipping address": {func(o *session.Order) { o.Shipping = bengaluru; o.Shipping.City = "" }, "shipping.city"},
			"no payment method":      {func(o *session.Order) { o.PaymentMethod = "" }, "payment_method"},
			"a rate not offered":     {func(o *session.Order) { o.Rates = []string{"flat_rate:424242"} }, "shipping_rate"},
			"two rates":              {func(o *session.Order) { o.Rates = []string{"flat_rate:1", "flat_rate:1"} }, "shipping_rate"},
			"no token":               {func(o *session.Order) { o.Token = "" }, "token"},
			"a token with a line":    {func(o *session.Order) { o.Token = "tok_12345678\r\n" }, "token"},
			"a long token":           {func(o *session.Order) { o.Token = strings.Repeat("x", 101) }, "token"},
			"a note of 3000":         {func(o *session.Order) { o.Note = strings.Repeat("x", 3000) }, "note"},
			"a NUL in the note":      {func(o *session.Order) { o.Note = "a\x00" }, "note"},
			"paid by nothing":        {func(o *session.Order) { o.Prepaid = true }, "transaction_id"},
		}
		for name, test := range tests {
			o := order(1)
			test.edit(&o)
			_, err := s.Checkout(t.Context(), o)
			var fields checkout.FieldErrors
			var invalid *woo.InvalidError
			if (!errors.As(err, &fields) || fields.Field(test.field) == "") && (!errors.As(err, &invalid) || invalid.Field != test.field) {
				t.Errorf("%s: %v; want %s refused", name, err, test.field)
			}
		}
		var invalid *woo.InvalidError
		if _, err := session.New(shop.door, session.Options{}).Checkout(t.Context(), order(1)); !errors.As(err, &invalid) || invalid.Field != "cart" {
			t.Errorf("an empty cart: %v", err)
		}
		if _, err := s.Checkout(t.Context(), session.Order{Token: "tok_12345678", Billing: bengaluru, PaymentMethod: "razorpay_not_installed"}); !errors.Is(err, woo.ErrRefused) {
			t.Errorf("an unknown gateway: %v", err)
		}
		if n := len(shop.store.Orders()); n > 1 { // a draft of the Store API's may lie there
			t.Errorf("%d orders were made", n)
		}
		for _, o := range shop.store.Orders() {
			if o.Status != "checkout-draft" {
				t.Errorf("order %d is %s", o.ID, o.Status)
			}
		}
	})
}

// TestCheckoutUnknown: an answer that is lost, torn or replaced by a page is
// found again, whatever broke, and nothing is ordered twice.
func TestCheckoutUnknown(t *testing.T) {
	for _, kind := range []wootest.FaultKind{wootest.CutAfter, wootest.CutBefore, wootest.BadGateway, wootest.HTML, wootest.Truncated} {
		eachDoor(t, func(t *testing.T, shop shop) {
			t.Run(string(kind), func(t *testing.T) {
				s := filled(t, shop)
				fault := wootest.Fault{Kind: kind, Method: "POST", Path: "/wp-json/wc/store/v1/checkout"}
				if _, ok := shop.door.(*session.GraphQL); ok {
					fault = wootest.Fault{Kind: kind, Operation: "checkout"}
				}
				if err := shop.store.Faults().Arm(fault); err != nil {
					t.Fatal(err)
				}
				_, err := s.Checkout(t.Context(), order(7))
				var unknown *session.UnknownOrderError
				if !errors.As(err, &unknown) || !errors.Is(err, woo.ErrUnknown) || unknown.Attempt.Token != "tok_cart_0007" || unknown.Attempt.Email != bengaluru.Email {
					t.Fatalf("%v", err)
				}
				found, there, err := unknown.Attempt.Find(t.Context(), shop.client)
				if err != nil || there != (kind != wootest.CutBefore) {
					t.Fatalf("found %v: %+v, %v", there, found, err)
				}
				placed := 0
				for _, o := range shop.store.Orders() {
					if o.Status == "processing" {
						placed++
						if o.ID != found.ID {
							t.Errorf("found order %d, placed was %d", found.ID, o.ID)
						}
					}
				}
				if there != (placed == 1) || placed > 1 {
					t.Errorf("%d orders placed, found %v", placed, there)
				}
				now := ok(t)(s.Cart(t.Context()))
				if (len(now.Lines) == 0) != there {
					t.Errorf("the order is there: %v; the cart has %q", there, summary(now))
				}
			})
		})
	}
}

// TestFindByEmail: where the newest hundred orders are not enough, the store's
// search for the e-mail address is.
func TestFindByEmail(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a hundred orders")
	}
	store, client := openStore(t)
	shop := shop{store, client, doors["WooGraphQL"](t, client)}
	first := filled(t, shop)
	placed, err := first.Checkout(t.Context(), order(1))
	if err != nil {
		t.Fatal(err)
	}
	for range 101 {
		body := map[string]any{"billing": map[string]string{"email": "somebody@else.test"}}
		if _, err := client.Send(t.Context(), woo.Request{Op: "crowd", Method: "POST", Path: "wc/v3/orders", Body: body}, nil); err != nil {
			t.Fatal(err)
		}
	}
	attempt := session.Attempt{Token: "tok_cart_0001", Email: bengaluru.Email}
	found, there, err := attempt.Find(t.Context(), client)
	if err != nil || !there || found.ID != placed.OrderID {
		t.Errorf("%+v, %v, %v", found, there, err)
	}
	attempt.Token = "tok_cart_0002"
	if _, there, err := attempt.Find(t.Context(), client); there || err != nil {
		t.Errorf("an order that was never made: %v, %v", there, err)
	}
}

// TestOrderBesideErrors: a field of the order that a guest may not read does not
// undo the order. Where nothing names it, nobody knows.
func TestOrderBesideErrors(t *testing.T) {
	cart := answer{token: graphToken("t_1", 0), body: `{"data":{"cart":` + oneLineCart1 + `,"customer":null}}`}
	const failed = `{"errors":[{"message":"Internal server error","path":["checkout","order","total"]}],"data":{"checkout":`
	tests := map[string]struct {
		body string
		want int64
	}{
		"by its id":       {failed + `{"result":"success","redirect":"","order":{"databaseId":170,"orderNumber":"170"}}}}`, 170},
		"by its number":   {failed + `{"result":"success","redirect":null,"order":{"databaseId":null,"orderNumber":"171"}}}}`, 171},
		"by its page":     {failed + `{"result":"success","redirect":"https:\/\/shop.example.test\/checkout\/order-received\/172\/?key=wc_order_y","order":null}}}`, 172},
		"by its pay page": {failed + `{"result":"success","redirect":"https://shop.example.test/checkout/order-pay/173/?pay_for_order=true&key=wc_order_y"}}}`, 173},
		"by nothing":      {failed + `{"result":"success","redirect":"https://shop.example.test/thanks","order":null}}}`, 0},
		"internal":        {`{"errors":[{"message":"Internal server error","path":["checkout"]}],"data":{"checkout":null}}`, 0},
		"nothing":         {`{"data":{"checkout":null}}`, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			script := newScript(t, cart, answer{token: graphToken("t_2", 0), body: test.body})
			s := resume(t, script.graphQL(), graphToken("t_1", 0))
			placed, err := s.Checkout(t.Context(), order(1))
			if placed.OrderID != test.want || (test.want == 0) != errors.Is(err, woo.ErrUnknown) || test.want != 0 && err != nil {
				t.Errorf("order %d, %v", placed.OrderID, err)
			}
			if len(script.seen()) != 2 {
				t.Fatalf("%d requests", len(script.seen()))
			}
			if _, input := script.seen()[1].query(t); input["shipToDifferentAddress"] != true || input["isPaid"] != nil {
				t.Errorf("sent %v", input)
			}
		})
	}
	script := newScript(t, cart, answer{body: recorded(t, "graphql/checkout-empty.json")})
	if _, err := resume(t, script.graphQL(), graphToken("t_1", 0)).Checkout(t.Context(), order(1)); !errors.Is(err, woo.ErrRefused) || errors.Is(err, woo.ErrUnknown) {
		t.Errorf("a cart that was ordered meanwhile: %v", err)
	}
}

const oneLineCart1 = `{"total":"499","contents":{"nodes":[{"key":"k","quantity":1,"subtotal":"445.54","total":"499","tax":"53.46","product":{"node":{"databaseId":16}}}]}}`

// TestCheckoutConflict: the Store API's conflict has the cart as it is now.
func TestCheckoutConflict(t *testing.T) {
	script := newScript(t,
		answer{token: cartToken("t_1", 0), body: recorded(t, "storeapi/read.json")},
		answer{token: cartToken("t_1", 1), body: recorded(t, "storeapi/draft.json")},
		answer{status: 409, token: cartToken("t_1", 2), body: recorded(t, "storeapi/checkout-again.json")},
	)
	s := resume(t, script.storeAPI(), cartToken("t_1", 0))
	_, err := s.Checkout(t.Context(), order(1))
	var conflict *session.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Cart.Lines) != 0 || conflict.Cause.Code != "woocommerce_rest_cart_empty" || !errors.Is(err, session.ErrConflict) || !errors.Is(err, woo.ErrRefused) {
		t.Fatalf("%v", err)
	}
	if errors.Is(err, session.ErrNoSuchLine) {
		t.Error("an empty cart is no missing line")
	}
	if got := script.seen()[2]; got.path != "/wp-json/wc/store/v1/checkout" || !strings.Contains(string(got.body), `"payment_method":"cod"`) || got.token != cartToken("t_1", 1).Reveal() {
		t.Errorf("the checkout was %s %s", got.path, got.body)
	}
}

// TestCheckoutWhenTimeIsUp has no effect.
func TestCheckoutWhenTimeIsUp(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		s := filled(t, shop)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Checkout(ctx, order(1)); !errors.Is(err, context.Canceled) || len(shop.store.Orders()) != 0 {
			t.Errorf("%v; %d orders", err, len(shop.store.Orders()))
		}
	})
}
