package checkout_test

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
)

// slowStore answers one commit late: it took effect long ago.
type slowStore struct {
	*memstore.Checkouts
	late func(checkout.Change) // called before the answer, when there is something to answer
}

func (s *slowStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	done, err := s.Checkouts.Commit(ctx, c)
	if err == nil {
		s.late(c)
	}
	return done, err
}

// countedOrders counts completions.
type countedOrders struct {
	checkout.OrderCreator
	completions int
}

func (o *countedOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	o.completions++
	return o.OrderCreator.Complete(ctx, id, how)
}

// A worker learns that its intent is written down when its lease is over already, and another worker has done the work. It
// does not do it again: a completion that began now could run beside another one, and WooCommerce would subtract stock twice.
func TestALeaseBeginsWhenItIsWrittenDown(t *testing.T) {
	for _, kind := range []checkout.EffectKind{checkout.EffectCreateGatewayOrder, checkout.EffectCreateOrder, checkout.EffectCompleteOrder} {
		t.Run(string(kind), func(t *testing.T) {
			slow, counted := &slowStore{}, &countedOrders{}
			s := newShop(t, func(c *checkout.Config) {
				slow.Checkouts = c.Store.(*memstore.Checkouts)
				counted.OrderCreator = c.Orders
				c.Store, c.Orders = slow, counted
			})
			sent := 0
			slow.late = func(c checkout.Change) {
				for _, i := range c.Record.Intents {
					if i.Effect != kind || i.SentAt.IsZero() {
						continue
					}
					if sent++; sent > 1 {
						continue
					}
					for range 3 { // the other worker looks, waits until what was sent has surely ended, and sends
						s.clock.advance(c.Record.Policy.Lease + time.Second)
						_, err := s.Advance(t.Context(), c.Record.ID)
						s.check(err)
					}
				}
			}
			r := s.placed("guest:1", mug, 1)
			s.pay(r)
			s.pass(10 * time.Minute)
			if sent < 2 {
				t.Fatalf("%s was written down %d times: the other worker did not come", kind, sent)
			}
			if n := len(s.gateway.Orders(r.Token)); n != 1 {
				t.Errorf("%d orders at the gateway", n)
			}
			if n := len(s.orders.All()); n != 1 || s.effective(r.Token) != 1 {
				t.Errorf("%d orders, %d in effect", n, s.effective(r.Token))
			}
			if n := counted.completions; n != 1 {
				t.Errorf("%d completions", n)
			}
		})
	}
}
