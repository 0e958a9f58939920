package pricing

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/shopspring/decimal"
)

// Money is an exact amount: whole minor units (paise, cents) and a currency.
//
// It is immutable, comparable with ==, safe for concurrent use and takes no
// allocation to compute with. Its zero value is nothing: it has no currency
// and adds to any. No operation panics or wraps around; what does not fit 64
// bits is ErrOverflow.
type Money struct {
	minor    int64
	currency Currency
}

// New makes an amount of minor units: New(49900, INR) is ₹499.00.
func New(minor int64, c Currency) (Money, error) {
	if _, err := ParseCurrency(string(c)); err != nil {
		return Money{}, err
	}
	return Money{minor, c}, nil
}

// Paise makes an amount in Indian rupees; 100 paise are one rupee.
func Paise(n int64) Money { return Money{n, INR} }

// Sum adds up. The sum of nothing is nothing.
func Sum(ms ...Money) (Money, error) {
	var total Money
	for _, m := range ms {
		var err error
		if total, err = total.Add(m); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}

// Minor is the amount in minor units.
func (m Money) Minor() int64 { return m.minor }

// Currency is empty for the zero value.
func (m Money) Currency() Currency { return m.currency }

// IsZero reports whether the amount is zero, in whatever currency.
func (m Money) IsZero() bool { return m.minor == 0 }

// Sign is -1, 0 or 1.
func (m Money) Sign() int {
	switch {
	case m.minor < 0:
		return -1
	case m.minor > 0:
		return 1
	}
	return 0
}

// Add returns m + o. Amounts of different currencies are refused with a
// *CurrencyMismatchError, results out of range with ErrOverflow.
func (m Money) Add(o Money) (Money, error) {
	c, err := m.common(o)
	if err != nil {
		return Money{}, err
	}
	sum := m.minor + o.minor
	if (sum > m.minor) != (o.minor > 0) && o.minor != 0 {
		return Money{}, ErrOverflow
	}
	return Money{sum, c}, nil
}

// Sub returns m - o, with the errors of Add.
func (m Money) Sub(o Money) (Money, error) {
	c, err := m.common(o)
	if err != nil {
		return Money{}, err
	}
	diff := m.minor - o.minor
	if (diff < m.minor) != (o.minor > 0) && o.minor != 0 {
		return Money{}, ErrOverflow
	}
	return Money{diff, c}, nil
}

// Mul returns m × n, for a quantity.
func (m Money) Mul(n int64) (Money, error) {
	hi, lo := bits.Mul64(magnitude(m.minor), magnitude(n))
	minor, ok := signed(lo, (m.minor < 0) != (n < 0))
	if hi != 0 || !ok {
		return Money{}, ErrOverflow
	}
	return Money{minor, m.currency}, nil
}

// Neg returns -m. Only the one amount without a positive counterpart,
// -2⁶³ minor units, is ErrOverflow.
func (m Money) Neg() (Money, error) {
	if m.minor == math.MinInt64 {
		return Money{}, ErrOverflow
	}
	return Money{-m.minor, m.currency}, nil
}

// Cmp is -1, 0 or 1 as m is less than, equal to or more than o. Nothing
// compares with any currency as zero.
func (m Money) Cmp(o Money) (int, error) {
	if _, err := m.common(o); err != nil {
		return 0, err
	}
	switch {
	case m.minor < o.minor:
		return -1, nil
	case m.minor > o.minor:
		return 1, nil
	}
	return 0, nil
}

// Equal reports whether amount and currency are the same, as == does. ₹0.00
// and nothing are not Equal, though Cmp finds them of one size. go-cmp uses
// this method.
func (m Money) Equal(o Money) bool { return m == o }

// Decimal is the amount in major units: 499.00 for ₹499.00.
func (m Money) Decimal() decimal.Decimal {
	return decimal.New(m.minor, -int32(m.currency.MinorDigits()))
}

// Amount writes the amount as a plain decimal with all digits of the
// currency: "499.00", "-0.05", "1500" for yen. Parse and ParseSigned read it.
func (m Money) Amount() string {
	var buf [24]byte
	return string(m.appendAmount(buf[:0]))
}

// String writes the currency and the amount: "INR 499.00". The zero value
// is "0".
func (m Money) String() string {
	var buf [28]byte
	return string(m.appendText(buf[:0]))
}

func (m Money) appendText(b []byte) []byte {
	if m.currency != "" {
		b = append(append(b, m.currency...), ' ')
	}
	return m.appendAmount(b)
}

func (m Money) appendAmount(b []byte) []byte {
	if m.minor < 0 {
		b = append(b, '-')
	}
	digits := m.currency.MinorDigits()
	whole, part := magnitude(m.minor)/pow10(digits), magnitude(m.minor)%pow10(digits)
	b = strconv.AppendUint(b, whole, 10)
	if digits == 0 {
		return b
	}
	b = append(b, '.')
	for unit := pow10(digits - 1); unit > 0; unit /= 10 {
		b = append(b, byte('0'+part/unit%10))
	}
	return b
}

// common is the currency of a result: nothing takes that of the other.
func (m Money) common(o Money) (Currency, error) {
	switch {
	case m.currency == o.currency || o == Money{}:
		return m.currency, nil
	case m == Money{}:
		return o.currency, nil
	}
	return "", &CurrencyMismatchError{Have: o.currency, Want: m.currency}
}

// magnitude is |n|, exact for the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// signed puts the sign back and reports whether the value fits.
func signed(magnitude uint64, negative bool) (int64, bool) {
	if negative {
		return -int64(magnitude), magnitude <= 1<<63
	}
	return int64(magnitude), magnitude < 1<<63
}

// pow10 is 10ⁿ for 0 ≤ n ≤ 19.
func pow10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}
