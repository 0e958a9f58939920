package quote_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
)

// couponUse are the fields that only the records of coupons-rules have.
type couponUse struct {
	UsageLimit   int64      `json:"usage_limit"`
	UsageCount   int64      `json:"usage_count"`
	PerUser      int64      `json:"usage_limit_per_user"`
	UsedBy       []string   `json:"used_by"`
	Restrictions []string   `json:"email_restrictions_stored"`
	Expires      *time.Time `json:"date_expires"`
	Status       string     `json:"status"`
}

func (u couponUse) fill(c *quote.Coupon) {
	c.UsageLimit, c.UsageCount, c.UsageLimitPerUser, c.EmailRestrictions = u.UsageLimit, u.UsageCount, u.PerUser, u.Restrictions
	c.Expires, c.Status = u.Expires, u.Status
	for _, by := range u.UsedBy {
		c.UsedBy = append(c.UsedBy, strings.TrimPrefix(by, "user:"))
	}
}

type couponRecord struct {
	ID      string `json:"id"`
	Version string `json:"woocommerce"`
	Input   struct {
		Settings    oracleSettings    `json:"settings"`
		Destination quote.Destination `json:"destination"`
		Rates       []quote.TaxRate   `json:"tax_rates"`
		Customer    struct {
			ID      int64  `json:"user_id"`
			Email   string `json:"user_email"`
			Billing string `json:"billing_email"`
		} `json:"customer"`
		Lines   []recordedLine `json:"lines"`
		Coupons []oracleCoupon `json:"coupons"`
		Steps   []string       `json:"steps"`
		Then    *struct {
			Set struct {
				Line     int   `json:"line"`
				Quantity int64 `json:"quantity"`
			} `json:"set_quantity"`
		} `json:"then"`
	} `json:"input"`
	Output struct {
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

func (r *couponRecord) input() quote.Input {
	in := quote.Input{
		Settings: r.Input.Settings.settings(r.Version), Rates: r.Input.Rates, ShipTo: r.Input.Destination, BillTo: r.Input.Destination,
		Customer: quote.Customer{ID: r.Input.Customer.ID, Email: r.Input.Customer.Email, BillingEmail: r.Input.Customer.Billing},
		At:       r.Output.At,
	}
	for _, l := range r.Input.Lines {
		in.Lines = append(in.Lines, l.line())
	}
	for _, entered := range r.Input.Steps {
		c := quote.Coupon{Code: entered}
		for _, known := range r.Input.Coupons {
			if strings.EqualFold(known.Code, strings.TrimSpace(entered)) {
				c = known.coupon()
			}
		}
		in.Coupons = append(in.Coupons, c)
	}
	return in
}

func TestCouponDecisions(t *testing.T) {
	for _, r := range oracle[couponRecord](t, "coupons-rules") {
		got, err := quote.Cart(r.input())
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
		q, err := quote.Calculate(r.input())
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
