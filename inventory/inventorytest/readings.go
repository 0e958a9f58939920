package inventorytest

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
)

// RunReadings checks what [inventory.Readings] and [inventory.Standings] promise,
// against the Mover of stores made by newStore, a fresh one each. The harness needs
// a Mover that implements both, and a Ledger.
func RunReadings(t *testing.T, newStore func(tb testing.TB) Harness) {
	for _, p := range append(reading(), settling()...) {
		t.Run(p.text, func(t *testing.T) {
			s := open(t, newStore, needs{mover: true, ledger: true})
			follows, ok := s.Mover.(follower)
			if !ok {
				t.Fatal("the harness's Mover is no inventory.Readings and inventory.Standings")
			}
			p.check(&reader{store: s, follower: follows})
		})
	}
}

// follower is a store that follows another.
type follower interface {
	inventory.Readings
	inventory.Standings
}

// reader is a store under test that readings are applied to.
type reader struct {
	*store
	follower
}

// readingPromise is a promise about readings.
type readingPromise struct {
	text  string
	check func(r *reader)
}

func reading() []readingPromise {
	return []readingPromise{
		{"the first reading begins a level", firstReading},
		{"a sale confirmed after the ticket is taken off", confirmedAfterTicket},
		{"a sale confirmed before the ticket is in the number", confirmedBeforeTicket},
		{"a reading with an older ticket changes nothing", olderTicket},
		{"the same reading again changes nothing", sameReading},
		{"a fall is applied at once and voids what it no longer covers", fallVoids},
		{"a rise that nothing explains waits", riseWaits},
		{"what waits is not let in by sales", heldStaysHeld},
		{"what waits is let in by what orders gave back, and no more", heldGivenBack},
		{"all readings or none", allReadingsOrNone},
		{"what is gone cannot be promised, and comes back", goneAndBack},
		{"an item is unsettled from the end of a claim to the next reading", unsettled},
		{"the uses of a coupon wait for no reading", couponsUnread},
		{"standings are listed page by page", standingPages},
		{"every reading is in the books", readingsBooked},
		{"a change of policy is in the books", policiesBooked},
		{"a note that no store can keep is refused", notesRefused},
		{"of many readings at once the newest ticket wins", manyReadings},
	}
}

func (r *reader) ticket(item inventory.Item) inventory.Ticket {
	r.Helper()
	tickets, err := r.Tickets(r.Context(), []inventory.Item{item})
	if err != nil || len(tickets) != 1 || tickets[0].Item != item {
		r.Fatalf("Tickets: %+v, %v", tickets, err)
	}
	r.items = append(r.items, item)
	return tickets[0]
}

func (r *reader) applied(readings ...inventory.Reading) []inventory.Applied {
	r.Helper()
	done, err := r.ApplyReadings(r.Context(), readings)
	if err != nil || len(done) != len(readings) {
		r.Fatalf("ApplyReadings(%+v): %+v, %v", readings, done, err)
	}
	return done
}

// read applies a number that was read just now.
func (r *reader) read(item inventory.Item, onHand int64) inventory.Applied {
	r.Helper()
	return r.applied(inventory.Reading{Ticket: r.ticket(item), OnHand: onHand, Decided: true})[0]
}

func (r *reader) want(verdict inventory.Verdict, a inventory.Applied, onHand int64) {
	r.Helper()
	if a.Verdict != verdict {
		r.Errorf("the verdict is %s, want %s", a.Verdict, verdict)
	}
	if got := r.at(of(a.Item, 0).Key).OnHand; got != onHand {
		r.Errorf("%d of %s are on hand, want %d", got, a.Item, onHand)
	}
	if diff := cmp.Diff(r.levels(a.Item), a.After); diff != "" {
		r.Errorf("the levels that came back (-want +got)\n%s", diff)
	}
}

func firstReading(r *reader) {
	r.want(inventory.Corrected, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 7})[0], 7)
	r.want(inventory.Agreed, r.read(shirt, 7), 7)
	r.want(inventory.Corrected, r.read(scarf, -2), -2)
}

func confirmedAfterTicket(r *reader) {
	r.read(shirt, 10)
	r.moved(move(inventory.Allocate, of(shirt, 3)))
	t := r.ticket(shirt)
	r.moved(move(inventory.Confirm, of(shirt, 3)))
	r.want(inventory.Agreed, r.applied(inventory.Reading{Ticket: t, OnHand: 10})[0], 7)
}

func confirmedBeforeTicket(r *reader) {
	r.read(shirt, 10)
	r.moved(move(inventory.Allocate, of(shirt, 3)), move(inventory.Confirm, of(shirt, 3)))
	r.want(inventory.Agreed, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 7})[0], 7)
}

func olderTicket(r *reader) {
	r.read(shirt, 10)
	older, newer := r.ticket(shirt), r.ticket(shirt)
	r.want(inventory.Corrected, r.applied(inventory.Reading{Ticket: newer, OnHand: 4})[0], 4)
	r.want(inventory.Overtaken, r.applied(inventory.Reading{Ticket: older, OnHand: 9, Decided: true})[0], 4)
}

func sameReading(r *reader) {
	r.read(shirt, 10)
	again := inventory.Reading{Ticket: r.ticket(shirt), OnHand: 4}
	r.applied(again)
	r.moved(move(inventory.Allocate, of(shirt, 2)), move(inventory.Confirm, of(shirt, 2)))
	r.want(inventory.Overtaken, r.applied(again)[0], 2)
}

func fallVoids(r *reader) {
	r.read(shirt, 10)
	r.moved(move(inventory.Allocate, of(shirt, 4)))
	r.reserve(ask("old", 3))
	r.reserve(ask("young", 3))
	a := r.read(shirt, 7)
	r.want(inventory.Corrected, a, 7)
	r.wantReserved(shirt, 3)
	if _, err := r.Reserver.Extend(r.Context(), "young", ttl); !errors.Is(err, inventory.ErrEnded) {
		r.Errorf("the youngest: %v, want ErrEnded", err)
	}
	r.read(shirt, 1)
	r.wantReserved(shirt, 0)
	if l := r.at(of(shirt, 0).Key); l.Allocated != 4 || l.Oversold() != 3 {
		r.Errorf("what is allocated stays so: %+v", l)
	}
}

func riseWaits(r *reader) {
	r.read(shirt, 100)
	few := inventory.Tolerance{BasisPoints: 500}
	r.want(inventory.Corrected, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 104, Tolerance: few})[0], 104)
	a := r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 120, Tolerance: few})[0]
	r.want(inventory.HeldBack, a, 104)
	if a.Ours != 104 || a.Theirs != 120 || a.Unexplained != 16 || a.Small {
		r.Errorf("got %+v", a)
	}
	r.want(inventory.Corrected, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 120, Decided: true})[0], 120)
}

func heldStaysHeld(r *reader) {
	r.read(shirt, 10)
	r.want(inventory.HeldBack, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 50})[0], 10)
	r.moved(move(inventory.Allocate, of(shirt, 4)), move(inventory.Confirm, of(shirt, 4)))
	a := r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 46})[0]
	if r.want(inventory.HeldBack, a, 6); a.Unexplained != 40 {
		r.Errorf("%d are unexplained, want 40", a.Unexplained)
	}
}

func heldGivenBack(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	r.read(shirt, 6)
	r.want(inventory.HeldBack, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 10})[0], 6) // a cancellation, seen here first
	r.settle("order:1", 0)
	a := r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 10})[0]
	if r.want(inventory.Corrected, a, 10); a.Unexplained != 0 {
		r.Errorf("%d are unexplained", a.Unexplained)
	}
	r.sold("order:2", 3, 3)
	r.read(shirt, 7)
	r.want(inventory.HeldBack, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 40})[0], 7)
	r.settle("order:2", 0)
	a = r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 40})[0]
	if r.want(inventory.HeldBack, a, 10); a.Unexplained != 30 {
		r.Errorf("%d are unexplained, want 30", a.Unexplained)
	}
}

func allReadingsOrNone(r *reader) {
	r.read(shirt, 10)
	good := inventory.Reading{Ticket: r.ticket(shirt), OnHand: 5}
	forged := good
	forged.Ticket = inventory.Ticket{Item: scarf, Seq: 99}
	for what, list := range map[string][]inventory.Reading{
		"a ticket that was never drawn": {good, forged},
		"a number out of range":         {good, {Ticket: r.ticket(scarf), OnHand: inventory.MaxQuantity + 1}},
		"an item twice":                 {good, {Ticket: r.ticket(shirt), OnHand: 6}},
		"an unknown policy":             {good, {Ticket: r.ticket(scarf), Policy: "whatever"}},
	} {
		_ = r.changesNothing(what, inventory.ErrInvalid, func() error {
			_, err := r.ApplyReadings(r.Context(), list)
			return err
		})
	}
	r.want(inventory.Corrected, r.applied(good)[0], 5)
}

func goneAndBack(r *reader) {
	r.read(shirt, 10)
	r.moved(move(inventory.Allocate, of(shirt, 4)))
	a := r.applied(inventory.Reading{Ticket: r.ticket(shirt), Gone: true})[0]
	r.want(inventory.Corrected, a, 4)
	r.short(ask("r1", 1), inventory.Shortage{Item: shirt, Want: 1})
	r.want(inventory.Corrected, r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 30})[0], 30)
	if a := r.applied(inventory.Reading{Ticket: r.ticket(scarf), Gone: true})[0]; len(a.After) != 0 || len(r.levels(scarf)) != 0 {
		r.Errorf("an item never heard of, and gone, has levels: %+v", a)
	}
}

func (r *reader) standings(q inventory.StandingQuery) (items []inventory.Item) {
	r.Helper()
	list, err := r.Standings(r.Context(), q)
	if err != nil {
		r.Fatalf("Standings(%+v): %v", q, err)
	}
	for _, one := range list {
		items = append(items, one.Item)
	}
	return items
}

func unsettled(r *reader) {
	q := inventory.StandingQuery{Unsettled: true, Limit: 10}
	for _, end := range []inventory.MoveKind{inventory.Confirm, inventory.ReleaseAllocation, inventory.Expire} {
		r.read(shirt, 10)
		r.moved(move(inventory.Allocate, of(shirt, 1)))
		if got := r.standings(q); len(got) != 0 {
			r.Errorf("before the claim ends: %v", got)
		}
		before := r.ticket(shirt)
		r.moved(move(end, of(shirt, 1)))
		r.applied(inventory.Reading{Ticket: before, OnHand: 10})
		if diff := cmp.Diff([]inventory.Item{shirt}, r.standings(q)); diff != "" {
			r.Errorf("after %s, and a reading begun before it (-want +got)\n%s", end, diff)
		}
	}
	if r.read(shirt, 9); len(r.standings(q)) != 0 {
		r.Errorf("after a reading: %v", r.standings(q))
	}
}

// couponsUnread: no store of record is asked for them, so nothing would ever settle them.
func couponsUnread(r *reader) {
	each := inventory.CustomerCouponItem("mug", "ravi@example.in", 9)
	for _, item := range []inventory.Item{mug, each, shirt} {
		r.stock(item, 9)
		for _, end := range []inventory.MoveKind{inventory.Confirm, inventory.ReleaseAllocation, inventory.Expire} {
			r.moved(move(inventory.Allocate, of(item, 2)), move(end, of(item, 2)))
		}
		r.moved(move(inventory.Restock, of(item, 1)))
	}
	if diff := cmp.Diff([]inventory.Item{shirt}, r.standings(inventory.StandingQuery{Unsettled: true, Limit: 9})); diff != "" {
		r.Errorf("(-want +got)\n%s", diff)
	}
	if got := r.standings(inventory.StandingQuery{Limit: 9}); len(got) != 3 {
		r.Errorf("in all there are %v", got)
	}
}

func standingPages(r *reader) {
	r.ticket(mug) // a ticket alone makes no level
	r.read(shirt, 1)
	r.read(scarf, 1)
	got := r.standings(inventory.StandingQuery{Limit: 1})
	got = append(got, r.standings(inventory.StandingQuery{Limit: 1, After: shirt})...)
	got = append(got, r.standings(inventory.StandingQuery{Limit: 1, After: scarf})...)
	if diff := cmp.Diff([]inventory.Item{shirt, scarf}, got); diff != "" {
		r.Errorf("(-want +got)\n%s", diff)
	}
	for _, q := range []inventory.StandingQuery{{}, {Limit: inventory.MaxBatch + 1}, {Limit: 1, After: "{x}"}} {
		if _, err := r.Standings(r.Context(), q); !errors.Is(err, inventory.ErrInvalid) {
			r.Errorf("%+v: %v, want ErrInvalid", q, err)
		}
	}
}

func readingsBooked(r *reader) {
	r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 10, Reason: "first", Actor: "suite"})
	r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 6, Reason: "counted there", Actor: "suite"})
	entries, err := r.Ledger.Entries(r.Context(), inventory.LedgerQuery{Item: shirt})
	if err != nil || len(entries) != 2 {
		r.Fatalf("Entries: %+v, %v", entries, err)
	}
	if e := entries[1]; e.Kind != inventory.Correct || e.Quantity != 4 || e.To != inventory.AccountAdjustment || e.Reason != "counted there" || e.Actor != "suite" {
		r.Errorf("got %+v", e)
	}
	if err := inventory.Conserved(entries, r.at(of(shirt, 0).Key)); err != nil {
		r.Error(err)
	}
}

func policiesBooked(r *reader) {
	r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 4, Policy: inventory.Backorder, BackorderLimit: 3})
	r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 4, Policy: inventory.Backorder, BackorderLimit: 3})
	r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 4, Reason: "edited there", Actor: "suite"})
	if err := r.Levels.SetLevels(r.Context(), []inventory.Level{{Key: of(shirt, 0).Key, OnHand: 4, Policy: inventory.Untracked, Revision: 99}}); err != nil {
		r.Fatal(err)
	}
	entries, err := r.Ledger.Entries(r.Context(), inventory.LedgerQuery{Item: shirt})
	if err != nil {
		r.Fatal(err)
	}
	var notes []string
	for _, e := range entries {
		if e.Kind == inventory.Repolicy {
			notes = append(notes, e.Reason)
			if e.Quantity != 0 || e.From != inventory.AccountAvailable || e.To != inventory.AccountAvailable || e.Key != of(shirt, 0).Key {
				r.Errorf("got %+v", e)
			}
		}
	}
	want := []string{"no backorders to backorders up to 3", "backorders up to 3 to no backorders: edited there", "no backorders to untracked: levels set"}
	if diff := cmp.Diff(want, notes); diff != "" {
		r.Errorf("the notes (-want +got)\n%s", diff)
	}
	if err := inventory.Conserved(entries, r.at(of(shirt, 0).Key)); err != nil {
		r.Error(err)
	}
}

func notesRefused(r *reader) {
	r.read(shirt, 10)
	for what, text := range map[string]string{"a NUL": "a\x00b", "no UTF-8": "a\xff", "a text too long": strings.Repeat("a", inventory.MaxNote+1)} {
		_ = r.changesNothing(what, inventory.ErrInvalid, func() error {
			_, err := r.ApplyReadings(r.Context(), []inventory.Reading{{Ticket: r.ticket(shirt), OnHand: 5, Reason: text}})
			return err
		})
		_ = r.changesNothing(what, inventory.ErrInvalid, func() error {
			_, err := r.Settle(r.Context(), inventory.Settlement{Ref: "order:1", Actor: text})
			return err
		})
	}
}

func manyReadings(r *reader) {
	r.read(shirt, 1000)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var newest inventory.Ticket
	for range 32 {
		wait.Go(func() {
			tickets, err := r.Tickets(r.Context(), []inventory.Item{shirt})
			if err != nil {
				r.Error(err)
				return
			}
			t := tickets[0]
			mu.Lock()
			if t.Seq == newest.Seq {
				r.Errorf("ticket %d was drawn twice", t.Seq)
			}
			if t.Seq > newest.Seq {
				newest = t
			}
			mu.Unlock()
			if _, err := r.ApplyReadings(r.Context(), []inventory.Reading{{Ticket: t, OnHand: 1000 + t.Seq, Decided: true}}); err != nil {
				r.Error(err)
			}
		})
	}
	wait.Wait()
	if got := r.at(of(shirt, 0).Key).OnHand; got != 1000+newest.Seq {
		r.Errorf("%d are on hand, want what ticket %d read", got, newest.Seq)
	}
}
