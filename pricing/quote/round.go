package quote

import (
	"math/big"
	"math/bits"
)

// mode is where a half goes: PHP_ROUND_HALF_UP is away from zero, PHP_ROUND_HALF_DOWN towards it.
type mode uint8

const (
	halfUp mode = iota
	halfDown
)

// significant is how many digits PHP 5.3 to 8.3 trusts in a double: round() takes a number to 15 significant digits
// before it rounds to the places that were asked for.
const significant = 15

// grid says how a number is normalised before it is rounded: WooCommerce 10's NumberUtil::round takes it to six
// decimals first, counted in cents in the cart and in the currency's own unit in orders. Zero means no such step (9.8).
type grid amount

// round takes a to a whole multiple of step (a power of ten) as WooCommerce does: to 15 significant digits, to the
// grid, then to the step.
func (g grid) round(a, step amount, m mode) amount {
	n, negative := a.magnitude()
	return withSign(g.finish(trim(n), 0, step, m), negative)
}

// ratio rounds a*n/d in the same way, without rounding in between.
func (g grid) ratio(a amount, n, d uint64, step amount, m mode) amount {
	mag, negative := a.magnitude()
	hi, lo := bits.Mul64(mag, n)
	if hi >= d {
		return withSign(overflowed, negative)
	}
	q, r := bits.Div64(hi, lo, d)
	if r == 0 {
		return withSign(g.finish(trim(q), 0, step, m), negative)
	}
	digits := countDigits(q)
	if digits > significant {
		return g.ratioWide(a, new(big.Int).SetUint64(n), new(big.Int).SetUint64(d), step, m)
	}
	shift := significant - digits
	hi, lo = mul128(hi, lo, pow10(shift))
	q, r = bits.Div64(hi, lo, d)
	if r >= d-r {
		q++
	}
	return withSign(g.finish(q, shift, step, m), negative)
}

// ratioWide is ratio for numbers of any size.
func (g grid) ratioWide(a amount, n, d *big.Int, step amount, m mode) amount {
	mag, negative := a.magnitude()
	num := new(big.Int).SetUint64(mag)
	num.Mul(num, n)
	digits := countDigits(clamp(new(big.Int).Quo(num, d)))
	shift, unit := significant-digits, uint64(1)
	if shift < 0 {
		shift, unit = 0, pow10(-shift)
	}
	num.Mul(num, new(big.Int).SetUint64(pow10(shift)))
	den := new(big.Int).SetUint64(unit)
	den.Mul(den, d)
	q, r := num.QuoRem(num, den, new(big.Int))
	if r.Lsh(r, 1).Cmp(den) >= 0 {
		q.Add(q, big.NewInt(1))
	}
	top := clamp(q)
	if top > overflowed/unit {
		return withSign(overflowed, negative)
	}
	return withSign(g.finish(top*unit, shift, step, m), negative)
}

// overflowed stands for a result beyond every limit: larger than any sum that passes the checks at the end.
const overflowed = uint64(1) << 62

func clamp(n *big.Int) uint64 {
	if !n.IsUint64() || n.Uint64() > overflowed {
		return overflowed
	}
	return n.Uint64()
}

// finish rounds n, which has 15 significant digits and shift decimals below an amount, to the grid and then to step.
func (g grid) finish(n uint64, shift int, step amount, m mode) uint64 {
	if g > 1 || (g == 1 && shift > 0) {
		n, shift = halfAt(n, shift, uint64(g), halfUp)*uint64(g), 0
	}
	if uint64(step) == uint64(g) {
		return n
	}
	return halfAt(n, shift, uint64(step), m) * uint64(step)
}

// halfAt divides n by unit*10^shift and rounds to the nearest whole number; the mode decides about halves.
func halfAt(n uint64, shift int, unit uint64, m mode) uint64 {
	over, by := bits.Mul64(pow10(shift), unit)
	if over > 0 { // n has at most 19 digits: nothing of it is left
		return 0
	}
	q, r := n/by, n%by
	if r > by-r || (r == by-r && r > 0 && m == halfUp) {
		q++
	}
	return q
}

// trim takes a whole number to 15 significant digits.
func trim(n uint64) uint64 {
	digits := countDigits(n)
	if digits <= significant {
		return n
	}
	unit := pow10(digits - significant)
	return halfAt(n, 0, unit, halfUp) * unit
}

// mul128 multiplies a 128 bit number by n; the caller knows that the product fits.
func mul128(hi, lo, n uint64) (uint64, uint64) {
	carry, low := bits.Mul64(lo, n)
	return hi*n + carry, low
}

// countDigits is how many decimal digits n has, at least 1.
func countDigits(n uint64) int {
	digits := bits.Len64(n) * 1233 >> 12 // log10(2) is a little more than 1233/4096
	if n >= pow10(digits) {
		digits++
	}
	return max(digits, 1)
}
