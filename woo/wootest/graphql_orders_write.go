package wootest

import (
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// orderMutations are what the back office does to orders over GraphQL.
func (g *gqlRequest) orderMutations() map[string]mutation {
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
func (g *gqlRequest) createOrder(in map[string]any) (map[string]any, error) {
	if !g.who.user.isStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to create an order.")
	}
	s, now := g.store, g.store.now().Truncate(time.Second)
	o := &order{
		id: g.st.postID(), status: "pending", key: "wc_order_" + wp.RandomText(13), currency: s.shop.CurrencyCode(), created: now, modified: now,
		pricesIncludeTax: s.shop.Yes("woocommerce_prices_include_tax"), createdVia: "graphql-api",
		ipAddress: "127.0.0.1", userAgent: g.visit.agent,
	}
	if status := fromStatusEnum(argText(in, "status")); status != "" {
		s.setStatus(g.st, o, status)
	}
	if id := toInt(in["customerId"]); id != 0 && g.st.users[id] == nil {
		return nil, wire.UserError("Customer ID is invalid.")
	}
	if err := g.fillOrder(o, in); err != nil {
		return nil, err
	}
	g.st.orders[o.id] = o
	s.emit(g.st, "order.created", o.id)
	g.priceOrder(o, in)
	if in["isPaid"] == true {
		s.completePayment(g.st, o, argText(in, "transactionId"))
	}
	s.touchOrder(g.st, o)
	return map[string]any{"order": g.orderNode(o), "orderId": o.id}, nil
}

// priceOrder applies the coupons and calculates. The coupons come before any
// tax is known, so in a shop that enters prices with tax they take their part
// of the prices without.
func (g *gqlRequest) priceOrder(o *order, in map[string]any) {
	t := g.store.newTotals(g.st, o)
	if codes := textList(in["coupons"]); len(codes) > 0 {
		g.putCoupons(t, o, codes)
	}
	t.calculate()
}

func (g *gqlRequest) putCoupons(t *totals, o *order, codes []string) {
	now := g.store.now()
	var list []*coupon
	for _, code := range codes {
		c := g.st.couponByCode(strings.ToLower(strings.TrimSpace(code)))
		if c == nil || slices.Contains(list, c) || t.newDiscounts(now).checkCoupon(c.Code, c) != nil {
			continue
		}
		list = append(list, c)
		t.applyCoupons(list, now)
	}
	if len(list) == 0 {
		t.applyCoupons(nil, now)
	}
	(&call{store: g.store, st: g.st}).countUse(list, o)
}

// updateOrder changes an order by its global id or its number. Its customer
// may do it too, which a shop will want to forbid.
func (g *gqlRequest) updateOrder(in map[string]any) (map[string]any, error) {
	o, err := g.orderToWrite(in, "update")
	if err != nil {
		return nil, err
	}
	o = o.clone()
	if id := anyID(in["customerId"]); in["customerId"] != nil && g.st.users[id] == nil {
		return nil, wire.UserError("New customer ID is invalid.")
	}
	if err := g.fillOrder(o, in); err != nil {
		return nil, err
	}
	g.st.orders[o.id] = o
	o.createdVia = "graphql-api"
	g.priceOrder(o, in)
	if status := fromStatusEnum(argText(in, "status")); status != "" {
		g.store.setStatus(g.st, o, status)
	}
	if in["isPaid"] == true {
		g.store.completePayment(g.st, o, argText(in, "transactionId"))
	}
	g.store.touchOrder(g.st, o)
	return map[string]any{"order": g.orderNode(o)}, nil
}

// orderToWrite is the order an input names, when the caller may do that to it
// (Order_Mutation::authorized).
func (g *gqlRequest) orderToWrite(in map[string]any, doing string) (*order, error) {
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
	o := g.st.orders[id]
	if o == nil {
		return nil, wire.UserError("Failed to find order with ID of " + wp.Itoa(id) + ".")
	}
	owner := g.who.user != nil && o.customerID == g.who.signedIn()
	if !owner && !g.who.user.isStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to " + doing + " an order.")
	}
	return o, nil
}

// fillOrder copies an input to an order; lines, shipping and fees with an id
// change what is there, others are added.
func (g *gqlRequest) fillOrder(o *order, in map[string]any) error {
	for name, into := range map[string]*string{
		"paymentMethod": &o.payMethod, "paymentMethodTitle": &o.payTitle, "transactionId": &o.transaction,
		"customerNote": &o.note, "currency": &o.currency,
	} {
		if text, ok := in[name].(string); ok {
			*into = text
		}
	}
	if in["customerId"] != nil {
		o.customerID = anyID(in["customerId"])
	}
	if billing, ok := in["billing"].(map[string]any); ok {
		o.billing = addressInput(o.billing, billing)
	}
	if shipping, ok := in["shipping"].(map[string]any); ok {
		o.shipping = addressInput(o.shipping, shipping)
		o.shipping.Email = ""
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
		o.meta = takeMeta(o.meta, list, g.st.metaID)
	}
	g.st.numberItems(o)
	g.st.borrowEmail(o)
	return nil
}

// numberItems gives new items their ids, as saving the order does: in the order
// of the input's fields, which WPGraphQL sorts by name.
func (st *state) numberItems(o *order) {
	for _, f := range o.fees {
		if f.id == 0 {
			f.id = st.itemID()
		}
	}
	for _, l := range o.lines {
		if l.id == 0 {
			l.id = st.itemID()
		}
	}
	for _, s := range o.ships {
		if s.id == 0 {
			s.id = st.itemID()
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
			meta = append(meta, textMeta(nextID(), key, value))
			continue
		}
		meta[i] = textMeta(meta[i].ID, key, value)
	}
	return meta
}

// putLine adds or changes a product line. One given by its SKU alone stays
// nameless, without a product and without a price.
func (g *gqlRequest) putLine(o *order, in map[string]any) error {
	l := &orderLine{quantity: 1}
	if i := slices.IndexFunc(o.lines, func(x *orderLine) bool { return x.id != 0 && x.id == anyID(in["id"]) }); i >= 0 {
		l = o.lines[i]
	} else {
		o.lines = append(o.lines, l)
	}
	for name, into := range map[string]*int64{"productId": &l.productID, "variationId": &l.variation, "quantity": &l.quantity} {
		if in[name] != nil {
			*into = toInt(in[name])
		}
	}
	if class := argText(in, "taxClass"); class != "" {
		slug, ok := classOf(g.store.shop, class)
		if !ok {
			return wire.UserError("Invalid tax class")
		}
		l.taxClass = slug
	}
	if err := g.priceLine(l, in); err != nil {
		return err
	}
	l.meta = takeMeta(l.meta, anyList(in["metaData"]), g.st.metaID)
	return nil
}

func anyList(v any) []any {
	list, _ := v.([]any)
	return list
}

// priceLine sets a line's name and amounts: as given, else from the product,
// without the tax of the shop's own address.
func (g *gqlRequest) priceLine(l *orderLine, in map[string]any) error {
	given := func(name string) bool { return in[name] != nil }
	referred := given("productId") || given("variationId")
	if referred && !(given("subtotal") && given("total") && given("name")) {
		p := g.st.productOf(l)
		if p == nil {
			return wire.UserError("Failed to retrieve product connected to order item.")
		}
		price, err := decimal.NewFromString(p.PriceAt(g.store.now()))
		if err != nil {
			price = decimal.Zero
		}
		l.name = g.st.fullName(p)
		l.subtotal = g.store.shop.WithoutTax(p, price.Mul(decimal.NewFromInt(l.quantity)))
		l.total = l.subtotal
	}
	if given("name") {
		l.name = argText(in, "name")
	}
	if given("subtotal") {
		l.subtotal = lenientAmount(argText(in, "subtotal"))
	}
	if given("total") {
		l.total = lenientAmount(argText(in, "total"))
	}
	l.subtotal = decimal.Max(l.subtotal, l.total)
	return nil
}

// lenientAmount is wc_format_decimal: what is no plain number is zero.
func lenientAmount(text string) decimal.Decimal {
	d, err := decimal.NewFromString(priceText(text))
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
	for _, slug := range classSlugs(sh) {
		if taxEnum(slug) == enum {
			return slug, true
		}
	}
	return "", false
}

func (g *gqlRequest) putShipping(o *order, in map[string]any) {
	i := slices.IndexFunc(o.ships, func(x *shippingLine) bool { return x.id != 0 && x.id == anyID(in["id"]) })
	if i < 0 {
		o.ships = append(o.ships, &shippingLine{taxStatus: "taxable"})
		i = len(o.ships) - 1
	}
	line := o.ships[i]
	line.method, line.title, line.total = argText(in, "methodId"), argText(in, "methodTitle"), lenientAmount(argText(in, "total"))
	if in["instanceId"] != nil {
		line.instanceID = argText(in, "instanceId")
	}
	line.meta = takeMeta(line.meta, anyList(in["metaData"]), g.st.metaID)
}

func (g *gqlRequest) putFee(o *order, in map[string]any) {
	i := slices.IndexFunc(o.fees, func(x *feeLine) bool { return x.id != 0 && x.id == anyID(in["id"]) })
	if i < 0 {
		o.fees = append(o.fees, &feeLine{taxStatus: "taxable"})
		i = len(o.fees) - 1
	}
	f := o.fees[i]
	if in["name"] != nil {
		f.name = argText(in, "name")
	}
	if in["amount"] != nil {
		f.amount = lenientAmount(argText(in, "amount"))
	}
	if in["total"] != nil {
		f.total = lenientAmount(argText(in, "total"))
	}
	if slug, ok := classOf(g.store.shop, argText(in, "taxClass")); ok {
		f.taxClass = slug
	}
	if in["taxStatus"] != nil {
		f.taxStatus = strings.ToLower(argText(in, "taxStatus"))
	}
}
