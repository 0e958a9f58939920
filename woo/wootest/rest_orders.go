package wootest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

var orderOrder = []string{"date", "id", "include", "title", "slug", "modified"}

func orderRoutes() []route {
	return []route{
		{"GET", "orders", (*call).listOrders},
		{"POST", "orders", (*call).createOrder},
		{"GET", "orders/{id}", (*call).getOrder},
		{"POST PUT PATCH", "orders/{id}", (*call).updateOrder},
		{"DELETE", "orders/{id}", (*call).deleteOrder},
		{"POST PUT PATCH", "orders/batch", (*call).batchOrders},
		{"GET", "orders/{order_id}/notes", (*call).listNotes},
		{"POST", "orders/{order_id}/notes", (*call).createNote},
		{"GET", "orders/{order_id}/notes/{id}", (*call).getNote},
		{"DELETE", "orders/{order_id}/notes/{id}", (*call).deleteNote},
		{"GET", "orders/{order_id}/refunds", (*call).listRefunds},
		{"POST", "orders/{order_id}/refunds", (*call).createRefund},
		{"GET", "orders/{order_id}/refunds/{id}", (*call).getRefund},
		{"DELETE", "orders/{order_id}/refunds/{id}", (*call).deleteRefund},
	}
}

func (c *call) listOrders() (answer, *wire.Error) {
	if err := c.checkCollection(orderOrder); err != nil {
		return answer{}, err
	}
	if err := c.checkEnums(field{name: "status", kind: "array", enum: append([]string{"any", "trash"}, orders.Statuses()...)}); err != nil {
		return answer{}, err
	}
	f := c.orderFilter()
	var found []*site.Order
	for _, o := range c.st.Orders {
		if f.matches(c.st, o) {
			found = append(found, o)
		}
	}
	sortBy(c, found, func(o *site.Order) sortKey { return sortKey{id: o.ID, created: o.Created, modified: o.Modified} })
	return listAnswer(c, found, c.orderLinkExtra(), c.orderView)
}

// orderLinkExtra are the defaults WooCommerce writes into the paging links of
// orders, and of nothing else.
func (c *call) orderLinkExtra() string {
	var extra []string
	if len(listParam(c.query, "status")) == 0 {
		extra = append(extra, "status%5B0%5D=any")
	}
	if c.query.Get("dp") == "" {
		extra = append(extra, "dp="+strconv.Itoa(int(c.store.Shop.Decimals())))
	}
	if c.query.Get("context") == "" {
		extra = append(extra, "context=view")
	}
	c.raw = strings.ReplaceAll(c.raw, "dates_are_gmt=true", "dates_are_gmt=1")
	return strings.Join(extra, "&")
}

// orderFilter holds the filters of GET /orders. Meta filters are ignored, as
// WooCommerce ignores them.
type orderFilter struct {
	window
	statuses          []string
	include, exclude  []int64
	customer, product int64
	byCustomer        bool
	search            string
}

func (c *call) orderFilter() orderFilter {
	q := c.query
	return orderFilter{
		window: c.dates(), statuses: listParam(q, "status"), include: idList(listParam(q, "include")),
		exclude: idList(listParam(q, "exclude")), customer: c.queryInt("customer"), byCustomer: q.Get("customer") != "",
		product: c.queryInt("product"), search: strings.ToLower(strings.TrimSpace(q.Get("search"))),
	}
}

func (f orderFilter) matches(st *site.State, o *site.Order) bool {
	return f.statusFits(o) && isOneOf(f.include, o.ID) && !slices.Contains(f.exclude, o.ID) &&
		(!f.byCustomer || o.CustomerID == f.customer) && f.hasProduct(o) && f.found(st, o) && f.holds(o.Created, o.Modified)
}

// statusFits: "any", the default, is everything but the trash.
func (f orderFilter) statusFits(o *site.Order) bool {
	if len(f.statuses) == 0 || slices.Contains(f.statuses, "any") {
		return o.Status != "trash" && o.Status != "auto-draft" || slices.Contains(f.statuses, o.Status)
	}
	return slices.Contains(f.statuses, o.Status)
}

func (f orderFilter) hasProduct(o *site.Order) bool {
	return f.product == 0 || slices.ContainsFunc(o.Lines, func(l *site.OrderLine) bool {
		return l.ProductID == f.product || l.Variation == f.product
	})
}

// found is the search of the orders table (OrdersTableSearchQuery): the id,
// a part of the transaction id, the beginning of the e-mail, a part of an
// address or of a product's name.
func (f orderFilter) found(_ *site.State, o *site.Order) bool {
	if f.search == "" {
		return true
	}
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), f.search) }
	return wp.Itoa(o.ID) == f.search || has(o.Transaction) || strings.HasPrefix(strings.ToLower(o.Billing.Email), f.search) ||
		has(line(o.Billing)) || has(line(o.Shipping)) ||
		slices.ContainsFunc(o.Lines, func(l *site.OrderLine) bool { return has(l.Name) })
}

// line is the address index WooCommerce searches.
func line(a site.Address) string {
	return strings.Join([]string{
		a.FirstName, a.LastName, a.Company, a.Address1, a.Address2, a.City, a.State, a.Postcode, a.Country, a.Email, a.Phone,
	}, " ")
}

func (c *call) getOrder() (answer, *wire.Error) {
	o, ok := c.st.Orders[c.ids["id"]]
	if !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "shop_order")
	}
	return okAnswer(c.orderView(o))
}

// deleteOrder trashes or, with force, removes. Neither gives stock back.
func (c *call) deleteOrder() (answer, *wire.Error) {
	o, ok := c.st.Orders[c.ids["id"]]
	if !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "shop_order")
	}
	before := c.orderView(o)
	if wp.Truthy(c.query.Get("force")) || c.flag("force") {
		orders.ForgetSales(c.st, o)
		delete(c.st.Orders, o.ID)
		for _, id := range o.Refunds {
			delete(c.st.Refunds, id)
		}
		return okAnswer(before)
	}
	if o.Status == "trash" {
		return answer{}, wire.Fault(http.StatusGone, "woocommerce_rest_already_trashed", "The shop_order has already been deleted.")
	}
	o = c.st.EditOrder(o.ID)
	o.Status = "trash"
	orders.CountSales(c.st, o)
	c.store.Emit(c.st, "order.deleted", o.ID)
	return okAnswer(before)
}
