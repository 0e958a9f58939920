package property_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"pgregory.net/rapid"
)

var (
	shelfItems     = []inventory.Item{"product:1", "product:2"}
	shelfLocations = []inventory.Location{"delhi", "pune"}
)

// stockModel is stock as one would explain it: reservations are a list, and
// whatever is reserved is counted by walking it.
type stockModel struct {
	now      time.Time
	levels   map[inventory.Key]inventory.Level
	reserved []*modelReservation // oldest first
}

type modelReservation struct {
	id, owner string
	asked     map[inventory.Item]int64
	held      map[inventory.Key]int64
	expires   time.Time
	state     inventory.ReservationState
}

// stockMachine drives memstore and the model side by side.
type stockMachine struct {
	model stockModel
	stock *memstore.Stock
	ids   int
}

func TestStockBehavesLikeItsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &stockMachine{model: stockModel{
			now:    time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC),
			levels: map[inventory.Key]inventory.Level{},
		}}
		m.stock = memstore.NewStock(memstore.StockConfig{Now: func() time.Time { return m.model.now }})
		m.fill(t)
		t.Repeat(map[string]func(*rapid.T){
			"tell": m.tell, "reserve": m.reserve, "resend": m.resend, "extend": m.extend, "release": m.release,
			"wait": m.wait, "allocate": m.allocate, "move": m.move, "": m.check,
		})
	})
}

// fill puts something on half the shelves, so that shoppers come early.
func (m *stockMachine) fill(t *rapid.T) {
	for _, item := range shelfItems {
		l := inventory.Level{Key: item.At(shelfLocations[0]), OnHand: 20, Policy: inventory.Deny, Revision: 1}
		if err := m.stock.SetLevels(context.Background(), []inventory.Level{l}); err != nil {
			t.Fatal(err)
		}
		m.model.set(l)
	}
}

func (m *stockMachine) tell(t *rapid.T) {
	key := drawKey(t)
	next := inventory.Level{
		Key: key, OnHand: rapid.Int64Range(-2, 30).Draw(t, "on hand"), Allocated: rapid.Int64Range(0, 4).Draw(t, "allocated"),
		Policy:         rapid.SampledFrom([]inventory.Policy{inventory.Deny, inventory.Deny, inventory.Backorder, inventory.Untracked}).Draw(t, "policy"),
		BackorderLimit: rapid.Int64Range(0, 5).Draw(t, "limit"),
	}
	old, known := m.model.levels[key]
	next.Revision = max(0, old.Revision+rapid.Int64Range(-1, 2).Draw(t, "revisions on"))
	if err := m.stock.SetLevels(context.Background(), []inventory.Level{next}); err != nil {
		t.Fatalf("SetLevels: %v", err)
	}
	if known && next.Revision <= old.Revision {
		return
	}
	next.Sold, next.Shipped = old.Sold, old.Shipped
	m.model.set(next)
}

func (m *stockMachine) reserve(t *rapid.T) {
	m.ids++
	req := inventory.ReserveRequest{
		ID: fmt.Sprintf("r%d", m.ids), Owner: rapid.SampledFrom([]string{"asha", "ravi"}).Draw(t, "owner"),
		TTL:   time.Duration(rapid.IntRange(1, 30).Draw(t, "minutes")) * time.Minute,
		Split: rapid.SampledFrom([]inventory.SplitPolicy{inventory.SplitAllowed, inventory.SplitForbidden}).Draw(t, "split"),
	}
	req.Locations = rapid.Permutation(shelfLocations).Draw(t, "locations")[:rapid.IntRange(1, 2).Draw(t, "how many")]
	for range rapid.IntRange(1, 3).Draw(t, "lines") {
		req.Lines = append(req.Lines, inventory.Line{
			Item: rapid.SampledFrom(shelfItems).Draw(t, "item"), Quantity: rapid.Int64Range(1, 6).Draw(t, "quantity"),
		})
	}
	if old := m.any(t); old != nil && rapid.Bool().Draw(t, "replaces") {
		req.Replaces = old.id
	}
	got, err := m.stock.Reserve(context.Background(), req)
	m.sameError(t, m.model.reserve(req), err)
	if err == nil {
		m.sameHeld(t, m.model.find(req.ID), got)
	}
}

func (m *stockMachine) resend(t *rapid.T) {
	r := m.any(t)
	if r == nil {
		t.Skip("nothing reserved yet")
	}
	req := r.request()
	var want error
	if rapid.IntRange(0, 3).Draw(t, "other lines") == 0 {
		req.Lines[0].Quantity++
		want = inventory.ErrConflict
	} else if r.state != inventory.Active {
		want = inventory.ErrEnded
	}
	got, err := m.stock.Reserve(context.Background(), req)
	m.sameError(t, want, err)
	if want != inventory.ErrConflict {
		m.sameHeld(t, r, got)
	}
}

func (m *stockMachine) extend(t *rapid.T) {
	r := m.any(t)
	if r == nil {
		t.Skip("nothing reserved yet")
	}
	ttl := time.Duration(rapid.IntRange(1, 60).Draw(t, "minutes")) * time.Minute
	var want error
	if r.state != inventory.Active {
		want = inventory.ErrEnded
	} else if until := m.model.now.Add(ttl); until.After(r.expires) {
		r.expires = until
	}
	got, err := m.stock.Extend(context.Background(), r.id, ttl)
	m.sameError(t, want, err)
	m.sameHeld(t, r, got)
}

func (m *stockMachine) release(t *rapid.T) {
	r := m.any(t)
	if r == nil {
		t.Skip("nothing reserved yet")
	}
	if r.state == inventory.Active {
		r.state = inventory.Released
	}
	got, err := m.stock.Release(context.Background(), r.id)
	m.sameError(t, nil, err)
	m.sameHeld(t, r, got)
}

// wait lets time pass, from seconds to more than the hour for which the ids of
// what has ended are remembered.
func (m *stockMachine) wait(t *rapid.T) {
	seconds := rapid.OneOf(rapid.IntRange(1, 300), rapid.IntRange(1, 300), rapid.IntRange(1, 5000)).Draw(t, "seconds")
	m.model.now = m.model.now.Add(time.Duration(seconds) * time.Second)
	for _, r := range m.model.reserved {
		if r.state == inventory.Active && !m.model.now.Before(r.expires) {
			r.state = inventory.Expired
		}
	}
	m.model.reserved = slices.DeleteFunc(m.model.reserved, func(r *modelReservation) bool {
		return r.state != inventory.Active && m.model.now.Sub(r.expires) >= inventory.Remembered
	})
}

func (m *stockMachine) allocate(t *rapid.T) {
	key, qty := drawKey(t), rapid.Int64Range(1, 5).Draw(t, "quantity")
	mv := inventory.Move{Kind: inventory.Allocate, Ref: "checkout:1", Lines: []inventory.Held{{Key: key, Quantity: qty}}}
	r := m.any(t)
	if r != nil {
		mv.Reservation = r.id
	}
	level, known := m.model.levels[key]
	level.Allocated += qty
	var want error
	switch {
	case !known || level.Oversold() > 0:
		want = inventory.ErrInsufficient
	default:
		level.Revision++
		if r != nil && r.state == inventory.Active {
			r.state = inventory.Used
		}
		m.model.levels[key] = level
	}
	_, err := m.stock.Move(context.Background(), mv)
	m.sameError(t, want, err)
}

// move takes pieces one step on, or corrects the count.
func (m *stockMachine) move(t *rapid.T) {
	key, qty := drawKey(t), rapid.Int64Range(1, 5).Draw(t, "quantity")
	level, known := m.model.levels[key]
	if !known {
		level = inventory.Level{Key: key, Policy: inventory.Deny}
	}
	kind := rapid.SampledFrom([]inventory.MoveKind{
		inventory.Receive, inventory.Expire, inventory.Confirm, inventory.Ship, inventory.Restock, inventory.Return, inventory.Correct,
	}).Draw(t, "kind")
	fits := true
	switch kind {
	case inventory.Receive:
		level.OnHand += qty
	case inventory.Expire:
		fits = level.Allocated >= qty
		level.Allocated -= qty
	case inventory.Confirm:
		fits = level.Allocated >= qty
		level.Allocated, level.OnHand, level.Sold = level.Allocated-qty, level.OnHand-qty, level.Sold+qty
	case inventory.Ship:
		fits = level.Sold >= qty
		level.Sold, level.Shipped = level.Sold-qty, level.Shipped+qty
	case inventory.Restock:
		fits = level.Sold >= qty
		level.Sold, level.OnHand = level.Sold-qty, level.OnHand+qty
	case inventory.Return:
		fits = level.Shipped >= qty
		level.Shipped, level.OnHand = level.Shipped-qty, level.OnHand+qty
	case inventory.Correct:
		qty = -3 * qty
		level.OnHand += qty
	}
	_, err := m.stock.Move(context.Background(), inventory.Move{Kind: kind, Ref: "checkout:1", Lines: []inventory.Held{{Key: key, Quantity: qty}}})
	if !fits {
		m.sameError(t, inventory.ErrImpossible, err)
		return
	}
	m.sameError(t, nil, err)
	level.Revision++
	m.model.set(level)
}

// check compares all that can be seen, and the books.
func (m *stockMachine) check(t *rapid.T) {
	levels, err := m.stock.Levels(context.Background(), shelfItems)
	if err != nil {
		t.Fatal(err)
	}
	if len(levels) != len(m.model.levels) {
		t.Fatalf("%d levels are known, the model has %d", len(levels), len(m.model.levels))
	}
	entries, err := m.stock.Entries(context.Background(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range levels {
		want := m.model.levels[got.Key]
		want.Reserved = m.model.count(got.Key)
		if got != want {
			t.Fatalf("the level is   %+v\nthe model says %+v", got, want)
		}
		if err := inventory.Conserved(entries, got); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *stockMachine) any(t *rapid.T) *modelReservation {
	if len(m.model.reserved) == 0 {
		return nil
	}
	return rapid.SampledFrom(m.model.reserved).Draw(t, "reservation")
}

func (m *stockMachine) sameError(t *rapid.T, want, got error) {
	if (want == nil) != (got == nil) || !errors.Is(got, want) {
		t.Fatalf("got error %v, the model says %v", got, want)
	}
}

func (m *stockMachine) sameHeld(t *rapid.T, want *modelReservation, got inventory.Reservation) {
	held := map[inventory.Key]int64{}
	for _, h := range got.Lines {
		held[h.Key] += h.Quantity
	}
	if got.State != want.state || !got.ExpiresAt.Equal(want.expires) || fmt.Sprint(held) != fmt.Sprint(want.held) {
		t.Fatalf("the reservation is %+v\nthe model says %+v", got, *want)
	}
}

func drawKey(t *rapid.T) inventory.Key {
	return rapid.SampledFrom(shelfItems).Draw(t, "item").At(rapid.SampledFrom(shelfLocations).Draw(t, "location"))
}
