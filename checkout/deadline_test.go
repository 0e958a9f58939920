package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// hang makes one call of a port hang until its context ends: the nth after it was set.
type hang struct {
	mu    sync.Mutex
	left  int  // calls until it hangs; 0 never
	after bool // the call has had its effect when it hangs
	hung  string
}

func (h *hang) set(n int, after bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left, h.after, h.hung = n, after, ""
}

func (h *hang) at() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hung
}

// hangs reports whether this call is the one.
func (h *hang) hangs(name string) (now, after bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.left == 0 {
		return false, false
	}
	if h.left--; h.left > 0 {
		return false, false
	}
	h.hung = name
	return true, h.after
}

// hanging makes a call through h.
func hanging[T any](ctx context.Context, h *hang, name string, call func() (T, error)) (T, error) {
	var zero T
	now, after := h.hangs(name)
	if !now {
		return call()
	}
	if after {
		_, _ = call()
	}
	<-ctx.Done()
	return zero, ctx.Err()
}

type hangingStore struct {
	checkout.Store
	*hang
}

func (s hangingStore) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	return hanging(ctx, s.hang, "load", func() (checkout.Record, error) { return s.Store.Load(ctx, id) })
}

func (s hangingStore) Find(ctx context.Context, ref checkout.Ref) (checkout.ID, error) {
	return hanging(ctx, s.hang, "find", func() (checkout.ID, error) { return s.Store.Find(ctx, ref) })
}

func (s hangingStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	return hanging(ctx, s.hang, "commit", func() (checkout.Committed, error) { return s.Store.Commit(ctx, c) })
}

func (s hangingStore) Due(ctx context.Context, limit int, lease time.Duration) ([]checkout.Claimed, error) {
	return hanging(ctx, s.hang, "due", func() ([]checkout.Claimed, error) { return s.Store.Due(ctx, limit, lease) })
}

type hangingCarts struct {
	cart.Store
	*hang
}

func (c hangingCarts) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	return hanging(ctx, c.hang, "cart", func() (cart.Cart, error) { return c.Store.Load(ctx, owner) })
}

func (c hangingCarts) Save(ctx context.Context, what cart.Cart, expected int64) (cart.Cart, error) {
	return hanging(ctx, c.hang, "save cart", func() (cart.Cart, error) { return c.Store.Save(ctx, what, expected) })
}

type hangingCatalog struct {
	cart.Catalog
	*hang
}

func (c hangingCatalog) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	return hanging(ctx, c.hang, "catalogue", func() ([]cart.Item, error) { return c.Catalog.Items(ctx, refs) })
}

type hangingRules struct {
	checkout.Rulebook
	*hang
}

func (r hangingRules) Rules(ctx context.Context) (checkout.Rules, error) {
	return hanging(ctx, r.hang, "rules", func() (checkout.Rules, error) { return r.Rulebook.Rules(ctx) })
}

type hangingReserver struct {
	inventory.Reserver
	*hang
}

func (r hangingReserver) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	return hanging(ctx, r.hang, "reserve", func() (inventory.Reservation, error) { return r.Reserver.Reserve(ctx, req) })
}

func (r hangingReserver) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	return hanging(ctx, r.hang, "extend", func() (inventory.Reservation, error) { return r.Reserver.Extend(ctx, id, ttl) })
}

func (r hangingReserver) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	return hanging(ctx, r.hang, "release", func() (inventory.Reservation, error) { return r.Reserver.Release(ctx, id) })
}

type hangingGateway struct {
	payment.Gateway
	*hang
}

func (g hangingGateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	return hanging(ctx, g.hang, "gateway order", func() (payment.Order, error) { return g.Gateway.CreateOrder(ctx, r) })
}

func (g hangingGateway) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	return hanging(ctx, g.hang, "find gateway order", func() (payment.Order, error) { return g.Gateway.FindOrder(ctx, receipt) })
}

func (g hangingGateway) Payments(ctx context.Context, id string) ([]payment.Payment, error) {
	return hanging(ctx, g.hang, "payments", func() ([]payment.Payment, error) { return g.Gateway.Payments(ctx, id) })
}

func (g hangingGateway) Capture(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
	return hanging(ctx, g.hang, "capture", func() (payment.Payment, error) { return g.Gateway.Capture(ctx, id, amount) })
}

type hangingOrders struct {
	checkout.OrderCreator
	*hang
}

func (o hangingOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	return hanging(ctx, o.hang, "create order", func() (checkout.StoreOrder, error) { return o.OrderCreator.CreatePending(ctx, req) })
}

func (o hangingOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	return hanging(ctx, o.hang, "find order", func() ([]checkout.StoreOrder, error) { return o.OrderCreator.FindOrder(ctx, token) })
}

func (o hangingOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	return hanging(ctx, o.hang, "complete order", func() (checkout.StoreOrder, error) { return o.OrderCreator.Complete(ctx, id, how) })
}

func (o hangingOrders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return hanging(ctx, o.hang, "cancel order", func() (checkout.StoreOrder, error) { return o.OrderCreator.Cancel(ctx, id) })
}

// hangingShop is a shop each of whose ports can hang.
func hangingShop(t *testing.T) (*shop, *hang) {
	t.Helper()
	h := &hang{}
	s := newShop(t, func(c *checkout.Config) {
		c.Store, c.Carts, c.Catalog = hangingStore{c.Store, h}, hangingCarts{c.Carts, h}, hangingCatalog{c.Catalog, h}
		c.Rules, c.Reserver, c.Orders = hangingRules{c.Rules, h}, hangingReserver{c.Reserver, h}, hangingOrders{c.Orders, h}
		c.Payments[0].Gateway = hangingGateway{c.Payments[0].Gateway, h}
	})
	return s, h
}

// timed are calls that a shopper, a webhook or a worker waits for; each begins from a checkout that was made ready for it.
func timed() map[string]func(*shop) func(context.Context) error {
	confirm := func(s *shop, pay func(string) (payment.Callback, error)) func(context.Context) error {
		r := s.placed("guest:1", mug, 1)
		callback, err := pay(r.Gateway.ID)
		s.check(err)
		return func(ctx context.Context) error { return errOf(s.ConfirmPayment(ctx, "guest:1", r.ID, callback)) }
	}
	return map[string]func(*shop) func(context.Context) error{
		"Start": func(s *shop) func(context.Context) error {
			s.fill("guest:1", mug, 1)
			return func(ctx context.Context) error {
				return errOf(s.Start(ctx, checkout.StartRequest{Owner: "guest:1"}))
			}
		},
		"SetAddresses": func(s *shop) func(context.Context) error {
			s.fill("guest:1", mug, 1)
			r := s.ready("guest:1", payment.MethodRazorpay)
			return func(ctx context.Context) error {
				return errOf(s.SetAddresses(ctx, "guest:1", r.ID, checkout.Addresses{Billing: asha()}))
			}
		},
		"Place": func(s *shop) func(context.Context) error {
			s.fill("guest:1", mug, 1)
			req := placeRequest(s.ready("guest:1", payment.MethodRazorpay))
			return func(ctx context.Context) error { return errOf(s.Place(ctx, req)) }
		},
		"Place for cash": func(s *shop) func(context.Context) error {
			s.fill("guest:1", mug, 1)
			req := placeRequest(s.ready("guest:1", payment.MethodCOD))
			return func(ctx context.Context) error { return errOf(s.Place(ctx, req)) }
		},
		"ConfirmPayment":       func(s *shop) func(context.Context) error { return confirm(s, s.gateway.Pay) },
		"ConfirmPayment, held": func(s *shop) func(context.Context) error { return confirm(s, s.gateway.Authorize) },
		"RecheckGatewayOrder": func(s *shop) func(context.Context) error {
			r := s.placed("guest:1", mug, 1)
			_, err := s.gateway.Pay(r.Gateway.ID)
			s.check(err)
			return func(ctx context.Context) error { return errOf(s.RecheckGatewayOrder(ctx, r.Gateway.ID)) }
		},
		"Cancel": func(s *shop) func(context.Context) error {
			r := s.placed("guest:1", mug, 1)
			return func(ctx context.Context) error { return errOf(s.Cancel(ctx, "guest:1", r.ID, "")) }
		},
		"AdvanceDue": func(s *shop) func(context.Context) error {
			r := s.placed("guest:1", mug, 1)
			_, err := s.gateway.Pay(r.Gateway.ID)
			s.check(err)
			s.clock.advance(2 * time.Minute)
			return func(ctx context.Context) error { return errOf(s.AdvanceDue(ctx, 10)) }
		},
	}
}

// TestEveryCallEndsWithItsContext lets every call of every port hang once, before it did anything or after it did: whoever
// waits is answered when the time is over or is told to stop, no goroutine is left, and the checkout goes on afterwards to
// where it would have come.
func TestEveryCallEndsWithItsContext(t *testing.T) {
	hung := 0
	for name, prepare := range timed() {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after its effect %t", name, after), func(t *testing.T) {
				for n := 1; hangsAt(t, prepare, n, after); n++ {
					if hung++; n > 100 {
						t.Fatal("there is no end")
					}
				}
			})
		}
	}
	if hung < 150 {
		t.Errorf("only %d calls hung", hung)
	}
}

// hangsAt reports whether there was an nth call to hang.
func hangsAt(t *testing.T, prepare func(*shop) func(context.Context) error, n int, after bool) (hung bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, h := hangingShop(t)
		call := prepare(s)
		h.set(n, after)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		if n%2 == 0 { // told to stop, with no deadline
			cancel()
			ctx, cancel = context.WithCancel(t.Context())
			time.AfterFunc(2*time.Second, cancel)
		}
		defer cancel()
		start := time.Now()
		err := call(ctx)
		at := h.at()
		if hung = at != ""; !hung {
			return
		}
		if took := time.Since(start); took > 2*time.Second+100*time.Millisecond {
			t.Errorf("call %d, %s: answered after %s: %v", n, at, took, err)
		}
		h.set(0, false)
		s.clock.advance(10 * time.Minute) // leases and whatever may still be running are over
		again, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if err := call(again); err != nil && !errors.Is(err, checkout.ErrPlaced) {
			t.Errorf("call %d, %s: again: %v", n, at, err)
		}
		s.pass(3 * time.Hour)
		s.settledSoundly(n, at)
	})
	return hung
}

// settledSoundly checks that money and orders go together, and that no piece is lost or claimed for ever.
func (s *shop) settledSoundly(n int, at string) {
	s.t.Helper()
	records, err := s.store.All()
	s.check(err)
	for _, r := range records {
		paid := 0
		for _, p := range r.Payments.Payments() {
			if p.Status == payment.StatusCaptured {
				paid++
			}
		}
		cash := r.PaymentMethod == payment.MethodCOD && r.Placed != nil
		if orders := s.effective(r.Token); r.Stuck() || orders > 1 || (orders == 1) != (paid == 1 || cash) {
			s.t.Errorf("call %d, %s: %s, stuck %t, %d payments, %d orders", n, at, r.Status(), r.Stuck(), paid, orders)
		}
	}
	if level := s.level(mug); level.Allocated != 0 || level.Reserved != 0 {
		s.t.Errorf("call %d, %s: %+v", n, at, level)
	}
	s.conserved()
}
