package pgstore_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/inventory"
)

// hostile is text that databases have stumbled over.
var hostile = []string{"\x00", "a\x00b", "\xff", "'; DROP TABLE stock; --", `\`, `"`, `{x}`, `{"a":1}`, "$1", "%s", "{schema}", strings.Repeat("x", 10_000)}

// What Postgres cannot keep is refused by name, and what it can comes back as it was.
func TestHostileNames(t *testing.T) {
	s := newShop(t)
	store := s.open()
	for _, text := range hostile {
		id := checkout.ID(text)
		if _, err := store.Load(t.Context(), id); !errors.Is(err, checkout.ErrNotFound) {
			t.Errorf("Load(%.20q): %v", text, err)
		}
		ref := checkout.Ref{Kind: checkout.RefIdempotencyKey, Value: text}
		if _, err := store.Find(t.Context(), ref); !errors.Is(err, checkout.ErrNotFound) {
			t.Errorf("Find(%.20q): %v", text, err)
		}
		r := record(id)
		r.CustomerNote = text
		_, err := store.Commit(t.Context(), checkout.Change{Record: r, Bind: []checkout.Ref{ref}})
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			if !errors.Is(err, checkout.ErrInvalid) {
				t.Errorf("Commit(%.20q): %v, want ErrInvalid", text, err)
			}
		} else if len(text) < 2000 {
			if err != nil {
				t.Errorf("Commit(%.20q): %v", text, err)
			} else if got, err := store.Load(t.Context(), id); err != nil || got.CustomerNote != text {
				t.Errorf("%.20q came back as %.20q, %v", text, got.CustomerNote, err)
			}
		}
		if err := store.Acknowledge(t.Context(), text); err != nil {
			t.Errorf("Acknowledge(%.20q): %v", text, err)
		}
		if _, err := store.Carts().Load(t.Context(), cart.Owner(text)); !errors.Is(err, cart.ErrNotFound) {
			t.Errorf("a cart of %.20q: %v", text, err)
		}
		if err := store.Carts().Delete(t.Context(), cart.Owner(text)); err != nil {
			t.Errorf("deleting a cart of %.20q: %v", text, err)
		}
		if err := store.Inbox().Requeue(t.Context(), "woocommerce", text); !errors.Is(err, inbox.ErrNotFound) {
			t.Errorf("Requeue(%.20q): %v", text, err)
		}
	}
}

func TestBadMoves(t *testing.T) {
	s := newShop(t)
	store := s.open()
	hold := func(q int64) []inventory.Held { return []inventory.Held{{Key: mug, Quantity: q}} }
	for name, m := range map[string]inventory.Move{
		"nothing":        {Kind: inventory.Receive},
		"zero":           {Kind: inventory.Receive, Lines: hold(0)},
		"negative":       {Kind: inventory.Allocate, Ref: "x", Lines: hold(-1)},
		"too many":       {Kind: inventory.Receive, Lines: hold(inventory.MaxQuantity + 1)},
		"no kind":        {Lines: hold(1)},
		"no ref":         {Kind: inventory.Allocate, Lines: hold(1)},
		"a hostile item": {Kind: inventory.Receive, Lines: []inventory.Held{{Key: inventory.Key{Item: "a:{x}", Location: "default"}, Quantity: 1}}},
		"NUL in a note":  {Kind: inventory.Receive, Lines: hold(1), Reason: "a\x00"},
	} {
		if _, err := store.Move(t.Context(), m); !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("%s: Move answered %v, want ErrInvalid", name, err)
		}
		_, err := store.Commit(t.Context(), checkout.Change{Record: record("chk_1"), Stock: []inventory.Move{m}})
		if !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("%s: Commit answered %v, want ErrInvalid", name, err)
		}
	}
	if entries, err := store.Entries(t.Context(), inventory.LedgerQuery{}); err != nil || len(entries) != 0 {
		t.Errorf("%d entries were written, %v", len(entries), err)
	}
	if _, err := store.Load(t.Context(), "chk_1"); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("a record was written: %v", err)
	}
}
