package checkout_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// TestAReasonIsOneShortLine: what a shopper writes ends up in the ledger, which refuses what is no note; a reason it would
// refuse must not keep the stock claimed for ever.
func TestAReasonIsOneShortLine(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	for _, reason := range map[string]string{
		"too long": strings.Repeat("x", 201), "a line feed": "no\nthanks", "NUL": "\x00", "broken UTF-8": "\xff",
	} {
		s.unchanged(r, func() error { return errOf(s.Cancel(t.Context(), "guest:1", r.ID, reason)) }, checkout.ErrInvalid)
	}
	s.unchanged(r, func() error { return errOf(s.Cancel(t.Context(), "guest:2", r.ID, "")) }, checkout.ErrNotFound)
	got, err := s.Cancel(t.Context(), "guest:1", r.ID, strings.Repeat("न", 66))
	if err != nil || got.Status() != checkout.StatusCancelled || s.level(mug).Allocated != 0 {
		t.Fatalf("%v, %s, %+v", err, got.Status(), s.level(mug))
	}
}

func TestAShipmentIsChecked(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	long := strings.Repeat("x", 3000)
	for field, sh := range map[string]checkout.Shipment{
		"shipment.id": {ID: long}, "shipment.carrier": {Carrier: "a\r\nb"}, "shipment.tracking": {Tracking: "\xff"}, "shipment.tracking_url": {TrackingURL: long},
	} {
		_, err := s.RecordShipment(t.Context(), r.ID, sh, "meera")
		var invalid *checkout.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if s.level(mug).Shipped != 0 {
		t.Error("it was shipped")
	}
}

func TestAdoptRefusesWhatIsNoOwner(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	for _, who := range [][2]cart.Owner{{"guest:1", ""}, {"", "customer:7"}, {"guest:1", "a b"}} {
		s.unchanged(r, func() error { return s.Adopt(t.Context(), who[0], who[1], 7) }, checkout.ErrInvalid)
	}
	s.unchanged(r, func() error { return s.Adopt(t.Context(), "guest:1", "guest:1", 7) }, nil)
}

// TestSomebodyElsesIsNotFound asks for everything a shopper can ask for, as another shopper.
func TestSomebodyElsesIsNotFound(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	ctx := t.Context()
	for _, stranger := range []cart.Owner{"guest:2", "", "guest:1 "} {
		for name, ask := range map[string]func() error{
			"Get":            func() error { return errOf(s.Get(ctx, stranger, r.ID)) },
			"SetAddresses":   func() error { return errOf(s.SetAddresses(ctx, stranger, r.ID, checkout.Addresses{Billing: asha()})) },
			"ShippingRates":  func() error { return errOf(s.ShippingRates(ctx, stranger, r.ID)) },
			"ChooseShipping": func() error { return errOf(s.ChooseShipping(ctx, stranger, r.ID, r.ShippingRate)) },
			"ChoosePayment":  func() error { return errOf(s.ChoosePayment(ctx, stranger, r.ID, payment.MethodCOD)) },
			"Requote":        func() error { return errOf(s.Requote(ctx, stranger, r.ID)) },
			"Cancel":         func() error { return errOf(s.Cancel(ctx, stranger, r.ID, "")) },
			"ConfirmPayment": func() error { return errOf(s.ConfirmPayment(ctx, stranger, r.ID, payment.Callback{})) },
			"Place": func() error {
				return errOf(s.Place(ctx, checkout.PlaceRequest{Owner: stranger, ID: r.ID, Key: "k", QuoteHash: r.QuoteHash}))
			},
		} {
			err := ask()
			if !errors.Is(err, checkout.ErrNotFound) || err.Error() != checkout.ErrNotFound.Error() {
				t.Errorf("%s by %q: %v", name, stranger, err)
			}
		}
	}
	if got := s.load(r.ID); got.Version != r.Version {
		t.Error("the record was written")
	}
}

// TestKeysOfTwoOwnersNeverMeet places twice with one key.
func TestKeysOfTwoOwnersNeverMeet(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	s.fill("guest:2", mug, 1)
	for _, owner := range []cart.Owner{"guest:1", "guest:2"} {
		req := placeRequest(s.ready(owner, payment.MethodCOD))
		req.Key = "the-same"
		s.check(errOf(s.Place(t.Context(), req)))
	}
	s.fill("guest:1", sari, 1)
	req := placeRequest(s.ready("guest:1", payment.MethodCOD))
	req.Key = "the-same"
	if _, err := s.Place(t.Context(), req); !errors.Is(err, checkout.ErrKeyReused) {
		t.Fatalf("one owner's key for another order: %v", err)
	}
	if got := s.level(sari); got.Allocated != 0 || got.Reserved != 1 {
		t.Fatalf("%+v", got)
	}
}

func TestPolicyIsChecked(t *testing.T) {
	for name, spoil := range map[string]func(*checkout.Policy){
		"HoldFor too short":       func(p *checkout.Policy) { p.HoldFor = time.Millisecond },
		"HoldFor too long":        func(p *checkout.Policy) { p.HoldFor = 25 * time.Hour },
		"Settle within the lease": func(p *checkout.Policy) { p.Lease, p.Settle = time.Minute, time.Minute },
		"LatePayments too short":  func(p *checkout.Policy) { p.LatePayments = time.Minute },
		"MaxAttempts":             func(p *checkout.Policy) { p.MaxAttempts = -1 },
		"PaymentWindow":           func(p *checkout.Policy) { p.PaymentWindow = -1 },
		"AbandonAfter":            func(p *checkout.Policy) { p.AbandonAfter = -1 },
		"Backoff":                 func(p *checkout.Policy) { p.Backoff = -1 },
		"Lease":                   func(p *checkout.Policy) { p.Lease = -1 },
		"ReserveAt":               func(p *checkout.Policy) { p.ReserveAt = "never" },
		"OrderTiming":             func(p *checkout.Policy) { p.OrderTiming = "never" },
		"PollAfter":               func(p *checkout.Policy) { p.PollAfter = []time.Duration{time.Minute, time.Minute} },
	} {
		c := newShop(t).config
		spoil(&c.Policy)
		if _, err := checkout.New(c); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
