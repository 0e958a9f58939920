package crash

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/copies"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
)

// Deciding is what the store of a World does: all that a Service may ask of one.
type Deciding interface {
	checkout.Store
	checkout.Outbox
	checkout.Register
	stockBooks
}

// stockBooks are what such a store knows of stock.
type stockBooks interface {
	reseed.Books
	inventory.Ledger
}

// store is one whose calls are points. Committed is told of every record that was written through it.
type store struct {
	Deciding
	*Points
	levels
	committed func(checkout.Record)
}

var _ Deciding = store{}

func (s store) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	return touch(ctx, s.Points, "Store.Load", string(id), answers[checkout.Record]{
		before: func() (checkout.Record, error) { return checkout.Record{}, checkout.ErrNotFound },
		do:     func() (checkout.Record, error) { return s.Deciding.Load(ctx, id) },
		copied: copies.Record,
	})
}

func (s store) Find(ctx context.Context, ref checkout.Ref) (checkout.ID, error) {
	none := func() (checkout.ID, error) { return "", checkout.ErrNotFound }
	return read(ctx, s.Points, "Store.Find", string(ref.Kind)+" "+ref.Value, none, func() (checkout.ID, error) {
		return s.Deciding.Find(ctx, ref)
	})
}

func (s store) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	return call(ctx, s.Points, "Store.Commit", func() (checkout.Committed, error) {
		done, err := s.Deciding.Commit(ctx, c)
		if err == nil {
			s.committed(done.Record)
		}
		return done, err
	})
}

func (s store) Due(ctx context.Context, limit int, lease time.Duration) ([]checkout.Claimed, error) {
	return call(ctx, s.Points, "Store.Due", func() ([]checkout.Claimed, error) { return s.Deciding.Due(ctx, limit, lease) })
}

func (s store) Pending(ctx context.Context, limit int) ([]checkout.Event, error) {
	none := func() ([]checkout.Event, error) { return nil, nil }
	return read(ctx, s.Points, "Store.Pending", "", none, func() ([]checkout.Event, error) { return s.Deciding.Pending(ctx, limit) })
}

func (s store) Acknowledge(ctx context.Context, ids ...string) error {
	return act(ctx, s.Points, "Store.Acknowledge", func() error { return s.Deciding.Acknowledge(ctx, ids...) })
}

func (s store) Stuck(ctx context.Context, limit int) ([]checkout.Record, error) {
	return read(ctx, s.Points, "Store.Stuck", "", nil, func() ([]checkout.Record, error) { return s.Deciding.Stuck(ctx, limit) })
}

func (s store) Tally(ctx context.Context, from, to time.Time) (checkout.Tally, error) {
	return read(ctx, s.Points, "Store.Tally", "", nil, func() (checkout.Tally, error) { return s.Deciding.Tally(ctx, from, to) })
}

func (s store) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	return read(ctx, s.Points, "Store.Standings", string(q.After), nil, func() ([]inventory.Standing, error) {
		return s.Deciding.Standings(ctx, q)
	})
}

func (s store) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	return read(ctx, s.Points, "Store.Entries", fmt.Sprint(q), nil, func() ([]inventory.Entry, error) {
		return s.Deciding.Entries(ctx, q)
	})
}

func (s store) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return s.levels.Levels(ctx, items)
}

func (s store) SetLevels(ctx context.Context, told []inventory.Level) error {
	return s.levels.SetLevels(ctx, told)
}

// levels are what somebody knows of stock.
type levels struct {
	known inventory.Levels
	p     *Points
	port  string
}

func (l levels) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	about := make([]string, len(items))
	for i, item := range items {
		about[i] = string(item)
	}
	none := func() ([]inventory.Level, error) { return nil, nil }
	return read(ctx, l.p, l.port+".Levels", strings.Join(about, " "), none, func() ([]inventory.Level, error) {
		return l.known.Levels(ctx, items)
	})
}

func (l levels) SetLevels(ctx context.Context, told []inventory.Level) error {
	return act(ctx, l.p, l.port+".SetLevels", func() error { return l.known.SetLevels(ctx, told) })
}

// act is a call that answers nothing but an error.
func act(ctx context.Context, p *Points, name string, do func() error) error {
	_, err := call(ctx, p, name, func() (struct{}, error) { return struct{}{}, do() })
	return err
}
