package wootest

import (
	"net/http"
	"time"
)

// overlapCheckout is the time between a checkout's reading of cart and stock
// and its writing of the order, as Store.overlap is for GraphQL: it lasts when
// an Overlap fault or Config.CheckoutWindow says so. What it answers is the
// state that was read, nil when nothing waited. The store's lock is let go
// meanwhile.
func (s *Store) overlapCheckout(req *request) *state {
	limit := s.cfg.CheckoutWindow
	if req.method != http.MethodPost || req.path != storeRoot+"/checkout" || req.overlap == nil && limit == 0 {
		return nil
	}
	seen := s.state.clone()
	s.mu.Unlock()
	defer s.mu.Lock()
	if req.overlap == nil {
		s.faults.wait(req.ctx, limit, nil)
		return seen
	}
	if limit = req.overlapWait; limit == 0 {
		limit = time.Second
	}
	s.faults.wait(req.ctx, limit, req.overlap.arrive())
	return seen
}

// lookBack lets the call read what an overlapping checkout read; the function
// it answers ends that.
func (c *storeCall) lookBack() func() {
	live := c.st
	if c.req.seen == nil {
		return func() {}
	}
	c.st = c.req.seen
	if c.cart != nil {
		c.cart.st = c.req.seen
	}
	return func() {
		c.st = live
		if c.cart != nil {
			c.cart.st = live
		}
	}
}
