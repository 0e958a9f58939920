package quote_test

import (
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

// table is a tax table at the customer's and the shop's place: "9", or "9+" for a compound rate.
func table(percents ...string) []quote.TaxRate {
	var rates []quote.TaxRate
	for i, p := range percents {
		r := quote.TaxRate{ID: int64(i + 1), Country: "IN", State: "KA", Name: fmt.Sprint("T", i+1), Priority: i + 1, Shipping: true}
		if p[len(p)-1] == '+' {
			r.Compound, p = true, p[:len(p)-1]
		}
		r.Rate = dec(p)
		rates = append(rates, r)
	}
	return rates
}

// TestTaxesTogether computes a price of 1000 under several rates, without and with tax in it.
func TestTaxesTogether(t *testing.T) {
	cases := map[string]struct {
		rates           []string
		outside, inside []string // by rate, in the order WooCommerce lists them
	}{
		"one":                       {[]string{"18"}, []string{"180.00"}, []string{"152.54237288"}},
		"two beside each other":     {[]string{"9", "9"}, []string{"90.00", "90.00"}, []string{"76.27118644", "76.27118644"}},
		"a cess on top":             {[]string{"14", "14", "12+"}, []string{"140.00", "140.00", "153.60"}, []string{"97.65625", "97.65625", "107.14285714"}},
		"two on top of each other":  {[]string{"5", "10+", "20+"}, []string{"50.00", "105.00", "231.00"}, []string{"36.07503608", "75.75757576", "166.66666667"}},
		"a compound one comes last": {[]string{"10+", "5"}, []string{"50.00", "105.00"}, []string{"90.90909091", "43.29004329"}},
		"nothing":                   {[]string{"0"}, []string{"0.00"}, []string{"0"}},
		"next to nothing":           {[]string{"0.0001"}, []string{"0.001"}, []string{"0.001"}},
		"as much again":             {[]string{"100"}, []string{"1000.00"}, []string{"500"}},
		"five on top of each other": {
			[]string{"1+", "2+", "3+", "4+", "5+"}, []string{"10.00", "20.20", "30.906", "42.44424", "55.1775120"},
			[]string{"8.63015491", "17.43291292", "26.67235677", "36.63003663", "47.61904762"},
		},
	}
	for name, c := range cases {
		for _, inclusive := range []bool{false, true} {
			in := shop(t)
			in.Settings.PricesIncludeTax, in.Settings.RoundAtSubtotal = inclusive, true
			in.Rates = table(c.rates...)
			in.Lines = []quote.Line{{ProductID: 1, UnitPrice: dec("1000"), Quantity: 1}}
			got, err := quote.Cart(in)
			if err != nil {
				t.Fatal(err)
			}
			want := c.outside
			if inclusive {
				want = c.inside
			}
			taxes := got.Lines[0].TotalTaxes
			if len(taxes) != len(want) {
				t.Fatalf("%s: %d taxes", name, len(taxes))
			}
			for i, w := range want {
				if !taxes[i].Amount.Equal(dec(w)) {
					t.Errorf("%s, inclusive %v: rate %d takes %s, want %s", name, inclusive, taxes[i].RateID, taxes[i].Amount, w)
				}
			}
		}
	}
}

// TestWhichRatesApply: of the rows that match, the first of each priority.
func TestWhichRatesApply(t *testing.T) {
	row := func(id int64, country, state string, priority int) quote.TaxRate {
		return quote.TaxRate{ID: id, Country: country, State: state, Priority: priority, Name: fmt.Sprint(id), Rate: dec("1")}
	}
	all := []quote.TaxRate{
		row(9, "", "", 1), row(8, "IN", "", 1), row(7, "IN", "KA", 1), row(6, "IN", "KA", 1),
		row(5, "", "", 2), row(4, "IN", "TN", 2), row(3, "", "KA", 3), row(2, "IN", "", 3), row(1, "AE", "", 4),
	}
	for _, c := range []struct {
		country, state, ids string
	}{
		{"IN", "KA", "[6 5 2]"}, {"IN", "TN", "[8 4 2]"}, {"IN", "", "[8 5 2]"}, {"AE", "", "[9 5 1]"}, {"US", "KA", "[9 5 3]"}, {"in", "ka", "[6 5 2]"},
	} {
		in := shop(t)
		in.Settings.PricesIncludeTax, in.Rates = false, all
		in.ShipTo = quote.Destination{Country: c.country, State: c.state}
		q := calculate(t, in)
		var ids []int64
		for _, r := range q.Taxes {
			ids = append(ids, r.RateID)
		}
		if got := fmt.Sprint(ids); got != c.ids {
			t.Errorf("%s %s: rates %s, want %s", c.country, c.state, got, c.ids)
		}
	}
}

// TestRowsOfOneName: two rates of the same place, name and priority are one row in the cart and two in the order.
func TestRowsOfOneName(t *testing.T) {
	in := shop(t)
	in.Lines = append(in.Lines, quote.Line{Key: "b", ProductID: 2, UnitPrice: dec("118"), Quantity: 1, TaxClass: "gst-18"})
	q := calculate(t, in)
	if len(q.Taxes) != 4 || len(q.Cart.TaxTotals) != 2 {
		t.Fatalf("order %+v, cart %+v", q.Taxes, q.Cart.TaxTotals)
	}
	if row := q.Cart.TaxTotals[0]; row.Code != "IN-KA-CGST-1" || row.Amount.String() != "62.46" || row.RateID != 4 {
		t.Errorf("row %+v", row)
	}
}

// TestNamelessRates are called what WooCommerce calls them.
func TestNamelessRates(t *testing.T) {
	in := shop(t)
	in.Rates = []quote.TaxRate{{ID: 1, Rate: dec("5")}}
	q := calculate(t, in)
	if row := q.Taxes[0]; row.Code != "TAX" || row.Label != "Tax" {
		t.Errorf("row %+v", row)
	}
}

// TestShippingInheritsItsClass from what is in the cart.
func TestShippingInheritsItsClass(t *testing.T) {
	line := func(class string, status quote.TaxStatus) quote.Line {
		return quote.Line{ProductID: 1, UnitPrice: dec("100"), Quantity: 1, TaxClass: class, TaxStatus: status}
	}
	cases := map[string]struct {
		lines []quote.Line
		tax   string // on shipping of 100
	}{
		"the only class":            {[]quote.Line{line("gst-18", "")}, "18.00"},
		"the standard class first":  {[]quote.Line{line("gst-18", ""), line("", "")}, "12.00"},
		"then the site's order":     {[]quote.Line{line("gst-18", ""), line("gst-0", "")}, "0.00"},
		"of what is shipped taxed":  {[]quote.Line{line("gst-18", quote.ShippingOnly)}, "18.00"},
		"nothing when nothing is":   {[]quote.Line{line("gst-18", quote.NotTaxable)}, "0.00"},
		"a class that has no rates": {[]quote.Line{line("gst-40", "")}, "0.00"},
	}
	for name, c := range cases {
		in := shop(t)
		in.Lines, in.Shipping = c.lines, flat("100")
		if got := calculate(t, in).Totals.ShippingTax.Amount(); got != c.tax {
			t.Errorf("%s: %s, want %s", name, got, c.tax)
		}
	}
	in := shop(t)
	in.Lines, in.Shipping = []quote.Line{line("gst-18", ""), line("gst-0", "")}, flat("100")
	in.Settings.TaxClasses = []string{"gst-18", "gst-0"}
	if got := calculate(t, in).Totals.ShippingTax.Amount(); got != "18.00" {
		t.Errorf("in the order the site keeps: %s", got)
	}
}

// TestNegativeFeesAreTaxedInProportion: a discount of 100 on 300 at 12 % and 100 at 18 % saves 75 and 25 of them their tax.
func TestNegativeFeesAreTaxedInProportion(t *testing.T) {
	in := shop(t)
	in.Settings.PricesIncludeTax = false
	in.Lines = []quote.Line{
		{ProductID: 1, UnitPrice: dec("300"), Quantity: 1},
		{ProductID: 2, UnitPrice: dec("100"), Quantity: 1, TaxClass: "gst-18"},
	}
	in.Fees = []quote.Fee{{Name: "wallet", Amount: dec("-100"), TaxClass: "gst-18"}}
	q := calculate(t, in)
	taxes := map[int64]string{}
	for _, s := range q.Fees[0].Taxes {
		taxes[s.RateID] = s.Total.String()
	}
	want := map[int64]string{1: "-4.5", 2: "-4.5", 4: "-2.25", 5: "-2.25"}
	if fmt.Sprint(taxes) != fmt.Sprint(want) {
		t.Errorf("taxes %v, want %v", taxes, want)
	}
	in.Lines[1].TaxStatus = quote.NotTaxable
	if q = calculate(t, in); len(q.Fees[0].Taxes) != 2 || q.Totals.FeeTax.Amount() != "-9.00" {
		t.Errorf("beside an untaxed line: %+v", q.Fees[0])
	}
}

// TestFeesOfTheCart come in WooCommerce's order: the largest first, discounts last, equal ones as PHP sorts them.
func TestFeesOfTheCart(t *testing.T) {
	for _, c := range []struct {
		amounts []string
		shown   string
	}{
		{[]string{"1", "2"}, "[1 0]"}, {[]string{"2", "1"}, "[0 1]"}, {[]string{"5", "5"}, "[0 1]"},
		{[]string{"1", "5", "5"}, "[2 1 0]"}, {[]string{"5", "-5", "5"}, "[0 2 1]"}, {[]string{"9", "5", "5"}, "[0 1 2]"},
		{[]string{"-1", "3", "2", "1"}, "[1 2 3 0]"},
	} {
		in := shop(t)
		for i, a := range c.amounts {
			in.Fees = append(in.Fees, quote.Fee{Name: fmt.Sprint(i), Amount: dec(a)})
		}
		got, err := quote.Cart(in)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range got.Fees {
			names = append(names, f.Name)
		}
		if s := fmt.Sprint(names); s != c.shown {
			t.Errorf("%v: %s, want %s", c.amounts, s, c.shown)
		}
	}
}
