package pricing

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What quick reads, the thorough reader reads the same; what that one refuses, quick leaves alone. Texts are made of the
// pieces that texts are made of, so that most are almost prices.
func TestQuickAgrees(t *testing.T) {
	formats := []Format{
		IndianFormat(), WesternFormat("$"), WesternFormat(""),
		{Symbol: "€", Position: RightSpace, Thousand: ".", Decimal: ",", Decimals: 2},
		{Symbol: "kr", Position: RightSpace, Thousand: "&nbsp;", Decimal: ",", Decimals: 2},
		{Symbol: "CHF", Position: LeftSpace, Thousand: "'", Decimal: ".", Decimals: 2},
		{Symbol: ".-", Position: Right, Thousand: " ", Decimal: "٫", Decimals: 3},
		{Symbol: "¥", Thousand: ",", Decimal: ".", Decimals: 0},
		{Symbol: "&pound;", Position: LeftSpace, Thousand: ",", Decimal: ".", Decimals: 2},
		{Symbol: "د.إ", Position: Right, Thousand: ",", Decimal: ".", Decimals: 2},
		{Symbol: "\x01₹", Thousand: ",", Decimal: ".", Decimals: 2},
		{Symbol: "\x00\x00\x00\x00\x01₹", Thousand: ",", Decimal: ".", Decimals: 2}, // its last bytes look like a side
		{Symbol: "a long symbol", Thousand: "", Decimal: ".", Decimals: 4},
	}
	pieces := []string{
		"₹", "$", "€", "kr", "CHF", "Rs.", "INR", ".-", "¥", "&#8377;", " ", "\u00a0", ",", ".", "'", "٫", "-",
		"£", "&#163;", "&pound;", "د.إ", "\x00", "\x01", "a long symbol", "&",
		"0", "1", "5", "12", "00", "499", "000", "123456789012345678", "x", "",
	}
	random := rand.New(rand.NewPCG(1, 2))
	quickly := 0
	for range 200_000 {
		p, err := NewParser(formats[random.IntN(len(formats))], WithSymbols("kr2", "5x", "Rs"))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for range random.IntN(7) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		n, ok := p.quick(b.String())
		if !ok {
			continue
		}
		quickly++
		want, err := p.read(b.String())
		if err != nil || !want.hasMax || want.min != n || want.max != n || want.onSale {
			t.Fatalf("%q with %+v: quickly %+v, thoroughly %+v, %v", b.String(), p, n, want, err)
		}
	}
	if quickly < 5_000 {
		t.Errorf("only %d texts were read quickly", quickly)
	}
}

// The texts that are worth it are read quickly.
func TestQuickReads(t *testing.T) {
	indian, err := NewParser(IndianFormat())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"₹1,299.00", "₹1,00,000.50", "₹ 5.00", "Rs. 1,299.00", "&#8377;1,299.00", "1299", "₹0.50", "₹0"} {
		if _, ok := indian.quick(text); !ok {
			t.Errorf("%q is not", text)
		}
	}
	for _, text := range []string{"", "₹", "₹,1", "₹1,", "₹1.", "₹1,23", "₹1.2.3", "₹01", "₹1.234", "-₹1", "1.00", "1,299", "₹1,,299", "₹1 ", strings.Repeat("1", 65)} {
		if n, ok := indian.quick(text); ok {
			t.Errorf("%q is read as %+v", text, n)
		}
	}
}
