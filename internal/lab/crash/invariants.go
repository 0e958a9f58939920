package crash

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// soon is by when money that was captured has become an order or a refund: the longest lease, the longest call outside,
// and the pauses of a few failures. Each call that is spoiled has its own.
const soon = 10 * time.Minute

// afterHolds is from then until every hold of the story is over: fifteen minutes, and one more.
const afterHolds = 6 * time.Minute

// Invariants are what is held to, by the name under which a violation is told.
func Invariants() map[string]string {
	return map[string]string{
		"I1":  "at most what there is is reserved and allocated",
		"I5":  "a hold is gone a minute after its time at the latest",
		"I6":  "no piece appears or vanishes, here or in the store of record",
		"I9":  "of the money captured, nothing or the price of the order is kept, and at most one capture",
		"I10": "captured money is one order or one full refund, soon",
		"I11": "one payment is what a sale stands on",
		"I13": "a payment belongs to one checkout",
		"I17": "no more is given back than was taken",
		"I18": "what has happened stays so",
		"I19": "a coupon is used as often as it may be",
		"I20": "one order takes effect, and no other is left pending",
		"I21": "every event is told, in order",
		"I23": "hearing again changes nothing",
		"I25": "one mail of each kind, one parcel",
		"I26": "placing again answers with what was placed",
		"I28": "nothing is tried for ever, and nothing is given up in a world that is well again",
		"I29": "whatever crashed, a fresh process goes on",
	}
}

// history is what every record was last seen as.
type history map[checkout.ID]facts

// facts are what nothing takes back.
type facts struct {
	version int64
	due     time.Time
	key     string // it was placed with
	order   int64  // in effect
	bound   string // the payment the sale stands on
	refunds int
}

func factsOf(r checkout.Record) facts {
	f := facts{version: r.Version, due: r.DueAt, bound: r.Payments.Bound(), refunds: len(r.Refunds)}
	if r.Placed != nil {
		f.key = r.Placed.Key
	}
	if r.Order != nil && !r.Order.CompletedAt.IsZero() {
		f.order = r.Order.ID
	}
	return f
}

// committed holds a record against what it was.
func (t *Trial) committed(r checkout.Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	was, now := t.history[r.ID], factsOf(r)
	t.history[r.ID] = now
	switch {
	case now.version <= was.version:
		t.violate("I18", "version %d came after %d", now.version, was.version)
	case was.key != "" && now.key != was.key:
		t.violate("I18", "what was placed is so no more")
	case was.order != 0 && now.order != was.order:
		t.violate("I18", "an order was in effect and is so no more")
	case was.bound != "" && now.bound != was.bound:
		t.violate("I11", "the sale stood on payment %s and now on %q", was.bound, now.bound)
	case now.refunds < was.refunds:
		t.violate("I18", "a refund was forgotten")
	}
}

// books is what can be seen of one checkout from outside.
type books struct {
	record             checkout.Record
	orders             []checkout.StoreOrder
	effective          []checkout.StoreOrder
	captured, refunded int64
	kept               int // captures of which anything is kept
}

func (t *Trial) read(id checkout.ID) (books, bool) {
	r, err := t.Config.Store.Load(t.ctx, id)
	if err != nil {
		t.violate("trial", "the record cannot be read: %v", err)
		return books{}, false
	}
	b := books{record: r}
	if b.orders, err = t.Look(t.ctx, r.Token); err != nil {
		t.violate("trial", "the orders cannot be read: %v", err)
		return b, false
	}
	for _, o := range b.orders {
		if o.Effective() {
			b.effective = append(b.effective, o)
		}
	}
	for _, id := range t.Bank.Orders(r.Token) {
		payments, err := t.Config.Payments[0].Gateway.Payments(t.ctx, id)
		if err != nil {
			t.violate("trial", "the payments cannot be read: %v", err)
			return b, false
		}
		t.add(&b, payments)
	}
	return b, true
}

func (t *Trial) add(b *books, payments []payment.Payment) {
	for _, p := range payments {
		if p.Status != payment.StatusCaptured && p.Status != payment.StatusRefunded {
			continue
		}
		b.captured += p.Amount.Minor()
		b.refunded += p.Refunded.Minor()
		if p.Refunded.Minor() > p.Amount.Minor() {
			t.violate("I17", "%d given back of %d", p.Refunded.Minor(), p.Amount.Minor())
		}
		if p.Refunded.Minor() < p.Amount.Minor() {
			b.kept++
		}
	}
}

// settledSoon looks when the world has been well for a while: money is an order or on its way back. Where a store that
// decides has answered as a replica does, against its contract, a day is what is promised.
func (t *Trial) settledSoon() {
	if t.points.behind {
		return
	}
	for id := range t.history {
		if b, ok := t.read(id); ok && b.captured > b.refunded && len(b.effective) == 0 {
			t.violate("I10", "%s after the world is well, %d is captured, %d given back, and there is no order: %s",
				soon, b.captured, b.refunded, b.record.Status())
		}
	}
}

// nothingHeld looks when the time of every hold is over.
func (t *Trial) nothingHeld() {
	admitted, err := t.Config.Reserver.(inventory.Levels).Levels(t.ctx, []inventory.Item{Item()})
	if err != nil {
		t.violate("trial", "the reserver cannot be read: %v", err)
	}
	for _, l := range admitted {
		if l.Reserved != 0 {
			t.violate("I5", "%d pieces are held for nobody", l.Reserved)
		}
	}
}

// judge holds everything to the invariants, and digests how it stands.
func (t *Trial) judge() (digest string) {
	var claims claims
	var all []books
	for _, id := range slices.Sorted(maps.Keys(t.history)) {
		b, ok := t.read(id)
		if !ok {
			continue
		}
		t.judgeMoney(b)
		t.judgeOrder(b)
		t.judgeRest(b)
		claims.add(b)
		all = append(all, b)
		digest += fmt.Sprintf("[%s %s orders=%d captured=%d refunded=%d mails=%v parcels=%d]", id, b.record.Status(), len(b.effective),
			b.captured, b.refunded, t.Post.told(id), t.Post.booked(id))
	}
	t.judgeStock(claims)
	t.judgeCoupon(all)
	return digest
}

// claims are the pieces that checkouts and orders say they have, and those the store of record has back: our books hear
// of these by reconciliation.
type claims struct{ allocated, sold, ordered, back int64 }

func (c *claims) add(b books) {
	for _, h := range b.record.Allocated {
		switch b.record.Stock {
		case checkout.StockAllocated:
			c.allocated += h.Quantity
		case checkout.StockConfirmed, checkout.StockShipped:
			c.sold += h.Quantity
		}
	}
	for _, l := range b.record.Lines {
		c.ordered += int64(len(b.effective)) * l.Line.Quantity
	}
	for _, back := range b.record.PartReturns {
		for _, l := range back.Lines {
			c.back += l.Quantity
		}
	}
}

func (t *Trial) judgeMoney(b books) {
	r := b.record
	switch held := b.captured - b.refunded; {
	case len(b.effective) == 0 && held != 0:
		t.violate("I10", "no order, %d captured, %d given back: %s", b.captured, b.refunded, r.Status())
	case len(b.effective) > 0 && held != r.Placed.Plan.Online.Minor()-asked(r):
		t.violate("I9", "an order for %s online, %d captured, %d given back, %d of it by staff", r.Placed.Plan.Online, b.captured, b.refunded, asked(r))
	case len(b.effective) > 0 && notedAt(b.effective[0]) != asked(r) && len(r.Alerts) == 0: // else people were told
		t.violate("I9", "%d given back by staff, and %d noted at the order", asked(r), notedAt(b.effective[0]))
	case b.kept > 1:
		t.violate("I9", "%d captures are kept", b.kept)
	}
	if bound := r.Payments.Bound(); bound != "" {
		if id, err := t.Config.Store.Find(t.ctx, checkout.Ref{Kind: checkout.RefPayment, Value: bound}); err != nil || id != r.ID {
			t.violate("I13", "payment %s is bound to %q: %v", bound, id, err)
		}
	}
}

// asked is what staff gave back.
func asked(r checkout.Record) (sum int64) {
	for _, a := range r.Asked {
		sum += a.Amount.Minor()
	}
	return sum
}

// notedAt is what the store of record says was given back.
func notedAt(o checkout.StoreOrder) (sum int64) {
	for _, r := range o.Refunds {
		sum += r.Amount.Minor()
	}
	return sum
}

func (t *Trial) judgeOrder(b books) {
	if len(b.effective) > 1 {
		t.violate("I20", "%d orders took effect", len(b.effective))
	}
	for _, o := range b.orders {
		if !o.Effective() && !o.Trashed() && !o.Draft() {
			t.violate("I20", "order %d is left %s", o.ID, o.Status)
		}
	}
	for _, o := range b.effective {
		switch r := b.record; {
		case r.Order == nil || r.Order.ID != o.ID || r.Order.CompletedAt.IsZero():
			t.violate("I20", "order %d took effect and the checkout does not know", o.ID)
		case !o.Total.Equal(r.Quote.Totals.Total):
			t.violate("I20", "order %d totals %s, the quote %s", o.ID, o.Total, r.Quote.Totals.Total)
		case r.Closing != nil:
			t.violate("I20", "order %d took effect, and the checkout is %s", o.ID, r.Status())
		}
		for _, l := range o.Lines {
			if l.Reduced != l.Quantity && len(b.record.PartReturns) == 0 {
				t.violate("I20", "order %d took %d pieces of %d from the store's stock", o.ID, l.Reduced, l.Quantity)
			}
		}
	}
	if len(b.effective) == 0 && b.record.Placed != nil && b.record.Closing == nil {
		t.violate("I29", "a day later it is %s", b.record.Status())
	}
}

func (t *Trial) judgeRest(b books) {
	r, ordered := b.record, len(b.effective)
	told := t.Post.told(r.ID)
	for kind, n := range told {
		if n > 1 {
			t.violate("I25", "%d mails that it is %s", n, kind)
		}
	}
	if told[checkout.NoticeOrderConfirmed] != ordered || t.Post.booked(r.ID) != ordered {
		t.violate("I25", "%d orders, %d confirmations, %d parcels", ordered, told[checkout.NoticeOrderConfirmed], t.Post.booked(r.ID))
	}
	heard := t.Post.heard(r.ID)
	for i, n := range heard {
		if n != int64(i+1) {
			t.violate("I21", "a consumer heard %v", heard)
			break
		}
	}
	if int64(len(heard)) != r.Events {
		t.violate("I21", "%d events happened, %d were heard", r.Events, len(heard))
	}
	if r.Stuck() {
		t.violate("I28", "it waits for a person: %+v", r.Intents)
	}
	for _, i := range r.Intents {
		if i.Attempts > r.Policy.MaxAttempts {
			t.violate("I28", "%s was attempted %d times", i.Effect, i.Attempts)
		}
	}
	if r.Placed != nil {
		again, err := t.other.Place(t.ctx, checkout.PlaceRequest{Owner: r.Owner, ID: r.ID, Key: r.Placed.Key, QuoteHash: r.Placed.Hash})
		if r.Closing == nil && (err != nil || again.Version != r.Version) {
			t.violate("I26", "placing again: %v", err)
		}
	}
}

func (t *Trial) judgeStock(c claims) {
	levels, err := t.Books.Levels(t.ctx, []inventory.Item{Item()})
	if err != nil {
		t.violate("trial", "the levels cannot be read: %v", err)
		return
	}
	var all inventory.Level
	for _, l := range levels {
		if l.Allocated > l.OnHand {
			t.violate("I1", "%d allocated of %d at %s", l.Allocated, l.OnHand, l.Key.Location)
		}
		all.Allocated, all.Sold, all.Shipped = all.Allocated+l.Allocated, all.Sold+l.Sold, all.Shipped+l.Shipped
		t.judgeLedger(Item(), l)
	}
	if all.Allocated != c.allocated || all.Sold+all.Shipped != c.sold || c.sold != c.ordered {
		t.violate("I6", "%d allocated, %d sold and %d shipped; checkouts say %d and %d, orders %d", all.Allocated, all.Sold,
			all.Shipped, c.allocated, c.sold, c.ordered)
	}
	if there, err := t.Sold(); err != nil || there != c.ordered-c.back {
		t.violate("I6", "the store of record took %d pieces for orders of %d: %v", there, c.ordered-c.back, err)
	}
	admitted, err := t.Config.Reserver.(inventory.Levels).Levels(t.ctx, []inventory.Item{Item()})
	for _, l := range admitted {
		if l.Allocated+l.Reserved > l.OnHand {
			t.violate("I1", "the reserver knows %+v", l)
		}
	}
	if err != nil {
		t.violate("trial", "the reserver cannot be read: %v", err)
	}
}

func (t *Trial) judgeLedger(item inventory.Item, level inventory.Level) {
	entries, err := t.Books.Entries(t.ctx, inventory.LedgerQuery{Item: item, Limit: inventory.MaxLedgerLimit})
	if err != nil {
		t.violate("trial", "the ledger cannot be read: %v", err)
		return
	}
	if err := inventory.Conserved(entries, level); err != nil {
		t.violate("I6", "%v", err)
	}
}

func (t *Trial) judgeCoupon(all []books) {
	item := inventory.CouponItem(t.Coupon)
	level, err := t.level(t.ctx, item)
	if err != nil {
		t.violate("trial", "the coupon cannot be read: %v", err)
		return
	}
	used := int64(0)
	for _, b := range all {
		if b.record.Quote != nil && len(b.record.Quote.Coupons) > 0 {
			used += int64(len(b.effective))
		}
	}
	if used > 1 || level.Sold != used || level.Allocated != 0 {
		t.violate("I19", "%d orders used the coupon, %+v", used, level)
	}
	if level.Revision > 0 {
		t.judgeLedger(item, level)
	}
}

// rupee is one, in the currency of the record's total.
func rupee(r checkout.Record) pricing.Money {
	if r.Quote == nil {
		return pricing.Money{}
	}
	m, err := pricing.New(100, r.Quote.Totals.Total.Currency())
	if err != nil {
		return pricing.Money{}
	}
	return m
}
