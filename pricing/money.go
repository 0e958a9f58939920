package pricing

import (
	"cmp"
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
	return cmp.Compare(m.minor, 0)
}

// Add returns m + o. Amounts of different currencies are refused with a
// *CurrencyMismatchError, results out of range with ErrOverflow.
func (m Money) Add(o Money) (Money, error) {
	if m.currency != o.currency {
		return m.unlike(o)
	}
	sum := m.minor + o.minor
	if (m.minor^sum)&(o.minor^sum) < 0 { // the sign of the sum is neither's
		return Money{}, ErrOverflow
	}
	return Money{sum, m.currency}, nil
}

// Sub returns m - o, with the errors of Add.
func (m Money) Sub(o Money) (Money, error) {
	if m.currency != o.currency {
		if m == (Money{}) {
			return o.Neg()
		}
		return m.unlike(o)
	}
	diff := m.minor - o.minor
	if (m.minor^o.minor)&(m.minor^diff) < 0 {
		return Money{}, ErrOverflow
	}
	return Money{diff, m.currency}, nil
}

// Mul returns m × n, for a quantity.
func (m Money) Mul(n int64) (Money, error) {
	hi, lo := bits.Mul64(uint64(m.minor), uint64(n))
	hi -= uint64(m.minor>>63&n + n>>63&m.minor) // from unsigned to signed
	if int64(hi) != int64(lo)>>63 {
		return Money{}, ErrOverflow
	}
	return Money{int64(lo), m.currency}, nil
}

// unlike adds amounts whose currencies are not the same, which is possible
// when one of them is nothing.
func (m Money) unlike(o Money) (Money, error) {
	switch {
	case o == Money{}:
		return m, nil
	case m == Money{}:
		return o, nil
	}
	return Money{}, &CurrencyMismatchError{Have: o.currency, Want: m.currency}
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
	if m.currency != o.currency {
		if _, err := m.unlike(o); err != nil {
			return 0, err
		}
	}
	return cmp.Compare(m.minor, o.minor), nil
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
