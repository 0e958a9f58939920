package fakegateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/internal/mishap"
	"github.com/ankkor/ankkor/payment"
)

// Op names a call that a fault can be planted in.
type Op string

// The calls of the shop's side, and what the customer does.
const (
	OpCreateOrder Op = "create order"
	OpFindOrder   Op = "find order"
	OpPayments    Op = "read payments"
	OpCapture     Op = "capture"
	OpRefund      Op = "refund"
	OpFindRefund  Op = "find refund"
	OpPay         Op = "pay" // Gateway.Pay
)

// Kind is a way to go wrong.
type Kind string

// The kinds for calls of the shop's side. Where a read would end unknown it ends unavailable: it has no effect to doubt.
const (
	Refuse      Kind = "refuse"       // not done: ErrRefused
	Unavailable Kind = "unavailable"  // not done: ErrUnavailable
	LoseRequest Kind = "lose request" // not done, and the caller cannot know: ErrUnknown
	LoseReply   Kind = "lose reply"   // done, and the caller cannot know: ErrUnknown
	Slow        Kind = "slow"         // done, answered after Delay; ErrUnknown when ctx ends before
)

// The kinds for single calls.
const (
	DuplicateOrder Kind = "duplicate order" // OpCreateOrder: two orders are made, the second is answered
	AnswerShort    Kind = "answer short"    // OpPay: the customer pays By less; OpPayments, OpCapture: the answer says so
	AuthorizeLate  Kind = "authorize late"  // OpPay: the payment fails, and is authorised after Delay
	CaptureTwice   Kind = "capture twice"   // OpPay: two payments are captured
)

// Fault is one mishap, taken by the first call it fits.
type Fault struct {
	Op    Op
	Kind  Kind
	Delay time.Duration // passed before the call returns, with any kind; for AuthorizeLate see there
	By    int64         // AnswerShort: minor units, 1 when zero
	Skip  int           // so many calls of Op go well first
	Times int           // so many calls go wrong, 1 when zero
}

// Plant adds faults. Each call takes the oldest fault planted for it, if there is one. A fault whose kind does not fit its
// call is a *payment.InvalidError, and none is planted.
func (g *Gateway) Plant(faults ...Fault) error {
	for _, f := range faults {
		if !fits(f) {
			return &payment.InvalidError{Field: "fault", Reason: fmt.Sprintf("%q does not go with %q", f.Kind, f.Op)}
		}
	}
	planted := slices.Clone(faults)
	for i := range planted {
		planted[i].By = max(planted[i].By, 1)
	}
	g.faults.Plant(planted...)
	return nil
}

// Planted returns the faults that no call has taken yet, so that a test can tell that its fault was met.
func (g *Gateway) Planted() []Fault { return g.faults.Planted() }

// Calls is how often a call was made, whatever came of it.
func (g *Gateway) Calls(op Op) int { return g.faults.Calls(op) }

func fits(f Fault) bool {
	shop := []Op{OpCreateOrder, OpFindOrder, OpPayments, OpCapture, OpRefund, OpFindRefund}
	switch f.Kind {
	case Refuse:
		return slices.Contains(shop, f.Op) || f.Op == OpPay
	case Unavailable, LoseRequest, LoseReply, Slow:
		return slices.Contains(shop, f.Op)
	case DuplicateOrder:
		return f.Op == OpCreateOrder
	case AnswerShort:
		return f.Op == OpPay || f.Op == OpPayments || f.Op == OpCapture
	case AuthorizeLate, CaptureTwice:
		return f.Op == OpPay
	}
	return false
}

func newFaults() *mishap.Queue[Op, Fault] {
	return mishap.New(func(f *Fault) (Op, *int, *int) { return f.Op, &f.Skip, &f.Times })
}

var (
	errLost = errors.New("connection lost")
	errDown = errors.New("connection refused")
)

// call runs one call of the shop's side: effect, under the lock, unless the planted fault keeps it from happening.
func call[T any](ctx context.Context, g *Gateway, op Op, effect func(Fault) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, &payment.UnavailableError{Op: string(op), Err: err}
	}
	fault, result, err := perform(g, op, effect)
	if fault.Delay > 0 {
		if waited := g.config.Wait(ctx, fault.Delay); waited != nil {
			return none, unknown(op, waited)
		}
	}
	switch fault.Kind {
	case Refuse:
		return none, refused(op, "planted refusal")
	case Unavailable:
		return none, &payment.UnavailableError{Op: string(op), Err: errDown}
	case LoseRequest, LoseReply:
		return none, unknown(op, errLost)
	}
	return result, err
}

func perform[T any](g *Gateway, op Op, effect func(Fault) (T, error)) (fault Fault, result T, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	fault = g.faults.Take(op)
	switch fault.Kind {
	case Refuse, Unavailable, LoseRequest:
		return fault, result, nil
	}
	result, err = effect(fault)
	return fault, result, err
}

// unknown is how a call ends whose reply did not come.
func unknown(op Op, err error) error {
	switch op {
	case OpFindOrder, OpPayments, OpFindRefund:
		return &payment.UnavailableError{Op: string(op), Err: err}
	}
	return &payment.UnknownError{Op: string(op), Err: err}
}

// refused is the gateway's no, in Razorpay's code.
func refused(op Op, reason string) error {
	return &payment.RefusedError{Op: string(op), Code: "BAD_REQUEST_ERROR", Reason: reason}
}
