package pricing_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"regexp"
	"testing"

	"github.com/ankkor/ankkor/pricing"
)

// plainDecimal is the grammar of ParseSigned for rupees, written down again.
var plainDecimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?$`)

func FuzzParse(f *testing.F) {
	for _, amount := range append([]string{"499", "499.5", "499.00", "-0.01", "92233720368547758.07", "-92233720368547758.08"}, badAmounts...) {
		f.Add(amount)
	}
	f.Fuzz(func(t *testing.T, amount string) {
		m, err := pricing.ParseSigned(amount, pricing.INR)
		want, valid := rupees(amount)
		if (err == nil) != valid {
			t.Fatalf("%q: %v, %v; valid %t", amount, m, err, valid)
		}
		if err != nil {
			if !errors.Is(err, pricing.ErrInvalid) || m != (pricing.Money{}) {
				t.Fatalf("%q: %v, %v", amount, m, err)
			}
			return
		}
		if m.Minor() != want {
			t.Fatalf("%q: %d, want %d", amount, m.Minor(), want)
		}
		if again, err := pricing.ParseSigned(m.Amount(), pricing.INR); err != nil || again != m {
			t.Fatalf("%q: written %s, read %v, %v", amount, m.Amount(), again, err)
		}
	})
}

// rupees is ParseSigned by a regular expression and math/big.
func rupees(amount string) (minor int64, valid bool) {
	if !plainDecimal.MatchString(amount) || len(amount) > 1000 {
		return 0, false
	}
	r, _ := new(big.Rat).SetString(amount)
	r.Mul(r, big.NewRat(100, 1))
	if r.Sign() == 0 && amount[0] == '-' {
		return 0, false
	}
	return r.Num().Int64(), r.IsInt() && r.Num().IsInt64()
}

var anyDigit = regexp.MustCompile(`[0-9]`)

func FuzzParsePrice(f *testing.F) {
	for i, text := range storeTexts(f) {
		if i%5 == 0 {
			s := text.Settings
			f.Add(text.Text, s.Symbol, s.Thousand, s.Decimal, s.Decimals, uint8(i%4), s.Suffix)
		}
	}
	f.Add("₹1,,299.00", "₹", ",", ".", 2, uint8(0), "")
	f.Add("<span", "₹", ",", ".", 2, uint8(0), "")
	f.Add("&#x20b9;", "&#x20b9;", "&nbsp;", "&#46;", 2, uint8(2), "{price_excluding_tax}")
	f.Fuzz(func(t *testing.T, text, symbol, thousand, point string, decimals int, position uint8, suffix string) {
		format := pricing.Format{Symbol: symbol, Thousand: thousand, Decimal: point, Decimals: decimals,
			Position: pricing.Position(position), Suffix: suffix}
		p, err := pricing.NewParser(format)
		if err != nil {
			if !errors.Is(err, pricing.ErrInvalid) {
				t.Fatalf("%+v: %v", format, err)
			}
			return
		}
		price, err := p.ParsePrice(text)
		checkAnswer(t, text, price, err)
		m, err := p.ParseMoney(text, pricing.INR)
		if err == nil && m.Decimal().Cmp(price.Min) != 0 {
			t.Fatalf("%q: the price is %s, the money %s", text, price.Min, m)
		}
		if err == nil {
			checkInverse(t, p, format, price)
		}
	})
}

// checkAnswer looks for what no answer may be, whatever the text.
func checkAnswer(t *testing.T, text string, price pricing.Price, err error) {
	t.Helper()
	if err != nil {
		if errors.Is(err, pricing.ErrNoPrice) == errors.Is(err, pricing.ErrInvalid) {
			t.Fatalf("%q: %v is both or neither of ErrNoPrice and ErrInvalid", text, err)
		}
		if !reflect.ValueOf(price).IsZero() {
			t.Fatalf("%q: an error and a price", text)
		}
		return
	}
	if price.Max.Valid && price.Max.Decimal.LessThan(price.Min) {
		t.Fatalf("%q: from %s to %s", text, price.Min, price.Max.Decimal)
	}
	d := price.Details()
	if d.Sale.Valid != d.Regular.Valid || d.Sale.Valid && !d.Sale.Decimal.Equal(price.Min) {
		t.Fatalf("%q: sale %v, regular %v, min %s", text, d.Sale, d.Regular, price.Min)
	}
	if price.Min.NumDigits() > 18 || price.Min.Exponent() > 0 {
		t.Fatalf("%q: %s has too many digits", text, price.Min)
	}
}

// checkInverse writes the price with the store's format and reads it again.
func checkInverse(t *testing.T, p *pricing.Parser, format pricing.Format, price pricing.Price) {
	t.Helper()
	if format.Symbol == "" || price.Details().Free {
		return // a bare number may be ambiguous
	}
	written := format.Amount(price.Min)
	if len(anyDigit.FindAllString(written, -1)) > 18 {
		return // with the decimals the store shows it is longer than what is read
	}
	again, err := p.ParsePrice(written)
	if err != nil || !again.Min.Equal(price.Min) {
		t.Fatalf("%s is written %q, which is read as %s, %v", price.Min, written, again.Min, err)
	}
}

func FuzzMoneyJSON(f *testing.F) {
	for _, e := range encoded {
		f.Add([]byte(e.json))
	}
	f.Add([]byte(`{"amount":"0","currency":""}`))
	f.Add([]byte(`{"amount":1e2,"currency":"INR"}`))
	f.Add([]byte(`{"amount":"1","amount":"2","currency":"INR"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m pricing.Money
		if err := m.UnmarshalJSON(data); err != nil {
			if !errors.Is(err, pricing.ErrInvalid) || m != (pricing.Money{}) {
				t.Fatalf("%q: %v, %v", data, m, err)
			}
			return
		}
		if !json.Valid(data) {
			t.Fatalf("%q: read, but it is not JSON", data)
		}
		written, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again pricing.Money
		if err := json.Unmarshal(written, &again); err != nil || again != m {
			t.Fatalf("%q: written %s, read %v, %v", data, written, again, err)
		}
	})
}
