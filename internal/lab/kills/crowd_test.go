package kills_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/backend"
	"github.com/ankkor/ankkor/payment"
)

// crowd is everybody who buys while things are killed, and what they were told.
type crowd struct {
	shop *backend.Backend

	mu        sync.Mutex
	paid      []backend.Checkout // at the gateway; the shop may have heard of it or not
	cancelled []backend.Checkout
	soldOut   int
	problems  []error
}

// come lets so many people buy, one thing after the other, until stop is closed. The
// channel says when the last of them has gone.
func (c *crowd) come(ctx context.Context, people int, stop <-chan struct{}) <-chan struct{} {
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			for round := 0; ; round++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := c.visit(ctx, n, round); err != nil {
					c.note(func() { c.problems = append(c.problems, fmt.Errorf("person %d, visit %d: %w", n, round, err)) })
					return
				}
			}
		})
	}
	gone := make(chan struct{})
	go func() { all.Wait(); close(gone) }()
	return gone
}

func (c *crowd) note(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
}

// visit is one purchase: of four people one cancels instead of paying, and one pays and
// closes the tab, so that only the webhook or the poller tells.
func (c *crowd) visit(ctx context.Context, n, round int) error {
	s := c.shop.Shopper()
	defer s.Close()
	product := c.shop.Goods[(n+round)%len(c.shop.Goods)]
	switch (n + round) % 4 {
	case 0:
		return c.changeMind(ctx, s, product)
	case 1:
		return c.leave(ctx, s, product)
	}
	placed, err := c.place(ctx, s, product)
	if err != nil {
		return c.sorry(ctx, err)
	}
	callback, err := c.pay(placed)
	if err != nil {
		return err
	}
	return insist(ctx, func() error {
		return s.Send(ctx, http.MethodPost, "/checkouts/"+string(placed.ID)+"/payment", string(callback), nil)
	})
}

// place takes a new cart to the gateway's window, whatever fails on the way. Each request
// may be repeated: a change of the cart has an id, a placement a key.
func (c *crowd) place(ctx context.Context, s *backend.Shopper, product int64) (placed backend.Checkout, err error) {
	if err := insist(ctx, func() error { return s.Fill(ctx, product, 1) }); err != nil {
		return placed, err
	}
	if err := insist(ctx, func() error { placed, err = s.Ready(ctx, string(payment.MethodRazorpay)); return err }); err != nil {
		return placed, err
	}
	err = insist(ctx, func() error { placed, err = s.Commit(ctx, placed); return err })
	return placed, err
}

// sorry is a visit that ended because there was nothing left, which is no failure.
func (c *crowd) sorry(ctx context.Context, err error) error {
	if !backend.SoldOut(err) {
		return err
	}
	c.note(func() { c.soldOut++ })
	return pause(ctx)
}

// pay pays at the gateway, once, and returns what the browser brings back.
func (c *crowd) pay(placed backend.Checkout) (callback []byte, err error) {
	paid, err := c.shop.Gateway.Pay(placed.Gateway.OrderID)
	if err != nil {
		return nil, err
	}
	c.note(func() { c.paid = append(c.paid, placed) })
	return json.Marshal(paid)
}

// leave pays and closes the tab.
func (c *crowd) leave(ctx context.Context, s *backend.Shopper, product int64) error {
	placed, err := c.place(ctx, s, product)
	if err != nil {
		return c.sorry(ctx, err)
	}
	_, err = c.pay(placed)
	return err
}

// changeMind cancels what was placed.
func (c *crowd) changeMind(ctx context.Context, s *backend.Shopper, product int64) error {
	placed, err := c.place(ctx, s, product)
	if err != nil {
		return c.sorry(ctx, err)
	}
	err = insist(ctx, func() error {
		return s.Send(ctx, http.MethodPost, "/checkouts/"+string(placed.ID)+"/cancel", `{}`, nil)
	})
	if err == nil {
		c.note(func() { c.cancelled = append(c.cancelled, placed) })
	}
	return err
}

// insist repeats what may succeed a moment later: the server is away, or the same request
// is still being worked on.
func insist(ctx context.Context, do func() error) error {
	for {
		err := do()
		var refused *backend.RefusalError
		busy := errors.As(err, &refused) && refused.Code == "idempotency_key_busy"
		if !busy && !backend.Passing(err) {
			return err
		}
		if waited := pause(ctx); waited != nil {
			return errors.Join(waited, err)
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Millisecond):
		return nil
	}
}

// check waits until everything has come to rest and holds the books against each other.
func (c *crowd) check(t *testing.T) {
	t.Helper()
	for _, err := range c.problems {
		t.Error(err)
	}
	books := c.shop.Books(t)
	c.shop.Await(t, "every sale is settled", func(ctx context.Context) bool { return c.shop.Settled(ctx, c.paid, books) })
	c.shop.Await(t, "every cancellation has happened", func(ctx context.Context) bool {
		for _, placed := range c.cancelled {
			r, err := books.Load(ctx, placed.ID)
			if err != nil || r.Status() != checkout.StatusCancelled || len(r.Intents) > 0 {
				return false
			}
		}
		return true
	})
	c.shop.Run(t, "reconcile") // what a reading left out while an order was under way, the next one brings
	latest, err := backend.Latest(t.Context(), books, c.paid)
	if err != nil {
		t.Fatal(err)
	}
	report := c.shop.Audit(t, latest)
	for _, placed := range c.cancelled {
		for _, p := range c.shop.Gateway.Payments(placed.Gateway.OrderID) {
			t.Errorf("cancelled %s has payment %+v", placed.ID, p)
		}
	}
	t.Logf("%d paid, %d cancelled, %d times sold out: %+v", len(c.paid), len(c.cancelled), c.soldOut, report)
	if len(c.paid) < people/2 || len(c.cancelled) < people/8 { // whoever came finished at least one visit
		t.Errorf("there was hardly any load: %d paid, %d cancelled", len(c.paid), len(c.cancelled))
	}
}
