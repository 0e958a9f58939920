package checkout

import "time"

// EffectKind names one thing the engine can do for a checkout.
type EffectKind string

// What Next can ask for. The first group waits, the second changes only our own store, the third calls outside.
const (
	EffectNone  EffectKind = "none"  // nothing is due, ever
	EffectWait  EffectKind = "wait"  // nothing is due before Until
	EffectStuck EffectKind = "stuck" // given up; a person must say Retry

	EffectAbandon EffectKind = "abandon" // close an idle checkout that was never placed
	EffectClose   EffectKind = "close"   // give up an unpaid order whose payment window has passed: release its stock
	EffectReopen  EffectKind = "reopen"  // money came after closing: claim the stock again, or find that it is gone

	EffectCreateGatewayOrder EffectKind = "create_gateway_order"
	EffectInspectPayments    EffectKind = "inspect_payments"
	EffectCapture            EffectKind = "capture"
	EffectRefund             EffectKind = "refund"
	EffectCreateOrder        EffectKind = "create_order"
	EffectCompleteOrder      EffectKind = "complete_order"
	EffectTrashTwin          EffectKind = "trash_twin"
	EffectCancelOrder        EffectKind = "cancel_order"
	EffectClearCart          EffectKind = "clear_cart"
	EffectNotify             EffectKind = "notify"
	EffectShip               EffectKind = "ship"
)

// Effect is the one thing to do now.
type Effect struct {
	Kind EffectKind
	Ref  string // which payment, order, or notice
	// Find says that an earlier attempt may have taken effect: look before doing.
	Find bool
	// Until is when to look again (EffectWait).
	Until time.Time
	// Why explains the decision, for the timeline and for operators.
	Why string
}

// waits reports whether there is nothing to perform now.
func (e Effect) waits() bool {
	return e.Kind == EffectNone || e.Kind == EffectWait || e.Kind == EffectStuck
}

// settles reports whether the effect, once its outcome is unknown and nothing is found, must wait for the other side to
// be surely finished before it is sent again, because doing it twice would hurt.
func (k EffectKind) settles() bool {
	switch k {
	case EffectCreateOrder, EffectCompleteOrder, EffectShip:
		return true
	}
	return false
}

// mustResolve reports whether nothing else may happen while it is unknown whether the effect took place.
func (k EffectKind) mustResolve() bool {
	switch k {
	case EffectCapture, EffectRefund, EffectCreateOrder, EffectCompleteOrder, EffectShip:
		return true
	}
	return false
}

// optional reports whether a sale goes on without the effect when it was given up.
func (k EffectKind) optional() bool {
	return k == EffectNotify || k == EffectClearCart
}

func wait(until time.Time, why string) Effect {
	return Effect{Kind: EffectWait, Until: until, Why: why}
}

func none(why string) Effect { return Effect{Kind: EffectNone, Why: why} }
