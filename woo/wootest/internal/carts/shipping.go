package carts

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Rate is a rate the cart is offered, with its tax at the place where the
// cart is taxed.
type Rate struct {
	shipping.Rate
	Taxes []shop.Share
}

// NeedsShipping is WC_Cart::needs_shipping.
func (b *Basket) NeedsShipping() bool {
	if len(shippingZones(b.Site.Shop)) == 0 {
		return false
	}
	return slices.ContainsFunc(b.Session.Items, func(i site.CartItem) bool {
		p := i.Product(b.State)
		return p != nil && p.NeedsShipping()
	})
}

// PackageItems are the items of the one package a cart makes.
func (b *Basket) PackageItems() []site.CartItem {
	var out []site.CartItem
	for _, i := range b.Session.Items {
		if p := i.Product(b.State); p != nil && p.NeedsShipping() {
			out = append(out, i)
		}
	}
	return out
}

// PackageText names what is in the package: "Masala Chai Mug ×2, Gel Pen ×1".
func (b *Basket) PackageText() string {
	var names []string
	for _, i := range b.PackageItems() {
		names = append(names, fmt.Sprintf("%s ×%d", b.State.FullName(i.Product(b.State)), i.Quantity))
	}
	return strings.Join(names, ", ")
}

// Offer answers the rates of the zone that serves the shipping address, for
// the totals as they stand (WC_Shipping::calculate_shipping). It is nil when
// nothing is shipped.
func (b *Basket) Offer() ([]Rate, error) {
	if !b.NeedsShipping() {
		return nil, nil
	}
	to := b.Session.Customer.WithDefaults(b.Site.Shop).Shipping
	totals := b.Session.Totals.View.Totals
	req := shipping.Request{
		Country: to.Country, State: to.State, Postcode: to.Postcode, City: to.City, DisplayedSubtotal: totals.DisplayedSubtotal,
		Discount: totals.DiscountTotal, FreeShippingCoupon: b.freeShipping(), NoShippingClasses: true,
		Decimals: int(b.Site.Shop.Decimals()), Version: b.Site.Shop.WooVersion,
	}
	if b.ShowsTax() {
		req.Discount = req.Discount.Add(totals.DiscountTax)
	}
	for _, i := range b.PackageItems() {
		req.Lines = append(req.Lines, shipping.Line{Quantity: i.Quantity, Total: i.Line.Total})
	}
	rates, err := shipping.Rates(shippingZones(b.Site.Shop), req)
	if err != nil {
		return nil, fmt.Errorf("wootest: cart: %w", err)
	}
	out := make([]Rate, 0, len(rates))
	for _, r := range rates {
		out = append(out, Rate{r, b.shippingTaxes(r)})
	}
	return out, nil
}

// shippingTaxes is WC_Tax::calc_shipping_tax for a rate.
func (b *Basket) shippingTaxes(r shipping.Rate) []shop.Share {
	sh := b.Site.Shop
	class, ok := b.shippingTaxClass()
	if !ok || !r.Taxable || !sh.Yes("woocommerce_calc_taxes") || b.Session.Customer.VATExempt {
		return nil
	}
	at := b.Session.Totals.View.TaxedAt
	return shop.ExclusiveTax(r.Cost, orders.ShippingRates(sh.MatchRates(class, shop.Place{Country: at.Country, State: at.State})))
}

// shippingTaxClass is the class shipping is taxed with in a cart: what is
// shipped decides when it is inherited.
func (b *Basket) shippingTaxClass() (string, bool) {
	class := b.Site.Shop.Values["woocommerce_shipping_tax_class"]
	if class != "inherit" {
		return class, true
	}
	var found []string
	for _, i := range b.PackageItems() {
		if p := i.Product(b.State); p.TaxStatus != "none" {
			found = append(found, p.TaxClass)
		}
	}
	for _, c := range append([]string{""}, orders.TaxClassSlugs(b.Site.Shop)...) {
		if slices.Contains(found, c) {
			return c, true
		}
	}
	return "", false
}

// settleRate is wc_get_chosen_shipping_method_for_package: the chosen rate
// while it is offered and the offer is the same, else the default, which is the
// rate that was chosen for pickup, a free one a coupon grants, or the first
// that is no pickup. False means nothing is offered; the choice is then "".
func (b *Basket) settleRate(offer []Rate) (shipping.Rate, bool) {
	ids := make([]string, 0, len(offer))
	for _, r := range offer {
		ids = append(ids, r.ID)
	}
	chosen := b.ChosenID()
	if !slices.Contains(ids, chosen) || !slices.Equal(ids, b.Session.Offered) {
		chosen = b.defaultRate(offer, chosen)
	}
	b.Session.Offered, b.Session.Chosen = ids, []string{chosen}
	i := slices.Index(ids, chosen)
	if i < 0 {
		return shipping.Rate{}, false
	}
	return offer[i].Rate, true
}

func (b *Basket) defaultRate(offer []Rate, chosen string) string {
	if IsPickup(chosen) && slices.ContainsFunc(offer, func(r Rate) bool { return r.ID == chosen }) {
		return chosen
	}
	first := ""
	for _, r := range slices.Backward(offer) {
		if first == "" || !IsPickup(r.ID) || IsPickup(first) {
			first = r.ID
		}
	}
	for _, r := range offer {
		if b.freeShipping() && r.MethodID == string(shipping.FreeShipping) {
			return r.ID
		}
	}
	return first
}

// IsPickup says whether a rate is one at which nothing is sent.
func IsPickup(rate string) bool { return strings.HasPrefix(rate, "local_pickup:") }

// ChosenID is the id of the rate the session has chosen, "" for none.
func (b *Basket) ChosenID() string {
	if len(b.Session.Chosen) == 0 {
		return ""
	}
	return b.Session.Chosen[0]
}

// chosenRate is the chosen way to send, its cost not known yet.
func (b *Basket) chosenRate() (shipping.Rate, bool) {
	method, _, _ := strings.Cut(b.ChosenID(), ":")
	if method == "" {
		return shipping.Rate{}, false
	}
	return shipping.Rate{ID: b.ChosenID(), MethodID: method, Taxable: true}, true
}

// ChooseRate notes the rate for a package, of which a cart has one, numbered 0.
// A rate that is not offered is refused; the totals are not calculated again.
func (b *Basket) ChooseRate(pack int, id string) error {
	offer, err := b.Offer()
	if err != nil {
		return err
	}
	if pack != 0 || len(offer) == 0 && !b.NeedsShipping() {
		return refuse(fmt.Sprintf("No shipping packages available for corresponding index %d", pack))
	}
	if !slices.ContainsFunc(offer, func(r Rate) bool { return r.ID == id }) {
		return refuse(fmt.Sprintf(`"%s" is not an available shipping method for shipping package "%s"`, id, b.PackageText()))
	}
	b.Session.Chosen = []string{id}
	return nil
}

// zoneMethod is a shipping method as REST lists it.
type zoneMethod struct {
	InstanceID int64  `json:"instance_id"`
	Title      string `json:"title"`
	Order      int    `json:"order"`
	Enabled    bool   `json:"enabled"`
	MethodID   string `json:"method_id"`
	Settings   map[string]struct {
		Value json.RawMessage `json:"value"`
	} `json:"settings"`
}

func (m zoneMethod) setting(name string) string { return wp.RawText(m.Settings[name].Value) }

// shippingZones are the shop's zones as package shipping takes them. Methods
// of plugins are left out: their prices are not known.
func shippingZones(sh *shop.Shop) []shipping.Zone {
	var out []shipping.Zone
	for _, z := range sh.Zones {
		var zone struct {
			ID    int64  `json:"id"`
			Name  string `json:"name"`
			Order int    `json:"order"`
		}
		decodeInto(z, &zone)
		id := wp.Itoa(zone.ID)
		next := shipping.Zone{ID: zone.ID, Name: zone.Name, Order: zone.Order}
		for _, spot := range sh.ZoneSpots[id] {
			var at struct{ Code, Type string }
			decodeInto(spot, &at)
			next.Locations = append(next.Locations, shipping.ZoneLocation{Type: shipping.LocationType(at.Type), Code: at.Code})
		}
		for _, way := range sh.ZoneWays[id] {
			var m zoneMethod
			decodeInto(way, &m)
			next.Methods = append(next.Methods, m.method())
		}
		out = append(out, next)
	}
	return out
}

// decodeInto reads an object of the catalogue; what does not fit stays zero.
func decodeInto(o wp.Object, into any) {
	raw, err := o.MarshalJSON()
	if err != nil {
		return
	}
	_ = json.Unmarshal(raw, into)
}

func (m zoneMethod) method() shipping.Method {
	least, err := decimal.NewFromString(m.setting("min_amount"))
	if err != nil {
		least = decimal.Zero
	}
	return shipping.Method{
		InstanceID: m.InstanceID, Kind: shipping.MethodKind(m.MethodID), Enabled: m.Enabled, Order: m.Order, Title: m.Title,
		Taxable: m.setting("tax_status") != "none", Cost: m.setting("cost"), Requires: shipping.FreeRequirement(m.setting("requires")),
		MinAmount: least, IgnoreDiscounts: m.setting("ignore_discounts") == "yes",
	}
}
