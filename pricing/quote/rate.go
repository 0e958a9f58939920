package quote

import "github.com/shopspring/decimal"

// TaxRate is one row of the store's tax table (REST: /taxes).
type TaxRate struct {
	// ID is the rate's id; rows with equal priority are tried in the order of their ids.
	ID int64 `json:"id"`
	// Class is the tax class's slug, "" for the standard class.
	Class string `json:"class"`
	// Country and State are codes; "" matches any.
	Country string `json:"country"`
	State   string `json:"state"`
	// Name is what the customer reads: CGST.
	Name string `json:"name"`
	// Rate is in percent, with at most four decimals.
	Rate decimal.Decimal `json:"rate"`
	// Priority: of all rows that match, the first of each priority applies.
	Priority int `json:"priority"`
	// Compound rates are charged on the amount and all taxes before them.
	Compound bool `json:"compound"`
	// Shipping says that the rate applies to shipping too.
	Shipping bool `json:"shipping"`
	// Order is the row's place in the table as the administrator arranged it. WooCommerce does not use it to choose rates.
	Order int `json:"order"`
	// Postcodes and Cities limit a row to some places. Such rows are not computed: a quote that one of them could
	// apply to is refused with an *UnsupportedError.
	Postcodes []string `json:"postcodes,omitempty"`
	Cities    []string `json:"cities,omitempty"`
}

// Destination is the part of an address that tax and shipping depend on.
type Destination struct {
	// Country is an ISO 3166 code such as IN; "" means the customer has given no address yet.
	Country string `json:"country"`
	// State is WooCommerce's code of it, such as KA.
	State    string `json:"state"`
	Postcode string `json:"postcode,omitempty"`
	City     string `json:"city,omitempty"`
}
