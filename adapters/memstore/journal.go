package memstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

var _ reconcile.Journal = (*Journal)(nil)

// Journal keeps in memory what a reconciliation has to remember. It is safe for
// concurrent use and lost with the process, after which everything is read once
// more.
type Journal struct {
	mu       sync.Mutex
	cursors  map[string]reconcile.Cursor
	findings []reconcile.Finding
}

// NewJournal returns an empty journal.
func NewJournal() *Journal { return &Journal{cursors: map[string]reconcile.Cursor{}} }

func (j *Journal) enter(ctx context.Context, what string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memstore: %s: %w", what, err)
	}
	j.mu.Lock()
	return nil
}

// Cursor implements [reconcile.Cursors].
func (j *Journal) Cursor(ctx context.Context, name string) (reconcile.Cursor, error) {
	if err := j.enter(ctx, "cursor"); err != nil {
		return reconcile.Cursor{}, err
	}
	defer j.mu.Unlock()
	c := j.cursors[name]
	c.Name = name
	return c, nil
}

// SaveCursor implements [reconcile.Cursors].
func (j *Journal) SaveCursor(ctx context.Context, c reconcile.Cursor) (reconcile.Cursor, error) {
	if err := j.enter(ctx, "save cursor"); err != nil {
		return reconcile.Cursor{}, err
	}
	defer j.mu.Unlock()
	if j.cursors[c.Name].Version != c.Version {
		return reconcile.Cursor{}, fmt.Errorf("%w: cursor %s", reconcile.ErrConflict, c.Name)
	}
	c.Version++
	j.cursors[c.Name] = c
	return c, nil
}

// Record implements [reconcile.Findings].
func (j *Journal) Record(ctx context.Context, f reconcile.Finding) (reconcile.Finding, bool, error) {
	if err := j.enter(ctx, "record"); err != nil {
		return reconcile.Finding{}, false, err
	}
	defer j.mu.Unlock()
	for i, have := range j.findings {
		if have.State == reconcile.Open && have.Item == f.Item && have.Kind == f.Kind {
			have.Ours, have.Theirs, have.Difference, have.LastSeen = f.Ours, f.Theirs, f.Difference, f.LastSeen
			j.findings[i] = have
			return have, false, nil
		}
	}
	f.ID, f.State, f.Told = strconv.Itoa(len(j.findings)+1), reconcile.Open, false
	j.findings = append(j.findings, f)
	return f, true, nil
}

// Findings implements [reconcile.Findings].
func (j *Journal) Findings(ctx context.Context, q reconcile.FindingQuery) ([]reconcile.Finding, error) {
	if err := j.enter(ctx, "findings"); err != nil {
		return nil, err
	}
	defer j.mu.Unlock()
	if q.Limit <= 0 {
		q.Limit = inventory.MaxBatch
	}
	var found []reconcile.Finding
	for _, f := range j.findings {
		if len(found) < q.Limit && q.Matches(f) {
			found = append(found, f)
		}
	}
	return found, nil
}

// Told implements [reconcile.Findings].
func (j *Journal) Told(ctx context.Context, ids ...string) error {
	if err := j.enter(ctx, "told"); err != nil {
		return err
	}
	defer j.mu.Unlock()
	for i, f := range j.findings {
		j.findings[i].Told = f.Told || slices.Contains(ids, f.ID)
	}
	return nil
}

// End implements [reconcile.Findings].
func (j *Journal) End(ctx context.Context, id string, how reconcile.Decision) (reconcile.Finding, error) {
	if err := reconcile.CheckEnd(how); err != nil {
		return reconcile.Finding{}, err
	}
	if err := j.enter(ctx, "end"); err != nil {
		return reconcile.Finding{}, err
	}
	defer j.mu.Unlock()
	for i, f := range j.findings {
		if f.ID != id {
			continue
		}
		if f.State != reconcile.Open {
			return f, fmt.Errorf("%w: finding %s is %s", reconcile.ErrConflict, id, f.State)
		}
		f.State, f.Decision = how.State, how
		j.findings[i] = f
		return f, nil
	}
	return reconcile.Finding{}, fmt.Errorf("%w: finding %s", reconcile.ErrNotFound, id)
}
