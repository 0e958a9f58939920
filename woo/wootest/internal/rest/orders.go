package rest

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

func orderRoutes() []Route {
	return []Route{
		{"GET", "orders", (*Call).listOrders},
		{"POST", "orders", (*Call).createOrder},
		{"GET", "orders/{id}", (*Call).getOrder},
		{"POST PUT PATCH", "orders/{id}", (*Call).updateOrder},
		{"DELETE", "orders/{id}", (*Call).deleteOrder},
		{"POST PUT PATCH", "orders/batch", (*Call).batchOrders},
		{"GET", "orders/{order_id}/notes", (*Call).listNotes},
		{"POST", "orders/{order_id}/notes", (*Call).createNote},
		{"GET", "orders/{order_id}/notes/{id}", (*Call).getNote},
		{"DELETE", "orders/{order_id}/notes/{id}", (*Call).deleteNote},
		{"GET", "orders/{order_id}/refunds", (*Call).listRefunds},
		{"POST", "orders/{order_id}/refunds", (*Call).createRefund},
		{"GET", "orders/{order_id}/refunds/{id}", (*Call).getRefund},
		{"DELETE", "orders/{order_id}/refunds/{id}", (*Call).deleteRefund},
	}
}

func (c *Call) listOrders() (Answer, *wire.Error) {
	if err := c.checkCollection(orderOrder); err != nil {
		return Answer{}, err
	}
	if err := c.checkEnums(field{name: "status", kind: "array", enum: append([]string{"any", "trash"}, orders.Statuses()...)}); err != nil {
		return Answer{}, err
	}
	f := c.orderFilter()
	var found []*site.Order
	for _, o := range c.State.Orders {
		if f.matches(c.State, o) {
			found = append(found, o)
		}
	}
	sortBy(c, found, func(o *site.Order) sortKey { return sortKey{id: o.ID, created: o.Created, modified: o.Modified} })
	return listAnswer(c, found, c.orderLinkExtra(), c.OrderView)
}

// orderLinkExtra are the defaults WooCommerce writes into the paging links of
// orders, and of nothing else.
func (c *Call) orderLinkExtra() string {
	var extra []string
	if len(listParam(c.Query, "status")) == 0 {
		extra = append(extra, "status%5B0%5D=any")
	}
	if c.Query.Get("dp") == "" {
		extra = append(extra, "dp="+strconv.Itoa(int(c.Site.Shop.Decimals())))
	}
	if c.Query.Get("context") == "" {
		extra = append(extra, "context=view")
	}
	c.Raw = strings.ReplaceAll(c.Raw, "dates_are_gmt=true", "dates_are_gmt=1")
	return strings.Join(extra, "&")
}

// OrderFilter holds the filters of GET /orders. Meta filters are ignored, as
// WooCommerce ignores them.
type OrderFilter struct {
	window
	statuses          []string
	include, exclude  []int64
	customer, Product int64
	byCustomer        bool
	Search            string
}

func (c *Call) orderFilter() OrderFilter {
	q := c.Query
	return OrderFilter{
		window: c.dates(), statuses: listParam(q, "status"), include: idList(listParam(q, "include")),
		exclude: idList(listParam(q, "exclude")), customer: c.queryInt("customer"), byCustomer: q.Get("customer") != "",
		Product: c.queryInt("product"), Search: strings.ToLower(strings.TrimSpace(q.Get("search"))),
	}
}

func (f OrderFilter) matches(st *site.State, o *site.Order) bool {
	return f.statusFits(o) && IsOneOf(f.include, o.ID) && !slices.Contains(f.exclude, o.ID) &&
		(!f.byCustomer || o.CustomerID == f.customer) && f.HasProduct(o) && f.Found(st, o) && f.holds(o.Created, o.Modified)
}

// statusFits: "any", the default, is everything but the trash.
func (f OrderFilter) statusFits(o *site.Order) bool {
	if len(f.statuses) == 0 || slices.Contains(f.statuses, "any") {
		return o.Status != "trash" && o.Status != "auto-draft" || slices.Contains(f.statuses, o.Status)
	}
	return slices.Contains(f.statuses, o.Status)
}

// HasProduct says whether an order has a line of the product that is looked for; every order
// has, when none is.
func (f OrderFilter) HasProduct(o *site.Order) bool {
	return f.Product == 0 || slices.ContainsFunc(o.Lines, func(l *site.OrderLine) bool {
		return l.ProductID == f.Product || l.Variation == f.Product
	})
}

// Found is the search of the orders table (OrdersTableSearchQuery): the id,
// a part of the transaction id, the beginning of the e-mail, a part of an
// address or of a product's name.
func (f OrderFilter) Found(_ *site.State, o *site.Order) bool {
	if f.Search == "" {
		return true
	}
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), f.Search) }
	return wp.Itoa(o.ID) == f.Search || has(o.Transaction) || strings.HasPrefix(strings.ToLower(o.Billing.Email), f.Search) ||
		has(AddressLine(o.Billing)) || has(AddressLine(o.Shipping)) ||
		slices.ContainsFunc(o.Lines, func(l *site.OrderLine) bool { return has(l.Name) })
}

// AddressLine is the address index WooCommerce searches.
func AddressLine(a site.Address) string {
	return strings.Join([]string{
		a.FirstName, a.LastName, a.Company, a.Address1, a.Address2, a.City, a.State, a.Postcode, a.Country, a.Email, a.Phone,
	}, " ")
}

func (c *Call) getOrder() (Answer, *wire.Error) {
	o, ok := c.State.Orders[c.IDs["id"]]
	if !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "shop_order")
	}
	return OK(c.OrderView(o))
}

// deleteOrder trashes or, with force, removes. Neither gives stock back.
func (c *Call) deleteOrder() (Answer, *wire.Error) {
	o, ok := c.State.Orders[c.IDs["id"]]
	if !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "shop_order")
	}
	before := c.OrderView(o)
	if wp.Truthy(c.Query.Get("force")) || c.flag("force") {
		orders.ForgetSales(c.State, o)
		delete(c.State.Orders, o.ID)
		for _, id := range o.Refunds {
			delete(c.State.Refunds, id)
		}
		return OK(before)
	}
	if o.Status == "trash" {
		return Answer{}, wire.Fault(http.StatusGone, "woocommerce_rest_already_trashed", "The shop_order has already been deleted.")
	}
	o = c.State.EditOrder(o.ID)
	o.Status = "trash"
	orders.CountSales(c.State, o)
	c.Site.Emit(c.State, "order.deleted", o.ID)
	return OK(before)
}
