package redisstore

import "time"

// ShiftClock makes the scripts believe that the server's clock shows another time.
func (r *Reserver) ShiftClock(shift func() time.Duration) { r.script.shift = shift }

// Keys are the keys a Reserver uses.
func (r *Reserver) Keys() []string {
	var keys []string
	for _, key := range r.script.command[3:] {
		keys = append(keys, key.(string))
	}
	return keys
}

// CheckServer is what New asks every server.
var CheckServer = checkServer //nolint:gochecknoglobals // for tests

// Waiting is how many callers wait to travel together.
func (r *Reserver) Waiting() int {
	r.shared.mu.Lock()
	defer r.shared.mu.Unlock()
	return len(r.shared.waiting)
}

// OnTheWay is how many runs of the script are under way.
func (r *Reserver) OnTheWay() int {
	r.shared.mu.Lock()
	defer r.shared.mu.Unlock()
	return r.shared.onTheWay
}
