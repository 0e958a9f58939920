package carttest

import (
	"errors"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
)

func sharing() []storePromise {
	return []storePromise{
		{"the cart that is saved is left alone", argumentLeftAlone},
		{"the cart that was saved shares no memory with the stored one", savedSharesNothing},
		{"the cart that is answered shares no memory with the stored one", answerSharesNothing},
		{"the cart that is loaded shares no memory with the stored one", loadedSharesNothing},
		{"the cart of a conflict shares no memory with the stored one", conflictSharesNothing},
	}
}

// scribble writes into every slice, map and pointer of a cart.
func scribble(c cart.Cart) {
	for i := range c.Lines {
		line := &c.Lines[i]
		line.Quantity = 77
		for name := range line.Ref.Attributes {
			line.Ref.Attributes[name] = "scribbled"
		}
		for name := range line.Ref.Data {
			line.Ref.Data[name] = "scribbled"
		}
		if line.Seen != nil {
			line.Seen.Unit = decimal.NewFromInt(77)
		}
	}
	for _, list := range [][]string{c.Coupons, c.Applied, c.Merged} {
		for i := range list {
			list[i] = "scribbled"
		}
	}
	if c.Moved != nil {
		c.Moved.To = "scribbled"
	}
}

func argumentLeftAlone(s *store) {
	c := version(sample(owner), 5)
	before := c.Clone()
	s.save(c, 0)
	if diff := cmp.Diff(before, c, cmpopts.EquateEmpty()); diff != "" {
		s.Errorf("Save changed the caller's cart (-before +after):\n%s", diff)
	}
}

func savedSharesNothing(s *store) {
	c := sample(owner)
	s.save(c, 0)
	scribble(c)
	s.wantStored(version(sample(owner), 1))
}

func answerSharesNothing(s *store) {
	scribble(s.save(sample(owner), 0))
	s.wantStored(version(sample(owner), 1))
}

func loadedSharesNothing(s *store) {
	s.save(sample(owner), 0)
	scribble(s.load(owner))
	s.wantStored(version(sample(owner), 1))
}

func conflictSharesNothing(s *store) {
	s.save(sample(owner), 0)
	_, err := s.Store.Save(s.Context(), sample(owner), 0)
	var lost *cart.ConflictError
	if !errors.As(err, &lost) {
		s.Fatalf("got %v, want a *ConflictError", err)
	}
	scribble(lost.Current)
	s.wantStored(version(sample(owner), 1))
}
