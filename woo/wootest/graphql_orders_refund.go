package wootest

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// deleteOrder trashes an order or, with forceDelete, removes it. The payload
// shows it as it was. Neither gives stock back.
func (g *gqlRequest) deleteOrder(in map[string]any) (map[string]any, error) {
	o, err := g.orderToWrite(in, "delete")
	if err != nil {
		return nil, err
	}
	before := g.orderNode(o)
	if in["forceDelete"] == true {
		g.st.forgetSales(o)
		delete(g.st.orders, o.id)
		return map[string]any{"order": before}, nil
	}
	o = g.st.editOrder(o.id)
	o.status = "trash"
	g.st.countSales(o)
	g.store.emit(g.st, "order.deleted", o.id)
	return map[string]any{"order": before}, nil
}

// deleteOrderItems removes items of any kind by their ids; totals stay as they
// are until something calculates them.
func (g *gqlRequest) deleteOrderItems(in map[string]any) (map[string]any, error) {
	o, err := g.orderToWrite(in, "delete")
	if err != nil {
		return nil, err
	}
	ids := intList(in["itemIds"])
	if len(ids) == 0 {
		return nil, wire.UserError("No item IDs provided.")
	}
	before := g.orderNode(o)
	o = g.st.editOrder(o.id)
	o.lines = without(o.lines, func(l *orderLine) int64 { return l.id }, ids)
	o.ships = without(o.ships, func(s *shippingLine) int64 { return s.id }, ids)
	o.fees = without(o.fees, func(f *feeLine) int64 { return f.id }, ids)
	o.coupons = without(o.coupons, func(c *couponLine) int64 { return c.id }, ids)
	g.store.touchOrder(g.st, o)
	return map[string]any{"order": before}, nil
}

func without[T any](items []*T, id func(*T) int64, ids []int64) []*T {
	return slices.DeleteFunc(items, func(i *T) bool { return slices.Contains(ids, id(i)) })
}

// createRefund gives an amount back on paper: no gateway is asked, and without
// lines nothing is restocked, whatever restockItems says.
func (g *gqlRequest) createRefund(in map[string]any) (map[string]any, error) {
	o := g.st.orders[toInt(in["orderId"])]
	if o == nil {
		return nil, wire.UserError("Invalid order ID.")
	}
	if !g.who.user.isStaff() {
		return nil, wire.UserError("You do not have permission to create refunds for this order.")
	}
	amount := lenientAmount(argText(in, "amount"))
	left := o.total.Sub(g.st.refunded(o))
	switch {
	case !amount.IsPositive():
		return nil, wire.UserError("Refund amount must be greater than zero.")
	case amount.GreaterThan(left):
		return nil, wire.UserError("Invalid refund amount.")
	case in["refundPayment"] == true:
		return nil, wire.UserError(refundRefusal(g.store.shop, o.payMethod))
	}
	o = g.st.editOrder(o.id)
	r := g.store.addRefund(g.st, o, amount, argText(in, "reason"))
	if amount.Equal(left) {
		g.store.setStatus(g.st, o, "refunded")
	}
	g.store.touchOrder(g.st, o)
	return map[string]any{"refund": g.refundNode(r), "order": g.orderNode(o)}, nil
}

func (g *gqlRequest) deleteRefund(in map[string]any) (map[string]any, error) {
	r := g.st.refunds[anyID(in["id"])]
	switch {
	case r == nil:
		return nil, wire.UserError("Invalid refund ID.")
	case !g.who.user.isStaff():
		return nil, wire.UserError("You do not have permission to delete refunds.")
	}
	node := g.refundNode(r)
	o := g.st.editOrder(r.order)
	o.refunds = slices.DeleteFunc(o.refunds, func(id int64) bool { return id == r.id })
	delete(g.st.refunds, r.id)
	g.store.touchOrder(g.st, o)
	return map[string]any{"refund": node, "order": g.orderNode(o)}, nil
}

func (g *gqlRequest) createOrderNote(in map[string]any) (map[string]any, error) {
	if !g.who.user.isStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to create an order note.")
	}
	id, text := anyID(in["orderId"]), argText(in, "note")
	o := g.st.orders[id]
	switch {
	case id == 0:
		return nil, wire.UserError("Order ID provided is invalid. Please check input and try again.")
	case o == nil:
		return nil, wire.UserError("Failed to find order with ID of " + wp.Itoa(id) + ".")
	case text == "":
		return nil, wire.UserError("Order note content is required.")
	}
	o = g.st.editOrder(o.id)
	n := orderNote{id: g.st.noteID(), at: g.store.now().Truncate(time.Second), text: text, customer: in["isCustomerNote"] == true}
	o.notes = append(o.notes, n)
	return map[string]any{"orderNote": g.noteNode(n), "order": g.orderNode(o)}, nil
}

func (g *gqlRequest) deleteOrderNote(in map[string]any) (map[string]any, error) {
	if !g.who.user.isStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to delete an order note.")
	}
	o := g.st.orders[anyID(in["orderId"])]
	if o == nil {
		return nil, wire.UserError("Order ID provided is invalid. Please check input and try again.")
	}
	i := slices.IndexFunc(o.notes, func(n orderNote) bool { return n.id == anyID(in["id"]) })
	if i < 0 {
		return nil, wire.UserError("Invalid resource ID.")
	}
	n := o.notes[i]
	o = g.st.editOrder(o.id)
	o.notes = slices.Delete(o.notes, i, i+1)
	return map[string]any{"orderNote": g.noteNode(n), "order": g.orderNode(o)}, nil
}
