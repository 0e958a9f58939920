package session_test

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// TestStory takes one cart through everything, over both doors.
func TestStory(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		ctx, step := t.Context(), ok(t)
		s := session.New(shop.door, session.Options{Rules: shop.client})
		now := step(s.Cart(ctx))
		if len(now.Lines) != 0 || now.NeedsShipping {
			t.Fatalf("a new cart has %+v", now)
		}
		step(s.Add(ctx, mug(2)))
		now = step(s.Add(ctx, session.AddItem{ProductID: kurtaID, VariationID: kurtaRed, Quantity: 1}))
		check(t, now, "2×16 1×40", 234699+5488)
		mugKey, kurtaKey := now.Lines[0].Key, now.Lines[1].Key
		now = step(s.Add(ctx, session.AddItem{ProductID: bangleID, VariationID: bangleS, Quantity: 1, Attributes: map[string]string{"engraving": "Name"}}))
		check(t, now, "2×16 1×40 1×46", now.Totals.Total.Minor())
		step(s.Remove(ctx, now.Lines[2].Key))
		now = step(s.SetQuantity(ctx, mugKey, 3))
		check(t, now, "3×16 1×40", now.Totals.Total.Minor())

		now = step(s.ApplyCoupon(ctx, "SAVE10"))
		if len(now.Coupons) != 1 || now.Coupons[0].Code != "save10" || !now.Totals.Discount.IsPositive() || !now.Lines[0].Total.LessThan(now.Lines[0].Subtotal) {
			t.Errorf("with the coupon: %+v", now)
		}
		now = step(s.RemoveCoupon(ctx, "save10"))
		if len(now.Coupons) != 0 || !now.Totals.Discount.IsZero() {
			t.Errorf("without the coupon: %+v", now)
		}

		now = step(s.SetCustomer(ctx, bengaluru, bengaluru))
		if now.Customer == nil || now.Customer.Shipping.City != "Bengaluru" || now.Customer.Billing.Email != bengaluru.Email {
			t.Errorf("the customer is %v", now.Customer)
		}
		if len(now.Taxes) != 1 || now.Taxes[0].Label != "IGST" {
			t.Errorf("taxes in another state: %+v", now.Taxes)
		}
		now = step(s.ChooseShipping(ctx, "local_pickup:3"))
		if rate, found := now.Packages[0].Chosen(); !found || rate.ID != "local_pickup:3" || !now.Totals.Shipping.IsZero() {
			t.Errorf("shipping: %+v", now.Packages)
		}
		if now = step(s.SetQuantity(ctx, kurtaKey, 0)); len(now.Lines) != 1 {
			t.Errorf("quantity 0 left %+v", now.Lines)
		}
		for range 2 { // one is empty already
			if now = step(s.Clear(ctx)); len(now.Lines) != 0 {
				t.Errorf("cleared: %+v", now.Lines)
			}
		}
		if now = step(s.Cart(ctx)); now.Customer.Shipping.City != "Bengaluru" {
			t.Errorf("clearing took the address: %v", now.Customer)
		}
	})
}

func check(t *testing.T, c session.Cart, lines string, total int64) {
	t.Helper()
	if got := summary(c); got != lines {
		t.Errorf("the cart has %q, want %q", got, lines)
	}
	if c.Totals.Total != pricing.Paise(total) {
		t.Errorf("the total is %s, want %s", c.Totals.Total, pricing.Paise(total))
	}
}

// TestRefusedChanges: what the store does not do is said, and the cart stays.
func TestRefusedChanges(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		ctx := t.Context()
		s := session.New(shop.door, session.Options{Rules: shop.client})
		before := ok(t)(s.Add(ctx, mug(2)))
		refused := func(name string, err error, also ...error) {
			t.Helper()
			for _, target := range append(also, woo.ErrRefused) {
				if !errors.Is(err, target) {
					t.Errorf("%s: %v; want %v", name, err, target)
				}
			}
			if errors.Is(err, woo.ErrUnknown) {
				t.Errorf("%s is unknown: %v", name, err)
			}
		}
		_, err := s.Add(ctx, session.AddItem{ProductID: soldOut, Quantity: 1})
		refused("sold out", err)
		_, err = s.Add(ctx, mug(50))
		refused("too many", err)
		_, err = s.Add(ctx, session.AddItem{ProductID: kurtaID, Quantity: 1})
		refused("a product without its variation", err)
		_, err = s.ApplyCoupon(ctx, "NOPE")
		refused("an unknown coupon", err)
		_, err = s.SetQuantity(ctx, "0123456789abcdef0123456789abcdef", 1)
		refused("the quantity of no line", err, session.ErrNoSuchLine)
		_, err = s.Remove(ctx, "0123456789abcdef0123456789abcdef")
		refused("no line", err, session.ErrNoSuchLine)
		_, err = s.ChooseShipping(ctx, "flat_rate:424242")
		refused("a rate that is not offered", err)
		after := ok(t)(s.Cart(ctx))
		check(t, after, summary(before), before.Totals.Total.Minor())
	})
}

// TestBadInput: nothing of it is sent.
func TestBadInput(t *testing.T) {
	script := newScript(t, answer{status: 500, body: "must not be asked"})
	long := string(make([]byte, 3000))
	many := map[string]string{}
	for r := 'a'; r <= 'z'; r++ {
		many[string(r)] = "x"
	}
	for name, door := range map[string]session.Door{"WooGraphQL": script.graphQL(), "Store API": script.storeAPI()} {
		s := session.New(door, session.Options{})
		tests := map[string]struct {
			field string
			call  func() error
		}{
			"no product":         {"product_id", func() error { _, err := s.Add(t.Context(), session.AddItem{Quantity: 1}); return err }},
			"a negative product": {"product_id", func() error { _, err := s.Add(t.Context(), session.AddItem{ProductID: -1, Quantity: 1}); return err }},
			"a huge product": {"product_id", func() error {
				_, err := s.Add(t.Context(), session.AddItem{ProductID: 1 << 40, Quantity: 1})
				return err
			}},
			"quantity 0":     {"quantity", func() error { _, err := s.Add(t.Context(), mug(0)); return err }}, // which WooGraphQL makes 1
			"quantity -1":    {"quantity", func() error { _, err := s.Add(t.Context(), mug(-1)); return err }},
			"quantity 2⁶³-1": {"quantity", func() error { _, err := s.Add(t.Context(), mug(1<<63-1)); return err }},
			"a negative variation": {"variation_id", func() error {
				_, err := s.Add(t.Context(), session.AddItem{ProductID: 1, VariationID: -2, Quantity: 1})
				return err
			}},
			"NUL in data":            {"data", func() error { return addWith(s, nil, map[string]string{"note": "a\x00b"}) }},
			"invalid UTF-8":          {"attributes", func() error { return addWith(s, map[string]string{"size": "\xff"}, nil) }},
			"long data":              {"data", func() error { return addWith(s, nil, map[string]string{"note": long}) }},
			"many attributes":        {"attributes", func() error { return addWith(s, many, nil) }},
			"a nameless attribute":   {"attributes", func() error { return addWith(s, map[string]string{"": "x"}, nil) }},
			"no key":                 {"key", func() error { _, err := s.SetQuantity(t.Context(), "", 1); return err }},
			"a long key":             {"key", func() error { _, err := s.Remove(t.Context(), long); return err }},
			"a negative quantity":    {"quantity", func() error { _, err := s.SetQuantity(t.Context(), "k", -1); return err }},
			"no coupon":              {"coupon", func() error { _, err := s.ApplyCoupon(t.Context(), "  "); return err }},
			"a coupon of 300":        {"coupon", func() error { _, err := s.ApplyCoupon(t.Context(), long[:300]); return err }},
			"a coupon with line end": {"coupon", func() error { _, err := s.RemoveCoupon(t.Context(), "a\r\nb"); return err }},
			"no rate":                {"shipping_rate", func() error { _, err := s.ChooseShipping(t.Context()); return err }},
			"an empty rate":          {"shipping_rate", func() error { _, err := s.ChooseShipping(t.Context(), ""); return err }},
		}
		for what, test := range tests {
			var invalid *woo.InvalidError
			if err := test.call(); !errors.As(err, &invalid) || invalid.Field != test.field {
				t.Errorf("%s, %s: %v; want %s refused", name, what, err, test.field)
			}
		}
	}
	if n := len(script.seen()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func addWith(s *session.Session, attributes, data map[string]string) error {
	_, err := s.Add(contextless, session.AddItem{ProductID: 1, Quantity: 1, Attributes: attributes, Data: data})
	return err
}

// TestAddresses: whole or in part, they reach the store in its own form, and
// what is wrong is said field by field.
func TestAddresses(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		s := session.New(shop.door, session.Options{Rules: shop.client})
		ok(t)(s.Add(t.Context(), mug(1)))
		part := checkout.Address{Country: "in", State: "karnataka"}
		now := ok(t)(s.SetCustomer(t.Context(), part, part))
		if got := now.Customer.Shipping; got.State != "KA" || got.Country != "IN" || got.FirstName != "" || got.Postcode != "" {
			t.Errorf("a part of an address became %+v", []any{got.State, got.Country, got.FirstName, got.Postcode})
		}
		if len(now.Packages) != 1 || len(now.Packages[0].Rates) == 0 {
			t.Errorf("a country and a state are enough for rates: %+v", now.Packages)
		}
		bad := bengaluru
		bad.State, bad.Email, bad.Phone = "XX", "not an address", "1"
		abroad := bengaluru
		abroad.Country, abroad.Postcode = "US", "12"
		_, err := s.SetCustomer(t.Context(), bad, abroad)
		var fields checkout.FieldErrors
		if !errors.As(err, &fields) {
			t.Fatal(err)
		}
		for _, name := range []string{"billing.state", "billing.email", "billing.phone", "shipping.country"} {
			if fields.Field(name) == "" {
				t.Errorf("%s was not refused: %v", name, err)
			}
		}
		if after := ok(t)(s.Cart(t.Context())); after.Customer.Billing.State != "KA" || after.Customer.Billing.Email != "" {
			t.Error("a refused address was written")
		}
	})
}
