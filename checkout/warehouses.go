package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
)

// Parcels says what each location sends of a placed order, for staff and a Shipper; nothing before it was placed, or if no
// line has stock that is managed.
func (r Record) Parcels() []warehouse.Parcel { return warehouse.Parcels(r.Allocated) }

// destination is where the parcels go, as far as the shopper has said.
func (r Record) destination() warehouse.Destination {
	to := r.Shipping
	if to.IsZero() {
		to = r.Billing
	}
	return warehouse.Destination{Country: to.Country, State: canonicalState(to.State), PIN: to.Postcode}
}

// canonicalWarehouses names states as destinations do.
func canonicalWarehouses(n warehouse.Network) warehouse.Network {
	n.Warehouses = slices.Clone(n.Warehouses)
	for i := range n.Warehouses {
		n.Warehouses[i].State = canonicalState(n.Warehouses[i].State)
	}
	return n
}

// sends reports whether the shop has named the places it sends from.
func (s *Service) sends() bool { return len(s.config.Warehouses.Warehouses) > 0 }

func (s *Service) sendsFrom(at inventory.Location) bool {
	return slices.ContainsFunc(s.config.Warehouses.Warehouses, func(w warehouse.Warehouse) bool { return w.Location == at })
}

// take reserves where the warehouses are best for the destination; own is what the caller's earlier reservation holds. If
// that fails because somebody was quicker, every place is asked.
func (s *Service) take(
	ctx context.Context, req inventory.ReserveRequest, to warehouse.Destination, own []inventory.Held,
) (inventory.Reservation, error) {
	if !s.sends() {
		return s.claim(ctx, req)
	}
	best, _, err := s.places(ctx, s.config.Reserver, req.Lines, to, own)
	if err != nil {
		return inventory.Reservation{}, err
	}
	req.Locations, req.Split = best, s.config.Warehouses.Split
	res, err := s.claim(ctx, req)
	if !errors.Is(err, inventory.ErrInsufficient) {
		return res, err
	}
	best, others, err := s.places(ctx, s.config.Reserver, req.Lines, to, own)
	if err != nil {
		return inventory.Reservation{}, err
	}
	req.Locations = append(best, others...)
	return s.claim(ctx, req)
}

// places asks for the best locations, and the others, by what the keeper knows of stock.
func (s *Service) places(
	ctx context.Context, keeper any, lines []inventory.Line, to warehouse.Destination, own []inventory.Held,
) (best, others []inventory.Location, err error) {
	levels, err := s.levelsFor(ctx, keeper, lines, own)
	if err != nil { // the reservation itself will tell; until then a ranking without stock will do
		s.config.Log.WarnContext(ctx, "warehouses ranked without stock", "error", err)
	}
	best, others, err = s.config.Warehouses.Choose(ctx, warehouse.Request{To: to, Lines: lines, Levels: levels})
	if err != nil {
		return nil, nil, fmt.Errorf("checkout: %w", err)
	}
	return best, others, nil
}

// levelsFor reads the lines' levels, those pieces that own reserves counted as free. None if the keeper does not know any.
func (s *Service) levelsFor(ctx context.Context, keeper any, lines []inventory.Line, own []inventory.Held) ([]inventory.Level, error) {
	known, ok := keeper.(inventory.Levels)
	if !ok {
		return nil, nil
	}
	items := make([]inventory.Item, len(lines))
	for i, l := range lines {
		items[i] = l.Item
	}
	levels, err := known.Levels(ctx, items)
	for i := range levels {
		for _, h := range own {
			if h.Key == levels[i].Key {
				levels[i].Reserved = max(0, levels[i].Reserved-h.Quantity)
			}
		}
	}
	return levels, err
}

// moveHold reserves anew where the warehouses are best for an address that has just been given. The earlier reservation
// stays if that cannot be done. A hold of the cart's stays where it is: its next change has to find it by name.
func (s *Service) moveHold(ctx context.Context, r Record) Record {
	if !s.sends() || !s.config.alive(r.Reservation) || s.config.Policy.ReserveAt == ReserveAtCart {
		return r
	}
	if want, err := stockLines(r.Lines); err != nil || len(want) == 0 {
		return r
	} else if held, err := s.planned(ctx, s.config.Reserver, r, want); err != nil || slices.Equal(held, r.Reservation.Held) {
		return r
	}
	held, err := s.reserve(ctx, r, fmt.Sprintf("%s-%d-to", r.ID, r.Version))
	if err != nil || held == nil {
		s.config.Log.WarnContext(ctx, "stock stays reserved where it was", "checkout", r.ID, "error", err)
		return r
	}
	done, err := s.update(ctx, r.ID, func(d *draft) error {
		if err := d.editable(r.Owner); err != nil {
			return err
		}
		if d.Reservation == nil || d.Reservation.ID != r.Reservation.ID {
			return ErrConflict
		}
		d.Reservation = held
		return nil
	})
	if err != nil {
		s.config.Log.WarnContext(ctx, "stock was reserved elsewhere and let go", "checkout", r.ID, "error", err)
		s.letGo(ctx, held)
		return r
	}
	return done
}

// alive reports whether the reservation still holds its stock, as far as its record says.
func (c Config) alive(held *ReservationFact) bool {
	return held != nil && !held.Released && c.Now().Before(held.ExpiresAt)
}

// own is what the record's reservation still holds.
func (c Config) own(r Record) []inventory.Held {
	if !c.alive(r.Reservation) {
		return nil
	}
	return r.Reservation.Held
}

// elsewhere says which other locations could give what a refused claim wanted, by what the deciding store knows; nil if the
// refusal has another cause, or stands.
func (s *Service) elsewhere(ctx context.Context, r Record, refused []inventory.Held, cause error) []inventory.Held {
	if !s.sends() || !errors.Is(cause, inventory.ErrInsufficient) || len(refused) == 0 {
		return nil
	}
	keeper := any(s.config.Store)
	if _, ok := keeper.(inventory.Levels); !ok {
		keeper = s.config.Reserver
	}
	lines := make([]inventory.Line, len(refused))
	for i, h := range refused {
		lines[i] = inventory.Line{Item: h.Key.Item, Quantity: h.Quantity}
	}
	held, err := s.planned(ctx, keeper, r, lines)
	if err != nil || slices.Equal(held, refused) {
		return nil
	}
	return held
}

// planned says where the lines would come from if they were claimed now.
func (s *Service) planned(ctx context.Context, keeper any, r Record, lines []inventory.Line) ([]inventory.Held, error) {
	own := s.config.own(r)
	best, others, err := s.places(ctx, keeper, lines, r.destination(), own)
	if err != nil {
		return nil, err
	}
	levels, err := s.levelsFor(ctx, keeper, lines, own)
	if err != nil {
		return nil, err
	}
	held, err := inventory.Plan(levels, lines, best, s.config.Warehouses.Split)
	if errors.Is(err, inventory.ErrInsufficient) {
		return inventory.Plan(levels, lines, append(best, others...), s.config.Warehouses.Split)
	}
	return held, err
}

// absorbed puts what the store of record says where its single number belongs, and leaves out items that lie somewhere
// already: their pieces would be counted twice.
func (s *Service) absorbed(ctx context.Context, levels []inventory.Level) ([]inventory.Level, error) {
	items := make([]inventory.Item, len(levels))
	for i, l := range levels {
		items[i] = l.Key.Item
	}
	var known []inventory.Level
	for _, keeper := range []any{s.config.Store, s.config.Reserver} {
		if books, ok := keeper.(inventory.Levels); ok {
			var err error
			if known, err = books.Levels(ctx, items); err != nil {
				return nil, fmt.Errorf("checkout: reading stock: %w", err)
			}
			break // the store decides, if it keeps levels
		}
	}
	fresh := make([]inventory.Level, 0, len(levels))
	for _, l := range levels {
		if !slices.ContainsFunc(known, func(k inventory.Level) bool { return k.Key.Item == l.Key.Item }) {
			if l.Key.Location == inventory.DefaultLocation && !s.sendsFrom(l.Key.Location) {
				l.Key.Location = s.config.Warehouses.Absorbing()
			}
			fresh = append(fresh, l)
		}
	}
	return fresh, nil
}
