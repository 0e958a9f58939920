package wootest

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// orderSight is how much of an order somebody sees (WooGraphQL's Order model).
type orderSight int

const (
	sightPartial orderSight = iota // amounts and addresses, but no id
	sightFull
)

// ownerSight is what the caller sees of an order: the back office, its customer
// and a guest whose session holds the order's billing e-mail everything, others
// only a part.
func (g *gqlRequest) ownerSight(o *order) orderSight {
	if g.who.user.isStaff() || g.owns(o) {
		return sightFull
	}
	return sightPartial
}

// owns says whether the order is the signed-in customer's, or that of a guest
// who knows its e-mail: the session's own billing e-mail, which the guest set.
func (g *gqlRequest) owns(o *order) bool {
	if o.customerID != 0 {
		return o.customerID == g.who.signedIn()
	}
	return o.billing.Email != "" && o.billing.Email == g.sessionEmail()
}

// orderNode is an order as the caller may see it.
func (g *gqlRequest) orderNode(o *order) *gqlNode {
	fields := g.orderFields(o)
	if g.ownerSight(o) == sightFull {
		return &gqlNode{kind: "Order", fields: fields}
	}
	shown := partialOrder()
	for name := range fields {
		if !slices.Contains(shown, name) {
			fields[name] = nil
		}
	}
	fields["id"] = resolver(noResolver)
	for _, name := range []string{"lineItems", "shippingLines", "taxLines", "feeLines", "couponLines", "refunds", "orderNotes"} {
		fields[name] = g.orderConnections(o)[name]
	}
	return &gqlNode{kind: "Order", fields: fields}
}

// partialOrder are the fields of the Order model's allowed_restricted_fields
// that do not depend on its hidden id.
func partialOrder() []string {
	return strings.Fields(`orderNumber status modified datePaid dateCompleted paymentMethodTitle customerNote billing shipping
	discountTotal discountTax shippingTotal shippingTax cartTax subtotal total totalTax isDownloadPermitted shippingAddressMapUrl
	needsShippingAddress needsPayment needsProcessing hasDownloadableItem commentStatus metaData`)
}

func (g *gqlRequest) orderFields(o *order) map[string]any {
	sh := g.store.shop
	fields := map[string]any{
		"id": globalID("order", o.id), "databaseId": o.id, "orderNumber": wp.Itoa(o.id), "orderKey": wp.Nullable(o.key),
		"orderVersion": sh.WooVersion, "status": statusEnum(o.status), "currency": wp.Nullable(o.currency),
		"date": offsetTime(sh, o.created), "modified": offsetTime(sh, o.modified), "datePaid": offsetTime(sh, o.paid),
		"dateCompleted": offsetTime(sh, o.completed), "createdVia": wp.Nullable(o.createdVia), "pricesIncludeTax": o.pricesIncludeTax,
		"needsPayment": o.needsPayment(), "needsProcessing": g.st.needsProcessing(o), "needsShippingAddress": g.st.needsShippingAddress(o),
		"paymentMethod": wp.Nullable(o.payMethod), "paymentMethodTitle": wp.Nullable(o.payTitle), "transactionId": wp.Nullable(o.transaction),
		"customerNote": wp.Nullable(o.note), "cartHash": wp.Nullable(o.cartHash), "customerIpAddress": wp.Nullable(o.ipAddress),
		"customerUserAgent": wp.Nullable(o.userAgent), "billing": addressNode(o.billing), "shipping": addressNode(o.shipping),
		"hasBillingAddress": o.billing.Address1 != "" || o.billing.Address2 != "", "parent": nil,
		"hasShippingAddress": o.shipping.Address1 != "" || o.shipping.Address2 != "", "customer": g.orderCustomer(o),
		"hasDownloadableItem": g.st.hasDownload(o), "isDownloadPermitted": g.st.downloadPermitted(o),
		"commentStatus": g.commentStatus(), "commentCount": len(g.noteEntries(o)), "shippingAddressMapUrl": mapURL(o.shipping),
		"metaData": metaResolver(append(o.indexMeta(), o.meta...)),
	}
	for name, amount := range map[string]decimal.Decimal{
		"totalTax": o.totalTax, "cartTax": o.cartTax, "shippingTotal": o.shipTotal, "shippingTax": o.shipTax,
		"discountTotal": o.discount, "discountTax": o.discountTax, "subtotal": g.store.newTotals(g.st, o).subtotal(),
	} {
		fields[name] = g.amount(amount, plainText(amount))
	}
	fields["total"] = g.amount(o.total, o.total.StringFixed(sh.Decimals()))
	for name, value := range g.orderConnections(o) {
		fields[name] = value
	}
	return fields
}

// amount is a field with a format: FORMATTED as the shop writes prices, RAW
// the number as stored.
func (g *gqlRequest) amount(d decimal.Decimal, raw string) resolver {
	return func(args map[string]any) (any, error) {
		if argText(args, "format") == "RAW" {
			return raw, nil
		}
		return g.store.shop.Formatted(d), nil
	}
}

// plainText is a stored amount without trailing zeros, as
// wc_format_decimal leaves it.
func plainText(d decimal.Decimal) string { return d.Round(wp.RoundingPrecision).String() }

// subtotal is WC_Abstract_Order::get_subtotal: the lines before discounts,
// without tax, each rounded unless the shop rounds at the subtotal.
func (t *totals) subtotal() decimal.Decimal {
	sum, _ := t.lineSums()
	return t.round(sum)
}

func statusEnum(status string) string {
	if status == "trash" || status == "auto-draft" { // not in the enum of the schema
		return ""
	}
	return strings.ToUpper(strings.ReplaceAll(status, "-", "_"))
}

// addressNode: whatever is empty is null.
func addressNode(a address) *gqlNode {
	return &gqlNode{kind: "CustomerAddress", fields: map[string]any{
		"firstName": wp.Nullable(a.FirstName), "lastName": wp.Nullable(a.LastName), "company": wp.Nullable(a.Company),
		"address1": wp.Nullable(a.Address1), "address2": wp.Nullable(a.Address2), "city": wp.Nullable(a.City), "state": wp.Nullable(a.State),
		"postcode": wp.Nullable(a.Postcode), "country": wp.Nullable(a.Country), "email": wp.Nullable(a.Email), "phone": wp.Nullable(a.Phone),
	}}
}

// mapURL is WC_Order::get_shipping_address_map_url: it is there for an address
// without a word in it, too.
func mapURL(a address) string {
	where := strings.Join([]string{a.Address1, a.Address2, a.City, a.State, a.Postcode, a.Country}, ", ")
	return "https://maps.google.com/maps?&q=" + strings.ReplaceAll(url.QueryEscape(where), "+", "%20") + "&z=16"
}

// commentStatus says whether the caller may add notes.
func (g *gqlRequest) commentStatus() string {
	if g.who.user.isStaff() {
		return "open"
	}
	return "closed"
}

// indexMeta are the rows an order is searched by; REST never shows them.
func (o *order) indexMeta() []shop.MetaData {
	return []shop.MetaData{
		textMeta(0, "_billing_address_index", o.billing.line()),
		textMeta(0, "_shipping_address_index", shippingIndex(o.shipping)),
	}
}

// shippingIndex: a shipping address has no e-mail.
func shippingIndex(a address) string {
	return strings.Join([]string{
		a.FirstName, a.LastName, a.Company, a.Address1, a.Address2, a.City, a.State, a.Postcode, a.Country, a.Phone,
	}, " ")
}

// needsShippingAddress: something is shipped, and not picked up
// (WC_Order::needs_shipping_address).
func (st *state) needsShippingAddress(o *order) bool {
	return slices.ContainsFunc(o.ships, func(s *shippingLine) bool { return !s.pickedUp() })
}

func (st *state) hasDownload(o *order) bool {
	return slices.ContainsFunc(o.lines, func(l *orderLine) bool {
		p := st.productOf(l)
		return p != nil && p.Downloadable && len(p.Downloads) > 0
	})
}

// downloadPermitted is WC_Order::is_download_permitted.
func (st *state) downloadPermitted(o *order) bool {
	return o.status == "completed" || o.status == "processing"
}

// orderCustomer is the account behind an order, null for a guest.
func (g *gqlRequest) orderCustomer(o *order) any {
	u := g.st.users[o.customerID]
	if u == nil {
		return nil
	}
	return g.accountNode(u)
}

// metaResolver is a metaData field: null when nothing is left. Without
// multiple a key shows its first value only.
func metaResolver(meta []shop.MetaData) resolver {
	return func(args map[string]any) (any, error) {
		wanted := textList(args["keysIn"])
		if key := argText(args, "key"); key != "" {
			wanted = []string{key}
		}
		var nodes []*gqlNode
		var seen []string
		for _, m := range meta {
			repeated := args["multiple"] != true && slices.Contains(seen, m.Key)
			if repeated || len(wanted) > 0 && !slices.Contains(wanted, m.Key) {
				continue
			}
			seen = append(seen, m.Key)
			var id any
			if m.ID != 0 {
				id = wp.Itoa(m.ID)
			}
			nodes = append(nodes, &gqlNode{kind: "MetaData", fields: map[string]any{"id": id, "key": m.Key, "value": wp.TextOf(m.Value)}})
		}
		if nodes == nil {
			return nil, nil
		}
		return nodes, nil
	}
}
