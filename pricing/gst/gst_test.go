package gst_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/gst"
	"github.com/ankkor/ankkor/pricing/quote"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// The check digits of numbers that companies print on their invoices.
func TestGSTIN(t *testing.T) {
	for text, want := range map[string]string{
		"27AAPFU0939F1ZV": "MH AAPFU0939F", "29AAGCB7383J1Z4": "KA AAGCB7383J", "09AAACH7409R1ZZ": "UP AAACH7409R",
		"24AAACC1206D1ZM": "GJ AAACC1206D", "07AAGFF2194N1Z1": "DL AAGFF2194N", " 27 aapfu0939f 1zv\n": "MH AAPFU0939F",
	} {
		g, err := gst.ParseGSTIN(text)
		if got := g.State() + " " + g.PAN(); err != nil || got != want || len(g) != 15 {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if g := gst.GSTIN("x"); g.PAN() != "" || g.State() != "" {
		t.Error("parts of what is no GSTIN")
	}
}

func TestGSTINRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "short": "27AAPFU0939F1Z", "long": "27AAPFU0939F1ZVV", "very long": strings.Repeat("2", 1<<20), "not a state": "39AAPFU0939F1ZV",
		"state zero": "00AAPFU0939F1ZV", "mistyped": "27AAPFU0938F1ZV", "swapped": "72AAPFU0939F1ZV", "check digit": "27AAPFU0939F1ZA", "letters for digits": "2AAAPFU0939F1ZV",
		"PAN": "271APFU0939F1ZV", "entity zero": "27AAPFU0939F0ZV", "punctuation": "27-AAPFU0939F1Z", "other digits": "२७AAPFU0939F1",
	} {
		t.Run(name, func(t *testing.T) {
			g, err := gst.ParseGSTIN(text)
			var invalid *gst.InvalidError
			if g != "" || !errors.Is(err, gst.ErrInvalid) || !errors.As(err, &invalid) || invalid.Field != "gstin" {
				t.Fatalf("%q, %v", g, err)
			}
			if len(text) > 5 && strings.Contains(err.Error(), text) {
				t.Error("the error repeats the number")
			}
		})
	}
}

// One mistyped character is always found.
func TestCheckDigitFindsEveryTypo(t *testing.T) {
	const good = "27AAPFU0939F1ZV"
	for i := range good {
		for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			if typo := good[:i] + string(c) + good[i+1:]; typo != good {
				if _, err := gst.ParseGSTIN(typo); err == nil {
					t.Errorf("%s passes", typo)
				}
			}
		}
	}
}

func TestSlabs(t *testing.T) {
	rates, err := quote.GSTRates("MH", gst.Slabs()...)
	if err != nil || len(rates) != 27 {
		t.Fatalf("%d rates, %v", len(rates), err)
	}
	sums := map[string]decimal.Decimal{}
	for _, r := range rates {
		if r.State == "MH" {
			sums[r.Class] = sums[r.Class].Add(r.Rate)
		}
	}
	for _, percent := range []string{"0", "0.25", "3", "5", "12", "18", "28", "40"} {
		if got := sums[gst.Class(percent)]; !got.Equal(dec(percent)) {
			t.Errorf("the halves of %s %% come to %s", percent, got)
		}
	}
	if !sums[""].Equal(dec("18")) {
		t.Errorf("standard is %s", sums[""])
	}
}

// wardrobe is a purchase of shirts (category 1) and a book (category 2).
func wardrobe(t *testing.T, inclusive bool, state string, prices ...string) quote.Input {
	t.Helper()
	rates, err := quote.GSTRates("MH", gst.Slabs()...)
	if err != nil {
		t.Fatal(err)
	}
	in := quote.Input{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: inclusive, BaseCountry: "IN", BaseState: "MH",
			CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		},
		Rates: rates, ShipTo: quote.Destination{Country: "IN", State: state},
		Lines: []quote.Line{{ProductID: 99, UnitPrice: dec("250"), Quantity: 1, CategoryIDs: []int64{2}}},
	}
	for i, p := range prices {
		in.Lines = append(in.Lines, quote.Line{ProductID: int64(i + 1), UnitPrice: dec(p), Quantity: 2, CategoryIDs: []int64{1}})
	}
	return in
}

var (
	shirts = adjust.Scope{Categories: []int64{1}}
	books  = adjust.Scope{Categories: []int64{2}}
)

func classes(in quote.Input) string {
	var out []string
	for _, l := range in.Lines {
		out = append(out, l.TaxClass)
	}
	return strings.Join(out, " ")
}

func TestClassify(t *testing.T) {
	half := []quote.Coupon{{ID: 1, Code: "half", Type: quote.PercentCoupon, Amount: dec("50")}}
	tests := []struct {
		name      string
		inclusive bool
		price     string
		coupons   []quote.Coupon
		adjusted  string // a price rule's change of the line
		want      string
	}{
		{"at the limit", false, "2500", nil, "0", "gst-5"},
		{"a paisa above", false, "2500.01", nil, "0", "gst-18"},
		{"tax inside, at the limit", true, "2625", nil, "0", "gst-5"},
		{"tax inside, above", true, "2625.02", nil, "0", "gst-18"},
		{"a coupon brings it under", false, "5000", half, "0", "gst-5"},
		{"not quite", false, "5000.02", half, "0", "gst-18"},
		{"tax inside and a coupon", true, "5250", half, "0", "gst-5"},
		{"a refused coupon does not", false, "5000", []quote.Coupon{{Code: "nosuch"}}, "0", "gst-18"},
		{"a price rule does", false, "2600", nil, "-200", "gst-5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := wardrobe(t, tt.inclusive, "KA", tt.price)
			in.Coupons = tt.coupons
			in.Lines[1].Adjustments = []quote.Adjustment{{Rule: "r", Amount: dec(tt.adjusted)}}
			got, err := gst.Classify(in, gst.Apparel(shirts), gst.Exempt(books))
			if err != nil || classes(got) != "gst-0 "+tt.want {
				t.Errorf("%q, %v, want %s", classes(got), err, tt.want)
			}
			if classes(in) != " " {
				t.Error("the input was changed")
			}
		})
	}
}

func TestClassifyWithoutLimits(t *testing.T) {
	in := wardrobe(t, true, "MH", "100")
	in.Lines[0].Quantity = 0 // not asked of quote, which would refuse it
	got, err := gst.Classify(in, gst.Rule{Class: "gst-12"}, gst.Exempt(books))
	if err != nil || classes(got) != "gst-0 gst-12" {
		t.Errorf("%q, %v", classes(got), err)
	}
}

func TestClassifyRefused(t *testing.T) {
	for _, limit := range []decimal.Decimal{dec("-1"), decimal.New(1, 1_000_000)} {
		_, err := gst.Classify(wardrobe(t, true, "MH", "100"), gst.Rule{Limit: &limit})
		if !errors.Is(err, gst.ErrInvalid) {
			t.Errorf("%v", err)
		}
	}
	in := wardrobe(t, true, "MH", "100")
	in.Lines[0].Quantity = 0
	if _, err := gst.Classify(in, gst.Apparel(shirts)); !errors.Is(err, quote.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func row(r gst.Row) string {
	return fmt.Sprint(r.Class, " ", r.Percent, "%: ", r.Taxable.Amount(), " C", r.CGST.Amount(), " S", r.SGST.Amount(), " U", r.UTGST.Amount(), " I", r.IGST.Amount(), " cess ", r.Cess.Amount())
}

func TestInvoice(t *testing.T) {
	tests := []struct {
		state string
		want  []string
		sums  string
	}{
		{"MH", []string{
			"gst-0 0%: 250.00 C0.00 S0.00 U0.00 I0.00 cess 0.00",
			"gst-5 5%: 950.48 C23.76 S23.76 U0.00 I0.00 cess 0.00",
			"gst-18 18%: 5133.32 C462.00 S462.00 U0.00 I0.00 cess 0.00",
		}, "6333.80 971.52"},
		{"KA", []string{
			"gst-0 0%: 250.00 C0.00 S0.00 U0.00 I0.00 cess 0.00",
			"gst-5 5%: 950.48 C0.00 S0.00 U0.00 I47.52 cess 0.00",
			"gst-18 18%: 5133.32 C0.00 S0.00 U0.00 I924.00 cess 0.00",
		}, "6333.80 971.52"},
	}
	for _, tt := range tests {
		t.Run(tt.state, func(t *testing.T) {
			in := wardrobe(t, true, tt.state, "499", "2999.75")

			in.Shipping = []quote.ShippingLine{{RateID: "flat_rate:1", MethodID: "flat_rate", Cost: dec("49"), Taxable: true}}
			in.Settings.ShippingTaxClass = "gst-18"
			got := invoice(t, in)
			for i := range min(len(got.Rows), len(tt.want)) {
				if row(got.Rows[i]) != tt.want[i] {
					t.Errorf("got  %s\nwant %s", row(got.Rows[i]), tt.want[i])
				}
			}
			if sums := got.Taxable.Amount() + " " + got.Tax.Amount(); sums != tt.sums || len(got.Rows) != len(tt.want) {
				t.Errorf("%d rows, %s, want %s", len(got.Rows), sums, tt.sums)
			}
		})
	}
}

// invoice quotes a purchase of clothes and books and holds the invoice against the quote.
func invoice(t *testing.T, in quote.Input) gst.Invoice {
	t.Helper()
	in, err := gst.Classify(in, gst.Apparel(shirts), gst.Exempt(books))
	if err != nil {
		t.Fatal(err)
	}
	q, err := quote.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := gst.NewInvoice(q, in.Rates)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Tax.Equal(q.Totals.TotalTax) || !got.Total.Equal(q.Totals.Total) {
		t.Errorf("invoice %s and %s tax, order %s and %s", got.Total, got.Tax, q.Totals.Total, q.Totals.TotalTax)
	}
	sum, err := pricing.Sum(got.Taxable, got.Tax, got.Rounding)
	if err != nil || !sum.Equal(got.Total) {
		t.Errorf("taxable, tax and rounding come to %s, not %s", sum, got.Total)
	}
	if got.Rounding.Minor() > 3 || got.Rounding.Minor() < -3 {
		t.Errorf("rounding %s", got.Rounding)
	}
	return got
}

// A discount as a negative fee lowers the taxable value of every rate it was spread over.
func TestInvoiceWithADiscount(t *testing.T) {
	for _, state := range []string{"MH", "KA", "CH"} {
		in := wardrobe(t, true, state, "499", "2999.75")
		in.Fees = []quote.Fee{{Name: "Prepaid", Amount: dec("-100")}, {Name: "Wrap", Amount: dec("20"), Taxable: true, TaxClass: "gst-18"}, {Name: "Card", Amount: dec("5")}}
		got := invoice(t, in)
		if len(got.Rows) < 3 {
			t.Errorf("%+v", got.Rows)
		}
	}
}

func TestInvoiceOfATerritory(t *testing.T) {
	in := wardrobe(t, true, "CH", "499")
	rates, err := quote.GSTRates("CH", gst.Slabs()...)
	if err != nil {
		t.Fatal(err)
	}
	in.Rates, in.Settings.BaseState = rates, "CH"
	got := invoice(t, in)
	if r := got.Rows[1]; r.UTGST.Amount() != "23.76" || !r.SGST.IsZero() {
		t.Errorf("%s", row(r))
	}
}

func TestInvoiceWithCess(t *testing.T) {
	in := wardrobe(t, true, "MH", "499")
	in.Rates = append(in.Rates, quote.TaxRate{ID: 100, Class: "gst-5", Country: "IN", Name: "Cess", Rate: dec("1"), Priority: 3})
	if got := invoice(t, in); got.Rows[1].Cess.IsZero() || !got.Rows[1].Percent.Equal(dec("6")) {
		t.Errorf("%s", row(got.Rows[1]))
	}
}

func TestInvoiceOfAnotherTable(t *testing.T) {
	in := wardrobe(t, true, "MH", "499")
	q, err := quote.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gst.NewInvoice(q, in.Rates[:1]); !errors.Is(err, gst.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func FuzzGSTIN(f *testing.F) {
	f.Add("27AAPFU0939F1ZV")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := gst.ParseGSTIN(text)
		if err != nil {
			return
		}
		if again, err := gst.ParseGSTIN(string(g)); err != nil || again != g {
			t.Errorf("%q is read as %q, and that as %q, %v", text, g, again, err)
		}
	})
}
