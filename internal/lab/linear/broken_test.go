package linear_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/lab/linear"
	"github.com/ankkor/ankkor/inventory"
)

// slow makes calls on memory overlap, which they hardly do by themselves.
type slow struct{ *memstore.Stock }

func pause() {
	for range rand.IntN(4) {
		runtime.Gosched()
	}
}

func (s slow) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	pause()
	defer pause()
	return s.Stock.Reserve(ctx, req)
}

func (s slow) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	pause()
	defer pause()
	return s.Stock.Levels(ctx, items)
}

func (s slow) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	pause()
	defer pause()
	return s.Stock.Release(ctx, id)
}

func (s slow) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	pause()
	defer pause()
	return s.Stock.Move(ctx, moves...)
}

// broken is a store with one fault planted in it.
type broken struct {
	slow
	reserve func(ctx context.Context, s slow, req inventory.ReserveRequest) (inventory.Reservation, error)
	release func(ctx context.Context, s slow, id string) (inventory.Reservation, error)
	levels  func(ctx context.Context, s slow, items []inventory.Item) ([]inventory.Level, error)
	set     func(ctx context.Context, s slow, levels []inventory.Level) error
	move    func(ctx context.Context, s slow, m inventory.Move) ([]inventory.Level, error)
}

func (b broken) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	if b.reserve == nil {
		return b.slow.Reserve(ctx, req)
	}
	return b.reserve(ctx, b.slow, req)
}

func (b broken) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	if b.release == nil {
		return b.slow.Release(ctx, id)
	}
	return b.release(ctx, b.slow, id)
}

func (b broken) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	if b.levels == nil {
		return b.slow.Levels(ctx, items)
	}
	return b.levels(ctx, b.slow, items)
}

func (b broken) SetLevels(ctx context.Context, levels []inventory.Level) error {
	if b.set == nil {
		return b.slow.SetLevels(ctx, levels)
	}
	return b.set(ctx, b.slow, levels)
}

func (b broken) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	if b.move == nil {
		return b.slow.Move(ctx, moves...)
	}
	return b.move(ctx, b.slow, moves[0])
}

// faults are mistakes that stores make. Most need two clients to be seen.
func faults() map[string]broken {
	return map[string]broken{
		"replacing lets go in between": {reserve: func(ctx context.Context, s slow, req inventory.ReserveRequest) (inventory.Reservation, error) {
			if req.Replaces != "" {
				_, _ = s.Release(ctx, req.Replaces)
				req.Replaces = ""
			}
			return s.Reserve(ctx, req)
		}},
		"a resend takes again": takesAgain(),
		"the loser extends the winner's expiry": {reserve: func(ctx context.Context, s slow, req inventory.ReserveRequest) (inventory.Reservation, error) {
			r, err := s.Reserve(ctx, req)
			if errors.Is(err, inventory.ErrConflict) {
				_, _ = s.Extend(ctx, req.ID, 5*time.Hour)
			}
			return r, err
		}},
		"a refusal keeps what did fit": {reserve: func(ctx context.Context, s slow, req inventory.ReserveRequest) (inventory.Reservation, error) {
			r, err := s.Reserve(ctx, req)
			if errors.Is(err, inventory.ErrInsufficient) && len(req.Lines) > 1 {
				part := req
				part.ID, part.Lines, part.Replaces = req.ID+"~part", req.Lines[:1], ""
				_, _ = s.Reserve(ctx, part)
			}
			return r, err
		}},
		"unknown is taken for refused": {reserve: func(ctx context.Context, s slow, req inventory.ReserveRequest) (inventory.Reservation, error) {
			r, err := s.Reserve(ctx, req)
			if err == nil && rand.IntN(20) == 0 {
				return inventory.Reservation{}, &inventory.ConflictError{ID: req.ID, Reason: "timed out"}
			}
			return r, err
		}},
		"a release is acknowledged before it is done": {release: func(ctx context.Context, s slow, id string) (inventory.Reservation, error) {
			if rand.IntN(10) == 0 {
				r, err := s.Reserve(ctx, inventory.ReserveRequest{ID: id, Owner: "x", Lines: []inventory.Line{{Item: "product:0", Quantity: 1}}})
				if errors.Is(err, inventory.ErrConflict) {
					return r, inventory.ErrNotFound
				}
			}
			return s.Release(ctx, id)
		}},
		"levels come from a cache": staleReads(),
		"a revision is ignored": {set: func(ctx context.Context, s slow, levels []inventory.Level) error {
			for i := range levels {
				now, err := s.Levels(ctx, []inventory.Item{levels[i].Key.Item})
				if err != nil {
					return err
				}
				for _, l := range now {
					if l.Key == levels[i].Key && levels[i].Revision <= l.Revision {
						levels[i].Revision = l.Revision + 1
					}
				}
			}
			return s.SetLevels(ctx, levels)
		}},
		"moves look before they take": {move: func(ctx context.Context, s slow, m inventory.Move) ([]inventory.Level, error) {
			if m.Kind != inventory.Allocate {
				return s.Move(ctx, m)
			}
			seen, err := s.Move(ctx, m)
			if errors.Is(err, inventory.ErrInsufficient) && rand.IntN(8) == 0 {
				up := m
				up.Kind, up.Reservation = inventory.Adjust, ""
				_, _ = s.Move(ctx, up)
				return s.Move(ctx, m)
			}
			return seen, err
		}},
		"a move is not whole": {move: func(ctx context.Context, s slow, m inventory.Move) ([]inventory.Level, error) {
			var all []inventory.Level
			for _, line := range m.Lines {
				one := m
				one.Lines = []inventory.Held{line}
				levels, err := s.Move(ctx, one)
				if err != nil {
					return nil, err
				}
				all = append(all, levels...)
			}
			return all, nil
		}},
	}
}

// takesAgain reserves once more what is asked for a second time.
func takesAgain() broken {
	var asked sync.Map
	return broken{reserve: func(ctx context.Context, s slow, req inventory.ReserveRequest) (inventory.Reservation, error) {
		r, err := s.Reserve(ctx, req)
		if _, again := asked.LoadOrStore(req.ID, true); again && err == nil {
			req.ID += "~again"
			_, _ = s.Reserve(ctx, req)
		}
		return r, err
	}}
}

// staleReads answers now and then what it answered before.
func staleReads() broken {
	var mu sync.Mutex
	last := map[inventory.Item][]inventory.Level{}
	return broken{levels: func(ctx context.Context, s slow, items []inventory.Item) ([]inventory.Level, error) {
		levels, err := s.Levels(ctx, items)
		mu.Lock()
		defer mu.Unlock()
		if old := last[items[0]]; old != nil && rand.IntN(3) == 0 {
			return old, nil
		}
		last[items[0]] = slices.Clone(levels)
		return levels, err
	}}
}

// TestFaultsAreSeen is the check of the checker: a store with a fault has to be
// caught within so many histories.
func TestFaultsAreSeen(t *testing.T) {
	const within = 1000
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault.slow = slow{memstore.NewStock(memstore.StockConfig{})}
			for n := range uint64(within) {
				shop := everybody(fault, 8)
				h, err := linear.Record(t.Context(), "h"+itoa(n), n, shop, linear.Calls)
				if err != nil {
					t.Fatal(err)
				}
				if linear.Judge(h, 10*time.Second) == linear.Illegal {
					t.Logf("seen in history %d", n)
					return
				}
			}
			t.Errorf("not seen in %d histories", within)
		})
	}
}

// forgetful loses answers after the call took effect, or before: the caller cannot
// know. Nothing is wrong with it.
type forgetful struct{ slow }

func (f forgetful) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	switch rand.IntN(40) {
	case 0:
		return inventory.Reservation{}, io.EOF
	case 1:
		_, _ = f.slow.Reserve(ctx, req)
		return inventory.Reservation{}, io.EOF
	}
	return f.slow.Reserve(ctx, req)
}

func (f forgetful) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	switch rand.IntN(40) {
	case 0:
		return nil, io.ErrUnexpectedEOF
	case 1:
		_, _ = f.slow.Move(ctx, moves...)
		return nil, io.ErrUnexpectedEOF
	}
	return f.slow.Move(ctx, moves...)
}

// TestUnknownIsEither: lost answers are no reason to call a store wrong, whatever
// became of the calls.
func TestUnknownIsEither(t *testing.T) {
	r := judge(t, config(500, func(testing.TB, int) linear.Shop {
		return everybody(forgetful{slow{memstore.NewStock(memstore.StockConfig{})}}, 16)
	}))
	if r.Unknown == 0 {
		t.Error("no answer was lost")
	}
}
