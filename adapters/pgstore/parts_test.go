package pgstore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
)

// What a change promises to leave as it is, is not written: neither what was chosen nor what is personal.
func TestKeptIsNotWritten(t *testing.T) {
	s := newShop(t)
	store := s.open()
	first := told("chk_1")
	done, err := store.Commit(t.Context(), checkout.Change{Record: first, Kept: true})
	if err != nil {
		t.Fatal(err)
	}
	next := done.Record
	next.Lines, next.Billing, next.CustomerNote = nil, checkout.Address{}, "" // not so, for all it promises
	next.Unplaceable = "sold out"
	if _, err := store.Commit(t.Context(), checkout.Change{Record: next, Kept: true}); err != nil {
		t.Fatal(err)
	}
	got, err := store.Load(t.Context(), "chk_1")
	if err != nil {
		t.Fatal(err)
	}
	if got.Unplaceable != "sold out" || got.Version != 2 {
		t.Errorf("version %d says %q: the rest was not written", got.Version, got.Unplaceable)
	}
	if len(got.Lines) != len(first.Lines) || got.Billing != first.Billing || got.CustomerNote != first.CustomerNote {
		t.Errorf("what is kept was written: %s", cmp.Diff(first.Lines, got.Lines))
	}
}
