package storeapi

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// payOrder is POST /checkout/<id>: paying an order that exists, as the link in
// a mail does.
func (c *Call) payOrder() (rest.Answer, *wire.Error) {
	if !c.State.Orders[c.IDs["id"]].NeedsPayment() {
		return rest.Answer{}, &wire.Error{Status: http.StatusInternalServerError, Code: "invalid_order_update_status",
			Message: "This order cannot be paid for.", Data: json.RawMessage("null")}
	}
	o := c.State.EditOrder(c.IDs["id"])
	billing, shipping := c.bodyOf("billing_address"), c.bodyOf("shipping_address")
	if shipping == nil {
		shipping = billing
	}
	o.Billing, o.Shipping = c.mergedAddress(o.Billing, billing, true), c.mergedAddress(o.Shipping, shipping, false)
	o.Shipping.Email = ""
	orders.NewTotals(c.Site, c.State, o).Calculate()
	if err := c.orderFromRequest(o); err != nil {
		return rest.Answer{}, err
	}
	if missing := missingFields(o.Billing); len(missing) > 0 {
		return rest.Answer{}, &wire.Error{Status: http.StatusBadRequest, Code: "woocommerce_rest_invalid_address",
			Message: "There was a problem with the provided billing address: " + strings.Join(missing, ", "),
			Data:    wp.Object{{"errors", wp.Object{{"billing", missing}}}, {"status", http.StatusBadRequest}}}
	}
	c.cart.Pay(o, false, "")
	return c.paid(o)
}

// orderRoute asks first whether the caller may see the order.
func orderRoute(handle handler) handler {
	return func(c *Call) (rest.Answer, *wire.Error) {
		if err := c.mayReadOrder(); err != nil {
			c.forbidden = true
			return rest.Answer{}, err
		}
		return handle(c)
	}
}

// mayReadOrder is OrderAuthorizationTrait::is_authorized: a customer's order is
// the customer's alone, a guest's needs its key and the billing e-mail address.
func (c *Call) mayReadOrder() *wire.Error {
	o := c.State.Orders[c.IDs["id"]]
	if o == nil {
		return wire.Fault(http.StatusNotFound, "woocommerce_rest_invalid_order", "Invalid order ID.")
	}
	who := accounts.WhoIs(c.Site, c.State, c.req)
	if o.CustomerID != 0 {
		if who.SignedIn() == o.CustomerID {
			return nil
		}
		return wire.Fault(http.StatusForbidden, "woocommerce_rest_invalid_user", "This order belongs to a different customer.")
	}
	email := wp.Text(c.Args["billing_email"])
	switch {
	case subtle.ConstantTimeCompare([]byte(wp.Text(c.Args["key"])), []byte(o.Key)) != 1:
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_invalid_order", "Invalid order ID or key provided.")
	case email == "" && o.Billing.Email != "":
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_invalid_billing_email", "No billing email provided.")
	case !strings.EqualFold(email, o.Billing.Email):
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_invalid_billing_email", "Invalid billing email provided.")
	}
	return nil
}

// getOrder is an order for the one who placed it.
func (c *Call) getOrder() (rest.Answer, *wire.Error) {
	o := c.State.Orders[c.IDs["id"]]
	return rest.OK(wp.Object{
		{"id", o.ID}, {"status", o.Status}, {"items", c.orderItems(o)}, {"coupons", c.orderCoupons(o)}, {"fees", c.orderFees(o)},
		{"totals", c.orderTotals(o)}, {"shipping_address", c.addressView(o.Shipping, false)},
		{"billing_address", c.addressView(o.Billing, true)}, {"needs_payment", o.NeedsPayment()},
		{"needs_shipping", c.shipped(o)}, {"payment_requirements", []string{"products"}}, {"errors", []wp.Object{}},
	})
}

// shipped is WC_Order::needs_shipping_address.
func (c *Call) shipped(o *site.Order) bool {
	for _, s := range o.Ships {
		if !orders.PickedUp(s) {
			return true
		}
	}
	return false
}

// orderItems are an order's lines (WooCommerce's StoreApi OrderItemSchema): the
// key of each is the order's, and prices are the product's of today.
func (c *Call) orderItems(o *site.Order) []wp.Object {
	out := []wp.Object{}
	for _, l := range o.Lines {
		p := c.State.ProductOf(l)
		if p == nil {
			continue
		}
		out = append(out, wp.Object{
			{"key", o.Key}, {"id", l.ID}, {"quantity", l.Quantity},
			{"quantity_limits", wp.Object{{"minimum", l.Quantity}, {"maximum", l.Quantity}, {"multiple_of", 1}, {"editable", false}}},
			{"name", l.Name}, {"short_description", text(p.ShortDescription)}, {"description", text(p.Description)},
			{"sku", texturize(p.SKU)}, {"low_stock_remaining", nil}, {"backorders_allowed", false}, {"show_backorder_badge", false},
			{"sold_individually", soldOneByOne(c.State, p)}, {"permalink", c.Permalink(p)}, {"images", c.imageViews(p)},
			{"variation", c.productChoices(p)}, {"item_data", c.itemData(l)}, {"prices", c.itemPrices(p)}, {"totals", c.lineTotals(l)},
			{"catalog_visibility", c.itemVisibility(p)},
		})
	}
	return out
}

// productChoices are a variation's own attributes: their labels, and the slugs
// as they are stored.
func (c *Call) productChoices(p *shop.Product) []wp.Object {
	out := []wp.Object{}
	if !p.IsVariation() {
		return out
	}
	for _, a := range c.State.Chosen(p) {
		out = append(out, wp.Object{{"raw_attribute", shop.AttributeKey(a)}, {"attribute", a.Name}, {"value", c.Site.Shop.TermSlug(a)}})
	}
	return out
}

// itemData are a line's visible meta rows by their id; PHP writes an empty list
// as [].
func (c *Call) itemData(l *site.OrderLine) any {
	out := wp.Object{}
	for _, m := range l.Meta {
		if strings.HasPrefix(m.Key, "_") {
			continue
		}
		label, value := m.Key, wp.TextOf(m.Value)
		shown := value
		if t := c.Site.Shop.TaxonomyBySlug(m.Key); t != nil {
			label = t.Name
			if x, ok := t.TermOf(value); ok {
				shown = x.Name
			}
		}
		out = out.With(wp.Itoa(m.ID), wp.Object{
			{"key", m.Key}, {"value", value}, {"display_key", label}, {"display_value", "<p>" + shown + "</p>\n"},
		})
	}
	if len(out) == 0 {
		return []wp.Object{}
	}
	return out
}

func (c *Call) lineTotals(l *site.OrderLine) wp.Object {
	sh := c.Site.Shop
	return append(wp.Object{
		{"line_subtotal", minor(sh, l.Subtotal)}, {"line_subtotal_tax", minor(sh, l.SubtotalTax)}, {"line_total", minor(sh, l.Total)},
		{"line_total_tax", minor(sh, l.TotalTax)},
	}, currencyMembers(sh)...)
}

func (c *Call) orderCoupons(o *site.Order) []wp.Object {
	out, sh := []wp.Object{}, c.Site.Shop
	for _, k := range o.Coupons {
		totals := wp.Object{{"total_discount", minor(sh, k.Discount)}, {"total_discount_tax", minor(sh, k.DiscountTax)}}
		out = append(out, wp.Object{{"code", k.Code}, {"discount_type", k.Kind}, {"totals", append(totals, currencyMembers(sh)...)}})
	}
	return out
}

func (c *Call) orderFees(o *site.Order) []wp.Object {
	out, sh := []wp.Object{}, c.Site.Shop
	for _, f := range o.Fees {
		totals := wp.Object{{"total", minor(sh, f.Total)}, {"total_tax", minor(sh, f.TotalTax)}}
		out = append(out, wp.Object{{"key", wp.Itoa(f.ID)}, {"name", f.Name}, {"totals", append(totals, currencyMembers(sh)...)}})
	}
	return out
}

// orderTotals has the sums of the order and its tax rows, one per rate.
func (c *Call) orderTotals(o *site.Order) wp.Object {
	sh, t := c.Site.Shop, orders.NewTotals(c.Site, c.State, o)
	var subtotal, items, itemsTax, fees, feesTax, refunded decimal.Decimal
	for _, l := range o.Lines { // WC_Order::get_subtotal rounds each line, the sum of totals does not
		subtotal, items = subtotal.Add(t.LineAmountRound(l.Subtotal)), items.Add(l.Total)
	}
	for _, f := range o.Fees {
		fees, feesTax = fees.Add(f.Total), feesTax.Add(f.TotalTax)
	}
	rows := []wp.Object{}
	for _, t := range o.Taxes {
		itemsTax = itemsTax.Add(t.Tax)
		rows = append(rows, wp.Object{{"name", t.Rate.Name}, {"price", minor(sh, t.Tax)}, {"rate", t.Rate.Rate.String()}})
	}
	for _, id := range o.Refunds {
		if r := c.State.Refunds[id]; r != nil {
			refunded = refunded.Add(r.Amount)
		}
	}
	return append(wp.Object{
		{"subtotal", minor(sh, subtotal)}, {"total_discount", minor(sh, o.Discount)}, {"total_shipping", minor(sh, o.ShipTotal)},
		{"total_fees", minor(sh, fees)}, {"total_tax", minor(sh, o.TotalTax)}, {"total_refund", minor(sh, refunded)}, {"total_price", minor(sh, o.Total)},
		{"total_items", minor(sh, items)}, {"total_items_tax", minor(sh, itemsTax)}, {"total_fees_tax", minor(sh, feesTax)},
		{"total_discount_tax", minor(sh, o.DiscountTax)}, {"total_shipping_tax", minor(sh, o.ShipTax)}, {"tax_lines", rows},
	}, currencyMembers(sh)...)
}
