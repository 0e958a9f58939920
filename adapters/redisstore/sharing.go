package redisstore

import (
	"context"
	"fmt"
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
	send    func(context.Context, []inventory.ReserveRequest) ([]granted, error)
	timeout time.Duration

	mu       sync.Mutex
	onTheWay int
	waiting  []*passenger
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
	p := &passenger{req: req, ctx: ctx, done: make(chan granted, 1)}
	s.mu.Lock()
	if s.onTheWay < maxOnTheWay {
		s.onTheWay++
		s.mu.Unlock()
		if ctx.Done() == nil {
			s.travel([]*passenger{p}, false) // nothing to watch: no goroutine
		} else {
			go s.travel([]*passenger{p}, true)
		}
	} else {
		s.waiting = append(s.waiting, p)
		s.mu.Unlock()
	}
	select {
	case g := <-p.done:
		return g.reservation, g.err
	case <-ctx.Done():
		s.giveUp(p)
		return inventory.Reservation{}, fmt.Errorf("redisstore: reserve: %w", ctx.Err())
	}
}

// giveUp takes a passenger out of the queue, if it is still there.
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

// travel sends passengers, and then those who wait, until nobody does. A caller
// that travels on its own goroutine hands over to another one as soon as its own
// request is answered.
func (s *sharing) travel(group []*passenger, keepOn bool) {
	for {
		s.carry(group)
		group = s.board()
		if group == nil {
			return
		}
		if !keepOn {
			go s.travel(group, true)
			return
		}
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

// board takes the next group from the queue, nil when nobody waits.
func (s *sharing) board() []*passenger {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, lines := 0, 0
	for n < len(s.waiting) && n < maxTogether {
		lines += len(s.waiting[n].req.Lines) * len(s.waiting[n].req.Locations)
		if n > 0 && lines > maxLines {
			break
		}
		n++
	}
	if n == 0 {
		s.onTheWay--
		s.waiting = nil
		return nil
	}
	group := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	return group
}

// within runs a call to the server and returns when it is answered or when ctx
// ends, whatever the socket does: go-redis looks at a deadline only when told to,
// and at a cancellation never.
func within[T any](ctx context.Context, timeout time.Duration, call func(context.Context) (T, error)) (T, error) {
	var zero T
	if err := ctx.Err(); err != nil {
		return zero, fmt.Errorf("redisstore: %w", err)
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	if ctx.Done() == nil {
		defer cancel()
		return call(bounded)
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer cancel()
		value, err := call(bounded)
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return zero, fmt.Errorf("redisstore: %w", ctx.Err())
	}
}
