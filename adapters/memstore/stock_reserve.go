package memstore

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Reserve implements [inventory.Reserver].
func (s *Stock) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	req, err := req.Normalize()
	if err != nil {
		return inventory.Reservation{}, err
	}
	fingerprint := req.Fingerprint()
	now, err := s.enter(ctx, "reserve")
	if err != nil {
		return inventory.Reservation{}, err
	}
	defer s.mu.Unlock()
	if r := s.reservations.byID[req.ID]; r != nil {
		return r.again(req.Owner, fingerprint)
	}
	replaced, err := s.replaceable(req)
	if err != nil {
		return inventory.Reservation{}, err
	}
	held, err := inventory.Plan(s.shelf(req, replaced), req.Lines, req.Locations, req.Split)
	if err != nil {
		return inventory.Reservation{}, err
	}
	if replaced != nil {
		s.end(replaced, inventory.Replaced, now)
	}
	r := &reservation{
		id: req.ID, owner: req.Owner, fingerprint: fingerprint,
		lines: held, state: inventory.Active, created: now, expires: now.Add(req.TTL),
	}
	s.hold(held, 1)
	s.reservations.add(r)
	return r.view(), nil
}

// Extend implements [inventory.Reserver].
func (s *Stock) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	if err := inventory.CheckTTL(ttl); err != nil {
		return inventory.Reservation{}, err
	}
	r, now, err := s.find(ctx, "extend", id)
	if err != nil {
		return inventory.Reservation{}, err
	}
	defer s.mu.Unlock()
	if r.state != inventory.Active {
		return r.view(), r.ended()
	}
	if until := now.Add(ttl); until.After(r.expires) {
		r.expires = until
		s.reservations.schedule(r, until)
	}
	return r.view(), nil
}

// Release implements [inventory.Reserver].
func (s *Stock) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	r, now, err := s.find(ctx, "release", id)
	if err != nil {
		return inventory.Reservation{}, err
	}
	defer s.mu.Unlock()
	if r.state == inventory.Active {
		s.end(r, inventory.Released, now)
	}
	return r.view(), nil
}

// find takes the lock and looks the reservation up. If it answers an error the
// lock is not held.
func (s *Stock) find(ctx context.Context, what, id string) (*reservation, time.Time, error) {
	if err := inventory.CheckID(id); err != nil {
		return nil, time.Time{}, err
	}
	now, err := s.enter(ctx, what)
	if err != nil {
		return nil, now, err
	}
	r := s.reservations.byID[id]
	if r == nil {
		s.mu.Unlock()
		return nil, now, fmt.Errorf("%w: %s", inventory.ErrNotFound, id)
	}
	return r, now, nil
}

// replaceable returns the active reservation that the request swaps for itself,
// nil if there is none.
func (s *Stock) replaceable(req inventory.ReserveRequest) (*reservation, error) {
	r := s.reservations.byID[req.Replaces]
	switch {
	case r == nil:
		return nil, nil
	case r.owner != req.Owner:
		return nil, &inventory.ConflictError{ID: req.Replaces, Reason: "belongs to another owner"}
	case r.state != inventory.Active:
		return nil, nil
	}
	return r, nil
}

// shelf is the levels the request may take from, with what the replaced
// reservation holds back in them. Nothing is changed.
func (s *Stock) shelf(req inventory.ReserveRequest, replaced *reservation) []inventory.Level {
	back := map[inventory.Key]int64{}
	if replaced != nil {
		for _, h := range replaced.lines {
			back[h.Key] += h.Quantity
		}
	}
	levels := make([]inventory.Level, 0, len(req.Lines)*len(req.Locations))
	for _, line := range req.Lines {
		for _, loc := range req.Locations {
			if l, ok := s.levels[line.Item.At(loc)]; ok {
				l.Reserved -= back[l.Key]
				levels = append(levels, l)
			}
		}
	}
	return levels
}

// end makes an active reservation give its stock back.
func (s *Stock) end(r *reservation, state inventory.ReservationState, at time.Time) {
	r.state, r.endedAt = state, at
	s.hold(r.lines, -1)
	s.reservations.schedule(r, r.expires.Add(inventory.Remembered))
}

func (s *Stock) hold(lines []inventory.Held, sign int64) {
	for _, h := range lines {
		l := s.levels[h.Key]
		l.Reserved += sign * h.Quantity
		s.levels[h.Key] = l
	}
}

// reclaim ends what has expired and forgets what ended long enough ago.
func (s *Stock) reclaim(now time.Time) {
	for {
		r := s.reservations.due(now)
		switch {
		case r == nil:
			return
		case r.state == inventory.Active:
			s.end(r, inventory.Expired, r.expires)
		default:
			s.reservations.forget(r)
		}
	}
}

// void ends reservations of key, youngest first, until they have given up at
// least cut pieces.
func (s *Stock) void(key inventory.Key, cut int64, now time.Time) {
	for _, r := range s.reservations.youngestFirst() {
		held := r.held(key)
		if held == 0 {
			continue
		}
		s.end(r, inventory.Voided, now)
		if cut -= held; cut <= 0 {
			return
		}
	}
}

// use ends the reservations that moves grow out of.
func (s *Stock) use(moves []inventory.Move, now time.Time) {
	for _, m := range moves {
		if r := s.reservations.byID[m.Reservation]; r != nil && r.state == inventory.Active {
			s.end(r, inventory.Used, now)
		}
	}
}
