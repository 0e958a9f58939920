package orders

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// Statuses are the statuses the REST API accepts, in its own order.
func Statuses() []string {
	return []string{"auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft"}
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

// SetStatus moves an order to a status with all that happens there: dates,
// stock, a note (WC_Order::set_status and the hooks of the transition).
func SetStatus(s *site.Site, st *site.State, o *site.Order, status string) {
	from := o.Status
	if from == status {
		return
	}
	o.Status = status
	stampStatus(s, st, o)
	if slices.Contains([]string{"processing", "completed", "on-hold"}, status) && !o.StockReduced {
		reduceStock(s, st, o)
	}
	if status == "cancelled" || status == "pending" {
		if o.StockReduced {
			restoreStock(s, st, o)
		}
	}
	if status == "refunded" {
		refundFully(s, st, o)
	}
	CountSales(st, o)
	AddNote(s, st, o, "Order status changed from "+statusName(from)+" to "+statusName(status)+".")
}

// CountSales is wc_update_total_sales_counts: a product's sales go up with the
// order's first status that takes stock and down when it is cancelled, trashed
// or removed; a variation's count for its parent. No date moves and no webhook
// is sent.
func CountSales(st *site.State, o *site.Order) {
	takes := slices.Contains([]string{"processing", "completed", "on-hold"}, o.Status)
	sign := int64(1)
	if o.Status == "cancelled" || o.Status == "trash" {
		sign = -1
	}
	if !takes && sign > 0 || takes == o.Counted {
		return
	}
	o.Counted = takes
	for _, l := range o.Lines {
		if p := st.EditProduct(l.ProductID); p != nil {
			p.TotalSales += sign * l.Quantity
		}
	}
}

// ForgetSales takes the sales of an order back that is about to be removed.
func ForgetSales(st *site.State, o *site.Order) {
	gone := o.Clone()
	gone.Status = "trash"
	CountSales(st, gone)
}

// stampStatus sets date_paid and date_completed when the status first says so.
func stampStatus(s *site.Site, st *site.State, o *site.Order) {
	now := s.Now().Truncate(time.Second)
	paid := st.PaidStatus(o)
	if o.Paid.IsZero() && (o.Status == paid || paid == "processing" && o.Status == "completed") {
		o.Paid = now
	}
	if o.Status == "completed" {
		o.Completed = now
	}
}

// CompletePayment is WC_Order::payment_complete: it acts from on-hold,
// pending, failed and cancelled only. It is also right for a new order, which
// has just been saved with one of them.
func CompletePayment(s *site.Site, st *site.State, o *site.Order, transaction string) {
	if !slices.Contains([]string{"on-hold", "pending", "failed", "cancelled"}, o.Status) {
		return
	}
	if transaction != "" {
		o.Transaction = transaction
	}
	if o.Paid.IsZero() {
		o.Paid = s.Now().Truncate(time.Second)
	}
	SetStatus(s, st, o, st.PaidStatus(o))
}

// CompleteAgain is what the second of two overlapping completions does. It
// read the order unpaid, so it pays it again and reduces the stock again;
// more than two never did in parallel runs against WooCommerce 10.4.3.
func CompleteAgain(s *site.Site, st *site.State, o *site.Order, transaction string) {
	if transaction != "" {
		o.Transaction = transaction
	}
	if o.Parallel >= 1 {
		return
	}
	o.Parallel++
	reduceStock(s, st, o)
}

// AddNote adds a note by the system (WC_Order::add_order_note).
func AddNote(s *site.Site, st *site.State, o *site.Order, text string) {
	o.Notes = append(o.Notes, site.OrderNote{ID: st.NoteID(), At: s.Now().Truncate(time.Second), Text: text})
}

// TouchOrder moves the order's date and makes order.updated due.
func TouchOrder(s *site.Site, st *site.State, o *site.Order) {
	o.Modified = s.Now().Truncate(time.Second)
	s.Emit(st, "order.updated", o.ID)
}
