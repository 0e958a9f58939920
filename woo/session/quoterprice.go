package session

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

// pricer makes a quote of a cart.
type pricer struct {
	rules  checkout.Rules
	req    checkout.QuoteRequest
	fees   []quote.Fee // besides the cart's
	filled filledCart

	stated []bool // lines whose amounts no price explains
	folded bool   // coupons are in the lines' amounts
}

// quote finds the order and puts the cart beside it.
func (p *pricer) quote() (quote.Quote, error) {
	if p.filled.cart.Currency != p.rules.Settings.Currency {
		return quote.Quote{}, &quote.UnsupportedError{Feature: "a cart in another currency than the shop's"}
	}
	in := p.input()
	p.priceLines(&in)
	if err := p.addFees(&in); err != nil {
		return quote.Quote{}, err
	}
	q, err := p.withCoupons(in)
	if err != nil {
		return quote.Quote{}, err
	}
	q.Refused = p.refusals(in, q.Refused)
	view := p.view(q)
	q.Cart = &view
	return q, p.agree(q)
}

// input is the purchase without prices of the store's.
func (p *pricer) input() quote.Input {
	in := quote.Input{
		Settings: p.rules.Settings, Rates: p.rules.TaxRates, RulesVersion: p.rules.Version, At: p.req.At,
		ShipTo: destination(p.req.ShipTo), BillTo: destination(p.req.BillTo), Customer: quote.Customer{BillingEmail: p.req.BillTo.Email},
	}
	for i, l := range p.req.Lines {
		in.Lines = append(in.Lines, line(l))
		in.Lines[i].Name = l.Item.Name
	}
	if rate, ok := p.rate(); ok {
		in.Shipping = []quote.ShippingLine{{
			RateID: rate.ID, MethodID: rate.MethodID, InstanceID: rate.InstanceID, Title: rate.Label,
			Cost: rate.Cost.Decimal, Taxable: shippingRate(rate).Taxable,
		}}
	}
	return in
}

// rate is the shipping rate that was asked for.
func (p *pricer) rate() (Rate, bool) {
	if p.req.ShippingRate == "" || len(p.filled.cart.Packages) == 0 {
		return Rate{}, false
	}
	return p.filled.cart.Packages[0].Chosen()
}

func destination(a checkout.Address) quote.Destination {
	return quote.Destination{Country: a.Country, State: a.State, Postcode: a.Postcode, City: a.City}
}

func line(l checkout.PricedLine) quote.Line {
	i := l.Item
	return quote.Line{
		Key: string(l.Line.Key), ProductID: l.Line.Ref.ProductID, VariationID: l.Line.Ref.VariationID, ParentID: i.ParentID,
		Name: i.Name, SKU: i.SKU, UnitPrice: i.UnitPrice, RegularPrice: i.RegularPrice, Quantity: l.Line.Quantity,
		OnSale: i.OnSale, TaxStatus: quote.TaxStatus(i.TaxStatus), TaxClass: i.TaxClass, CategoryIDs: i.CategoryIDs,
		ShippingClass: i.ShippingClass, Weight: i.Weight, Virtual: i.Virtual,
	}
}

// priceLines finds for each line the price that explains the cart's amounts. A
// line that none explains has its amounts stated.
func (p *pricer) priceLines(in *quote.Input) {
	p.stated = make([]bool, len(in.Lines))
	for i := range in.Lines {
		got := p.filled.cart.Lines[i]
		price, ok := p.explain(*in, i, got)
		if ok {
			in.Lines[i].UnitPrice = price
			continue
		}
		p.stated[i] = true
		before := got.Subtotal.Round(sixDecimals)
		in.Lines[i].UnitPrice = p.unitPrice(got)
		in.Lines[i].Given = &quote.Given{Subtotal: &before, Total: &before}
	}
}

// sixDecimals is the precision of WooCommerce's order lines.
const sixDecimals = 6

// explain tries the catalogue's price, then the one that the store shows, or
// that its amounts come to. Where the customer's tax differs from the shop's, it
// can be a few paise away from the price that it was computed from.
func (p *pricer) explain(in quote.Input, i int, got Line) (decimal.Decimal, bool) {
	candidates, shown := []decimal.Decimal{in.Lines[i].UnitPrice}, p.unitPrice(got)
	for _, off := range []int64{0, 1, -1, 2, -2} {
		candidates = append(candidates, shown.Add(p.steps(off)))
	}
	in.Coupons, in.Fees = nil, nil
	one := in.Lines[i]
	for _, price := range candidates {
		one.UnitPrice = price
		in.Lines = []quote.Line{one}
		view, err := quote.Cart(in)
		if err == nil && p.same(view.Lines[0].Subtotal, got.Subtotal) && p.same(view.Lines[0].SubtotalTax, got.SubtotalTax) {
			return price, true
		}
	}
	return decimal.Decimal{}, false
}

// same compares an amount with the cart's, in the digits that the cart has.
func (p *pricer) same(computed, cart decimal.Decimal) bool {
	if places := p.filled.cart.Places; places >= 0 {
		return computed.Sub(cart).Abs().LessThanOrEqual(decimal.New(5, -int32(places)-1))
	}
	return computed.Sub(cart).Abs().LessThanOrEqual(decimal.New(1, -sixDecimals))
}

// unitPrice is what one piece costs, for display: the order has the line's
// amounts.
func (p *pricer) unitPrice(got Line) decimal.Decimal {
	if got.UnitPrice.Valid && !got.UnitPrice.Decimal.IsNegative() {
		return got.UnitPrice.Decimal
	}
	whole := got.Subtotal
	if p.rules.Settings.PricesIncludeTax {
		whole = whole.Add(got.SubtotalTax)
	}
	return whole.DivRound(decimal.NewFromInt(got.Quantity), int32(p.rules.Settings.Decimals))
}

// withCoupons enters the coupons that explain the cart's discounts, or states
// the lines as they are after them.
func (p *pricer) withCoupons(in quote.Input) (quote.Quote, error) {
	applied := p.filled.cart.Coupons
	if len(applied) == 0 {
		return quote.Calculate(in)
	}
	if with, ok := p.known(applied); ok {
		in.Coupons = with
		q, err := quote.Calculate(in)
		if err == nil && len(q.Coupons) == len(with) && p.explained(q) {
			return q, nil
		}
		in.Coupons = nil
	}
	p.folded = true
	for i, got := range p.filled.cart.Lines {
		after := decimal.Max(got.Total.Round(sixDecimals), decimal.Zero)
		given := quote.Given{Total: &after}
		if before := in.Lines[i].Given; before != nil {
			given.Subtotal = before.Subtotal
		}
		in.Lines[i].Given = &given
	}
	return quote.Calculate(in)
}

// known finds the coupons in the rulebook. A kind that only a plugin has is not
// known.
func (p *pricer) known(applied []Coupon) ([]quote.Coupon, bool) {
	kinds := []quote.CouponType{quote.PercentCoupon, quote.FixedCartCoupon, quote.FixedProductCoupon}
	var all []quote.Coupon
	for _, a := range applied {
		c, ok := p.rules.Coupons[strings.ToLower(a.Code)]
		if !ok || !slices.Contains(kinds, c.Type) || a.Type != "" && a.Type != string(c.Type) {
			return nil, false
		}
		all = append(all, c)
	}
	return all, true
}

// explained reports whether the order's lines after coupons are the cart's. The
// order may hand out the last paise otherwise: one for each piece at most.
func (p *pricer) explained(q quote.Quote) bool {
	for i, l := range q.Lines {
		apart := l.Total.Sub(p.filled.cart.Lines[i].Total).Abs()
		if apart.GreaterThan(p.unit().Mul(decimal.NewFromInt(l.Quantity + 2))) {
			return false
		}
	}
	return true
}

// unit is the smallest amount of the shop.
func (p *pricer) unit() decimal.Decimal {
	return decimal.New(1, -int32(p.rules.Settings.Decimals))
}
