package doctor

import (
	"slices"
	"time"
)

// Severity is how bad a finding is.
type Severity string

// The severities, worst first.
const (
	// Breaks is a problem that loses orders, money or stock, or stops the shop.
	Breaks Severity = "breaks"
	// Warns is a problem that shows under load, after a failure, or later.
	Warns Severity = "warns"
	// Notes is worth knowing, and may be as it should be.
	Notes Severity = "notes"
	// Unchecked says that the question could not be asked, and why. It is never
	// taken for a good answer.
	Unchecked Severity = "unchecked"
)

// Severities lists them, worst first.
func Severities() []Severity { return []Severity{Breaks, Warns, Notes, Unchecked} }

// Finding is one thing that is not as it should be.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	// Subject is which one of several, such as a webhook's topic; mostly empty.
	Subject string `json:"subject,omitempty"`
	// Found is what the store showed, Breaks what does not work because of it,
	// Mend what to do about it.
	Found  string `json:"found"`
	Breaks string `json:"breaks"`
	Mend   string `json:"mend"`
}

// Report is what a store looked like. It holds no credentials and nothing of a
// shopper's, and can be kept, sent and compared.
type Report struct {
	Store     string    `json:"store"` // the address, as the client was given it
	CheckedAt time.Time `json:"checked_at"`
	Versions  Versions  `json:"versions"`
	Settings  Settings  `json:"settings"`
	// Findings are worst first, then in the order of Codes. Never nil.
	Findings []Finding `json:"findings"`
	// Passed are the codes of which nothing bad was found. Every code is here or
	// in a finding.
	Passed []Code `json:"passed"`
}

// Versions are what runs in the store; "" is unknown or not there.
type Versions struct {
	WordPress   string `json:"wordpress"`
	WooCommerce string `json:"woocommerce"`
	WPGraphQL   string `json:"wpgraphql"`
	WooGraphQL  string `json:"woographql"`
	JWT         string `json:"wpgraphql_jwt"` // WPGraphQL JWT Authentication
	Companion   string `json:"companion"`     // Ankkor's own plugin
	PHP         string `json:"php"`
	// Arithmetic is what the totals for this WooCommerce rest on, see
	// quote.EvidenceFor: measured, compared or assumed.
	Arithmetic string `json:"arithmetic"`
}

// Settings are the store's settings that decide about prices, stock and orders,
// as WooCommerce writes them; "" is unknown.
type Settings struct {
	Currency         string   `json:"currency"`
	Decimals         string   `json:"decimals"`
	BaseCountry      string   `json:"base_country"` // "IN:MH"
	SellsTo          string   `json:"sells_to"`     // all, all_except, specific
	Countries        []string `json:"countries"`    // those of specific or all_except
	Taxes            string   `json:"taxes"`        // yes, no, as those below
	PricesIncludeTax string   `json:"prices_include_tax"`
	TaxBasedOn       string   `json:"tax_based_on"` // shipping, billing, base
	RoundAtSubtotal  string   `json:"round_at_subtotal"`
	ShopShowsTax     string   `json:"tax_display_shop"` // incl, excl
	CartShowsTax     string   `json:"tax_display_cart"`
	ManageStock      string   `json:"manage_stock"`
	HoldStockMinutes string   `json:"hold_stock_minutes"`
	GuestCheckout    string   `json:"guest_checkout"`
	Coupons          string   `json:"coupons"`
	HPOS             string   `json:"hpos"`
	MaxExecution     string   `json:"max_execution_seconds"`
}

// Worst is the worst severity found, "" when there is no finding.
func (r Report) Worst() Severity {
	for _, s := range Severities() {
		if slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == s }) {
			return s
		}
	}
	return ""
}

// Of lists the findings with a code.
func (r Report) Of(code Code) []Finding {
	var found []Finding
	for _, f := range r.Findings {
		if f.Code == code {
			found = append(found, f)
		}
	}
	return found
}

// sorted puts the worst first, otherwise in the order they were looked for.
func sorted(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return slices.Index(Severities(), a.Severity) - slices.Index(Severities(), b.Severity)
	})
	return found
}
