package graphql

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// deleteOrder trashes an order or, with forceDelete, removes it. The payload
// shows it as it was. Neither gives stock back.
func (g *request) deleteOrder(in map[string]any) (map[string]any, error) {
	o, err := g.orderToWrite(in, "delete")
	if err != nil {
		return nil, err
	}
	before := g.orderNode(o)
	if in["forceDelete"] == true {
		orders.ForgetSales(g.state, o)
		delete(g.state.Orders, o.ID)
		return map[string]any{"order": before}, nil
	}
	o = g.state.EditOrder(o.ID)
	o.Status = "trash"
	orders.CountSales(g.state, o)
	g.site.Emit(g.state, "order.deleted", o.ID)
	return map[string]any{"order": before}, nil
}

// deleteOrderItems removes items of any kind by their ids; totals stay as they
// are until something calculates them.
func (g *request) deleteOrderItems(in map[string]any) (map[string]any, error) {
	o, err := g.orderToWrite(in, "delete")
	if err != nil {
		return nil, err
	}
	ids := intList(in["itemIds"])
	if len(ids) == 0 {
		return nil, wire.UserError("No item IDs provided.")
	}
	before := g.orderNode(o)
	o = g.state.EditOrder(o.ID)
	o.Lines = without(o.Lines, func(l *site.OrderLine) int64 { return l.ID }, ids)
	o.Ships = without(o.Ships, func(s *site.ShippingLine) int64 { return s.ID }, ids)
	o.Fees = without(o.Fees, func(f *site.FeeLine) int64 { return f.ID }, ids)
	o.Coupons = without(o.Coupons, func(c *site.CouponLine) int64 { return c.ID }, ids)
	orders.TouchOrder(g.site, g.state, o)
	return map[string]any{"order": before}, nil
}

func without[T any](items []*T, id func(*T) int64, ids []int64) []*T {
	return slices.DeleteFunc(items, func(i *T) bool { return slices.Contains(ids, id(i)) })
}

// createRefund gives an amount back on paper: no gateway is asked, and without
// lines nothing is restocked, whatever restockItems says.
func (g *request) createRefund(in map[string]any) (map[string]any, error) {
	o := g.state.Orders[toInt(in["orderId"])]
	if o == nil {
		return nil, wire.UserError("Invalid order ID.")
	}
	if !g.who.User.IsStaff() {
		return nil, wire.UserError("You do not have permission to create refunds for this order.")
	}
	amount := lenientAmount(argText(in, "amount"))
	left := o.Total.Sub(g.state.Refunded(o))
	switch {
	case !amount.IsPositive():
		return nil, wire.UserError("Refund amount must be greater than zero.")
	case amount.GreaterThan(left):
		return nil, wire.UserError("Invalid refund amount.")
	case in["refundPayment"] == true:
		return nil, wire.UserError(rest.RefundRefusal(g.site.Shop, o.PayMethod))
	}
	o = g.state.EditOrder(o.ID)
	r := orders.AddRefund(g.site, g.state, o, amount, argText(in, "reason"))
	if amount.Equal(left) {
		orders.SetStatus(g.site, g.state, o, "refunded")
	}
	orders.TouchOrder(g.site, g.state, o)
	return map[string]any{"refund": g.refundNode(r), "order": g.orderNode(o)}, nil
}

func (g *request) deleteRefund(in map[string]any) (map[string]any, error) {
	r := g.state.Refunds[anyID(in["id"])]
	switch {
	case r == nil:
		return nil, wire.UserError("Invalid refund ID.")
	case !g.who.User.IsStaff():
		return nil, wire.UserError("You do not have permission to delete refunds.")
	}
	node := g.refundNode(r)
	o := g.state.EditOrder(r.Order)
	o.Refunds = slices.DeleteFunc(o.Refunds, func(id int64) bool { return id == r.ID })
	delete(g.state.Refunds, r.ID)
	orders.TouchOrder(g.site, g.state, o)
	return map[string]any{"refund": node, "order": g.orderNode(o)}, nil
}

func (g *request) createOrderNote(in map[string]any) (map[string]any, error) {
	if !g.who.User.IsStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to create an order note.")
	}
	id, text := anyID(in["orderId"]), argText(in, "note")
	o := g.state.Orders[id]
	switch {
	case id == 0:
		return nil, wire.UserError("Order ID provided is invalid. Please check input and try again.")
	case o == nil:
		return nil, wire.UserError("Failed to find order with ID of " + wp.Itoa(id) + ".")
	case text == "":
		return nil, wire.UserError("Order note content is required.")
	}
	o = g.state.EditOrder(o.ID)
	n := site.OrderNote{ID: g.state.NoteID(), At: g.site.Now().Truncate(time.Second), Text: text, Customer: in["isCustomerNote"] == true}
	o.Notes = append(o.Notes, n)
	return map[string]any{"orderNote": g.noteNode(n), "order": g.orderNode(o)}, nil
}

func (g *request) deleteOrderNote(in map[string]any) (map[string]any, error) {
	if !g.who.User.IsStaff() {
		return nil, wire.UserError("User does not have the capabilities necessary to delete an order note.")
	}
	o := g.state.Orders[anyID(in["orderId"])]
	if o == nil {
		return nil, wire.UserError("Order ID provided is invalid. Please check input and try again.")
	}
	i := slices.IndexFunc(o.Notes, func(n site.OrderNote) bool { return n.ID == anyID(in["id"]) })
	if i < 0 {
		return nil, wire.UserError("Invalid resource ID.")
	}
	n := o.Notes[i]
	o = g.state.EditOrder(o.ID)
	o.Notes = slices.Delete(o.Notes, i, i+1)
	return map[string]any{"orderNote": g.noteNode(n), "order": g.orderNode(o)}, nil
}
