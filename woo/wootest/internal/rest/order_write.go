package rest

import (
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

var metaSchema = field{name: "meta_data", kind: "array", nested: []field{{name: "id", kind: "integer"}, {name: "key", kind: "string"}}}

// addressSchema are the address fields; the e-mail is checked by itself.
var addressSchema = []field{
	{name: "first_name", kind: "string"}, {name: "last_name", kind: "string"}, {name: "company", kind: "string"},
	{name: "address_1", kind: "string"}, {name: "address_2", kind: "string"}, {name: "city", kind: "string"},
	{name: "state", kind: "string"}, {name: "postcode", kind: "string"}, {name: "country", kind: "string"}, {name: "phone", kind: "string"},
}

var orderSchema = []field{
	{name: "status", kind: "string", enum: orders.Statuses()}, {name: "currency", kind: "string"},
	{name: "customer_id", kind: "integer"}, {name: "customer_note", kind: "string"},
	{name: "billing", kind: "object", nested: addressSchema}, {name: "shipping", kind: "object", nested: addressSchema},
	{name: "payment_method", kind: "string"}, {name: "payment_method_title", kind: "string"}, {name: "transaction_id", kind: "string"},
	metaSchema,
	{name: "line_items", kind: "array", nested: []field{
		{name: "id", kind: "integer"}, {name: "name", kind: "string"}, {name: "variation_id", kind: "integer"},
		{name: "quantity", kind: "integer"}, {name: "tax_class", kind: "string"}, {name: "subtotal", kind: "string"},
		{name: "total", kind: "string"}, {name: "sku", kind: "string"}, metaSchema,
	}},
	{name: "shipping_lines", kind: "array", nested: []field{
		{name: "id", kind: "integer"}, {name: "method_title", kind: "string"}, {name: "method_id", kind: "string"},
		{name: "instance_id", kind: "string"}, {name: "total", kind: "string"}, metaSchema,
	}},
	{name: "fee_lines", kind: "array", nested: []field{
		{name: "id", kind: "integer"}, {name: "name", kind: "string"}, {name: "tax_class", kind: "string"},
		{name: "tax_status", kind: "string"}, {name: "total", kind: "string"}, metaSchema,
	}},
	{name: "coupon_lines", kind: "array", nested: []field{{name: "id", kind: "integer"}, {name: "code", kind: "string"}}},
	{name: "set_paid", kind: "boolean"},
}

// checkOrder validates what both writes validate.
func (c *Call) checkOrder() *wire.Error {
	if err := checkBody(c.Body, orderSchema); err != nil {
		return err
	}
	var billing struct {
		Email *string `json:"email"`
	}
	_ = json.Unmarshal(c.Body["billing"], &billing) // its type was checked above
	if billing.Email != nil && !wp.IsEmail(*billing.Email) {
		var bad ParamErrors
		bad.Add("billing", "rest_invalid_email", "Invalid email address.", nil)
		return bad.Err()
	}
	return nil
}

// makeOrder is what WooCommerce does at POST /orders once the parameters are
// checked. There is no idempotency and no stock check; the order is saved before
// its coupons are tried, so a refused coupon leaves a draft behind.
func (c *Call) makeOrder() (Answer, *wire.Error) {
	s, now := c.Site, c.Site.Now().Truncate(time.Second)
	o := &site.Order{
		Status: "pending", Key: "wc_order_" + wp.RandomText(13), Currency: s.Shop.CurrencyCode(), Created: now, Modified: now,
		PricesIncludeTax: s.Shop.Yes("woocommerce_prices_include_tax"), CreatedVia: "rest-api",
	}
	if err := c.fillOrder(o); err != nil {
		return Answer{}, err
	}
	o.ID = c.State.PostID()
	c.made = o.ID
	c.State.Orders[o.ID] = o
	s.Emit(c.State, "order.created", o.ID)
	t := orders.NewTotals(s, c.State, o)
	t.Calculate()
	if err := c.putCoupons(t, o); err != nil {
		o.Status = "checkout-draft"
		err.Extra = append(err.Extra, wp.Member{"new_draft_order_id", o.ID})
		return Answer{}, err
	}
	c.finishOrder(o, true)
	return createdAnswer(c.OrderView(o), c.address("orders/"+wp.Itoa(o.ID)))
}

// finishOrder applies the status and then set_paid, in WooCommerce's order.
func (c *Call) finishOrder(o *site.Order, creating bool) {
	s := c.Site
	if status, ok := c.text("status"); ok {
		orders.SetStatus(s, c.State, o, status)
	}
	orders.TouchOrder(s, c.State, o)
	if !c.flag("set_paid") {
		return
	}
	transaction, _ := c.text("transaction_id")
	switch {
	case creating || o.NeedsPayment():
		orders.CompletePayment(s, c.State, o, transaction)
	case c.sawUnpaid != nil && *c.sawUnpaid && o.StockReduced && o.Status != "trash":
		orders.CompleteAgain(s, c.State, o, transaction)
	}
}

// updateOrder is PUT /orders/<id>. An unknown id is a 400 here.
func (c *Call) updateOrder() (Answer, *wire.Error) {
	if _, ok := c.State.Orders[c.IDs["id"]]; !ok {
		return Answer{}, wire.InvalidID(http.StatusBadRequest, "shop_order")
	}
	if err := c.checkOrder(); err != nil {
		return Answer{}, err
	}
	o := c.State.Orders[c.IDs["id"]].Clone()
	if err := c.fillOrder(o); err != nil {
		return Answer{}, err
	}
	t := orders.NewTotals(c.Site, c.State, o)
	if c.changesTotals() {
		t.Calculate()
	}
	if err := c.putCoupons(t, o); err != nil {
		return Answer{}, err
	}
	c.State.Orders[o.ID] = o
	c.finishOrder(o, false)
	return OK(c.OrderView(o))
}

func (c *Call) changesTotals() bool {
	return slices.ContainsFunc([]string{"billing", "shipping", "line_items", "shipping_lines", "fee_lines", "coupon_lines"},
		func(name string) bool { _, ok := c.Body[name]; return ok })
}

// fillOrder copies the writable fields of the body to an order.
func (c *Call) fillOrder(o *site.Order) *wire.Error {
	if raw, ok := c.Body["customer_id"]; ok && wp.IntOf(raw) != 0 {
		if c.State.Customer(wp.IntOf(raw)) == nil {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_customer_id", "Customer ID is invalid.")
		}
		o.CustomerID = wp.IntOf(raw)
	}
	for name, into := range map[string]*string{
		"payment_method": &o.PayMethod, "payment_method_title": &o.PayTitle, "transaction_id": &o.Transaction,
		"customer_note": &o.Note, "currency": &o.Currency,
	} {
		if text, ok := c.text(name); ok {
			*into = text
		}
	}
	// only the fields that were sent change: the type was checked before
	_ = json.Unmarshal(c.Body["billing"], &o.Billing)
	_ = json.Unmarshal(c.Body["shipping"], &o.Shipping)
	o.Shipping.Email = ""
	if raw, ok := c.Body["meta_data"]; ok {
		o.Meta = c.mergeMeta(o.Meta, raw)
	}
	orders.BorrowEmail(c.State, o)
	return c.fillItems(o)
}

// putCoupons validates and applies the coupon lines of the body, then
// calculates again. All coupons are checked before the first is applied.
func (c *Call) putCoupons(t *orders.Totals, o *site.Order) *wire.Error {
	raw, ok := c.Body["coupon_lines"]
	if !ok {
		return nil
	}
	codes, err := couponCodes(raw)
	if err != nil {
		return err
	}
	now := c.Site.Now()
	var list []*site.Coupon
	for _, code := range codes {
		found := c.State.CouponByCode(code)
		already := slices.ContainsFunc(o.Coupons, func(l *site.CouponLine) bool { return l.Code == code })
		if refused := t.NewDiscounts(now).CheckCoupon(code, found); refused != nil && (!already || found == nil) {
			return refused
		}
		list = append(list, found)
	}
	if len(list) == 0 && len(o.Coupons) > 0 {
		t.ApplyCoupons(nil, now)
		t.Calculate()
	}
	for i := range list { // one after the other: each is checked with those before it applied
		if slices.Contains(codes[:i], codes[i]) {
			return alreadyApplied(codes[i])
		}
		if refused := t.NewDiscounts(now).CheckCoupon(codes[i], list[i]); refused != nil {
			return refused
		}
		t.ApplyCoupons(list[:i+1], now)
		t.Calculate()
	}
	c.CountUse(list, o)
	return nil
}

func alreadyApplied(code string) *wire.Error {
	return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_coupon",
		"Coupon code &quot;"+html.EscapeString(code)+"&quot; already applied!")
}

func couponCodes(raw json.RawMessage) ([]string, *wire.Error) {
	var lines []struct {
		ID   int64  `json:"id"`
		Code string `json:"code"`
	}
	_ = json.Unmarshal(raw, &lines) // its type was checked by the schema
	var codes []string
	for _, l := range lines {
		code := strings.ToLower(strings.TrimSpace(l.Code))
		switch {
		case l.ID != 0:
			return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_coupon_item_id_readonly", "Coupon item ID is readonly.")
		case code == "":
			return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_coupon", "Coupon code is required.")
		}
		codes = append(codes, code)
	}
	return codes, nil
}

// CountUse notes that an order uses the coupons, and whose it is.
func (c *Call) CountUse(list []*site.Coupon, o *site.Order) {
	who := o.Billing.Email
	if o.CustomerID != 0 {
		who = wp.Itoa(o.CustomerID)
	}
	for _, used := range list {
		next := *used
		next.UsageCount++
		next.UsedBy = append(slices.Clone(used.UsedBy), who)
		c.State.Coupons[used.ID] = &next
	}
}

func (c *Call) batchOrders() (Answer, *wire.Error) {
	one := func(id int64, body map[string]json.RawMessage) *Call {
		n := *c
		n.Body, n.IDs, n.sawUnpaid = body, map[string]int64{"id": id}, nil
		return &n
	}
	asObject := func(a Answer, err *wire.Error) (wp.Object, *wire.Error) {
		o, _ := a.Body.(wp.Object)
		return o, err
	}
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			return asObject(one(0, body).createInBatch())
		},
		update: func(id int64, body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			return asObject(one(id, body).updateOrder())
		},
		remove: func(id int64) (wp.Object, *wire.Error) {
			return asObject(one(id, map[string]json.RawMessage{"force": json.RawMessage("true")}).deleteOrder())
		},
	})
}
