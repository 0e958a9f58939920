package quote

import (
	"cmp"
	"slices"
	"strings"
)

// place is where tax is looked up: country and state in capitals, as WC_Tax compares them.
type place struct{ country, state string }

func placeOf(country, state string) place {
	return place{strings.ToUpper(country), strings.ToUpper(state)}
}

// matchRates finds the rates of a class at a place (WC_Tax::find_rates): of all rows that match, the first of each
// priority, rows that name a country or a state before rows for everywhere. Rates of 0 % stay in the list.
func matchRates(rates []TaxRate, class string, at place) []*TaxRate {
	if at.country == "" {
		return nil
	}
	found := make([]*TaxRate, 0, 2) // CGST and SGST
	for i := range rates {
		if rates[i].matches(class, at) {
			found = append(found, &rates[i])
		}
	}
	slices.SortFunc(found, compareRates)
	return slices.CompactFunc(found, func(a, b *TaxRate) bool { return a.Priority == b.Priority })
}

func (r *TaxRate) matches(class string, at place) bool {
	return r.Class == class && (r.Country == "" || r.Country == at.country) && (r.State == "" || r.State == at.state)
}

func compareRates(a, b *TaxRate) int {
	return cmp.Or(
		cmp.Compare(a.Priority, b.Priority),
		everywhereLast(a.Country, b.Country),
		everywhereLast(a.State, b.State),
		cmp.Compare(a.ID, b.ID),
	)
}

// everywhereLast orders "" after every code; two codes that both match are equal.
func everywhereLast(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	return strings.Compare(a, b)
}
