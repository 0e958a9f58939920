package storeapi

import (
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// overlapCheckout is the time between a checkout's reading of cart and stock
// and its writing of the order, as overlap in package graphql is for GraphQL: it lasts when
// an Overlap fault or Config.CheckoutWindow says so. What it answers is the
// state that was read, nil when nothing waited. The store's lock is let go
// meanwhile.
func overlapCheckout(s *site.Site, req *wire.Request) *site.State {
	if req.Method != http.MethodPost || req.Path != wire.StoreRoot+"/checkout" || req.Race == nil && s.Options.CheckoutWindow == 0 {
		return nil
	}
	seen := s.State.Clone()
	s.Unlock()
	defer s.Lock()
	s.Linger(req, s.Options.CheckoutWindow)
	return seen
}

// lookBack lets the call read what an overlapping checkout read; the function
// it answers ends that.
func (c *Call) lookBack() func() {
	live := c.State
	if c.seen == nil {
		return func() {}
	}
	c.State = c.seen
	if c.cart != nil {
		c.cart.State = c.seen
	}
	return func() {
		c.State = live
		if c.cart != nil {
			c.cart.State = live
		}
	}
}
