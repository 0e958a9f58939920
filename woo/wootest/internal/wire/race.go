package wire

import (
	"sync"
	"time"
)

// Race lets a number of requests wait for each other, up to a limit.
type Race struct {
	Limit time.Duration

	mu   sync.Mutex
	left int
	full chan struct{}
}

// NewRace is a race of n requests, none of which waits longer than the limit.
func NewRace(n int, limit time.Duration) *Race {
	return &Race{Limit: limit, left: n, full: make(chan struct{})}
}

// Arrive counts one in; the channel closes when all are there.
func (r *Race) Arrive() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left--; r.left == 0 {
		close(r.full)
	}
	return r.full
}
