package graphql

import (
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// orderMutations are what the back office does to orders over GraphQL.
func (g *request) orderMutations() map[string]mutation {
	return map[string]mutation{
		"createOrder": g.createOrder, "updateOrder": g.updateOrder, "deleteOrder": g.deleteOrder, "deleteOrderItems": g.deleteOrderItems,
		"createRefund": g.createRefund, "deleteRefund": g.deleteRefund,
		"createOrderNote": g.createOrderNote, "deleteOrderNote": g.deleteOrderNote,
	}
}

// createOrder is WooGraphQL's: lines have the standard tax class unless they
// name one; there is no stock check; an unknown coupon is dropped. The order is
// saved with its status before it has lines, so a status that takes stock finds
// nothing to take, and never looks again. A refused order is gone, its id used.
func (g *request) createOrder(in map[string]any) (map[string]any, error) {
	if !g.who.User.IsStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to create an order.")
	}
	s, now := g.site, g.site.Now().Truncate(time.Second)
	o := &site.Order{
		ID: g.state.PostID(), Status: "pending", Key: "wc_order_" + wp.RandomText(13), Currency: s.Shop.CurrencyCode(), Created: now, Modified: now,
		PricesIncludeTax: s.Shop.Yes("woocommerce_prices_include_tax"), CreatedVia: "graphql-api",
		IPAddress: "127.0.0.1", UserAgent: g.visit.Agent,
	}
	if status := fromStatusEnum(argText(in, "status")); status != "" {
		orders.SetStatus(s, g.state, o, status)
	}
	if id := toInt(in["customerId"]); id != 0 && g.state.Users[id] == nil {
		return nil, wire.UserError("Customer ID is invalid.")
	}
	if err := g.fillOrder(o, in); err != nil {
		return nil, err
	}
	g.state.Orders[o.ID] = o
	s.Emit(g.state, "order.created", o.ID)
	g.priceOrder(o, in)
	if in["isPaid"] == true {
		orders.CompletePayment(s, g.state, o, argText(in, "transactionId"))
	}
	orders.TouchOrder(s, g.state, o)
	return map[string]any{"order": g.orderNode(o), "orderId": o.ID}, nil
}

// priceOrder applies the coupons and calculates. The coupons come before any
// tax is known, so in a shop that enters prices with tax they take their part
// of the prices without.
func (g *request) priceOrder(o *site.Order, in map[string]any) {
	t := orders.NewTotals(g.site, g.state, o)
	if codes := textList(in["coupons"]); len(codes) > 0 {
		g.putCoupons(t, o, codes)
	}
	t.Calculate()
}

func (g *request) putCoupons(t *orders.Totals, o *site.Order, codes []string) {
	now := g.site.Now()
	var list []*site.Coupon
	for _, code := range codes {
		c := g.state.CouponByCode(strings.ToLower(strings.TrimSpace(code)))
		if c == nil || slices.Contains(list, c) || t.NewDiscounts(now).CheckCoupon(c.Code, c) != nil {
			continue
		}
		list = append(list, c)
		t.ApplyCoupons(list, now)
	}
	if len(list) == 0 {
		t.ApplyCoupons(nil, now)
	}
	(&rest.Call{Site: g.site, State: g.state}).CountUse(list, o)
}

// updateOrder changes an order by its global id or its number. Its customer
// may do it too, which a shop will want to forbid.
func (g *request) updateOrder(in map[string]any) (map[string]any, error) {
	o, err := g.orderToWrite(in, "update")
	if err != nil {
		return nil, err
	}
	o = o.Clone()
	if id := anyID(in["customerId"]); in["customerId"] != nil && g.state.Users[id] == nil {
		return nil, wire.UserError("New customer ID is invalid.")
	}
	if err := g.fillOrder(o, in); err != nil {
		return nil, err
	}
	g.state.Orders[o.ID] = o
	o.CreatedVia = "graphql-api"
	g.priceOrder(o, in)
	if status := fromStatusEnum(argText(in, "status")); status != "" {
		orders.SetStatus(g.site, g.state, o, status)
	}
	if in["isPaid"] == true {
		orders.CompletePayment(g.site, g.state, o, argText(in, "transactionId"))
	}
	orders.TouchOrder(g.site, g.state, o)
	return map[string]any{"order": g.orderNode(o)}, nil
}

// orderToWrite is the order an input names, when the caller may do that to it
// (Order_Mutation::authorized).
func (g *request) orderToWrite(in map[string]any, doing string) (*site.Order, error) {
	given := in["id"]
	var id int64
	switch {
	case argText(in, "id") != "":
		id = anyID(given)
	case in["orderId"] != nil:
		id = anyID(in["orderId"])
	default:
		return nil, wire.UserError("Order ID provided is missing or invalid. Please check input and try again.")
	}
	if id == 0 {
		return nil, wire.UserError("Order ID provided is invalid. Please check input and try again.")
	}
	o := g.state.Orders[id]
	if o == nil {
		return nil, wire.UserError("Failed to find order with ID of " + wp.Itoa(id) + ".")
	}
	owner := g.who.User != nil && o.CustomerID == g.who.SignedIn()
	if !owner && !g.who.User.IsStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to " + doing + " an order.")
	}
	return o, nil
}

// fillOrder copies an input to an order; lines, shipping and fees with an id
// change what is there, others are added.
func (g *request) fillOrder(o *site.Order, in map[string]any) error {
	for name, into := range map[string]*string{
		"paymentMethod": &o.PayMethod, "paymentMethodTitle": &o.PayTitle, "transactionId": &o.Transaction,
		"customerNote": &o.Note, "currency": &o.Currency,
	} {
		if text, ok := in[name].(string); ok {
			*into = text
		}
	}
	if in["customerId"] != nil {
		o.CustomerID = anyID(in["customerId"])
	}
	if billing, ok := in["billing"].(map[string]any); ok {
		o.Billing = addressInput(o.Billing, billing)
	}
	if shipping, ok := in["shipping"].(map[string]any); ok {
		o.Shipping = addressInput(o.Shipping, shipping)
		o.Shipping.Email = ""
	}
	for _, line := range inputs(in["lineItems"]) {
		if err := g.putLine(o, line); err != nil {
			return err
		}
	}
	for _, line := range inputs(in["shippingLines"]) {
		g.putShipping(o, line)
	}
	for _, line := range inputs(in["feeLines"]) {
		g.putFee(o, line)
	}
	if list, ok := in["metaData"].([]any); ok {
		o.Meta = takeMeta(o.Meta, list, g.state.MetaID)
	}
	numberItems(g.state, o)
	orders.BorrowEmail(g.state, o)
	return nil
}

// numberItems gives new items their ids, as saving the order does: in the order
// of the input's fields, which WPGraphQL sorts by name.
func numberItems(st *site.State, o *site.Order) {
	for _, f := range o.Fees {
		if f.ID == 0 {
			f.ID = st.ItemID()
		}
	}
	for _, l := range o.Lines {
		if l.ID == 0 {
			l.ID = st.ItemID()
		}
	}
	for _, s := range o.Ships {
		if s.ID == 0 {
			s.ID = st.ItemID()
		}
	}
}

// takeMeta is WC_Data::update_meta_data for each entry.
func takeMeta(meta []shop.MetaData, list []any, nextID func() int64) []shop.MetaData {
	meta = slices.Clone(meta)
	for _, one := range inputs(list) {
		key, value := argText(one, "key"), argText(one, "value")
		i := slices.IndexFunc(meta, func(m shop.MetaData) bool { return m.Key == key })
		if i < 0 {
			meta = append(meta, site.TextMeta(nextID(), key, value))
			continue
		}
		meta[i] = site.TextMeta(meta[i].ID, key, value)
	}
	return meta
}

// putLine adds or changes a product line. One given by its SKU alone stays
// nameless, without a product and without a price.
func (g *request) putLine(o *site.Order, in map[string]any) error {
	l := &site.OrderLine{Quantity: 1}
	if i := slices.IndexFunc(o.Lines, func(x *site.OrderLine) bool { return x.ID != 0 && x.ID == anyID(in["id"]) }); i >= 0 {
		l = o.Lines[i]
	} else {
		o.Lines = append(o.Lines, l)
	}
	for name, into := range map[string]*int64{"productId": &l.ProductID, "variationId": &l.Variation, "quantity": &l.Quantity} {
		if in[name] != nil {
			*into = toInt(in[name])
		}
	}
	if class := argText(in, "taxClass"); class != "" {
		slug, ok := classOf(g.site.Shop, class)
		if !ok {
			return wire.UserError("Invalid tax class")
		}
		l.TaxClass = slug
	}
	if err := g.priceLine(l, in); err != nil {
		return err
	}
	l.Meta = takeMeta(l.Meta, anyList(in["metaData"]), g.state.MetaID)
	return nil
}

func anyList(v any) []any {
	list, _ := v.([]any)
	return list
}

// priceLine sets a line's name and amounts: as given, else from the product,
// without the tax of the shop's own address.
func (g *request) priceLine(l *site.OrderLine, in map[string]any) error {
	given := func(name string) bool { return in[name] != nil }
	referred := given("productId") || given("variationId")
	if referred && !(given("subtotal") && given("total") && given("name")) {
		p := g.state.ProductOf(l)
		if p == nil {
			return wire.UserError("Failed to retrieve product connected to order item.")
		}
		price, err := decimal.NewFromString(p.PriceAt(g.site.Now()))
		if err != nil {
			price = decimal.Zero
		}
		l.Name = g.state.FullName(p)
		l.Subtotal = g.site.Shop.WithoutTax(p, price.Mul(decimal.NewFromInt(l.Quantity)))
		l.Total = l.Subtotal
	}
	if given("name") {
		l.Name = argText(in, "name")
	}
	if given("subtotal") {
		l.Subtotal = lenientAmount(argText(in, "subtotal"))
	}
	if given("total") {
		l.Total = lenientAmount(argText(in, "total"))
	}
	l.Subtotal = decimal.Max(l.Subtotal, l.Total)
	return nil
}

// lenientAmount is wc_format_decimal: what is no plain number is zero.
func lenientAmount(text string) decimal.Decimal {
	d, err := decimal.NewFromString(rest.PriceText(text))
	if err != nil {
		return decimal.Zero
	}
	return d
}

// classOf is the slug behind an enum value of the schema, GST_12; false for
// one that is no class of the shop.
func classOf(sh *shop.Shop, enum string) (string, bool) {
	if enum == "STANDARD" {
		return "", true
	}
	for _, slug := range orders.TaxClassSlugs(sh) {
		if taxEnum(slug) == enum {
			return slug, true
		}
	}
	return "", false
}

func (g *request) putShipping(o *site.Order, in map[string]any) {
	i := slices.IndexFunc(o.Ships, func(x *site.ShippingLine) bool { return x.ID != 0 && x.ID == anyID(in["id"]) })
	if i < 0 {
		o.Ships = append(o.Ships, &site.ShippingLine{TaxStatus: "taxable"})
		i = len(o.Ships) - 1
	}
	line := o.Ships[i]
	line.Method, line.Title, line.Total = argText(in, "methodId"), argText(in, "methodTitle"), lenientAmount(argText(in, "total"))
	if in["instanceId"] != nil {
		line.InstanceID = argText(in, "instanceId")
	}
	line.Meta = takeMeta(line.Meta, anyList(in["metaData"]), g.state.MetaID)
}

func (g *request) putFee(o *site.Order, in map[string]any) {
	i := slices.IndexFunc(o.Fees, func(x *site.FeeLine) bool { return x.ID != 0 && x.ID == anyID(in["id"]) })
	if i < 0 {
		o.Fees = append(o.Fees, &site.FeeLine{TaxStatus: "taxable"})
		i = len(o.Fees) - 1
	}
	f := o.Fees[i]
	if in["name"] != nil {
		f.Name = argText(in, "name")
	}
	if in["amount"] != nil {
		f.Amount = lenientAmount(argText(in, "amount"))
	}
	if in["total"] != nil {
		f.Total = lenientAmount(argText(in, "total"))
	}
	if slug, ok := classOf(g.site.Shop, argText(in, "taxClass")); ok {
		f.TaxClass = slug
	}
	if in["taxStatus"] != nil {
		f.TaxStatus = strings.ToLower(argText(in, "taxStatus"))
	}
}
