package checkout

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// LocalQuoter computes rates and totals here, with WooCommerce's own arithmetic, from a Rulebook.
type LocalQuoter struct {
	rules Rulebook
	fees  func(QuoteRequest) []quote.Fee
}

var _ Quoter = (*LocalQuoter)(nil)

// NewLocalQuoter returns a Quoter that computes with the given rules. Fees, which may be nil, says what is charged
// besides, for example for cash on delivery; it must be pure.
func NewLocalQuoter(rules Rulebook, fees func(QuoteRequest) []quote.Fee) *LocalQuoter {
	return &LocalQuoter{rules: rules, fees: fees}
}

// Rates implements Quoter.
func (q *LocalQuoter) Rates(ctx context.Context, req QuoteRequest) ([]shipping.Rate, error) {
	rules, err := q.rules.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return q.rates(rules, req)
}

func (q *LocalQuoter) rates(rules Rules, req QuoteRequest) ([]shipping.Rate, error) {
	if !needsShipping(req.Lines) {
		return nil, nil
	}
	before, err := quote.Calculate(q.input(rules, req))
	if err != nil {
		return nil, err
	}
	rates, err := shipping.Rates(rules.Zones, shippingRequest(rules, req, before))
	if rates == nil {
		rates = []shipping.Rate{}
	}
	return rates, err
}

// Quote implements Quoter.
func (q *LocalQuoter) Quote(ctx context.Context, req QuoteRequest) (quote.Quote, error) {
	rules, err := q.rules.Rules(ctx)
	if err != nil {
		return quote.Quote{}, err
	}
	in := q.input(rules, req)
	if req.ShippingRate != "" && needsShipping(req.Lines) {
		chosen, err := q.chosen(rules, req)
		if err != nil {
			return quote.Quote{}, err
		}
		in.Shipping = []quote.ShippingLine{chosen}
	}
	return quote.Calculate(in)
}

// chosen finds the rate the shopper picked among those offered now: the price is never taken from a client.
func (q *LocalQuoter) chosen(rules Rules, req QuoteRequest) (quote.ShippingLine, error) {
	rates, err := q.rates(rules, req)
	if err != nil {
		return quote.ShippingLine{}, err
	}
	i := slices.IndexFunc(rates, func(r shipping.Rate) bool { return r.ID == req.ShippingRate })
	if i < 0 {
		return quote.ShippingLine{}, &InvalidError{Field: "shipping_rate", Reason: "is not offered for this address"}
	}
	r := rates[i]
	return quote.ShippingLine{RateID: r.ID, MethodID: r.MethodID, InstanceID: r.InstanceID, Title: r.Label, Cost: r.Cost, Taxable: r.Taxable}, nil
}

func (q *LocalQuoter) input(rules Rules, req QuoteRequest) quote.Input {
	in := quote.Input{
		Settings: rules.Settings, Rates: rules.TaxRates, RulesVersion: rules.Version, At: req.At,
		ShipTo: destination(req.ShipTo), BillTo: destination(req.BillTo),
		Customer: quote.Customer{BillingEmail: req.BillTo.Email},
	}
	for _, l := range req.Lines {
		in.Lines = append(in.Lines, quoteLine(l))
	}
	for _, code := range req.Coupons {
		c, ok := rules.Coupons[code]
		if !ok {
			c = quote.Coupon{Code: code}
		}
		in.Coupons = append(in.Coupons, c)
	}
	if q.fees != nil {
		in.Fees = q.fees(req)
	}
	return in
}

func quoteLine(l PricedLine) quote.Line {
	i := l.Item
	return quote.Line{
		Key: string(l.Line.Key), ProductID: l.Line.Ref.ProductID, VariationID: l.Line.Ref.VariationID, ParentID: i.ParentID,
		Name: i.Name, SKU: i.SKU, UnitPrice: i.UnitPrice, RegularPrice: i.RegularPrice, Quantity: l.Line.Quantity,
		OnSale: i.OnSale, TaxStatus: quote.TaxStatus(i.TaxStatus), TaxClass: i.TaxClass, CategoryIDs: i.CategoryIDs,
		ShippingClass: i.ShippingClass, Weight: i.Weight, Virtual: i.Virtual,
	}
}

func destination(a Address) quote.Destination {
	return quote.Destination{Country: a.Country, State: a.State, Postcode: a.Postcode, City: a.City}
}

func shippingRequest(rules Rules, req QuoteRequest, before quote.Quote) shipping.Request {
	out := shipping.Request{
		Country: req.ShipTo.Country, State: req.ShipTo.State, Postcode: req.ShipTo.Postcode, City: req.ShipTo.City,
		HideRatesWhenFree: rules.HideRatesWhenFree, Decimals: rules.Settings.Decimals, Version: rules.Settings.Version,
		DisplayedSubtotal: displayed(rules, before.Totals.Subtotal.Decimal(), before.Totals.SubtotalTax.Decimal()),
		Discount:          displayed(rules, before.Totals.DiscountTotal.Decimal(), before.Totals.DiscountTax.Decimal()),
	}
	if before.Cart != nil {
		out.DisplayedSubtotal = before.Cart.Totals.DisplayedSubtotal
		out.Discount = displayed(rules, before.Cart.Totals.DiscountTotal, before.Cart.Totals.DiscountTax)
	}
	for _, c := range before.Coupons {
		out.FreeShippingCoupon = out.FreeShippingCoupon || c.FreeShipping
	}
	for i, l := range before.Lines {
		item := req.Lines[i].Item
		out.Lines = append(out.Lines, shipping.Line{
			Quantity: l.Quantity, Total: l.Total, ShippingClass: item.ShippingClass, Weight: item.Weight, Virtual: item.Virtual,
		})
	}
	return out
}

// displayed adds tax to an amount where the store shows its cart with tax.
func displayed(rules Rules, net, tax decimal.Decimal) decimal.Decimal {
	if rules.Settings.CartDisplay == quote.DisplayInclusive {
		return net.Add(tax)
	}
	return net
}

// needsShipping reports whether any line is a thing rather than a service or a file (WC_Cart::needs_shipping).
func needsShipping(lines []PricedLine) bool {
	return slices.ContainsFunc(lines, func(l PricedLine) bool { return !l.Item.Virtual })
}
