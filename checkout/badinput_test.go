package checkout_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// unchanged runs do and checks that neither the record nor the stock moved.
func (s *shop) unchanged(r checkout.Record, do func() error, want error) {
	s.t.Helper()
	before, level := s.load(r.ID), s.level(mug)
	if err := do(); !errors.Is(err, want) {
		s.t.Errorf("%v, want %v", err, want)
	}
	if diff := cmp.Diff(before.Version, s.load(r.ID).Version); diff != "" {
		s.t.Errorf("the record was written (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(level, s.level(mug)); diff != "" {
		s.t.Errorf("the stock moved (-before +after):\n%s", diff)
	}
}

func TestPlaceRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*shop, *checkout.PlaceRequest)
		want  error
	}{
		{"no key", func(_ *shop, r *checkout.PlaceRequest) { r.Key = "" }, checkout.ErrInvalid},
		{"a key of 256 characters", func(_ *shop, r *checkout.PlaceRequest) { r.Key = strings.Repeat("k", 256) }, checkout.ErrInvalid},
		{"a key with CR and LF", func(_ *shop, r *checkout.PlaceRequest) { r.Key = "k\r\nX: y" }, checkout.ErrInvalid},
		{"another quote", func(_ *shop, r *checkout.PlaceRequest) { r.QuoteHash = "ff" }, checkout.ErrQuoteChanged},
		{"somebody else's", func(_ *shop, r *checkout.PlaceRequest) { r.Owner = "guest:2" }, checkout.ErrNotFound},
		{"unknown", func(_ *shop, r *checkout.PlaceRequest) { r.ID = "chk_none" }, checkout.ErrNotFound},
		{"the price rose", func(s *shop, _ *checkout.PlaceRequest) {
			s.catalog.SetPrice(mug.Ref, decimal.NewFromInt(599))
		}, checkout.ErrQuoteChanged},
		{"the tax rate rose", func(s *shop, _ *checkout.PlaceRequest) {
			rules := karnataka()
			rules.TaxRates[0].Rate = decimal.NewFromInt(9)
			s.check(s.rules.Set(rules))
		}, checkout.ErrQuoteChanged},
		{"the item is gone", func(s *shop, _ *checkout.PlaceRequest) {
			s.catalog.SetStatus(mug.Ref, cart.StatusGone)
		}, checkout.ErrCartChanged},
		{"the cart was edited", func(s *shop, _ *checkout.PlaceRequest) { s.fill("guest:1", mug, 1) }, checkout.ErrCartChanged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t)
			s.fill("guest:1", mug, 1)
			ready := s.ready("guest:1", payment.MethodRazorpay)
			req := placeRequest(ready)
			tt.spoil(s, &req)
			s.unchanged(ready, func() error { return errOf(s.Place(t.Context(), req)) }, tt.want)
			if n := len(s.gateway.Orders(ready.Token)); n != 0 {
				t.Errorf("%d orders at the gateway", n)
			}
		})
	}
}

func TestPlaceNeedsEveryChoice(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	_, err = s.Place(t.Context(), placeRequest(started.Record))
	var fields checkout.FieldErrors
	if !errors.As(err, &fields) {
		t.Fatal(err)
	}
	for _, name := range []string{"billing", "shipping_rate", "payment_method"} {
		if fields.Field(name) == "" {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestChoicesAreChecked(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	ctx := t.Context()
	s.unchanged(r, func() error { return errOf(s.ChooseShipping(ctx, "guest:1", r.ID, "flat_rate:424242")) }, checkout.ErrInvalid)
	s.unchanged(r, func() error { return errOf(s.ChooseShipping(ctx, "guest:2", r.ID, r.ShippingRate)) }, checkout.ErrNotFound)
	s.unchanged(r, func() error { return errOf(s.ChoosePayment(ctx, "guest:1", r.ID, "barter")) }, checkout.ErrInvalid)
	bad := asha()
	bad.Postcode = "00000"
	s.unchanged(r, func() error {
		return errOf(s.SetAddresses(ctx, "guest:1", r.ID, checkout.Addresses{Billing: bad}))
	}, checkout.ErrInvalid)
	s.unchanged(r, func() error {
		return errOf(s.SetAddresses(ctx, "guest:1", r.ID, checkout.Addresses{Billing: asha(), Note: strings.Repeat("n", 3000)}))
	}, checkout.ErrInvalid)
	placed := s.place(r)
	s.unchanged(placed, func() error { return errOf(s.ChoosePayment(ctx, "guest:1", r.ID, payment.MethodCOD)) }, checkout.ErrPlaced)
	s.unchanged(placed, func() error {
		return errOf(s.SetAddresses(ctx, "guest:1", r.ID, checkout.Addresses{Billing: asha()}))
	}, checkout.ErrPlaced)
}

func TestBothAddressesAreRefusedAtOnce(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	billing, shipping := asha(), asha()
	billing.City, shipping.Postcode = "", "ABCDEF"
	_, err := s.SetAddresses(t.Context(), "guest:1", r.ID, checkout.Addresses{Billing: billing, Shipping: shipping, Note: "\xff"})
	var fields checkout.FieldErrors
	if !errors.As(err, &fields) || fields.Field("billing.city") == "" || fields.Field("shipping.postcode") == "" || fields.Field("note") == "" {
		t.Fatalf("%v, want billing.city, shipping.postcode and note", err)
	}
}

func TestStartRefuses(t *testing.T) {
	s := newShop(t)
	start := func(owner cart.Owner) error {
		return errOf(s.Start(t.Context(), checkout.StartRequest{Owner: owner}))
	}
	if err := start("guest:nobody"); !errors.Is(err, checkout.ErrEmptyCart) {
		t.Errorf("an empty cart: %v", err)
	}
	if err := start("bad owner\x00"); !errors.Is(err, checkout.ErrInvalid) {
		t.Errorf("a hostile owner: %v", err)
	}
	s.fill("guest:1", mug, 1)
	s.catalog.SetStatus(mug.Ref, cart.StatusGone)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	if !errors.Is(err, checkout.ErrEmptyCart) || len(started.Dropped) != 1 {
		t.Errorf("everything is gone: %v, dropped %v", err, started.Dropped)
	}
	s.fill("guest:2", sari, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := errOf(s.Start(ctx, checkout.StartRequest{Owner: "guest:2"})); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
	if got := s.level(sari); got.Reserved != 0 {
		t.Errorf("a done context reserved: %+v", got)
	}
}

func TestConfirmPaymentRefuses(t *testing.T) {
	s := newShop(t)
	mine := s.placed("guest:1", mug, 1)
	other := s.placed("guest:2", mug, 1)
	theirs, err := s.gateway.Pay(other.Gateway.ID)
	s.check(err)
	good := payment.Callback{OrderID: mine.Gateway.ID, PaymentID: theirs.PaymentID, Signature: theirs.Signature}
	tests := map[string]payment.Callback{
		"the valid triple of another customer": theirs,
		"their payment for my order":           good,
		"nothing":                              {},
		"no signature":                         {OrderID: mine.Gateway.ID, PaymentID: theirs.PaymentID},
		"63 characters":                        {OrderID: mine.Gateway.ID, PaymentID: theirs.PaymentID, Signature: strings.Repeat("a", 63)},
		"a payment link's order": {
			OrderID: "plink_00000000000001|ref|paid", PaymentID: theirs.PaymentID, Signature: theirs.Signature,
		},
	}
	for name, callback := range tests {
		t.Run(name, func(t *testing.T) {
			s.unchanged(mine, func() error {
				return errOf(s.ConfirmPayment(t.Context(), "guest:1", mine.ID, callback))
			}, checkout.ErrPaymentMismatch)
		})
	}
	s.unchanged(mine, func() error {
		return errOf(s.ConfirmPayment(t.Context(), "guest:2", mine.ID, theirs))
	}, checkout.ErrNotFound)
}

func TestNewReportsEverythingMissing(t *testing.T) {
	_, err := checkout.New(checkout.Config{})
	if err == nil {
		t.Fatal("an empty configuration is accepted")
	}
	for _, name := range []string{"Store", "Carts", "Catalog", "Rules", "Reserver", "Orders", "Payments"} {
		if !strings.Contains(err.Error(), "Config."+name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}
