package rest

import (
	"encoding/json"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// money writes an amount with the decimals asked for by dp.
type money struct{ places int32 }

func (m money) text(d decimal.Decimal) string { return d.StringFixed(m.places) }

func (c *Call) money() money {
	if n, err := strconv.ParseInt(c.Query.Get("dp"), 10, 32); err == nil && n >= 0 && n <= 12 {
		return money{int32(n)}
	}
	return money{c.Site.Shop.Decimals()}
}

// OrderView is an order as the REST API writes it.
func (c *Call) OrderView(o *site.Order) wp.Object {
	m, sh := c.money(), c.Site.Shop
	v := wp.Object{
		{"id", o.ID}, {"parent_id", 0}, {"status", o.Status}, {"currency", o.Currency}, {"version", sh.WooVersion},
		{"prices_include_tax", o.PricesIncludeTax}, {"date_created", sh.Local(o.Created)}, {"date_modified", sh.Local(o.Modified)},
		{"discount_total", m.text(o.Discount)}, {"discount_tax", m.text(o.DiscountTax)}, {"shipping_total", m.text(o.ShipTotal)},
		{"shipping_tax", m.text(o.ShipTax)}, {"cart_tax", m.text(o.CartTax)}, {"total", m.text(o.Total)}, {"total_tax", m.text(o.TotalTax)},
		{"customer_id", o.CustomerID}, {"order_key", o.Key}, {"billing", BillingView(o.Billing)}, {"shipping", ShippingView(o.Shipping)},
		{"payment_method", o.PayMethod}, {"payment_method_title", o.PayTitle}, {"transaction_id", o.Transaction},
		{"customer_ip_address", o.IPAddress}, {"customer_user_agent", o.UserAgent}, {"created_via", o.CreatedVia}, {"customer_note", o.Note},
		{"date_completed", sh.Local(o.Completed)}, {"date_paid", sh.Local(o.Paid)}, {"cart_hash", o.CartHash}, {"number", wp.Itoa(o.ID)},
		{"meta_data", metaViews(sortedMeta(o.Meta))}, {"line_items", c.lineViews(o, m)}, {"tax_lines", taxViews(o, m)},
		{"shipping_lines", c.shippingViews(o, m)}, {"fee_lines", c.feeViews(o, m)}, {"coupon_lines", couponViews(o)},
		{"refunds", c.refundSummaries(o, m)},
		{"payment_url", c.Base + "/checkout/order-pay/" + wp.Itoa(o.ID) + "/?pay_for_order=true&key=" + o.Key},
		{"is_editable", orderEditable(o)}, {"needs_payment", o.NeedsPayment()}, {"needs_processing", c.State.NeedsProcessing(o)},
		{"date_created_gmt", shop.GMT(o.Created)}, {"date_modified_gmt", shop.GMT(o.Modified)}, {"date_completed_gmt", shop.GMT(o.Completed)},
		{"date_paid_gmt", shop.GMT(o.Paid)}, {"currency_symbol", html.UnescapeString(sh.Symbol())},
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

// orderEditable is WC_Order::is_editable.
func orderEditable(o *site.Order) bool {
	return o.Status == "pending" || o.Status == "on-hold" || o.Status == "auto-draft"
}

func (c *Call) orderLinks(o *site.Order) wp.Object {
	path := "orders/" + wp.Itoa(o.ID)
	l := c.links(path, "orders", AllMethods(),
		wp.Member{"email_templates", []wp.Object{{{"embeddable", true}, {"href", c.address(path + "/actions/email_templates")}}}})
	if o.CustomerID != 0 {
		l = l.With("customer", []wp.Object{{{"href", c.address("customers/" + wp.Itoa(o.CustomerID))}}})
	}
	return l
}

func addressView(a site.Address) wp.Object {
	return wp.Object{
		{"first_name", a.FirstName}, {"last_name", a.LastName}, {"company", a.Company}, {"address_1", a.Address1},
		{"address_2", a.Address2}, {"city", a.City}, {"state", a.State}, {"postcode", a.Postcode}, {"country", a.Country},
	}
}

// BillingView is an address with e-mail and telephone.
func BillingView(a site.Address) wp.Object {
	return append(addressView(a), wp.Member{"email", a.Email}, wp.Member{"phone", a.Phone})
}

// ShippingView is an address with telephone and without e-mail.
func ShippingView(a site.Address) wp.Object {
	return append(addressView(a), wp.Member{"phone", a.Phone})
}

func (c *Call) lineViews(o *site.Order, m money) []wp.Object {
	out := []wp.Object{}
	for _, l := range o.Lines {
		out = append(out, c.lineView(l, m))
	}
	return out
}

func (c *Call) lineView(l *site.OrderLine, m money) wp.Object {
	p := c.State.ProductOf(l)
	v := wp.Object{
		{"id", l.ID}, {"name", l.Name}, {"product_id", l.ProductID}, {"variation_id", l.Variation}, {"quantity", l.Quantity},
		{"tax_class", l.TaxClass}, {"subtotal", m.text(l.Subtotal)}, {"subtotal_tax", m.text(l.SubtotalTax)},
		{"total", m.text(l.Total)}, {"total_tax", m.text(l.TotalTax)}, {"taxes", lineTaxViews(l.Taxes, m)},
		{"meta_data", c.lineMeta(l.Meta)},
	}
	v = append(v, c.lineProduct(p)...)
	return append(v, wp.Member{"price", unitNumber(l)}, wp.Member{"image", c.lineImage(p)}, wp.Member{"parent_name", c.parentName(p)})
}

func (c *Call) lineProduct(p *shop.Product) wp.Object {
	if p == nil {
		return wp.Object{{"sku", nil}, {"global_unique_id", nil}}
	}
	return wp.Object{{"sku", p.SKU}, {"global_unique_id", p.GlobalUniqueID}}
}

// lineImage: the id is text on a product, a number on a variation, 0 without
// a product.
func (c *Call) lineImage(p *shop.Product) wp.Object {
	if p == nil {
		return wp.Object{{"id", 0}, {"src", ""}}
	}
	images := c.State.ImagesOf(p)
	switch {
	case len(images) == 0 && p.IsVariation():
		return wp.Object{{"id", 0}, {"src", ""}}
	case len(images) == 0:
		return wp.Object{{"id", ""}, {"src", ""}}
	case p.IsVariation():
		return wp.Object{{"id", images[0].ID}, {"src", c.Media(images[0].Src)}}
	}
	return wp.Object{{"id", wp.Itoa(images[0].ID)}, {"src", c.Media(images[0].Src)}}
}

func (c *Call) parentName(p *shop.Product) any {
	if p == nil || !p.IsVariation() || c.State.Products[p.ParentID] == nil {
		return nil
	}
	return c.State.Products[p.ParentID].Name
}

// unitNumber is the line's price per piece as the JSON number PHP prints: the
// shortest form of a double. It is for display; nothing is computed from it.
func unitNumber(l *site.OrderLine) json.Number {
	if l.Quantity == 0 {
		return "0"
	}
	total, _ := l.Total.Float64()
	return phpNumber(total / float64(l.Quantity))
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

func lineTaxViews(taxes []site.LineTax, m money) []wp.Object {
	out := []wp.Object{}
	for _, x := range taxes {
		subtotal := ""
		if x.HasSubtotal {
			subtotal = m.text(x.Subtotal)
		}
		out = append(out, wp.Object{{"id", x.Rate}, {"total", m.text(x.Total)}, {"subtotal", subtotal}})
	}
	return out
}

// lineMeta adds the names a shopper reads: the attribute's label and the
// term's name.
func (c *Call) lineMeta(meta []shop.MetaData) []wp.Object {
	out := []wp.Object{}
	for _, x := range meta {
		key, value := x.Key, wp.TextOf(x.Value)
		if t := c.Site.Shop.TaxonomyBySlug(x.Key); t != nil {
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

func taxViews(o *site.Order, m money) []wp.Object {
	out := []wp.Object{}
	for _, t := range o.Taxes {
		out = append(out, wp.Object{
			{"id", t.ID}, {"rate_code", t.Rate.Code()}, {"rate_id", t.Rate.ID}, {"label", t.Rate.Name}, {"compound", t.Rate.Compound},
			{"tax_total", m.text(t.Tax)}, {"shipping_tax_total", m.text(t.ShippingTaxes)}, {"rate_percent", wp.JSONNumber(t.Rate.Rate)},
			{"meta_data", []wp.Object{}},
		})
	}
	return out
}

func (c *Call) shippingViews(o *site.Order, m money) []wp.Object {
	out := []wp.Object{}
	for _, s := range o.Ships {
		out = append(out, wp.Object{
			{"id", s.ID}, {"method_title", s.Title}, {"method_id", s.Method}, {"instance_id", s.InstanceID}, {"total", m.text(s.Total)},
			{"total_tax", m.text(s.TotalTax)}, {"taxes", lineTaxViews(s.Taxes, m)}, {"tax_status", s.TaxStatus},
			{"meta_data", c.lineMeta(s.Meta)},
		})
	}
	return out
}

func (c *Call) feeViews(o *site.Order, m money) []wp.Object {
	out := []wp.Object{}
	for _, f := range o.Fees {
		out = append(out, wp.Object{
			{"id", f.ID}, {"name", f.Name}, {"tax_class", f.TaxClass}, {"tax_status", f.TaxStatus}, {"amount", ""},
			{"total", m.text(f.Total)}, {"total_tax", m.text(f.TotalTax)}, {"taxes", lineTaxViews(f.Taxes, m)},
			{"meta_data", c.lineMeta(f.Meta)},
		})
	}
	return out
}

// couponViews: the discount is written as stored, whatever dp says.
func couponViews(o *site.Order) []wp.Object {
	out := []wp.Object{}
	for _, l := range o.Coupons {
		info := wp.Object{
			{"id", l.Info.ID}, {"key", l.Info.Key}, {"value", l.Info.Value}, {"display_key", l.Info.Key},
			{"display_value", l.Info.Value},
		}
		out = append(out, wp.Object{
			{"id", l.ID}, {"code", l.Code}, {"discount", l.Discount.Round(wp.RoundingPrecision).String()},
			{"discount_tax", l.DiscountTax.Round(wp.RoundingPrecision).String()}, {"meta_data", []wp.Object{info}},
			{"discount_type", l.Kind}, {"nominal_amount", wp.JSONNumber(l.Amount)}, {"free_shipping", l.FreeShipping},
		})
	}
	return out
}
