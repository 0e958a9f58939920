package shop

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// TaxRate is one row of the shop's tax table.
type TaxRate struct {
	ID       int64           `json:"id"`
	Country  string          `json:"country"`
	State    string          `json:"state"`
	Rate     decimal.Decimal `json:"rate"`
	Name     string          `json:"name"`
	Priority int64           `json:"priority"`
	Compound bool            `json:"compound"`
	Shipping bool            `json:"shipping"`
	Order    int64           `json:"order"`
	Class    TaxClass        `json:"class"`
}

// TaxClass is a tax class slug; REST writes the standard class as "standard",
// everything else calls it "".
type TaxClass string

// UnmarshalJSON implements json.Unmarshaler.
func (c *TaxClass) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	*c = TaxClass(strings.TrimPrefix(s, "standard"))
	return nil
}

// PricesIncludeTax says whether prices are kept with tax in them (wc_prices_include_tax).
func (sh *Shop) PricesIncludeTax() bool {
	return sh.Yes("woocommerce_prices_include_tax") && sh.Yes("woocommerce_calc_taxes")
}

// MatchRates answers the rows that apply, one per priority
// (WC_Tax::find_rates): rows naming a country or state come before open ones,
// then the lower id.
func (sh *Shop) MatchRates(class string, at Place) []TaxRate {
	var found []TaxRate
	for _, r := range sh.Rates {
		if string(r.Class) == class && covers(r.Country, at.Country) && covers(r.State, at.State) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b TaxRate) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), openLast(a.Country, b.Country),
			openLast(a.State, b.State), cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(found, func(a, b TaxRate) bool { return a.Priority == b.Priority })
}

func covers(rule, value string) bool { return rule == "" || rule == value }

func openLast(a, b string) int {
	switch {
	case a == "" && b != "":
		return 1
	case a != "" && b == "":
		return -1
	}
	return 0
}

// Code is the label of an order's tax row: COUNTRY-STATE-NAME-PRIORITY.
func (r TaxRate) Code() string {
	parts := []string{r.Country, r.State, r.Name, decimal.NewFromInt(r.Priority).String()}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.ToUpper(strings.Join(parts, "-"))
}

// Share is one rate's part of a tax, not rounded to the currency.
type Share struct {
	Rate   int64
	Amount decimal.Decimal
}

var hundred = decimal.NewFromInt(100)

// DivisionDigits keep quotients exact far beyond what is rounded later.
const DivisionDigits = 24

// ExclusiveTax is tax on top of an amount without tax; compound rates stack on
// everything before them (WC_Tax::calc_exclusive_tax).
func ExclusiveTax(amount decimal.Decimal, rates []TaxRate) []Share {
	var out []Share
	sum := decimal.Zero
	add := func(r TaxRate, base decimal.Decimal) {
		tax := base.Mul(r.Rate).Shift(-2).Round(wp.RoundingPrecision)
		out = append(out, Share{r.ID, tax})
		sum = sum.Add(tax)
	}
	for _, r := range rates {
		if !r.Compound {
			add(r, amount)
		}
	}
	for _, r := range rates {
		if r.Compound {
			add(r, amount.Add(sum))
		}
	}
	return out
}

// InclusiveTax is the tax inside an amount: compound rates come off in reverse
// order, the others share one divisor (WC_Tax::calc_inclusive_tax).
func InclusiveTax(amount decimal.Decimal, rates []TaxRate) []Share {
	var out []Share
	net, regular := amount, decimal.Zero
	for _, r := range slices.Backward(rates) {
		if !r.Compound {
			regular = regular.Add(r.Rate)
			continue
		}
		tax := net.Sub(net.Mul(hundred).DivRound(hundred.Add(r.Rate), DivisionDigits))
		out = append([]Share{{r.ID, tax.Round(wp.RoundingPrecision)}}, out...)
		net = net.Sub(tax)
	}
	divisor := hundred.Add(regular)
	for _, r := range slices.Backward(rates) {
		if !r.Compound {
			tax := net.Mul(r.Rate).DivRound(divisor, DivisionDigits).Round(wp.RoundingPrecision)
			out = append([]Share{{r.ID, tax}}, out...)
		}
	}
	return out
}

// SumShares adds the shares of a tax.
func SumShares(list []Share) decimal.Decimal {
	sum := decimal.Zero
	for _, s := range list {
		sum = sum.Add(s.Amount)
	}
	return sum
}
