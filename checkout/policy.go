package checkout

import (
	"errors"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// ReserveAt says when stock is first held for a shopper.
type ReserveAt string

// When to reserve.
const (
	ReserveAtCheckout ReserveAt = "checkout"    // when the checkout starts: the default
	ReserveAtCart     ReserveAt = "add_to_cart" // as soon as something is put in the cart, see Service.HoldCart
)

// OrderTiming says when the WooCommerce order is created.
type OrderTiming string

// When to create the order.
const (
	OrderAfterPayment  OrderTiming = "after_payment"  // the default: no unpaid orders in the back office
	OrderBeforePayment OrderTiming = "before_payment" // WooCommerce's own verdict before money moves
)

// Policy holds the times and choices of a shop. A record carries the policy it was placed under, so that every replica
// and every later version of the configuration decides alike. The zero value is completed by DefaultPolicy's values.
type Policy struct {
	ReserveAt     ReserveAt     `json:"reserve_at"`
	OrderTiming   OrderTiming   `json:"order_timing"`
	HoldFor       time.Duration `json:"hold_for"`       // length of a reservation
	PaymentWindow time.Duration `json:"payment_window"` // from Place until an unpaid order is given up
	AbandonAfter  time.Duration `json:"abandon_after"`  // idle time after which an unplaced checkout is closed
	// PollAfter are the times after placing at which the gateway is asked although nobody told us anything. After the
	// last, once a day, for as long as LatePayments.
	PollAfter    []time.Duration `json:"poll_after"`
	LatePayments time.Duration   `json:"late_payments"` // how long after placing a payment may still arrive
	// Settle is how long an outside system may still be working on a call whose outcome is unknown. Only after it, and
	// only when nothing was found, the call is made again. It must exceed Lease by PHP's max_execution_time in the store
	// and by what the clocks of the replicas may differ.
	Settle      time.Duration `json:"settle"`
	Lease       time.Duration `json:"lease"`        // how long one worker may take over one effect
	MaxAttempts int           `json:"max_attempts"` // then the effect is a dead letter; people are alerted long before
	Backoff     time.Duration `json:"backoff"`      // first wait after a failure; doubles, up to a minute
	// Notify and Ship say that the engine sends notices and books shipments itself. New sets them by what it was given.
	Notify bool `json:"notify"`
	Ship   bool `json:"ship"`
	// KeepOrders says that orders are followed in the store and told what happens here. New sets it, too.
	KeepOrders bool `json:"keep_orders,omitempty"`
	// Remind sends NoticeAbandoned. It is off unless asked for: such a mail may need the shopper's consent.
	Remind bool `json:"remind,omitempty"`
}

// DefaultPolicy is what suits a shop in India with Razorpay: 15 minutes' hold, 30 minutes to pay, late authorisations
// followed for six days, and a day of trying, once a minute, before an outside system that is away becomes a dead letter.
func DefaultPolicy() Policy {
	return Policy{
		ReserveAt:     ReserveAtCheckout,
		OrderTiming:   OrderAfterPayment,
		HoldFor:       15 * time.Minute,
		PaymentWindow: 30 * time.Minute,
		AbandonAfter:  time.Hour,
		PollAfter:     []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour},
		LatePayments:  6 * 24 * time.Hour,
		Settle:        2 * time.Minute,
		Lease:         time.Minute,
		MaxAttempts:   1440,
		Backoff:       5 * time.Second,
	}
}

// withDefaults fills every zero field.
func (p Policy) withDefaults() Policy {
	d := DefaultPolicy()
	p.ReserveAt = or(p.ReserveAt, d.ReserveAt)
	p.OrderTiming = or(p.OrderTiming, d.OrderTiming)
	p.HoldFor = or(p.HoldFor, d.HoldFor)
	p.PaymentWindow = or(p.PaymentWindow, d.PaymentWindow)
	p.AbandonAfter = or(p.AbandonAfter, d.AbandonAfter)
	p.LatePayments = or(p.LatePayments, d.LatePayments)
	p.Settle = or(p.Settle, d.Settle)
	p.Lease = or(p.Lease, d.Lease)
	p.MaxAttempts = or(p.MaxAttempts, d.MaxAttempts)
	p.Backoff = or(p.Backoff, d.Backoff)
	if len(p.PollAfter) == 0 {
		p.PollAfter = d.PollAfter
	}
	return p
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// validate reports every value that cannot work.
func (p Policy) validate() error {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New("checkout: Policy."+what))
		}
	}
	need(p.HoldFor >= inventory.MinTTL && p.HoldFor <= inventory.MaxTTL, "HoldFor must be between a second and a day")
	need(p.PaymentWindow > 0, "PaymentWindow must be positive")
	need(p.AbandonAfter > 0, "AbandonAfter must be positive")
	need(p.LatePayments >= p.PaymentWindow, "LatePayments must not be shorter than PaymentWindow")
	need(p.Lease > 0, "Lease must be positive")
	need(p.Settle > p.Lease, "Settle must exceed Lease: a call may run for a lease")
	need(p.Backoff > 0, "Backoff must be positive")
	need(p.MaxAttempts >= 1, "MaxAttempts must be at least 1")
	need(p.ReserveAt == ReserveAtCheckout || p.ReserveAt == ReserveAtCart, "ReserveAt is not one of the named choices")
	need(p.OrderTiming == OrderAfterPayment || p.OrderTiming == OrderBeforePayment, "OrderTiming is not one of the named choices")
	need(growing(p.PollAfter), "PollAfter must grow")
	return errors.Join(errs...)
}

// growing reports whether each duration is positive and longer than the one before.
func growing(list []time.Duration) bool {
	last := time.Duration(0)
	for _, d := range list {
		if d <= last {
			return false
		}
		last = d
	}
	return true
}

// maxBackoff bounds the wait between two attempts, so that work goes on soon after a system has come back.
const maxBackoff = time.Minute

// backoff is the wait after the nth failure in a row. What is tried beyond MaxAttempts is tried once an hour.
func (p Policy) backoff(attempts int) time.Duration {
	if attempts >= p.MaxAttempts {
		return time.Hour
	}
	d := p.Backoff
	for range attempts - 1 {
		if d *= 2; d >= maxBackoff {
			return max(maxBackoff, p.Backoff)
		}
	}
	return d
}

// nextPoll is when to ask the gateway next about a payment nobody reported: the first scheduled time after the last look.
func (p Policy) nextPoll(placed, last time.Time) time.Time {
	for _, after := range p.PollAfter {
		if at := placed.Add(after); at.After(last) {
			return at
		}
	}
	return last.Add(24 * time.Hour)
}
