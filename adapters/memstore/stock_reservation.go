package memstore

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// reservation is one the stock still knows, active or ended.
type reservation struct {
	id, owner, fingerprint string
	lines                  []inventory.Held
	state                  inventory.ReservationState
	created, expires       time.Time
	endedAt                time.Time

	seq   int64     // order of granting, for those of one instant
	due   time.Time // when to look again: to expire it, or to forget it
	index int       // place in the queue
}

// view is the reservation as callers see it, sharing nothing with it.
func (r *reservation) view() inventory.Reservation {
	return inventory.Reservation{
		ID: r.id, Owner: r.owner, Lines: slices.Clone(r.lines), State: r.state,
		CreatedAt: r.created.Round(0).UTC(), ExpiresAt: r.expires.Round(0).UTC(),
	}
}

// again answers a request whose id is known.
func (r *reservation) again(owner, fingerprint string) (inventory.Reservation, error) {
	switch {
	case r.owner != owner:
		return inventory.Reservation{}, &inventory.ConflictError{ID: r.id, Reason: "belongs to another owner"}
	case r.fingerprint != fingerprint:
		return inventory.Reservation{}, &inventory.ConflictError{ID: r.id, Reason: "was used for other lines"}
	case r.state != inventory.Active:
		return r.view(), r.ended()
	}
	return r.view(), nil
}

func (r *reservation) ended() error {
	return &inventory.EndedError{ID: r.id, State: r.state, At: r.endedAt.Round(0).UTC()}
}

func (r *reservation) held(key inventory.Key) int64 {
	var n int64
	for _, h := range r.lines {
		if h.Key == key {
			n += h.Quantity
		}
	}
	return n
}

// reservations finds a reservation by id, and the one that is due next.
type reservations struct {
	byID  map[string]*reservation
	queue queue
	seq   int64
}

func (rs *reservations) add(r *reservation) {
	rs.seq++
	r.seq, r.due = rs.seq, r.expires
	rs.byID[r.id] = r
	heap.Push(&rs.queue, r)
}

func (rs *reservations) schedule(r *reservation, due time.Time) {
	r.due = due
	heap.Fix(&rs.queue, r.index)
}

func (rs *reservations) forget(r *reservation) {
	heap.Remove(&rs.queue, r.index)
	delete(rs.byID, r.id)
}

// due returns a reservation whose time has come, nil if there is none.
func (rs *reservations) due(now time.Time) *reservation {
	if len(rs.queue) == 0 || rs.queue[0].due.After(now) {
		return nil
	}
	return rs.queue[0]
}

func (rs *reservations) youngestFirst() []*reservation {
	var active []*reservation
	for _, r := range rs.queue {
		if r.state == inventory.Active {
			active = append(active, r)
		}
	}
	slices.SortFunc(active, func(a, b *reservation) int { return cmp.Compare(b.seq, a.seq) })
	return active
}

// queue is a heap of reservations by when they are due.
type queue []*reservation

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *queue) Push(x any) {
	r := x.(*reservation)
	r.index = len(*q)
	*q = append(*q, r)
}

func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}
