package wootest

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
func shopRoutes() []route {
	return []route{
		{"GET", "", (*call).index},
		{"GET", "coupons", (*call).listCoupons},
		{"POST", "coupons", (*call).createCoupon},
		{"POST PUT PATCH", "coupons/batch", (*call).batchCoupons},
		{"GET", "coupons/{id}", (*call).getCoupon},
		{"POST PUT PATCH", "coupons/{id}", (*call).updateCoupon},
		{"DELETE", "coupons/{id}", (*call).deleteCoupon},
		{"GET", "customers", (*call).listCustomers},
		{"POST", "customers", (*call).createCustomer},
		{"POST PUT PATCH", "customers/batch", (*call).batchCustomers},
		{"GET", "customers/{id}", (*call).getCustomer},
		{"POST PUT PATCH", "customers/{id}", (*call).updateCustomer},
		{"DELETE", "customers/{id}", (*call).deleteCustomer},
		{"GET POST", "products/categories", (*call).listCategories},
		{"GET POST PUT PATCH DELETE", "products/categories/{id}", (*call).getCategory},
		{"GET POST", "products/tags", (*call).listTags},
		{"GET POST", "products/attributes", (*call).listTaxonomies},
		{"GET POST", "products/attributes/{id}/terms", (*call).listTerms},
		{"GET POST", "products/shipping_classes", (*call).none},
		{"GET POST", "taxes", (*call).listTaxes},
		{"GET POST PUT PATCH DELETE", "taxes/{id}", (*call).getTax},
		{"GET POST", "taxes/classes", (*call).listTaxClasses},
		{"GET POST", "shipping/zones", (*call).listZones},
		{"GET POST PUT PATCH DELETE", "shipping/zones/{id}", (*call).getZone},
		{"GET POST PUT PATCH", "shipping/zones/{zone_id}/locations", (*call).listZoneLocations},
		{"GET POST", "shipping/zones/{zone_id}/methods", (*call).listZoneMethods},
		{"GET", "shipping_methods", (*call).listMethods},
		{"GET", "payment_gateways", (*call).listGateways},
		{"GET POST PUT PATCH", "payment_gateways/{gateway}", (*call).getGateway},
		{"GET", "settings/{group}", (*call).listSettings},
		{"GET POST PUT PATCH", "settings/{group}/{setting}", (*call).getSetting},
		{"GET", "data/currencies/current", (*call).getCurrency},
		{"GET", "data/countries", (*call).listCountries},
		{"GET", "data/countries/{location}", (*call).getCountry},
		{"GET", "system_status", (*call).getStatus},
	}
}

func restRoutes() []route {
	return slices.Concat(shopRoutes(), productRoutes(), orderRoutes(), webhookRoutes())
}

// recorded answers rows as they are in the catalogue, with their links.
func (c *call) recorded(rows []wp.Object, links func(wp.Object) wp.Object) (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	if err := c.checkCollection([]string{"id", "order", "priority", "name", "date", "slug", "include"}); err != nil {
		return answer{}, err
	}
	return listAnswer(c, rows, "", func(o wp.Object) wp.Object { return append(slices.Clone(o), wp.Member{"_links", links(o)}) })
}

// refuseWrite answers a request that wants to change what this store only
// shows. WooCommerce would do it, so the refusal is in wootest's own name.
func (c *call) refuseWrite() *wire.Error {
	if c.method == http.MethodGet {
		return nil
	}
	return wire.Fault(http.StatusNotImplemented, "wootest_read_only", "wootest does not offer changing "+c.path+".")
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

func (c *call) rowLinks(collection string, more ...wp.Member) func(wp.Object) wp.Object {
	return func(o wp.Object) wp.Object { return c.links(collection+"/"+idOf(o), collection, editable(), more...) }
}

func (c *call) collectionOnly(collection string) func(wp.Object) wp.Object {
	return func(wp.Object) wp.Object {
		return wp.Object{{"collection", []wp.Object{{{"href", c.address(collection)}}}}}
	}
}

func (c *call) none() (answer, *wire.Error) { return c.recorded(nil, c.collectionOnly(c.path)) }

func (c *call) listTaxes() (answer, *wire.Error) {
	rows := slices.Clone(c.store.Shop.TaxRows)
	if class := c.query.Get("class"); class != "" {
		rows = slices.DeleteFunc(rows, func(o wp.Object) bool { v, _ := o.Get("class"); return wp.RawText(v) != class })
	}
	if c.query.Get("orderby") == "id" {
		slices.SortFunc(rows, func(a, b wp.Object) int { return cmp.Compare(numberOf(a, "id"), numberOf(b, "id")) })
		if c.query.Get("order") == "desc" {
			slices.Reverse(rows)
		}
	}
	return c.recorded(rows, c.rowLinks("taxes"))
}

func (c *call) getTax() (answer, *wire.Error) {
	return c.recordedRow(c.store.Shop.TaxRows, "taxes", "tax")
}

func (c *call) recordedRow(rows []wp.Object, collection, kind string) (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	for _, o := range rows {
		if idOf(o) == wp.Itoa(c.ids["id"]) {
			return okAnswer(append(slices.Clone(o), wp.Member{"_links", c.rowLinks(collection)(o)}))
		}
	}
	return answer{}, wire.InvalidID(http.StatusNotFound, kind)
}

func (c *call) listTaxClasses() (answer, *wire.Error) {
	return c.recorded(c.store.Shop.TaxClasses, c.collectionOnly("taxes/classes"))
}

func (c *call) listZones() (answer, *wire.Error) {
	return c.recorded(c.store.Shop.Zones, func(o wp.Object) wp.Object { return c.zoneLinks(idOf(o)) })
}

func (c *call) zoneLinks(id string) wp.Object {
	path := "shipping/zones/" + id
	return c.links(path, "shipping/zones", editable(), wp.Member{"describedby", []wp.Object{{{"href", c.address(path + "/locations")}}}})
}

func (c *call) getZone() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	for _, o := range c.store.Shop.Zones {
		if idOf(o) == wp.Itoa(c.ids["id"]) {
			return okAnswer(append(slices.Clone(o), wp.Member{"_links", c.zoneLinks(idOf(o))}))
		}
	}
	return answer{}, noZone()
}

func noZone() *wire.Error {
	return wire.Fault(http.StatusNotFound, "woocommerce_rest_shipping_zone_invalid", "Resource does not exist.")
}

func (c *call) zoneExists() bool {
	return slices.ContainsFunc(c.store.Shop.Zones, func(o wp.Object) bool { return idOf(o) == wp.Itoa(c.ids["zone_id"]) })
}

func (c *call) listZoneLocations() (answer, *wire.Error) {
	if !c.zoneExists() {
		return answer{}, noZone()
	}
	id := wp.Itoa(c.ids["zone_id"])
	zone := "shipping/zones/" + id
	return c.recorded(c.store.Shop.ZoneSpots[id], func(wp.Object) wp.Object {
		return wp.Object{
			{"collection", []wp.Object{{{"href", c.address(zone + "/locations")}}}}, {"describes", []wp.Object{{{"href", c.address(zone)}}}},
		}
	})
}

func (c *call) listZoneMethods() (answer, *wire.Error) {
	if !c.zoneExists() {
		return answer{}, noZone()
	}
	id := wp.Itoa(c.ids["zone_id"])
	zone := "shipping/zones/" + id
	return c.recorded(c.store.Shop.ZoneWays[id], func(o wp.Object) wp.Object {
		return c.links(zone+"/methods/"+idOf(o), zone+"/methods", editable(), wp.Member{"describes", []wp.Object{{{"href", c.address(zone)}}}})
	})
}

func (c *call) listMethods() (answer, *wire.Error) {
	return c.recorded(c.store.Shop.Methods, func(o wp.Object) wp.Object {
		return c.links("shipping_methods/"+idOf(o), "shipping_methods", []string{"GET"})
	})
}

func (c *call) listGateways() (answer, *wire.Error) {
	return listAnswer(c, c.store.Shop.Gateways, "", c.gatewayView)
}

func (c *call) gatewayView(g shop.Gateway) wp.Object {
	return wp.Object{
		{"id", g.ID}, {"title", g.Title}, {"description", g.Description}, {"order", g.Order}, {"enabled", g.Enabled},
		{"_links", c.links("payment_gateways/"+g.ID, "payment_gateways", []string{"GET", "POST", "PUT", "PATCH"})},
	}
}

func (c *call) getGateway() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	for _, g := range c.store.Shop.Gateways {
		if g.ID == c.words["gateway"] {
			return okAnswer(c.gatewayView(g))
		}
	}
	return answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_payment_gateway_invalid", "Resource does not exist.")
}

// listSettings answers a group, not paged, as WooCommerce does.
func (c *call) listSettings() (answer, *wire.Error) {
	rows, ok := c.store.Shop.Settings[c.words["group"]]
	if !ok {
		return answer{}, wire.Fault(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
	}
	return answer{status: http.StatusOK, body: viewAll(rows, c.settingView)}, nil
}

func (c *call) settingView(o wp.Object) wp.Object {
	group := "settings/" + c.words["group"]
	return append(slices.Clone(o), wp.Member{"_links", c.links(group+"/"+idOf(o), group, []string{"GET", "POST", "PUT", "PATCH"})})
}

func (c *call) getSetting() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	rows, ok := c.store.Shop.Settings[c.words["group"]]
	if !ok {
		return answer{}, wire.Fault(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
	}
	for _, o := range rows {
		if idOf(o) == c.words["setting"] {
			return okAnswer(c.settingView(o))
		}
	}
	return answer{}, wire.Fault(http.StatusNotFound, "rest_setting_setting_invalid", "Invalid setting.")
}

func (c *call) getCurrency() (answer, *wire.Error) {
	o := slices.Clone(c.store.Shop.Currency)
	path := "data/currencies/" + c.store.Shop.CurrencyCode()
	return okAnswer(append(o, wp.Member{"_links", c.links(path, "data/currencies", []string{"GET"})}))
}

func (c *call) listCountries() (answer, *wire.Error) {
	return answer{status: http.StatusOK, body: viewAll(c.store.Shop.States, c.countryView)}, nil
}

func (c *call) countryView(o wp.Object) wp.Object {
	code, _ := o.Get("code")
	path := "data/countries/" + strings.ToLower(wp.RawText(code))
	return append(slices.Clone(o), wp.Member{"_links", c.links(path, "data/countries", []string{"GET"})})
}

func (c *call) getCountry() (answer, *wire.Error) {
	for _, o := range c.store.Shop.States {
		if code, _ := o.Get("code"); strings.EqualFold(wp.RawText(code), c.words["location"]) {
			return okAnswer(c.countryView(o))
		}
	}
	return answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_data_invalid_location", "There are no locations matching these parameters.")
}

func (c *call) getStatus() (answer, *wire.Error) {
	return answer{status: http.StatusOK, body: c.store.Shop.Status}, nil
}

// index is the public description of the namespace, with the routes this
// store offers.
func (c *call) index() (answer, *wire.Error) {
	routes := wp.Object{}
	for _, r := range c.routes {
		routes = routes.With("/wc/v3/"+r.pattern, wp.Object{{"namespace", "wc/v3"}, {"methods", strings.Fields(r.method)}})
	}
	return answer{status: http.StatusOK, body: wp.Object{{"namespace", "wc/v3"}, {"routes", routes}}}, nil
}

func (c *call) listCoupons() (answer, *wire.Error) {
	if err := c.checkCollection(orderOrder); err != nil {
		return answer{}, err
	}
	code, search := c.query.Get("code"), strings.ToLower(c.query.Get("search"))
	var found []*site.Coupon
	for _, k := range c.st.Coupons {
		trashed := (k.Status == "trash") == (c.query.Get("status") == "trash")
		if trashed && (code == "" || k.Code == strings.ToLower(code)) && strings.Contains(k.Code, search) {
			found = append(found, k)
		}
	}
	sortBy(c, found, func(k *site.Coupon) sortKey { return sortKey{id: k.ID, created: k.DateCreated.Time, title: k.Code} })
	return listAnswer(c, found, "", c.couponView)
}

func (c *call) getCoupon() (answer, *wire.Error) {
	k, ok := c.st.Coupons[c.ids["id"]]
	if !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "shop_coupon")
	}
	return okAnswer(c.couponView(k))
}

func (c *call) couponView(k *site.Coupon) wp.Object {
	m, sh := c.money(), c.store.Shop
	return wp.Object{
		{"id", k.ID}, {"code", k.Code}, {"amount", m.text(k.Amount)}, {"status", k.Status}, {"date_created", sh.Local(k.DateCreated.Time)},
		{"date_created_gmt", shop.GMT(k.DateCreated.Time)}, {"date_modified", sh.Local(k.DateModified.Time)},
		{"date_modified_gmt", shop.GMT(k.DateModified.Time)}, {"discount_type", k.DiscountType}, {"description", k.Description},
		{"date_expires", sh.Local(shop.PointTime(k.Expires))}, {"date_expires_gmt", shop.GMT(shop.PointTime(k.Expires))}, {"usage_count", k.UsageCount},
		{"individual_use", k.IndividualUse}, {"product_ids", list(k.ProductIDs)}, {"excluded_product_ids", list(k.ExcludedProductIDs)},
		{"usage_limit", k.UsageLimit}, {"usage_limit_per_user", k.UsageLimitPerUser}, {"limit_usage_to_x_items", k.LimitToItems},
		{"free_shipping", k.FreeShipping}, {"product_categories", list(k.Categories)},
		{"excluded_product_categories", list(k.ExcludedCategories)}, {"exclude_sale_items", k.ExcludeSaleItems},
		{"minimum_amount", m.text(k.MinimumAmount)}, {"maximum_amount", m.text(k.MaximumAmount)},
		{"email_restrictions", list(k.EmailRestrictions)}, {"used_by", list(k.UsedBy)}, {"meta_data", metaViews(k.Meta)},
		{"_links", c.links("coupons/"+wp.Itoa(k.ID), "coupons", editable())},
	}
}

// rawJSON is a value kept as it was recorded.
func rawJSON(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}
