package crash_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/crash"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// brokenStore writes something else than it was told, or over what it does not know.
type brokenStore struct {
	crash.Deciding
	alter func(*checkout.Change)
	force bool
}

func (s brokenStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	if s.alter != nil {
		s.alter(&c)
	}
	done, err := s.Deciding.Commit(ctx, c)
	if s.force && errors.Is(err, checkout.ErrConflict) {
		now, failed := s.Load(ctx, c.Record.ID)
		if failed != nil {
			return done, err
		}
		c.Record.Version = now.Version
		return s.Deciding.Commit(ctx, c)
	}
	return done, err
}

func breakStore(w *crash.World, alter func(*checkout.Change), force bool) {
	w.Config.Store = brokenStore{w.Config.Store.(crash.Deciding), alter, force}
}

// blindOrders never finds what was made.
type blindOrders struct{ *memstore.Orders }

func (o blindOrders) FindOrder(context.Context, string) ([]checkout.StoreOrder, error) {
	return nil, nil
}

// blindShipper never finds what was booked.
type blindShipper struct{ checkout.Shipper }

func (s blindShipper) FindShipment(context.Context, checkout.Record) (checkout.Shipment, error) {
	return checkout.Shipment{}, checkout.ErrNotFound
}

// keylessMail tells a customer as often as it is asked.
type keylessMail struct {
	*crash.Post
	n int
}

func (m *keylessMail) Notify(ctx context.Context, n checkout.Notice) error {
	m.n++
	n.Key += strings.Repeat("!", m.n)
	return m.Post.Notify(ctx, n)
}

// hastyStream forgets every other event.
type hastyStream struct {
	checkout.Publisher
	n int
}

func (s *hastyStream) Publish(ctx context.Context, events ...checkout.Event) error {
	if s.n++; s.n%2 == 0 {
		return nil
	}
	return s.Publisher.Publish(ctx, events...)
}

// stickyHolds lets nothing go.
type stickyHolds struct{ *memstore.Stock }

func (s stickyHolds) Reserve(ctx context.Context, r inventory.ReserveRequest) (inventory.Reservation, error) {
	r.TTL, r.Replaces = inventory.MaxTTL, ""
	return s.Stock.Reserve(ctx, r)
}

func (stickyHolds) Release(_ context.Context, id string) (inventory.Reservation, error) {
	return inventory.Reservation{ID: id}, nil
}

// generousGateway says that it gave back, and gives nothing.
type generousGateway struct{ payment.Gateway }

func (g generousGateway) Refund(_ context.Context, r payment.RefundRequest) (payment.Refund, error) {
	return payment.Refund{ID: "rfnd_nothing", PaymentID: r.PaymentID, Amount: r.Amount, Status: payment.RefundProcessed, Key: r.Key}, nil
}

func (g generousGateway) FindRefund(context.Context, string, string) (payment.Refund, error) {
	return payment.Refund{}, payment.ErrNotFound
}

// without leaves moves of a kind out of a change.
func without(kind inventory.MoveKind, coupons bool) func(*checkout.Change) {
	return func(c *checkout.Change) {
		c.Stock = slices.DeleteFunc(slices.Clone(c.Stock), func(m inventory.Move) bool {
			return m.Kind == kind && strings.HasPrefix(string(m.Lines[0].Key.Item), "coupon") == coupons
		})
	}
}

// broken are worlds with one fault, the story in which it shows, what is spoiled, and the invariant that says so.
func broken() map[string]struct {
	story, method string
	mode          crash.Mode
	fault         func(*crash.World)
	want          string
} {
	type b = struct {
		story, method string
		mode          crash.Mode
		fault         func(*crash.World)
		want          string
	}
	return map[string]b{
		"orders that are never found": {"happy", "Orders.CreatePending", crash.Lost, func(w *crash.World) {
			w.Config.Orders = blindOrders{w.Config.Orders.(*memstore.Orders)}
		}, "I20"},
		"parcels that are never found": {"happy", "Shipper.Ship", crash.Lost, func(w *crash.World) {
			w.Config.Shipper = blindShipper{w.Config.Shipper}
		}, "I25"},
		"mails without a key": {"happy", "Notifier.Notify", crash.Lost, func(w *crash.World) {
			w.Config.Notifier = &keylessMail{Post: w.Post}
		}, "I25"},
		"events that are lost": {"happy", "", crash.Sound, func(w *crash.World) {
			w.Config.Publisher = &hastyStream{Publisher: w.Config.Publisher}
		}, "I21"},
		"an outbox outside the transaction": {"happy", "", crash.Sound, func(w *crash.World) {
			breakStore(w, func(c *checkout.Change) { c.Outbox = nil }, false)
		}, "I21"},
		"an allocation that is not written": {"happy", "", crash.Sound, func(w *crash.World) {
			breakStore(w, func(c *checkout.Change) {
				if len(c.Stock) > 0 && c.Stock[0].Kind == inventory.Ship {
					c.Stock = nil
				}
				without(inventory.Confirm, false)(c)
			}, false)
		}, "I6"},
		"a release that is not written": {"cancelled", "", crash.Sound, func(w *crash.World) {
			breakStore(w, without(inventory.ReleaseAllocation, false), false)
		}, "I6"},
		"a coupon that is not claimed": {"coupon with a limit", "", crash.Sound, func(w *crash.World) {
			breakStore(w, func(c *checkout.Change) {
				without(inventory.Allocate, true)(c)
				without(inventory.Confirm, true)(c)
			}, false)
		}, "I19"},
		"the last writer wins": {"both at once", "Orders.CreatePending", crash.Delayed, func(w *crash.World) {
			breakStore(w, nil, true)
		}, "I"},
		"holds that stay": {"cancelled", "", crash.Sound, func(w *crash.World) {
			w.Config.Reserver = stickyHolds{w.Config.Reserver.(*memstore.Stock)}
		}, "I5"},
		"refunds that are only said": {"cancelled", "", crash.Sound, func(w *crash.World) {
			w.Config.Payments[0].Gateway = generousGateway{w.Config.Payments[0].Gateway}
		}, "I10"},
		"bindings that are not written": {"happy", "", crash.Sound, func(w *crash.World) {
			breakStore(w, func(c *checkout.Change) {
				c.Bind = slices.DeleteFunc(slices.Clone(c.Bind), func(r checkout.Ref) bool { return r.Kind == checkout.RefPayment })
			}, false)
		}, "I13"},
	}
}

// TestFaultsAreSeen plants a fault in a world and demands that the invariant it breaks is the one that says so.
func TestFaultsAreSeen(t *testing.T) {
	for name, b := range broken() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(crash.Stories(), func(s crash.Story) bool { return s.Name == b.story })
			s := crash.Stories()[i]
			tell := func(p crash.Plan) crash.Outcome {
				w, err := crash.NewMemory()
				if err != nil {
					t.Fatal(err)
				}
				b.fault(w)
				return inWorld(t, w, s, p)
			}
			plan := crash.Plan{Patient: true}
			if b.method != "" {
				at := slices.Index(tell(plan).Names, b.method)
				plan.Spoil = map[int]crash.Mode{at + 1: b.mode}
			}
			out := tell(plan)
			if !slices.ContainsFunc(out.Violations, func(v string) bool { return strings.HasPrefix(v, b.want) }) {
				t.Errorf("not seen, want %s: %q\n%s", b.want, out.Violations, strings.Join(out.Timeline, "\n"))
			}
			t.Log(out.Violations)
		})
	}
}
