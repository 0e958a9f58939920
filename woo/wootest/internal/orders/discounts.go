package orders

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// Discounts applies coupons to an order's lines (WC_Discounts). Amounts are in
// the currency's smallest unit, with decimals where WooCommerce has them.
type Discounts struct {
	Totals *Totals
	Items  []*DiscountItem
	Now    time.Time
}

// DiscountItem is a line on its way through the coupons: what it costs and what was taken from
// it so far (WC_Discounts::$items).
type DiscountItem struct {
	line     *site.OrderLine
	Product  *shop.Product
	price    decimal.Decimal // of the whole line, with tax in a shop that enters prices with tax
	Quantity int64
	given    decimal.Decimal // by all coupons so far
	last     decimal.Decimal // by the coupon being applied
}

// unit is 10^decimals: one rupee in paise.
func (t *Totals) unit() decimal.Decimal { return decimal.New(1, t.Shop.Decimals()) }

// NewDiscounts orders the lines by unit price, dearest first.
func (t *Totals) NewDiscounts(now time.Time) *Discounts {
	d := &Discounts{Totals: t, Now: now}
	for _, l := range t.order.Lines {
		price := l.Subtotal
		if t.order.PricesIncludeTax {
			price = price.Add(l.SubtotalTax)
		}
		d.Items = append(d.Items, &DiscountItem{
			line: l, Product: t.State.ProductOf(l), price: price.Mul(t.unit()), Quantity: l.Quantity,
		})
	}
	slices.SortStableFunc(d.Items, func(a, b *DiscountItem) int { return b.unitPrice().Cmp(a.unitPrice()) })
	return d
}

func (i *DiscountItem) unitPrice() decimal.Decimal {
	if i.Quantity == 0 {
		return decimal.Zero
	}
	return i.price.DivRound(decimal.NewFromInt(i.Quantity), shop.DivisionDigits)
}

// left is what can still be taken, in whole units.
func (i *DiscountItem) left() decimal.Decimal {
	return i.price.Sub(i.given).Round(wp.RoundingPrecision).Round(0).Abs()
}

func (i *DiscountItem) take(amount decimal.Decimal) {
	i.given = i.given.Add(amount)
	i.last = i.last.Add(amount)
}

// applicable are the lines a coupon takes from.
func (d *Discounts) applicable(c *site.Coupon) []*DiscountItem {
	var out []*DiscountItem
	for _, i := range d.Items {
		if i.Quantity > 0 && i.left().IsPositive() && (!c.PerItem() || c.Fits(d.Totals.State, i.Product, d.Now)) {
			out = append(out, i)
		}
	}
	return out
}

// apply takes one coupon's discount and answers what each line gave.
func (d *Discounts) apply(c *site.Coupon) map[*site.OrderLine]decimal.Decimal {
	for _, i := range d.Items {
		i.last = decimal.Zero
	}
	items := d.applicable(c)
	switch c.DiscountType {
	case "percent":
		d.percent(c, items)
	case "fixed_product":
		d.fixedProduct(items, c.Amount.Mul(d.Totals.unit()), c.LimitToItems)
	case "fixed_cart":
		d.fixedCart(items, c.Amount.Mul(d.Totals.unit()))
	}
	out := map[*site.OrderLine]decimal.Decimal{}
	for _, i := range d.Items {
		out[i.line] = i.last.DivRound(d.Totals.unit(), shop.DivisionDigits)
	}
	return out
}

func (d *Discounts) percent(c *site.Coupon, items []*DiscountItem) {
	base, sum := decimal.Zero, decimal.Zero
	limit := newLimit(c.LimitToItems)
	for _, i := range items {
		price := i.price.Round(wp.RoundingPrecision).Round(0)
		if d.Totals.Shop.Yes("woocommerce_calc_discounts_sequentially") {
			price = i.left()
		}
		quantity := limit.take(i.Quantity)
		price = price.Mul(decimal.NewFromInt(quantity)).DivRound(decimal.NewFromInt(i.Quantity), shop.DivisionDigits)
		discount := price.Mul(c.Amount).Shift(-2).Round(10).Floor()
		discount = decimal.Min(i.left(), discount)
		base, sum = base.Add(price), sum.Add(discount)
		i.take(discount)
	}
	want := RoundHalfDown(base.Mul(c.Amount).Shift(-2).Round(wp.RoundingPrecision), 0)
	if sum.LessThan(want) {
		remainder(items, want.Sub(sum))
	}
}

// remainder gives single units of what rounding kept back, one per piece.
func remainder(items []*DiscountItem, amount decimal.Decimal) {
	given := decimal.Zero
	for _, i := range items {
		for range i.Quantity {
			one := decimal.Min(i.left(), decimal.NewFromInt(1))
			if !one.IsPositive() {
				break
			}
			i.take(one)
			if given = given.Add(one); given.GreaterThanOrEqual(amount) {
				return
			}
		}
	}
}

func (d *Discounts) fixedProduct(items []*DiscountItem, amount decimal.Decimal, limited *int64) decimal.Decimal {
	sum := decimal.Zero
	limit := newLimit(limited)
	for _, i := range items {
		discount := amount.Mul(decimal.NewFromInt(i.Quantity))
		if limited != nil {
			quantity := limit.take(i.Quantity)
			discount = decimal.Min(amount, i.unitPrice()).Mul(decimal.NewFromInt(quantity))
		}
		discount = decimal.Min(i.left(), discount)
		i.take(discount)
		sum = sum.Add(discount)
	}
	return sum
}

// fixedCart spreads an amount over all pieces, whole units first.
func (d *Discounts) fixedCart(items []*DiscountItem, amount decimal.Decimal) {
	for amount.IsPositive() {
		items = slices.DeleteFunc(slices.Clone(items), func(i *DiscountItem) bool { return !i.left().IsPositive() })
		pieces := int64(0)
		for _, i := range items {
			pieces += i.Quantity
		}
		if pieces == 0 {
			return
		}
		per := amount.Div(decimal.NewFromInt(pieces)).Truncate(0)
		if !per.IsPositive() {
			remainder(items, amount)
			return
		}
		given := d.fixedProduct(items, per, nil)
		if !given.IsPositive() {
			return
		}
		amount = amount.Sub(given)
	}
}

// itemLimit counts down limit_usage_to_x_items.
type itemLimit struct {
	on   bool
	left int64
}

func newLimit(n *int64) *itemLimit {
	if n == nil || *n == 0 {
		return &itemLimit{}
	}
	return &itemLimit{on: true, left: *n}
}

func (l *itemLimit) take(quantity int64) int64 {
	if !l.on {
		return quantity
	}
	n := min(l.left, quantity)
	l.left -= n
	return n
}

// ApplyCoupons puts the coupons on the order in the order given: every line
// first falls back to its subtotal, then pays its part of each discount
// (WC_Abstract_Order::recalculate_coupons). Totals are calculated after it.
func (t *Totals) ApplyCoupons(list []*site.Coupon, now time.Time) {
	o := t.order
	t.weights = map[int64]decimal.Decimal{}
	for _, l := range o.Lines {
		t.weights[l.ID] = l.Total
		l.Total, l.TotalTax = l.Subtotal, l.SubtotalTax
	}
	d := t.NewDiscounts(now)
	before := o.Coupons
	o.Coupons = nil
	for _, c := range list {
		line := t.couponLine(c, d.apply(c))
		keepIDs(line, before, t.State)
		o.Coupons = append(o.Coupons, line)
	}
	for _, i := range d.Items {
		amount := i.given.DivRound(t.unit(), shop.DivisionDigits)
		if t.discountHasTax(i.line) {
			amount = amount.Sub(shop.SumShares(shop.InclusiveTax(amount, t.ratesFor(i.line.TaxClass))))
		}
		i.line.Total = decimal.Max(decimal.Zero, i.line.Total.Sub(amount)).Round(wp.RoundingPrecision)
	}
}

func (t *Totals) discountHasTax(l *site.OrderLine) bool {
	return t.order.PricesIncludeTax && t.taxesOn() && t.lineTaxStatus(l) == "taxable"
}

// couponLine is what the order notes about one coupon; its tax is rounded per
// line unless the shop rounds at the subtotal.
func (t *Totals) couponLine(c *site.Coupon, given map[*site.OrderLine]decimal.Decimal) *site.CouponLine {
	line := &site.CouponLine{Code: c.Code, Kind: c.DiscountType, Amount: c.Amount, FreeShipping: c.FreeShipping, Info: CouponInfo(c)}
	for _, l := range t.order.Lines {
		amount := given[l]
		line.Discount = line.Discount.Add(amount)
		if t.lineTaxStatus(l) != "taxable" || !t.taxesOn() {
			continue
		}
		rates := t.ratesFor(l.TaxClass)
		taxes := shop.SumShares(shop.ExclusiveTax(amount, rates))
		if t.order.PricesIncludeTax {
			taxes = shop.SumShares(shop.InclusiveTax(amount, rates))
		}
		taxes = t.lineTaxRound(taxes)
		line.DiscountTax = line.DiscountTax.Add(taxes)
		if t.order.PricesIncludeTax {
			line.Discount = line.Discount.Sub(taxes)
		}
	}
	return line
}

// keepIDs gives a line that was there before its ids back.
func keepIDs(l *site.CouponLine, before []*site.CouponLine, st *site.State) {
	for _, old := range before {
		if old.Code == l.Code {
			l.ID, l.Info.ID = old.ID, old.Info.ID
			return
		}
	}
	l.ID, l.Info.ID = st.ItemID(), st.MetaID()
}

// CouponInfo is the coupon_info that WooCommerce keeps on an order's coupon line: what the
// coupon was when it was used.
func CouponInfo(c *site.Coupon) shop.MetaData {
	info, err := wp.PlainJSON([]any{c.ID, c.Code, c.DiscountType, wp.JSONNumber(c.Amount)})
	if err != nil { // numbers and strings always encode
		info = []byte("[]")
	}
	return site.TextMeta(0, "coupon_info", string(info))
}
