package checkout_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// behindStore answers as a replica does that has not heard of the latest commits.
type behindStore struct {
	*memstore.Checkouts
	old *checkout.Record
}

func (s behindStore) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	if s.old.Version > 0 {
		return *s.old, nil
	}
	return s.Checkouts.Load(ctx, id)
}

// TestAStaleReadTakesNothingBack reads the checkout as it was before, just after it was placed and before the gateway took
// the order.
func TestAStaleReadTakesNothingBack(t *testing.T) {
	for name, kind := range map[string]fakegateway.Kind{"the gateway is away": fakegateway.Unavailable, "the gateway is well": ""} {
		t.Run(name, func(t *testing.T) {
			var old, ready checkout.Record
			var m *meddling
			s := newShop(t, func(c *checkout.Config) {
				m = &meddling{hand: func() { old = ready }}
				behind := behindStore{c.Store.(*memstore.Checkouts), &old}
				c.Store = meddledBehind{behind, m}
			})
			s.fill("guest:1", mug, 1)
			ready = s.ready("guest:1", payment.MethodRazorpay)
			if kind != "" {
				s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: kind}))
			}
			placed, err := s.Place(t.Context(), placeRequest(ready))
			if kind != "" && !errors.Is(err, checkout.ErrUnavailable) || kind == "" && err != nil {
				t.Errorf("placing ended with %v", err)
			}
			if placed.Placed == nil || placed.Version <= ready.Version || (placed.Gateway == nil) != (kind != "") {
				t.Errorf("placed, and it is %v", placed)
			}
		})
	}
}

// meddledBehind falls behind with the commit that places.
type meddledBehind struct {
	behindStore
	*meddling
}

func (s meddledBehind) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	done, err := s.behindStore.Commit(ctx, c)
	if placing(c) && err == nil {
		s.meddle()
	}
	return done, err
}
