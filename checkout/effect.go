package checkout

import (
	"strings"
	"time"
)

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
	EffectRefundPart         EffectKind = "refund_part" // what staff asked to give back of a good sale
	EffectCreateOrder        EffectKind = "create_order"
	EffectCompleteOrder      EffectKind = "complete_order"
	EffectCheckStock         EffectKind = "check_stock"   // read again whether the store has subtracted our order's stock
	EffectRestoreStock       EffectKind = "restore_stock" // put back what the store subtracted twice
	EffectFindTwins          EffectKind = "find_twins"    // look again where a look failed
	EffectTrashTwin          EffectKind = "trash_twin"
	EffectCancelOrder        EffectKind = "cancel_order"
	EffectClearCart          EffectKind = "clear_cart"
	EffectNotify             EffectKind = "notify"
	EffectShip               EffectKind = "ship"
	EffectTellStore          EffectKind = "tell_store"   // write into the store's order how it stands here
	EffectStoreRefund        EffectKind = "store_refund" // note at the store's order what went back
	EffectNoteOrder          EffectKind = "note_order"   // write into the store's order what is due on delivery
	EffectSettleCash         EffectKind = "settle_cash"  // tell the store's order that the cash has arrived
)

// Effect is the one thing to do now.
type Effect struct {
	Kind EffectKind
	Ref  string // which payment, order, or notice
	// Find says that an earlier attempt may have taken effect: look before doing.
	Find bool
	// Until is when to look again (EffectWait; EffectStuck where something else falls due).
	Until time.Time
	// Why explains the decision, for the timeline and for operators.
	Why string
}

// waits reports whether there is nothing to perform now.
func (e Effect) waits() bool {
	return e.Kind == EffectNone || e.Kind == EffectWait || e.Kind == EffectStuck
}

// outside reports whether the effect is a call to another system, whose intent is committed before it is made; the others
// change only our own store.
func (k EffectKind) outside() bool {
	switch k {
	case EffectAbandon, EffectClose, EffectReopen:
		return false
	}
	return true
}

// settles reports whether the effect, once its outcome is unknown and nothing is found, must wait for the other side to
// be surely finished before it is sent again, because doing it twice would hurt.
func (k EffectKind) settles() bool {
	switch k {
	case EffectCreateOrder, EffectCompleteOrder, EffectRestoreStock, EffectShip, EffectTellStore, EffectStoreRefund:
		return true
	}
	return false
}

// mustResolve reports whether an unknown outcome has to be found out even when the effect is no longer wanted, because
// what follows depends on it.
func (k EffectKind) mustResolve() bool {
	switch k {
	case EffectCapture, EffectRefund, EffectRefundPart, EffectCreateOrder, EffectCompleteOrder, EffectShip, EffectStoreRefund:
		return true
	}
	return false
}

// unhurried reports whether the effect is left to the background: no shopper waits for a mail, a parcel or the store's
// books.
func (k EffectKind) unhurried() bool {
	return k == EffectNotify || k == EffectShip || k == EffectFindTwins || k == EffectCheckStock || k == EffectRestoreStock || k == EffectNoteOrder || k == EffectTellStore
}

// String names the effect and what it is about.
func (e Effect) String() string {
	return strings.TrimSpace(string(e.Kind) + " " + e.Ref)
}

func wait(until time.Time, why string) Effect {
	return Effect{Kind: EffectWait, Until: until, Why: why}
}

func none(why string) Effect { return Effect{Kind: EffectNone, Why: why} }
