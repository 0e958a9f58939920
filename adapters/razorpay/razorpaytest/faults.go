package razorpaytest

import (
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/internal/mishap"
)

// Op names what a fault is planted in.
type Op string

// The calls of the API, and what the customer and the webhooks do.
const (
	OpCreateOrder Op = "create order"
	OpFindOrder   Op = "find order" // the list of orders
	OpOrder       Op = "read order"
	OpPayments    Op = "read payments" // of an order
	OpPayment     Op = "read payment"
	OpCapture     Op = "capture"
	OpRefund      Op = "refund"
	OpFindRefund  Op = "find refund"
	OpPay         Op = "pay"     // Server.Attempt and what is made of it
	OpWebhook     Op = "webhook" // one delivery
)

// Kind is a way to go wrong.
type Kind string

// The kinds that every call of the API can meet, not done first.
const (
	Unreachable  Kind = "unreachable"   // no connection; through Server.Client only
	Refuse       Kind = "refuse"        // 400, not done
	Unauthorized Kind = "unauthorized"  // 401, not done
	RateLimit    Kind = "rate limit"    // 429, not done
	Conflict     Kind = "conflict"      // 409, not done
	ServerError  Kind = "server error"  // 500, not done
	BadGateway   Kind = "bad gateway"   // 502, not done
	Redirect     Kind = "redirect"      // 302 to another host, not done
	FirewallPage Kind = "firewall page" // 403 and HTML, not done
	LoseRequest  Kind = "lose request"  // cut, not done
	LoseReply    Kind = "lose reply"    // done, cut
	ErrorAfter   Kind = "error after"   // done, 500
	TimeoutAfter Kind = "timeout after" // done, 504
	HalfReply    Kind = "half reply"    // done, half of the document
	EmptyReply   Kind = "empty reply"   // done, 200 and nothing
	HTMLReply    Kind = "HTML reply"    // done, 200 and a page
	FloatReply   Kind = "float reply"   // done, amounts written as 499.5
	HugeReply    Kind = "huge reply"    // done, two megabytes before the document
	Slow         Kind = "slow"          // done, answered after Delay
	Hang         Kind = "hang"          // done, never answered
)

// The kinds of single calls.
const (
	DuplicateOrder Kind = "duplicate order" // OpCreateOrder: two orders are made, the second is answered
	StaleList      Kind = "stale list"      // OpFindOrder: the newest order is not in the list yet
	PayShort       Kind = "pay short"       // OpPay: for By minor units less
	PayOver        Kind = "pay over"        // OpPay: for By minor units more
	PayForeign     Kind = "pay foreign"     // OpPay: in dollars
	PayLate        Kind = "pay late"        // OpPay: fails, and is authorised after Delay
	CaptureTwice   Kind = "capture twice"   // OpPay: a second payment of the order is captured besides
	LoseEvent      Kind = "lose event"      // OpWebhook: not delivered this time
	RepeatEvent    Kind = "repeat event"    // OpWebhook: delivered twice
	AlterEvent     Kind = "alter event"     // OpWebhook: a byte of the body is another
	ForgeEvent     Kind = "forge event"     // OpWebhook: signed with the key's secret instead of the webhook's
)

// Kinds lists every kind of fault.
func Kinds() []Kind {
	return append(anywhere(), DuplicateOrder, StaleList, PayShort, PayOver, PayForeign, PayLate, CaptureTwice,
		LoseEvent, RepeatEvent, AlterEvent, ForgeEvent)
}

func anywhere() []Kind {
	return []Kind{
		Unreachable, Refuse, Unauthorized, RateLimit, Conflict, ServerError, BadGateway, Redirect, FirewallPage, LoseRequest,
		LoseReply, ErrorAfter, TimeoutAfter, HalfReply, EmptyReply, HTMLReply, FloatReply, HugeReply, Slow, Hang,
	}
}

// Fault is one mishap, taken by the first call it fits.
type Fault struct {
	Op    Op
	Kind  Kind
	Delay time.Duration // Slow, PayLate
	By    int64         // PayShort, PayOver: 1 when zero
	Skip  int           // so many calls of Op go well first
	Times int           // so many calls go wrong, 1 when zero
}

// Plant adds faults. Each call takes the oldest that is planted for it. Where a kind does not fit its call, none is
// planted.
func (s *Server) Plant(faults ...Fault) error {
	for _, f := range faults {
		if !fits(f) {
			return fmt.Errorf("razorpaytest: %q does not go with %q", f.Kind, f.Op)
		}
	}
	planted := slices.Clone(faults)
	for i := range planted {
		planted[i].By = max(planted[i].By, 1)
	}
	s.faults.Plant(planted...)
	return nil
}

// Planted returns the faults that no call has taken yet, so that a test can tell that its fault was met.
func (s *Server) Planted() []Fault { return s.faults.Planted() }

// Calls is how often a call came, whatever became of it.
func (s *Server) Calls(op Op) int { return s.faults.Calls(op) }

func fits(f Fault) bool {
	switch f.Kind {
	case DuplicateOrder:
		return f.Op == OpCreateOrder
	case StaleList:
		return f.Op == OpFindOrder
	case PayShort, PayOver, PayForeign, PayLate, CaptureTwice:
		return f.Op == OpPay
	case LoseEvent, RepeatEvent, AlterEvent, ForgeEvent:
		return f.Op == OpWebhook
	}
	api := []Op{OpCreateOrder, OpFindOrder, OpOrder, OpPayments, OpPayment, OpCapture, OpRefund, OpFindRefund}
	return slices.Contains(anywhere(), f.Kind) && slices.Contains(api, f.Op)
}

func newFaults() *mishap.Queue[Op, Fault] {
	return mishap.New(func(f *Fault) (Op, *int, *int) { return f.Op, &f.Skip, &f.Times })
}
