package copies

import (
	"context"
	"sync"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
)

// asked is how many reads there are to one that the store answers.
const asked = 32

// Reader is a store in memory whose records are read beside it. Everything but that is the
// store's own. It is safe for concurrent use, if nobody else writes to the store.
type Reader struct {
	*memstore.Checkouts

	mu    sync.Mutex
	known map[checkout.ID]checkout.Record
	reads int
}

var _ checkout.Store = (*Reader)(nil)

// NewReader reads beside a store that has nothing yet.
func NewReader(s *memstore.Checkouts) *Reader {
	return &Reader{Checkouts: s, known: map[checkout.ID]checkout.Record{}}
}

// Commit implements checkout.Store.
func (r *Reader) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	done, err := r.Checkouts.Commit(ctx, c)
	if err == nil {
		r.remember(Record(done.Record))
	}
	return done, err
}

func (r *Reader) remember(record checkout.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if record.Version > r.known[record.ID].Version { // another commit may have been remembered first
		r.known[record.ID] = record
	}
}

// Load implements checkout.Store.
func (r *Reader) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	record, ok := r.recall(id)
	if !ok || ctx.Err() != nil {
		return r.Checkouts.Load(ctx, id)
	}
	return Record(record), nil
}

func (r *Reader) recall(id checkout.ID) (checkout.Record, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	record, ok := r.known[id]
	return record, ok && r.reads%asked != 0
}

// Each calls f with every record as it is handed out and as the store reads it.
func (r *Reader) Each(ctx context.Context, f func(copied, read checkout.Record)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, known := range r.known {
		read, err := r.Checkouts.Load(ctx, id)
		if err != nil {
			return err
		}
		f(Record(known), read)
	}
	return nil
}
