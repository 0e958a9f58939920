package main

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// rateRecord is a cart for which shipping rates are to be found.
type rateRecord struct {
	Version string `json:"woocommerce"`
	Input   struct {
		Settings    record.Settings   `json:"settings"`
		Rates       []quote.TaxRate   `json:"tax_rates"`
		Zones       []storeZone       `json:"zones"`
		Destination quote.Destination `json:"destination"`
		Lines       []record.Line     `json:"lines"`
		Coupons     []record.Coupon   `json:"coupons"`
	} `json:"input"`
}

// storeZone is a shipping zone as records write it.
type storeZone struct {
	ID        int64                   `json:"id"`
	Name      string                  `json:"name"`
	Order     int                     `json:"order"`
	Locations []shipping.ZoneLocation `json:"locations"`
	Methods   []storeMethod           `json:"methods"`
}

type storeMethod struct {
	Instance    int64                    `json:"instance_id"`
	Kind        shipping.MethodKind      `json:"method"`
	Enabled     bool                     `json:"enabled"`
	Order       int                      `json:"order"`
	Title       string                   `json:"title"`
	TaxStatus   string                   `json:"tax_status"`
	Cost        string                   `json:"cost"`
	ClassCosts  classCosts               `json:"class_costs"`
	NoClassCost string                   `json:"no_class_cost"`
	Type        shipping.ClassType       `json:"type"`
	Requires    shipping.FreeRequirement `json:"requires"`
	MinAmount   record.Amount            `json:"min_amount"`
	Ignore      yes                      `json:"ignore_discounts"`
}

// classCosts is a map that PHP writes as [] when it is empty.
type classCosts map[string]string

// UnmarshalJSON implements json.Unmarshaler.
func (c *classCosts) UnmarshalJSON(b []byte) error {
	if string(b) == "[]" {
		return nil
	}
	return json.Unmarshal(b, (*map[string]string)(c))
}

// yes is an option that WooCommerce stores as "yes" or "no".
type yes bool

// UnmarshalJSON implements json.Unmarshaler.
func (y *yes) UnmarshalJSON(b []byte) error {
	*y = string(b) == `"yes"` || string(b) == "true"
	return nil
}

func (r *rateRecord) zones() []shipping.Zone {
	var zones []shipping.Zone
	for _, z := range r.Input.Zones {
		zone := shipping.Zone{ID: z.ID, Name: z.Name, Order: z.Order, Locations: z.Locations}
		for _, m := range z.Methods {
			zone.Methods = append(zone.Methods, shipping.Method{
				InstanceID: m.Instance, Kind: m.Kind, Enabled: m.Enabled, Order: m.Order, Title: m.Title,
				Taxable: m.TaxStatus == "taxable", Cost: m.Cost, ClassCosts: m.ClassCosts, NoClassCost: m.NoClassCost,
				ClassType: m.Type, Requires: m.Requires, MinAmount: m.MinAmount.Decimal, IgnoreDiscounts: bool(m.Ignore),
			})
		}
		zones = append(zones, zone)
	}
	return zones
}

// input is the record without shipping.
func (r *rateRecord) input() (quote.Input, error) {
	in := quote.Input{
		Settings: r.Input.Settings.Settings(r.Version), Rates: r.Input.Rates, ShipTo: r.Input.Destination, BillTo: r.Input.Destination,
		Coupons: record.Coupons(r.Input.Coupons),
	}
	var err error
	in.Lines, err = record.Lines(r.Input.Lines)
	return in, err
}

// request asks for the rates of a cart that was added up before shipping.
func (r *rateRecord) request(in *quote.Input, cart *quote.CartView) shipping.Request {
	to, set := r.Input.Destination, r.Input.Settings
	req := shipping.Request{
		Country: to.Country, State: to.State, Postcode: to.Postcode, City: to.City,
		DisplayedSubtotal: cart.Totals.DisplayedSubtotal, Discount: cart.Totals.DiscountTotal,
		FreeShippingCoupon: opensFreeShipping(in.Coupons, cart.Coupons),
		HideRatesWhenFree:  set.HideWhenFree, Decimals: set.Decimals, Version: r.Version,
	}
	if set.Display == quote.DisplayInclusive {
		req.Discount = req.Discount.Add(cart.Totals.DiscountTax)
	}
	for i, l := range in.Lines {
		req.Lines = append(req.Lines, shipping.Line{
			Quantity: l.Quantity, Total: cart.Lines[i].Total, ShippingClass: l.ShippingClass, Weight: l.Weight, Virtual: l.Virtual,
		})
	}
	return req
}

type ratesOutput struct {
	Apply    []decisionOutput `json:"apply"`
	Needs    bool             `json:"needs_shipping"`
	Packages []packageOutput  `json:"packages"`
	Address  addressOutput    `json:"taxable_address"`
	Chosen   []string         `json:"chosen"`
	Totals   []number         `json:"line_totals"`
}

type packageOutput struct {
	Zone     int64        `json:"zone_id"`
	Contents number       `json:"contents_cost"`
	Subtotal number       `json:"cart_subtotal"`
	Rates    []rateOutput `json:"rates"`
}

type rateOutput struct {
	ID       string `json:"id"`
	Method   string `json:"method_id"`
	Instance int64  `json:"instance_id"`
	Label    string `json:"label"`
	Cost     string `json:"cost"`
	Taxes    taxMap `json:"taxes"`
	Tax      number `json:"shipping_tax"`
}

// found is a cart with the rates offered for it.
type found struct {
	in     quote.Input
	cart   quote.CartView
	req    shipping.Request
	rates  []shipping.Rate
	chosen *shipping.Rate
}

func (r *rateRecord) find() (*found, error) {
	f := &found{}
	var err error
	if f.in, err = r.input(); err != nil {
		return nil, err
	}
	if f.cart, err = quote.Cart(f.in); err != nil {
		return nil, err
	}
	f.req = r.request(&f.in, &f.cart)
	if f.rates, err = shipping.Rates(r.zones(), f.req); err != nil {
		return nil, err
	}
	if first, ok := shipping.Preselect(f.rates, f.req.FreeShippingCoupon); ok {
		f.chosen = &first
	}
	return f, nil
}

// line is a rate as the cart's shipping.
func line(rate *shipping.Rate) []quote.ShippingLine {
	return []quote.ShippingLine{{
		RateID: rate.ID, MethodID: rate.MethodID, InstanceID: rate.InstanceID, Title: rate.Label, Cost: rate.Cost, Taxable: rate.Taxable,
	}}
}

// tax taxes a rate where the chosen one says: a pickup is taxed at the shop, and all other rates with it.
func (f *found) tax(rate *shipping.Rate) (taxMap, decimal.Decimal, error) {
	in := f.in
	in.Shipping = line(rate)
	in.Shipping[0].MethodID = f.chosen.MethodID
	cart, err := quote.Cart(in)
	if err != nil {
		return nil, decimal.Decimal{}, err
	}
	sum := decimal.Decimal{}
	for _, t := range cart.Shipping[0].Taxes {
		sum = sum.Add(t.Amount)
	}
	return taxMap(cart.Shipping[0].Taxes), sum, nil
}

func (r *rateRecord) answer() (any, error) {
	f, err := r.find()
	if err != nil {
		return nil, err
	}
	out := ratesOutput{
		Apply: newDecisions(&f.in, &f.cart), Packages: []packageOutput{}, Chosen: []string{}, Totals: []number{},
		Address: addressOutput{f.cart.TaxedAt.Country, f.cart.TaxedAt.State},
	}
	contents := decimal.Decimal{}
	for i, l := range f.in.Lines {
		out.Totals = append(out.Totals, number(f.cart.Lines[i].Total))
		if !l.Virtual {
			out.Needs, contents = true, contents.Add(f.cart.Lines[i].Total)
		}
	}
	if !out.Needs {
		return out, nil
	}
	chosen := ""
	if f.chosen != nil {
		chosen = f.chosen.ID
		if f.chosen.MethodID == string(shipping.LocalPickup) {
			out.Address = addressOutput{r.Input.Settings.BaseCountry, r.Input.Settings.BaseState}
		}
	}
	out.Chosen = append(out.Chosen, chosen)
	zone, _ := shipping.ZoneFor(r.zones(), f.req)
	p := packageOutput{Zone: zone.ID, Contents: number(contents), Subtotal: number(f.cart.Totals.DisplayedSubtotal)}
	p.Rates, err = f.priced()
	out.Packages = append(out.Packages, p)
	return out, err
}

// priced are the rates with their taxes.
func (f *found) priced() ([]rateOutput, error) {
	rates := []rateOutput{}
	for i := range f.rates {
		rate := &f.rates[i]
		taxes, sum, err := f.tax(rate)
		if err != nil {
			return nil, err
		}
		rates = append(rates, rateOutput{
			ID: rate.ID, Method: rate.MethodID, Instance: rate.InstanceID, Label: rate.Label,
			Cost: plain(rate.Cost), Taxes: taxes, Tax: number(sum),
		})
	}
	return rates, nil
}

func (r *rateRecord) bill() (*bill, error) {
	f, err := r.find()
	if err != nil {
		return nil, err
	}
	if f.chosen != nil {
		f.in.Shipping = line(f.chosen)
	}
	return newBill(f.in)
}
