package main

import (
	"errors"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// couponNotes say of each coupon that takes nothing off why it does not.
func couponNotes(q quote.Quote, rates []shipping.Rate) []string {
	var notes []string
	for _, c := range q.Refused {
		notes = append(notes, "The coupon “"+c.Code+"” "+whyRefused(c.Reason)+".")
	}
	if delivery(q).IsZero() {
		return notes
	}
	free := slices.ContainsFunc(rates, func(r shipping.Rate) bool { return r.MethodID == "free_shipping" })
	for _, c := range q.Coupons {
		switch {
		case !c.FreeShipping:
		case free:
			notes = append(notes, "The coupon “"+c.Code+"” is for delivery: choose the free one below.")
		default:
			notes = append(notes, "The coupon “"+c.Code+"” counts, but delivery is still charged: it waives delivery only together "+
				"with a free shipping method that takes coupons, and this shop’s goes by what you buy, from ₹999.")
		}
	}
	return notes
}

// withoutCoupon shows the order without a coupon whose last use went to somebody else, in cart and checkout.
func (s *server) withoutCoupon(w http.ResponseWriter, r *http.Request, record checkout.Record, err error) error {
	var spent *checkout.CouponSpentError
	if !errors.As(err, &spent) {
		return err
	}
	if _, err := s.carts.RemoveCoupon(r.Context(), record.Owner, spent.Code); err != nil {
		return err
	}
	started, err := s.checkout.Start(r.Context(), checkout.StartRequest{Owner: record.Owner})
	if err != nil {
		return s.cannotGoOn(w, r, err)
	}
	return s.showReview(w, r, http.StatusConflict, reviewPage{
		Record:  started.Record,
		Problem: "Sorry: the last use of the coupon “" + spent.Code + "” has just gone to somebody else. Nothing was ordered. This is your order without it.",
	})
}

// delivery is what sending costs, with tax.
func delivery(q quote.Quote) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range q.Shipping {
		sum = sum.Add(l.Total).Add(l.TotalTax)
	}
	return sum
}

// whyRefused says why a coupon does not count, to go on from its name.
func whyRefused(reason quote.CouponReason) string {
	switch reason {
	case quote.CouponNotExists:
		return "is not known here"
	case quote.CouponExpired:
		return "has expired"
	case quote.CouponUsageLimit, quote.CouponUsageStuck, quote.CouponUsageStuckGuest:
		return "has been used up"
	case quote.CouponMinimum:
		return "wants a larger order"
	case quote.CouponMaximum:
		return "wants a smaller order"
	case quote.CouponSaleItems:
		return "is not for things on sale"
	case quote.CouponIndividualUse:
		return "cannot be used with another one"
	case quote.CouponNotYours:
		return "belongs to somebody else"
	}
	return "is not for what you chose"
}
