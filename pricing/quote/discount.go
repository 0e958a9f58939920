package quote

import (
	"cmp"
	"slices"
)

// discountItem is a line as coupons see it: its price is with tax when prices are.
type discountItem struct {
	*item
	price amount
}

// discounts works out what coupons take off each line, in cents (WC_Discounts). Coupons are applied one after the
// other; by[coupon][line] is what each took.
type discounts struct {
	c     *calc
	items []discountItem
	// walk is the order in which coupons visit the lines.
	walk []int
	by   [][]amount
	// taken is the sum over coupons.
	taken []amount
}

func (c *calc) newDiscounts(prices []amount) *discounts {
	d := &discounts{c: c, items: make([]discountItem, len(prices)), walk: make([]int, len(prices)), taken: make([]amount, len(prices))}
	for i := range prices {
		d.items[i] = discountItem{&c.items[i], prices[i]}
		d.walk[i] = i
	}
	slices.SortStableFunc(d.walk, func(a, b int) int { return d.compare(&d.items[a], &d.items[b]) })
	return d
}

// compare puts the dearer line first: by unit price, and before 10.0 by the line's price times its quantity.
func (d *discounts) compare(a, b *discountItem) int {
	if d.c.rules.byUnitPrice {
		return compareProducts(b.price, a.Quantity, a.price, b.Quantity)
	}
	return compareProducts(b.price, b.Quantity, a.price, a.Quantity)
}

// compareProducts compares a*m with b*n; all are not negative.
func compareProducts(a amount, m int64, b amount, n int64) int {
	ahi, alo := mul128(0, uint64(a), uint64(m))
	bhi, blo := mul128(0, uint64(b), uint64(n))
	return cmp.Or(cmp.Compare(ahi, bhi), cmp.Compare(alo, blo))
}

// left is what of a line's price is not yet discounted, in whole cents. WooCommerce takes the absolute value, so half
// a cent too much counts as one cent left.
func (d *discounts) left(i int) amount {
	rest := d.c.toCents(d.c.inCart, d.items[i].price-d.taken[i])
	return max(rest, -rest)
}

func (d *discounts) give(coupon, line int, a amount) {
	d.by[coupon][line] += a
	d.taken[line] += a
}

// apply computes one coupon.
func (d *discounts) apply(cp *coupon) {
	d.by = append(d.by, make([]amount, len(d.items)))
	n := len(d.by) - 1
	var eligible []int
	for _, i := range d.walk {
		if d.left(i) > 0 && (cp.Type == FixedCartCoupon || cp.covers(cp.on[i])) {
			eligible = append(eligible, i)
		}
	}
	switch cp.Type {
	case PercentCoupon:
		d.percent(n, cp, eligible)
	case FixedProductCoupon:
		d.fixedProduct(n, cp, eligible, cp.fixed)
	case FixedCartCoupon:
		d.fixedCart(n, cp, eligible, cp.fixed)
	}
}

// quota counts down a coupon's limit of items; zero means no limit.
type quota struct{ limit, used int64 }

func (q *quota) take(quantity int64) int64 {
	if q.limit > 0 && q.limit-q.used < quantity {
		quantity = max(0, q.limit-q.used)
	}
	q.used += quantity
	return quantity
}

// fixedProduct takes an amount off every piece.
func (d *discounts) fixedProduct(n int, cp *coupon, eligible []int, each amount) amount {
	q, total := quota{limit: cp.LimitToItems}, amount(0)
	for _, i := range eligible {
		it := &d.items[i]
		pieces := q.take(it.Quantity)
		off := times(each, pieces)
		if cp.LimitToItems > 0 {
			off = d.capped(it, each, pieces)
		}
		off = min(d.left(i), off)
		d.give(n, i, off)
		total += off
	}
	return total
}

// capped is the smaller of the amount and the unit price, times the pieces.
func (d *discounts) capped(it *discountItem, each amount, pieces int64) amount {
	if compareProducts(each, it.Quantity, it.price, 1) <= 0 {
		return times(each, pieces)
	}
	return grid(0).ratio(it.price, uint64(pieces), uint64(it.Quantity), 1, halfUp)
}

// times multiplies, stopping at more than any line can be.
func times(a amount, n int64) amount {
	if a > 0 && n > int64(2*maxGross/a) {
		return 2 * maxGross
	}
	return a * amount(n)
}

// maxRounds is how often fixedCart starts again. Two or three times is usual; a coupon limited to a few of very many
// pieces goes on for so long that WooCommerce itself runs out of stack.
const maxRounds = 5000

// fixedCart spreads an amount over all pieces: the same whole cents for each, again and again while something is
// left, and the last cents one by one.
func (d *discounts) fixedCart(n int, cp *coupon, eligible []int, rest amount) {
	for round := 0; rest > 0; round++ {
		if round == maxRounds {
			d.c.fail(&UnsupportedError{Feature: "a fixed cart coupon that never comes to an end"})
			return
		}
		eligible = slices.DeleteFunc(slices.Clone(eligible), func(i int) bool { return d.left(i) == 0 })
		pieces := int64(0)
		for _, i := range eligible {
			pieces += d.items[i].Quantity
		}
		if pieces == 0 {
			return
		}
		each := rest / amount(pieces) / cent * cent
		if each == 0 {
			d.remainder(n, eligible, rest)
			return
		}
		given := d.fixedProduct(n, cp, eligible, each)
		if given == 0 {
			return
		}
		rest -= given
	}
}

// remainder gives single cents, one for each piece, until the rest is given.
func (d *discounts) remainder(n int, eligible []int, rest amount) {
	for _, i := range eligible {
		rest -= d.centByCent(n, i, rest)
		if rest <= 0 {
			return
		}
	}
}

// centByCent gives a line a cent for each of its pieces, until rest is given or nothing is left.
func (d *discounts) centByCent(n, i int, rest amount) amount {
	owed := (rest + cent - 1) / cent * cent
	if rest := (d.items[i].price - d.taken[i]) % cent; rest != cent/2 && rest != -cent/2 {
		off := min(d.left(i), times(cent, d.items[i].Quantity), owed)
		d.give(n, i, off)
		return off
	}
	given := amount(0) // half a cent over: what is left does not simply count down, see left
	for range d.items[i].Quantity {
		off := min(d.left(i), cent)
		if off == 0 || given >= rest {
			break
		}
		d.give(n, i, off)
		given += off
	}
	return given
}
