package quote

import (
	"cmp"
	"slices"
)

// applyCoupons computes the coupons that were accepted.
func (k *cart) applyCoupons(coupons []*coupon) {
	if len(coupons) == 0 {
		for i := range k.lines {
			k.lines[i].total = k.lines[i].price
		}
		return
	}
	prices := make([]amount, len(k.lines))
	for i := range k.lines {
		prices[i] = k.lines[i].price
	}
	d := k.newDiscounts(prices)
	for _, cp := range coupons {
		k.coupons = append(k.coupons, cartCoupon{coupon: cp})
	}
	k.computed = k.computeOrder()
	for _, n := range k.computed {
		cp := &k.coupons[n]
		d.apply(cp.coupon)
		k.share(cp, d.by[len(d.by)-1])
	}
	for i := range k.lines {
		k.lines[i].total = prices[i] - d.taken[i]
	}
}

// share splits what a coupon took into discount and tax, which nobody rounds.
func (k *cart) share(cp *cartCoupon, by []amount) {
	cp.discount = sum(by)
	for i, off := range by {
		if !k.taxed || !k.items[i].taxable() {
			continue
		}
		l := &k.lines[i]
		net, taxes := k.split(l, off)
		cp.discountTax += sum(taxes)
		cp.discount -= off - net
	}
	k.totals.discount += cp.discount
	k.totals.discountTax += cp.discountTax
}

// computeOrder is the order in which WooCommerce computes coupons, whatever order they were entered in: those on
// products, percentages, those on the cart; then those limited to fewer items, then the smaller, then the newer.
func (k *cart) computeOrder() []int {
	order := make([]int, len(k.coupons))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := k.coupons[x], k.coupons[y]
		return cmp.Or(
			cmp.Compare(a.Type.rank(), b.Type.rank()),
			cmp.Compare(a.LimitToItems, b.LimitToItems),
			a.Amount.Cmp(b.Amount),
			cmp.Compare(b.ID, a.ID),
		)
	})
	return order
}

func (t CouponType) rank() int {
	return slices.Index([]CouponType{FixedProductCoupon, PercentCoupon, FixedCartCoupon}, t)
}
