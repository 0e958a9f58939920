package checkout

import (
	"context"
	"errors"

	"github.com/ankkor/ankkor/cart"
)

// Beside is the optional interface of a [cart.Store] that keeps carts where a [Store] keeps checkouts, so that both are read
// in one trip.
type Beside interface {
	// Beside reports whether the Store is the one it keeps carts beside.
	Beside(s Store) bool
	// LoadBoth returns the checkout, or ErrNotFound, and the cart of its owner as cart.Store's Load does, both as they were
	// at one moment not before the call; there is false where the owner has no cart.
	LoadBoth(ctx context.Context, id ID) (r Record, c cart.Cart, there bool, err error)
}

// getBoth is Get with the owner's cart, which is nil where it has to be read for itself.
func (s *Service) getBoth(ctx context.Context, owner Owner, id ID) (Record, *cart.Cart, error) {
	beside, ok := s.config.Carts.(Beside)
	if !ok || !beside.Beside(s.config.Store) {
		r, err := s.Get(ctx, owner, id)
		return r, nil, err
	}
	r, c, there, err := beside.LoadBoth(ctx, id)
	switch {
	case err != nil:
		return Record{}, nil, err
	case r.Owner != owner:
		return Record{}, nil, ErrNotFound
	case !there:
		c = cart.Cart{Owner: owner}
	}
	return r, &c, nil
}

func (s *Service) loadCart(ctx context.Context, owner Owner) (cart.Cart, error) {
	c, err := s.config.Carts.Load(ctx, owner)
	if errors.Is(err, cart.ErrNotFound) {
		return cart.Cart{Owner: owner}, nil
	}
	return c, err
}
