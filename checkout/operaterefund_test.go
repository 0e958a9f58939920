package checkout_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func refundOf(r checkout.Record, key string, paise int64) checkout.RefundRequest {
	return checkout.RefundRequest{ID: r.ID, Key: key, Amount: pricing.Paise(paise), Reason: "one arrived broken", Actor: "meera"}
}

// sentBack is what the gateway says went back.
func (s *shop) sentBack(r checkout.Record) int64 {
	s.t.Helper()
	payments, err := s.gateway.Payments(s.t.Context(), r.Gateway.ID)
	s.check(err)
	return payments[0].Refunded.Minor()
}

// Parts go back one by one; a key sends its part once; never more than was paid; the order stays a fact.
func TestRefundInParts(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 2))
	total := r.Quote.Totals.Total.Minor()
	for range 3 {
		s.check(errOf(s.Refund(t.Context(), refundOf(r, "part-1", 49900))))
	}
	if _, err := s.Refund(t.Context(), refundOf(r, "part-1", 100)); !errors.Is(err, checkout.ErrKeyReused) {
		t.Errorf("the same key for another amount: %v", err)
	}
	var invalid *checkout.InvalidError
	if _, err := s.Refund(t.Context(), refundOf(r, "part-2", total-49900+1)); !errors.As(err, &invalid) || invalid.Field != "amount" {
		t.Errorf("a paisa too much: %v", err)
	}
	got := s.load(r.ID)
	if s.sentBack(r) != 49900 || got.Status() != checkout.StatusOrdered || len(got.Refunds) != 1 || got.Refunds[0].Reason != "one arrived broken" {
		t.Fatalf("%d back, %s, %+v", s.sentBack(r), got.Status(), got.Refunds)
	}
	s.check(errOf(s.Refund(t.Context(), refundOf(r, "part-2", total-49900))))
	s.pass(26 * time.Hour)
	got = s.load(r.ID)
	if s.sentBack(r) != total || got.Status() != checkout.StatusRefunded || got.Closing != nil || s.orders.All()[0].Status != "refunded" {
		t.Fatalf("%d back, %s, the order is %s", s.sentBack(r), got.Status(), s.orders.All()[0].Status)
	}
	if s.notices.count(checkout.NoticeRefunded) != 1 {
		t.Errorf("told %d times", s.notices.count(checkout.NoticeRefunded))
	}
	s.conserved()
}

// Whatever becomes of the gateway's answer, the part goes back once.
func TestRefundPartOutcomes(t *testing.T) {
	for _, kind := range []fakegateway.Kind{fakegateway.LoseReply, fakegateway.LoseRequest, fakegateway.Unavailable, fakegateway.Refuse} {
		t.Run(string(kind), func(t *testing.T) {
			s := newShop(t)
			r := s.pay(s.placed("guest:1", mug, 1))
			s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpRefund, Kind: kind}))
			if _, err := s.Refund(t.Context(), refundOf(r, "part", 10000)); err == nil {
				t.Fatal("the fault was not felt")
			}
			s.pass(time.Hour)
			if kind == fakegateway.Refuse {
				if !s.load(r.ID).Stuck() || s.sentBack(r) != 0 {
					t.Fatalf("refused: %+v", s.load(r.ID).Intents)
				}
				s.check(errOf(s.Retry(t.Context(), r.ID, "meera")))
			}
			if got := s.load(r.ID); s.sentBack(r) != 10000 || len(got.Refunds) != 1 || got.Stuck() {
				t.Fatalf("%d back, %+v, %+v", s.sentBack(r), got.Refunds, got.Intents)
			}
		})
	}
}

// Ten members of staff at once cannot give back more than came.
func TestRefundsAtOnce(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1)) // over ₹548, less than ₹600
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() { _, _ = s.Refund(t.Context(), refundOf(r, "part-"+string(rune('a'+i)), 20000)) })
	}
	wg.Wait()
	s.pass(time.Hour)
	if got := s.load(r.ID); s.sentBack(r) != 40000 || len(got.Refunds) != 2 {
		t.Errorf("%d back in %d parts", s.sentBack(r), len(got.Refunds))
	}
}

func TestRefundRefuses(t *testing.T) {
	s := newShop(t)
	paid := s.pay(s.placed("guest:1", mug, 1))
	unpaid := s.placed("guest:2", mug, 1)
	s.fill("guest:3", mug, 1)
	cod := s.place(s.ready("guest:3", payment.MethodCOD))
	dollars, err := pricing.New(100, "USD")
	s.check(err)
	with := func(r checkout.Record, change func(*checkout.RefundRequest)) checkout.RefundRequest {
		req := refundOf(r, "key", 100)
		change(&req)
		return req
	}
	for name, tt := range map[string]struct {
		req   checkout.RefundRequest
		field string
	}{
		"nothing":             {with(paid, func(r *checkout.RefundRequest) { r.Amount = pricing.Money{} }), "amount"},
		"less than nothing":   {with(paid, func(r *checkout.RefundRequest) { r.Amount = pricing.Paise(-1) }), "amount"},
		"another currency":    {with(paid, func(r *checkout.RefundRequest) { r.Amount = dollars }), "amount"},
		"no reason":           {with(paid, func(r *checkout.RefundRequest) { r.Reason = "" }), "reason"},
		"a reason of 201":     {with(paid, func(r *checkout.RefundRequest) { r.Reason = strings.Repeat("r", 201) }), "reason"},
		"no key":              {with(paid, func(r *checkout.RefundRequest) { r.Key = "" }), "idempotency_key"},
		"not paid":            {with(unpaid, func(*checkout.RefundRequest) {}), "checkout"},
		"paid to the courier": {with(cod, func(*checkout.RefundRequest) {}), "checkout"},
	} {
		t.Run(name, func(t *testing.T) {
			before := s.load(tt.req.ID).Version
			var invalid *checkout.InvalidError
			if _, err := s.Refund(t.Context(), tt.req); !errors.As(err, &invalid) || invalid.Field != tt.field {
				t.Errorf("got %v, want a refused %s", err, tt.field)
			}
			if after := s.load(tt.req.ID).Version; after != before {
				t.Error("something was written")
			}
		})
	}
	if _, err := s.Refund(t.Context(), checkout.RefundRequest{ID: "chk_none", Key: "k", Amount: pricing.Paise(1), Reason: "r"}); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("a checkout that never was: %v", err)
	}
}

// What was asked for and is not done yet counts as gone: a gateway that is away does not let staff promise more than came.
func TestRefundCountsWhatIsAsked(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpRefund, Kind: fakegateway.Unavailable}))
	s.check(errOf(s.Refund(t.Context(), refundOf(r, "part-1", 40000))), payment.ErrUnavailable)
	var invalid *checkout.InvalidError
	if _, err := s.Refund(t.Context(), refundOf(r, "part-2", 40000)); !errors.As(err, &invalid) || invalid.Field != "amount" {
		t.Errorf("more is promised than came: %v", err)
	}
	s.pass(time.Hour)
	if s.sentBack(r) != 40000 {
		t.Errorf("%d back", s.sentBack(r))
	}
}
