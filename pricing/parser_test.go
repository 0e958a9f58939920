package pricing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestNewParserRefuses(t *testing.T) {
	western := pricing.WesternFormat("₹")
	tests := []struct {
		name   string
		change func(*pricing.Format)
		field  string
	}{
		{"negative decimals", func(f *pricing.Format) { f.Decimals = -1 }, "decimals"},
		{"too many decimals", func(f *pricing.Format) { f.Decimals = 11 }, "decimals"},
		{"unknown position", func(f *pricing.Format) { f.Position = 4 }, "position"},
		{"digits in the symbol", func(f *pricing.Format) { f.Symbol = "R1" }, "symbol"},
		{"a minus as symbol", func(f *pricing.Format) { f.Symbol = "-" }, "symbol"},
		{"thousands like decimals", func(f *pricing.Format) { f.Thousand = "." }, "decimal"},
		{"thousands like WooCommerce's own decimals", func(f *pricing.Format) { f.Thousand, f.Decimal = ".", "" }, "decimal"},
		{"spaces that only look different", func(f *pricing.Format) { f.Thousand, f.Decimal = " ", "&nbsp;" }, "decimal"},
		{"long thousands", func(f *pricing.Format) { f.Thousand = "::" }, "thousand"},
		{"letter as thousands", func(f *pricing.Format) { f.Thousand = "k" }, "thousand"},
		{"digit as thousands", func(f *pricing.Format) { f.Thousand = "0" }, "thousand"},
		{"minus as decimals", func(f *pricing.Format) { f.Decimal = "-" }, "decimal"},
		{"broken thousands", func(f *pricing.Format) { f.Thousand = "\xff" }, "thousand"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := western
			tt.change(&f)
			p, err := pricing.NewParser(f)
			refusedField(t, tt.field, func() error { return err })
			if p != nil {
				t.Error("an error, and a parser")
			}
		})
	}
}

// All mistakes are reported at once.
func TestNewParserReportsEverything(t *testing.T) {
	_, err := pricing.NewParser(pricing.Format{Symbol: "5", Position: 9, Thousand: "ab", Decimals: 99})
	for _, field := range []string{"symbol", "position", "thousand", "decimals"} {
		if !strings.Contains(err.Error(), "invalid "+field+":") {
			t.Errorf("%s is not in: %v", field, err)
		}
	}
}

// Without decimals the separators may be the same: one of them is not used.
func TestNewParserWithoutDecimals(t *testing.T) {
	p := parserFor(t, pricing.Format{Symbol: "Rp", Thousand: ".", Decimal: "."})
	if price, err := p.ParsePrice("Rp1.299.000"); err != nil || !price.Min.Equal(decimal.NewFromInt(1299000)) {
		t.Errorf("%v, %v", price.Min, err)
	}
}

// The symbols a store's parser reads are its own.
func TestSymbols(t *testing.T) {
	pounds := pricing.WesternFormat("£")
	tests := []struct {
		name   string
		format pricing.Format
		opts   []pricing.Option
		text   string
		err    error
	}{
		{"own", pounds, nil, "£5.00", nil},
		{"entity of the text", pounds, nil, "&pound;5.00", nil},
		{"numeric entity of the text", pounds, nil, "&#xA3;5.00", nil},
		{"other", pounds, nil, "₹5.00", pricing.ErrAmbiguous},
		{"rupees know their spellings", pricing.IndianFormat(), nil, "INR 5.00", nil},
		{"an option adds one", pounds, []pricing.Option{pricing.WithSymbols("GBP")}, "GBP 5.00", nil},
		{"and keeps the own", pounds, []pricing.Option{pricing.WithSymbols("GBP")}, "£5.00", nil},
		{"prefix of a longer one", pounds, []pricing.Option{pricing.WithSymbols("G", "GBP")}, "GBP5.00", nil},
		{"none", pricing.WesternFormat(""), nil, "5.00", nil},
		{"none, but one is there", pricing.WesternFormat(""), nil, "£5.00", pricing.ErrAmbiguous},
		{"wrong side", pounds, nil, "5.00£", pricing.ErrAmbiguous},
		{"tags in the setting", pricing.WesternFormat("<span>£</span>"), nil, "<b>£</b>5.00", nil},
		{"HTML's own exception", pricing.WesternFormat("€"), nil, "&#128;5.00", nil},
		{"space in the symbol", pricing.WesternFormat("CA $"), nil, "CA&nbsp;$5.00", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := pricing.NewParser(tt.format, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			price, err := p.ParsePrice(tt.text)
			if !errors.Is(err, tt.err) || err == nil && !price.Min.Equal(decimal.NewFromInt(5)) {
				t.Errorf("%q: %v, %v", tt.text, price.Min, err)
			}
		})
	}
}

// An amount behind the price is the suffix only where the store's suffix has
// one, between the same words.
func TestSuffix(t *testing.T) {
	const both = "excl. GST {price_excluding_tax} / incl. <b>{price_including_tax}</b>"
	tests := []struct {
		name, suffix, text string
		want               []string // nil when the text is ambiguous
	}{
		{"as configured", "MRP {price_including_tax}", "₹5.00 MRP ₹6.00", []string{"6"}},
		{"two amounts", both, "₹5.00 excl. GST ₹4.00 / incl. ₹5.00", []string{"4", "5"}},
		{"no words", "{price_excluding_tax}", "₹5.00 ₹4.00", []string{"4"}},
		{"words behind", "{price_including_tax} incl. GST", "₹5.00 ₹6.00 incl. GST", []string{"6"}},
		{"after a sale", "MRP {price_including_tax}", "₹9.00 Original price was: ₹9.00.₹5.00Current price is: ₹5.00. MRP ₹6.00", []string{"6"}},
		{"after a range, almost its repetition", "", "₹5.00 – ₹9.00 excl. ₹5.00 incl. ₹6.00", []string{"5", "6"}},
		{"after a range", "{price_including_tax}", "₹5.00 – ₹9.00 ₹6.00", []string{"6"}},
		{"spaces differ", "MRP{price_including_tax}", "₹5.00&nbsp;MRP ₹6.00", []string{"6"}},
		{"other words", "MRP {price_including_tax}", "₹5.00 now ₹4.00", nil},
		{"an amount too many", "MRP {price_including_tax}", "₹5.00 MRP ₹6.00 ₹7.00", nil},
		{"words missing behind", "{price_including_tax} incl. GST", "₹5.00 ₹6.00", nil},
		{"none configured", "", "₹5.00 MRP ₹6.00", nil},
		{"none configured, range", "", "₹5.00 – ₹9.00 incl. ₹6.00", []string{"6"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := pricing.WesternFormat("₹")
			f.Suffix = tt.suffix
			price, err := parserFor(t, f).ParsePrice(tt.text)
			if tt.want == nil {
				if !errors.Is(err, pricing.ErrAmbiguous) {
					t.Errorf("%v, %v; want ErrAmbiguous", price, err)
				}
				return
			}
			var got []string
			for _, d := range price.Details().Suffix {
				got = append(got, d.String())
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

// HTML is read by what WooCommerce's elements mean.
func TestMarkup(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // empty when it is refused
	}{
		{"nested formatting", "<p><strong><em>₹5.00</em></strong></p>", "5"},
		{"bracket in an attribute", `<span title="a > b" class="x">₹5.00</span>`, "5"},
		{"tag inside the amount", "<b>₹</b><i>5.00</i>", "5"},
		{"tag inside the number", "₹5<b>0</b>.00", ""},
		{"spoken text says something else", `₹5.00<span class="screen-reader-text">₹6.00</span>`, "5"},
		{"spans inside spoken text", `<span class="screen-reader-text">a <span>₹9.00</span> b</span>₹5.00`, "5"},
		{"sale without ins", "<del>₹9.00</del> ₹5.00", "5"},
		{"words between, no ins", "<del>₹9.00</del> save ₹5.00", ""},
		{"words between, ins", "<del>₹9.00</del> now <ins>₹5.00</ins>", "5"},
		{"two struck out", "<del>₹9.00</del> <del>₹8.00</del> <ins>₹5.00</ins>", ""},
		{"range struck out", "<del>₹8.00 – ₹9.00</del> <ins>₹5.00</ins>", ""},
		{"range for sale", "<del>₹9.00</del> <ins>₹5.00 – ₹6.00</ins>", ""},
		{"struck out behind", "<ins>₹5.00</ins> <del>₹9.00</del>", ""},
		{"new price alone", "<ins>₹5.00</ins>", "5"},
		{"price behind the suffix", `<small class="woocommerce-price-suffix">₹6.00</small> ₹5.00`, ""},
		{"two struck out alone", "<del>₹9.00</del> <del>₹8.00</del>", ""},
		{"two new prices", "<del>₹9.00</del> <ins>₹5.00</ins> <ins>₹4.00</ins>", ""},
		{"price behind an empty suffix", `₹5.00 <small class="woocommerce-price-suffix">MRP</small> ₹6.00`, ""},
		{"price behind the suffix's price", `₹5.00 <small class="woocommerce-price-suffix">MRP ₹7.00</small> ₹6.00`, ""},
		{"misplaced sign in the suffix", `₹5.00 <small class="woocommerce-price-suffix">₹-4.00</small>`, ""},
		{"dash in the suffix", `₹5.00 <small class="woocommerce-price-suffix">- incl. GST</small>`, "5"},
		{"suffix inside a paragraph", `<p>₹5.00 <small class="woocommerce-price-suffix">MRP</small></p>`, "5"},
		{"element not closed", `<span class="screen-reader-text">₹5.00`, ""},
		{"tag not closed", "<span ₹5.00", ""},
		{"quote not closed", `<span class=">₹5.00</span>`, ""},
		{"comment", "<!-- ₹5.00 -->", ""},
		{"escaped markup", "&lt;b&gt;₹5.00", ""},
		{"From and a sale", `<span class="from">From: </span><del>₹9.00</del> <ins>₹5.00</ins>`, ""},
	}
	p := parserFor(t, pricing.IndianFormat())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			price, err := p.ParsePrice(tt.text)
			if tt.want == "" {
				if !errors.Is(err, pricing.ErrInvalid) {
					t.Errorf("%q: %v, %v; want an error", tt.text, price.Min, err)
				}
				return
			}
			if err != nil || price.Min.String() != tt.want {
				t.Errorf("%q: %v, %v; want %s", tt.text, price.Min, err, tt.want)
			}
		})
	}
}

// A label behind the price says nothing about it.
func TestFromLabelBehind(t *testing.T) {
	p := parserFor(t, pricing.IndianFormat())
	price, err := p.ParsePrice(`₹5.00 <span class="from">From: </span>`)
	if err != nil || !price.Max.Valid {
		t.Errorf("%v, %v", price, err)
	}
}

// A ParseError says where, and does not repeat what.
func TestParseErrors(t *testing.T) {
	p := parserFor(t, pricing.IndianFormat())
	for text, offset := range map[string]int{
		"₹12,34":                   8,
		"₹1,299.005":               12,
		"₹499.00 ₹599.00":          10,
		"mysecret ₹499.00":         9,
		"₹5.00 <":                  8,
		"":                         0,
		strings.Repeat("x", 1<<20): pricing.MaxText,
	} {
		_, err := p.ParsePrice(text)
		var parse *pricing.ParseError
		if !errors.As(err, &parse) {
			t.Errorf("%.20q: %v", text, err)
			continue
		}
		if parse.Offset != offset || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.20q: %v, want offset %d", text, err, offset)
		}
	}
}

func TestParseMoney(t *testing.T) {
	fine := pricing.WesternFormat("₹")
	fine.Decimals = 4
	spaced := pricing.WesternFormat(" ₹")
	tests := []struct {
		name     string
		format   pricing.Format
		text     string
		currency pricing.Currency
		minor    int64
		err      error
	}{
		{"amount", pricing.IndianFormat(), "₹1,299.00", pricing.INR, 129900, nil},
		{"HTML", pricing.IndianFormat(), span, pricing.INR, 129900, nil},
		{"no decimals", pricing.IndianFormat(), "₹499", pricing.INR, 49900, nil},
		{"negative", pricing.IndianFormat(), "-₹0.01", pricing.INR, -1, nil},
		{"negative with a spaced symbol", spaced, "- ₹5.00", pricing.INR, -500, nil},
		{"a dash and a symbol without space", pricing.IndianFormat(), "- ₹5.00", pricing.INR, 0, pricing.ErrAmbiguous},
		{"sale", pricing.IndianFormat(), "<del>₹9</del> <ins>₹5</ins>", pricing.INR, 500, nil},
		{"free", pricing.IndianFormat(), "Free!", pricing.INR, 0, nil},
		{"yen", pricing.WesternFormat("¥"), "¥1,299", pricing.JPY, 1299, nil},
		{"yen with zeros", pricing.WesternFormat("¥"), "¥1,299.00", pricing.JPY, 1299, nil},
		{"same ends", pricing.IndianFormat(), "₹5.00 – ₹5.00", pricing.INR, 500, nil},
		{"finer zeros", fine, "₹5.0000", pricing.INR, 500, nil},
		{"finer than a paisa", fine, "₹5.0001", pricing.INR, 0, pricing.ErrInvalid},
		{"18 digits of rupees", pricing.IndianFormat(), "₹999999999999999999", pricing.INR, 0, pricing.ErrInvalid},
		{"range", pricing.IndianFormat(), "₹5.00 – ₹9.00", pricing.INR, 0, pricing.ErrAmbiguous},
		{"from", pricing.IndianFormat(), "From: ₹5.00", pricing.INR, 0, pricing.ErrAmbiguous},
		{"none", pricing.IndianFormat(), "", pricing.INR, 0, pricing.ErrNoPrice},
		{"malformed", pricing.IndianFormat(), "₹5e3", pricing.INR, 0, pricing.ErrInvalid},
		{"currency", pricing.IndianFormat(), "₹5.00", "inr", 0, pricing.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parserFor(t, tt.format).ParseMoney(tt.text, tt.currency)
			if !errors.Is(err, tt.err) || err == nil && got != money(t, tt.minor, tt.currency) || err != nil && got != (pricing.Money{}) {
				t.Errorf("%v, %v; want %d, %v", got, err, tt.minor, tt.err)
			}
		})
	}
}

func TestParseMoneyDoesNotAllocate(t *testing.T) {
	p := parserFor(t, pricing.IndianFormat())
	for _, text := range []string{"₹1,299.00", "₹1,00,000.50", "&#8377;1,299.00", "Rs. 1,299.00", "1299", span} {
		allocs := testing.AllocsPerRun(100, func() { _, _ = p.ParseMoney(text, pricing.INR) })
		if allocs != 0 {
			t.Errorf("%.30q: %v allocations", text, allocs)
		}
	}
}

func TestParseRaw(t *testing.T) {
	for text, want := range map[string][]string{ // lowest, highest, then the list
		"499":                       {"499", "499"},
		"33.33":                     {"33.33", "33.33"},
		"100000.00":                 {"100000", "100000"},
		"-5":                        {"-5", "-5"},
		"0":                         {"0", "0"},
		"259.88054882":              {"259.88054882", "259.88054882"},
		"1299.00, 1099.00, 1199.00": {"1099", "1299", "1299", "1099", "1199"},
		"0.5, 10, 9.75":             {"0.5", "10", "0.5", "10", "9.75"},
		"12345678901234.5678":       {"12345678901234.5678", "12345678901234.5678"},
	} {
		price, err := pricing.ParseRaw(text)
		got := []string{price.Min.String(), price.Max.Decimal.String()}
		for _, d := range price.Details().List {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got)\n%s", text, err, diff)
		}
	}
}

func TestParseRawRefuses(t *testing.T) {
	for _, text := range []string{
		"1,299", "1299,00", "1e3", "1.5E-7", "+5", "5.", ".5", "-", "--5", "007", "₹5", "₹25.00 - ₹1,199.25",
		"1, ", ", 1", "1,2", "1,  2", "1;2", " 5", "NaN", "1234567890123456789", "0.0000000000000000001",
		"5\xff", strings.Repeat("1, ", 5000) + "1",
	} {
		if price, err := pricing.ParseRaw(text); !errors.Is(err, pricing.ErrInvalid) || errors.Is(err, pricing.ErrNoPrice) {
			t.Errorf("%.20q: %v, %v", text, price.Min, err)
		}
	}
	for _, text := range []string{"", "  "} {
		if _, err := pricing.ParseRaw(text); !errors.Is(err, pricing.ErrNoPrice) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A bare number may be formatted or raw. It is read when that is the same.
func TestBareNumbers(t *testing.T) {
	dots := pricing.Format{Symbol: "€", Position: pricing.RightSpace, Thousand: ".", Decimal: ",", Decimals: 2}
	three := dots
	three.Decimals = 3
	tests := []struct {
		format pricing.Format
		text   string
		want   string // empty when it is ambiguous
	}{
		{dots, "1299", "1299"},
		{dots, "1.299,00", "1299"},
		{dots, "1299.50", "1299.5"},
		{dots, "1.299", "1299"}, // raw, it would have more decimals than the store
		{dots, "1.000", ""},     // raw, it would be 1
		{three, "1.299", ""},    // raw, it would be 1.299
		{three, "1.2995", "?"},  // neither
		{dots, "1299.50, 1399.50", "1299.5"},
		{pricing.IndianFormat(), "1,299", "1299"},
		{pricing.IndianFormat(), "1,299.00", "1299"},
		{pricing.IndianFormat(), "-1299.00", "-1299"},
		{pricing.IndianFormat(), "33.335", "?"},
		{pricing.IndianFormat(), "33.330", "33.33"}, // stored with a zero more
		{pricing.WesternFormat(""), "1,299.00 – 1,399.00", "1299"},
	}
	for _, tt := range tests {
		price, err := parserFor(t, tt.format).ParsePrice(tt.text)
		switch tt.want {
		case "", "?":
			if !errors.Is(err, pricing.ErrInvalid) || tt.want == "" && !errors.Is(err, pricing.ErrAmbiguous) {
				t.Errorf("%q: %v, %v; want an error", tt.text, price.Min, err)
			}
		default:
			if err != nil || price.Min.String() != tt.want {
				t.Errorf("%q: %v, %v; want %s", tt.text, price.Min, err, tt.want)
			}
		}
	}
}
