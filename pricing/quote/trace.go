package quote

import "github.com/shopspring/decimal"

// Step is one rounding that was made on the way to a total, or with Subject "settings.version" and no amounts, a note on
// the store's WooCommerce version.
type Step struct {
	// Subject is what was rounded: "lines[0].tax[1]".
	Subject string `json:"subject"`
	// Rule says in words what was done and whose rule it is.
	Rule string `json:"rule"`
	// From is the amount before, To after.
	From decimal.Decimal `json:"from"`
	To   decimal.Decimal `json:"to"`
}
