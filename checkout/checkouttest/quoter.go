package checkouttest

import (
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// QuoterHarness is a quoter and a purchase it can quote.
type QuoterHarness struct {
	Quoter checkout.Quoter
	// Request is of at least one line that needs shipping, to an address with at least one rate; without a rate chosen.
	Request checkout.QuoteRequest
}

// RunQuoter checks a [checkout.Quoter].
func RunQuoter(t *testing.T, fresh func(t *testing.T) QuoterHarness) {
	rates := func(t *testing.T, h QuoterHarness) []shipping.Rate {
		t.Helper()
		rates, err := h.Quoter.Rates(t.Context(), h.Request)
		if err != nil || len(rates) == 0 {
			t.Fatalf("Rates: %v %v", rates, err)
		}
		return rates
	}
	t.Run("a chosen rate is in the total", func(t *testing.T) {
		h := fresh(t)
		chosen := rates(t, h)[0]
		h.Request.ShippingRate = chosen.ID
		q, err := h.Quoter.Quote(t.Context(), h.Request)
		if err != nil || len(q.Shipping) != 1 || q.Shipping[0].RateID != chosen.ID || !q.Shipping[0].Total.Equal(chosen.Cost) {
			t.Errorf("shipping %+v, %v; chosen %+v", q.Shipping, err, chosen)
		}
	})
	t.Run("a rate that is not offered is refused", func(t *testing.T) {
		h := fresh(t)
		h.Request.ShippingRate = "flat_rate:424242"
		_, err := h.Quoter.Quote(t.Context(), h.Request)
		var invalid *checkout.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "shipping_rate" {
			t.Errorf("%v, want an *InvalidError on shipping_rate", err)
		}
	})
	t.Run("nothing to ship has no rates", func(t *testing.T) {
		h := fresh(t)
		lines := append([]checkout.PricedLine(nil), h.Request.Lines...)
		for i := range lines {
			lines[i].Item.Virtual = true
		}
		h.Request.Lines = lines
		if got, err := h.Quoter.Rates(t.Context(), h.Request); got != nil || err != nil {
			t.Errorf("Rates: %v %v", got, err)
		}
	})
	t.Run("the same request has the same quote", func(t *testing.T) {
		h := fresh(t)
		h.Request.ShippingRate = rates(t, h)[0].ID
		first, err := h.Quoter.Quote(t.Context(), h.Request)
		if err != nil {
			t.Fatal(err)
		}
		h.Request.At = h.Request.At.Add(time.Second)
		second, err := h.Quoter.Quote(t.Context(), h.Request)
		if err != nil || first.Hash() != second.Hash() {
			t.Errorf("hashes %s and %s, %v", first.Hash(), second.Hash(), err)
		}
	})
	t.Run("more pieces cost more", func(t *testing.T) {
		h := fresh(t)
		one, err := h.Quoter.Quote(t.Context(), h.Request)
		if err != nil {
			t.Fatal(err)
		}
		lines := append([]checkout.PricedLine(nil), h.Request.Lines...)
		lines[0].Line.Quantity++
		h.Request.Lines = lines
		more, err := h.Quoter.Quote(t.Context(), h.Request)
		if err != nil {
			t.Fatal(err)
		}
		if order, err := more.Totals.Total.Cmp(one.Totals.Total); err != nil || order <= 0 || more.Hash() == one.Hash() {
			t.Errorf("%s, then %s, %v", one.Totals.Total, more.Totals.Total, err)
		}
	})
}
