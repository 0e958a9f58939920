package quote_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

type couponRecord struct {
	ID      string            `json:"id"`
	Version string            `json:"woocommerce"`
	Input   record.CouponCart `json:"input"`
	Output  struct {
		At                time.Time `json:"evaluated_at"`
		DisplayedSubtotal number    `json:"displayed_subtotal"`
		Steps             []struct {
			Code     string   `json:"code"`
			Accepted bool     `json:"accepted"`
			Error    *int     `json:"error_code"`
			Message  string   `json:"error"`
			After    []string `json:"applied_after"`
			Removed  []string `json:"removed"`
		} `json:"steps"`
		AfterApply struct {
			Coupons []struct {
				Code     string `json:"code"`
				Valid    bool   `json:"valid"`
				Discount number `json:"discount"`
				Tax      number `json:"discount_tax"`
			} `json:"coupons"`
			Total number `json:"total"`
		} `json:"after_apply"`
		Checkout *struct {
			Errors []struct {
				Coupon string `json:"coupon"`
				Code   int    `json:"code"`
			} `json:"errors"`
		} `json:"checkout_check"`
	} `json:"output"`
}

func (r *couponRecord) input(t *testing.T) quote.Input {
	t.Helper()
	in, err := r.Input.Input(r.Version)
	if err != nil {
		t.Fatalf("%s: %v", r.ID, err)
	}
	in.At = r.Output.At
	return in
}

func TestCouponDecisions(t *testing.T) {
	for _, r := range oracle[couponRecord](t, "coupons-rules") {
		got, err := quote.Cart(r.input(t))
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		for _, diff := range r.compare(got) {
			t.Errorf("%s: %s", r.ID, diff)
		}
	}
}

func (r *couponRecord) compare(got quote.CartView) []string {
	c := &comparison{places: int32(r.Input.Settings.Decimals)}
	c.full("displayed subtotal", r.Output.DisplayedSubtotal, got.Totals.DisplayedSubtotal)
	var applied []string
	for i, s := range r.Output.Steps {
		d := got.Decisions[i]
		c.equal("step "+s.Code, fmt.Sprint(s.Accepted, code(s.Error), s.Removed), fmt.Sprint(d.Accepted, int(d.Reason), append([]string{}, d.Removed...)))
		applied = s.After
	}
	for i, w := range r.Output.AfterApply.Coupons {
		if i >= len(got.Coupons) {
			break
		}
		g := got.Coupons[i]
		c.equal("coupon", w.Code, g.Code)
		c.equal("coupon "+w.Code+" valid", w.Valid, slices.Contains(applied, g.Code))
		c.full("coupon "+w.Code, w.Discount, g.Discount)
		c.full("coupon tax "+w.Code, w.Tax, g.DiscountTax)
	}
	c.equal("coupons", len(r.Output.AfterApply.Coupons), len(got.Coupons))
	c.full("total", r.Output.AfterApply.Total, got.Totals.Total)
	return c.diffs
}

// TestCheckoutRefusesGuestsByEmail takes what WooCommerce refuses only at the checkout: a guest whose e-mail address
// has used the coupon often enough.
func TestCheckoutRefusesGuestsByEmail(t *testing.T) {
	refused := 0
	for _, r := range oracle[couponRecord](t, "coupons-rules") {
		if r.Output.Checkout == nil {
			continue
		}
		q, err := quote.Calculate(r.input(t))
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		for _, e := range r.Output.Checkout.Errors {
			refused++
			if !slices.ContainsFunc(q.Refused, func(d quote.CouponDecision) bool { return d.Code == e.Coupon && int(d.Reason) == e.Code }) {
				t.Errorf("%s: %s is not refused with %d: %v", r.ID, e.Coupon, e.Code, q.Refused)
			}
		}
	}
	if refused == 0 {
		t.Error("no record in which the checkout refuses")
	}
}
