package pricing_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// Results go here, so that the compiler keeps the work.
var (
	sinkDecimal decimal.Decimal
	sinkMoney   pricing.Money
	sinkBytes   int64
	errSink     error
)

const span = `<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&#8377;</span>1,299.00</bdi></span>`

func parserFor(tb testing.TB, f pricing.Format) *pricing.Parser {
	tb.Helper()
	p, err := pricing.NewParser(f)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// BenchmarkParse compares, per text: the parser to Money and to decimals, a
// walk over the bytes (nothing can be faster), a careful regular expression,
// and decimal.New alone, which every decimal result costs. "In turn" runs the
// last three one after the other and reports medians of their ratios, which
// hold on a machine that does other things as well:
//
//	go test ./pricing -run - -bench 'Parse/.*/in_turn' -benchtime 300x -count 5 -cpu 1
//
// Measured on two shared cores of an AMD EPYC with Go 1.26: ParsePrice takes
// 1.35 times as long as decimal.New for bare digits and 1.5 to 1.6 times with
// a symbol (ParseAmount 1.3, and 1.45 to 1.55), 5 times for the span and 13
// to 14 times for the range, of which the regular expression reads only one
// end. That takes 9 times as long as a price for bare digits, 11 to 15 times
// with a symbol, 15 times for the span and 1.9 times for the range.
func BenchmarkParse(b *testing.B) {
	indian := pricing.IndianFormat()
	euro := pricing.Format{Symbol: "€", Position: pricing.RightSpace, Thousand: ".", Decimal: ",", Decimals: 2}
	krona := pricing.Format{Symbol: "kr", Position: pricing.RightSpace, Thousand: " ", Decimal: ",", Decimals: 2}
	texts := []struct {
		name, text string
		format     pricing.Format
		single     bool
	}{
		{"rupees", "₹1,299.00", indian, true},
		{"lakh", "₹1,00,000.50", indian, true},
		{"entity", "&#8377;1,299.00", indian, true},
		{"span", span, indian, true},
		{"range", "₹499.00 - ₹1,299.00", indian, false},
		{"euro", "1.299,00 €", euro, true},
		{"krona", "1 299,00 kr", krona, true},
		{"bare", "1299", indian, true},
		{"rs", "Rs. 1,299.00", indian, true},
	}
	for _, t := range texts {
		p := parserFor(b, t.format)
		b.Run(t.name+"/walk", func(b *testing.B) {
			for b.Loop() {
				sinkBytes = walk(t.text)
			}
		})
		if t.single {
			b.Run(t.name+"/money", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					sinkMoney, errSink = p.ParseMoney(t.text, pricing.INR)
				}
			})
			b.Run(t.name+"/amount", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					sinkDecimal, errSink = p.ParseAmount(t.text)
				}
			})
		}
		b.Run(t.name+"/price", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				price, err := p.ParsePrice(t.text)
				sinkDecimal, errSink = price.Min, err
			}
		})
		b.Run(t.name+"/in turn", func(b *testing.B) { inTurn(b, p, t.text) })
		b.Run(t.name+"/regexp", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sinkDecimal, errSink = byRegexp(t.text)
			}
		})
	}
	b.Run("decimal.New", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sinkDecimal = decimal.New(129900, -2)
		}
	})
}

func inTurn(b *testing.B, p *pricing.Parser, text string) {
	var toNew, toRegexp, amountToNew []float64
	for b.Loop() {
		price := timed(func() {
			price, err := p.ParsePrice(text)
			sinkDecimal, errSink = price.Min, err
		})
		bare := timed(func() { sinkDecimal = decimal.New(129900, -2) })
		toNew = append(toNew, bare/price)
		amountToNew = append(amountToNew, bare/timed(func() { sinkDecimal, errSink = p.ParseAmount(text) }))
		toRegexp = append(toRegexp, timed(func() { sinkDecimal, errSink = byRegexp(text) })/price)
	}
	slices.Sort(toNew)
	slices.Sort(amountToNew)
	slices.Sort(toRegexp)
	b.ReportMetric(toNew[len(toNew)/2], "ours/decimal.New")
	b.ReportMetric(amountToNew[len(amountToNew)/2], "ours-amount/decimal.New")
	b.ReportMetric(toRegexp[len(toRegexp)/2], "ours/regexp")
}

// timed is how long a few hundred runs take.
func timed(run func()) float64 {
	start := time.Now()
	for range 300 {
		run()
	}
	return float64(time.Since(start))
}

// walk looks at every byte once and adds up the digits.
func walk(s string) int64 {
	var n int64
	for i := range len(s) {
		if d := s[i] - '0'; d <= 9 {
			n = n*10 + int64(d)
		}
	}
	return n
}

var (
	tags   = regexp.MustCompile(`<[^>]*>|&[#a-z0-9]+;`)
	digits = regexp.MustCompile(`-?\d[\d,]*(?:\.\d+)?`)
)

// byRegexp is the rival: strip tags and entities, find the first number.
func byRegexp(s string) (decimal.Decimal, error) {
	found := digits.FindString(tags.ReplaceAllString(s, ""))
	return decimal.NewFromString(strings.ReplaceAll(found, ",", ""))
}

// BenchmarkCart adds up a cart of 50 lines with int64 Money and with
// decimals.
func BenchmarkCart(b *testing.B) {
	price, quantity := pricing.Paise(129900), int64(3)
	b.Run("money", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var total pricing.Money
			for range 50 {
				line, err := price.Mul(quantity)
				if err != nil {
					b.Fatal(err)
				}
				if total, err = total.Add(line); err != nil {
					b.Fatal(err)
				}
			}
			sinkMoney = total
		}
	})
	b.Run("shopspring", func(b *testing.B) {
		b.ReportAllocs()
		price, quantity := price.Decimal(), decimal.NewFromInt(quantity)
		for b.Loop() {
			total := decimal.Zero
			for range 50 {
				total = total.Add(price.Mul(quantity))
			}
			sinkDecimal = total
		}
	})
}
