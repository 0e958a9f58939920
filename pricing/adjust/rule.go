package adjust

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Rule is one price rule of a shop.
//
// A rule is pure: it has no effects, reads no clock (Purchase.At is the time), and for equal purchases returns equal
// changes. It may be used from any number of goroutines. It must not change the purchase.
type Rule interface {
	// Name identifies the rule in quotes. It is covered by a quote's hash: renaming a rule makes a stored quote another.
	Name() string
	// Changes returns what the rule makes of the lines as they are now, and no change for lines it leaves alone. It
	// returns an *InvalidError when the rule itself cannot be applied to anything, for example because a percentage
	// is above 100.
	Changes(p Purchase) ([]Change, error)
}

// Change is what a rule does to one line.
type Change struct {
	// Line is the index in Purchase.Lines.
	Line int
	// Label is what the customer reads.
	Label string
	// Amount is added to the price of the whole line; it is negative when the line gets cheaper. Apply rounds it.
	Amount decimal.Decimal
}

// Buyer is who is buying, as far as price rules ask.
type Buyer struct {
	// Groups the host has put the customer in: dealers, members. They come from the server, never from a client.
	Groups []string
}

// Purchase is what a rule sees.
type Purchase struct {
	quote.Input
	Buyer Buyer
}

// Price is what line i costs now: its unit price times its quantity, and all adjustments so far.
func (p *Purchase) Price(i int) decimal.Decimal {
	l := &p.Lines[i]
	price := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity))
	for _, a := range l.Adjustments {
		price = price.Add(a.Amount)
	}
	return price
}

// ErrInvalid is what every *InvalidError is.
var ErrInvalid = errors.New("adjust: invalid rule")

// InvalidError names the part of a rule that cannot be.
type InvalidError struct {
	// Rule is the rule's name, Field a path in it such as "steps[1].from".
	Rule, Field string
	// Reason says what is wrong and what would be right.
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("adjust: rule %q: %s: %s", e.Rule, e.Field, e.Reason)
}

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// Apply returns in with the rules' adjustments added to its lines. in itself is not changed.
//
// Apply adds: whoever applies rules to its result applies them twice. It returns an *InvalidError (errors.Is ErrInvalid)
// for a rule that cannot be applied, that names a line there is not, or that makes a line cost less than nothing or more
// than before. The input itself is checked by quote.Calculate.
func Apply(in quote.Input, buyer Buyer, rules ...Rule) (quote.Input, error) {
	in.Lines = slices.Clone(in.Lines)
	p := Purchase{Input: in, Buyer: buyer}
	for i := range in.Lines {
		if !bounded(&in.Lines[i]) {
			return quote.Input{}, &quote.InvalidError{Field: fmt.Sprintf("lines[%d].unit_price", i), Reason: "must be a plain amount of zero or more, with at most 18 digits"}
		}
		in.Lines[i].Adjustments = slices.Clone(in.Lines[i].Adjustments)
	}
	for _, r := range rules {
		changes, err := r.Changes(p)
		if err != nil {
			return quote.Input{}, err
		}
		for _, c := range changes {
			if err := p.apply(r.Name(), c); err != nil {
				return quote.Input{}, err
			}
		}
	}
	return p.Input, nil
}

// bounded refuses decimals that would take forever to compute with.
func bounded(l *quote.Line) bool {
	ok := !l.UnitPrice.IsNegative() && plain(l.UnitPrice)
	for _, a := range l.Adjustments {
		ok = ok && plain(a.Amount)
	}
	return ok
}

func plain(d decimal.Decimal) bool {
	return d.Exponent() >= -18 && d.Exponent() <= 18 && d.NumDigits() <= 40
}

func (p *Purchase) apply(rule string, c Change) error {
	if c.Line < 0 || c.Line >= len(p.Lines) {
		return &InvalidError{rule, "line", "must be the index of a line"}
	}
	if !plain(c.Amount) && c.Amount.Exponent() > 0 {
		return &InvalidError{rule, "amount", "must be a plain amount"}
	}
	amount := c.Amount.Round(int32(p.Settings.Decimals))
	price := p.Price(c.Line)
	if amount.IsNegative() && amount.Abs().GreaterThan(price) {
		if c.Amount.Abs().GreaterThan(price) {
			return &InvalidError{rule, "amount", "must not make a line cheaper than nothing"}
		}
		amount = price.Neg() // only rounding went below
	}
	if amount.IsPositive() {
		return &InvalidError{rule, "amount", "must not make a line dearer"}
	}
	if !amount.IsZero() {
		l := &p.Lines[c.Line]
		l.Adjustments = append(l.Adjustments, quote.Adjustment{Rule: rule, Label: c.Label, Amount: amount})
	}
	return nil
}
