package quote

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Slab is one GST rate of a shop: the tax class of the products it is for, and the whole rate in percent.
type Slab struct {
	// Class is the tax class's slug, "" for the standard class.
	Class string
	// Rate is CGST and SGST together: 18, 5, 0.25.
	Rate decimal.Decimal
}

// States and union territories by WooCommerce's codes, with those of earlier and later versions: Odisha is OR or OD,
// Telangana TS or TG, Chhattisgarh CT or CG, Uttarakhand UK or UT. A union territory without a legislature of its own
// levies UTGST in the place of SGST (section 7 of the UTGST Act).
const (
	gstStates    = "AP AR AS BR CT CG GA GJ HR HP JK JH KA KL MP MH MN ML MZ NL OD OR PB RJ SK TN TS TG TR UK UT UP WB DL PY"
	utgstStates  = "AN CH DN DD DH LA LD"
	gstCountry   = "IN"
	centralGST   = "CGST"
	stateGST     = "SGST"
	territoryGST = "UTGST"
	integratedGS = "IGST"
)

// GSTRates builds the tax table of an Indian shop: half of each slab as CGST and half as SGST (UTGST in a union
// territory without a legislature) for customers in the shop's own state, the whole of it as IGST for those elsewhere
// in India. Goods are supplied where they are delivered, so the table belongs to Settings with TaxBasedOn shipping.
// A customer abroad pays no GST.
//
// state is the shop's state in WooCommerce's code. The rates apply to shipping too. Ids count from 1; a shop that keeps
// the table in WooCommerce has its own.
func GSTRates(state string, slabs ...Slab) ([]TaxRate, error) {
	local, err := localGST(state)
	if err != nil {
		return nil, err
	}
	if len(slabs) > MaxRates/3 {
		return nil, invalid("slabs", fmt.Sprintf("must not be more than %d", MaxRates/3))
	}
	var rates []TaxRate
	seen := map[string]bool{}
	for i, s := range slabs {
		if seen[s.Class] {
			return nil, invalid(fmt.Sprintf("slabs[%d].class", i), "must be different from every other slab's")
		}
		seen[s.Class] = true
		half, ok := halve(s.Rate)
		if !ok {
			return nil, invalid(fmt.Sprintf("slabs[%d].rate", i), "must be a percentage from 0 to 100 whose half has at most four decimals")
		}
		row := TaxRate{Class: s.Class, Country: gstCountry, Shipping: true}
		rates = append(rates,
			row.named(centralGST, state, half, 1, len(rates)),
			row.named(local, state, half, 2, len(rates)+1),
			row.named(integratedGS, "", s.Rate, 1, len(rates)+2),
		)
	}
	return rates, nil
}

func (r TaxRate) named(name, state string, rate decimal.Decimal, priority, order int) TaxRate {
	r.ID, r.Name, r.State, r.Rate, r.Priority, r.Order = int64(order)+1, name, state, rate, priority, order%3
	return r
}

// localGST is the name of the state's half.
func localGST(state string) (string, error) {
	switch {
	case len(state) != 2 || strings.Trim(state, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
	case strings.Contains(gstStates, state):
		return stateGST, nil
	case strings.Contains(utgstStates, state):
		return territoryGST, nil
	}
	return "", invalid("state", "must be the code of an Indian state or union territory, such as KA")
}

func halve(rate decimal.Decimal) (decimal.Decimal, bool) {
	s, ok := scale(rate)
	if !ok || s.coefficient < 0 || s.places > 4 || uint64(s.coefficient) > 100*pow10(s.places) {
		return decimal.Decimal{}, false
	}
	half := decimal.New(s.coefficient*5, int32(-s.places-1))
	t, ok := scale(half)
	return half, ok && t.places <= 4
}
