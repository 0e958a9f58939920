package rest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// refundFault is an error of the refunds controller: it passes a number where
// WordPress expects an array, so the answer is always a 500 with that number
// as data.
func refundFault(data int, code, message string) *wire.Error {
	return &wire.Error{Status: http.StatusInternalServerError, Code: code, Message: message, Data: data}
}

func (c *Call) refundOrder() (*site.Order, *wire.Error) {
	o, ok := c.State.Orders[c.IDs["order_id"]]
	if !ok {
		return nil, refundFault(http.StatusNotFound, "woocommerce_rest_invalid_order_id", "Invalid order ID.")
	}
	return o, nil
}

func (c *Call) listRefunds() (Answer, *wire.Error) {
	o, err := c.refundOrder()
	if err != nil {
		return Answer{}, err
	}
	if err := c.checkCollection(orderOrder); err != nil {
		return Answer{}, err
	}
	var found []*site.Refund
	for _, id := range o.Refunds {
		found = append(found, c.State.Refunds[id])
	}
	sortBy(c, found, func(r *site.Refund) sortKey { return sortKey{id: r.ID, created: r.At} })
	return listAnswer(c, found, "", c.refundView)
}

func (c *Call) findRefund() (*site.Refund, *wire.Error) {
	o, err := c.refundOrder()
	if err != nil {
		return nil, err
	}
	r, ok := c.State.Refunds[c.IDs["id"]]
	if !ok || r.Order != o.ID {
		return nil, refundFault(http.StatusNotFound, "woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.")
	}
	return r, nil
}

func (c *Call) getRefund() (Answer, *wire.Error) {
	r, err := c.findRefund()
	if err != nil {
		return Answer{}, err
	}
	return OK(c.refundView(r))
}

func (c *Call) deleteRefund() (Answer, *wire.Error) {
	r, err := c.findRefund()
	if err != nil {
		return Answer{}, err
	}
	o := c.State.EditOrder(r.Order)
	o.Refunds = slices.DeleteFunc(o.Refunds, func(id int64) bool { return id == r.ID })
	delete(c.State.Refunds, r.ID)
	return OK(c.refundView(r))
}

// createRefund is POST /orders/<id>/refunds. api_refund and api_restock are on
// unless they are JSON false.
func (c *Call) createRefund() (Answer, *wire.Error) {
	o, err := c.refundOrder()
	if err != nil {
		return Answer{}, err
	}
	const code = "woocommerce_rest_cannot_create_order_refund"
	var lines []orders.RefundInput
	_ = json.Unmarshal(c.Body["line_items"], &lines) // what is not a list counts as none
	amount := c.refundAmount(lines)
	left := o.Total.Sub(c.State.Refunded(o))
	if amount.IsNegative() || amount.GreaterThan(left) { // nothing is an amount, too: pieces come back and money does not
		return Answer{}, refundFault(http.StatusInternalServerError, code, "Invalid refund amount.")
	}
	if c.onUnlessFalse("api_refund") {
		return Answer{}, refundFault(http.StatusInternalServerError, code, RefundRefusal(c.Site.Shop, o.PayMethod))
	}
	reason, _ := c.text("reason")
	o = c.State.EditOrder(o.ID)
	r := orders.AddRefund(c.Site, c.State, o, amount, reason)
	orders.RefundLines(c.Site, c.State, o, r, lines, c.onUnlessFalse("api_restock"))
	c.addMeta(r)
	if amount.Equal(left) {
		orders.SetStatus(c.Site, c.State, o, "refunded")
	}
	orders.TouchOrder(c.Site, c.State, o)
	// the address is the route's own pattern: WooCommerce forgets to fill it in
	return createdAnswer(c.refundView(r), c.address(`orders/(?P<order_id>[\d]+)/refunds/`+wp.Itoa(r.ID)))
}

// addMeta keeps the meta data that came with a refund.
func (c *Call) addMeta(r *site.Refund) {
	if raw, ok := c.Body["meta_data"]; ok {
		r.Meta = c.mergeMeta(r.Meta, raw)
	}
}

func (c *Call) refundAmount(lines []orders.RefundInput) decimal.Decimal {
	if raw, ok := c.Body["amount"]; ok {
		return wp.DecimalOf(raw)
	}
	sum := decimal.Zero
	for _, l := range lines {
		sum = sum.Add(wp.DecimalOf(l.Total))
		for _, tax := range l.Tax {
			sum = sum.Add(wp.DecimalOf(tax.Total))
		}
	}
	return sum
}

func (c *Call) onUnlessFalse(name string) bool { return string(c.Body[name]) != "false" }

// RefundRefusal says that none of the store's gateways can give money back by itself.
func RefundRefusal(sh *shop.Shop, method string) string {
	if slices.ContainsFunc(sh.Gateways, func(g shop.Gateway) bool { return g.ID == method }) {
		return "The payment gateway for this order does not support automatic refunds."
	}
	return "The payment gateway for this order does not exist."
}

func (c *Call) refundView(r *site.Refund) wp.Object {
	m := c.money()
	lines := []wp.Object{}
	for _, l := range r.Lines {
		lines = append(lines, c.lineView(l, m))
	}
	path := "orders/" + wp.Itoa(r.Order)
	return wp.Object{
		{"id", r.ID}, {"date_created", c.Site.Shop.Local(r.At)}, {"date_created_gmt", shop.GMT(r.At)}, {"amount", m.text(r.Amount)},
		{"reason", r.Reason}, {"refunded_by", 1}, {"refunded_payment", false}, {"meta_data", metaViews(r.Meta)},
		{"line_items", lines}, {"shipping_lines", []wp.Object{}}, {"tax_lines", []wp.Object{}}, {"fee_lines", []wp.Object{}},
		{"_links", c.links(path+"/refunds/"+wp.Itoa(r.ID), path+"/refunds", []string{"GET", "DELETE"}, c.up(path))},
	}
}

func (c *Call) refundSummaries(o *site.Order, m money) []wp.Object {
	out := []wp.Object{}
	for _, id := range o.Refunds {
		if r := c.State.Refunds[id]; r != nil {
			out = append(out, wp.Object{{"id", r.ID}, {"reason", r.Reason}, {"total", m.text(r.Amount.Neg())}})
		}
	}
	return out
}
