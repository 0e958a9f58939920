package property_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/pricing/quote"
)

// TestQuoteCartAgreesWithFractions computes carts with coupons a second time, slowly, in exact fractions of a paisa.
// The one step in which WooCommerce's result depends on binary floating point is a float here too.
func TestQuoteCartAgreesWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Fees = slices.DeleteFunc(in.Fees, func(f quote.Fee) bool { return f.Amount.IsNegative() })
		in.Shipping = nil
		got, err := quote.Cart(in)
		if errors.Is(err, quote.ErrUnsupported) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		m := newSlowCart(&in)
		for _, c := range got.Coupons {
			i := slices.IndexFunc(in.Coupons, func(known quote.Coupon) bool { return known.Code == c.Code })
			m.coupons = append(m.coupons, &in.Coupons[i])
		}
		m.compute()
		for i := range in.Lines {
			m.same(t, "subtotal of "+in.Lines[i].Key, got.Lines[i].Subtotal, m.net(m.lines[i], m.lines[i].price))
			m.same(t, "total of "+in.Lines[i].Key, got.Lines[i].Total, m.net(m.lines[i], m.left(i)))
		}
		m.same(t, "total", got.Totals.Total, m.total())
	})
}

// slowCart is WooCommerce's cart arithmetic in fractions of a cent.
type slowCart struct {
	slowModel
	cents   *big.Rat
	lines   []*slowLine
	coupons []*quote.Coupon
}

type slowLine struct {
	*quote.Line
	price, taken *big.Rat
	rates        []quote.TaxRate // none when the line is not taxed
}

func newSlowCart(in *quote.Input) *slowCart {
	m := &slowCart{slowModel: slowModel{in: in, total: new(big.Rat)}, cents: new(big.Rat).SetInt64(int64(math.Pow10(in.Settings.Decimals)))}
	for i := range in.Lines {
		l := &slowLine{Line: &in.Lines[i], taken: new(big.Rat)}
		l.price = m.add(new(big.Rat).Mul(l.UnitPrice.Rat(), big.NewRat(l.Quantity, 1)))
		if l.TaxStatus == quote.Taxable {
			m.place(l)
		}
		m.lines = append(m.lines, l)
	}
	return m
}

// add turns an amount of the currency into cents, with the six decimals of the currency that WooCommerce keeps.
func (m *slowCart) add(v *big.Rat) *big.Rat {
	return slowRound(new(big.Rat).Mul(v, m.cents), 6-m.in.Settings.Decimals, false)
}

// place puts the customer's tax into a price that was entered with the shop's.
func (m *slowCart) place(l *slowLine) {
	l.rates = m.rates(l.TaxClass, m.in.ShipTo.State)
	base := m.rates(l.TaxClass, "KA")
	same := slices.EqualFunc(base, l.rates, func(a, b quote.TaxRate) bool { return a.ID == b.ID })
	if !m.in.Settings.PricesIncludeTax || same {
		return
	}
	l.price = new(big.Rat).Sub(l.price, inside(l.price, base))
	for _, tax := range on(l.price, l.rates) {
		l.price = new(big.Rat).Add(l.price, tax)
	}
}

// taxes are those of an amount of the line, in six decimals of a cent.
func (m *slowCart) taxes(l *slowLine, amount *big.Rat) []*big.Rat {
	if !m.in.Settings.PricesIncludeTax {
		return on(amount, l.rates)
	}
	var taxes []*big.Rat
	for i := range l.rates {
		taxes = append(taxes, m.oneInside(l, amount, i))
	}
	return taxes
}

// oneInside is the tax of one of the rates inside an amount.
func (m *slowCart) oneInside(l *slowLine, amount *big.Rat, at int) *big.Rat {
	rest, regular := new(big.Rat).Set(amount), big.NewRat(1, 1)
	for i := len(l.rates) - 1; i >= 0; i-- {
		if !l.rates[i].Compound {
			regular.Add(regular, fractionOf(l.rates[i]))
			continue
		}
		net := new(big.Rat).Quo(rest, new(big.Rat).Add(big.NewRat(1, 1), fractionOf(l.rates[i])))
		if i == at {
			return slowRound(new(big.Rat).Sub(rest, net), 6, false)
		}
		rest = net
	}
	tax := new(big.Rat).Mul(rest, fractionOf(l.rates[at]))
	return slowRound(tax.Quo(tax, regular), 6, false)
}

// net is an amount of the line without the taxes inside it.
func (m *slowCart) net(l *slowLine, amount *big.Rat) *big.Rat {
	net := new(big.Rat).Set(amount)
	if m.in.Settings.PricesIncludeTax {
		for _, tax := range m.taxes(l, amount) {
			net.Sub(net, tax)
		}
	}
	return net
}

func (m *slowCart) left(i int) *big.Rat { return new(big.Rat).Sub(m.lines[i].price, m.lines[i].taken) }

// whole is what of the line is left to discount, in whole cents; WooCommerce takes the absolute value.
func (m *slowCart) whole(i int) int64 {
	v := slowRound(m.left(i), 0, false)
	return v.Abs(v).Num().Int64()
}

func (m *slowCart) take(i int, cents *big.Rat) {
	m.lines[i].taken = new(big.Rat).Add(m.lines[i].taken, cents)
}

// compute applies the coupons by type, limit and amount, the newer of equal ones first.
func (m *slowCart) compute() {
	rank := map[quote.CouponType]int{quote.FixedProductCoupon: 0, quote.PercentCoupon: 1, quote.FixedCartCoupon: 2}
	slices.SortStableFunc(m.coupons, func(a, b *quote.Coupon) int {
		switch {
		case rank[a.Type] != rank[b.Type]:
			return rank[a.Type] - rank[b.Type]
		case a.LimitToItems != b.LimitToItems:
			return int(a.LimitToItems - b.LimitToItems)
		case !a.Amount.Equal(b.Amount):
			return a.Amount.Cmp(b.Amount)
		}
		return int(b.ID - a.ID)
	})
	for _, c := range m.coupons {
		eligible := m.eligible(c)
		switch c.Type {
		case quote.PercentCoupon:
			m.percent(c, eligible)
		case quote.FixedProductCoupon:
			m.fixed(c, eligible, m.add(c.Amount.Rat()))
		default:
			m.fixedCart(c, eligible, m.add(c.Amount.Rat()))
		}
	}
}

// eligible are the lines a coupon is for, the dearest piece first.
func (m *slowCart) eligible(c *quote.Coupon) []int {
	var lines []int
	for i, l := range m.lines {
		if m.whole(i) > 0 && (c.Type == quote.FixedCartCoupon || !c.ExcludeSaleItems || !l.OnSale) {
			lines = append(lines, i)
		}
	}
	slices.SortStableFunc(lines, func(a, b int) int { return m.piece(b).Cmp(m.piece(a)) })
	return lines
}

func (m *slowCart) piece(i int) *big.Rat {
	return new(big.Rat).Quo(m.lines[i].price, big.NewRat(m.lines[i].Quantity, 1))
}

// pieces counts down a coupon's limit.
func pieces(c *quote.Coupon, used *int64, quantity int64) int64 {
	n := quantity
	if c.LimitToItems > 0 {
		n = min(n, max(0, c.LimitToItems-*used))
	}
	*used += n
	return n
}

func (m *slowCart) percent(c *quote.Coupon, lines []int) {
	a, _ := c.Amount.Float64()
	used, given, base := int64(0), int64(0), new(big.Rat)
	for _, i := range lines {
		l := m.lines[i]
		price := m.whole(i)
		left := price
		if !m.in.Settings.SequentialDiscounts {
			price = slowRound(l.price, 0, false).Num().Int64()
		}
		n := pieces(c, &used, l.Quantity)
		off := min(left, int64(math.Floor(float64(price)/float64(l.Quantity)*float64(n)*(a/100))))
		m.take(i, big.NewRat(off, 1))
		given += off
		base.Add(base, big.NewRat(price*n, l.Quantity))
	}
	owed := slowRound(base.Mul(base, new(big.Rat).Quo(c.Amount.Rat(), big.NewRat(100, 1))), 0, true).Num().Int64()
	m.remainder(lines, big.NewRat(max(owed-given, 0), 1))
}

// remainder gives a cent to each piece until the rest is given.
func (m *slowCart) remainder(lines []int, rest *big.Rat) {
	for _, i := range lines {
		for range m.lines[i].Quantity {
			if rest.Sign() <= 0 {
				return
			}
			if off := min(m.whole(i), 1); off > 0 {
				m.take(i, big.NewRat(off, 1))
				rest = new(big.Rat).Sub(rest, big.NewRat(off, 1))
			}
		}
	}
}

func (m *slowCart) fixed(c *quote.Coupon, lines []int, each *big.Rat) *big.Rat {
	used, total := int64(0), new(big.Rat)
	for _, i := range lines {
		n := pieces(c, &used, m.lines[i].Quantity)
		off := each
		if c.LimitToItems > 0 && m.piece(i).Cmp(each) < 0 {
			off = m.piece(i)
		}
		off = new(big.Rat).Mul(off, big.NewRat(n, 1))
		if left := big.NewRat(m.whole(i), 1); left.Cmp(off) < 0 {
			off = left
		}
		off = slowTo(off, 6, false) // the engine keeps six decimals of a cent where WooCommerce keeps a double
		m.take(i, off)
		total.Add(total, off)
	}
	return total
}

func (m *slowCart) fixedCart(c *quote.Coupon, lines []int, rest *big.Rat) {
	for rest.Sign() > 0 {
		var open []int
		count := int64(0)
		for _, i := range lines {
			if m.whole(i) > 0 {
				open = append(open, i)
				count += m.lines[i].Quantity
			}
		}
		if count == 0 {
			return
		}
		share := new(big.Rat).Quo(rest, big.NewRat(count, 1))
		each := new(big.Int).Quo(share.Num(), share.Denom())
		if each.Sign() == 0 {
			m.remainder(open, rest)
			return
		}
		given := m.fixed(c, open, new(big.Rat).SetInt(each))
		if given.Sign() == 0 {
			return
		}
		rest, lines = new(big.Rat).Sub(rest, given), open
	}
}

// total adds up what is left of the lines, the fees and every tax, each rounded as the store rounds.
func (m *slowCart) total() *big.Rat {
	sum, down := new(big.Rat), m.in.Settings.PricesIncludeTax
	count := func(v *big.Rat, down bool) {
		if !m.in.Settings.RoundAtSubtotal {
			v = slowRound(v, 0, down)
		}
		sum.Add(sum, v)
	}
	for i, l := range m.lines {
		count(m.net(l, m.left(i)), false)
		for _, tax := range m.taxes(l, m.left(i)) {
			count(tax, down)
		}
	}
	for _, f := range m.in.Fees {
		amount := m.add(f.Amount.Rat())
		sum.Add(sum, amount)
		if f.Taxable {
			for _, tax := range on(amount, m.rates(f.TaxClass, m.in.ShipTo.State)) {
				count(tax, down)
			}
		}
	}
	if sum = slowRound(sum, 0, false); sum.Sign() < 0 {
		sum = new(big.Rat)
	}
	return sum
}

// same compares an amount of the currency with cents.
func (m *slowCart) same(t *rapid.T, what string, got decimal.Decimal, cents *big.Rat) {
	want := new(big.Rat).Quo(cents, m.cents)
	if got.Rat().Cmp(want) != 0 {
		t.Errorf("%s: %s, in fractions %s", what, got, want.FloatString(9))
	}
}
