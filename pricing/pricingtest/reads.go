package pricingtest

import (
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// amounts is a Price in few letters: "5" is a price, "5..9" a range, "5.."
// what "From" says, "9>5" a sale, with "+4.2" for an amount in the suffix;
// "free".
type amounts string

var readable = []struct {
	name   string
	format pricing.Format
	text   string
	want   amounts
}{
	{"plain", rupees, "₹1,299.00", "1299"},
	{"zero is a price", rupees, "₹0.00", "0"},
	{"negative", rupees, "-₹1,234.00", "-1234"},
	{"no decimals shown", rupees, "₹499", "499"},
	{"no grouping", rupees, "₹125000.00", "125000"},
	{"no symbol", rupees, "1299", "1299"},
	{"entity", rupees, "&#8377;1,299.00", "1299"},
	{"hexadecimal entity", rupees, "&#x20b9;1,299.00", "1299"},
	{"other spelling", rupees, "Rs. 1,299.00", "1299"},
	{"non-breaking space", rs, "Rs.\u00a01,299.00", "1299"},
	{"entity of a space", rs, "Rs.&nbsp;1,299.00", "1299"},
	{"symbol behind", slash, "1,299.00/-", "1299"},
	{"negative, symbol behind", slash, "-1.41/-", "-1.41"},
	{"points and comma", euro, "1.299,00 €", "1299"},
	{"no decimals, points", euro, "1.299 €", "1299"},
	{"spaces and comma", krona, "1 299,00 kr", "1299"},
	{"narrow space", krona, "1\u202f299,00\u00a0kr", "1299"},
	{"apostrophe", franc, "CHF 1'299.00", "1299"},
	{"typographic apostrophe", franc, "CHF 1’299.00", "1299"},
	{"currency without decimals", yen, "¥1,299", "1299"},
	{"three decimals", dinar, "1.299,500 KD", "1299.5"},
	{"HTML", rupees, `<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&#8377;</span>1,299.00</bdi></span>`, "1299"},
	{"HTML, negative", rupees, `<span class="woocommerce-Price-amount amount"><bdi>-<span class="woocommerce-Price-currencySymbol">&#8377;</span>9.00</bdi></span>`, "-9"},
	{"range", rupees, "₹499.00 - ₹1,299.00", "499..1299"},
	{"range with an en dash", rupees, "₹499.00 – ₹1,299.00", "499..1299"},
	{"range without spaces", rupees, "₹499.00-₹1,299.00", "499..1299"},
	{"range of negative amounts", rupees, "-₹9.00 - -₹5.00", "-9..-5"},
	{"range, symbol behind", slash, "499.00/- - 1,299.00/-", "499..1299"},
	{"range with screen-reader text", rupees, "₹5.00 – ₹9.00Price range: ₹5.00 through ₹9.00", "5..9"},
	{"HTML range", rupees, `<span class="woocommerce-Price-amount amount" aria-hidden="true">&#8377;5.00</span> <span aria-hidden="true">&ndash;</span> <span class="woocommerce-Price-amount amount" aria-hidden="true">&#8377;9.00</span><span class="screen-reader-text">Price range: &#8377;5.00 through &#8377;9.00</span>`, "5..9"},
	{"from", rupees, "From: ₹499.00", "499.."},
	{"HTML from, in any language", rupees, `<span class="from">Ab: </span>&#8377;499.00`, "499.."},
	{"sale", rupees, "₹9.00 Original price was: ₹9.00.₹5.00Current price is: ₹5.00.", "9>5"},
	{"HTML sale", rupees, `<del aria-hidden="true">&#8377;9.00</del> <span class="screen-reader-text">Original price was: &#8377;9.00.</span><ins aria-hidden="true">&#8377;5.00</ins><span class="screen-reader-text">Current price is: &#8377;5.00.</span>`, "9>5"},
	{"sale that is free", rupees, `<del>&#8377;9.00</del> <ins>&#8377;0.00</ins>`, "9>0"},
	{"tax label", rupees, "₹499.00 (ex. tax)", "499"},
	{"number in the suffix", rupees, "₹499.00 (incl. 18% GST)", "499"},
	{"unit in the suffix", rupees, "₹499.00 per 500 g", "499"},
	{"amount in the suffix", taxed, "₹499.00 excl. GST ₹422.88", "499+422.88"},
	{"amount in the suffix, HTML", rupees, `&#8377;499.00 <small class="woocommerce-price-suffix">excl. &#8377;422.88</small>`, "499+422.88"},
	{"raw list", rupees, "1099.00, 1299.00, 1199.00", "1099..1299"},
	{"raw number of a store with a decimal comma", euro, "1299.50", "1299.5"},
	{"free", rupees, "Free!", "free"},
}

func (n New) reads(t *testing.T) {
	for _, r := range readable {
		t.Run(r.name, func(t *testing.T) {
			got, err := n.parser(t, r.format).ParsePrice(r.text)
			if err != nil {
				t.Fatalf("%q: %v, want %s", r.text, err, r.want)
			}
			if write(got) != r.want {
				t.Errorf("%q: read as %s, want %s", r.text, write(got), r.want)
			}
		})
	}
}

// write puts a Price in few letters. A "?" marks one that contradicts itself.
func write(p pricing.Price) amounts {
	var s string
	d := p.Details()
	switch {
	case d.Free:
		return "free"
	case d.Regular.Valid || d.Sale.Valid:
		s = d.Regular.Decimal.String() + ">" + d.Sale.Decimal.String()
		if !p.Max.Valid || !p.Min.Equal(d.Sale.Decimal) || !p.Max.Decimal.Equal(p.Min) {
			s += "?"
		}
	case !p.Max.Valid:
		s = p.Min.String() + ".."
	case p.Max.Decimal.Equal(p.Min):
		s = p.Min.String()
	default:
		s = p.Min.String() + ".." + p.Max.Decimal.String()
	}
	for _, amount := range d.Suffix {
		s += "+" + amount.String()
	}
	return amounts(s)
}

func (n New) groupings(t *testing.T) {
	p := n.parser(t, rupees)
	for _, texts := range [][2]string{
		{"₹1,00,000.50", "₹100,000.50"},
		{"₹12,34,567.00", "₹1,234,567.00"},
		{"₹1,23,45,678.90", "₹12,345,678.90"},
	} {
		indian, err := p.ParsePrice(texts[0])
		if err != nil {
			t.Errorf("%q: %v", texts[0], err)
		}
		western, err := p.ParsePrice(texts[1])
		if err != nil {
			t.Errorf("%q: %v", texts[1], err)
		}
		if !indian.Min.Equal(western.Min) {
			t.Errorf("%q is %s, but %q is %s", texts[0], indian.Min, texts[1], western.Min)
		}
	}
}

// formats writes amounts with every kind of settings and reads them.
func (n New) formats(t *testing.T) {
	for _, f := range []pricing.Format{rupees, rs, slash, euro, krona, franc, yen, dinar} {
		t.Run(f.Symbol, func(t *testing.T) {
			p := n.parser(t, f)
			for _, units := range []int64{0, 1, -1, 99, 100, 12345, 100000, -1234567, 123456789012} {
				d := decimal.New(units, -int32(f.Decimals))
				text := f.Amount(d)
				if got, err := p.ParsePrice(text); err != nil || !got.Min.Equal(d) {
					t.Errorf("%q: read as %s, %v; want %s", text, got.Min, err, d)
				}
			}
		})
	}
}

// exact uses amounts that a float64 cannot hold.
func (n New) exact(t *testing.T) {
	p := n.parser(t, rupees)
	for text, want := range map[string]string{
		"₹0.07":                      "0.07",
		"₹1,299.99":                  "1299.99",
		"₹9,00,71,99,25,47,40,993":   "9007199254740993",
		"₹9,007,199,254,740,993.00":  "9007199254740993",
		"₹9,999,999,999,999,999.99":  "9999999999999999.99",
		"₹1,000,000,000,000,000.01":  "1000000000000000.01",
		"-₹9,999,999,999,999,999.99": "-9999999999999999.99",
	} {
		got, err := p.ParsePrice(text)
		if err != nil || got.Min.Cmp(decimal.RequireFromString(want)) != 0 {
			t.Errorf("%q: read as %s, %v; want %s", text, got.Min, err, want)
		}
	}
}
