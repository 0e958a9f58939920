package simulate_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// watch holds every step to the invariants, by the numbers that promises give them.
type watch struct {
	w        *world
	failures []string

	facts    map[checkout.ID]fact
	byToken  map[string]checkout.ID
	payments map[string]checkout.ID // by payment id: whom it was bound to
	ends     map[string]inventory.ReservationState
	failed   map[string]bool // payments that had failed
	books    books
	doneAt   map[string]time.Time // by payment: when it had its order or had gone back
	slowest  time.Duration        // from known money to its end
}

// fact is what is remembered of a record between two commits.
type fact struct {
	record   checkout.Record // slices in it are shared: only what is copied below is relied on
	status   checkout.Status
	version  int64
	bound    string
	orderID  int64
	effect   bool
	shipped  bool
	refunds  int
	timeline int
	unplace  string
	intents  []checkout.Intent
	due      time.Time
	knownAt  map[string]time.Time // by payment: when it was first known to be captured
	alerts   int
}

func newWatch(w *world) *watch {
	return &watch{
		w: w, facts: map[checkout.ID]fact{}, byToken: map[string]checkout.ID{}, payments: map[string]checkout.ID{},
		ends: map[string]inventory.ReservationState{}, failed: map[string]bool{}, books: newBooks(), doneAt: map[string]time.Time{},
	}
}

// broken notes that an invariant does not hold.
func (k *watch) broken(invariant, what string) {
	k.failures = append(k.failures, fmt.Sprintf("%s: %s, at %s", invariant, what, k.w.now().Format("02 15:04:05.000")))
}

func (k *watch) must(ok bool, invariant, format string, args ...any) {
	if !ok {
		k.broken(invariant, fmt.Sprintf(format, args...))
	}
}

// committed looks at what one transaction wrote.
func (k *watch) committed(ctx context.Context, c checkout.Change, done checkout.Committed, err error) {
	if err != nil {
		k.refused(ctx, c, err)
		return
	}
	r := done.Record
	before, known := k.facts[r.ID]
	next := k.read(ctx, r, before)
	if known {
		k.compare(r, before, next)
	}
	k.bind(r, c)
	k.stock(r, c, done)
	k.facts[r.ID], k.byToken[r.Token] = next, r.ID
	if !r.DueAt.IsZero() {
		k.w.hurry("advance", r.DueAt)
	}
	if len(c.Outbox) > 0 {
		k.w.hurry("events", k.w.now())
	}
}

// read makes the fact of a record as written.
func (k *watch) read(_ context.Context, r checkout.Record, before fact) fact {
	next := fact{
		record: r, status: r.Status(), version: r.Version, bound: r.Payments.Bound(), refunds: len(r.Refunds),
		timeline: len(r.Timeline), unplace: r.Unplaceable, intents: slices.Clone(r.Intents), due: r.DueAt,
		knownAt: before.knownAt, alerts: len(r.Alerts), shipped: r.Shipment != nil,
	}
	if r.Order != nil {
		next.orderID, next.effect = r.Order.ID, !r.Order.CompletedAt.IsZero()
	}
	for _, p := range r.Payments.Payments() {
		if _, known := next.knownAt[p.ID]; !known && p.Status == payment.StatusCaptured {
			if next.knownAt == nil {
				next.knownAt = map[string]time.Time{}
			}
			next.knownAt[p.ID] = k.w.now()
		}
	}
	return next
}

// compare holds a record against the one before: facts are never taken back.
func (k *watch) compare(r checkout.Record, before, next fact) {
	name := string(r.ID)
	k.must(next.version == before.version+1, "I18", "%s went from version %d to %d", name, before.version, next.version)
	k.must(before.bound == "" || next.bound == before.bound, "I13", "%s stood on %s and stands on %s", name, before.bound, next.bound)
	k.must(!before.effect || next.effect && next.orderID == before.orderID, "I18", "the order of %s is not in effect any more", name)
	k.must(!before.shipped || next.shipped, "I18", "the parcel of %s has gone from the record", name)
	k.must(next.refunds >= before.refunds && next.timeline >= before.timeline, "I18", "the history of %s has become shorter", name)
	k.must(before.unplace == "" || next.unplace != "", "I18", "%s can be placed again", name)
	k.must(!(next.effect && next.unplace != ""), "I10", "%s is an order and is given up", name)
	for _, i := range next.intents {
		k.must(i.Attempts <= k.w.policy.MaxAttempts+attemptsBeyond, "I28", "%s tries %s for the %dth time", name, i.Effect, i.Attempts)
		k.w.rare.sawIf(i.Dead, "an effect was given up and waits for a person")
	}
	k.moments(r, before, next)
}

// attemptsBeyond is how often an effect may be tried beyond MaxAttempts: looks at payments
// go on, once an hour, for as long as one may arrive.
const attemptsBeyond = 24 * 7

// refused sees what the store would not take.
func (k *watch) refused(ctx context.Context, c checkout.Change, err error) {
	t := who(ctx)
	if is(err, checkout.ErrConflict) && t.process != nil {
		k.w.rare.saw("two were at the same checkout at once")
	}
	if is(err, inventory.ErrInsufficient) && c.Record.Placed != nil && c.Record.Closing == nil {
		k.w.rare.sawIf(c.Record.Version > 0, "the shelf admitted a shopper whom the books refused, or late money found no stock")
	}
}

// bind holds payments to one checkout for ever.
func (k *watch) bind(r checkout.Record, c checkout.Change) {
	for _, ref := range c.Bind {
		if ref.Kind != checkout.RefPayment {
			continue
		}
		holder, taken := k.payments[ref.Value]
		k.must(!taken || holder == r.ID, "I13", "payment %s is bound to %s and to %s", ref.Value, holder, r.ID)
		k.payments[ref.Value] = r.ID
	}
}

// asked checks that a call was written down before it was made.
func (k *watch) asked(ctx context.Context, token string, kind checkout.EffectKind) {
	f, ok := k.facts[k.byToken[token]]
	k.must(ok && f.record.Placed != nil, "I30", "%s of %s, which was not placed", kind, token)
	intended := slices.ContainsFunc(f.intents, func(i checkout.Intent) bool { return i.Effect == kind })
	// Replicas' clocks differ: one whose lease has run out by another's may make a gateway order too, which nobody is shown.
	second := kind == checkout.EffectCreateGatewayOrder && f.record.Gateway != nil
	k.w.rare.sawIf(second, "two replicas made the gateway's order")
	k.must(intended || late(ctx) || second, "I29", "%s of %s was not written down before", kind, f.record.ID)
}

// late says that a call takes effect after its caller gave up; the record may have moved on.
func late(ctx context.Context) bool { t := who(ctx); return t.process == nil || t.process.dead }

// captures checks a capture before it happens.
func (k *watch) captures(ctx context.Context, id string, amount pricing.Money) {
	for _, f := range k.facts {
		for _, p := range f.record.Payments.Payments() {
			if p.ID != id {
				continue
			}
			g := f.record.Gateway
			k.must(g != nil && p.OrderID == g.ID && amount.Equal(g.Amount) && p.Amount.Equal(amount), "I12", "capture of %s: %s for an order of %v", id, amount, g)
			k.asked(ctx, f.record.Token, checkout.EffectCapture)
			return
		}
	}
	k.broken("I12", "capture of "+id+", which no record has seen")
}

// refunds checks a refund before it happens.
func (k *watch) refunds(ctx context.Context, r payment.RefundRequest) {
	kind := checkout.EffectRefundPart
	if wholeRefund(r.Key) {
		kind = checkout.EffectRefund
		for _, o := range k.w.woo.All() {
			k.must(!(o.Effective() && o.TransactionID == r.PaymentID), "I10", "refund of %s, on which order %d stands", r.PaymentID, o.ID)
		}
	}
	holder, ok := k.payments[r.PaymentID]
	k.must(ok, "I17", "refund of %s, which nobody has seen captured", r.PaymentID)
	k.asked(ctx, k.facts[holder].record.Token, kind)
}

// tookEffect checks an order that has just taken effect.
func (k *watch) tookEffect(ctx context.Context, o checkout.StoreOrder, how checkout.Completion) {
	f := k.facts[k.byToken[o.Token]]
	k.asked(ctx, o.Token, checkout.EffectCompleteOrder)
	k.must(f.orderID == o.ID, "I20", "order %d took effect, ours is %d", o.ID, f.orderID)
	n := 0
	for _, other := range k.w.woo.All() {
		if other.Token == o.Token && other.Effective() {
			n++
		}
	}
	k.must(n == 1, "I20", "%d orders of %s took effect", n, f.record.ID)
	k.must(o.Total.Equal(f.record.Quote.Totals.Total), "I15", "order %d totals %s", o.ID, o.Total)
	if !how.Paid {
		k.must(f.record.PaymentMethod == payment.MethodCOD, "I10", "order %d took effect unpaid", o.ID)
		part, ok := k.w.paymentOf(f.record.Token, f.bound)
		k.must(f.record.Placed.Plan.Online.IsZero() || ok && part.Amount.Equal(f.record.Placed.Plan.Online), "I12",
			"order %d took effect without the part of %s that was to be paid before", o.ID, f.record.Placed.Plan.Online)
		k.done(f.bound)
		return
	}
	k.done(how.TransactionID)
	paid, ok := k.w.paymentOf(f.record.Token, how.TransactionID)
	k.must(ok && paid.OrderID == f.record.Gateway.ID && paid.Amount.Equal(f.record.Placed.Plan.Online), "I12", "order %d stands on %s: %+v", o.ID, how.TransactionID, paid)
	k.must(paid.Status == payment.StatusCaptured || paid.Status == payment.StatusRefunded && len(f.record.Asked) > 0, "I12", "order %d stands on a payment that is %s", o.ID, paid.Status)
}

// done notes that a payment has its order, or has gone back.
func (k *watch) done(paymentID string) {
	if _, known := k.doneAt[paymentID]; !known {
		k.doneAt[paymentID] = k.w.now()
	}
}

// paymentOf looks behind the gateway's counter.
func (w *world) paymentOf(token, id string) (payment.Payment, bool) {
	for _, p := range w.paymentsOf(token) {
		if p.ID == id {
			return p, true
		}
	}
	return payment.Payment{}, false
}

func (w *world) paymentsOf(token string) []payment.Payment {
	var all []payment.Payment
	for _, o := range w.gateway.Orders(token) {
		list, err := w.gateway.Payments(context.Background(), o.ID)
		if err != nil {
			panic(err)
		}
		all = append(all, list...)
	}
	return all
}

// ordered and trashes see orders come and go.
func (k *watch) ordered(o checkout.StoreOrder) {
	n := 0
	for _, other := range k.w.woo.All() {
		if other.Token == o.Token && !other.Trashed() {
			n++
		}
	}
	k.w.rare.sawIf(n > 1, "a twin of an order was made")
}

func (k *watch) trashes(o checkout.StoreOrder) {
	k.must(!o.Effective(), "I20", "order %d is cancelled after it took effect", o.ID)
	f := k.facts[k.byToken[o.Token]]
	k.w.rare.sawIf(f.orderID != o.ID && o.Status == "pending", "a twin was trashed")
}

// published sees an event arrive; it may come again, but not too soon.
func (k *watch) published(e checkout.Event) {
	last := k.w.stream.seen[e.Checkout]
	k.must(e.Sequence <= last+1, "I21", "event %d of %s came after %d", e.Sequence, e.Checkout, last)
	k.w.rare.sawIf(e.Sequence <= last, "an event was published twice")
	k.w.stream.seen[e.Checkout] = max(last, e.Sequence)
}

// booked begins the id of a parcel that the carrier has.
const booked = "shp_"

// shipped books a parcel.
func (k *watch) shipped(r checkout.Record) checkout.Shipment {
	k.must(k.facts[r.ID].effect, "I25", "%s is sent without an order in effect", r.ID)
	sh := checkout.Shipment{ID: fmt.Sprint(booked, r.ID, "_", len(k.w.parcels.booked[r.ID])), Carrier: "Blue Dart", Tracking: "1", At: k.w.now()}
	k.w.parcels.booked[r.ID] = append(k.w.parcels.booked[r.ID], sh)
	k.must(len(k.w.parcels.booked[r.ID]) == 1, "I25", "%s is sent %d times", r.ID, len(k.w.parcels.booked[r.ID]))
	return sh
}

// reserved sees a reservation as it is answered; one has one end.
func (k *watch) reserved(r inventory.Reservation, err error) (inventory.Reservation, error) {
	if r.ID == "" || r.State == "" || r.State == inventory.Active {
		return r, err
	}
	end, known := k.ends[r.ID]
	k.must(!known || end == r.State, "I4", "reservation %s ended as %s and as %s", r.ID, end, r.State)
	k.ends[r.ID] = r.State
	return r, err
}

// untilDue is how long nothing is due.
func (k *watch) untilDue() time.Duration {
	wait, now := 24*time.Hour, k.w.now()
	for _, f := range k.facts {
		if !f.due.IsZero() {
			wait = min(wait, f.due.Sub(now))
		}
	}
	return wait
}
