package rest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// shopRoutes are the parts of the API a store answers from its settings.
func shopRoutes() []Route {
	return []Route{
		{"GET", "", (*Call).index},
		{"GET", "coupons", (*Call).listCoupons},
		{"POST", "coupons", (*Call).createCoupon},
		{"POST PUT PATCH", "coupons/batch", (*Call).batchCoupons},
		{"GET", "coupons/{id}", (*Call).getCoupon},
		{"POST PUT PATCH", "coupons/{id}", (*Call).updateCoupon},
		{"DELETE", "coupons/{id}", (*Call).deleteCoupon},
		{"GET", "customers", (*Call).listCustomers},
		{"POST", "customers", (*Call).createCustomer},
		{"POST PUT PATCH", "customers/batch", (*Call).batchCustomers},
		{"GET", "customers/{id}", (*Call).getCustomer},
		{"POST PUT PATCH", "customers/{id}", (*Call).updateCustomer},
		{"DELETE", "customers/{id}", (*Call).deleteCustomer},
		{"GET POST", "products/categories", (*Call).listCategories},
		{"GET POST PUT PATCH DELETE", "products/categories/{id}", (*Call).getCategory},
		{"GET POST", "products/tags", (*Call).listTags},
		{"GET POST", "products/attributes", (*Call).listTaxonomies},
		{"GET POST", "products/attributes/{id}/terms", (*Call).listTerms},
		{"GET POST", "products/shipping_classes", (*Call).none},
		{"GET POST", "taxes", (*Call).listTaxes},
		{"GET POST PUT PATCH DELETE", "taxes/{id}", (*Call).getTax},
		{"GET POST", "taxes/classes", (*Call).listTaxClasses},
		{"GET POST", "shipping/zones", (*Call).listZones},
		{"GET POST PUT PATCH DELETE", "shipping/zones/{id}", (*Call).getZone},
		{"GET POST PUT PATCH", "shipping/zones/{zone_id}/locations", (*Call).listZoneLocations},
		{"GET POST", "shipping/zones/{zone_id}/methods", (*Call).listZoneMethods},
		{"GET", "shipping_methods", (*Call).listMethods},
		{"GET", "payment_gateways", (*Call).listGateways},
		{"GET POST PUT PATCH", "payment_gateways/{gateway}", (*Call).getGateway},
		{"GET", "settings/{group}", (*Call).listSettings},
		{"GET POST PUT PATCH", "settings/{group}/{setting}", (*Call).getSetting},
		{"GET", "data/currencies/current", (*Call).getCurrency},
		{"GET", "data/countries", (*Call).listCountries},
		{"GET", "data/countries/{location}", (*Call).getCountry},
		{"GET", "system_status", (*Call).getStatus},
	}
}

func allRoutes() []Route {
	return slices.Concat(shopRoutes(), productRoutes(), orderRoutes(), webhookRoutes())
}

// recorded answers rows as they are in the catalogue, with their links.
func (c *Call) recorded(rows []wp.Object, links func(wp.Object) wp.Object) (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	if err := c.checkCollection([]string{"id", "order", "priority", "name", "date", "slug", "include"}); err != nil {
		return Answer{}, err
	}
	return listAnswer(c, rows, "", func(o wp.Object) wp.Object { return append(slices.Clone(o), wp.Member{"_links", links(o)}) })
}

// refuseWrite answers a request that wants to change what this store only
// shows. WooCommerce would do it, so the refusal is in wootest's own name.
func (c *Call) refuseWrite() *wire.Error {
	if c.Method == http.MethodGet {
		return nil
	}
	return wire.Fault(http.StatusNotImplemented, "wootest_read_only", "wootest does not offer changing "+c.Path+".")
}

func idOf(o wp.Object) string {
	v, _ := o.Get("id")
	return wp.RawText(v)
}

func numberOf(o wp.Object, name string) int64 {
	v, _ := o.Get(name)
	raw, _ := v.(json.RawMessage)
	return wp.IntOf(raw)
}

func (c *Call) rowLinks(collection string, more ...wp.Member) func(wp.Object) wp.Object {
	return func(o wp.Object) wp.Object { return c.links(collection+"/"+idOf(o), collection, AllMethods(), more...) }
}

func (c *Call) collectionOnly(collection string) func(wp.Object) wp.Object {
	return func(wp.Object) wp.Object {
		return wp.Object{{"collection", []wp.Object{{{"href", c.address(collection)}}}}}
	}
}

func (c *Call) none() (Answer, *wire.Error) { return c.recorded(nil, c.collectionOnly(c.Path)) }

func (c *Call) listTaxes() (Answer, *wire.Error) {
	rows := slices.Clone(c.Site.Shop.TaxRows)
	if class := c.Query.Get("class"); class != "" {
		rows = slices.DeleteFunc(rows, func(o wp.Object) bool { v, _ := o.Get("class"); return wp.RawText(v) != class })
	}
	if c.Query.Get("orderby") == "id" {
		slices.SortFunc(rows, func(a, b wp.Object) int { return cmp.Compare(numberOf(a, "id"), numberOf(b, "id")) })
		if c.Query.Get("order") == "desc" {
			slices.Reverse(rows)
		}
	}
	return c.recorded(rows, c.rowLinks("taxes"))
}

func (c *Call) getTax() (Answer, *wire.Error) {
	return c.recordedRow(c.Site.Shop.TaxRows, "taxes", "tax")
}

func (c *Call) recordedRow(rows []wp.Object, collection, kind string) (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	for _, o := range rows {
		if idOf(o) == wp.Itoa(c.IDs["id"]) {
			return OK(append(slices.Clone(o), wp.Member{"_links", c.rowLinks(collection)(o)}))
		}
	}
	return Answer{}, wire.InvalidID(http.StatusNotFound, kind)
}

func (c *Call) listTaxClasses() (Answer, *wire.Error) {
	return c.recorded(c.Site.Shop.TaxClasses, c.collectionOnly("taxes/classes"))
}

func (c *Call) listZones() (Answer, *wire.Error) {
	return c.recorded(c.Site.Shop.Zones, func(o wp.Object) wp.Object { return c.zoneLinks(idOf(o)) })
}

func (c *Call) zoneLinks(id string) wp.Object {
	path := "shipping/zones/" + id
	return c.links(path, "shipping/zones", AllMethods(), wp.Member{"describedby", []wp.Object{{{"href", c.address(path + "/locations")}}}})
}

func (c *Call) getZone() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	for _, o := range c.Site.Shop.Zones {
		if idOf(o) == wp.Itoa(c.IDs["id"]) {
			return OK(append(slices.Clone(o), wp.Member{"_links", c.zoneLinks(idOf(o))}))
		}
	}
	return Answer{}, noZone()
}

func noZone() *wire.Error {
	return wire.Fault(http.StatusNotFound, "woocommerce_rest_shipping_zone_invalid", "Resource does not exist.")
}

func (c *Call) zoneExists() bool {
	return slices.ContainsFunc(c.Site.Shop.Zones, func(o wp.Object) bool { return idOf(o) == wp.Itoa(c.IDs["zone_id"]) })
}

func (c *Call) listZoneLocations() (Answer, *wire.Error) {
	if !c.zoneExists() {
		return Answer{}, noZone()
	}
	id := wp.Itoa(c.IDs["zone_id"])
	zone := "shipping/zones/" + id
	return c.recorded(c.Site.Shop.ZoneSpots[id], func(wp.Object) wp.Object {
		return wp.Object{
			{"collection", []wp.Object{{{"href", c.address(zone + "/locations")}}}}, {"describes", []wp.Object{{{"href", c.address(zone)}}}},
		}
	})
}

func (c *Call) listZoneMethods() (Answer, *wire.Error) {
	if !c.zoneExists() {
		return Answer{}, noZone()
	}
	id := wp.Itoa(c.IDs["zone_id"])
	zone := "shipping/zones/" + id
	return c.recorded(c.Site.Shop.ZoneWays[id], func(o wp.Object) wp.Object {
		return c.links(zone+"/methods/"+idOf(o), zone+"/methods", AllMethods(), wp.Member{"describes", []wp.Object{{{"href", c.address(zone)}}}})
	})
}

func (c *Call) listMethods() (Answer, *wire.Error) {
	return c.recorded(c.Site.Shop.Methods, func(o wp.Object) wp.Object {
		return c.links("shipping_methods/"+idOf(o), "shipping_methods", []string{"GET"})
	})
}

func (c *Call) listGateways() (Answer, *wire.Error) {
	return listAnswer(c, c.Site.Shop.Gateways, "", c.gatewayView)
}

func (c *Call) gatewayView(g shop.Gateway) wp.Object {
	return wp.Object{
		{"id", g.ID}, {"title", g.Title}, {"description", g.Description}, {"order", g.Order}, {"enabled", g.Enabled},
		{"_links", c.links("payment_gateways/"+g.ID, "payment_gateways", []string{"GET", "POST", "PUT", "PATCH"})},
	}
}

func (c *Call) getGateway() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	for _, g := range c.Site.Shop.Gateways {
		if g.ID == c.Words["gateway"] {
			return OK(c.gatewayView(g))
		}
	}
	return Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_payment_gateway_invalid", "Resource does not exist.")
}

// listSettings answers a group, not paged, as WooCommerce does.
func (c *Call) listSettings() (Answer, *wire.Error) {
	rows, ok := c.Site.Shop.Settings[c.Words["group"]]
	if !ok {
		return Answer{}, wire.Fault(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
	}
	return Answer{Status: http.StatusOK, Body: ViewAll(rows, c.settingView)}, nil
}

func (c *Call) settingView(o wp.Object) wp.Object {
	group := "settings/" + c.Words["group"]
	return append(slices.Clone(o), wp.Member{"_links", c.links(group+"/"+idOf(o), group, []string{"GET", "POST", "PUT", "PATCH"})})
}

func (c *Call) getSetting() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	rows, ok := c.Site.Shop.Settings[c.Words["group"]]
	if !ok {
		return Answer{}, wire.Fault(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
	}
	for _, o := range rows {
		if idOf(o) == c.Words["setting"] {
			return OK(c.settingView(o))
		}
	}
	return Answer{}, wire.Fault(http.StatusNotFound, "rest_setting_setting_invalid", "Invalid setting.")
}

func (c *Call) getCurrency() (Answer, *wire.Error) {
	o := slices.Clone(c.Site.Shop.Currency)
	path := "data/currencies/" + c.Site.Shop.CurrencyCode()
	return OK(append(o, wp.Member{"_links", c.links(path, "data/currencies", []string{"GET"})}))
}

func (c *Call) listCountries() (Answer, *wire.Error) {
	return Answer{Status: http.StatusOK, Body: ViewAll(c.Site.Shop.States, c.countryView)}, nil
}

func (c *Call) countryView(o wp.Object) wp.Object {
	code, _ := o.Get("code")
	path := "data/countries/" + strings.ToLower(wp.RawText(code))
	return append(slices.Clone(o), wp.Member{"_links", c.links(path, "data/countries", []string{"GET"})})
}

func (c *Call) getCountry() (Answer, *wire.Error) {
	for _, o := range c.Site.Shop.States {
		if code, _ := o.Get("code"); strings.EqualFold(wp.RawText(code), c.Words["location"]) {
			return OK(c.countryView(o))
		}
	}
	return Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_data_invalid_location", "There are no locations matching these parameters.")
}

func (c *Call) getStatus() (Answer, *wire.Error) {
	return Answer{Status: http.StatusOK, Body: c.Site.Shop.Status}, nil
}

// index is the public description of the namespace, with the routes this
// store offers.
func (c *Call) index() (Answer, *wire.Error) {
	routes := wp.Object{}
	for _, r := range c.routes {
		routes = routes.With("/wc/v3/"+r.Pattern, wp.Object{{"namespace", "wc/v3"}, {"methods", strings.Fields(r.method)}})
	}
	return Answer{Status: http.StatusOK, Body: wp.Object{{"namespace", "wc/v3"}, {"routes", routes}}}, nil
}

func (c *Call) listCoupons() (Answer, *wire.Error) {
	if err := c.checkCollection(orderOrder); err != nil {
		return Answer{}, err
	}
	code, search := c.Query.Get("code"), strings.ToLower(c.Query.Get("search"))
	var found []*site.Coupon
	for _, k := range c.State.Coupons {
		trashed := (k.Status == "trash") == (c.Query.Get("status") == "trash")
		if trashed && (code == "" || k.Code == strings.ToLower(code)) && strings.Contains(k.Code, search) {
			found = append(found, k)
		}
	}
	sortBy(c, found, func(k *site.Coupon) sortKey { return sortKey{id: k.ID, created: k.DateCreated.Time, title: k.Code} })
	return listAnswer(c, found, "", c.couponView)
}

func (c *Call) getCoupon() (Answer, *wire.Error) {
	k, ok := c.State.Coupons[c.IDs["id"]]
	if !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "shop_coupon")
	}
	return OK(c.couponView(k))
}

func (c *Call) couponView(k *site.Coupon) wp.Object {
	m, sh := c.money(), c.Site.Shop
	return wp.Object{
		{"id", k.ID}, {"code", k.Code}, {"amount", m.text(k.Amount)}, {"status", k.Status}, {"date_created", sh.Local(k.DateCreated.Time)},
		{"date_created_gmt", shop.GMT(k.DateCreated.Time)}, {"date_modified", sh.Local(k.DateModified.Time)},
		{"date_modified_gmt", shop.GMT(k.DateModified.Time)}, {"discount_type", k.DiscountType}, {"description", k.Description},
		{"date_expires", sh.Local(shop.PointTime(k.Expires))}, {"date_expires_gmt", shop.GMT(shop.PointTime(k.Expires))}, {"usage_count", k.UsageCount},
		{"individual_use", k.IndividualUse}, {"product_ids", OrEmpty(k.ProductIDs)}, {"excluded_product_ids", OrEmpty(k.ExcludedProductIDs)},
		{"usage_limit", k.UsageLimit}, {"usage_limit_per_user", k.UsageLimitPerUser}, {"limit_usage_to_x_items", k.LimitToItems},
		{"free_shipping", k.FreeShipping}, {"product_categories", OrEmpty(k.Categories)},
		{"excluded_product_categories", OrEmpty(k.ExcludedCategories)}, {"exclude_sale_items", k.ExcludeSaleItems},
		{"minimum_amount", m.text(k.MinimumAmount)}, {"maximum_amount", m.text(k.MaximumAmount)},
		{"email_restrictions", OrEmpty(k.EmailRestrictions)}, {"used_by", OrEmpty(k.UsedBy)}, {"meta_data", metaViews(k.Meta)},
		{"_links", c.links("coupons/"+wp.Itoa(k.ID), "coupons", AllMethods())},
	}
}

// rawJSON is a value kept as it was recorded.
func rawJSON(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}
