package carttest

import (
	"context"
	"errors"
	"strings"

	"github.com/ankkor/ankkor/cart"
)

func loading() []storePromise {
	return []storePromise{
		{"an owner without a cart is not found", absentIsNotFound},
		{"a cart is loaded as it was saved", loadedAsSaved},
		{"an emptied cart is a cart", emptiedIsACart},
		{"owners are kept apart", ownersApart},
		{"an ended context reads nothing", endedContextReads},
	}
}

func saving() []storePromise {
	return []storePromise{
		{"the first save makes version 1", firstSave},
		{"every save counts the version up by one", savesCountUp},
		{"the version inside the cart does not matter", versionInside},
		{"the answer is the cart as stored", answerAsStored},
		{"an ended context writes nothing", endedContextWrites},
	}
}

func deleting() []storePromise {
	return []storePromise{
		{"a deleted cart is not found", deletedIsGone},
		{"deleting what is not there is no error", deleteTwice},
		{"deleting leaves other owners alone", deleteOnlyOne},
		{"the versions of the next cart start at 1", versionsStartAgain},
	}
}

func absentIsNotFound(s *store) { s.wantNone(owner) }

func loadedAsSaved(s *store) {
	s.save(sample(owner), 0)
	s.wantStored(version(sample(owner), 1))
	s.wantStored(version(sample(owner), 1)) // loading changes nothing
}

func emptiedIsACart(s *store) {
	s.save(sample(owner), 0)
	empty := cart.Cart{ID: "CARTA", Owner: owner}
	s.save(empty, 1)
	s.wantStored(version(empty, 2))
}

// ownersApart uses owners that a store could take for each other, or for a pattern.
func ownersApart(s *store) {
	owners := []cart.Owner{
		"guest:1", "guest:10", "Guest:1", "GUEST:1", "guest:", "guest:1:2", "guest:*", "guest:%", "guest:_", "guest:?", "guest:[1]",
		"guest:{1}", "guest:'", `guest:"`, `guest:\`, "guest:;--", "guest:/../1", "customer:1", "1",
		cart.Owner(strings.Repeat("x", cart.MaxOwner)), cart.Owner(strings.Repeat("x", cart.MaxOwner-1) + "y"),
	}
	for i, o := range owners {
		s.wantNone(o)
		c := sample(o)
		c.ID, c.Note = "CART"+string(rune('A'+i)), string(o)
		s.save(c, 0)
	}
	for i, o := range owners {
		c := version(sample(o), 1)
		c.ID, c.Note = "CART"+string(rune('A'+i)), string(o)
		s.wantStored(c)
	}
}

func endedContextReads(s *store) {
	s.save(sample(owner), 0)
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	if c, err := s.Store.Load(ctx, owner); !errors.Is(err, context.Canceled) {
		s.Errorf("Load with an ended context: %+v, %v, want context.Canceled", c, err)
	}
}

func firstSave(s *store) {
	if got := s.save(sample(owner), 0).Version; got != 1 {
		s.Errorf("version %d, want 1", got)
	}
	s.wantStored(version(sample(owner), 1))
}

func savesCountUp(s *store) {
	for n := range int64(5) {
		if got := s.save(sample(owner), n).Version; got != n+1 {
			s.Fatalf("the save over version %d made %d, want %d", n, got, n+1)
		}
		if got := s.load(owner).Version; got != n+1 {
			s.Fatalf("version %d is stored after the save over %d, want %d", got, n, n+1)
		}
	}
}

func versionInside(s *store) {
	c := version(sample(owner), 99)
	if got := s.save(c, 0).Version; got != 1 {
		s.Errorf("version %d, want 1", got)
	}
	s.save(version(c, 0), 1)
	s.wantStored(version(sample(owner), 2))
}

func answerAsStored(s *store) {
	s.same("the answered", version(sample(owner), 1), s.save(sample(owner), 0))
	next := noted(sample(owner), "next")
	s.same("the answered", version(next, 2), s.save(next, 1))
}

func endedContextWrites(s *store) {
	s.save(sample(owner), 0)
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	if _, err := s.Store.Save(ctx, noted(sample(owner), "next"), 1); !errors.Is(err, context.Canceled) {
		s.Errorf("Save with an ended context: %v, want context.Canceled", err)
	}
	if err := s.Store.Delete(ctx, owner); !errors.Is(err, context.Canceled) {
		s.Errorf("Delete with an ended context: %v, want context.Canceled", err)
	}
	s.wantStored(version(sample(owner), 1))
}

// remove deletes a cart, which has to work.
func (s *store) remove(owner cart.Owner) {
	s.Helper()
	if err := s.Store.Delete(s.Context(), owner); err != nil {
		s.Errorf("Delete of %s: %v", owner, err)
	}
}

func deletedIsGone(s *store) {
	s.save(sample(owner), 0)
	s.remove(owner)
	s.wantNone(owner)
}

func deleteTwice(s *store) {
	s.remove(owner)
	s.save(sample(owner), 0)
	s.remove(owner)
	s.remove(owner)
}

func deleteOnlyOne(s *store) {
	other := sample("guest:5ca1ab1e0")
	s.save(sample(owner), 0)
	s.save(other, 0)
	s.remove(owner)
	s.wantStored(version(other, 1))
}

func versionsStartAgain(s *store) {
	s.save(sample(owner), 0)
	s.save(sample(owner), 1)
	s.remove(owner)
	next := sample(owner)
	next.ID = "CARTB"
	s.save(next, 0)
	s.wantStored(version(next, 1))
}
