package memstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// Checkouts is a [checkout.Store]. Its stock is a [Stock], so that a placement and its claim are written in one step.
// Records are kept as the JSON that any store would keep.
type Checkouts struct {
	stock *Stock
	now   func() time.Time

	mu      sync.Mutex
	records map[checkout.ID]stored
	refs    map[checkout.Ref]checkout.ID
	outbox  []checkout.Event
}

var (
	_ checkout.Store  = (*Checkouts)(nil)
	_ checkout.Outbox = (*Checkouts)(nil)
)

// stored is one checkout as kept.
type stored struct {
	body    []byte
	version int64
	due     time.Time // zero for never
	claimed time.Time // until when a worker has it
}

// NewCheckouts returns an empty store on the stock, whose clock it shares.
func NewCheckouts(stock *Stock) *Checkouts {
	return &Checkouts{
		stock: stock, now: stock.now,
		records: map[checkout.ID]stored{}, refs: map[checkout.Ref]checkout.ID{},
	}
}

// Load implements [checkout.Store].
func (c *Checkouts) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	if err := ctx.Err(); err != nil {
		return checkout.Record{}, fmt.Errorf("memstore: loading a checkout: %w", err)
	}
	c.mu.Lock()
	kept, ok := c.records[id]
	c.mu.Unlock()
	if !ok {
		return checkout.Record{}, checkout.ErrNotFound
	}
	return decode(kept)
}

func decode(kept stored) (checkout.Record, error) {
	var r checkout.Record
	if err := json.Unmarshal(kept.body, &r); err != nil {
		return checkout.Record{}, fmt.Errorf("memstore: reading a checkout: %w", err)
	}
	r.Version = kept.version
	return r, nil
}

// Find implements [checkout.Store].
func (c *Checkouts) Find(ctx context.Context, ref checkout.Ref) (checkout.ID, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("memstore: finding a checkout: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok := c.refs[ref]
	if !ok {
		return "", checkout.ErrNotFound
	}
	return id, nil
}

// Commit implements [checkout.Store].
func (c *Checkouts) Commit(ctx context.Context, ch checkout.Change) (checkout.Committed, error) {
	if err := ctx.Err(); err != nil {
		return checkout.Committed{}, fmt.Errorf("memstore: committing a checkout: %w", err)
	}
	next := stored{version: ch.Record.Version + 1, due: ch.Record.DueAt}
	r := ch.Record
	r.Version = next.version
	var err error
	if next.body, err = json.Marshal(r); err != nil {
		return checkout.Committed{}, fmt.Errorf("memstore: writing a checkout: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.admit(ch); err != nil {
		return checkout.Committed{}, err
	}
	levels, err := c.stock.commit(ch.Stock, c.now(), nil)
	if err != nil {
		return checkout.Committed{}, err
	}
	c.records[r.ID] = next
	c.bind(ch)
	c.outbox = append(c.outbox, ch.Outbox...)
	return checkout.Committed{Record: r, Levels: levels}, nil
}

// admit checks what a database would check with constraints.
func (c *Checkouts) admit(ch checkout.Change) error {
	if c.records[ch.Record.ID].version != ch.Record.Version {
		return checkout.ErrConflict
	}
	for _, ref := range ch.Bind {
		if holder, taken := c.refs[ref]; taken && holder != ch.Record.ID {
			return &checkout.BoundError{Ref: ref, Holder: holder}
		}
	}
	return nil
}

func (c *Checkouts) bind(ch checkout.Change) {
	for _, ref := range ch.Unbind {
		if c.refs[ref] == ch.Record.ID {
			delete(c.refs, ref)
		}
	}
	for _, ref := range ch.Bind {
		c.refs[ref] = ch.Record.ID
	}
}

// Due implements [checkout.Store].
func (c *Checkouts) Due(ctx context.Context, limit int, lease time.Duration) ([]checkout.Claimed, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: claiming due checkouts: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	var due []checkout.Claimed
	for id, kept := range c.records {
		if !kept.due.IsZero() && !now.Before(kept.due) && !now.Before(kept.claimed) {
			due = append(due, checkout.Claimed{ID: id, DueAt: kept.due})
		}
	}
	slices.SortFunc(due, func(a, b checkout.Claimed) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID))
	})
	due = due[:min(max(limit, 0), len(due))]
	for _, claim := range due {
		kept := c.records[claim.ID]
		kept.claimed = now.Add(lease)
		c.records[claim.ID] = kept
	}
	return due, nil
}

// Pending implements [checkout.Outbox].
func (c *Checkouts) Pending(ctx context.Context, limit int) ([]checkout.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: reading the outbox: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.outbox[:min(max(limit, 0), len(c.outbox))]), nil
}

// Acknowledge implements [checkout.Outbox].
func (c *Checkouts) Acknowledge(ctx context.Context, ids ...string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memstore: acknowledging events: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox = slices.DeleteFunc(c.outbox, func(e checkout.Event) bool { return slices.Contains(ids, e.ID) })
	return nil
}

// All returns every checkout, newest first, for a page behind the counter.
func (c *Checkouts) All() ([]checkout.Record, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]checkout.Record, 0, len(c.records))
	for _, kept := range c.records {
		r, err := decode(kept)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b checkout.Record) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}
