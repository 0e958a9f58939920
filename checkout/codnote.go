package checkout

import (
	"context"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/payment"
)

// Meta data of a WooCommerce order of which a part was paid online: plain amounts in the order's currency.
const (
	MetaPrepaid       = "_ankkor_prepaid"
	MetaDueOnDelivery = "_ankkor_due_on_delivery"
)

// collectedBy is the method whose gateway takes what is paid online, or answers that nothing is.
func (r Record) collectedBy() payment.Method {
	if r.Placed != nil {
		return or(r.Placed.Plan.Through, r.PaymentMethod)
	}
	return r.PaymentMethod
}

// collecting is the option whose gateway the checkout's payments go through.
func (s *Service) collecting(r Record) (PaymentOption, bool) { return s.option(r.collectedBy()) }

// answered is the plan as the gateway's order has it. Whether a purchase is paid at the door is for the gateway to say, not
// for the method's name; but a shopper who agreed to pay at the door is not asked for the money now.
func (p Plan) answered(o payment.Order) (Plan, error) {
	deferred := o.Status == payment.OrderDueOnDelivery
	switch {
	case deferred && p.Through != "":
		return p, &RefusedError{Code: "prepayment", Reason: "the gateway of " + string(p.Through) + " takes nothing before delivery"}
	case deferred:
		return Plan{OnDelivery: o.Amount}, nil
	case p.Online.IsZero():
		return p, &RefusedError{Code: "not_deferred", Reason: "the gateway wants to be paid now what was agreed to be paid on delivery"}
	}
	return p, nil
}

// methodTitle is what the order says of how it is paid: the option's title, and the parts of a total that is split.
func (s *Service) methodTitle(r Record) string {
	option, _ := s.option(r.PaymentMethod)
	if parts := r.Placed.Plan.describe(); parts != "" {
		return option.Title + " (" + parts + ")"
	}
	return option.Title
}

// cashMeta are the parts of a total that is split, for whoever reads the order by program.
func (r Record) cashMeta() map[string]string {
	if !r.Placed.Plan.Prepaid() {
		return nil
	}
	return map[string]string{MetaPrepaid: r.Placed.Plan.Online.Amount(), MetaDueOnDelivery: r.Placed.Plan.OnDelivery.Amount()}
}

// cashStatus is in which status an order that is due on delivery takes effect: files are not handed out before it is paid
// for, so that one with any waits on hold (WC_Gateway_COD::process_payment).
func (r Record) cashStatus() string {
	if slices.ContainsFunc(r.Lines, func(l PricedLine) bool { return l.Item.Downloadable }) {
		return storeOnHold
	}
	return storeProcessing
}

// OrderNotes is what an OrderCreator can do besides: keep remarks in an order's history, which staff read there.
type OrderNotes interface {
	// NoteOrder adds a remark that the customer does not see. It is not idempotent: after an unknown outcome Noted is
	// asked first. Errors wrap ErrRefused, ErrUnavailable or ErrUnknown.
	NoteOrder(ctx context.Context, orderID int64, text string) error
	// Noted reports whether the order's history has a remark with exactly this text.
	Noted(ctx context.Context, orderID int64, text string) (bool, error)
}

// wantCashNote writes into the store's order what is due on delivery.
func wantCashNote(r Record) []Effect {
	if r.DueOnDelivery().IsZero() || !r.Order.NotedAt.IsZero() {
		return nil
	}
	return []Effect{{Kind: EffectNoteOrder, Ref: orderRef(r.Order.ID), Why: "staff read in the order what is due on delivery"}}
}

// cashNote is the remark: WooCommerce's own (WC_Gateway_COD::process_payment), and what was paid before.
func (r Record) cashNote() string {
	if !r.Placed.Plan.Prepaid() {
		return "Payment to be made upon delivery."
	}
	plan := r.Placed.Plan
	return "Payment to be made upon delivery: " + amountText(plan.OnDelivery) + ". Paid online: " + amountText(plan.Online) +
		" (" + strings.TrimSpace(string(plan.Through)+" "+r.Payments.Bound()) + ")."
}

func (s *Service) noteOrder(ctx context.Context, r Record, _ Effect) (result, error) {
	if notes, ok := s.config.Orders.(OrderNotes); ok {
		if err := notes.NoteOrder(ctx, r.Order.ID, r.cashNote()); err != nil {
			return nil, err
		}
	}
	return orderNoted, nil
}

func (s *Service) findNote(ctx context.Context, r Record, _ Effect) (result, bool, error) {
	notes, ok := s.config.Orders.(OrderNotes)
	if !ok {
		return orderNoted, true, nil
	}
	found, err := notes.Noted(ctx, r.Order.ID, r.cashNote())
	return orderNoted, found && err == nil, err
}

func orderNoted(d *draft) {
	if d.Order != nil && d.Order.NotedAt.IsZero() {
		d.Order.NotedAt = d.now
	}
}
