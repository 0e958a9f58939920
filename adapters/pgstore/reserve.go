package pgstore

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Reserve implements [inventory.Reserver].
func (s *Store) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	req, err := req.Normalize()
	if err != nil {
		return inventory.Reservation{}, err
	}
	r := &reserve{req: req}
	arrived, err := s.travel.do(ctx, r)
	if !arrived {
		return inventory.Reservation{}, err
	}
	return r.answer, err
}

// Extend implements [inventory.Reserver].
func (s *Store) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	if err := inventory.CheckTTL(ttl); err != nil {
		return inventory.Reservation{}, err
	}
	return s.of(ctx, id, func(d *desk, r *reservation) error {
		if r.State != inventory.Active {
			return r.ended()
		}
		if until := d.now.Add(ttl).Truncate(time.Microsecond); until.After(r.ExpiresAt) {
			r.ExpiresAt = until
			d.extended = append(d.extended, extendedRow{r.ID, until})
		}
		return nil
	})
}

// Release implements [inventory.Reserver].
func (s *Store) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	return s.of(ctx, id, func(d *desk, r *reservation) error {
		if r.State == inventory.Active {
			d.end(r, inventory.Released, d.now)
		}
		return nil
	})
}

func (s *Store) of(ctx context.Context, id string, do func(*desk, *reservation) error) (inventory.Reservation, error) {
	if err := inventory.CheckID(id); err != nil {
		return inventory.Reservation{}, err
	}
	r := &ofReservation{id: id, do: do}
	arrived, err := s.travel.do(ctx, r)
	if !arrived {
		return inventory.Reservation{}, err
	}
	return r.answer, err
}

// reserve is a request for stock.
type reserve struct {
	req    inventory.ReserveRequest
	answer inventory.Reservation
}

func (r *reserve) touches() touched {
	t := touched{makes: true, reservations: []string{r.req.ID}}
	if r.req.Replaces != "" && r.req.Replaces != r.req.ID {
		t.reservations = append(t.reservations, r.req.Replaces)
	}
	t.names = reservationNames(t.reservations)
	for _, line := range r.req.Lines {
		for _, l := range r.req.Locations {
			t.keys = append(t.keys, line.Item.At(l))
		}
	}
	return t
}

func reservationNames(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = "reservation\x00" + id
	}
	return names
}

func (r *reserve) decide(_ context.Context, d *desk) error {
	r.answer = inventory.Reservation{}
	if known := d.reservations[r.req.ID]; known != nil {
		var err error
		r.answer, err = known.again(r.req.Owner, r.req.Fingerprint())
		return err
	}
	replaced := d.reservations[r.req.Replaces]
	if replaced != nil && replaced.Owner != r.req.Owner {
		return &inventory.ConflictError{ID: r.req.Replaces, Reason: "belongs to another owner"}
	}
	if replaced != nil && replaced.State != inventory.Active {
		replaced = nil
	}
	held, err := inventory.Plan(r.shelf(d, replaced), r.req.Lines, r.req.Locations, r.req.Split)
	if err != nil {
		return err
	}
	if replaced != nil {
		d.end(replaced, inventory.Replaced, d.now)
	}
	r.answer = d.make(r.req, held).view()
	return nil
}

// shelf is the levels the request may take from, with what the replaced reservation holds back in them.
func (r *reserve) shelf(d *desk, replaced *reservation) []inventory.Level {
	levels := d.known(r.touches().keys)
	for i, l := range levels {
		if replaced != nil {
			levels[i].Reserved -= replaced.held(l.Key)
		}
	}
	return levels
}

// ofReservation does something to one reservation.
type ofReservation struct {
	id     string
	do     func(*desk, *reservation) error
	answer inventory.Reservation
}

func (r *ofReservation) touches() touched {
	return touched{reservations: []string{r.id}, names: reservationNames([]string{r.id})}
}

func (r *ofReservation) decide(_ context.Context, d *desk) error {
	r.answer = inventory.Reservation{}
	known := d.reservations[r.id]
	if known == nil {
		return fmt.Errorf("%w: %s", inventory.ErrNotFound, r.id)
	}
	err := r.do(d, known)
	r.answer = known.view()
	return err
}
