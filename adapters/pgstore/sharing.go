package pgstore

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// maxTogether bounds the requests of one transaction: it keeps everybody else's rows locked.
const maxTogether = 128

// patience is how often a flight looks whether anybody else is coming.
const patience = 4

// request is one caller's share of a transaction.
type request interface {
	// touches says what has to be locked and read before it can be decided.
	touches() touched
	// decide says what the request does to what is on the desk. An error means that the desk is as it was. It runs again,
	// on another desk, when the transaction is.
	decide(ctx context.Context, d *desk) error
}

// touched is what a request names. Two requests of one transaction may share stock keys, but no name.
type touched struct {
	keys []inventory.Key
	// names are the reservations, checkouts and references, each with its kind in front.
	names        []string
	reservations []string
	checkouts    []string
	refs         []refName
	// makes and cuts: a transaction that makes reservations does not look for those that a cut of stock voids.
	makes, cuts bool
}

type refName struct{ kind, value string }

// sharing lets callers that would wait for one another's rows, or for a connection, travel in one transaction. Callers
// take off at once while there is a free flight and nobody on the way holds what they need; all others wait, and those
// that wait for one key then take it together.
type sharing struct {
	fly     func(context.Context, []*passenger)
	flights int
	timeout time.Duration

	mu       sync.Mutex
	onTheWay int
	busy     map[string]bool // names and keys that are on the way
	waiting  []*passenger
}

// passenger is a caller and what becomes of it.
type passenger struct {
	request
	touched
	holds []string        // its names and keys
	ctx   context.Context // values only; the caller watches its end
	err   error
	done  chan struct{}
}

func newSharing(flights int, timeout time.Duration, fly func(context.Context, []*passenger)) *sharing {
	return &sharing{fly: fly, flights: flights, timeout: timeout, busy: map[string]bool{}}
}

// do takes a request along and returns when it is done or when ctx ends. A caller that gives up while it waits has not
// been sent; of one on the way the outcome is unknown. Only if the request has arrived may the caller look at it.
func (s *sharing) do(ctx context.Context, r request) (arrived bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("pgstore: %w", err)
	}
	p := &passenger{request: r, touched: r.touches(), ctx: context.WithoutCancel(ctx), done: make(chan struct{})}
	p.holds = slices.Clone(p.names)
	for _, k := range p.keys {
		p.holds = append(p.holds, "stock\x00"+string(k.Item)+"\x00"+string(k.Location))
	}
	s.mu.Lock()
	s.waiting = append(s.waiting, p)
	var group []*passenger
	if !s.blocked(p) { // if it is, nobody else can leave for its coming either
		group = s.board()
	}
	s.mu.Unlock()
	if group != nil && ctx.Done() == nil {
		s.depart(group) // nothing to watch: no goroutine
	} else if group != nil {
		go s.depart(group)
	}
	select {
	case <-p.done:
		return true, p.err
	case <-ctx.Done():
	}
	select {
	case <-p.done: // it arrived after all
		return true, p.err
	default:
	}
	if s.giveUp(p) {
		return false, fmt.Errorf("%w: %w", ErrNotApplied, ctx.Err())
	}
	return false, fmt.Errorf("%w: %w", ErrUnknown, ctx.Err())
}

// giveUp takes a passenger out of the queue, if it is still there.
func (s *sharing) giveUp(p *passenger) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.waiting, p)
	if i < 0 {
		return false
	}
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return true
}

// blocked reports whether somebody on the way holds what a passenger needs.
func (s *sharing) blocked(p *passenger) bool {
	return slices.ContainsFunc(p.holds, func(h string) bool { return s.busy[h] })
}

// board picks who flies next, in the order they came, nil when nobody can. One that has to wait keeps what it needs from
// those behind it, so that it does not wait for ever.
func (s *sharing) board() []*passenger {
	if s.onTheWay == s.flights || len(s.waiting) == 0 {
		return nil
	}
	var group, stay []*passenger
	names, kept := map[string]bool{}, map[string]bool{}
	var makes, cuts bool
	for _, p := range s.waiting {
		taken := len(group) == maxTogether || p.makes && cuts || p.cuts && makes
		for _, h := range p.holds {
			taken = taken || s.busy[h] || kept[h] || names[h]
		}
		if taken {
			stay = append(stay, p)
			mark(kept, p.holds)
			continue
		}
		group = append(group, p)
		mark(names, p.names)
		makes, cuts = makes || p.makes, cuts || p.cuts
	}
	if group == nil {
		return nil
	}
	for _, p := range group {
		mark(s.busy, p.holds)
	}
	s.waiting = stay
	s.onTheWay++
	return group
}

func mark(set map[string]bool, names []string) {
	for _, n := range names {
		set[n] = true
	}
}

// depart flies a group, and lets those who waited for it take off.
func (s *sharing) depart(group []*passenger) {
	ctx, cancel := context.WithTimeout(group[0].ctx, s.timeout)
	s.fly(ctx, group)
	cancel()
	for _, p := range group {
		close(p.done)
	}
	if len(group) > 1 {
		s.gather()
	}
	for _, g := range s.land(group) {
		go s.depart(g)
	}
}

// gather lets callers that come back at once come along: else the first of them would go alone, and the others wait for
// it. It yields for as long as the queue grows, which is a matter of microseconds.
func (s *sharing) gather() {
	for before, still := 0, 0; still < patience; still++ {
		s.mu.Lock()
		now := len(s.waiting)
		s.mu.Unlock()
		if now >= maxTogether {
			return
		}
		if now > before {
			before, still = now, 0
		}
		runtime.Gosched()
	}
}

// land frees what a group held and boards who can fly now.
func (s *sharing) land(group []*passenger) (next [][]*passenger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onTheWay--
	for _, p := range group {
		for _, h := range p.holds {
			delete(s.busy, h)
		}
	}
	for g := s.board(); g != nil; g = s.board() {
		next = append(next, g)
	}
	return next
}
