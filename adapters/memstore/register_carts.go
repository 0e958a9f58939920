package memstore

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

var (
	_ checkout.IdleCarts = (*Carts)(nil)
	_ checkout.Marks     = (*Marks)(nil)
)

// Idle implements [checkout.IdleCarts].
func (s *Carts) Idle(ctx context.Context, from, to time.Time, after cart.Cart, limit int) ([]cart.Cart, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var idle []cart.Cart
	for _, c := range s.byOwner {
		if !c.IsEmpty() && c.UpdatedAt.After(from) && !c.UpdatedAt.After(to) && (after.ID == "" || byRest(c, after) > 0) {
			idle = append(idle, c)
		}
	}
	slices.SortFunc(idle, byRest)
	idle = idle[:min(max(limit, 0), len(idle))]
	for i, c := range idle {
		idle[i] = c.Clone()
	}
	return idle, nil
}

func byRest(a, b cart.Cart) int {
	return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(a.ID, b.ID))
}

// Marks is a [checkout.Marks] in memory, for one process. It never forgets.
type Marks struct {
	mu    sync.Mutex
	noted map[string]struct{}
}

// NewMarks returns marks of nothing.
func NewMarks() *Marks { return &Marks{noted: map[string]struct{}{}} }

// Mark implements [checkout.Marks].
func (m *Marks) Mark(ctx context.Context, key string, _ time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, there := m.noted[key]
	m.noted[key] = struct{}{}
	return !there, nil
}
