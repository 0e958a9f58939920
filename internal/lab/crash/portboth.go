package crash

import (
	"context"
	"errors"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/copies"
)

// cartsBeside are carts that lie beside the checkouts, whatever keeps either: both are read at one point.
type cartsBeside struct {
	carts
	checkouts checkout.Store
}

var _ checkout.Beside = cartsBeside{}

func (c cartsBeside) Beside(checkout.Store) bool { return true }

// checkoutAndCart is what LoadBoth answers.
type checkoutAndCart struct {
	record checkout.Record
	cart   cart.Cart
	there  bool
}

func (c cartsBeside) LoadBoth(ctx context.Context, id checkout.ID) (checkout.Record, cart.Cart, bool, error) {
	b, err := touch(ctx, c.Points, "Carts.LoadBoth", string(id), answers[checkoutAndCart]{
		before: func() (checkoutAndCart, error) { return checkoutAndCart{}, checkout.ErrNotFound },
		do:     func() (checkoutAndCart, error) { return c.loadBoth(ctx, id) },
		copied: func(b checkoutAndCart) checkoutAndCart {
			return checkoutAndCart{copies.Record(b.record), b.cart.Clone(), b.there}
		},
	})
	return b.record, b.cart, b.there, err
}

func (c cartsBeside) loadBoth(ctx context.Context, id checkout.ID) (b checkoutAndCart, err error) {
	if b.record, err = c.checkouts.Load(ctx, id); err != nil {
		return checkoutAndCart{}, err
	}
	if b.cart, err = c.Store.Load(ctx, b.record.Owner); errors.Is(err, cart.ErrNotFound) {
		return b, nil
	}
	b.there = err == nil
	return b, err
}
