package quote

import (
	"strconv"
	"strings"
)

// code is WC_Tax::get_rate_code: country, state, name and priority, without empty parts, in capitals.
func (r *TaxRate) code() string {
	name := r.Name
	if name == "" {
		name = "TAX"
	}
	parts := []string{r.Country, r.State, name, strconv.Itoa(max(r.Priority, -r.Priority))}
	kept := parts[:0]
	for _, p := range parts {
		if p != "" && p != "0" {
			kept = append(kept, p)
		}
	}
	return strings.ToUpper(strings.Join(kept, "-"))
}

// label is what the customer reads.
func (r *TaxRate) label() string {
	if r.Name == "" {
		return "Tax"
	}
	return r.Name
}
