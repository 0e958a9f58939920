package wootest

import (
	"sync"
	"time"
)

// race lets a number of requests wait for each other, up to a limit.
type race struct {
	limit time.Duration

	mu   sync.Mutex
	left int
	full chan struct{}
}

func newRace(n int, limit time.Duration) *race {
	return &race{limit: limit, left: n, full: make(chan struct{})}
}

// arrive counts one in; the channel closes when all are there.
func (r *race) arrive() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left--; r.left == 0 {
		close(r.full)
	}
	return r.full
}
