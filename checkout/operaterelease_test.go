package checkout_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// Staff end what no sale comes of; the history says who, and the stock is free.
func TestRelease(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 4)
	open := s.ready("guest:1", payment.MethodRazorpay)
	placed := s.placed("guest:2", mug, 6)
	for _, r := range []checkout.Record{open, placed} {
		for range 2 {
			got, err := s.Release(t.Context(), r.ID, "no courier goes there", "meera")
			s.check(err)
			if got.Status() != checkout.StatusCancelled {
				t.Errorf("%s", got)
			}
		}
		said := 0
		for _, e := range s.load(r.ID).Timeline {
			if e.Actor == "meera" {
				said++
			}
		}
		if said != 1 {
			t.Errorf("%d entries by meera", said)
		}
	}
	if l := s.level(mug); l.Available() != 10 || l.Reserved != 0 {
		t.Errorf("level %+v", l)
	}
	s.conserved()
	sold := s.pay(s.placed("guest:3", mug, 1))
	for _, tt := range []struct {
		id     checkout.ID
		reason string
		want   error
	}{{sold.ID, "too late", checkout.ErrInvalid}, {open.ID, "", checkout.ErrInvalid}, {open.ID, strings.Repeat("r", 201), checkout.ErrInvalid}, {"chk_none", "r", checkout.ErrNotFound}} {
		if _, err := s.Release(t.Context(), tt.id, tt.reason, "meera"); !errors.Is(err, tt.want) {
			t.Errorf("%s %q: %v", tt.id, tt.reason, err)
		}
	}
}
