package pricing_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// A line of a cart: three pieces at ₹1,299.00, less ₹100.
func Example() {
	price, err := pricing.Parse("1299.00", pricing.INR)
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := price.Mul(3)
	if err != nil {
		fmt.Println(err)
		return
	}
	total, err := line.Sub(pricing.Paise(10000))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(total)
	fmt.Println(pricing.IndianFormat().Money(total))
	// Output:
	// INR 3797.00
	// ₹3,797.00
}

func ExampleNew() {
	yen, err := pricing.New(1500, pricing.JPY)
	fmt.Println(yen, err)
	_, err = pricing.New(1500, "jpy")
	fmt.Println(err)
	// Output:
	// JPY 1500 <nil>
	// pricing: invalid currency: want an active ISO 4217 code in capitals, such as INR
}

func ExamplePaise() {
	fmt.Println(pricing.Paise(49900))
	// Output: INR 499.00
}

func ExampleParse() {
	for _, amount := range []string{"499", "499.5", "499.005", "1e3", "-1"} {
		m, err := pricing.Parse(amount, pricing.INR)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(m)
	}
	// Output:
	// INR 499.00
	// INR 499.50
	// pricing: invalid amount: has more decimals than the currency
	// pricing: invalid amount: want digits with at most one point, such as 499.00
	// pricing: invalid amount: must not be negative
}

func ExampleParseSigned() {
	correction, err := pricing.ParseSigned("-0.01", pricing.INR)
	fmt.Println(correction, err)
	// Output: INR -0.01 <nil>
}

// A tax share of half a paisa, three ways.
func ExampleFromDecimal() {
	tax := decimal.RequireFromString("7.625")
	for _, r := range []pricing.Rounding{pricing.HalfUp, pricing.HalfDown, pricing.Exact} {
		m, err := pricing.FromDecimal(tax, pricing.INR, r)
		fmt.Println(m, err)
	}
	// Output:
	// INR 7.63 <nil>
	// INR 7.62 <nil>
	// 0 pricing: invalid amount: is finer than the currency's minor unit; name a rounding
}

// A sum begins with nothing, which has no currency yet.
func ExampleSum() {
	total, err := pricing.Sum(pricing.Paise(49900), pricing.Paise(4900))
	fmt.Println(total, err)
	total, err = pricing.Sum()
	fmt.Println(total, err)
	// Output:
	// INR 548.00 <nil>
	// 0 <nil>
}

func ExampleMoney_Add() {
	dollars, _ := pricing.New(100, pricing.USD)
	_, err := pricing.Paise(100).Add(dollars)
	fmt.Println(errors.Is(err, pricing.ErrCurrencyMismatch), err)
	// Output: true pricing: currencies differ: have USD, want INR
}

func ExampleMoney_Split() {
	parts, err := pricing.Paise(10000).Split(3)
	fmt.Println(parts, err)
	// Output: [INR 33.34 INR 33.33 INR 33.33] <nil>
}

// A discount of ₹100 over three lines, by what they cost.
func ExampleMoney_Prorate() {
	parts, err := pricing.Paise(10000).Prorate([]int64{129900, 49900, 4900})
	fmt.Println(parts, err)
	// Output: [INR 70.33 INR 27.02 INR 2.65] <nil>
}

func ExampleMoney_MarshalJSON() {
	data, err := json.Marshal(pricing.Paise(49900))
	fmt.Println(string(data), err)
	var m pricing.Money
	fmt.Println(json.Unmarshal([]byte(`{"amount":499,"currency":"INR"}`), &m))
	// Output:
	// {"amount":"499.00","currency":"INR"} <nil>
	// pricing: invalid amount: must be a string
}

func ExampleParseCurrency() {
	c, err := pricing.ParseCurrency("KWD")
	fmt.Println(c, c.MinorDigits(), err)
	// Output: KWD 3 <nil>
}

func ExampleFormat() {
	indian, western := pricing.IndianFormat(), pricing.WesternFormat("₹")
	euro := pricing.Format{Symbol: "€", Position: pricing.RightSpace, Thousand: ".", Decimal: ",", Decimals: 2}
	amount := decimal.RequireFromString("-123456.5")
	fmt.Println(indian.Amount(amount))
	fmt.Println(western.Amount(amount))
	fmt.Printf("%q\n", euro.Amount(amount))
	// Output:
	// -₹1,23,456.50
	// -₹123,456.50
	// "-123.456,50\u00a0€"
}

// The settings are the store's: here a shop that shows prices without tax,
// with the suffix "plus GST" and the price with it.
func ExampleNewParser() {
	settings := pricing.Format{
		Symbol: "&#8377;", Position: pricing.Left, Thousand: ",", Decimal: ".", Decimals: 2,
		Suffix: "plus GST: {price_including_tax}",
	}
	parser, err := pricing.NewParser(settings)
	if err != nil {
		fmt.Println(err)
		return
	}
	price, err := parser.ParsePrice("₹1,299.00 plus GST: ₹1,532.82")
	fmt.Println(price.Min, price.Details().Suffix, err)
	// Output: 1299 [1532.82] <nil>
}

func ExampleParser_ParsePrice() {
	parser, err := pricing.NewParser(pricing.IndianFormat())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{
		"₹1,00,000.50",
		"₹100,000.50",
		"₹499.00 - ₹1,299.00",
		"<del>&#8377;599.00</del> <ins>&#8377;499.00</ins>",
		"",
		"₹599.00 ₹499.00",
		"₹4,99",
	} {
		price, err := parser.ParsePrice(text)
		switch {
		case errors.Is(err, pricing.ErrNoPrice):
			fmt.Println("not purchasable")
		case err != nil:
			fmt.Println(err)
		case price.Details().Sale.Valid:
			fmt.Println(price.Min, "instead of", price.Details().Regular.Decimal)
		default:
			fmt.Println(price.Min, "to", price.Max.Decimal)
		}
	}
	// Output:
	// 100000.5 to 100000.5
	// 100000.5 to 100000.5
	// 499 to 1299
	// 499 instead of 599
	// not purchasable
	// pricing: price text refused at byte 10: another amount, but not as in the store's price display suffix
	// pricing: price text refused at byte 7: digits grouped neither the Western nor the Indian way
}

func ExampleParser_ParseMoney() {
	parser, err := pricing.NewParser(pricing.WesternFormat("₹"))
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := parser.ParseMoney("&#8377;1,299.00", pricing.INR)
	fmt.Println(m, err)
	// Output: INR 1299.00 <nil>
}

func ExampleParseRaw() {
	price, err := pricing.ParseRaw("1099.00, 1299.00, 1399.00")
	fmt.Println(price.Min, price.Max.Decimal, len(price.Details().List), err)
	// Output: 1099 1399 3 <nil>
}

func ExampleWithSymbols() {
	parser, err := pricing.NewParser(pricing.WesternFormat("£"), pricing.WithSymbols("GBP"))
	if err != nil {
		fmt.Println(err)
		return
	}
	price, err := parser.ParsePrice("GBP 1,299.00")
	fmt.Println(price.Min, err)
	// Output: 1299 <nil>
}
