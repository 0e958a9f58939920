package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// reservation is one the database still knows, active or ended.
type reservation struct {
	ID          string                     `json:"id"`
	Seq         int64                      `json:"seq"`
	Owner       string                     `json:"owner"`
	Fingerprint string                     `json:"fingerprint"`
	Lines       []inventory.Held           `json:"lines"`
	State       inventory.ReservationState `json:"state"`
	CreatedAt   time.Time                  `json:"created_at"`
	ExpiresAt   time.Time                  `json:"expires_at"`
	EndedAt     time.Time                  `json:"ended_at"`
}

// forgotten is when its id stops meaning anything.
func (r *reservation) forgotten() time.Time { return r.ExpiresAt.Add(inventory.Remembered) }

// view is the reservation as callers see it, sharing nothing with it.
func (r *reservation) view() inventory.Reservation {
	return inventory.Reservation{
		ID: r.ID, Owner: r.Owner, Lines: slices.Clone(r.Lines), State: r.State,
		CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
	}
}

func (r *reservation) ended() error {
	return &inventory.EndedError{ID: r.ID, State: r.State, At: r.EndedAt.UTC()}
}

func (r *reservation) held(key inventory.Key) int64 {
	var n int64
	for _, h := range r.Lines {
		if h.Key == key {
			n += h.Quantity
		}
	}
	return n
}

// again answers a request whose id is known.
func (r *reservation) again(owner, fingerprint string) (inventory.Reservation, error) {
	switch {
	case r.Owner != owner:
		return inventory.Reservation{}, &inventory.ConflictError{ID: r.ID, Reason: "belongs to another owner"}
	case r.Fingerprint != fingerprint:
		return inventory.Reservation{}, &inventory.ConflictError{ID: r.ID, Reason: "was used for other lines"}
	case r.State != inventory.Active:
		return r.view(), r.ended()
	}
	return r.view(), nil
}

// expire ends a reservation whose time is over. What it held counts no more, whether that is written or not.
func (d *desk) expire(r *reservation) {
	if r.State == inventory.Active && !d.now.Before(r.ExpiresAt) {
		r.State, r.EndedAt = inventory.Expired, r.ExpiresAt
		d.ended = append(d.ended, endedRow{r.ID, r.State, r.EndedAt})
	}
}

// end makes an active reservation give its stock back.
func (d *desk) end(r *reservation, state inventory.ReservationState, at time.Time) {
	r.State, r.EndedAt = state, at
	d.ended = append(d.ended, endedRow{r.ID, state, at})
	d.hold(r.Lines, -1)
}

// hold counts reserved pieces of the keys that are on the desk.
func (d *desk) hold(lines []inventory.Held, sign int64) {
	for _, h := range lines {
		if l, ok := d.levels[h.Key]; ok {
			l.Reserved += sign * h.Quantity
			d.levels[h.Key] = l
		}
	}
}

// make grants a request.
func (d *desk) make(req inventory.ReserveRequest, held []inventory.Held) *reservation {
	r := &reservation{
		ID: req.ID, Owner: req.Owner, Fingerprint: req.Fingerprint(), Lines: held, State: inventory.Active,
		CreatedAt: d.now, ExpiresAt: d.now.Add(req.TTL).Truncate(time.Microsecond),
	}
	d.made = append(d.made, madeRow{r.ID, r.Owner, r.Fingerprint, held, r.CreatedAt, r.ExpiresAt})
	for _, h := range held {
		d.holds = append(d.holds, holdRow{h.Key.Item, h.Key.Location, r.ID, h.Quantity, r.ExpiresAt})
	}
	d.hold(held, 1)
	d.reservations[r.ID] = r
	return r
}

// void ends reservations of key, youngest first, until they have given up at least cut pieces.
func (d *desk) void(ctx context.Context, key inventory.Key, cut int64) {
	youngest, err := d.youngest(ctx, key, cut)
	if err != nil {
		d.failed = err
		return
	}
	for _, r := range youngest {
		if on := d.reservations[r.ID]; on != nil {
			r = on
		}
		d.reservations[r.ID] = r
		d.end(r, inventory.Voided, d.now)
	}
}

// gone are the reservations that have ended on this desk.
func (d *desk) gone() []string {
	ids := []string{}
	for id, r := range d.reservations {
		if r.State != inventory.Active {
			ids = append(ids, id)
		}
	}
	return ids
}

// youngest locks and reads the reservations that give up a key. If that would take waiting, which could be for ever, the
// transaction has to begin anew, naming them.
func (s *Store) youngest(ctx context.Context, tx *sql.Tx, d *desk, key inventory.Key, cut int64) ([]*reservation, error) {
	var text []byte
	const statement = `SELECT {schema}.youngest($1, $2, $3, $4::text[], $5)`
	row := tx.QueryRowContext(ctx, s.sql(statement), string(key.Item), string(key.Location), cut, d.gone(), d.now)
	if err := row.Scan(&text); err != nil {
		return nil, err
	}
	var found struct {
		Locked       bool           `json:"locked"`
		Reservations []*reservation `json:"reservations"`
	}
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, err
	}
	if found.Locked {
		return found.Reservations, nil
	}
	for _, r := range found.Reservations {
		d.missed = append(d.missed, r.ID)
	}
	return nil, errMissed
}
