package paymenttest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/payment"
)

func outcomePromises() []promise {
	const needs = needsFaults | needsCustomer
	return []promise{
		{"a refused order was not made", needsFaults, refusedOrder},
		{"an unavailable gateway made no order", needsFaults, unavailableOrder},
		{"an order whose request was lost is unknown and not found", needsFaults, lostOrderRequest},
		{"an order whose reply was lost is unknown and found", needsFaults, lostOrderReply},
		{"a capture whose reply was lost is unknown and done", needs, lostCaptureReply},
		{"a capture whose request was lost is unknown and not done", needs, lostCaptureRequest},
		{"a refused capture took nothing", needs, refusedCapture},
		{"a refund whose reply was lost is unknown and found", needs | needsRefunder, lostRefundReply},
		{"a refund whose request was lost is unknown and not found", needs | needsRefunder, lostRefundRequest},
		{"a read never ends unknown", needs, readsNeverUnknown},
		{"a call ends with its context", needs, callsEndWithContext},
		{"what a cancelled call says is true", 0, cancelledCall},
	}
}

func (s *shop) failingOrder(t *testing.T, fault Fault, outcome error) {
	t.Helper()
	s.Faults.Plant(t, CreateOrder, fault)
	_, err := s.Gateway.CreateOrder(s.ctx, s.request("receipt-1"))
	want(t, "CreateOrder that should "+string(fault), err, outcome)
}

func (s *shop) noOrder(t *testing.T) {
	t.Helper()
	_, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
	want(t, "FindOrder where none was made", err, payment.ErrNotFound)
	s.order(t, "receipt-1") // and the gateway is usable again
}

func refusedOrder(t *testing.T, s *shop) {
	s.failingOrder(t, Refuse, payment.ErrRefused)
	s.noOrder(t)
}

func unavailableOrder(t *testing.T, s *shop) {
	s.failingOrder(t, Unavailable, payment.ErrUnavailable)
	s.noOrder(t)
}

func lostOrderRequest(t *testing.T, s *shop) {
	s.failingOrder(t, LoseRequest, payment.ErrUnknown)
	s.noOrder(t)
}

func lostOrderReply(t *testing.T, s *shop) {
	s.failingOrder(t, LoseReply, payment.ErrUnknown)
	found, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
	if err != nil || found.Receipt != "receipt-1" || found.Amount != s.Amount {
		t.Errorf("found %+v (%v), want the order that was made", found, err)
	}
}

func (s *shop) failingCapture(t *testing.T, fault Fault, outcome error) (payment.Order, string) {
	t.Helper()
	o, callback := s.authorized(t, "receipt-1")
	s.Faults.Plant(t, Capture, fault)
	_, err := s.Gateway.Capture(s.ctx, callback.PaymentID, s.Amount)
	want(t, "Capture that should "+string(fault), err, outcome)
	return o, callback.PaymentID
}

// captureAfter sees the payment as it is after a fault, and that capturing again mends it.
func (s *shop) captureAfter(t *testing.T, o payment.Order, id string, status payment.Status) {
	t.Helper()
	if p := s.payment(t, o.ID, id); p.Status != status {
		t.Errorf("the payment is %s, want %s", p.Status, status)
	}
	if p, err := s.Gateway.Capture(s.ctx, id, s.Amount); err != nil || p.Status != payment.StatusCaptured {
		t.Errorf("capturing again: %s, %v", p.Status, err)
	}
	s.capturedOnce(t, o, id)
}

func lostCaptureReply(t *testing.T, s *shop) {
	o, id := s.failingCapture(t, LoseReply, payment.ErrUnknown)
	s.captureAfter(t, o, id, payment.StatusCaptured)
}

func lostCaptureRequest(t *testing.T, s *shop) {
	o, id := s.failingCapture(t, LoseRequest, payment.ErrUnknown)
	s.captureAfter(t, o, id, payment.StatusAuthorized)
}

func refusedCapture(t *testing.T, s *shop) {
	o, id := s.failingCapture(t, Refuse, payment.ErrRefused)
	s.captureAfter(t, o, id, payment.StatusAuthorized)
}

func (s *shop) failingRefund(t *testing.T, fault Fault) (payment.Order, payment.Payment) {
	t.Helper()
	o, p := s.captured(t, "receipt-1")
	s.Faults.Plant(t, Refund, fault)
	_, err := s.refunder().Refund(s.ctx, refundOf(p, s.part(t), "refund-key-1"))
	want(t, "Refund that should "+string(fault), err, payment.ErrUnknown)
	return o, p
}

func lostRefundReply(t *testing.T, s *shop) {
	o, p := s.failingRefund(t, LoseReply)
	found, err := s.refunder().FindRefund(s.ctx, p.ID, "refund-key-1")
	if err != nil {
		t.Errorf("FindRefund: %v", err)
	}
	if again := s.refund(t, p, s.part(t), "refund-key-1"); again.ID != found.ID {
		t.Errorf("asked again: %s, found before: %s", again.ID, found.ID)
	}
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
}

func lostRefundRequest(t *testing.T, s *shop) {
	o, p := s.failingRefund(t, LoseRequest)
	_, err := s.refunder().FindRefund(s.ctx, p.ID, "refund-key-1")
	want(t, "FindRefund where none was made", err, payment.ErrNotFound)
	s.refund(t, p, s.part(t), "refund-key-1")
	s.refunded(t, o, p.ID, s.part(t), payment.StatusCaptured)
}

func readsNeverUnknown(t *testing.T, s *shop) {
	o, p := s.captured(t, "receipt-1")
	reads := map[Call]func() error{
		FindOrder: func() error { _, err := s.Gateway.FindOrder(s.ctx, "receipt-1"); return err },
		Payments:  func() error { _, err := s.Gateway.Payments(s.ctx, o.ID); return err },
	}
	if r, ok := s.Gateway.(payment.Refunder); ok {
		s.refund(t, p, s.part(t), "refund-key-1")
		reads[FindRefund] = func() error { _, err := r.FindRefund(s.ctx, p.ID, "refund-key-1"); return err }
	}
	for call, read := range reads {
		for _, fault := range []Fault{LoseRequest, LoseReply, Unavailable} {
			s.Faults.Plant(t, call, fault)
			want(t, string(call)+" that should "+string(fault), read(), payment.ErrUnavailable)
			if err := read(); err != nil {
				t.Errorf("%s afterwards: %v", call, err)
			}
		}
	}
}

func callsEndWithContext(t *testing.T, s *shop) {
	s.Faults.Plant(t, CreateOrder, Hang)
	_, err := s.Gateway.CreateOrder(endsAfter(s.ctx, 1), s.request("receipt-1"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("CreateOrder whose ctx ended: %v does not wrap ctx.Err()", err)
	}
	s.saysTheTruth(t, "receipt-1", err)
}

// cancelledCall ends the context at one moment after the other: whatever the call says must be true.
func cancelledCall(t *testing.T, s *shop) {
	for looks := range 8 {
		r := s.request(fmt.Sprintf("receipt-%d", looks))
		_, err := s.Gateway.CreateOrder(endsAfter(s.ctx, looks), r)
		s.saysTheTruth(t, r.Receipt, err)
	}
}

// saysTheTruth compares how CreateOrder ended with what the gateway has.
func (s *shop) saysTheTruth(t *testing.T, receipt string, err error) {
	t.Helper()
	_, lookup := s.Gateway.FindOrder(s.ctx, receipt)
	switch {
	case err == nil && lookup != nil && !s.DerivedOrders:
		t.Errorf("the order was acknowledged, and is not there: %v", lookup)
	case errors.Is(err, payment.ErrUnavailable) && lookup == nil:
		t.Errorf("the order was not sent (%v), and is there", err)
	case err != nil && !errors.Is(err, payment.ErrUnavailable) && !errors.Is(err, payment.ErrUnknown):
		t.Errorf("a cancelled call ended with %v, want done, unavailable or unknown", err)
	}
}

// ending is a context that is cancelled right after it was looked at for the n-th time: the end comes while the call is
// under way, at the same moment in every run.
type ending struct {
	context.Context
	cancel context.CancelFunc
	looks  atomic.Int64
}

func endsAfter(ctx context.Context, looks int) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	if looks == 0 {
		cancel()
	}
	e := &ending{Context: ctx, cancel: cancel}
	e.looks.Store(int64(looks))
	return e
}

func (e *ending) Err() error {
	err := e.Context.Err()
	e.looked()
	return err
}

func (e *ending) Done() <-chan struct{} {
	done := e.Context.Done()
	e.looked()
	return done
}

func (e *ending) looked() {
	if e.looks.Add(-1) == 0 {
		e.cancel()
	}
}
