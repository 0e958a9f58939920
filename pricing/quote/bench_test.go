package quote_test

import (
	"testing"

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
	net     decimal.Decimal    // without tax, in six decimals (order) or eight (cart)
	taxes   [2]decimal.Decimal // of each rate, as it is kept
	rounded [2]decimal.Decimal // and as it is added up
}

// straight is the same arithmetic for the same input written with decimals as one would: the order's and the cart's,
// with every line's amounts, the taxes by rate, and the totals.
type straight struct {
	order, cart           []straightLine
	orderTotal, cartTotal decimal.Decimal
	rows                  map[string]decimal.Decimal
}

func computeStraight(in *quote.Input) straight {
	out := straight{rows: map[string]decimal.Decimal{}}
	halves := map[string]decimal.Decimal{"": decimal.NewFromInt(9), "gst-5": decimal.New(25, -1), "gst-12": decimal.NewFromInt(6)}
	for i := range in.Lines {
		l := &in.Lines[i]
		price, half := l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity)), halves[l.TaxClass]
		out.order = append(out.order, straightOrderLine(price, half))
		out.cart = append(out.cart, straightCartLine(price, half))
		out.orderTotal = out.orderTotal.Add(out.order[i].sum())
		out.cartTotal = out.cartTotal.Add(out.cart[i].sum())
		row := out.rows[l.TaxClass]
		out.rows[l.TaxClass] = row.Add(out.order[i].rounded[0]).Add(out.order[i].rounded[1])
	}
	for _, s := range in.Shipping {
		tax := halfDown(s.Cost.Mul(halves[""]).DivRound(hundred(), 6))
		all := s.Cost.Round(2).Add(tax).Add(tax)
		out.orderTotal, out.cartTotal = out.orderTotal.Add(all), out.cartTotal.Add(all)
	}
	out.orderTotal, out.cartTotal = out.orderTotal.Round(2), out.cartTotal.Round(2)
	return out
}

// straightOrderLine takes both halves out of the price in six decimals and puts them on again.
func straightOrderLine(price, half decimal.Decimal) straightLine {
	line := straightLine{net: price}
	for range line.taxes {
		line.net = line.net.Sub(price.Mul(half).DivRound(hundred().Add(half).Add(half), 6))
	}
	for i := range line.taxes {
		line.taxes[i] = line.net.Mul(half).DivRound(hundred(), 6)
		line.rounded[i] = halfDown(line.taxes[i])
	}
	return line
}

// straightCartLine takes them out once, in eight decimals.
func straightCartLine(price, half decimal.Decimal) straightLine {
	line := straightLine{net: price}
	for i := range line.taxes {
		line.taxes[i] = price.Mul(half).DivRound(hundred().Add(half).Add(half), 8)
		line.net = line.net.Sub(line.taxes[i])
		line.rounded[i] = halfDown(line.taxes[i])
	}
	return line
}

func (l *straightLine) sum() decimal.Decimal {
	return l.net.Round(2).Add(l.rounded[0]).Add(l.rounded[1])
}

func hundred() decimal.Decimal { return decimal.NewFromInt(100) }

// halfDown rounds to paise; half a paisa goes down.
func halfDown(d decimal.Decimal) decimal.Decimal {
	return d.Shift(2).Sub(decimal.New(5, -1)).Ceil().Shift(-2)
}

// BenchmarkFiftyLines compares a whole quote, and the order and the cart alone, with the straight arithmetic.
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
	b.Run("straight decimals", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			computeStraight(&in)
		}
	})
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
