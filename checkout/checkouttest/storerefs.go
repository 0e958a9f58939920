package checkouttest

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/checkout"
)

var paid = checkout.Ref{Kind: checkout.RefPayment, Value: "pay_00000000000001"}

func boundOnce(t *testing.T, s *storeTest) {
	s.commit(checkout.Change{Record: record("chk_1"), Bind: []checkout.Ref{paid}})
	if id, err := s.Store.Find(t.Context(), paid); err != nil || id != "chk_1" {
		t.Fatalf("Find: %q %v", id, err)
	}
	_, err := s.Store.Commit(t.Context(), checkout.Change{Record: record("chk_2"), Bind: []checkout.Ref{paid}})
	var bound *checkout.BoundError
	if !errors.Is(err, checkout.ErrBound) || !errors.As(err, &bound) || bound.Ref != paid {
		t.Fatalf("a second holder: %v, want *BoundError naming the reference", err)
	}
	other := checkout.Ref{Kind: checkout.RefGatewayOrder, Value: paid.Value}
	s.commit(checkout.Change{Record: record("chk_3"), Bind: []checkout.Ref{other}})
}

func boundAgain(t *testing.T, s *storeTest) {
	r := s.commit(checkout.Change{Record: record("chk_1"), Bind: []checkout.Ref{paid}}).Record
	if _, err := s.Store.Commit(t.Context(), checkout.Change{Record: r, Bind: []checkout.Ref{paid}}); err != nil {
		t.Fatalf("bound again by its holder: %v", err)
	}
}

func unbound(t *testing.T, s *storeTest) {
	holder := s.commit(checkout.Change{Record: record("chk_1"), Bind: []checkout.Ref{paid}}).Record
	s.commit(checkout.Change{Record: record("chk_2"), Unbind: []checkout.Ref{paid}})
	if id, err := s.Store.Find(t.Context(), paid); err != nil || id != "chk_1" {
		t.Fatalf("after a stranger's Unbind: %q %v", id, err)
	}
	s.commit(checkout.Change{Record: holder, Unbind: []checkout.Ref{paid}})
	if _, err := s.Store.Find(t.Context(), paid); !errors.Is(err, checkout.ErrNotFound) {
		t.Fatalf("after the holder's Unbind: %v", err)
	}
	s.commit(checkout.Change{Record: record("chk_3"), Bind: []checkout.Ref{paid}})
}
