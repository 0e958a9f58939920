package redisstore

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

const (
	// maxOnTheWay is how many runs of the script may be under way before callers
	// wait to travel together.
	maxOnTheWay = 2
	// maxTogether bounds the requests of one run, maxLines their lines: a script
	// keeps everybody else waiting.
	maxTogether = 128
	maxLines    = 1000
)

// sharing lets callers that come while others are on their way travel together.
// There is no goroutine but while something is under way.
type sharing struct {
	// send runs the script for requests, in their order; try does so for one on the
	// caller's goroutine, if that is possible now, and says whether it was.
	send    func(context.Context, []inventory.ReserveRequest) ([]granted, error)
	try     func(context.Context, inventory.ReserveRequest) (granted, bool)
	timeout time.Duration

	mu       sync.Mutex
	onTheWay int
	waiting  []*passenger
	idle     sync.Pool // of *passenger
}

// passenger is a caller and what becomes of it.
type passenger struct {
	req  inventory.ReserveRequest
	ctx  context.Context // values only; the caller watches its end
	done chan granted    // of one
}

// reserve sends a request, alone or with others, and honours ctx: a caller that
// gives up while it waits is not sent; one that is on its way leaves the outcome
// unknown.
func (s *sharing) reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	if err := ctx.Err(); err != nil {
		return inventory.Reservation{}, fmt.Errorf("redisstore: reserve: %w", err)
	}
	var p *passenger
	s.mu.Lock()
	alone := s.onTheWay < maxOnTheWay
	if alone {
		s.onTheWay++
	} else {
		p = s.passenger(ctx, req)
		s.waiting = append(s.waiting, p)
	}
	s.mu.Unlock()
	if alone {
		if g, ok := s.try(ctx, req); ok {
			if next := s.board(); next != nil {
				go s.travel(next)
			}
			return g.reservation, g.err
		}
		p = s.passenger(ctx, req)
		go s.travel([]*passenger{p})
	}
	select {
	case g := <-p.done:
		s.idle.Put(p)
		return g.reservation, g.err
	case <-ctx.Done():
		s.giveUp(p)
		return inventory.Reservation{}, fmt.Errorf("redisstore: reserve: %w", ctx.Err())
	}
}

func (s *sharing) passenger(ctx context.Context, req inventory.ReserveRequest) *passenger {
	p, ok := s.idle.Get().(*passenger)
	if !ok {
		p = &passenger{done: make(chan granted, 1)}
	}
	p.req, p.ctx = req, ctx
	return p
}

// giveUp takes a passenger out of the queue, if it is still there. It does not
// travel again: an answer may still come.
func (s *sharing) giveUp(p *passenger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiting {
		if w == p {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return
		}
	}
}

// travel sends passengers, and then those who wait, until nobody does.
func (s *sharing) travel(group []*passenger) {
	for ; group != nil; group = s.board() {
		s.carry(group)
		// Those who have just been answered may come again at once: let them board.
		runtime.Gosched()
	}
}

// carry runs the script for a group.
func (s *sharing) carry(group []*passenger) {
	requests := make([]inventory.ReserveRequest, len(group))
	for i, p := range group {
		requests[i] = p.req
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(group[0].ctx), s.timeout)
	defer cancel()
	results, err := s.send(ctx, requests)
	for i, p := range group {
		g := granted{err: err}
		if err == nil {
			g = results[i]
		}
		p.done <- g
	}
}

// board takes the next group from the queue: callers in their order, all of whom ask
// briefly or none. It is nil when nobody waits.
func (s *sharing) board() []*passenger {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, lines := 0, 0
	for n < len(s.waiting) && n < maxTogether {
		next := s.waiting[n].req
		lines += len(next.Lines) * len(next.Locations)
		if n > 0 && (lines > maxLines || brief(next) != brief(s.waiting[0].req)) {
			break
		}
		n++
	}
	if n == 0 {
		s.onTheWay--
		return nil
	}
	group := append([]*passenger(nil), s.waiting[:n]...)
	s.waiting = append(s.waiting[:0], s.waiting[n:]...)
	return group
}
