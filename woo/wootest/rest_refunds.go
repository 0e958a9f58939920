package wootest

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

func (c *call) refundOrder() (*site.Order, *wire.Error) {
	o, ok := c.st.Orders[c.ids["order_id"]]
	if !ok {
		return nil, refundFault(http.StatusNotFound, "woocommerce_rest_invalid_order_id", "Invalid order ID.")
	}
	return o, nil
}

func (c *call) listRefunds() (answer, *wire.Error) {
	o, err := c.refundOrder()
	if err != nil {
		return answer{}, err
	}
	if err := c.checkCollection(orderOrder); err != nil {
		return answer{}, err
	}
	var found []*site.Refund
	for _, id := range o.Refunds {
		found = append(found, c.st.Refunds[id])
	}
	sortBy(c, found, func(r *site.Refund) sortKey { return sortKey{id: r.ID, created: r.At} })
	return listAnswer(c, found, "", c.refundView)
}

func (c *call) findRefund() (*site.Refund, *wire.Error) {
	o, err := c.refundOrder()
	if err != nil {
		return nil, err
	}
	r, ok := c.st.Refunds[c.ids["id"]]
	if !ok || r.Order != o.ID {
		return nil, refundFault(http.StatusNotFound, "woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.")
	}
	return r, nil
}

func (c *call) getRefund() (answer, *wire.Error) {
	r, err := c.findRefund()
	if err != nil {
		return answer{}, err
	}
	return okAnswer(c.refundView(r))
}

func (c *call) deleteRefund() (answer, *wire.Error) {
	r, err := c.findRefund()
	if err != nil {
		return answer{}, err
	}
	o := c.st.EditOrder(r.Order)
	o.Refunds = slices.DeleteFunc(o.Refunds, func(id int64) bool { return id == r.ID })
	delete(c.st.Refunds, r.ID)
	return okAnswer(c.refundView(r))
}

// createRefund is POST /orders/<id>/refunds. api_refund and api_restock are on
// unless they are JSON false.
func (c *call) createRefund() (answer, *wire.Error) {
	o, err := c.refundOrder()
	if err != nil {
		return answer{}, err
	}
	const code = "woocommerce_rest_cannot_create_order_refund"
	var lines []orders.RefundInput
	_ = json.Unmarshal(c.body["line_items"], &lines) // what is not a list counts as none
	amount := c.refundAmount(lines)
	left := o.Total.Sub(c.st.Refunded(o))
	if amount.IsNegative() || amount.GreaterThan(left) { // nothing is an amount, too: pieces come back and money does not
		return answer{}, refundFault(http.StatusInternalServerError, code, "Invalid refund amount.")
	}
	if c.onUnlessFalse("api_refund") {
		return answer{}, refundFault(http.StatusInternalServerError, code, refundRefusal(c.store.Shop, o.PayMethod))
	}
	reason, _ := c.text("reason")
	o = c.st.EditOrder(o.ID)
	r := orders.AddRefund(c.store, c.st, o, amount, reason)
	orders.RefundLines(c.store, c.st, o, r, lines, c.onUnlessFalse("api_restock"))
	c.addMeta(r)
	if amount.Equal(left) {
		orders.SetStatus(c.store, c.st, o, "refunded")
	}
	orders.TouchOrder(c.store, c.st, o)
	// the address is the route's own pattern: WooCommerce forgets to fill it in
	return createdAnswer(c.refundView(r), c.address(`orders/(?P<order_id>[\d]+)/refunds/`+wp.Itoa(r.ID)))
}

// addMeta keeps the meta data that came with a refund.
func (c *call) addMeta(r *site.Refund) {
	if raw, ok := c.body["meta_data"]; ok {
		r.Meta = c.mergeMeta(r.Meta, raw)
	}
}

func (c *call) refundAmount(lines []orders.RefundInput) decimal.Decimal {
	if raw, ok := c.body["amount"]; ok {
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

func (c *call) onUnlessFalse(name string) bool { return string(c.body[name]) != "false" }

// refundRefusal: none of the store's gateways can give money back by itself.
func refundRefusal(sh *shop.Shop, method string) string {
	if slices.ContainsFunc(sh.Gateways, func(g shop.Gateway) bool { return g.ID == method }) {
		return "The payment gateway for this order does not support automatic refunds."
	}
	return "The payment gateway for this order does not exist."
}

func (c *call) refundView(r *site.Refund) wp.Object {
	m := c.money()
	lines := []wp.Object{}
	for _, l := range r.Lines {
		lines = append(lines, c.lineView(l, m))
	}
	path := "orders/" + wp.Itoa(r.Order)
	return wp.Object{
		{"id", r.ID}, {"date_created", c.store.Shop.Local(r.At)}, {"date_created_gmt", shop.GMT(r.At)}, {"amount", m.text(r.Amount)},
		{"reason", r.Reason}, {"refunded_by", 1}, {"refunded_payment", false}, {"meta_data", metaViews(r.Meta)},
		{"line_items", lines}, {"shipping_lines", []wp.Object{}}, {"tax_lines", []wp.Object{}}, {"fee_lines", []wp.Object{}},
		{"_links", c.links(path+"/refunds/"+wp.Itoa(r.ID), path+"/refunds", []string{"GET", "DELETE"}, c.up(path))},
	}
}

func (c *call) refundSummaries(o *site.Order, m money) []wp.Object {
	out := []wp.Object{}
	for _, id := range o.Refunds {
		if r := c.st.Refunds[id]; r != nil {
			out = append(out, wp.Object{{"id", r.ID}, {"reason", r.Reason}, {"total", m.text(r.Amount.Neg())}})
		}
	}
	return out
}
