package quote

import (
	"math"
	"math/big"
)

// percent takes a percentage off every line, rounded down to whole cents, and gives the cents that the whole cart is
// owed beyond the sum of its lines one by one.
func (d *discounts) percent(n int, cp *coupon, eligible []int) {
	q, given := quota{limit: cp.LimitToItems}, amount(0)
	base := new(big.Rat) // of the whole cart, in cents
	for _, i := range eligible {
		it, left := &d.items[i], d.left(i)
		price := left
		if !d.c.in.Settings.SequentialDiscounts {
			price = d.c.toCents(d.c.inCart, it.price)
		}
		pieces := q.take(it.Quantity)
		off := min(left, floorPercentFloat64(price, it.Quantity, pieces, cp.percent)*cent)
		d.give(n, i, off)
		given += off
		base.Add(base, new(big.Rat).SetFrac64(int64(price/cent)*pieces, it.Quantity))
	}
	if owed := d.owed(base, cp); given < owed {
		d.remainder(n, eligible, owed-given)
	}
}

// owed is the percentage of the whole cart in whole cents; half a cent is not given.
func (d *discounts) owed(base *big.Rat, cp *coupon) amount {
	s, _ := scale(cp.Amount)
	num := new(big.Int).Mul(base.Num(), big.NewInt(s.coefficient))
	den := new(big.Int).Mul(base.Denom(), new(big.Int).SetUint64(100*pow10(s.places)))
	return d.c.inCart.grid.ratioWide(cent, num, den, cent, halfDown)
}

// floorPercentFloat64 is the one place where WooCommerce's result depends on binary floating point
// (WC_Discounts::apply_coupon_percent): it divides, multiplies and rounds down doubles, so 10 % of 70 cents can be 6
// cents and not 7. The same operations in the same order on the same doubles give the same cents. The results are
// whole numbers far below 2^53, so nothing else of a float leaves this function.
func floorPercentFloat64(price amount, quantity, pieces int64, percent float64) amount {
	base := float64(price/cent) / float64(quantity) * float64(pieces)
	return amount(math.Floor(base * (percent / 100)))
}
