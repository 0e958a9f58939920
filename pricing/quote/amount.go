package quote

import (
	"github.com/shopspring/decimal"
)

// amount is a sum of money in millionths of the store's smallest unit ("cents": 10^-decimals of the currency).
// WooCommerce keeps six decimals of a cent, so every amount it stores is a whole number here.
type amount int64

// cent is one whole smallest unit.
const cent amount = 1_000_000

// Limits of what an Input may hold. They keep every intermediate result inside 64 and 128 bits.
const (
	// MaxLines is how many lines a quote takes.
	MaxLines = 200
	// MaxQuantity is the largest quantity of a line.
	MaxQuantity = 1_000_000
	// MaxCoupons, MaxFees and MaxRates bound the other lists.
	MaxCoupons = 20
	MaxFees    = 50
	MaxRates   = 5000

	// maxGross is the largest sum of everything charged before tax: a million million cents.
	maxGross = 1_000_000_000_000 * cent
	// maxDigits and maxPlaces bound the decimals taken from outside.
	maxDigits = 18
	maxPlaces = 12
)

// scaled is a decimal taken apart: value = coefficient * 10^-places.
type scaled struct {
	coefficient int64
	places      int
}

// scale takes a decimal apart when it is small enough to compute with, without allocating.
func scale(d decimal.Decimal) (scaled, bool) {
	places := -int(d.Exponent())
	if d.IsZero() {
		return scaled{}, true
	}
	if places < -maxPlaces || places > maxDigits || d.NumDigits() > maxDigits {
		return scaled{}, false
	}
	s := scaled{d.CoefficientInt64(), places}
	for s.places > 0 && s.coefficient%10 == 0 {
		s.coefficient, s.places = s.coefficient/10, s.places-1
	}
	for s.places < 0 {
		if s.coefficient > 1e17 || s.coefficient < -1e17 {
			return scaled{}, false
		}
		s.coefficient, s.places = s.coefficient*10, s.places+1
	}
	return s, s.places <= maxPlaces
}

// shown turns amounts into decimals of a fixed number of places. It remembers the last few, because a line's total is
// mostly its subtotal, and CGST is SGST: a decimal is two allocations.
type shown struct {
	drop   amount // what an amount has beyond the places
	places int32
	// last are the amounts it remembers, same their decimals, next the one it forgets first.
	last [4]amount
	same [4]decimal.Decimal
	next int
}

func newShown(decimals, places int) shown {
	return shown{drop: amount(pow10(decimals + 6 - places)), places: int32(places)}
}

// decimal gives the amount in major units; it must be a whole number of the places.
func (s *shown) decimal(a amount) decimal.Decimal {
	if a == 0 {
		return decimal.Decimal{}
	}
	for i, seen := range s.last {
		if seen == a {
			return s.same[i]
		}
	}
	d := decimal.New(int64(a/s.drop), -s.places)
	s.last[s.next], s.same[s.next] = a, d
	s.next = (s.next + 1) % len(s.last)
	return d
}

// pow10 is 10^n for n up to 19.
func pow10(n int) uint64 { return powers[n] }

var powers = [20]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// magnitude is the absolute value of an amount, and whether it was negative.
func (a amount) magnitude() (uint64, bool) {
	if a < 0 {
		return uint64(-a), true
	}
	return uint64(a), false
}

// withSign puts the sign back.
func withSign(n uint64, negative bool) amount {
	if negative {
		return -amount(n)
	}
	return amount(n)
}
