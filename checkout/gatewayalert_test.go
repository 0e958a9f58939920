package checkout_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/checkout"
)

// TestAlertGatewayOrder tells of one thing many times, from several workers, and moves nothing.
func TestAlertGatewayOrder(t *testing.T) {
	s := newShop(t)
	sold := s.pay(s.placed("guest:1", mug, 1))
	s.check(s.AlertGatewayOrder(t.Context(), sold.Gateway.ID, "the bank asks"))
	before := s.load(sold.ID)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s.check(s.AlertGatewayOrder(t.Context(), sold.Gateway.ID, "the bank asks"), checkout.ErrConflict)
		})
	}
	wg.Wait()
	got := s.load(sold.ID)
	if !slices.Equal(got.Alerts, []string{"the bank asks"}) || len(got.Timeline) != len(before.Timeline) || got.Stuck() {
		t.Errorf("alerts %q, timeline %v", got.Alerts, got.Timeline)
	}
	s.soldOnce(sold)
}

func TestAlertGatewayOrderRefuses(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	if err := s.AlertGatewayOrder(t.Context(), "order_NEVERWASTHERE0", "the bank asks"); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("an order of somebody else: %v", err)
	}
	for name, text := range map[string]string{"nothing": "", "two lines": "a\nb", "no UTF-8": "\xff", "a long one": strings.Repeat("x", 301)} {
		s.unchanged(r, func() error { return s.AlertGatewayOrder(t.Context(), r.Gateway.ID, text) }, checkout.ErrInvalid)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}
