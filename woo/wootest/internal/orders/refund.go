package orders

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// RefundInput is one element of a refund's line_items.
type RefundInput struct {
	ID       int64           `json:"id"`
	Quantity json.RawMessage `json:"quantity"`
	Total    json.RawMessage `json:"refund_total"`
	Tax      []struct {
		ID    json.RawMessage `json:"id"`
		Total json.RawMessage `json:"refund_total"`
	} `json:"refund_tax"`
}

// AddRefund records a refund on an order that the caller may change.
func AddRefund(s *site.Site, st *site.State, o *site.Order, amount decimal.Decimal, reason string) *site.Refund {
	kind := "partial"
	if amount.Equal(o.Total) {
		kind = "full"
	}
	r := &site.Refund{ID: st.PostID(), Order: o.ID, Amount: amount, Reason: reason, At: s.Now().Truncate(time.Second)}
	r.Meta = []shop.MetaData{site.TextMeta(st.MetaID(), "_refund_type", kind)}
	st.Refunds[r.ID] = r
	o.Refunds = append(o.Refunds, r.ID)
	return r
}

// refundFully is what the status "refunded" does by itself: the rest is noted
// as given back; stock stays as it is (wc_order_fully_refunded).
func refundFully(s *site.Site, st *site.State, o *site.Order) {
	if left := o.Total.Sub(st.Refunded(o)); left.IsPositive() {
		AddRefund(s, st, o, left, "Order fully refunded.")
	}
}

// RefundLines copies the lines a refund names, with negative amounts.
func RefundLines(s *site.Site, st *site.State, o *site.Order, r *site.Refund, in []RefundInput, restock bool) {
	for _, x := range in {
		i := slices.IndexFunc(o.Lines, func(l *site.OrderLine) bool { return l.ID == x.ID })
		if i < 0 {
			continue
		}
		l, quantity := o.Lines[i], wp.IntOf(x.Quantity)
		back := &site.OrderLine{
			ID: st.ItemID(), Name: l.Name, ProductID: l.ProductID, Variation: l.Variation, TaxClass: l.TaxClass, Quantity: -quantity,
			Total: wp.DecimalOf(x.Total).Neg(), Meta: []shop.MetaData{site.TextMeta(st.MetaID(), "_refunded_item_id", wp.Itoa(l.ID))},
		}
		back.Subtotal = back.Total
		for _, tax := range x.Tax {
			amount := wp.DecimalOf(tax.Total).Neg()
			back.Taxes = append(back.Taxes, site.LineTax{Rate: wp.IntOf(tax.ID), Total: amount, Subtotal: amount, HasSubtotal: true})
			back.TotalTax, back.SubtotalTax = back.TotalTax.Add(amount), back.SubtotalTax.Add(amount)
		}
		r.Lines = append(r.Lines, back)
		if restock {
			restockLine(s, st, o, l, quantity)
		}
	}
}

// restockLine gives refunded pieces back to the shelf, unless the line notes that none are out any more
// (wc_restock_refunded_items).
func restockLine(s *site.Site, st *site.State, o *site.Order, l *site.OrderLine, quantity int64) {
	p, reduced := st.ProductOf(l), l.ReducedStock()
	if p == nil || st.StockHolder(p) == nil || len(reduced) == 0 || reduced[0] == 0 || quantity <= 0 {
		return
	}
	h := st.StockHolder(p)
	before := h.Quantity()
	SetQuantity(s, st, h.ID, before+quantity)
	touch(s, st, p.ParentID)
	l.Meta = slices.DeleteFunc(l.Meta, func(m shop.MetaData) bool { return m.Key == "_reduced_stock" })
	l.Meta = append(l.Meta, site.TextMeta(st.MetaID(), "_reduced_stock", strconv.FormatInt(reduced[0]-quantity, 10)))
	noteRestocked(l, st, quantity)
	AddNote(s, st, o, fmt.Sprintf("Item #%d stock increased from %d to %d.", h.ID, before, before+quantity))
}

func noteRestocked(l *site.OrderLine, st *site.State, quantity int64) {
	for i, m := range l.Meta {
		if m.Key == "_restock_refunded_items" {
			l.Meta[i] = site.TextMeta(m.ID, m.Key, strconv.FormatInt(wp.IntOf(m.Value)+quantity, 10))
			return
		}
	}
	l.Meta = append(l.Meta, site.TextMeta(st.MetaID(), "_restock_refunded_items", strconv.FormatInt(quantity, 10)))
}
