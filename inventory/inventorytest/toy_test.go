package inventorytest_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// toy is the plainest store there is: a list of reservations, counted anew for
// each question. Without a fault it conforms, which the suite has to see; with
// one it is a store that someone might have written, and the suite has to see
// that too.
type toy struct {
	fault fault
	clock *clock

	mu      sync.Mutex
	entered int // calls so far
	levels  map[inventory.Key]inventory.Level
	held    []*holding              // in the order of granting
	skew    map[inventory.Key]int64 // what a fault counts wrong
}

// holding is a reservation, and what it was asked with.
type holding struct {
	inventory.Reservation
	fingerprint string
	endedAt     time.Time
}

func newToy(f fault) func(testing.TB) inventorytest.Harness {
	return func(testing.TB) inventorytest.Harness {
		c := newClock()
		s := &toy{fault: f, clock: c, levels: map[inventory.Key]inventory.Level{}, skew: map[inventory.Key]int64{}}
		return inventorytest.Harness{Reserver: s, Levels: s, Clients: []inventory.Reserver{s}, Advance: c.advance}
	}
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)}
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// begin locks the store and ends what has expired.
func (s *toy) begin(ctx context.Context) (time.Time, error) {
	if ctx.Err() != nil && s.fault != ignoresContext {
		return time.Time{}, fmt.Errorf("toy: %w", ctx.Err())
	}
	s.mu.Lock()
	s.entered++
	now := s.clock.read()
	if s.fault == ownClock {
		now = time.Now()
	}
	for _, h := range s.held {
		due := h.ExpiresAt
		switch s.fault {
		case expiresLate:
			due = due.Add(1)
		case expiresEarly:
			due = due.Add(-time.Second)
		}
		if h.State == inventory.Active && !now.Before(due) {
			s.end(h, inventory.Expired, h.ExpiresAt)
		}
	}
	return now, nil
}

func (s *toy) end(h *holding, state inventory.ReservationState, at time.Time) {
	h.State, h.endedAt = state, at
}

func (s *toy) find(id string) *holding {
	for _, h := range s.held {
		if h.ID == id {
			return h
		}
	}
	return nil
}

func (s *toy) Reserve(ctx context.Context, asked inventory.ReserveRequest) (inventory.Reservation, error) {
	req, err := s.normalize(asked)
	if err != nil {
		return inventory.Reservation{}, err
	}
	now, err := s.begin(ctx)
	if err != nil {
		return inventory.Reservation{}, err
	}
	defer s.mu.Unlock()
	if h := s.find(req.ID); h != nil && (h.State == inventory.Active || s.fault != takesAgainAfterEnd) {
		return s.again(h, req, now)
	}
	old, err := s.replaceable(req)
	if err != nil {
		return inventory.Reservation{}, err
	}
	lines, err := s.plan(req, old)
	if err != nil {
		return inventory.Reservation{}, s.refuse(req, old, now, err)
	}
	if old != nil && old.State == inventory.Active {
		s.end(old, inventory.Replaced, now)
	}
	return s.grant(req, lines, now), nil
}

func (s *toy) normalize(asked inventory.ReserveRequest) (inventory.ReserveRequest, error) {
	req, err := asked.Normalize()
	switch {
	case s.fault == acceptsNegative && len(asked.Lines) == 1 && asked.Lines[0].Quantity == -1:
		return asked, nil
	case s.fault == sortsLocations:
		req.Locations = slices.Sorted(slices.Values(req.Locations))
	case s.fault == alwaysSplits:
		req.Split = inventory.SplitAllowed
	case s.fault == neverSums && err == nil:
		req.Lines = asked.Lines
	}
	return req, err
}

// again answers a request whose id is known.
func (s *toy) again(h *holding, req inventory.ReserveRequest, now time.Time) (inventory.Reservation, error) {
	sameOwner := h.Owner == req.Owner || s.fault == anyOwner
	if h.fingerprint != fingerprint(req, h.Owner) && s.fault != noConflict || !sameOwner {
		return inventory.Reservation{}, &inventory.ConflictError{ID: h.ID, Reason: "is taken"}
	}
	if h.State != inventory.Active {
		return s.view(h), s.ended(h)
	}
	switch s.fault {
	case resendExtends:
		h.ExpiresAt = now.Add(req.TTL)
	case resendTakesAgain:
		s.skew[h.Lines[0].Key] += h.Lines[0].Quantity
	}
	return s.view(h), nil
}

func fingerprint(req inventory.ReserveRequest, owner string) string {
	req.Owner = owner
	return req.Fingerprint()
}

func (s *toy) ended(h *holding) error {
	return &inventory.EndedError{ID: h.ID, State: h.State, At: h.endedAt}
}

func (s *toy) replaceable(req inventory.ReserveRequest) (*holding, error) {
	old := s.find(req.Replaces)
	if old == nil || old.State != inventory.Active && s.fault != replacesTheEnded {
		return nil, nil
	}
	if old.Owner != req.Owner && s.fault != replacesAnyones {
		return nil, &inventory.ConflictError{ID: old.ID, Reason: "belongs to another owner"}
	}
	switch s.fault {
	case replaceReleasesFirst:
		s.end(old, inventory.Replaced, s.clock.read())
		return nil, nil
	case replaceLetsGo:
		s.end(old, inventory.Released, s.clock.read())
		s.pause()
		s.end(old, inventory.Active, time.Time{})
	}
	return old, nil
}

// pause lets another caller in, if there is one.
func (s *toy) pause() {
	for before, tries := s.entered, 0; s.entered == before && tries < 1000; tries++ {
		s.mu.Unlock()
		runtime.Gosched()
		s.mu.Lock()
	}
}

// plan says what a request is given, the replaced reservation aside.
func (s *toy) plan(req inventory.ReserveRequest, old *holding) ([]inventory.Held, error) {
	levels := s.all()
	for i, l := range levels {
		if old != nil {
			levels[i].Reserved -= quantity(old.Lines, l.Key)
		}
		s.misread(&levels[i])
	}
	if s.fault == acceptsNegative && req.Lines[0].Quantity < 0 {
		return []inventory.Held{{Key: req.Lines[0].Item.At(inventory.DefaultLocation), Quantity: -1}}, nil
	}
	if s.fault != neverSums {
		lines, err := inventory.Plan(levels, req.Lines, req.Locations, req.Split)
		if s.fault == checkThenAct {
			s.pause()
		}
		return lines, err
	}
	var lines []inventory.Held
	for _, line := range req.Lines {
		one, err := inventory.Plan(levels, []inventory.Line{line}, req.Locations, req.Split)
		if err != nil {
			return nil, err
		}
		lines = append(lines, one...)
	}
	return lines, nil
}

// misread is what faulty stores take a level for.
func (s *toy) misread(l *inventory.Level) {
	switch {
	case s.fault == ignoresPolicy:
		l.Policy = inventory.Deny
	case s.fault == endlessBackorder && l.Policy == inventory.Backorder:
		l.Policy = inventory.Untracked
	case s.fault == ignoresAllocated:
		l.Allocated = 0
	}
}

// refuse is what a refusal does, which ought to be nothing.
func (s *toy) refuse(req inventory.ReserveRequest, old *holding, now time.Time, err error) error {
	short, ok := err.(*inventory.ShortageError)
	if !ok {
		return err
	}
	switch s.fault {
	case loserExtendsWinner:
		for _, h := range s.held {
			if h.State == inventory.Active {
				h.ExpiresAt = now.Add(req.TTL)
			}
		}
	case refusedExtendsReplaced:
		if old != nil {
			old.ExpiresAt = now.Add(req.TTL)
		}
	case partialGrant:
		for _, line := range req.Lines {
			if part, err := inventory.Plan(s.all(), []inventory.Line{line}, req.Locations, req.Split); err == nil {
				s.skew[part[0].Key] += part[0].Quantity
			}
		}
	case unknownIsSoldOut:
		for i := range short.Lines {
			short.Lines[i].Unknown = false
		}
	case namesOneShortLine:
		short.Lines = short.Lines[:1]
	}
	return short
}

func (s *toy) grant(req inventory.ReserveRequest, lines []inventory.Held, now time.Time) inventory.Reservation {
	h := &holding{
		Reservation: inventory.Reservation{
			ID: req.ID, Owner: req.Owner, Lines: lines, State: inventory.Active, CreatedAt: now, ExpiresAt: now.Add(req.TTL),
		},
		fingerprint: req.Fingerprint(),
	}
	s.held = append(s.held, h)
	return s.view(h)
}

func (s *toy) view(h *holding) inventory.Reservation {
	r := h.Reservation
	if s.fault != sharesSlices {
		r.Lines = slices.Clone(r.Lines)
	}
	return r
}

func (s *toy) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	if err := inventory.CheckTTL(ttl); err != nil {
		return inventory.Reservation{}, err
	}
	h, now, err := s.open(ctx, id)
	if err != nil {
		return inventory.Reservation{}, err
	}
	defer s.mu.Unlock()
	if h.State == inventory.Expired && s.fault == extendRevives {
		h.State = inventory.Active
	}
	if h.State != inventory.Active {
		return s.view(h), s.ended(h)
	}
	switch until := now.Add(ttl); {
	case s.fault == extendAdds:
		h.ExpiresAt = h.ExpiresAt.Add(ttl)
	case until.After(h.ExpiresAt) || s.fault == extendShortens:
		h.ExpiresAt = until
	}
	return s.view(h), nil
}

func (s *toy) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	h, now, err := s.open(ctx, id)
	if err != nil {
		return inventory.Reservation{}, err
	}
	defer s.mu.Unlock()
	switch {
	case h.State == inventory.Active:
		s.end(h, inventory.Released, now)
	case s.fault == givesBackTwice:
		s.skew[h.Lines[0].Key] -= h.Lines[0].Quantity
	case s.fault == alwaysSaysReleased:
		r := s.view(h)
		r.State = inventory.Released
		return r, nil
	}
	return s.view(h), nil
}

// open finds a reservation, and locks the store if it does.
func (s *toy) open(ctx context.Context, id string) (*holding, time.Time, error) {
	if err := inventory.CheckID(id); err != nil && s.fault != acceptsAnyID {
		return nil, time.Time{}, err
	}
	now, err := s.begin(ctx)
	if err != nil {
		return nil, now, err
	}
	h := s.find(id)
	if h == nil {
		s.mu.Unlock()
		return nil, now, inventory.ErrNotFound
	}
	return h, now, nil
}
