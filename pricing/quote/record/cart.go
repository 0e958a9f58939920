package record

import "github.com/ankkor/ankkor/pricing/quote"

// Cart is a cart that the store's cart adds up.
type Cart struct {
	Settings    Settings `json:"settings"`
	Destination struct {
		Shipping quote.Destination `json:"shipping"`
		Billing  quote.Destination `json:"billing"`
	} `json:"destination"`
	Customer struct {
		Exempt bool `json:"is_vat_exempt"`
	} `json:"customer"`
	Rates   []quote.TaxRate `json:"tax_rates"`
	Lines   []Line          `json:"lines"`
	Coupons []Coupon        `json:"coupons"`
	// Shipping are the methods that the shop offers for this cart.
	Shipping []Offered `json:"shipping"`
	Fees     []Fee     `json:"fees"`
}

// Offered is a shipping method that the shop has for a cart.
type Offered struct {
	Method  string `json:"method"`
	Title   string `json:"title"`
	Cost    Amount `json:"cost"`
	Taxable bool   `json:"taxable"`
	// Requires is "coupon" for free shipping that a coupon opens.
	Requires string `json:"requires"`
}

// Input is the cart in a WooCommerce version, without shipping and without the time.
func (c *Cart) Input(version string) (quote.Input, error) {
	in := quote.Input{
		Settings: c.Settings.Settings(version), Rates: c.Rates, VATExempt: c.Customer.Exempt,
		ShipTo: c.Destination.Shipping, BillTo: c.Destination.Billing, Coupons: Coupons(c.Coupons),
	}
	var err error
	if in.Fees, err = Fees(c.Fees); err != nil {
		return in, err
	}
	in.Lines, err = Lines(c.Lines)
	return in, err
}

// CouponCart is a cart into which coupons are entered one after the other.
type CouponCart struct {
	Settings    Settings          `json:"settings"`
	Destination quote.Destination `json:"destination"`
	Rates       []quote.TaxRate   `json:"tax_rates"`
	Customer    struct {
		ID      int64  `json:"user_id"` // 0 for a guest
		Email   string `json:"user_email"`
		Billing string `json:"billing_email"`
	} `json:"customer"`
	Lines   []Line   `json:"lines"`
	Coupons []Coupon `json:"coupons"` // that the store has
	Steps   []string `json:"steps"`   // codes as they were typed
}

// Input is the cart in a WooCommerce version, with the coupons in the order they were entered, and without the time.
func (c *CouponCart) Input(version string) (quote.Input, error) {
	in := quote.Input{
		Settings: c.Settings.Settings(version), Rates: c.Rates, ShipTo: c.Destination, BillTo: c.Destination,
		Customer: quote.Customer{ID: c.Customer.ID, Email: c.Customer.Email, BillingEmail: c.Customer.Billing},
	}
	for _, code := range c.Steps {
		in.Coupons = append(in.Coupons, Entered(code, c.Coupons))
	}
	var err error
	in.Lines, err = Lines(c.Lines)
	return in, err
}
