package checkout

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
)

// reserve claims the lines' stock early, in place of what the record holds. Lines whose stock is not managed need no
// claim, but must be in stock. The name says what is the same claim: two tabs that reserve for one version of a cart
// share one. A name whose reservation has ended, or was made for other lines, gives way to a new one.
func (s *Service) reserve(ctx context.Context, r Record, name string) (*ReservationFact, error) {
	want, err := stockLines(r.Lines)
	if err != nil || len(want) == 0 {
		return nil, err
	}
	old := name
	if r.Reservation != nil {
		old = r.Reservation.ID
	}
	req := inventory.ReserveRequest{ID: name, Owner: r.CartID, Lines: want, TTL: r.Policy.HoldFor}
	if old != name {
		req.Replaces = old
	}
	own := s.config.own(r)
	res, err := s.take(ctx, req, r.destination(), own)
	if errors.Is(err, inventory.ErrEnded) || errors.Is(err, inventory.ErrConflict) {
		req.ID, req.Replaces = newReservationID(), old
		res, err = s.take(ctx, req, r.destination(), own)
	}
	if errors.Is(err, inventory.ErrInsufficient) {
		return nil, fmt.Errorf("%w: %w", ErrOutOfStock, err)
	}
	if err != nil {
		return nil, fmt.Errorf("checkout: reserving stock: %w", err)
	}
	if again := res.ID == old && (r.Reservation != nil || r.Policy.ReserveAt == ReserveAtCart); again {
		if longer, err := s.config.Reserver.Extend(ctx, res.ID, r.Policy.HoldFor); err == nil {
			res = longer
		}
	}
	return &ReservationFact{ID: res.ID, ExpiresAt: res.ExpiresAt, Held: res.Lines}, nil
}

// claim reserves, first telling the Reserver of items it does not know.
func (s *Service) claim(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	res, err := s.config.Reserver.Reserve(ctx, req)
	var short *inventory.ShortageError
	if !errors.As(err, &short) || len(short.Unknown()) == 0 || s.config.Stock == nil {
		return res, err
	}
	if err := s.LearnStock(ctx, short.Unknown()); err != nil {
		return res, err
	}
	return s.config.Reserver.Reserve(ctx, req)
}

// LearnStock reads the items from the store of record and tells a Store that keeps levels, and the Reserver, about those
// they do not know. What they know already stays; the Reserver hears what the Store knows, allocations included.
func (s *Service) LearnStock(ctx context.Context, items []inventory.Item) error {
	if s.config.Stock == nil {
		return nil
	}
	levels, err := s.config.Stock.Stock(ctx, items)
	if err != nil {
		return fmt.Errorf("checkout: reading stock: %w", err)
	}
	if s.sends() {
		if levels, err = s.absorbed(ctx, levels); err != nil {
			return err
		}
	}
	for _, keeper := range []any{s.config.Store, s.config.Reserver} {
		known, ok := keeper.(inventory.Levels)
		if !ok {
			continue
		}
		if err := known.SetLevels(ctx, levels); err != nil {
			return fmt.Errorf("checkout: telling stock: %w", err)
		}
		if levels, err = known.Levels(ctx, items); err != nil {
			return fmt.Errorf("checkout: reading stock back: %w", err)
		}
	}
	return nil
}

// stockLines are the claims the lines make on managed stock. Stock that is not managed and is out is a shortage.
func stockLines(lines []PricedLine) ([]inventory.Line, error) {
	var want []inventory.Line
	var short []inventory.Shortage
	for _, l := range lines {
		item, err := inventory.ParseItem(l.Item.Stock.Item)
		switch {
		case l.Item.Stock.Managed && err != nil:
			return nil, fmt.Errorf("checkout: stock of product %d: %w", l.Line.Ref.ProductID, err)
		case l.Item.Stock.Managed:
			want = append(want, inventory.Line{Item: item, Quantity: l.Line.Quantity})
		case !l.Item.Stock.InStock:
			short = append(short, inventory.Shortage{Item: item, Want: l.Line.Quantity})
		}
	}
	if len(short) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrOutOfStock, &inventory.ShortageError{Lines: short})
	}
	return want, nil
}

// letGo gives a reservation back; one that cannot be given back expires by itself.
func (s *Service) letGo(ctx context.Context, held *ReservationFact) {
	if held == nil {
		return
	}
	if _, err := s.config.Reserver.Release(ctx, held.ID); err != nil && !errors.Is(err, inventory.ErrNotFound) {
		s.config.Log.WarnContext(ctx, "reservation not released; it will expire", "reservation", held.ID, "error", err)
	}
}
