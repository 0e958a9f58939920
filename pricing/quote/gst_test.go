package quote_test

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

func TestGSTRates(t *testing.T) {
	rates, err := quote.GSTRates("KA", quote.Slab{Rate: dec("18")}, quote.Slab{Class: "gold", Rate: dec("0.25")})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		class, state, name, rate string
		priority                 int
	}{
		{"", "KA", "CGST", "9", 1}, {"", "KA", "SGST", "9", 2}, {"", "", "IGST", "18", 1},
		{"gold", "KA", "CGST", "0.125", 1}, {"gold", "KA", "SGST", "0.125", 2}, {"gold", "", "IGST", "0.25", 1},
	}
	if len(rates) != len(want) {
		t.Fatalf("%d rates", len(rates))
	}
	for i, w := range want {
		r := rates[i]
		if r.Class != w.class || r.State != w.state || r.Name != w.name || !r.Rate.Equal(dec(w.rate)) || r.Priority != w.priority {
			t.Errorf("rate %d: %+v", i, r)
		}
		if r.Country != "IN" || !r.Shipping || r.Compound || r.ID != int64(i+1) {
			t.Errorf("rate %d: %+v", i, r)
		}
	}
}

func TestGSTByPlaceOfSupply(t *testing.T) {
	cases := map[string]struct {
		shop, to quote.Destination
		codes    []string
	}{
		"in the state":           {quote.Destination{State: "KA"}, quote.Destination{Country: "IN", State: "KA"}, []string{"IN-KA-CGST-1", "IN-KA-SGST-2"}},
		"in small letters":       {quote.Destination{State: "KA"}, quote.Destination{Country: "in", State: "ka"}, []string{"IN-KA-CGST-1", "IN-KA-SGST-2"}},
		"to another state":       {quote.Destination{State: "KA"}, quote.Destination{Country: "IN", State: "TN"}, []string{"IN-IGST-1"}},
		"to no state":            {quote.Destination{State: "KA"}, quote.Destination{Country: "IN"}, []string{"IN-IGST-1"}},
		"in a union territory":   {quote.Destination{State: "CH"}, quote.Destination{Country: "IN", State: "CH"}, []string{"IN-CH-CGST-1", "IN-CH-UTGST-2"}},
		"in Delhi":               {quote.Destination{State: "DL"}, quote.Destination{Country: "IN", State: "DL"}, []string{"IN-DL-CGST-1", "IN-DL-SGST-2"}},
		"abroad":                 {quote.Destination{State: "KA"}, quote.Destination{Country: "AE"}, nil},
		"to a state of the same": {quote.Destination{State: "KA"}, quote.Destination{Country: "US", State: "KA"}, nil},
	}
	for name, c := range cases {
		rates, err := quote.GSTRates(c.shop.State, quote.Slab{Rate: dec("18")})
		if err != nil {
			t.Fatal(err)
		}
		in := shop(t)
		in.Rates, in.ShipTo, in.Settings.BaseState = rates, c.to, c.shop.State
		q := calculate(t, in)
		if len(q.Taxes) != len(c.codes) {
			t.Errorf("%s: rows %+v", name, q.Taxes)
			continue
		}
		for i, code := range c.codes {
			if q.Taxes[i].Code != code {
				t.Errorf("%s: row %s, want %s", name, q.Taxes[i].Code, code)
			}
		}
	}
}

func TestGSTHalvesAreEqual(t *testing.T) {
	in := shop(t)
	for price := int64(1); price < 400; price += 7 {
		in.Lines[0].UnitPrice = pricing.Paise(price).Decimal()
		q := calculate(t, in)
		if !q.Taxes[0].Tax.Equal(q.Taxes[1].Tax) {
			t.Fatalf("%d paise: CGST %s, SGST %s", price, q.Taxes[0].Tax, q.Taxes[1].Tax)
		}
	}
}

func TestGSTRefuses(t *testing.T) {
	for field, call := range map[string]func() ([]quote.TaxRate, error){
		"state":         func() ([]quote.TaxRate, error) { return quote.GSTRates("Karnataka") },
		"slabs[0].rate": func() ([]quote.TaxRate, error) { return quote.GSTRates("KA", quote.Slab{Rate: dec("-5")}) },
		"slabs[1].rate": func() ([]quote.TaxRate, error) {
			return quote.GSTRates("KA", quote.Slab{}, quote.Slab{Class: "x", Rate: dec("101")})
		},
		"slabs[1].class": func() ([]quote.TaxRate, error) { return quote.GSTRates("KA", quote.Slab{}, quote.Slab{}) },
		"slabs":          func() ([]quote.TaxRate, error) { return quote.GSTRates("KA", make([]quote.Slab, 2000)...) },
	} {
		_, err := call()
		var invalid *quote.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, state := range []string{"", "ka", " ", "R ", "XX", "P A"} {
		if _, err := quote.GSTRates(state); !errors.Is(err, quote.ErrInvalid) {
			t.Errorf("state %q: %v", state, err)
		}
	}
	if _, err := quote.GSTRates("KA", quote.Slab{Rate: dec("0.00015")}); err == nil {
		t.Error("a rate finer than WooCommerce stores is taken")
	}
}
