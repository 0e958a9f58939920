package main

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// couponRecord is a cart into which coupons are entered one after the other.
type couponRecord struct {
	At      time.Time `json:"-"`
	Version string    `json:"woocommerce"`
	Input   struct {
		At *time.Time `json:"evaluated_at"`
		record.CouponCart
	} `json:"input"`
}

func (r *couponRecord) input() (quote.Input, error) {
	at := r.At
	if r.Input.At != nil && at.IsZero() {
		at = *r.Input.At
	}
	in, err := r.Input.Input(r.Version)
	in.At = clock(at, r.Input.Coupons)
	return in, err
}

// stepOutput is a coupon that was entered, and the cart after it.
type stepOutput struct {
	decisionOutput
	Applied  []string `json:"applied_after"`
	Subtotal number   `json:"displayed_subtotal"`
}

type couponsOutput struct {
	At       time.Time    `json:"evaluated_at"`
	Subtotal number       `json:"displayed_subtotal"`
	Steps    []stepOutput `json:"steps"`
	After    struct {
		Coupons []fields `json:"coupons"`
		Total   number   `json:"total"`
	} `json:"after_apply"`
}

func (r *couponRecord) answer() (any, error) {
	in, err := r.input()
	if err != nil {
		return nil, err
	}
	cart, err := quote.Cart(in)
	if err != nil {
		return nil, err
	}
	subtotal := number(cart.Totals.DisplayedSubtotal)
	out := couponsOutput{At: in.At, Subtotal: subtotal, Steps: []stepOutput{}}
	applied := []string{}
	for i, d := range newDecisions(&in, &cart) {
		applied = slices.DeleteFunc(slices.Clone(applied), func(code string) bool { return slices.Contains(d.Removed, code) })
		if d.Accepted {
			applied = append(applied, d.Code)
		}
		d.Code = r.Input.Steps[i] // as it was typed
		out.Steps = append(out.Steps, stepOutput{decisionOutput: d, Applied: applied, Subtotal: subtotal})
	}
	out.After.Coupons, out.After.Total = newCartOutput(&in, &cart).Coupons, number(cart.Totals.Total)
	return out, nil
}

func (r *couponRecord) bill() (*bill, error) {
	in, err := r.input()
	if err != nil {
		return nil, err
	}
	return newBill(in)
}

// clock is the time for which coupons are judged: the one that was asked for, else the one at which a record says an
// expiry was so and so far away, else now.
func clock(asked time.Time, coupons []record.Coupon) time.Time {
	if !asked.IsZero() {
		return asked
	}
	var about time.Time
	for _, c := range coupons {
		if c.Expires == nil || c.ExpiresIn == nil {
			continue
		}
		switch *c.ExpiresIn {
		case "today": // a bare date: its midnight
			about = c.Expires.Add(12 * time.Hour)
		case "tomorrow":
			about = c.Expires.Add(-12 * time.Hour)
		default:
			if away, ok := distance(*c.ExpiresIn); ok {
				return c.Expires.Add(-away)
			}
		}
	}
	if about.IsZero() {
		return time.Now()
	}
	return about
}
