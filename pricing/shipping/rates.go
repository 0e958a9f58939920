package shipping

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// Limits of what is computed.
const (
	// MaxLines is how many lines a request may have.
	MaxLines = 200
	// MaxZones and MaxMethods bound the store's settings.
	MaxZones   = 1000
	MaxMethods = 100
)

// Rates returns the rates the store offers, in WooCommerce's order. When nothing in the cart needs shipping it returns
// nil and no error; when the zone has no method, too. Which of them is chosen before the customer chooses says Preselect.
//
// It returns an *InvalidError (errors.Is ErrInvalid) for input that cannot be true, such as a cost formula that cannot
// be evaluated, and an *UnsupportedError (errors.Is ErrUnsupported) for a method whose price only WooCommerce knows. It
// never panics, changes nothing, and may be called from any number of goroutines.
func Rates(zones []Zone, req Request) ([]Rate, error) {
	if err := check(zones, &req); err != nil {
		return nil, err
	}
	p := newParcel(&req)
	if p.all.pieces == 0 {
		return nil, nil
	}
	zone := findZone(zones, &req)
	if zone < 0 {
		return nil, nil
	}
	rates, err := p.zoneRates(&zones[zone])
	if err != nil {
		return nil, in(err, fmt.Sprintf("zones[%d]", zone))
	}
	if req.HideRatesWhenFree {
		rates = onlyFree(rates)
	}
	return rates, nil
}

// zoneRates goes through the zone's methods in their order.
func (p *parcel) zoneRates(z *Zone) ([]Rate, error) {
	order := make([]int, len(z.Methods))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(z.Methods[a].Order, z.Methods[b].Order), cmp.Compare(z.Methods[a].InstanceID, z.Methods[b].InstanceID))
	})
	var rates []Rate
	for _, i := range order {
		m := &z.Methods[i]
		if !m.Enabled {
			continue
		}
		cost, offered, err := p.price(m)
		if err != nil {
			return nil, in(err, fmt.Sprintf("methods[%d]", i))
		}
		if offered {
			rates = append(rates, m.rate(cost))
		}
	}
	return rates, nil
}

// price is what a method costs, and whether it is offered at all.
func (p *parcel) price(m *Method) (cost, bool, error) {
	switch m.Kind {
	case FlatRate:
		return p.flatRate(m)
	case LocalPickup:
		c, err := p.pickup(m)
		return c, err == nil, err
	case FreeShipping:
		return cost{}, p.free(m), nil
	}
	return cost{}, false, &UnsupportedError{Feature: "shipping methods of a plugin"}
}

// pickup costs a plain number.
func (p *parcel) pickup(m *Method) (cost, error) {
	if m.Cost == "" {
		return cost{}, nil
	}
	return p.evaluate("cost", m.Cost, &p.all)
}

func (m *Method) rate(c cost) Rate {
	return Rate{
		ID: fmt.Sprintf("%s:%d", m.Kind, m.InstanceID), MethodID: string(m.Kind), InstanceID: m.InstanceID,
		Label: m.Title, Cost: c.decimal(), Taxable: m.Taxable && m.Kind != FreeShipping,
	}
}

// onlyFree keeps free shipping, and pickup after it, when there is free shipping.
func onlyFree(rates []Rate) []Rate {
	var free, pickup []Rate
	for _, r := range rates {
		switch MethodKind(r.MethodID) {
		case FreeShipping:
			free = append(free, r)
		case LocalPickup:
			pickup = append(pickup, r)
		}
	}
	if len(free) == 0 {
		return rates
	}
	return append(free, pickup...)
}

// Preselect is the rate a fresh visitor finds chosen: free shipping when a coupon for it is in the cart, else the
// first. It reports false when there is none.
func Preselect(rates []Rate, freeShippingCoupon bool) (Rate, bool) {
	if len(rates) == 0 {
		return Rate{}, false
	}
	for _, r := range rates {
		if freeShippingCoupon && r.MethodID == string(FreeShipping) {
			return r, true
		}
	}
	return rates[0], true
}

// FlatWithFreeThreshold is what most Indian shops do: one flat rate everywhere, ₹49 say, and free shipping from a
// threshold, ₹999 say. The threshold is compared with the displayed subtotal after coupons, and only free shipping is
// offered once it is reached.
func FlatWithFreeThreshold(cost, threshold decimal.Decimal) []Zone {
	return []Zone{{Name: "Everywhere", Methods: []Method{
		{InstanceID: 1, Kind: FreeShipping, Enabled: true, Order: 1, Title: "Free shipping", Requires: RequireMinAmount, MinAmount: threshold},
		{InstanceID: 2, Kind: FlatRate, Enabled: true, Order: 2, Title: "Flat rate", Taxable: true, Cost: plain(cost)},
	}}}
}

// plain writes a decimal without an exponent, whatever the host set decimal's globals to. What is too long to be an
// amount becomes a text that no formula is.
func plain(d decimal.Decimal) string {
	if !sane(d.Abs()) {
		return "?"
	}
	return d.StringFixed(max(-d.Exponent(), 0))
}

// rational is the exact value of a decimal.
func rational(d decimal.Decimal) *big.Rat { return d.Rat() }
