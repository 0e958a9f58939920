package property_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
	"github.com/ankkor/ankkor/woo/wootest"
)

// TestSessionModel: whatever is done to a cart in the store, in whatever order,
// through either door and resumed in between, it holds what a map would.
func TestSessionModel(t *testing.T) {
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	client, err := woo.New(woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), HTTP: store.HTTPClient(), Sleep: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	graph, err := session.NewGraphQL(client, session.GraphQLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, door := range map[string]session.Door{"WooGraphQL": graph, "Store API": session.NewStoreAPI(client)} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := sessionModel{door: door, session: session.New(door, session.Options{}), holds: map[int64]int64{}}
				for range rapid.IntRange(1, 6).Draw(t, "steps") {
					rapid.SampledFrom([]func(*rapid.T){m.add, m.add, m.set, m.remove, m.clear, m.resume, m.bad}).Draw(t, "step")(t)
					m.same(t)
				}
			})
		})
	}
}

// sessionModel is a cart and what should be in it.
type sessionModel struct {
	door    session.Door
	session *session.Session
	holds   map[int64]int64 // pieces by item
	now     session.Cart
}

// plenty is how many pieces of anything there are.
const plenty = 4

// piles are items that nobody runs out of here, each a line of its own.
var piles = []session.AddItem{
	{ProductID: 17}, {ProductID: 37, VariationID: 40}, {ProductID: 44, VariationID: 46, Attributes: map[string]string{"engraving": "Name"}},
}

func (m *sessionModel) took(t *rapid.T, c session.Cart, err error) {
	if err != nil {
		t.Fatal(err)
	}
	m.now = c
}

func (m *sessionModel) add(t *rapid.T) {
	item := rapid.SampledFrom(piles).Draw(t, "item")
	item.Quantity = rapid.Int64Range(1, 2).Draw(t, "quantity")
	id := max(item.ProductID, item.VariationID)
	if m.holds[id]+item.Quantity > plenty {
		return
	}
	c, err := m.session.Add(t.Context(), item)
	m.took(t, c, err)
	m.holds[id] += item.Quantity
}

func (m *sessionModel) line(t *rapid.T) (session.Line, bool) {
	if len(m.now.Lines) == 0 {
		return session.Line{}, false
	}
	return rapid.SampledFrom(m.now.Lines).Draw(t, "line"), true
}

func (m *sessionModel) set(t *rapid.T) {
	l, found := m.line(t)
	if !found {
		return
	}
	quantity := rapid.Int64Range(0, plenty).Draw(t, "quantity")
	c, err := m.session.SetQuantity(t.Context(), l.Key, quantity)
	m.took(t, c, err)
	if m.holds[l.ItemID()] = quantity; quantity == 0 {
		delete(m.holds, l.ItemID())
	}
}

func (m *sessionModel) remove(t *rapid.T) {
	l, found := m.line(t)
	if !found {
		return
	}
	c, err := m.session.Remove(t.Context(), l.Key)
	m.took(t, c, err)
	delete(m.holds, l.ItemID())
}

func (m *sessionModel) clear(t *rapid.T) {
	c, err := m.session.Clear(t.Context())
	m.took(t, c, err)
	clear(m.holds)
}

func (m *sessionModel) resume(t *rapid.T) {
	if m.session.Token().IsZero() {
		return
	}
	s, err := session.Resume(m.door, m.session.Token(), session.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m.session = s
	c, err := s.Cart(t.Context())
	m.took(t, c, err)
}

// bad is something that the store, or the package, refuses.
func (m *sessionModel) bad(t *rapid.T) {
	err := rapid.SampledFrom([]func() error{
		func() error {
			_, err := m.session.Add(t.Context(), session.AddItem{ProductID: 25, Quantity: 1})
			return err
		},
		func() error { _, err := m.session.Add(t.Context(), session.AddItem{ProductID: 17}); return err },
		func() error { _, err := m.session.SetQuantity(t.Context(), "nobody's", 1); return err },
		func() error { _, err := m.session.ApplyCoupon(t.Context(), "NOPE"); return err },
	}).Draw(t, "bad")()
	if !errors.Is(err, woo.ErrRefused) || errors.Is(err, woo.ErrUnknown) {
		t.Fatalf("%v", err)
	}
}

// same compares the cart with the model, and the lines with the totals.
func (m *sessionModel) same(t *rapid.T) {
	got := map[int64]int64{}
	for _, l := range m.now.Lines {
		got[l.ItemID()] += l.Quantity
	}
	if !maps.Equal(got, m.holds) {
		t.Fatalf("the cart has %v, want %v", show(got), show(m.holds))
	}
	if (len(m.holds) == 0) != m.now.Totals.Total.IsZero() {
		t.Fatalf("%d lines come to %s", len(m.holds), m.now.Totals.Total)
	}
}

func show(m map[int64]int64) string {
	var parts []string
	for _, id := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprint(m[id], "×", id))
	}
	return fmt.Sprint(parts)
}
