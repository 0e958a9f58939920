package session

import (
	"context"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/woo"
)

// ChooseShipping chooses a shipping rate for each package of the cart, in the
// order of [Cart.Packages]; most carts have one. The store would take any text
// and go on with another rate, so the cart is read first: a rate that it does
// not offer is a [*woo.InvalidError] on "shipping_rate", and nothing is changed.
func (s *Session) ChooseShipping(ctx context.Context, rates ...string) (Cart, error) {
	change := ChooseRates{Rates: rates}
	if err := change.check(); err != nil {
		return Cart{}, err
	}
	return s.alone(ctx, func(token woo.Secret) (Reply, error) {
		reply, err := s.door.Read(ctx, token)
		if err != nil {
			return Reply{}, err
		}
		if token, err = s.adopt(token, reply.Token); err != nil {
			return Reply{}, err
		}
		if change.Packages, err = offered(reply.Cart, rates); err != nil {
			return Reply{}, err
		}
		reply, err = s.do(ctx, token, change)
		if err == nil {
			err = chosen(reply.Cart, rates)
		}
		return reply, err
	})
}

// offered names the packages that rates are chosen for.
func offered(c Cart, rates []string) ([]string, error) {
	if len(rates) != len(c.Packages) {
		return nil, invalid("shipping_rate", "must be %d: the cart is shipped in so many packages", len(c.Packages))
	}
	ids := make([]string, len(rates))
	for i, p := range c.Packages {
		if !slices.ContainsFunc(p.Rates, func(r Rate) bool { return r.ID == rates[i] }) {
			return nil, invalid("shipping_rate", "is not offered for this address")
		}
		ids[i] = p.ID
	}
	return ids, nil
}

// chosen makes sure that the store took what was chosen.
func chosen(c Cart, rates []string) error {
	for i, id := range rates {
		if i >= len(c.Packages) {
			return fmt.Errorf("session: the store dropped a package: %w", ErrConflict)
		}
		if r, ok := c.Packages[i].Chosen(); !ok || r.ID != id {
			return fmt.Errorf("session: the store chose another shipping rate: %w", ErrConflict)
		}
	}
	return nil
}
