package property_test

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func (m *stockModel) find(id string) *modelReservation {
	for _, r := range m.reserved {
		if r.id == id {
			return r
		}
	}
	return nil
}

// count is what is reserved of a key.
func (m *stockModel) count(key inventory.Key) int64 {
	var n int64
	for _, r := range m.reserved {
		if r.state == inventory.Active {
			n += r.held[key]
		}
	}
	return n
}

// set stores a level. If fewer pieces are there for a reason other than a sale,
// the youngest reservations go until the rest is covered or as many are gone as
// were cut.
func (m *stockModel) set(next inventory.Level) {
	old, known := m.levels[next.Key]
	next.Reserved = 0
	m.levels[next.Key] = next
	if !known || next.Policy == inventory.Untracked {
		return
	}
	covered := supply(next) - next.Allocated
	left := m.count(next.Key)
	if old.Policy != inventory.Untracked {
		cut := supply(old) - supply(next)
		if sold := old.Allocated - next.Allocated; sold > 0 {
			cut -= sold
		}
		covered = max(covered, m.count(next.Key)-max(0, cut))
	}
	for _, r := range slices.Backward(m.reserved) {
		if left <= max(0, covered) {
			return
		}
		if n := r.held[next.Key]; n > 0 && r.state == inventory.Active {
			r.state = inventory.Voided
			left -= n
		}
	}
}

// supply is how much may be claimed in all.
func supply(l inventory.Level) int64 {
	if l.Policy == inventory.Backorder {
		return l.OnHand + l.BackorderLimit
	}
	return l.OnHand
}

func (m *stockModel) reserve(req inventory.ReserveRequest) error {
	old := m.find(req.Replaces)
	if old != nil && old.owner != req.Owner {
		return inventory.ErrConflict
	}
	if old != nil && old.state != inventory.Active {
		old = nil
	}
	r := &modelReservation{
		id: req.ID, owner: req.Owner, state: inventory.Active, expires: m.now.Add(req.TTL),
		asked: map[inventory.Item]int64{}, held: map[inventory.Key]int64{},
	}
	for _, l := range req.Lines {
		r.asked[l.Item] += l.Quantity
	}
	for item, qty := range r.asked {
		if !m.give(r.held, item, qty, req, old) {
			return inventory.ErrInsufficient
		}
	}
	if old != nil {
		old.state = inventory.Replaced
	}
	m.reserved = append(m.reserved, r)
	return nil
}

// give finds qty pieces: from stock if stock has them, else with backorders; in
// one place if one has them, else in several if that is allowed.
func (m *stockModel) give(held map[inventory.Key]int64, item inventory.Item, qty int64, req inventory.ReserveRequest, old *modelReservation) bool {
	for _, backorders := range []bool{false, true} {
		free := make([]int64, len(req.Locations))
		for i, loc := range req.Locations {
			free[i] = m.free(item.At(loc), backorders, old)
		}
		for i, loc := range req.Locations {
			if free[i] >= qty {
				held[item.At(loc)] = qty
				return true
			}
		}
		if len(free) == 2 && free[0]+free[1] >= qty && req.Split == inventory.SplitAllowed {
			held[item.At(req.Locations[0])] = free[0]
			held[item.At(req.Locations[1])] = qty - free[0]
			return true
		}
	}
	return false
}

func (m *stockModel) free(key inventory.Key, backorders bool, old *modelReservation) int64 {
	l, known := m.levels[key]
	if !known {
		return 0
	}
	if l.Policy == inventory.Untracked {
		return inventory.MaxQuantity
	}
	n := l.OnHand - l.Allocated - m.count(key)
	if backorders {
		n += supply(l) - l.OnHand
	}
	if old != nil {
		n += old.held[key]
	}
	return max(0, n)
}

// request is one that would have made the reservation.
func (r *modelReservation) request() inventory.ReserveRequest {
	req := inventory.ReserveRequest{ID: r.id, Owner: r.owner, TTL: time.Minute}
	for item, qty := range r.asked {
		req.Lines = append(req.Lines, inventory.Line{Item: item, Quantity: qty})
	}
	return req
}
