package checkout

import (
	"context"
	"reflect"

	"github.com/ankkor/ankkor/inventory"
)

// conclude tells the Reserver what a commit left of stock, and gives back the reservation that it grew out of, if any. A
// Store that reserves too knows all of it: an allocation ended its reservation in the same step.
func (s *Service) conclude(ctx context.Context, reservation string, levels []inventory.Level) {
	if s.booksReserve() {
		return
	}
	levels = forReserver(levels)
	both, ok := s.config.Reserver.(inventory.Concluder)
	if !ok || reservation == "" || len(levels) == 0 {
		s.tellReserver(ctx, levels)
		if reservation != "" {
			s.letGo(ctx, &ReservationFact{ID: reservation})
		}
		return
	}
	if err := both.Conclude(ctx, reservation, levels); err != nil {
		s.config.Log.WarnContext(ctx, "reserver not told of an allocation", "reservation", reservation, "error", err)
		s.guard.Doubt()
		s.letGo(ctx, &ReservationFact{ID: reservation})
	}
}

// booksReserve reports whether the Reserver is the Store itself: a shop on Postgres alone.
func (s *Service) booksReserve() bool {
	t := reflect.TypeOf(s.config.Reserver)
	return t.Kind() == reflect.Pointer && any(s.config.Reserver) == any(s.config.Store)
}

// tellReserver passes on what the deciding store knows. Losing it only means that the Reserver admits somebody whom the
// store then refuses, so a failure is logged, and told to the guard.
func (s *Service) tellReserver(ctx context.Context, levels []inventory.Level) {
	known, ok := s.config.Reserver.(inventory.Levels)
	if !ok || len(levels) == 0 {
		return
	}
	if err := known.SetLevels(ctx, levels); err != nil {
		s.config.Log.WarnContext(ctx, "reserver not told of stock", "error", err)
		s.guard.Doubt()
	}
}
