package exchange

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// Converter converts amounts at one rate. It is immutable and safe for concurrent use.
type Converter struct {
	rate Rate
	step decimal.Decimal
}

// Option changes how a Converter rounds or which rates it takes.
type Option func(*Converter) error

// RoundTo rounds every price to a multiple of step: 1 sells in whole dollars, 0.05 in five-cent steps. Without it prices
// are rounded to the minor unit.
func RoundTo(step decimal.Decimal) Option {
	return func(c *Converter) error {
		unit := decimal.New(1, -int32(c.rate.To.MinorDigits()))
		if !step.IsPositive() || step.Exponent() < -18 || step.Exponent() > 18 || !step.Mod(unit).IsZero() {
			return &InvalidError{"step", "must be a multiple of the currency's minor unit"}
		}
		c.step = step
		return nil
	}
}

// NotOlderThan refuses a rate that was read longer than age before now, with ErrStale.
func NotOlderThan(age time.Duration, now time.Time) Option {
	return func(c *Converter) error {
		if now.Sub(c.rate.At) > age {
			return fmt.Errorf("%w: it is of %s", ErrStale, c.rate.At.Format(time.RFC3339))
		}
		return nil
	}
}

// NewConverter converts at the given rate. It returns an *InvalidError for a rate or option that cannot be.
func NewConverter(rate Rate, options ...Option) (*Converter, error) {
	if err := rate.check(); err != nil {
		return nil, err
	}
	c := &Converter{rate: rate, step: decimal.New(1, -int32(rate.To.MinorDigits()))}
	for _, o := range options {
		if err := o(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Price converts the price of one piece, and rounds it half away from zero to the step.
func (c *Converter) Price(d decimal.Decimal) decimal.Decimal {
	return d.Mul(c.rate.Value).DivRound(c.step, 0).Mul(c.step)
}

// Money converts an amount for display. It returns a *pricing.CurrencyMismatchError when m is in another currency than
// the rate is from.
func (c *Converter) Money(m pricing.Money) (pricing.Money, error) {
	if m.IsZero() && m.Currency() == "" {
		return pricing.New(0, c.rate.To)
	}
	from, err := pricing.New(0, c.rate.From)
	if err != nil {
		return pricing.Money{}, err
	}
	if m, err = m.Add(from); err != nil {
		return pricing.Money{}, err
	}
	return pricing.FromDecimal(c.Price(m.Decimal()), c.rate.To, pricing.Exact)
}

// Rates converts shipping rates for display. The input's shipping is converted by Input.
func (c *Converter) Rates(rates []shipping.Rate) []shipping.Rate {
	rates = slices.Clone(rates)
	for i := range rates {
		rates[i].Cost = c.Price(rates[i].Cost)
	}
	return rates
}

// Input converts a whole purchase: prices, adjustments, shipping and fees, and the currency of its settings. in itself is
// not changed. It returns an *InvalidError when in is not in the currency the rate is from, was converted before, or
// has an amount that cannot be converted.
func (c *Converter) Input(in quote.Input) (quote.Input, error) {
	if in.Settings.Currency != c.rate.From {
		return quote.Input{}, &InvalidError{"settings.currency", "must be " + string(c.rate.From) + ", which the rate is from"}
	}
	if in.Exchange != nil {
		return quote.Input{}, &InvalidError{"exchange", "must be empty: the input was converted already"}
	}
	if err := checkAmounts(&in); err != nil {
		return quote.Input{}, err
	}
	in.Settings.Currency, in.Settings.Decimals = c.rate.To, c.rate.To.MinorDigits()
	in.Exchange = &quote.Exchange{From: c.rate.From, To: c.rate.To, Rate: c.rate.Value, At: c.rate.At, Source: c.rate.Source}
	in.Lines, in.Fees, in.Shipping, in.Coupons = slices.Clone(in.Lines), slices.Clone(in.Fees), slices.Clone(in.Shipping), slices.Clone(in.Coupons)
	for i := range in.Lines {
		c.line(&in.Lines[i])
	}
	for i := range in.Fees {
		in.Fees[i].Amount = c.Price(in.Fees[i].Amount)
	}
	for i := range in.Shipping {
		in.Shipping[i].Cost = c.Price(in.Shipping[i].Cost)
	}
	for i := range in.Coupons {
		if cp := &in.Coupons[i]; !survives(cp) {
			*cp = quote.Coupon{Code: cp.Code}
		}
	}
	return in, nil
}

func (c *Converter) line(l *quote.Line) {
	l.UnitPrice, l.RegularPrice = c.Price(l.UnitPrice), c.Price(l.RegularPrice)
	most := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity))
	l.Adjustments = slices.Clone(l.Adjustments)
	for i := range l.Adjustments {
		a := &l.Adjustments[i]
		a.Amount = decimal.Max(c.Price(a.Amount), most.Neg()) // rounding must not make a line cheaper than nothing
		most = most.Add(a.Amount)
	}
	if l.Given != nil {
		l.Given = &quote.Given{Subtotal: c.given(l.Given.Subtotal), Total: c.given(l.Given.Total)}
	}
}

func (c *Converter) given(d *decimal.Decimal) *decimal.Decimal {
	if d == nil {
		return nil
	}
	converted := c.Price(*d)
	return &converted
}

// survives says whether a coupon means the same in every currency.
func survives(c *quote.Coupon) bool {
	return c.Type == quote.PercentCoupon && c.MinimumAmount.IsZero() && c.MaximumAmount.IsZero()
}

// checkAmounts refuses decimals that would take forever to compute with.
func checkAmounts(in *quote.Input) error {
	for i := range in.Lines {
		l := &in.Lines[i]
		list := []decimal.Decimal{l.UnitPrice, l.RegularPrice}
		for _, a := range l.Adjustments {
			list = append(list, a.Amount)
		}
		if g := l.Given; g != nil && g.Subtotal != nil {
			list = append(list, *g.Subtotal)
		}
		if g := l.Given; g != nil && g.Total != nil {
			list = append(list, *g.Total)
		}
		if slices.ContainsFunc(list, absurd) {
			return &InvalidError{fmt.Sprintf("lines[%d]", i), "has an amount of more than 40 digits"}
		}
	}
	for i := range in.Fees {
		if absurd(in.Fees[i].Amount) {
			return &InvalidError{fmt.Sprintf("fees[%d].amount", i), "has more than 40 digits"}
		}
	}
	for i := range in.Shipping {
		if absurd(in.Shipping[i].Cost) {
			return &InvalidError{fmt.Sprintf("shipping[%d].cost", i), "has more than 40 digits"}
		}
	}
	return nil
}

func absurd(d decimal.Decimal) bool {
	return d.Exponent() > 20 || d.Exponent() < -40 || d.NumDigits() > 40
}
