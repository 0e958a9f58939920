package checkout

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// State is a country's subdivision as WooCommerce writes it.
type State struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Rules is one consistent reading of what a store decides by: settings, tax rates, shipping zones, coupons, states. It is
// a value: nobody changes one that was handed out.
type Rules struct {
	Version           string // changes whenever anything in it does
	At                time.Time
	Settings          quote.Settings
	TaxRates          []quote.TaxRate
	Zones             []shipping.Zone
	HideRatesWhenFree bool
	Coupons           map[string]quote.Coupon // by code, lower case
	States            map[string][]State      // by country; a country without an entry has no list of states
	Countries         []string                // the countries the store sells to; empty means all
}

// Rulebook gives the rules in force.
//
// Implementations are safe for concurrent use. A snapshot is whole: settings of one moment are never mixed with the tax
// rates of another. Implementations may answer from a cache.
type Rulebook interface {
	// Rules returns the current snapshot, or an error wrapping ErrUnavailable when none can be had. It may be retried.
	Rules(ctx context.Context) (Rules, error)
}
