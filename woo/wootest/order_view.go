package wootest

import (
	"encoding/json"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// money writes an amount with the decimals asked for by dp.
type money struct{ places int32 }

func (m money) text(d decimal.Decimal) string { return d.StringFixed(m.places) }

func (c *call) money() money {
	if n, err := strconv.ParseInt(c.query.Get("dp"), 10, 32); err == nil && n >= 0 && n <= 12 {
		return money{int32(n)}
	}
	return money{c.store.shop.Decimals()}
}

// orderView is an order as the REST API writes it.
func (c *call) orderView(o *order) wp.Object {
	m, sh := c.money(), c.store.shop
	v := wp.Object{
		{"id", o.id}, {"parent_id", 0}, {"status", o.status}, {"currency", o.currency}, {"version", sh.WooVersion},
		{"prices_include_tax", o.pricesIncludeTax}, {"date_created", sh.Local(o.created)}, {"date_modified", sh.Local(o.modified)},
		{"discount_total", m.text(o.discount)}, {"discount_tax", m.text(o.discountTax)}, {"shipping_total", m.text(o.shipTotal)},
		{"shipping_tax", m.text(o.shipTax)}, {"cart_tax", m.text(o.cartTax)}, {"total", m.text(o.total)}, {"total_tax", m.text(o.totalTax)},
		{"customer_id", o.customerID}, {"order_key", o.key}, {"billing", billingView(o.billing)}, {"shipping", shippingView(o.shipping)},
		{"payment_method", o.payMethod}, {"payment_method_title", o.payTitle}, {"transaction_id", o.transaction},
		{"customer_ip_address", o.ipAddress}, {"customer_user_agent", o.userAgent}, {"created_via", o.createdVia}, {"customer_note", o.note},
		{"date_completed", sh.Local(o.completed)}, {"date_paid", sh.Local(o.paid)}, {"cart_hash", o.cartHash}, {"number", wp.Itoa(o.id)},
		{"meta_data", metaViews(sortedMeta(o.meta))}, {"line_items", c.lineViews(o, m)}, {"tax_lines", taxViews(o, m)},
		{"shipping_lines", c.shippingViews(o, m)}, {"fee_lines", c.feeViews(o, m)}, {"coupon_lines", couponViews(o)},
		{"refunds", c.refundSummaries(o, m)},
		{"payment_url", c.base + "/checkout/order-pay/" + wp.Itoa(o.id) + "/?pay_for_order=true&key=" + o.key},
		{"is_editable", o.editable()}, {"needs_payment", o.needsPayment()}, {"needs_processing", c.st.needsProcessing(o)},
		{"date_created_gmt", shop.GMT(o.created)}, {"date_modified_gmt", shop.GMT(o.modified)}, {"date_completed_gmt", shop.GMT(o.completed)},
		{"date_paid_gmt", shop.GMT(o.paid)}, {"currency_symbol", html.UnescapeString(sh.Symbol())},
	}
	return v.With("_links", c.orderLinks(o))
}

// sortedMeta is by key: WooCommerce reads the meta table without an order and
// gets that of its index.
func sortedMeta(meta []shop.MetaData) []shop.MetaData {
	out := slices.Clone(meta)
	slices.SortStableFunc(out, func(a, b shop.MetaData) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// editable is WC_Order::is_editable.
func (o *order) editable() bool {
	return o.status == "pending" || o.status == "on-hold" || o.status == "auto-draft"
}

func (c *call) orderLinks(o *order) wp.Object {
	path := "orders/" + wp.Itoa(o.id)
	l := c.links(path, "orders", editable,
		wp.Member{"email_templates", []wp.Object{{{"embeddable", true}, {"href", c.address(path + "/actions/email_templates")}}}})
	if o.customerID != 0 {
		l = l.With("customer", []wp.Object{{{"href", c.address("customers/" + wp.Itoa(o.customerID))}}})
	}
	return l
}

func addressView(a address) wp.Object {
	return wp.Object{
		{"first_name", a.FirstName}, {"last_name", a.LastName}, {"company", a.Company}, {"address_1", a.Address1},
		{"address_2", a.Address2}, {"city", a.City}, {"state", a.State}, {"postcode", a.Postcode}, {"country", a.Country},
	}
}

func billingView(a address) wp.Object {
	return append(addressView(a), wp.Member{"email", a.Email}, wp.Member{"phone", a.Phone})
}

func shippingView(a address) wp.Object { return append(addressView(a), wp.Member{"phone", a.Phone}) }

func (c *call) lineViews(o *order, m money) []wp.Object {
	out := []wp.Object{}
	for _, l := range o.lines {
		out = append(out, c.lineView(l, m))
	}
	return out
}

func (c *call) lineView(l *orderLine, m money) wp.Object {
	p := c.st.productOf(l)
	v := wp.Object{
		{"id", l.id}, {"name", l.name}, {"product_id", l.productID}, {"variation_id", l.variation}, {"quantity", l.quantity},
		{"tax_class", l.taxClass}, {"subtotal", m.text(l.subtotal)}, {"subtotal_tax", m.text(l.subtotalTax)},
		{"total", m.text(l.total)}, {"total_tax", m.text(l.totalTax)}, {"taxes", lineTaxViews(l.taxes, m)},
		{"meta_data", c.lineMeta(l.meta)},
	}
	v = append(v, c.lineProduct(p)...)
	return append(v, wp.Member{"price", unitNumber(l)}, wp.Member{"image", c.lineImage(p)}, wp.Member{"parent_name", c.parentName(p)})
}

func (c *call) lineProduct(p *shop.Product) wp.Object {
	if p == nil {
		return wp.Object{{"sku", nil}, {"global_unique_id", nil}}
	}
	return wp.Object{{"sku", p.SKU}, {"global_unique_id", p.GlobalUniqueID}}
}

// lineImage: the id is text on a product, a number on a variation, 0 without
// a product.
func (c *call) lineImage(p *shop.Product) wp.Object {
	if p == nil {
		return wp.Object{{"id", 0}, {"src", ""}}
	}
	images := c.st.imagesOf(p)
	switch {
	case len(images) == 0 && p.IsVariation():
		return wp.Object{{"id", 0}, {"src", ""}}
	case len(images) == 0:
		return wp.Object{{"id", ""}, {"src", ""}}
	case p.IsVariation():
		return wp.Object{{"id", images[0].ID}, {"src", c.media(images[0].Src)}}
	}
	return wp.Object{{"id", wp.Itoa(images[0].ID)}, {"src", c.media(images[0].Src)}}
}

func (c *call) parentName(p *shop.Product) any {
	if p == nil || !p.IsVariation() || c.st.products[p.ParentID] == nil {
		return nil
	}
	return c.st.products[p.ParentID].Name
}

// unitNumber is the line's price per piece as the JSON number PHP prints: the
// shortest form of a double. It is for display; nothing is computed from it.
func unitNumber(l *orderLine) json.Number {
	if l.quantity == 0 {
		return "0"
	}
	total, _ := l.total.Float64()
	return phpNumber(total / float64(l.quantity))
}

// phpNumber is json_encode's form of a double: the shortest digits, with an
// exponent below 0.0001.
func phpNumber(v float64) json.Number {
	if v == 0 || v >= 1e-4 || v <= -1e-4 {
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e-")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	return json.Number(digits + "e-" + strings.TrimLeft(exponent, "0"))
}

func lineTaxViews(taxes []lineTax, m money) []wp.Object {
	out := []wp.Object{}
	for _, x := range taxes {
		subtotal := ""
		if x.hasSubtotal {
			subtotal = m.text(x.subtotal)
		}
		out = append(out, wp.Object{{"id", x.rate}, {"total", m.text(x.total)}, {"subtotal", subtotal}})
	}
	return out
}

// lineMeta adds the names a shopper reads: the attribute's label and the
// term's name.
func (c *call) lineMeta(meta []shop.MetaData) []wp.Object {
	out := []wp.Object{}
	for _, x := range meta {
		key, value := x.Key, wp.TextOf(x.Value)
		if t := c.store.shop.TaxonomyBySlug(x.Key); t != nil {
			key = t.Name
			if found, ok := t.TermOf(value); ok {
				value = found.Name
			}
		}
		out = append(out, wp.Object{
			{"id", x.ID}, {"key", x.Key}, {"value", x.Value}, {"display_key", key}, {"display_value", value},
		})
	}
	return out
}

func taxViews(o *order, m money) []wp.Object {
	out := []wp.Object{}
	for _, t := range o.taxes {
		out = append(out, wp.Object{
			{"id", t.id}, {"rate_code", t.rate.Code()}, {"rate_id", t.rate.ID}, {"label", t.rate.Name}, {"compound", t.rate.Compound},
			{"tax_total", m.text(t.tax)}, {"shipping_tax_total", m.text(t.shippingTaxes)}, {"rate_percent", wp.JSONNumber(t.rate.Rate)},
			{"meta_data", []wp.Object{}},
		})
	}
	return out
}

func (c *call) shippingViews(o *order, m money) []wp.Object {
	out := []wp.Object{}
	for _, s := range o.ships {
		out = append(out, wp.Object{
			{"id", s.id}, {"method_title", s.title}, {"method_id", s.method}, {"instance_id", s.instanceID}, {"total", m.text(s.total)},
			{"total_tax", m.text(s.totalTax)}, {"taxes", lineTaxViews(s.taxes, m)}, {"tax_status", s.taxStatus},
			{"meta_data", c.lineMeta(s.meta)},
		})
	}
	return out
}

func (c *call) feeViews(o *order, m money) []wp.Object {
	out := []wp.Object{}
	for _, f := range o.fees {
		out = append(out, wp.Object{
			{"id", f.id}, {"name", f.name}, {"tax_class", f.taxClass}, {"tax_status", f.taxStatus}, {"amount", ""},
			{"total", m.text(f.total)}, {"total_tax", m.text(f.totalTax)}, {"taxes", lineTaxViews(f.taxes, m)},
			{"meta_data", c.lineMeta(f.meta)},
		})
	}
	return out
}

// couponViews: the discount is written as stored, whatever dp says.
func couponViews(o *order) []wp.Object {
	out := []wp.Object{}
	for _, l := range o.coupons {
		info := wp.Object{
			{"id", l.info.ID}, {"key", l.info.Key}, {"value", l.info.Value}, {"display_key", l.info.Key},
			{"display_value", l.info.Value},
		}
		out = append(out, wp.Object{
			{"id", l.id}, {"code", l.code}, {"discount", l.discount.Round(wp.RoundingPrecision).String()},
			{"discount_tax", l.discountTax.Round(wp.RoundingPrecision).String()}, {"meta_data", []wp.Object{info}},
			{"discount_type", l.kind}, {"nominal_amount", wp.JSONNumber(l.amount)}, {"free_shipping", l.freeShipping},
		})
	}
	return out
}
