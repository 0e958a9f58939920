package graphql

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
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
func (g *request) ownerSight(o *site.Order) orderSight {
	if g.who.User.IsStaff() || g.owns(o) {
		return sightFull
	}
	return sightPartial
}

// owns says whether the order is the signed-in customer's, or that of a guest
// who knows its e-mail: the session's own billing e-mail, which the guest set.
func (g *request) owns(o *site.Order) bool {
	if o.CustomerID != 0 {
		return o.CustomerID == g.who.SignedIn()
	}
	return o.Billing.Email != "" && o.Billing.Email == g.sessionEmail()
}

// orderNode is an order as the caller may see it.
func (g *request) orderNode(o *site.Order) *node {
	fields := g.orderFields(o)
	if g.ownerSight(o) == sightFull {
		return &node{kind: "Order", fields: fields}
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
	return &node{kind: "Order", fields: fields}
}

// partialOrder are the fields of the Order model's allowed_restricted_fields
// that do not depend on its hidden id.
func partialOrder() []string {
	return strings.Fields(`orderNumber status modified datePaid dateCompleted paymentMethodTitle customerNote billing shipping
	discountTotal discountTax shippingTotal shippingTax cartTax subtotal total totalTax isDownloadPermitted shippingAddressMapUrl
	needsShippingAddress needsPayment needsProcessing hasDownloadableItem commentStatus metaData`)
}

func (g *request) orderFields(o *site.Order) map[string]any {
	sh := g.site.Shop
	fields := map[string]any{
		"id": globalID("order", o.ID), "databaseId": o.ID, "orderNumber": wp.Itoa(o.ID), "orderKey": wp.Nullable(o.Key),
		"orderVersion": sh.WooVersion, "status": statusEnum(o.Status), "currency": wp.Nullable(o.Currency),
		"date": offsetTime(sh, o.Created), "modified": offsetTime(sh, o.Modified), "datePaid": offsetTime(sh, o.Paid),
		"dateCompleted": offsetTime(sh, o.Completed), "createdVia": wp.Nullable(o.CreatedVia), "pricesIncludeTax": o.PricesIncludeTax,
		"needsPayment": o.NeedsPayment(), "needsProcessing": g.state.NeedsProcessing(o), "needsShippingAddress": needsShippingAddress(o),
		"paymentMethod": wp.Nullable(o.PayMethod), "paymentMethodTitle": wp.Nullable(o.PayTitle), "transactionId": wp.Nullable(o.Transaction),
		"customerNote": wp.Nullable(o.Note), "cartHash": wp.Nullable(o.CartHash), "customerIpAddress": wp.Nullable(o.IPAddress),
		"customerUserAgent": wp.Nullable(o.UserAgent), "billing": addressNode(o.Billing), "shipping": addressNode(o.Shipping),
		"hasBillingAddress": o.Billing.Address1 != "" || o.Billing.Address2 != "", "parent": nil,
		"hasShippingAddress": o.Shipping.Address1 != "" || o.Shipping.Address2 != "", "customer": g.orderCustomer(o),
		"hasDownloadableItem": hasDownload(g.state, o), "isDownloadPermitted": downloadPermitted(o),
		"commentStatus": g.commentStatus(), "commentCount": len(g.noteEntries(o)), "shippingAddressMapUrl": mapURL(o.Shipping),
		"metaData": metaResolver(append(indexMeta(o), o.Meta...)),
	}
	for name, amount := range map[string]decimal.Decimal{
		"totalTax": o.TotalTax, "cartTax": o.CartTax, "shippingTotal": o.ShipTotal, "shippingTax": o.ShipTax,
		"discountTotal": o.Discount, "discountTax": o.DiscountTax, "subtotal": subtotal(orders.NewTotals(g.site, g.state, o)),
	} {
		fields[name] = g.amount(amount, plainText(amount))
	}
	fields["total"] = g.amount(o.Total, o.Total.StringFixed(sh.Decimals()))
	for name, value := range g.orderConnections(o) {
		fields[name] = value
	}
	return fields
}

// amount is a field with a format: FORMATTED as the shop writes prices, RAW
// the number as stored.
func (g *request) amount(d decimal.Decimal, raw string) resolver {
	return func(args map[string]any) (any, error) {
		if argText(args, "format") == "RAW" {
			return raw, nil
		}
		return g.site.Shop.Formatted(d), nil
	}
}

// plainText is a stored amount without trailing zeros, as
// wc_format_decimal leaves it.
func plainText(d decimal.Decimal) string { return d.Round(wp.RoundingPrecision).String() }

// subtotal is WC_Abstract_Order::get_subtotal: the lines before discounts,
// without tax, each rounded unless the shop rounds at the subtotal.
func subtotal(t *orders.Totals) decimal.Decimal {
	sum, _ := t.LineSums()
	return t.Round(sum)
}

func statusEnum(status string) string {
	if status == "trash" || status == "auto-draft" { // not in the enum of the schema
		return ""
	}
	return strings.ToUpper(strings.ReplaceAll(status, "-", "_"))
}

// addressNode: whatever is empty is null.
func addressNode(a site.Address) *node {
	return &node{kind: "CustomerAddress", fields: map[string]any{
		"firstName": wp.Nullable(a.FirstName), "lastName": wp.Nullable(a.LastName), "company": wp.Nullable(a.Company),
		"address1": wp.Nullable(a.Address1), "address2": wp.Nullable(a.Address2), "city": wp.Nullable(a.City), "state": wp.Nullable(a.State),
		"postcode": wp.Nullable(a.Postcode), "country": wp.Nullable(a.Country), "email": wp.Nullable(a.Email), "phone": wp.Nullable(a.Phone),
	}}
}

// mapURL is WC_Order::get_shipping_address_map_url: it is there for an address
// without a word in it, too.
func mapURL(a site.Address) string {
	where := strings.Join([]string{a.Address1, a.Address2, a.City, a.State, a.Postcode, a.Country}, ", ")
	return "https://maps.google.com/maps?&q=" + strings.ReplaceAll(url.QueryEscape(where), "+", "%20") + "&z=16"
}

// commentStatus says whether the caller may add notes.
func (g *request) commentStatus() string {
	if g.who.User.IsStaff() {
		return "open"
	}
	return "closed"
}

// indexMeta are the rows an order is searched by; REST never shows them.
func indexMeta(o *site.Order) []shop.MetaData {
	return []shop.MetaData{
		site.TextMeta(0, "_billing_address_index", rest.AddressLine(o.Billing)),
		site.TextMeta(0, "_shipping_address_index", shippingIndex(o.Shipping)),
	}
}

// shippingIndex: a shipping address has no e-mail.
func shippingIndex(a site.Address) string {
	return strings.Join([]string{
		a.FirstName, a.LastName, a.Company, a.Address1, a.Address2, a.City, a.State, a.Postcode, a.Country, a.Phone,
	}, " ")
}

// needsShippingAddress: something is shipped, and not picked up
// (WC_Order::needs_shipping_address).
func needsShippingAddress(o *site.Order) bool {
	return slices.ContainsFunc(o.Ships, func(s *site.ShippingLine) bool { return !orders.PickedUp(s) })
}

func hasDownload(st *site.State, o *site.Order) bool {
	return slices.ContainsFunc(o.Lines, func(l *site.OrderLine) bool {
		p := st.ProductOf(l)
		return p != nil && p.Downloadable && len(p.Downloads) > 0
	})
}

// downloadPermitted is WC_Order::is_download_permitted.
func downloadPermitted(o *site.Order) bool {
	return o.Status == "completed" || o.Status == "processing"
}

// orderCustomer is the account behind an order, null for a guest.
func (g *request) orderCustomer(o *site.Order) any {
	u := g.state.Users[o.CustomerID]
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
		var nodes []*node
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
			nodes = append(nodes, &node{kind: "MetaData", fields: map[string]any{"id": id, "key": m.Key, "value": wp.TextOf(m.Value)}})
		}
		if nodes == nil {
			return nil, nil
		}
		return nodes, nil
	}
}
