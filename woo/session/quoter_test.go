package session_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
	"github.com/ankkor/ankkor/woo/wootest"
)

// want is an item with its quantity.
type want struct {
	ref      cart.ItemRef
	quantity int64
}

func product(id int64) cart.ItemRef { return cart.ItemRef{ProductID: id} }

func variation(id, of int64, attributes ...string) cart.ItemRef {
	ref := cart.ItemRef{ProductID: id, VariationID: of}
	for i := 0; i+1 < len(attributes); i += 2 {
		ref.Attributes = map[string]string{attributes[i]: attributes[i+1]}
	}
	return ref
}

// mixed is one cart with 5, 12 and 18 percent GST, variations, something on sale
// and something to download.
var mixed = []want{
	{product(mugID), 2}, {variation(kurtaID, kurtaRed), 1}, {variation(kurtaID, 43), 1}, {product(penID), 7},
	{product(22), 3}, {variation(bangleID, bangleS, "engraving", "Name"), 1}, {product(31), 1}, {product(19), 1}, {product(28), 2},
}

// request is a purchase as a checkout asks for it.
func request(t testing.TB, client *woo.Client, to checkout.Address, wants ...want) checkout.QuoteRequest {
	t.Helper()
	var refs []cart.ItemRef
	for _, w := range wants {
		refs = append(refs, w.ref)
	}
	items, err := client.Items(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	req := checkout.QuoteRequest{ShipTo: to, BillTo: to, At: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)}
	for i, item := range items {
		req.Lines = append(req.Lines, checkout.PricedLine{Line: cart.Line{Key: item.Ref.Key(), Ref: item.Ref, Quantity: wants[i].quantity}, Item: item})
	}
	return req
}

func TestQuoterConformance(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		checkouttest.RunQuoter(t, func(t *testing.T) checkouttest.QuoterHarness {
			return checkouttest.QuoterHarness{
				Quoter:  session.NewQuoter(shop.door, shop.client, session.QuoterOptions{Carts: 1}),
				Request: request(t, shop.client, mumbai, mixed[:4]...),
			}
		})
	})
}

// TestQuoteEqualsOrder: what the store's cart was made a quote of is what the
// store writes, line by line; and, as long as no plugin has a say, it is what the
// engine computes by itself.
func TestQuoteEqualsOrder(t *testing.T) {
	carts := map[string][]want{"mixed GST": mixed, "one line": mixed[:1], "below free shipping": mixed[3:5], "only a download": {{product(31), 1}}}
	eachDoor(t, func(t *testing.T, shop shop) {
		quoter := session.NewQuoter(shop.door, shop.client, session.QuoterOptions{Carts: 2})
		local := checkout.NewLocalQuoter(shop.client, nil)
		n := 0
		for _, to := range []checkout.Address{mumbai, bengaluru} {
			for name, wants := range carts {
				for _, coupons := range [][]string{nil, {"save10"}, {"flat100"}, {"NOPE", "SAVE10"}} {
					t.Run(fmt.Sprint(to.City, ", ", name, ", ", coupons), func(t *testing.T) {
						req := request(t, shop.client, to, wants...)
						req.Coupons = coupons
						rates, err := quoter.Rates(t.Context(), req)
						if err != nil {
							t.Fatal(err)
						}
						choices := []string{""}
						for _, r := range rates {
							choices = append(choices, r.ID)
						}
						for _, req.ShippingRate = range choices {
							n++
							buy(t, shop, quoter, local, req, fmt.Sprintf("tok_quote_%04d", n))
						}
					})
				}
			}
		}
	})
}

// buy quotes, compares and orders.
func buy(t *testing.T, shop shop, quoter, local checkout.Quoter, req checkout.QuoteRequest, token string) {
	t.Helper()
	q, err := quoter.Quote(t.Context(), req)
	if err != nil {
		t.Fatalf("rate %q: %v", req.ShippingRate, err)
	}
	lower := req
	for i, code := range req.Coupons {
		if code == "SAVE10" { // the engine wants them as the store keeps them
			lower.Coupons = append([]string(nil), req.Coupons...)
			lower.Coupons[i] = "save10"
		}
	}
	computed, err := local.Quote(t.Context(), lower)
	if err != nil {
		t.Fatal(err)
	}
	if q.Hash() != computed.Hash() {
		t.Errorf("rate %q: the cart became %s, the engine computes %s", req.ShippingRate, q.Totals.Total, computed.Totals.Total)
	}
	compareViews(t, *q.Cart, *computed.Cart)
	if len(q.Refused) != len(computed.Refused) {
		t.Errorf("refused %+v, the engine %+v", q.Refused, computed.Refused)
	}
	if _, err := shop.client.CreatePending(t.Context(), checkout.OrderRequest{
		Token: token, Quote: q, Billing: req.BillTo, Shipping: req.ShipTo, PaymentMethod: "razorpay", PaymentMethodTitle: "UPI",
	}); err != nil {
		t.Errorf("rate %q: the order is not the quote: %v", req.ShippingRate, err)
	}
}

// compareViews holds the store's cart against the one that the engine computes.
func compareViews(t *testing.T, store, engine quote.CartView) {
	t.Helper()
	a, b := store.Totals, engine.Totals
	for i, pair := range [][2]string{
		{a.Subtotal.StringFixed(2), b.Subtotal.StringFixed(2)}, {a.DiscountTotal.StringFixed(2), b.DiscountTotal.StringFixed(2)},
		{a.ShippingTotal.StringFixed(2), b.ShippingTotal.StringFixed(2)}, {a.Total.StringFixed(2), b.Total.StringFixed(2)},
		{a.DisplayedSubtotal.StringFixed(2), b.DisplayedSubtotal.StringFixed(2)},
	} {
		if pair[0] != pair[1] {
			t.Errorf("the cart's total %d is %s, the engine's %s", i, pair[0], pair[1])
		}
	}
}

// counting is a door that counts carts and reads.
type counting struct {
	session.Door
	mu         sync.Mutex
	carts      int
	reads, all int
}

func (d *counting) Read(ctx context.Context, token woo.Secret) (session.Reply, error) {
	d.mu.Lock()
	if token.IsZero() {
		d.carts++
	}
	d.reads++
	d.all++
	d.mu.Unlock()
	return d.Door.Read(ctx, token)
}

func (d *counting) Do(ctx context.Context, token woo.Secret, change session.Change) (session.Reply, error) {
	d.mu.Lock()
	d.all++
	d.mu.Unlock()
	return d.Door.Do(ctx, token, change)
}

// TestFewCarts: however many purchases are quoted, at a time or one after the
// other, the store has as many carts as were allowed; and rates and quote of one
// purchase fill one cart once.
func TestFewCarts(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		door := &counting{Door: shop.door}
		quoter := session.NewQuoter(door, shop.client, session.QuoterOptions{Carts: 2})
		req := request(t, shop.client, mumbai, mixed[:3]...)
		rates, err := quoter.Rates(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		filledWith := door.all
		req.ShippingRate = rates[0].ID
		if _, err := quoter.Quote(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if calls := door.all - filledWith; calls > 3 || door.carts != 1 {
			t.Errorf("the quote after the rates made %d calls and %d carts", calls, door.carts)
		}
		var quoting sync.WaitGroup
		for i := range 12 {
			quoting.Go(func() {
				mine := req
				mine.Lines = append([]checkout.PricedLine(nil), req.Lines...)
				mine.Lines[0].Line.Quantity = int64(i%3 + 1)
				q, err := quoter.Quote(t.Context(), mine)
				if err != nil || q.Lines[0].Quantity != mine.Lines[0].Line.Quantity {
					t.Errorf("%+v, %v", q.Lines, err)
				}
			})
		}
		quoting.Wait()
		if door.carts > 2 {
			t.Errorf("%d carts were made, 2 allowed", door.carts)
		}
	})
}

// TestQuoterForgotten: where the store forgot the Quoter's cart, another one is
// filled and nobody notices.
func TestQuoterForgotten(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		door := &forgetful{Door: shop.door}
		quoter := session.NewQuoter(door, shop.client, session.QuoterOptions{Carts: 1})
		req := request(t, shop.client, bengaluru, mixed[:2]...)
		first, err := quoter.Quote(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		door.forget = true
		second, err := quoter.Quote(t.Context(), req)
		if err != nil || second.Hash() != first.Hash() {
			t.Errorf("%v", err)
		}
	})
}

// forgetful loses one cart when it is told to.
type forgetful struct {
	session.Door
	forget bool
}

func (d *forgetful) Read(ctx context.Context, token woo.Secret) (session.Reply, error) {
	if d.forget {
		d.forget = false
		return session.Reply{}, &session.LostError{How: session.Expired}
	}
	return d.Door.Read(ctx, token)
}

// TestQuoterSendsLittle: no name, street or phone number goes into a quote's cart.
func TestQuoterSendsLittle(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		door := &watching{Door: shop.door}
		quoter := session.NewQuoter(door, shop.client, session.QuoterOptions{})
		if _, err := quoter.Quote(t.Context(), request(t, shop.client, bengaluru, mixed[0])); err != nil {
			t.Fatal(err)
		}
		if len(door.customers) != 1 {
			t.Fatalf("%d customers were sent", len(door.customers))
		}
		for _, a := range []checkout.Address{door.customers[0].Billing, door.customers[0].Shipping} {
			if a.FirstName != "" || a.LastName != "" || a.Address1 != "" || a.Phone != "" || a.State != "KA" || a.Postcode != "560001" {
				t.Error("more, or less, than totals depend on was sent")
			}
		}
	})
}

type watching struct {
	session.Door
	customers []session.SetCustomer
}

func (d *watching) Do(ctx context.Context, token woo.Secret, change session.Change) (session.Reply, error) {
	if c, is := change.(session.SetCustomer); is {
		d.customers = append(d.customers, c)
	}
	return d.Door.Do(ctx, token, change)
}

// TestQuoterFails: what the store refuses or leaves unclear is an error of its
// kind, and the next quote is right again.
func TestQuoterFails(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		quoter := session.NewQuoter(shop.door, shop.client, session.QuoterOptions{Carts: 1})
		req := request(t, shop.client, bengaluru, mixed[:3]...)
		before, err := quoter.Quote(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		tooMany := request(t, shop.client, bengaluru, want{product(mugID), 5000})
		if _, err := quoter.Quote(t.Context(), tooMany); !errors.Is(err, checkout.ErrRefused) {
			t.Errorf("more than there is: %v", err)
		}
		for _, kind := range []wootest.FaultKind{wootest.CutAfter, wootest.BadGateway, wootest.HTML} {
			more := request(t, shop.client, bengaluru, mixed[1:4]...)
			if err := shop.store.Faults().Arm(wootest.Fault{Kind: kind, Method: "POST", Path: "/wp-json/wc/store/v1/*/*"}, wootest.Fault{Kind: kind, Operation: "addToCart"}); err != nil {
				t.Fatal(err)
			}
			if _, err := quoter.Quote(t.Context(), more); !errors.Is(err, checkout.ErrUnknown) {
				t.Errorf("%s: %v", kind, err)
			}
			shop.store.Faults().Clear()
			after, err := quoter.Quote(t.Context(), req)
			if err != nil || after.Hash() != before.Hash() {
				t.Errorf("after %s: %v", kind, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := quoter.Quote(ctx, req); !errors.Is(err, context.Canceled) {
			t.Errorf("a context that is done: %v", err)
		}
		for field, edit := range map[string]func(*checkout.QuoteRequest){
			"lines":             func(r *checkout.QuoteRequest) { r.Lines = nil },
			"lines[0].quantity": func(r *checkout.QuoteRequest) { r.Lines[0].Line.Quantity = 0 },
			"coupons":           func(r *checkout.QuoteRequest) { r.Coupons = make([]string, 30) },
		} {
			bad := req
			bad.Lines = append([]checkout.PricedLine(nil), req.Lines...)
			edit(&bad)
			var invalid *checkout.InvalidError
			if _, err := quoter.Quote(t.Context(), bad); !errors.As(err, &invalid) || invalid.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
