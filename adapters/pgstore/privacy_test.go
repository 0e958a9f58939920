package pgstore_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// told is a record in which the shopper said something about themselves wherever they can.
func told(id checkout.ID) checkout.Record {
	r := record(id)
	r.Billing = checkout.Address{FirstName: "Canary1", State: "KA", Country: "IN"}
	r.Shipping = checkout.Address{FirstName: "Canary2", Country: "IN"}
	r.CustomerNote = "Canary3"
	ref := cart.ItemRef{ProductID: 1, Data: map[string]string{"engraving": "Canary4"}}
	line := cart.Line{Key: ref.Key(), Ref: ref, Quantity: 2}
	r.Lines = []checkout.PricedLine{{Line: line, Item: cart.Item{Ref: ref, Name: "Mug", UnitPrice: decimal.RequireFromString("9.5")}}}
	return r
}

func TestErase(t *testing.T) {
	s := newShop(t)
	store := s.open()
	if err := store.Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	r := told("chk_1")
	r.DueAt = time.Unix(0, 0)
	done, err := store.Commit(t.Context(), checkout.Change{Record: r, Stock: []inventory.Move{allocate("chk_1", mug)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Erase(t.Context(), "chk_1"); !errors.Is(err, pgstore.ErrUnfinished) {
		t.Errorf("one that is still due: %v, want ErrUnfinished", err)
	}
	done.Record.DueAt = time.Time{}
	if done, err = store.Commit(t.Context(), checkout.Change{Record: done.Record}); err != nil {
		t.Fatal(err)
	}
	before, err := store.Entries(t.Context(), inventory.LedgerQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := store.Erase(t.Context(), "chk_1"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := store.Load(t.Context(), "chk_1")
	if err != nil {
		t.Fatal(err)
	}
	if !got.Billing.IsZero() || !got.Shipping.IsZero() || got.CustomerNote != "" || got.Lines[0].Line.Ref.Data != nil || got.Lines[0].Item.Ref.Data != nil {
		t.Error("something about the shopper is left")
	}
	if got.Lines[0].Line.Quantity != 2 || got.Version != 3 {
		t.Errorf("what was sold is gone too: %+v, version %d", got.Lines[0].Line, got.Version)
	}
	if _, err := store.Commit(t.Context(), checkout.Change{Record: done.Record}); !errors.Is(err, checkout.ErrConflict) {
		t.Errorf("a writer from before brought it back: %v", err)
	}
	after, err := store.Entries(t.Context(), inventory.LedgerQuery{})
	if err != nil || len(after) != len(before) {
		t.Errorf("the ledger has %d entries, before %d, %v", len(after), len(before), err)
	}
	if err := store.Erase(t.Context(), "chk_none"); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
}

// What a shopper wrote is in one column and nowhere else in the database.
func TestPersonalDataHasOnePlace(t *testing.T) {
	s := newShop(t)
	store := s.open()
	if err := store.Receive(t.Context(), mug, 5); err != nil {
		t.Fatal(err)
	}
	change := checkout.Change{
		Record: told("chk_1"), Stock: []inventory.Move{allocate("chk_1", mug)},
		Bind: []checkout.Ref{{Kind: checkout.RefOpen, Value: "guest:1"}},
	}
	if _, err := store.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	dump := func(query string) string {
		var text string
		if err := s.db.GetContext(t.Context(), &text, strings.ReplaceAll(query, "{schema}", s.schema)); err != nil {
			t.Fatal(err)
		}
		return text
	}
	all := dump(`SELECT concat((SELECT json_agg(x) FROM {schema}.stock x), (SELECT json_agg(x) FROM {schema}.ledger x),
		(SELECT json_agg(x) FROM {schema}.refs x), (SELECT json_agg(x) FROM {schema}.outbox x),
		(SELECT json_agg(body || chosen) FROM {schema}.checkouts), (SELECT json_agg(status) FROM {schema}.checkouts))`)
	if strings.Contains(all, "Canary") {
		t.Errorf("personal data outside of its column: %s", all)
	}
	if got := strings.Count(dump(`SELECT personal FROM {schema}.checkouts`), "Canary"); got != 4 {
		t.Errorf("%d of 4 things in the column", got)
	}
	got, err := store.Load(t.Context(), "chk_1")
	if err != nil || got.Lines[0].Line.Ref.Data["engraving"] != "Canary4" || got.Lines[0].Line.Key != change.Record.Lines[0].Line.Key {
		t.Errorf("the line came back as %+v, %v", got.Lines, err)
	}
}
