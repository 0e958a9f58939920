package property_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// anyRates is a tax table of up to two classes: GST halves, one rate, or a cess on top of others.
func anyRates() *rapid.Generator[[]quote.TaxRate] {
	percent := rapid.SampledFrom([]string{"0", "0.125", "1.5", "2.5", "5", "6", "9", "12", "14", "18", "20", "33.3333"})
	return rapid.Custom(func(t *rapid.T) []quote.TaxRate {
		var rates []quote.TaxRate
		for _, class := range []string{"", "other"} {
			for priority := range rapid.IntRange(0, 3).Draw(t, "rates of "+class) {
				for _, state := range []string{"KA", ""} {
					rates = append(rates, quote.TaxRate{
						ID: int64(len(rates) + 1), Class: class, Country: "IN", State: state, Name: fmt.Sprint("T", priority), Priority: priority + 1,
						Rate: decimal.RequireFromString(percent.Draw(t, "rate")), Compound: priority > 0 && rapid.Bool().Draw(t, "compound"), Shipping: true,
					})
				}
			}
		}
		return rates
	})
}

func anyLine(i int) *rapid.Generator[quote.Line] {
	return rapid.Custom(func(t *rapid.T) quote.Line {
		return quote.Line{
			Key: fmt.Sprint(i), ProductID: int64(i + 1), Quantity: rapid.Int64Range(1, 40).Draw(t, "quantity"),
			UnitPrice: decimal.New(rapid.Int64Range(0, 10_000_000).Draw(t, "price"), -int32(rapid.IntRange(0, 4).Draw(t, "places"))),
			TaxClass:  rapid.SampledFrom([]string{"", "other", "none"}).Draw(t, "class"),
			TaxStatus: rapid.SampledFrom([]quote.TaxStatus{quote.Taxable, quote.Taxable, quote.NotTaxable}).Draw(t, "status"),
			OnSale:    rapid.Bool().Draw(t, "sale"),
		}
	})
}

// plainInput has no coupons and no discounts.
func plainInput() *rapid.Generator[quote.Input] {
	return rapid.Custom(func(t *rapid.T) quote.Input {
		in := quote.Input{
			Settings: quote.Settings{
				Currency: pricing.INR, Decimals: rapid.SampledFrom([]int{2, 2, 0}).Draw(t, "decimals"), TaxEnabled: true,
				PricesIncludeTax: rapid.Bool().Draw(t, "inclusive"), RoundAtSubtotal: rapid.Bool().Draw(t, "at subtotal"),
				BaseCountry: "IN", BaseState: "KA", CartDisplay: quote.DisplayInclusive,
			},
			Rates:  anyRates().Draw(t, "rates"),
			ShipTo: quote.Destination{Country: "IN", State: rapid.SampledFrom([]string{"KA", "MH"}).Draw(t, "state")},
		}
		for i := range rapid.IntRange(1, 8).Draw(t, "lines") {
			in.Lines = append(in.Lines, anyLine(i).Draw(t, "line"))
		}
		if rapid.Bool().Draw(t, "ships") {
			in.Shipping = []quote.ShippingLine{{RateID: "flat_rate:1", MethodID: "flat_rate", Taxable: true, Cost: decimal.New(rapid.Int64Range(0, 100_000).Draw(t, "cost"), -3)}}
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "fees") {
			in.Fees = append(in.Fees, quote.Fee{Name: fmt.Sprint(i), Taxable: rapid.Bool().Draw(t, "taxable"), Amount: decimal.New(rapid.Int64Range(0, 100_000).Draw(t, "fee"), -4)})
		}
		return in
	})
}

// anyInput has coupons and discounts too.
func anyInput() *rapid.Generator[quote.Input] {
	return rapid.Custom(func(t *rapid.T) quote.Input {
		in := plainInput().Draw(t, "plain")
		in.Settings.SequentialDiscounts = rapid.Bool().Draw(t, "sequential")
		for i := range rapid.IntRange(0, 3).Draw(t, "coupons") {
			in.Coupons = append(in.Coupons, quote.Coupon{
				ID: int64(i + 1), Code: fmt.Sprint("c", i),
				Type:         rapid.SampledFrom([]quote.CouponType{quote.PercentCoupon, quote.FixedCartCoupon, quote.FixedProductCoupon}).Draw(t, "type"),
				Amount:       decimal.New(rapid.Int64Range(0, 9_999).Draw(t, "amount"), -2),
				LimitToItems: rapid.SampledFrom([]int64{0, 0, 1, 3}).Draw(t, "limit"), ExcludeSaleItems: rapid.Bool().Draw(t, "no sale"),
			})
		}
		if rapid.Bool().Draw(t, "discount") {
			in.Fees = append(in.Fees, quote.Fee{Name: "discount", Amount: decimal.New(-rapid.Int64Range(0, 100_000).Draw(t, "off"), -2)})
		}
		return in
	})
}

// quoteOf passes over the inputs that are refused as too strange: on a line with half a paisa, coupons can go on
// taking off what is not there.
func quoteOf(t *rapid.T, in quote.Input) quote.Quote {
	q, err := quote.Calculate(in)
	if errors.Is(err, quote.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestQuotePartsAddUp adds the parts up as WooCommerce does: what a tax report shows is what was charged.
func TestQuotePartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Settings.RoundAtSubtotal = false
		q := quoteOf(t, in)
		places := int32(in.Settings.Decimals)
		total, tax, shippingTax := decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}
		for _, l := range q.Lines {
			total, tax = total.Add(l.Total.Round(places)), tax.Add(l.TotalTax)
		}
		for _, f := range q.Fees {
			total, tax = total.Add(f.Total), tax.Add(f.TotalTax)
		}
		for _, s := range q.Shipping {
			total, shippingTax = total.Add(s.Total.Round(places)), shippingTax.Add(s.TotalTax)
		}
		rows, shippingRows := decimal.Decimal{}, decimal.Decimal{}
		for _, r := range q.Taxes {
			rows, shippingRows = rows.Add(r.Tax.Decimal()), shippingRows.Add(r.ShippingTax.Decimal())
		}
		want := func(what string, want decimal.Decimal, got pricing.Money) {
			if !want.Equal(got.Decimal()) {
				t.Errorf("%s is %s, its parts %s", what, got, want)
			}
		}
		want("cart tax", tax, q.Totals.CartTax)
		want("cart tax by rows", rows, q.Totals.CartTax)
		want("shipping tax", shippingTax, q.Totals.ShippingTax)
		want("shipping tax by rows", shippingRows, q.Totals.ShippingTax)
		want("total tax", tax.Add(shippingTax), q.Totals.TotalTax)
		want("total", total.Add(tax).Add(shippingTax).Round(places), q.Totals.Total)
	})
}

// TestQuoteDiscountsStayInBounds: a coupon never makes a line cost less than nothing or more than before.
func TestQuoteDiscountsStayInBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quoteOf(t, anyInput().Draw(t, "input"))
		for i, l := range q.Lines {
			if l.Total.IsNegative() || l.Total.GreaterThan(l.Subtotal) {
				t.Errorf("line %d: %s of %s", i, l.Total, l.Subtotal)
			}
		}
		if q.Totals.DiscountTotal.Sign() < 0 {
			t.Errorf("discount %s", q.Totals.DiscountTotal)
		}
	})
}

// TestQuoteOrderOfLines: without coupons the order of the lines changes nothing at all. With coupons it decides only
// who gets the paise left over among lines of the same unit price.
func TestQuoteOrderOfLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := plainInput().Draw(t, "input")
		before := quoteOf(t, in)
		in.Lines = rapid.Permutation(in.Lines).Draw(t, "order")
		after := quoteOf(t, in)
		if !before.Totals.Total.Equal(after.Totals.Total) || !before.Totals.TotalTax.Equal(after.Totals.TotalTax) || !before.Totals.Subtotal.Equal(after.Totals.Subtotal) {
			t.Errorf("totals %+v and %+v", before.Totals, after.Totals)
		}
		byKey := map[string]quote.QuoteLine{}
		for _, l := range before.Lines {
			byKey[l.Key] = l
		}
		for _, l := range after.Lines {
			if b := byKey[l.Key]; !b.Total.Equal(l.Total) || !b.TotalTax.Equal(l.TotalTax) || !b.Gross.Equal(l.Gross) {
				t.Errorf("line %s: %+v and %+v", l.Key, b, l)
			}
		}
	})
}

func TestQuoteOrderOfLinesWithACoupon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := plainInput().Draw(t, "input")
		in.Coupons = []quote.Coupon{{ID: 1, Code: "c", Type: quote.PercentCoupon, Amount: decimal.New(rapid.Int64Range(1, 9999).Draw(t, "percent"), -2)}}
		before := quoteOf(t, in)
		in.Lines = rapid.Permutation(in.Lines).Draw(t, "order")
		after := quoteOf(t, in)
		units := decimal.NewFromInt(int64(len(in.Lines)) + 2).Shift(-int32(in.Settings.Decimals))
		if before.Totals.Total.Decimal().Sub(after.Totals.Total.Decimal()).Abs().GreaterThan(units) {
			t.Errorf("total %s and %s", before.Totals.Total, after.Totals.Total)
		}
	})
}

// TestQuoteHashAndCompareAgree over pairs of inputs that differ in something or in nothing.
func TestQuoteHashAndCompareAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		a := quoteOf(t, in)
		switch rapid.IntRange(0, 4).Draw(t, "change") {
		case 1:
			in.Lines[0].UnitPrice = in.Lines[0].UnitPrice.Add(decimal.New(rapid.Int64Range(0, 2).Draw(t, "more"), -2))
		case 2:
			in.Coupons = nil
		case 3:
			in.ShipTo.State = "MH"
		case 4:
			in.Lines = rapid.Permutation(in.Lines).Draw(t, "order")
		}
		b := quoteOf(t, in)
		if d := quote.Compare(a, b); d.Empty() != (a.Hash() == b.Hash()) {
			t.Errorf("same hash: %v, difference %+v", a.Hash() == b.Hash(), d)
		}
	})
}

func TestQuotesGoThroughJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Explain = true
		q := quoteOf(t, in)
		data, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		var back quote.Quote
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(data) || back.Hash() != q.Hash() {
			t.Errorf("%v\n%s\n%s", err, data, again)
		}
	})
}

// TestQuoteAgreesWithFractions computes orders a second time, slowly, in exact fractions of a rupee.
func TestQuoteAgreesWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := plainInput().Draw(t, "input")
		got, err := quote.Order(in)
		if err != nil {
			t.Fatal(err)
		}
		m := slowModel{in: &in, total: new(big.Rat)}
		for i := range in.Lines {
			m.line(t, &in.Lines[i], got.Lines[i])
		}
		for i, s := range in.Shipping {
			m.shipping(t, s, got.Shipping[i])
		}
		for i, f := range in.Fees {
			m.fee(t, f, got.Fees[i])
		}
		m.same(t, "total", got.Totals.Total, m.show(m.total, false))
	})
}

// slowModel is WooCommerce's order arithmetic without coupons in fractions.
type slowModel struct {
	in    *quote.Input
	total *big.Rat
}

// slowRound takes a number to 15 significant digits, to six places and to the places wanted, as NumberUtil::round does.
func slowRound(v *big.Rat, places int, down bool) *big.Rat {
	abs, digits := new(big.Rat).Abs(v), 0
	for limit := big.NewRat(1, 1); abs.Cmp(limit) >= 0 && digits < 40; limit.Mul(limit, big.NewRat(10, 1)) {
		digits++
	}
	for limit := big.NewRat(1, 10); digits <= 0 && abs.Sign() > 0 && abs.Cmp(limit) < 0; limit.Quo(limit, big.NewRat(10, 1)) {
		digits--
	}
	v = slowTo(v, 15-digits, false)
	v = slowTo(v, 6, false)
	return slowTo(v, places, down)
}

// slowTo rounds to places; a half goes away from zero, or towards it.
func slowTo(v *big.Rat, places int, down bool) *big.Rat {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, 0))), nil))
	x := new(big.Rat).Mul(v, scale)
	abs := new(big.Rat).Abs(x)
	q, r := new(big.Int).QuoRem(abs.Num(), abs.Denom(), new(big.Int))
	switch r.Lsh(r, 1).Cmp(abs.Denom()) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if !down {
			q.Add(q, big.NewInt(1))
		}
	}
	if x.Sign() < 0 {
		q.Neg(q)
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(q), scale)
}

// rates are those of a class where the customer, or the shop, is.
func (m *slowModel) rates(class, state string) []quote.TaxRate {
	var found []quote.TaxRate
	for priority := 1; priority <= 3; priority++ {
		for _, want := range []string{state, ""} {
			matched := false
			for _, r := range m.in.Rates {
				if r.Class == class && r.Priority == priority && r.State == want && !matched {
					found, matched = append(found, r), true
				}
			}
			if matched {
				break
			}
		}
	}
	return found
}

func fractionOf(r quote.TaxRate) *big.Rat {
	return new(big.Rat).Quo(r.Rate.Rat(), big.NewRat(100, 1))
}

// inside takes taxes out of a price one by one: compound rates from the last to the first, then the others together.
func inside(price *big.Rat, rates []quote.TaxRate) *big.Rat {
	one, rest, regular, sum := big.NewRat(1, 1), new(big.Rat).Set(price), new(big.Rat), new(big.Rat)
	for i := len(rates) - 1; i >= 0; i-- {
		if rates[i].Compound {
			net := new(big.Rat).Quo(rest, new(big.Rat).Add(one, fractionOf(rates[i])))
			sum.Add(sum, slowRound(new(big.Rat).Sub(rest, net), 6, false))
			rest = net
		} else {
			regular.Add(regular, fractionOf(rates[i]))
		}
	}
	for _, r := range rates {
		if !r.Compound {
			share := new(big.Rat).Quo(fractionOf(r), new(big.Rat).Add(one, regular))
			sum.Add(sum, slowRound(share.Mul(share, rest), 6, false))
		}
	}
	return sum
}

// on puts taxes on an amount: the regular ones, then each compound one on everything before it.
func on(amount *big.Rat, rates []quote.TaxRate) []*big.Rat {
	var taxes []*big.Rat
	sum := new(big.Rat).Set(amount)
	for _, compound := range []bool{false, true} {
		base := new(big.Rat).Set(amount)
		for _, r := range rates {
			if r.Compound != compound {
				continue
			}
			if compound {
				base.Set(sum)
			}
			tax := new(big.Rat).Mul(base, fractionOf(r))
			taxes = append(taxes, slowRound(tax, 6, false))
			sum.Add(sum, tax)
		}
	}
	return taxes
}

func (m *slowModel) show(v *big.Rat, tax bool) *big.Rat {
	return slowRound(v, m.in.Settings.Decimals, tax && m.in.Settings.PricesIncludeTax)
}

// count adds an amount and its taxes to the total, each rounded unless the store rounds at the subtotal.
func (m *slowModel) count(amount *big.Rat, taxes []*big.Rat, roundAmount bool) *big.Rat {
	if roundAmount {
		amount = m.show(amount, false)
	}
	m.total.Add(m.total, amount)
	sum := new(big.Rat)
	for _, tax := range taxes {
		if !m.in.Settings.RoundAtSubtotal {
			tax = m.show(tax, true)
		}
		sum.Add(sum, tax)
	}
	m.total.Add(m.total, sum)
	return sum
}

func (m *slowModel) line(t *rapid.T, l *quote.Line, got quote.OrderLine) {
	net := slowRound(new(big.Rat).Mul(l.UnitPrice.Rat(), big.NewRat(l.Quantity, 1)), 6, false)
	var taxes []*big.Rat
	if l.TaxStatus == quote.Taxable {
		if m.in.Settings.PricesIncludeTax {
			net.Sub(net, inside(net, m.rates(l.TaxClass, "KA")))
		}
		taxes = on(net, m.rates(l.TaxClass, m.in.ShipTo.State))
	}
	m.same(t, "subtotal of "+l.Key, got.Subtotal, net)
	for i, tax := range taxes {
		m.same(t, "tax of "+l.Key, got.Taxes[i].Total, tax)
	}
	m.same(t, "taxes of "+l.Key, got.TotalTax, m.count(net, taxes, !m.in.Settings.RoundAtSubtotal))
}

// shipping takes the class it is told; the settings of these inputs say the standard class.
func (m *slowModel) shipping(t *rapid.T, s quote.ShippingLine, got quote.OrderPart) {
	taxes := on(s.Cost.Rat(), m.rates("", m.in.ShipTo.State))
	m.same(t, "tax of shipping", got.TotalTax, m.count(s.Cost.Rat(), taxes, true))
}

func (m *slowModel) fee(t *rapid.T, f quote.Fee, got quote.OrderPart) {
	var taxes []*big.Rat
	if f.Taxable {
		taxes = on(f.Amount.Rat(), m.rates(f.TaxClass, m.in.ShipTo.State))
	}
	m.same(t, "tax of fee "+f.Name, got.TotalTax, m.count(f.Amount.Rat(), taxes, false))
}

func (m *slowModel) same(t *rapid.T, what string, got decimal.Decimal, want *big.Rat) {
	if got.Rat().Cmp(want) != 0 {
		t.Errorf("%s: %s, in fractions %s", what, got, want.FloatString(8))
	}
}
