package shipping

import "github.com/shopspring/decimal"

// Zone is a shipping zone of the store (REST: /shipping/zones). Zone 0 is "the rest of the world".
type Zone struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Order is the zone's place in the store's list; zones are tried in it, then by id, zone 0 last.
	Order     int            `json:"order"`
	Locations []ZoneLocation `json:"locations,omitempty"`
	Methods   []Method       `json:"methods,omitempty"`
}

// LocationType is what a ZoneLocation's code is.
type LocationType string

// The location types WooCommerce knows.
const (
	CountryLocation   LocationType = "country"
	StateLocation     LocationType = "state"
	ContinentLocation LocationType = "continent"
	PostcodeLocation  LocationType = "postcode"
)

// ZoneLocation is a place that belongs to a zone.
type ZoneLocation struct {
	Type LocationType `json:"type"`
	// Code is a country (IN), a state (IN:KA), a continent (AS), or a postcode: exact, with a * at the end, or a range 400001...400099.
	Code string `json:"code"`
}

// MethodKind is WooCommerce's id of a kind of shipping method.
type MethodKind string

// The kinds WooCommerce comes with.
const (
	FlatRate     MethodKind = "flat_rate"
	FreeShipping MethodKind = "free_shipping"
	LocalPickup  MethodKind = "local_pickup"
)

// ClassType says how a flat rate's class costs are charged.
type ClassType string

// The two ways: every class's cost, or only the highest.
const (
	PerClass ClassType = "class"
	PerOrder ClassType = "order"
)

// FreeRequirement says what free shipping asks for.
type FreeRequirement string

// The requirements of free shipping.
const (
	RequireNothing   FreeRequirement = ""
	RequireCoupon    FreeRequirement = "coupon"
	RequireMinAmount FreeRequirement = "min_amount"
	RequireEither    FreeRequirement = "either"
	RequireBoth      FreeRequirement = "both"
)

// Method is a shipping method of a zone.
type Method struct {
	InstanceID int64      `json:"instance_id"`
	Kind       MethodKind `json:"kind"`
	Enabled    bool       `json:"enabled"`
	Order      int        `json:"order"`
	Title      string     `json:"title"`
	Taxable    bool       `json:"taxable"`
	// Cost of a flat rate or a pickup: a number or a formula with [qty], [cost] and [fee percent="" min_fee="" max_fee=""]. Empty means there is no cost set.
	Cost string `json:"cost,omitempty"`
	// ClassCosts are formulas by the shipping class's slug; NoClassCost is the one for products without a class.
	ClassCosts  map[string]string `json:"class_costs,omitempty"`
	NoClassCost string            `json:"no_class_cost,omitempty"`
	// ClassType is how they are charged; empty means every class.
	ClassType ClassType `json:"class_type,omitempty"`
	// Requires, MinAmount and IgnoreDiscounts are free shipping's conditions. IgnoreDiscounts measures the amount before coupons.
	Requires        FreeRequirement `json:"requires,omitempty"`
	MinAmount       decimal.Decimal `json:"min_amount"`
	IgnoreDiscounts bool            `json:"ignore_discounts,omitempty"`
}
