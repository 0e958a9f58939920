package graphql

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// orderRoots are the root fields about orders.
func (g *request) orderRoots() map[string]any {
	return map[string]any{
		"order": resolver(g.orderByID),
		"orders": resolver(func(args map[string]any) (any, error) {
			return g.ordersWhere(args, g.mayList)
		}),
		"refund":  resolver(g.refundByID),
		"refunds": resolver(g.allRefunds),
	}
}

// orderByID is RootQuery.order. Whoever is not the back office nor the
// signed-in owner is refused, a guest who just placed the order too.
func (g *request) orderByID(args map[string]any) (any, error) {
	o, err := g.lookUpOrder(args)
	if err != nil {
		return nil, err
	}
	if !g.who.User.IsStaff() && (g.who.User == nil || o.CustomerID != g.who.SignedIn()) {
		return nil, wire.UserError("Not authorized to access this order")
	}
	return g.orderNode(o), nil
}

func (g *request) lookUpOrder(args map[string]any) (*site.Order, error) {
	text, kind := argText(args, "id"), strings.ToLower(cmp.Or(argText(args, "idType"), "global_id"))
	if kind == "id" {
		kind = "global_id"
	}
	var id int64
	switch kind {
	case "order_key":
		for _, o := range g.state.Orders {
			if o.Key == text {
				id = o.ID
			}
		}
	case "database_id":
		id = absInt(text)
	default:
		if id = fromGlobalID(text); id == 0 {
			return nil, wire.UserError(`The "id" is invalid`)
		}
	}
	if id == 0 {
		return nil, wire.UserError("No order ID was found corresponding to the " + kind + ": " + text)
	}
	o := g.state.Orders[id]
	if o == nil {
		return nil, wire.UserError("No order exists with the " + kind + ": " + text)
	}
	return o, nil
}

// absInt is PHP's absint: the digits a text begins with.
func absInt(text string) int64 {
	text = strings.TrimLeft(text, "-+")
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		text = text[:end]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// anyID reads a number or the number in a global id.
func anyID(v any) int64 {
	switch text := argText(map[string]any{"id": v}, "id"); {
	case rest.IsNumber(text):
		return absInt(text)
	default:
		return fromGlobalID(text)
	}
}

// mayList says whether the root list of orders has an order: the back office
// sees all of them, a customer their own, and a guest every guest's order with
// the e-mail that the guest put into the session.
func (g *request) mayList(o *site.Order) bool {
	return g.who.User.IsStaff() || g.owns(o)
}

// ordersWhere is a list of orders, newest first unless asked otherwise.
func (g *request) ordersWhere(args map[string]any, mine func(*site.Order) bool) (any, error) {
	where, _ := args["where"].(map[string]any)
	if err := onlyFilters("orders", where, "statuses", "customerId", "customersIn", "billingEmail", "productId", "search",
		"include", "exclude", "orderby"); err != nil {
		return nil, err
	}
	filter := newOrderWhere(where)
	var found []*site.Order
	for _, o := range g.state.Orders {
		if mine(o) && o.Status != "trash" && o.Status != "auto-draft" && filter.fits(g.state, o) {
			found = append(found, o)
		}
	}
	field, descending := ordering(where)
	slices.SortFunc(found, func(a, b *site.Order) int {
		by := orderMoment(a, field).Compare(orderMoment(b, field))
		if field == "TOTAL" {
			by = a.Total.Cmp(b.Total)
		}
		if descending {
			by = -by
		}
		return cmp.Or(by, cmp.Compare(b.ID, a.ID))
	})
	var entries []entry
	for _, o := range found {
		entries = append(entries, entry{o.ID, g.orderNode(o)})
	}
	return connection(entries, args), nil
}

// ordering is the first entry of orderby; the date, newest first, without one.
func ordering(where map[string]any) (field string, descending bool) {
	list, _ := where["orderby"].([]any)
	if one, ok := where["orderby"].(map[string]any); ok {
		list = []any{one}
	}
	if len(list) == 0 {
		return "DATE", true
	}
	first, _ := list[0].(map[string]any)
	return argText(first, "field"), argText(first, "order") != "ASC"
}

func orderMoment(o *site.Order, field string) time.Time {
	switch field {
	case "DATE_COMPLETED":
		return o.Completed
	case "DATE_PAID":
		return o.Paid
	case "MODIFIED":
		return o.Modified
	}
	return o.Created
}

// orderWhere are the filters of a list of orders.
type orderWhere struct {
	statuses, emails            []string
	customers, include, exclude []int64
	rest                        rest.OrderFilter
}

func newOrderWhere(where map[string]any) orderWhere {
	w := orderWhere{
		customers: append(intList(where["customersIn"]), intList(where["customerId"])...),
		include:   intList(where["include"]), exclude: intList(where["exclude"]), emails: textList(where["billingEmail"]),
		rest: rest.OrderFilter{Product: toInt(where["productId"]), Search: strings.ToLower(strings.TrimSpace(argText(where, "search")))},
	}
	for _, status := range textList(where["statuses"]) {
		w.statuses = append(w.statuses, fromStatusEnum(status))
	}
	return w
}

func (w orderWhere) fits(st *site.State, o *site.Order) bool {
	return rest.IsOneOf(w.statuses, o.Status) && rest.IsOneOf(w.customers, o.CustomerID) && rest.IsOneOf(w.include, o.ID) &&
		!slices.Contains(w.exclude, o.ID) && rest.IsOneOf(w.emails, o.Billing.Email) && w.rest.HasProduct(o) && w.rest.Found(st, o)
}

func fromStatusEnum(status string) string {
	return strings.ToLower(strings.ReplaceAll(status, "_", "-"))
}

// refundEntries are an order's refunds, newest first.
func (g *request) refundEntries(o *site.Order) []entry {
	var entries []entry
	for _, id := range slices.Backward(o.Refunds) {
		if r := g.state.Refunds[id]; r != nil {
			entries = append(entries, entry{r.ID, g.refundNode(r)})
		}
	}
	return entries
}

// refundNode: the amount is a number here, a formatted price nowhere.
func (g *request) refundNode(r *site.Refund) *node {
	return &node{kind: "Refund", fields: map[string]any{
		"id": globalID("shop_order_refund", r.ID), "databaseId": r.ID, "amount": wp.JSONNumber(r.Amount), "reason": wp.Nullable(r.Reason),
		"date": offsetTime(g.site.Shop, r.At), "title": "Refund &ndash; " + r.At.UTC().Format("Jan 02, 2006 @ 03:04 PM"), "refundedBy": g.refunder(), "metaData": metaResolver(r.Meta),
	}}
}

// refunder is who gave the money back; only those who may list users see it.
func (g *request) refunder() any {
	if !g.who.User.IsStaff() || g.state.Users[1] == nil {
		return nil
	}
	return g.userNode(g.state.Users[1])
}

func (g *request) refundByID(args map[string]any) (any, error) {
	r := g.state.Refunds[anyID(args["id"])]
	if r == nil {
		return nil, wire.UserError("No refund exists with the " + strings.ToLower(argText(args, "idType")) + ": " + argText(args, "id"))
	}
	if o := g.state.Orders[r.Order]; o == nil || g.ownerSight(o) != sightFull {
		return nil, wire.UserError("Not authorized to access this refund")
	}
	return g.refundNode(r), nil
}

// allRefunds are the refunds of the orders the caller may list.
func (g *request) allRefunds(args map[string]any) (any, error) {
	var entries []entry
	for _, r := range g.state.Refunds {
		if o := g.state.Orders[r.Order]; o != nil && g.mayList(o) {
			entries = append(entries, entry{r.ID, g.refundNode(r)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(b.id, a.id) })
	return connection(entries, args), nil
}

// noteEntries are an order's notes, newest first; a customer reads those that
// are meant for customers.
func (g *request) noteEntries(o *site.Order) []entry {
	var entries []entry
	for _, n := range slices.Backward(o.Notes) {
		if g.who.User.IsStaff() || n.Customer && g.ownerSight(o) == sightFull {
			entries = append(entries, entry{n.ID, g.noteNode(n)})
		}
	}
	return entries
}

// noteNode: the date is the site's own, with neither T nor zone.
func (g *request) noteNode(n site.OrderNote) *node {
	return &node{kind: "OrderNote", fields: map[string]any{
		"id": base64.StdEncoding.EncodeToString([]byte("comment:" + wp.Itoa(n.ID))), "databaseId": n.ID, "note": n.Text,
		"isCustomerNote": n.Customer, "dateCreated": n.At.In(g.site.Shop.Zone).Format("2006-01-02 15:04:05"),
	}}
}
