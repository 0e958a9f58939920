package inventorytest_test

import (
	"context"

	"github.com/ankkor/ankkor/inventory"
)

// Conclude implements inventory.Concluder.
func (s *toy) Conclude(ctx context.Context, id string, levels []inventory.Level) error {
	if err := inventory.CheckID(id); err != nil && s.fault != concludesAnyID {
		return err
	}
	levels, err := inventory.CheckLevels(levels)
	if err != nil {
		return err
	}
	if s.fault == concludesBeforeTelling {
		_ = s.letGo(ctx, id)
		s.pauseUnlocked()
	}
	if s.fault != concludesUntold {
		if err := s.SetLevels(ctx, levels); err != nil {
			return err
		}
	}
	return s.letGo(ctx, id)
}

func (s *toy) letGo(ctx context.Context, id string) error {
	now, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	h := s.find(id)
	switch {
	case h == nil && s.fault == concludesOnlyTheKnown:
		return inventory.ErrNotFound
	case h != nil && h.State == inventory.Active && s.fault != concludesNothingBack:
		s.end(h, inventory.Released, now)
	}
	return err
}

// pauseUnlocked lets others in for a moment.
func (s *toy) pauseUnlocked() {
	s.mu.Lock()
	s.pause()
	s.mu.Unlock()
}
