package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// cartRecord is a cart to be added up.
type cartRecord struct {
	At      time.Time   `json:"-"`
	Version string      `json:"woocommerce"`
	Input   record.Cart `json:"input"`
}

// label is what the customer reads of a shipping method.
func label(o *record.Offered) string {
	switch {
	case o.Title != "":
		return o.Title
	case o.Method == string(shipping.FreeShipping):
		return "Free shipping"
	}
	return o.Method
}

// input is the record without shipping.
func (r *cartRecord) input() (quote.Input, error) {
	in, err := r.Input.Input(r.Version)
	in.At = clock(r.At, r.Input.Coupons)
	return in, err
}

// choose puts the shipping method into in that a fresh visitor finds chosen, and returns what there is to choose from.
func (r *cartRecord) choose(in *quote.Input) ([]*record.Offered, *record.Offered, error) {
	if len(r.Input.Shipping) == 0 {
		return nil, nil, nil
	}
	before, err := quote.Cart(*in)
	if err != nil {
		return nil, nil, err
	}
	free := opensFreeShipping(in.Coupons, before.Coupons)
	var available []*record.Offered
	var rates []shipping.Rate
	for i := range r.Input.Shipping {
		if o := &r.Input.Shipping[i]; o.Requires == "" || free {
			rates = append(rates, shipping.Rate{ID: fmt.Sprint(len(available)), MethodID: o.Method})
			available = append(available, o)
		}
	}
	first, ok := shipping.Preselect(rates, free)
	if !ok {
		return available, nil, nil
	}
	o := available[slices.IndexFunc(rates, func(r shipping.Rate) bool { return r.ID == first.ID })]
	in.Shipping = []quote.ShippingLine{{MethodID: o.Method, Title: label(o), Cost: o.Cost.Decimal, Taxable: o.Taxable}}
	return available, o, nil
}

// opensFreeShipping says whether a coupon in the cart is one for free shipping.
func opensFreeShipping(entered []quote.Coupon, inCart []quote.CartCoupon) bool {
	return slices.ContainsFunc(inCart, func(c quote.CartCoupon) bool {
		return slices.ContainsFunc(entered, func(e quote.Coupon) bool { return e.FreeShipping && record.SameCode(e.Code, c.Code) })
	})
}

func (r *cartRecord) answer() (any, error) {
	in, err := r.input()
	if err != nil {
		return nil, err
	}
	available, chosen, err := r.choose(&in)
	if err != nil {
		return nil, err
	}
	cart, err := quote.Cart(in)
	if err != nil {
		return nil, err
	}
	out := newCartOutput(&in, &cart)
	for _, o := range available {
		out.Shipping.Available = append(out.Shipping.Available, o.Method)
	}
	if chosen != nil {
		out.Shipping.Chosen = append(out.Shipping.Chosen, chosenOutput{
			Method: chosen.Method, Label: label(chosen), Cost: r.costText(chosen), Taxes: taxMap(cart.Shipping[0].Taxes),
		})
	}
	return out, nil
}

// costText is a rate's cost as the store keeps it: as it was entered, or, before 9.9, in the store's decimals.
func (r *cartRecord) costText(o *record.Offered) string {
	if strings.HasPrefix(r.Version, "9.8") {
		return o.Cost.StringFixed(int32(r.Input.Settings.Decimals))
	}
	return plain(o.Cost.Decimal)
}

func (r *cartRecord) bill() (*bill, error) {
	in, err := r.input()
	if err != nil {
		return nil, err
	}
	if _, _, err := r.choose(&in); err != nil {
		return nil, err
	}
	return newBill(in)
}
