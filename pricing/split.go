package pricing

import (
	"cmp"
	"math/bits"
	"slices"
)

// maxParts bounds what one call of Split may allocate.
const maxParts = 1 << 16

// Split divides into n parts that differ by at most one minor unit and add
// up to m exactly. The larger parts come first: ₹100.00 in three is ₹33.34,
// ₹33.33, ₹33.33. A negative amount is split as its positive counterpart and
// negated. n is 1 to 65536; anything else is an *InvalidError.
func (m Money) Split(n int) ([]Money, error) {
	if n < 1 || n > maxParts {
		return nil, invalid("parts", "want 1 to 65536")
	}
	each, rest := m.minor/int64(n), m.minor%int64(n)
	parts := make([]Money, n)
	for i := range parts {
		parts[i] = Money{each, m.currency}
	}
	for i := range magnitude(rest) {
		parts[i].minor += int64(m.Sign())
	}
	return parts, nil
}

// Prorate divides in proportion to weights, one part per weight, and the
// parts add up to m exactly. Each part is rounded towards zero; the minor
// units that are left go one each to the parts that lost the most by it, and
// of equals to the earlier one. A weight of zero gets nothing. A negative
// amount is divided as its positive counterpart and negated.
//
// No weights, a negative weight or weights that are all zero are an
// *InvalidError; weights whose sum does not fit 64 bits are ErrOverflow.
func (m Money) Prorate(weights []int64) ([]Money, error) {
	total, err := sumWeights(weights)
	if err != nil {
		return nil, err
	}
	parts := make([]Money, len(weights))
	remainders := make([]remainder, len(weights))
	left := magnitude(m.minor)
	for i, w := range weights {
		hi, lo := bits.Mul64(magnitude(m.minor), uint64(w))
		share, lost := bits.Div64(hi, lo, total) // w ≤ total, so share ≤ |m|
		parts[i] = m.part(share)
		remainders[i] = remainder{i, lost}
		left -= share
	}
	slices.SortStableFunc(remainders, remainder.compare)
	for _, r := range remainders[:left] {
		parts[r.part].minor += int64(m.Sign())
	}
	return parts, nil
}

// remainder is what a part lost by rounding towards zero.
type remainder struct {
	part int
	lost uint64
}

// compare puts the larger loss first.
func (r remainder) compare(o remainder) int { return cmp.Compare(o.lost, r.lost) }

// part has the size given and the sign of m.
func (m Money) part(size uint64) Money {
	minor, _ := signed(size, m.minor < 0)
	return Money{minor, m.currency}
}

func sumWeights(weights []int64) (uint64, error) {
	var total uint64
	for _, w := range weights {
		if w < 0 {
			return 0, invalid("weights", "must not be negative")
		}
		total += uint64(w)
		if total >= 1<<63 {
			return 0, &InvalidError{Field: "weights", Reason: "add up to more than 64 bits", Err: ErrOverflow}
		}
	}
	if total == 0 {
		return 0, invalid("weights", "want at least one above zero")
	}
	return total, nil
}
