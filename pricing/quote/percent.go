package quote

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// percent takes a percentage off every line, rounded down to whole cents, and gives the cents that the whole cart is
// owed beyond the sum of its lines one by one.
func (d *discounts) percent(n int, cp *coupon, eligible []int) {
	q, given := quota{limit: cp.LimitToItems}, amount(0)
	var base base
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
		base.add(price, it.Quantity, pieces)
	}
	if owed := d.owed(&base, cp); given < owed {
		d.remainder(n, eligible, owed-given)
	}
}

// base is what a percentage is taken of: the lines' prices, and of the line where a coupon's limit of items is reached
// only the pieces within it.
type base struct {
	whole            amount
	part             amount
	pieces, quantity int64
}

func (b *base) add(price amount, quantity, pieces int64) {
	switch pieces {
	case quantity:
		b.whole += price
	case 0:
	default:
		b.part, b.pieces, b.quantity = price, pieces, quantity
	}
}

// owed is the percentage of the base in whole cents; half a cent is not given.
func (d *discounts) owed(b *base, cp *coupon) amount {
	s, _ := scale(cp.Amount)
	g, n, by := d.c.inCart.grid, uint64(s.coefficient), 100*pow10(s.places)
	if b.part == 0 {
		return g.ratio(b.whole, n, by, cent, halfDown)
	}
	sum := new(big.Int).Mul(big.NewInt(int64(b.whole)), big.NewInt(b.quantity))
	sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(b.part)), big.NewInt(b.pieces)))
	sum.Mul(sum, new(big.Int).SetUint64(n))
	den := new(big.Int).Mul(big.NewInt(b.quantity), new(big.Int).SetUint64(by))
	return g.ratioWide(1, sum, den, cent, halfDown)
}

// double is PHP's floating point number. Nothing but floorPercentFloat64 computes with it.
type double float64 //nolint:forbidigo // WooCommerce's own result depends on binary floating point here

// readDouble is a percentage as PHP reads it: the double that is nearest to its digits.
func readDouble(d decimal.Decimal) double {
	nearest, _ := d.Float64() //nolint:forbidigo // see double
	return double(nearest)
}

// floorPercentFloat64 is the one place where WooCommerce's result depends on binary floating point
// (WC_Discounts::apply_coupon_percent): it divides, multiplies and rounds down doubles, so 29 % of 100 cents is 28 cents
// and not 29. The same operations in the same order on the same doubles give the same cents. The results are whole
// numbers far below 2^53, so nothing else of a float leaves this function.
func floorPercentFloat64(price amount, quantity, pieces int64, percent double) amount {
	base := double(price/cent) / double(quantity) * double(pieces)
	return amount(base * (percent / 100)) // not negative, so dropping the fraction rounds down
}
