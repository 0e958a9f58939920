package checkouttest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

// besides keeps carts beside checkouts, in two maps. Spoil, if there is one, changes what is read.
type besides struct {
	*memstore.Carts
	store *memstore.Checkouts
	spoil func(b *besides, r *checkout.Record, c *cart.Cart, there *bool, err *error)
	any   bool // it is beside every store

	seen map[checkout.ID]cart.Cart
}

func newBesides() *besides {
	return &besides{
		Carts: memstore.NewCarts(), store: memstore.NewCheckouts(memstore.NewStock(memstore.StockConfig{})),
		seen: map[checkout.ID]cart.Cart{},
	}
}

func (b *besides) Beside(s checkout.Store) bool { return b.any || s == checkout.Store(b.store) }

func (b *besides) LoadBoth(ctx context.Context, id checkout.ID) (r checkout.Record, c cart.Cart, there bool, err error) {
	if r, err = b.store.Load(ctx, id); err == nil {
		c, err = b.Load(ctx, r.Owner)
		if there = err == nil; errors.Is(err, cart.ErrNotFound) {
			err = nil
		}
	}
	if b.spoil != nil {
		b.spoil(b, &r, &c, &there, &err)
	}
	return r, c, there, err
}

func TestRunBesideAccepts(t *testing.T) {
	checkouttest.RunBeside(t, func(*testing.T) checkouttest.BesideHarness {
		b := newBesides()
		return checkouttest.BesideHarness{Store: b.store, Carts: b}
	})
}

func TestRunBesideRejects(t *testing.T) {
	for fault, tc := range map[string]struct {
		promise string
		plant   func(*besides)
	}{
		"somebody else's cart": {"both are what each says for itself", func(b *besides) {
			b.spoil = func(b *besides, _ *checkout.Record, c *cart.Cart, _ *bool, _ *error) {
				*c, _ = b.Load(context.Background(), "guest:2")
			}
		}},
		"half a record": {"both are what each says for itself", func(b *besides) {
			b.spoil = func(_ *besides, r *checkout.Record, _ *cart.Cart, _ *bool, _ *error) { r.Lines = nil }
		}},
		"an empty cart for none": {"a checkout without a cart comes without one", func(b *besides) {
			b.spoil = func(_ *besides, _ *checkout.Record, _ *cart.Cart, there *bool, _ *error) { *there = true }
		}},
		"nothing for what is absent": {"what is absent is ErrNotFound", func(b *besides) {
			b.spoil = func(_ *besides, _ *checkout.Record, _ *cart.Cart, _ *bool, err *error) { *err = nil }
		}},
		"a cart read once": {"both are read as they are now", func(b *besides) {
			b.spoil = func(b *besides, r *checkout.Record, c *cart.Cart, there *bool, _ *error) {
				if known, ok := b.seen[r.ID]; ok {
					*c, *there = known, true
				} else if *there {
					b.seen[r.ID] = *c
				}
			}
		}},
		"beside every store": {"another store is not the one beside", func(b *besides) { b.any = true }},
	} {
		t.Run(fault, func(t *testing.T) {
			suitetest.Rejects(t, tc.promise, func(t *testing.T) {
				checkouttest.RunBeside(t, func(*testing.T) checkouttest.BesideHarness {
					b := newBesides()
					tc.plant(b)
					return checkouttest.BesideHarness{Store: b.store, Carts: b}
				})
			})
		})
	}
}
