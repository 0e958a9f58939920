package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// cartRecord is a cart to be added up.
type cartRecord struct {
	At      time.Time `json:"-"`
	Version string    `json:"woocommerce"`
	Input   struct {
		Settings    storeSettings `json:"settings"`
		Destination struct {
			Shipping quote.Destination `json:"shipping"`
			Billing  quote.Destination `json:"billing"`
		} `json:"destination"`
		Customer struct {
			Exempt bool `json:"is_vat_exempt"`
		} `json:"customer"`
		Rates    []quote.TaxRate `json:"tax_rates"`
		Lines    []cartLine      `json:"lines"`
		Coupons  []storeCoupon   `json:"coupons"`
		Shipping []offered       `json:"shipping"`
		Fees     []struct {
			Name     string `json:"name"`
			Amount   amount `json:"amount"`
			Taxable  bool   `json:"taxable"`
			TaxClass string `json:"tax_class"`
		} `json:"fees"`
	} `json:"input"`
}

// offered is a shipping method that the shop has for this cart.
type offered struct {
	Method  string `json:"method"`
	Title   string `json:"title"`
	Cost    amount `json:"cost"`
	Taxable bool   `json:"taxable"`
	// Requires is "coupon" for free shipping that a coupon opens.
	Requires string `json:"requires"`
}

// label is what the customer reads.
func (o *offered) label() string {
	switch {
	case o.Title != "":
		return o.Title
	case o.Method == string(shipping.FreeShipping):
		return "Free shipping"
	}
	return o.Method
}

// missing is the error for an amount that a record must have.
func missing(list string, i int, field string) error {
	return fmt.Errorf("%s[%d].%s: must be a plain amount", list, i, field)
}

// input is the record without shipping.
func (r *cartRecord) input() (quote.Input, error) {
	in := quote.Input{
		Settings: r.Input.Settings.settings(r.Version), Rates: r.Input.Rates, VATExempt: r.Input.Customer.Exempt,
		ShipTo: r.Input.Destination.Shipping, BillTo: r.Input.Destination.Billing, Coupons: readCoupons(r.Input.Coupons),
		At: clock(r.At, r.Input.Coupons),
	}
	for i, f := range r.Input.Fees {
		if !f.Amount.set {
			return in, missing("fees", i, "amount")
		}
		in.Fees = append(in.Fees, quote.Fee{Name: f.Name, Amount: f.Amount.Decimal, Taxable: f.Taxable, TaxClass: f.TaxClass})
	}
	var err error
	in.Lines, err = readLines(r.Input.Lines)
	return in, err
}

// choose puts the shipping method into in that a fresh visitor finds chosen, and returns what there is to choose from.
func (r *cartRecord) choose(in *quote.Input) ([]*offered, *offered, error) {
	if len(r.Input.Shipping) == 0 {
		return nil, nil, nil
	}
	before, err := quote.Cart(*in)
	if err != nil {
		return nil, nil, err
	}
	free := opensFreeShipping(in.Coupons, before.Coupons)
	var available []*offered
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
	in.Shipping = []quote.ShippingLine{{MethodID: o.Method, Title: o.label(), Cost: o.Cost.Decimal, Taxable: o.Taxable}}
	return available, o, nil
}

// opensFreeShipping says whether a coupon in the cart is one for free shipping.
func opensFreeShipping(entered []quote.Coupon, inCart []quote.CartCoupon) bool {
	return slices.ContainsFunc(inCart, func(c quote.CartCoupon) bool {
		return slices.ContainsFunc(entered, func(e quote.Coupon) bool { return e.FreeShipping && sameCode(e.Code, c.Code) })
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
			Method: chosen.Method, Label: chosen.label(), Cost: r.costText(chosen), Taxes: taxMap(cart.Shipping[0].Taxes),
		})
	}
	return out, nil
}

// costText is a rate's cost as the store keeps it: as it was entered, or, before 10.0, in the store's decimals.
func (r *cartRecord) costText(o *offered) string {
	if strings.HasPrefix(r.Version, "9.") {
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
