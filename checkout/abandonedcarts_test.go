package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// left is who was told of.
type left struct {
	mu     sync.Mutex
	owners []cart.Owner
	err    error
}

func (l *left) tell(_ context.Context, c cart.Cart) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owners = append(l.owners, c.Owner)
	return l.err
}

func sweeper(s *shop, l *left) *checkout.AbandonedCarts {
	s.t.Helper()
	a, err := checkout.NewAbandonedCarts(checkout.AbandonedCartsConfig{
		Service: s.Service, Carts: s.config.Carts.(checkout.IdleCarts), Marks: memstore.NewMarks(), Tell: l.tell, Now: s.clock.Now,
	})
	s.check(err)
	return a
}

func (s *shop) sweep(a *checkout.AbandonedCarts) int {
	s.t.Helper()
	n, err := a.Sweep(s.t.Context())
	s.check(err)
	return n
}

// A cart that rests is told of once, by however many replicas; filled again and left again, once more.
func TestAbandonedCartOnce(t *testing.T) {
	s, l := newShop(t), &left{}
	a := sweeper(s, l)
	s.fill("guest:1", mug, 1)
	s.clock.advance(29 * time.Minute)
	if n := s.sweep(a); n != 0 {
		t.Errorf("told of %d too early", n)
	}
	s.clock.advance(time.Minute)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { _, _ = a.Sweep(t.Context()) })
	}
	wg.Wait()
	s.clock.advance(time.Hour)
	s.sweep(a)
	if len(l.owners) != 1 || l.owners[0] != "guest:1" {
		t.Fatalf("told of %v", l.owners)
	}
	s.fill("guest:1", mug, 1)
	s.clock.advance(30 * time.Minute)
	if n := s.sweep(a); n != 1 {
		t.Errorf("left again: told of %d", n)
	}
}

// Nobody is told of a cart in a checkout, one that was bought or emptied, or one that was left long ago.
func TestAbandonedCartNot(t *testing.T) {
	s, l := newShop(t), &left{}
	a := sweeper(s, l)
	s.fill("guest:old", mug, 1)
	s.clock.advance(25 * time.Hour)
	s.fill("guest:checkout", mug, 1)
	s.ready("guest:checkout", payment.MethodRazorpay)
	s.pay(s.placed("guest:bought", mug, 1))
	s.fill("guest:emptied", mug, 1)
	s.check(errOf(s.carts.Clear(t.Context(), "guest:emptied")))
	for range 12 { // the checkout is given up within this time
		s.pass(10 * time.Minute)
		s.sweep(a)
	}
	if len(l.owners) != 0 {
		t.Errorf("told of %v", l.owners)
	}
}

func TestAbandonedCartsManyAndFailing(t *testing.T) {
	s, l := newShop(t), &left{err: errors.New("no mail today")}
	a := sweeper(s, l)
	for i := range 205 {
		s.fill(cart.Owner(fmt.Sprintf("guest:%d", i)), eBook, 1)
	}
	s.clock.advance(time.Hour)
	n, err := a.Sweep(t.Context())
	if n != 205 || !errors.Is(err, l.err) {
		t.Errorf("told of %d, %v", n, err)
	}
	if n := s.sweep(a); n != 0 {
		t.Errorf("told again of %d", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Sweep(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	_, err = checkout.NewAbandonedCarts(checkout.AbandonedCartsConfig{})
	_, long := checkout.NewAbandonedCarts(checkout.AbandonedCartsConfig{
		Service: s.Service, Carts: memstore.NewCarts(), Marks: memstore.NewMarks(), Tell: l.tell, IdleFor: 31 * time.Minute, Window: -1,
	})
	if err == nil || long == nil {
		t.Errorf("mistakes: %v, %v", err, long)
	}
}
