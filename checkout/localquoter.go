package checkout

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// LocalQuoter computes rates and totals here, with WooCommerce's own arithmetic, from a Rulebook.
type LocalQuoter struct {
	rules    Rulebook
	fees     func(QuoteRequest) []quote.Fee
	adjust   Adjuster
	exchange Exchanger
}

// Adjuster changes what is quoted before shipping rates and totals are computed from it: price rules (package adjust), tax
// classes that depend on the price (gst.Classify). It is called for rates and for quotes, must be pure but for reading,
// and must not change the input it is given.
type Adjuster func(ctx context.Context, req QuoteRequest, in quote.Input) (quote.Input, error)

// Exchanger chooses the currency of a purchase: a converter from the shop's, or nil to stay in it. It must choose the same
// for every request of a checkout, at the rate the shopper was shown.
type Exchanger func(ctx context.Context, req QuoteRequest) (*exchange.Converter, error)

var _ Quoter = (*LocalQuoter)(nil)

// NewLocalQuoter returns a Quoter that computes with the given rules. Fees, which may be nil, says what is charged
// besides, for example for cash on delivery; it must be pure.
func NewLocalQuoter(rules Rulebook, fees func(QuoteRequest) []quote.Fee) *LocalQuoter {
	return &LocalQuoter{rules: rules, fees: fees}
}

// Adjusting returns a quoter that lets adjust change every purchase first.
func (q *LocalQuoter) Adjusting(adjust Adjuster) *LocalQuoter {
	with := *q
	with.adjust = adjust
	return &with
}

// Selling returns a quoter that sells in the currencies of exchange. Zones and free shipping are decided in the shop's own
// currency; the quote, and the rates that are shown, are in the other.
func (q *LocalQuoter) Selling(exchange Exchanger) *LocalQuoter {
	with := *q
	with.exchange = exchange
	return &with
}

// Rates implements Quoter.
func (q *LocalQuoter) Rates(ctx context.Context, req QuoteRequest) ([]shipping.Rate, error) {
	rules, err := q.rules.Rules(ctx)
	if err != nil {
		return nil, err
	}
	rates, err := q.rates(ctx, rules, req)
	if err != nil || q.exchange == nil {
		return rates, err
	}
	c, err := q.exchange(ctx, req)
	if err != nil || c == nil {
		return rates, err
	}
	return c.Rates(rates), nil
}

// rates are the rates offered, in the shop's currency.
func (q *LocalQuoter) rates(ctx context.Context, rules Rules, req QuoteRequest) ([]shipping.Rate, error) {
	if !needsShipping(req.Lines) {
		return nil, nil
	}
	in, err := q.input(ctx, rules, req)
	if err != nil {
		return nil, err
	}
	before, err := quote.Calculate(in)
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
	in, err := q.input(ctx, rules, req)
	if err != nil {
		return quote.Quote{}, err
	}
	if req.ShippingRate != "" && needsShipping(req.Lines) {
		chosen, err := q.chosen(ctx, rules, req)
		if err != nil {
			return quote.Quote{}, err
		}
		in.Shipping = []quote.ShippingLine{chosen}
	}
	if in, err = q.converted(ctx, req, in); err != nil {
		return quote.Quote{}, err
	}
	return quote.Calculate(in)
}

func (q *LocalQuoter) converted(ctx context.Context, req QuoteRequest, in quote.Input) (quote.Input, error) {
	if q.exchange == nil {
		return in, nil
	}
	c, err := q.exchange(ctx, req)
	if err != nil || c == nil {
		return in, err
	}
	return c.Input(in)
}

// chosen finds the rate the shopper picked among those offered now: the price is never taken from a client.
func (q *LocalQuoter) chosen(ctx context.Context, rules Rules, req QuoteRequest) (quote.ShippingLine, error) {
	rates, err := q.rates(ctx, rules, req)
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

func (q *LocalQuoter) input(ctx context.Context, rules Rules, req QuoteRequest) (quote.Input, error) {
	in := quote.Input{
		Settings: rules.Settings, Rates: rules.TaxRates, RulesVersion: rules.Version, At: req.At,
		ShipTo: destination(req.ShipTo), BillTo: destination(req.BillTo),
		Customer: quote.Customer{ID: req.CustomerID, BillingEmail: req.BillTo.Email},
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
	in.Fees = append(slices.Clone(in.Fees), req.Fees...)
	if q.adjust != nil {
		return q.adjust(ctx, req, in)
	}
	return in, nil
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
