package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// Rate is what one unit of From is worth.
type Rate struct {
	From pricing.Currency `json:"from"`
	To   pricing.Currency `json:"to"`
	// Value is in units of To.
	Value decimal.Decimal `json:"value"`
	// At is when the rate was true, Source who said so.
	At     time.Time `json:"at"`
	Source string    `json:"source,omitempty"`
}

// Source knows rates of exchange: a bank's service, a table the shop keeps.
type Source interface {
	// Rate returns the rate at which the shop sells now. It returns an error that is ErrNoRate when it has none for the
	// pair; it does not derive one from others unless it says so. A source that cannot be asked now returns another
	// error, and the caller may ask again. Implementations are safe for concurrent use and own their clock: Rate.At is
	// the source's time.
	Rate(ctx context.Context, from, to pricing.Currency) (Rate, error)
}

// ErrNoRate says that a source has no rate for a pair of currencies.
var ErrNoRate = errors.New("exchange: no rate for these currencies")

// ErrStale says that a rate is too old to sell at.
var ErrStale = errors.New("exchange: the rate is too old")

// ErrInvalid is what every *InvalidError is.
var ErrInvalid = errors.New("exchange: invalid input")

// InvalidError names the field that cannot be.
type InvalidError struct{ Field, Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "exchange: " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

func (r Rate) check() error {
	if _, err := pricing.ParseCurrency(string(r.From)); err != nil {
		return &InvalidError{"from", "must be an ISO 4217 code such as INR"}
	}
	if _, err := pricing.ParseCurrency(string(r.To)); err != nil {
		return &InvalidError{"to", "must be an ISO 4217 code such as USD"}
	}
	if !r.Value.IsPositive() || r.Value.NumDigits() > 18 || r.Value.Exponent() < -18 || r.Value.Exponent() > 0 {
		return &InvalidError{"value", "must be a plain number above zero, with at most 18 digits"}
	}
	return nil
}

// Table is a Source of rates that are given once. It is immutable.
type Table struct{ rates map[[2]pricing.Currency]Rate }

var _ Source = (*Table)(nil)

// NewTable makes a table of rates. A pair may be given once; the way back is another pair.
func NewTable(rates ...Rate) (*Table, error) {
	t := &Table{rates: make(map[[2]pricing.Currency]Rate, len(rates))}
	for i, r := range rates {
		pair := [2]pricing.Currency{r.From, r.To}
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("rates[%d]: %w", i, err)
		}
		if _, ok := t.rates[pair]; ok {
			return nil, &InvalidError{fmt.Sprintf("rates[%d]", i), "is for the same currencies as one before it"}
		}
		t.rates[pair] = r
	}
	return t, nil
}

// Rate implements Source.
func (t *Table) Rate(ctx context.Context, from, to pricing.Currency) (Rate, error) {
	if err := ctx.Err(); err != nil {
		return Rate{}, err
	}
	r, ok := t.rates[[2]pricing.Currency{from, to}]
	if !ok {
		return Rate{}, fmt.Errorf("%w: %s to %s", ErrNoRate, from, to)
	}
	return r, nil
}
