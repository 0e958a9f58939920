package rest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

var stockStatuses = []string{"instock", "outofstock", "onbackorder"}

// productSchema are the writable fields of a product and their types.
var productSchema = []field{
	{name: "name", kind: "string"}, {name: "slug", kind: "string"},
	{name: "type", kind: "string", enum: []string{"simple", "grouped", "external", "variable"}},
	{name: "status", kind: "string", enum: []string{"draft", "pending", "private", "publish", "future", "auto-draft", "trash"}},
	{name: "featured", kind: "boolean"}, {name: "description", kind: "string"}, {name: "short_description", kind: "string"},
	{name: "sku", kind: "string"}, {name: "regular_price", kind: "string"}, {name: "sale_price", kind: "string"},
	{name: "virtual", kind: "boolean"}, {name: "downloadable", kind: "boolean"},
	{name: "tax_status", kind: "string", enum: []string{"taxable", "shipping", "none"}}, {name: "tax_class", kind: "string"},
	{name: "manage_stock", kind: "boolean"}, {name: "stock_quantity", kind: "integer"},
	{name: "stock_status", kind: "string", enum: stockStatuses},
	{name: "backorders", kind: "string", enum: []string{"no", "notify", "yes"}},
	{name: "sold_individually", kind: "boolean"}, {name: "weight", kind: "string"}, {name: "shipping_class", kind: "string"},
	{name: "catalog_visibility", kind: "string", enum: []string{"visible", "catalog", "search", "hidden"}},
	{name: "categories", kind: "array", nested: []field{{name: "id", kind: "integer"}}},
	{name: "meta_data", kind: "array", nested: []field{{name: "id", kind: "integer"}, {name: "key", kind: "string"}}},
	{name: "menu_order", kind: "integer"}, {name: "inventory_delta", kind: "integer"},
}

func (c *Call) newProduct(body map[string]json.RawMessage) (*shop.Product, *wire.Error) {
	if err := checkBody(body, productSchema); err != nil {
		return nil, err
	}
	now := shop.Time{Time: c.Site.Now()}
	p := &shop.Product{
		Type: "simple", Status: "publish", DateCreated: now, DateModified: now, CatalogVisibility: "visible", TaxStatus: "taxable",
		Backorders: "no", StockStatus: "instock", ReviewsAllowed: true, DownloadLimit: -1, DownloadExpiry: -1, AverageRating: "0",
	}
	if err := c.duplicateSKU(0, body); err != nil {
		return nil, err
	}
	p.ID = c.State.PostID()
	c.assign(p, body)
	if p.Name == "" {
		p.Name = "Product"
	}
	if p.Slug == "" {
		p.Slug = slugOf(p.Name)
	}
	if len(p.Categories) == 0 && !p.IsVariation() {
		p.Categories = termsByID(c.Site.Shop, []int64{15})
	}
	c.State.Products[p.ID] = p
	c.State.Raise(p, site.BySaving)
	c.Site.Emit(c.State, "product.created", p.ID)
	return p, nil
}

// writeProduct applies a body to a product. Batches do not check types.
func (c *Call) writeProduct(id int64, body map[string]json.RawMessage, checked bool) (*shop.Product, *wire.Error) {
	if _, ok := c.State.Products[id]; !ok {
		return nil, wire.InvalidID(http.StatusBadRequest, "product")
	}
	if checked {
		if err := checkBody(body, productSchema); err != nil {
			return nil, err
		}
	}
	if err := c.duplicateSKU(id, body); err != nil {
		return nil, err
	}
	p := c.State.EditProduct(id)
	before := p.StockQuantity
	c.assign(p, body)
	if !sameQuantity(before, p.StockQuantity) {
		c.State.Raise(p, site.BySaving)
	}
	orders.Saved(c.Site, c.State, p)
	return p, nil
}

func (c *Call) duplicateSKU(id int64, body map[string]json.RawMessage) *wire.Error {
	raw, ok := body["sku"]
	sku := wp.TextOf(raw)
	if !ok || sku == "" {
		return nil
	}
	for _, other := range c.State.Products {
		if other.SKU == sku && other.ID != id {
			return &wire.Error{Status: http.StatusBadRequest, Code: "product_invalid_sku", Message: "Invalid or duplicated SKU.",
				Extra: wp.Object{{"resource_id", other.ID}, {"unique_sku", sku + "-1"}}}
		}
	}
	return nil
}

// assign copies the writable fields of a body to a product.
func (c *Call) assign(p *shop.Product, body map[string]json.RawMessage) {
	assignTexts(p, body)
	for name, into := range map[string]*bool{
		"featured": &p.Featured, "virtual": &p.Virtual, "downloadable": &p.Downloadable, "sold_individually": &p.SoldIndividually,
	} {
		if raw, ok := body[name]; ok {
			*into = wp.Truthy(wp.TextOf(raw))
		}
	}
	if raw, ok := body["status"]; ok {
		c.assignStatus(p, wp.TextOf(raw))
	}
	if raw, ok := body["menu_order"]; ok {
		p.MenuOrder = wp.IntOf(raw)
	}
	if raw, ok := body["categories"]; ok {
		p.Categories = termsByID(c.Site.Shop, idsOf(raw))
	}
	if raw, ok := body["meta_data"]; ok {
		p.Meta = c.mergeMeta(p.Meta, raw)
	}
	c.assignSaleDates(p, body)
	c.assignStock(p, body)
}

// assignSaleDates: "" ends the bound, null is ignored.
func (c *Call) assignSaleDates(p *shop.Product, body map[string]json.RawMessage) {
	for name, into := range map[string]**shop.Time{"date_on_sale_from": &p.OnSaleFrom, "date_on_sale_to": &p.OnSaleTo} {
		for _, suffix := range []string{"", "_gmt"} {
			raw, ok := body[name+suffix]
			if !ok || isNull(raw) {
				continue
			}
			*into = nil
			if at, ok := c.Site.Shop.ParseLocal(wp.TextOf(raw), suffix != ""); ok {
				*into = &shop.Time{Time: at}
			}
		}
	}
}

func assignTexts(p *shop.Product, body map[string]json.RawMessage) {
	for name, into := range map[string]*string{
		"name": &p.Name, "slug": &p.Slug, "type": &p.Type, "description": &p.Description, "short_description": &p.ShortDescription,
		"sku": &p.SKU, "tax_status": &p.TaxStatus, "tax_class": &p.TaxClass, "weight": &p.Weight, "shipping_class": &p.ShippingClass,
		"catalog_visibility": &p.CatalogVisibility, "stock_status": &p.StockStatus, "backorders": &p.Backorders,
	} {
		if raw, ok := body[name]; ok {
			*into = wp.TextOf(raw)
		}
	}
	for name, into := range map[string]*string{"regular_price": &p.RegularPrice, "sale_price": &p.SalePrice} {
		if raw, ok := body[name]; ok {
			*into = PriceText(wp.TextOf(raw))
		}
	}
	if p.TaxClass == "standard" {
		p.TaxClass = ""
	}
}

// PriceText keeps a price as it was typed, or nothing when it is no number
// (wc_format_decimal).
func PriceText(text string) string {
	text = strings.TrimSpace(text)
	if _, err := decimal.NewFromString(text); err != nil || len(text) > 40 || strings.ContainsAny(text, "eE+") {
		return ""
	}
	return text
}

func (c *Call) assignStatus(p *shop.Product, status string) {
	if p.Status == "trash" && status != "trash" {
		p.Slug = strings.TrimSuffix(p.Slug, "__trashed")
		// when and from what it was trashed stays: only wp-admin's own button takes that away
		p.Meta = slices.DeleteFunc(p.Meta, func(m shop.MetaData) bool { return m.Key == "_wp_desired_post_slug" })
	}
	p.Status = status
}

// assignStock follows the rules of the product controller: a quantity counts
// only when the product manages stock, null is ignored, and turning stock
// management off forgets the quantity.
func (c *Call) assignStock(p *shop.Product, body map[string]json.RawMessage) {
	if raw, ok := body["manage_stock"]; ok {
		p.ManageStock = shop.Managed(wp.Truthy(wp.TextOf(raw)))
		if !p.ManageStock {
			p.StockQuantity, p.Backorders, p.LowStockAmount = nil, "no", nil
		}
	}
	if !p.ManageStock {
		return
	}
	if raw, ok := body["stock_quantity"]; ok && string(raw) != "null" {
		n := wp.IntOf(raw)
		p.StockQuantity = &n
	}
	if raw, ok := body["inventory_delta"]; ok {
		n := p.Quantity() + wp.IntOf(raw)
		p.StockQuantity = &n
	}
	if p.StockQuantity == nil {
		p.StockQuantity = new(int64)
	}
	c.Site.Shop.SyncStatus(p)
}

func sameQuantity(a, b *int64) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func idsOf(raw json.RawMessage) []int64 {
	var list []struct {
		ID json.RawMessage `json:"id"`
	}
	_ = json.Unmarshal(raw, &list) // what is not a list counts as empty
	var out []int64
	for _, x := range list {
		out = append(out, wp.IntOf(x.ID))
	}
	return out
}

func termsByID(sh *shop.Shop, ids []int64) []shop.Term {
	var out []shop.Term
	for _, c := range sh.Categories {
		if slices.Contains(ids, c.ID) {
			out = append(out, c.Term)
		}
	}
	return out
}

// mergeMeta applies a meta_data list: by id, else by key, else a new entry;
// null removes (WC_Data::update_meta_data).
func (c *Call) mergeMeta(have []shop.MetaData, raw json.RawMessage) []shop.MetaData {
	var in []shop.MetaData
	if json.Unmarshal(raw, &in) != nil {
		return have
	}
	for _, m := range in {
		i := slices.IndexFunc(have, func(h shop.MetaData) bool { return m.ID != 0 && h.ID == m.ID || m.ID == 0 && h.Key == m.Key })
		switch {
		case i >= 0 && string(m.Value) == "null":
			have = slices.Delete(slices.Clone(have), i, i+1)
		case i >= 0:
			have = slices.Clone(have)
			have[i].Value = m.Value
			if m.Key != "" {
				have[i].Key = m.Key
			}
		case m.Key != "":
			m.ID = c.State.MetaID()
			have = append(have, m)
		}
	}
	return have
}

// slugOf is sanitize_title for plain names; other letters are percent-encoded.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			b.WriteRune(r)
		case r > 127:
			b.WriteString(strings.ToLower(rawEncode(string(r))))
		case r == ' ' || r == '-' || r == '.':
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
