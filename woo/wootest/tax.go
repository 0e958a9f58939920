package wootest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// taxRate is one row of the shop's tax table.
type taxRate struct {
	ID       int64           `json:"id"`
	Country  string          `json:"country"`
	State    string          `json:"state"`
	Rate     decimal.Decimal `json:"rate"`
	Name     string          `json:"name"`
	Priority int64           `json:"priority"`
	Compound bool            `json:"compound"`
	Shipping bool            `json:"shipping"`
	Order    int64           `json:"order"`
	Class    taxClass        `json:"class"`
}

// taxClass is a tax class slug; REST writes the standard class as "standard",
// everything else calls it "".
type taxClass string

// UnmarshalJSON implements json.Unmarshaler.
func (c *taxClass) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	*c = taxClass(strings.TrimPrefix(s, "standard"))
	return nil
}

func (sh *shop) pricesIncludeTax() bool {
	return sh.yes("woocommerce_prices_include_tax") && sh.yes("woocommerce_calc_taxes")
}

// matchRates answers the rows that apply, one per priority
// (WC_Tax::find_rates): rows naming a country or state come before open ones,
// then the lower id.
func (sh *shop) matchRates(class string, at place) []taxRate {
	var found []taxRate
	for _, r := range sh.rates {
		if string(r.Class) == class && covers(r.Country, at.country) && covers(r.State, at.state) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b taxRate) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), openLast(a.Country, b.Country),
			openLast(a.State, b.State), cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(found, func(a, b taxRate) bool { return a.Priority == b.Priority })
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

// code is the label of an order's tax row: COUNTRY-STATE-NAME-PRIORITY.
func (r taxRate) code() string {
	parts := []string{r.Country, r.State, r.Name, decimal.NewFromInt(r.Priority).String()}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.ToUpper(strings.Join(parts, "-"))
}

// share is one rate's part of a tax, not rounded to the currency.
type share struct {
	rate   int64
	amount decimal.Decimal
}

var hundred = decimal.NewFromInt(100)

// divisionDigits keep quotients exact far beyond what is rounded later.
const divisionDigits = 24

// exclusiveTax is tax on top of an amount without tax; compound rates stack on
// everything before them (WC_Tax::calc_exclusive_tax).
func exclusiveTax(amount decimal.Decimal, rates []taxRate) []share {
	var out []share
	sum := decimal.Zero
	add := func(r taxRate, base decimal.Decimal) {
		tax := base.Mul(r.Rate).Div(hundred).Round(wp.RoundingPrecision)
		out = append(out, share{r.ID, tax})
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

// inclusiveTax is the tax inside an amount: compound rates come off in reverse
// order, the others share one divisor (WC_Tax::calc_inclusive_tax).
func inclusiveTax(amount decimal.Decimal, rates []taxRate) []share {
	var out []share
	net, regular := amount, decimal.Zero
	for _, r := range slices.Backward(rates) {
		if !r.Compound {
			regular = regular.Add(r.Rate)
			continue
		}
		tax := net.Sub(net.Mul(hundred).DivRound(hundred.Add(r.Rate), divisionDigits))
		out = append([]share{{r.ID, tax.Round(wp.RoundingPrecision)}}, out...)
		net = net.Sub(tax)
	}
	divisor := hundred.Add(regular)
	for _, r := range slices.Backward(rates) {
		if !r.Compound {
			tax := net.Mul(r.Rate).DivRound(divisor, divisionDigits).Round(wp.RoundingPrecision)
			out = append([]share{{r.ID, tax}}, out...)
		}
	}
	return out
}

func sumShares(list []share) decimal.Decimal {
	sum := decimal.Zero
	for _, s := range list {
		sum = sum.Add(s.amount)
	}
	return sum
}
