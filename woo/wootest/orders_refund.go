package wootest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// refundInput is one element of a refund's line_items.
type refundInput struct {
	ID       int64           `json:"id"`
	Quantity json.RawMessage `json:"quantity"`
	Total    json.RawMessage `json:"refund_total"`
	Tax      []struct {
		ID    json.RawMessage `json:"id"`
		Total json.RawMessage `json:"refund_total"`
	} `json:"refund_tax"`
}

// addRefund records a refund on an order that the caller may change.
func (s *site) addRefund(st *state, o *order, amount decimal.Decimal, reason string) *refund {
	kind := "partial"
	if amount.Equal(o.total) {
		kind = "full"
	}
	r := &refund{id: st.postID(), order: o.id, amount: amount, reason: reason, at: s.now().Truncate(time.Second)}
	r.meta = []shop.MetaData{textMeta(st.metaID(), "_refund_type", kind)}
	st.refunds[r.id] = r
	o.refunds = append(o.refunds, r.id)
	return r
}

// refundFully is what the status "refunded" does by itself: the rest is noted
// as given back; stock stays as it is (wc_order_fully_refunded).
func (s *site) refundFully(st *state, o *order) {
	if left := o.total.Sub(st.refunded(o)); left.IsPositive() {
		s.addRefund(st, o, left, "Order fully refunded.")
	}
}

// refundLines copies the lines a refund names, with negative amounts.
func (s *site) refundLines(st *state, o *order, r *refund, in []refundInput, restock bool) {
	for _, x := range in {
		i := slices.IndexFunc(o.lines, func(l *orderLine) bool { return l.id == x.ID })
		if i < 0 {
			continue
		}
		l, quantity := o.lines[i], wp.IntOf(x.Quantity)
		back := &orderLine{
			id: st.itemID(), name: l.name, productID: l.productID, variation: l.variation, taxClass: l.taxClass, quantity: -quantity,
			total: wp.DecimalOf(x.Total).Neg(), meta: []shop.MetaData{textMeta(st.metaID(), "_refunded_item_id", wp.Itoa(l.id))},
		}
		back.subtotal = back.total
		for _, tax := range x.Tax {
			amount := wp.DecimalOf(tax.Total).Neg()
			back.taxes = append(back.taxes, lineTax{rate: wp.IntOf(tax.ID), total: amount, subtotal: amount, hasSubtotal: true})
			back.totalTax, back.subtotalTax = back.totalTax.Add(amount), back.subtotalTax.Add(amount)
		}
		r.lines = append(r.lines, back)
		if restock {
			s.restock(st, o, l, quantity)
		}
	}
}

// restock gives refunded pieces back to the shelf (wc_restock_refunded_items).
func (s *site) restock(st *state, o *order, l *orderLine, quantity int64) {
	p, reduced := st.productOf(l), l.reducedStock()
	if p == nil || st.stockHolder(p) == nil || len(reduced) == 0 || quantity <= 0 {
		return
	}
	h := st.stockHolder(p)
	before := h.Quantity()
	s.setQuantity(st, h.ID, before+quantity)
	s.touch(st, p.ParentID)
	l.meta = slices.DeleteFunc(l.meta, func(m shop.MetaData) bool { return m.Key == "_reduced_stock" })
	l.meta = append(l.meta, textMeta(st.metaID(), "_reduced_stock", strconv.FormatInt(reduced[0]-quantity, 10)))
	l.noteRestocked(st, quantity)
	s.addNote(st, o, fmt.Sprintf("Item #%d stock increased from %d to %d.", h.ID, before, before+quantity))
}

func (l *orderLine) noteRestocked(st *state, quantity int64) {
	for i, m := range l.meta {
		if m.Key == "_restock_refunded_items" {
			l.meta[i] = textMeta(m.ID, m.Key, strconv.FormatInt(wp.IntOf(m.Value)+quantity, 10))
			return
		}
	}
	l.meta = append(l.meta, textMeta(st.metaID(), "_restock_refunded_items", strconv.FormatInt(quantity, 10)))
}
