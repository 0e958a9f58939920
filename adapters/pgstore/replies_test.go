package pgstore_test

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/replies"
	"github.com/ankkor/ankkor/checkout/replies/repliestest"
)

func TestRepliesConform(t *testing.T) {
	s := newShop(t)
	first, second := s.open().Replies(), s.open().Replies()
	repliestest.Run(t, func(testing.TB) repliestest.Harness {
		s.empty()
		return repliestest.Harness{Store: first, Others: []replies.Store{second}, Advance: s.advance}
	})
}

// TestErasedRepliesToo keeps a reply that shows an address, and erases its checkout.
func TestErasedRepliesToo(t *testing.T) {
	s := newShop(t)
	store := s.open()
	done, err := store.Commit(t.Context(), checkout.Change{Record: checkout.Record{ID: "chk_1", Owner: "guest:asha"}})
	if err != nil {
		t.Fatal(err)
	}
	r := replies.Request{Scope: "guest:asha", Key: "1", Fingerprint: "f", About: string(done.Record.ID)}
	_, claim, err := store.Replies().Begin(t.Context(), r, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Replies().Keep(t.Context(), claim, replies.Reply{Status: 200, Body: []byte(`{"city":"Bengaluru"}`)}); err != nil {
		t.Fatal(err)
	}
	if err := store.Erase(t.Context(), done.Record.ID); err != nil {
		t.Fatal(err)
	}
	if known, _, err := store.Replies().Begin(t.Context(), r, time.Minute); err != nil || known != nil {
		t.Errorf("after erasing: %v, %v", known, err)
	}
}
