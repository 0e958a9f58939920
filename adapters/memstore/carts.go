package memstore

import (
	"context"
	"sync"

	"github.com/ankkor/ankkor/cart"
)

var _ cart.Store = (*Carts)(nil)

// Carts keeps carts in memory. It is safe for concurrent use, forgets nothing by itself, and everything is lost with
// the process.
type Carts struct {
	mu      sync.Mutex
	byOwner map[cart.Owner]cart.Cart
}

// NewCarts returns a store without carts.
func NewCarts() *Carts { return &Carts{byOwner: map[cart.Owner]cart.Cart{}} }

// Load implements [cart.Store].
func (s *Carts) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	if err := ctx.Err(); err != nil {
		return cart.Cart{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.byOwner[owner]
	if !ok {
		return cart.Cart{}, cart.ErrNotFound
	}
	return c.Clone(), nil
}

// Save implements [cart.Store].
func (s *Carts) Save(ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	if err := ctx.Err(); err != nil {
		return cart.Cart{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, ok := s.byOwner[c.Owner]
	if stored.Version != expected || ok && stored.ID != c.ID {
		stored.Owner = c.Owner
		return cart.Cart{}, &cart.ConflictError{Current: stored.Clone()}
	}
	c = c.Clone()
	c.Version = expected + 1
	s.byOwner[c.Owner] = c
	return c.Clone(), nil
}

// Delete implements [cart.Store].
func (s *Carts) Delete(ctx context.Context, owner cart.Owner) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byOwner, owner)
	return nil
}
