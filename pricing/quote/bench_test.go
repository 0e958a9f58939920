package quote_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// fiftyLines is a large order at a shop in Maharashtra whose prices include GST.
func fiftyLines(tb testing.TB) quote.Input {
	rates, err := quote.GSTRates("MH",
		quote.Slab{Class: "", Rate: decimal.NewFromInt(18)}, quote.Slab{Class: "gst-5", Rate: decimal.NewFromInt(5)},
		quote.Slab{Class: "gst-12", Rate: decimal.NewFromInt(12)})
	if err != nil {
		tb.Fatal(err)
	}
	in := quote.Input{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "MH",
			CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		},
		Rates:    rates,
		ShipTo:   quote.Destination{Country: "IN", State: "MH"},
		Shipping: []quote.ShippingLine{{RateID: "flat_rate:1", MethodID: "flat_rate", Cost: decimal.NewFromInt(49), Taxable: true}},
	}
	classes := []string{"", "gst-5", "gst-12"}
	for i := range 50 {
		in.Lines = append(in.Lines, quote.Line{
			ProductID: int64(1000 + i), UnitPrice: decimal.New(int64(19900+i*137), -2), Quantity: int64(1 + i%4), TaxClass: classes[i%3],
		})
	}
	return in
}

// straightLine is what both arithmetics say of a line, written with decimals.
type straightLine struct {
	net     decimal.Decimal   // without tax, in six decimals (order) or eight (cart)
	taxes   []decimal.Decimal // of each rate, as it is kept
	rounded []decimal.Decimal // and as it is added up
}

// straight is the same arithmetic for the same input written with decimals as one would: the order's and the cart's,
// with the rates looked up, every line's amounts, the taxes by rate, and the totals.
type straight struct {
	order, cart           []straightLine
	orderTotal, cartTotal decimal.Decimal
	rows                  map[int64]decimal.Decimal
}

func computeStraight(in *quote.Input) straight {
	out := straight{rows: map[int64]decimal.Decimal{}}
	for i := range in.Lines {
		l := &in.Lines[i]
		price, rates := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity)), straightRates(in, l.TaxClass)
		out.order = append(out.order, straightOrderLine(price, rates))
		out.cart = append(out.cart, straightCartLine(price, rates))
		out.orderTotal = out.orderTotal.Add(out.order[i].sum())
		out.cartTotal = out.cartTotal.Add(out.cart[i].sum())
		for k, r := range rates {
			out.rows[r.ID] = out.rows[r.ID].Add(out.order[i].rounded[k])
		}
	}
	for _, s := range in.Shipping {
		all := halfUp(s.Cost, 2)
		for _, r := range straightRates(in, "") {
			all = all.Add(halfDown(halfUp(s.Cost.Mul(r.Rate).DivRound(hundred(), 10), 6)))
		}
		out.orderTotal, out.cartTotal = out.orderTotal.Add(all), out.cartTotal.Add(all)
	}
	out.orderTotal, out.cartTotal = halfUp(out.orderTotal, 2), halfUp(out.cartTotal, 2)
	return out
}

// straightRates are the rates of a class where the shop is and the goods go.
func straightRates(in *quote.Input, class string) []quote.TaxRate {
	var found []quote.TaxRate
	for _, r := range in.Rates {
		if r.Class == class && r.Country == in.ShipTo.Country && r.State == in.ShipTo.State {
			found = append(found, r)
		}
	}
	return found
}

// straightOrderLine takes all rates out of the price in six decimals and puts them on again.
func straightOrderLine(price decimal.Decimal, rates []quote.TaxRate) straightLine {
	line := straightLine{net: price.Sub(contained(price, rates, 6).total())}
	for _, r := range rates {
		tax := halfUp(line.net.Mul(r.Rate).DivRound(hundred(), 10), 6)
		line.taxes, line.rounded = append(line.taxes, tax), append(line.rounded, halfDown(tax))
	}
	return line
}

// straightCartLine takes them out once, in eight decimals.
func straightCartLine(price decimal.Decimal, rates []quote.TaxRate) straightLine {
	line := straightLine{taxes: contained(price, rates, 8)}
	line.net = price.Sub(decimals(line.taxes).total())
	for _, tax := range line.taxes {
		line.rounded = append(line.rounded, halfDown(tax))
	}
	return line
}

type decimals []decimal.Decimal

func (d decimals) total() decimal.Decimal {
	sum := decimal.Decimal{}
	for _, x := range d {
		sum = sum.Add(x)
	}
	return sum
}

// contained are the taxes contained in a price, each in so many places.
func contained(price decimal.Decimal, rates []quote.TaxRate, places int32) decimals {
	whole := hundred()
	for _, r := range rates {
		whole = whole.Add(r.Rate)
	}
	var taxes decimals
	for _, r := range rates {
		taxes = append(taxes, halfUp(price.Mul(r.Rate).DivRound(whole, places+4), places))
	}
	return taxes
}

func (l *straightLine) sum() decimal.Decimal {
	return halfUp(l.net, 2).Add(decimals(l.rounded).total())
}

func hundred() decimal.Decimal { return decimal.NewFromInt(100) }

// halfUp rounds as NumberUtil::round and PHP do together: to 15 significant digits, then to the places.
func halfUp(d decimal.Decimal, places int32) decimal.Decimal {
	return significant(d).Round(places)
}

// halfDown rounds to paise, after six decimals of a paisa; half a paisa goes down.
func halfDown(d decimal.Decimal) decimal.Decimal {
	return significant(significant(d).Round(8)).Shift(2).Sub(decimal.New(5, -1)).Ceil().Shift(-2)
}

func significant(d decimal.Decimal) decimal.Decimal {
	if extra := d.NumDigits() - 15; extra > 0 {
		return d.Round(-d.Exponent() - int32(extra))
	}
	return d
}

// BenchmarkFiftyLines compares a whole quote, and the order and the cart alone, with the straight arithmetic. "In turn"
// runs the quote and its rival one after the other and reports the median of how many times longer the rival takes,
// which holds on a machine that does other things as well:
//
//	go test ./pricing/quote -run - -bench 'FiftyLines/in_turn' -benchtime 400x -count 5 -cpu 1
//
// Measured on two shared cores of an AMD EPYC with Go 1.26: 5.4 to 5.6 with -cpu 1, 5.3 to 5.5 with -cpu 2. The 310
// decimals of a quote, of two allocations each, are over a quarter of what remains.
func BenchmarkFiftyLines(b *testing.B) {
	in := fiftyLines(b)
	b.Run("quote", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := quote.Calculate(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("order", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := quote.Order(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cart", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := quote.Cart(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("in turn", func(b *testing.B) { inTurn(b, in) })
	b.Run("straight decimals", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			computeStraight(&in)
		}
	})
}

func inTurn(b *testing.B, in quote.Input) {
	var ratios []float64
	for b.Loop() {
		start := time.Now()
		for range 40 {
			if _, err := quote.Calculate(in); err != nil {
				b.Fatal(err)
			}
		}
		ours, start := time.Since(start)/40, time.Now()
		for range 10 {
			computeStraight(&in)
		}
		ratios = append(ratios, float64(time.Since(start)/10)/float64(ours))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ours/straight")
}

// TestStraightArithmeticAgrees keeps the benchmark honest: the rival computes the same total.
func TestStraightArithmeticAgrees(t *testing.T) {
	in := fiftyLines(t)
	q, err := quote.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	want := computeStraight(&in)
	if !q.Totals.Total.Decimal().Equal(want.orderTotal) {
		t.Errorf("order: total %s, straight arithmetic %s", q.Totals.Total, want.orderTotal)
	}
	if !q.Cart.Totals.Total.Equal(want.cartTotal) {
		t.Errorf("cart: total %s, straight arithmetic %s", q.Cart.Totals.Total, want.cartTotal)
	}
	for i := range q.Lines {
		if !q.Lines[i].Subtotal.Equal(want.order[i].net) || !q.Cart.Lines[i].Subtotal.Equal(want.cart[i].net) {
			t.Errorf("line %d: %s and %s, straight arithmetic %s and %s", i, q.Lines[i].Subtotal, q.Cart.Lines[i].Subtotal, want.order[i].net, want.cart[i].net)
		}
	}
}
