package wootest

import (
	"slices"
	"time"
)

// orderStatuses are the statuses the REST API accepts, in its own order.
var orderStatuses = []string{
	"auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft",
}

func statusName(status string) string {
	switch status {
	case "pending":
		return "Pending payment"
	case "on-hold":
		return "On hold"
	case "checkout-draft":
		return "Draft"
	}
	return string(status[0]-'a'+'A') + status[1:]
}

// setStatus moves an order to a status with all that happens there: dates,
// stock, a note (WC_Order::set_status and the hooks of the transition).
func (s *site) setStatus(st *state, o *order, status string) {
	from := o.status
	if from == status {
		return
	}
	o.status = status
	s.stampStatus(st, o)
	if slices.Contains([]string{"processing", "completed", "on-hold"}, status) && !o.stockReduced {
		s.reduceStock(st, o)
	}
	if status == "cancelled" || status == "pending" {
		if o.stockReduced {
			s.restoreStock(st, o)
		}
	}
	if status == "refunded" {
		s.refundFully(st, o)
	}
	st.countSales(o)
	s.addNote(st, o, "Order status changed from "+statusName(from)+" to "+statusName(status)+".")
}

// countSales is wc_update_total_sales_counts: a product's sales go up with the
// order's first status that takes stock and down when it is cancelled, trashed
// or removed; a variation's count for its parent. No date moves and no webhook
// is sent.
func (st *state) countSales(o *order) {
	takes := slices.Contains([]string{"processing", "completed", "on-hold"}, o.status)
	sign := int64(1)
	if o.status == "cancelled" || o.status == "trash" {
		sign = -1
	}
	if !takes && sign > 0 || takes == o.counted {
		return
	}
	o.counted = takes
	for _, l := range o.lines {
		if p := st.edit(l.productID); p != nil {
			p.TotalSales += sign * l.quantity
		}
	}
}

// forgetSales takes the sales of an order back that is about to be removed.
func (st *state) forgetSales(o *order) {
	gone := o.clone()
	gone.status = "trash"
	st.countSales(gone)
}

// stampStatus sets date_paid and date_completed when the status first says so.
func (s *site) stampStatus(st *state, o *order) {
	now := s.now().Truncate(time.Second)
	paid := st.paidStatus(o)
	if o.paid.IsZero() && (o.status == paid || paid == "processing" && o.status == "completed") {
		o.paid = now
	}
	if o.status == "completed" {
		o.completed = now
	}
}

// completePayment is WC_Order::payment_complete: it acts from on-hold,
// pending, failed and cancelled only. It is also right for a new order, which
// has just been saved with one of them.
func (s *site) completePayment(st *state, o *order, transaction string) {
	if !slices.Contains([]string{"on-hold", "pending", "failed", "cancelled"}, o.status) {
		return
	}
	if transaction != "" {
		o.transaction = transaction
	}
	if o.paid.IsZero() {
		o.paid = s.now().Truncate(time.Second)
	}
	s.setStatus(st, o, st.paidStatus(o))
}

// completeAgain is what the second of two overlapping completions does. It
// read the order unpaid, so it pays it again and reduces the stock again;
// more than two never did in parallel runs against WooCommerce 10.4.3.
func (s *site) completeAgain(st *state, o *order, transaction string) {
	if transaction != "" {
		o.transaction = transaction
	}
	if o.parallel >= 1 {
		return
	}
	o.parallel++
	s.reduceStock(st, o)
}

func (s *site) addNote(st *state, o *order, text string) {
	o.notes = append(o.notes, orderNote{id: st.noteID(), at: s.now().Truncate(time.Second), text: text})
}

// touchOrder moves the order's date and makes order.updated due.
func (s *site) touchOrder(st *state, o *order) {
	o.modified = s.now().Truncate(time.Second)
	s.emit(st, "order.updated", o.id)
}
