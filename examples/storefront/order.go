package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// orderPage is a placed order, or what became of it.
type orderPage struct {
	Record  checkout.Record
	Status  checkout.Status
	Steps   []milestone
	State   string
	Cash    bool
	Waiting bool // the page looks again by itself
	CanPay  bool
	Back    bool // money that came is on its way back
	Failed  int  // attempts to pay that came to nothing so far
	PayBy   time.Time
}

// milestone is one step of an order.
type milestone struct {
	Name string
	At   time.Time // zero when it was not reached, or nobody noted the time
	Done bool
}

func (s *server) order(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	if record.Placed == nil && record.Closing == nil {
		http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
		return nil
	}
	if record.Status() == checkout.StatusPendingPayment {
		fresh, err := s.checkout.Recheck(r.Context(), record.ID)
		if err != nil {
			s.log.WarnContext(r.Context(), "asked about a payment", "error", err)
		} else {
			record = fresh
		}
	}
	page := newOrderPage(record)
	if page.State, err = s.stateName(r, record.Shipping); err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "order", page)
	return nil
}

func newOrderPage(record checkout.Record) orderPage {
	status := record.Status()
	page := orderPage{
		Record: record, Status: status, Cash: record.PaymentMethod == payment.MethodCOD && !prepaid(record), PayBy: record.PayBy(),
		Waiting: status == checkout.StatusPendingPayment || status == checkout.StatusPaid,
	}
	page.CanPay = status == checkout.StatusPendingPayment && record.Gateway != nil && time.Now().Before(page.PayBy)
	page.Failed = failed(record)
	page.Back = record.Unplaceable != "" && slices.ContainsFunc(record.Payments.Payments(), func(p payment.Payment) bool {
		return p.Status == payment.StatusCaptured || p.Status == payment.StatusRefunded
	})
	if record.Placed != nil && record.Closing == nil && status != checkout.StatusRefunded {
		page.Steps = milestones(record, status, page.Cash)
	}
	return page
}

// prepaid reports whether part of what is paid at the door was asked for beforehand.
func prepaid(r checkout.Record) bool { return r.Placed != nil && r.Placed.Plan.Prepaid() }

// failed counts the attempts to pay that have come to nothing so far. A bank may still say yes to one of them.
func failed(record checkout.Record) int {
	n := 0
	for _, p := range record.Payments.Payments() {
		if p.Status == payment.StatusFailed {
			n++
		}
	}
	return n
}

// ranks order the statuses of a sale that goes well.
var ranks = map[checkout.Status]int{
	checkout.StatusPendingPayment: 1, checkout.StatusPaid: 2, checkout.StatusOrdered: 3, checkout.StatusShipped: 4, checkout.StatusDelivered: 5,
}

func milestones(r checkout.Record, status checkout.Status, cash bool) []milestone {
	rank := ranks[status]
	steps := []milestone{{Name: "Placed", At: r.Placed.At, Done: rank >= 1}}
	if !cash {
		steps = append(steps, milestone{Name: "Paid", At: paidAt(r), Done: rank >= 2})
	}
	confirmed := milestone{Name: "Confirmed", Done: rank >= 3}
	if r.Order != nil {
		confirmed.At = r.Order.CompletedAt
	}
	sent := milestone{Name: "On its way", Done: rank >= 4}
	if r.Shipment != nil {
		sent.At = r.Shipment.At
	}
	return append(steps, confirmed, sent, milestone{Name: "Delivered", At: r.DeliveredAt, Done: rank >= 5})
}

// paidAt is when the shop learned of the payment that the sale stands on.
func paidAt(r checkout.Record) time.Time {
	for _, e := range r.Timeline {
		if e.What == "payment "+string(payment.Paid) {
			return e.At
		}
	}
	return time.Time{}
}
