package cache

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// key is what was asked for.
type key struct {
	kind kind
	text string
	id   int64
}

type kind uint8

const (
	bySlug kind = iota
	byID
	page
	tree
	item
	items // a request for several items; never kept
)

// entry is a kept answer. Nothing but tried is ever changed.
type entry struct {
	value any
	err   error // there is no such thing
	tags  []Tag
	at    time.Time
	fresh time.Duration
	stale time.Duration // after fresh

	tried atomic.Int64 // when it was last fetched anew, in nanoseconds since 1970
}

// renewPause is the least time between two attempts to fetch a stale answer
// anew: a store that fails at once is not to be asked by every reader.
const renewPause = time.Second

// mayRenew reports whether it is time to fetch the answer anew. Of many readers
// at once one is told yes.
func (e *entry) mayRenew(now time.Time) bool {
	last := e.tried.Load()
	return now.UnixNano()-last >= int64(renewPause) && e.tried.CompareAndSwap(last, now.UnixNano())
}

func (e *entry) age(now time.Time) time.Duration { return now.Sub(e.at) }

func (e *entry) has(tags []Tag) bool {
	return slices.ContainsFunc(e.tags, func(t Tag) bool { return slices.Contains(tags, t) })
}

// loaded is what a request brought: the answer for who waits, and what to keep.
type loaded struct {
	value any
	keep  map[key]*entry
}

type loader func(ctx context.Context) (loaded, error)

// flight is a request under way. value and err are there when done is closed.
type flight struct {
	done  chan struct{}
	value any
	err   error
}

// launch joins the request for a key, or begins it. It belongs to the
// Catalogue, not to whoever asked first.
func (c *Catalogue) launch(k key, load loader) (*flight, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	if f := c.flights[k]; f != nil {
		return f, nil
	}
	f := &flight{done: make(chan struct{})}
	c.flights[k] = f
	c.running.Go(func() { c.fly(k, f, load) })
	return f, nil
}

// fly makes the request. It is kept only if nothing was invalidated meanwhile:
// then the flight is no longer the one for its key.
func (c *Catalogue) fly(k key, f *flight, load loader) {
	ctx, cancel := context.WithTimeout(c.base, c.cfg.LoadTimeout)
	defer cancel()
	got, err := load(ctx)
	c.mu.Lock()
	if c.flights[k] == f {
		delete(c.flights, k)
		for k, e := range got.keep {
			c.kept.Set(k, e)
		}
	}
	c.mu.Unlock()
	f.value, f.err = got.value, err
	close(f.done)
}

// wait is for the answer, or the end of the reader's patience.
func (c *Catalogue) wait(ctx context.Context, k key, load loader) (any, error) {
	if ctx.Err() != nil {
		return nil, canceled(ctx)
	}
	f, err := c.launch(k, load)
	if err != nil {
		return nil, err
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		return nil, canceled(ctx)
	}
}

// current is an answer that is kept and fresh: the way of nearly all readers,
// kept short.
func (c *Catalogue) current(ctx context.Context, k key) (*entry, bool) {
	e, ok := c.kept.GetIfPresent(k)
	if !ok || e.age(c.cfg.Now()) >= e.fresh || wantsFresh(ctx) {
		return nil, false
	}
	return e, true
}

// get answers a key from what is kept, fetching anew what has gone stale.
func (c *Catalogue) get(ctx context.Context, k key, load loader) (any, error) {
	if wantsFresh(ctx) {
		got, err := load(ctx)
		return got.value, err
	}
	if e, ok := c.kept.GetIfPresent(k); ok {
		now := c.cfg.Now()
		switch age := e.age(now); {
		case age < e.fresh:
			return e.value, e.err
		case age < e.fresh+e.stale:
			if e.mayRenew(now) {
				_, _ = c.launch(k, load) // a closed catalogue has nothing kept
			}
			return e.value, e.err
		}
	}
	return c.wait(ctx, k, load)
}
