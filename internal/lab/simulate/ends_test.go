package simulate_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// left is how many of something nobody has claimed.
func (w *world) left(key inventory.Key) int64 {
	levels, err := w.books.Levels(context.Background(), []inventory.Item{key.Item})
	if err != nil || len(levels) == 0 {
		return 0
	}
	return levels[0].Available()
}

// soon is how long it may take from the moment that money is known, and everything is well,
// to its order or its refund: a minute, and the waits that Policy documents. A worker that
// is gone holds its lease; what it may have sent is waited out; the pause after the last
// failure is up to a minute, for what is under way and for what follows it.
func (w *world) soon() time.Duration {
	return time.Minute + w.policy.Lease + w.policy.Settle + 2*time.Minute
}

// wantEnds checks how everything came out.
func (k *watch) wantEnds() {
	k.conserved()
	sold := map[inventory.Key]int64{}
	for id, f := range k.facts {
		r, err := k.w.records.Load(context.Background(), id)
		if err != nil {
			k.broken("I29", err.Error())
			continue
		}
		if ordered := k.wantEnd(r, f); ordered && (r.Stock == checkout.StockConfirmed || r.Stock == checkout.StockShipped) {
			k.wantSold(r, sold)
		}
	}
	k.wantStock(sold)
	if events, err := k.w.records.Pending(context.Background(), 1); err != nil || len(events) > 0 {
		k.broken("I21", "events were never published")
	}
	for _, o := range k.w.woo.All() {
		_, known := k.byToken[o.Token]
		k.must(known, "I20", "order %d is nobody's", o.ID)
	}
}

// wantEnd checks one checkout: an order that took effect once and was paid for once, or no
// order and no money.
func (k *watch) wantEnd(r checkout.Record, f fact) (ordered bool) {
	effective, open := 0, 0
	for _, o := range k.w.woo.All() {
		if o.Token == r.Token && o.Effective() {
			effective++
		}
		if o.Token == r.Token && !o.Effective() && !o.Trashed() && !ended(o) {
			open++
		}
	}
	taken, given := int64(0), int64(0)
	for _, p := range k.w.paymentsOf(r.Token) {
		if p.Status == payment.StatusCaptured || p.Status == payment.StatusRefunded {
			taken, given = taken+p.Amount.Minor(), given+p.Refunded.Minor()
		}
	}
	want := int64(0)
	if ordered = effective == 1 || f.effect && k.calledOff(r); ordered {
		want = r.Placed.Plan.Online.Minor() - asked(r)
	}
	story := fmt.Sprintf("%s is %s: taken %d, given back %d, %d orders, intents %+v, alerts %q", r.ID, r.Status(), taken, given, effective, r.Intents, r.Alerts)
	k.must(effective <= 1, "I20", "%s", story)
	k.must(open == 0, "I20", "%d orders are left pending: %s", open, story)
	k.must(taken-given == want, "I9", "%d should be kept: %s", want, story)
	k.must(ordered == f.effect, "I10", "%s", story)
	k.must(!r.Stuck() || k.hopeless(r), "I29", "it is stuck although staff retried: %s", story)
	k.must(r.Closing != nil || f.effect, "I29", "it never ended: %s", story)
	k.wantTold(r)
	k.wantOnce(r, ordered)
	return ordered
}

// ended reports whether an order that took effect has come to another end.
func ended(o checkout.StoreOrder) bool { return o.Status == "cancelled" || o.Status == "refunded" }

// calledOff reports whether the order came to another end, in the store too.
func (k *watch) calledOff(r checkout.Record) bool {
	return r.Order != nil && ended(k.w.woo.byID(r.Order.ID))
}

// wantTold checks that the store knows what it was told, and that what was called off is so there, unless its own people
// hold against it, of which ours were told.
func (k *watch) wantTold(r checkout.Record) {
	if r.Order == nil {
		return
	}
	o := k.w.woo.byID(r.Order.ID)
	k.must(r.Cancelled == nil || ended(o) || len(r.Alerts) > 0, "I24", "%s was called off, and its order is %s", r.ID, o.Status)
	k.must(len(r.Order.Told) == 0 || o.Told != "" || k.w.woo.edited[o.ID], "I24", "the order of %s was told %q and says nothing", r.ID, r.Order.Told)
}

// hopeless reports whether nothing is left but what no retry can do: cash came for an order that the store's own people had
// cancelled.
func (k *watch) hopeless(r checkout.Record) bool {
	return k.calledOff(r) && !slices.ContainsFunc(r.Intents, func(i checkout.Intent) bool { return i.Effect != checkout.EffectSettleCash })
}

// wantSold adds what a sale's record says is out: all of it, unless something came back, of which the ledger knows.
func (k *watch) wantSold(r checkout.Record, sold map[inventory.Key]int64) {
	for _, h := range r.Allocated {
		n := h.Quantity
		if r.Cancelled != nil || len(r.PartReturns) > 0 {
			n = k.books.sold[string(r.ID)][h.Key]
			k.must(0 <= n && n <= h.Quantity, "I6", "%d of %d %s of %s are out", n, h.Quantity, h.Key, r.ID)
		}
		sold[h.Key] += n
	}
}

// asked is what staff had given back of a good sale.
func asked(r checkout.Record) int64 {
	sum := int64(0)
	for _, a := range r.Asked {
		sum += a.Amount.Minor()
	}
	return sum
}

// wantOnce checks that an order was announced once and sent once.
func (k *watch) wantOnce(r checkout.Record, ordered bool) {
	want := 0
	if ordered {
		want = 1
	}
	sent := 0
	for _, key := range k.w.mail.sent {
		if key == string(r.ID)+" "+string(checkout.NoticeOrderConfirmed)+"/"+string(r.ID) {
			sent++
		}
	}
	k.must(sent == want, "I25", "%d confirmations of %s", sent, r.ID)
	parcels := len(k.w.parcels.booked[r.ID])
	staff := r.Shipment == nil && !k.w.courier || r.Shipment != nil && !strings.HasPrefix(r.Shipment.ID, booked)
	k.must(parcels == want || parcels == 0 && (k.calledOff(r) || staff), "I25", "%d parcels of %s", parcels, r.ID)
	k.must(k.w.stream.seen[r.ID] == r.Events, "I21", "%d events of %s were published, %d were sent", k.w.stream.seen[r.ID], r.ID, r.Events)
}

// wantStock checks that our books and the store of record have come to the same.
func (k *watch) wantStock(sold map[inventory.Key]int64) {
	levels, err := k.w.books.Levels(context.Background(), items())
	if err != nil {
		k.broken("I6", err.Error())
	}
	onHand := map[inventory.Item]int64{}
	for _, l := range levels {
		onHand[l.Key.Item] += l.OnHand
		k.must(l.Allocated == 0, "I6", "%d of %s are claimed by nobody", l.Allocated, l.Key)
		k.must(l.Sold+l.Shipped == sold[l.Key], "I6", "%d of %s are sold, orders have %d", l.Sold+l.Shipped, l.Key, sold[l.Key])
	}
	for _, ref := range goods {
		item, there := keyOf(ref).Item, k.w.woo.stock[ref.ProductID]
		k.must(onHand[item] == there, "I24", "%d of %s are on hand, the store says %d", onHand[item], item, there)
		k.must(k.w.woo.elsewhere || there >= 0, "I2", "%s was oversold by %d", item, -there)
	}
	rules, err := k.w.rules.Rules(context.Background())
	used := k.books.balances[couponKey][inventory.AccountSold]
	k.must(err == nil && used <= rules.Coupons[coupon].UsageLimit, "I19", "the coupon was used %d times", used)
}

// wantTimely checks that money was seen, and came to its end, in time.
func (k *watch) wantTimely(healed time.Time) {
	for id, f := range k.facts {
		for paymentID, known := range f.knownAt {
			if at, ok := k.w.capturedAt[paymentID]; ok {
				k.must(known.Sub(later(at, healed)) <= 24*time.Hour+k.w.soon(), "I10", "payment %s of %s was seen after %s", paymentID, id, known.Sub(at))
			}
			done, ended := k.doneAt[paymentID]
			took := done.Sub(later(known, healed))
			k.must(ended && took <= k.w.soon() || f.alerts > 0, "I10", "payment %s of %s took %s", paymentID, id, took)
			if ended && f.alerts == 0 {
				k.slowest = max(k.slowest, took)
			}
		}
	}
}

// wantAlerts checks that whatever waits for a person has told one.
func (k *watch) wantAlerts() {
	for id, f := range k.facts {
		for _, i := range f.intents {
			k.must(!i.Dead || f.alerts > 0, "I28", "%s was given up for %s, and nobody was told", i.Effect, id)
		}
	}
}

// stuck lists the checkouts that wait for a person.
func (k *watch) stuck() []checkout.ID {
	var ids []checkout.ID
	for id, f := range k.facts {
		if slices.ContainsFunc(f.intents, func(i checkout.Intent) bool { return i.Dead }) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
