package stockhttp

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Once remembers which messages are in hand and which were acted on, so that one that
// is sent again, by the scheduler or by whoever has recorded it, is not acted on again.
// A message whose replica died at work comes back when its lease is over.
//
// Implementations are safe for concurrent use, their clock is their own, and an error
// says nothing about whether the call took effect. Several replicas share what they
// remember: [Memory] is for one process, pgstore.Turns for many. Package stockhttptest
// checks them.
type Once interface {
	// Begin gives the id, 1 to 1000 bytes of text, to one caller for the length of the
	// lease. Others are told that it is not theirs, and whether it was acted on.
	Begin(ctx context.Context, id string, lease time.Duration) (mine, done bool, err error)
	// Done remembers for at least so long that the id was acted on.
	Done(ctx context.Context, id string, keep time.Duration) error
	// Forget gives the id back, because acting on it failed. One that was done stays
	// done; one that nobody has is no error.
	Forget(ctx context.Context, id string) error
}

var _ Once = (*Memory)(nil)

// Memory is a Once for a single process.
type Memory struct {
	now  func() time.Time
	mu   sync.Mutex
	seen map[string]turn
}

// turn is an id in hand, or done, and until when.
type turn struct {
	done bool
	ends time.Time
}

// NewMemory remembers in memory, by the clock now; nil means time.Now.
func NewMemory(now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{now: now, seen: map[string]turn{}}
}

// enter takes the lock and drops what is over.
func (m *Memory) enter(ctx context.Context) (time.Time, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, err
	}
	m.mu.Lock()
	now := m.now()
	for id, t := range m.seen {
		if !now.Before(t.ends) {
			delete(m.seen, id)
		}
	}
	return now, nil
}

// Begin implements Once.
func (m *Memory) Begin(ctx context.Context, id string, lease time.Duration) (mine, done bool, err error) {
	now, err := m.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer m.mu.Unlock()
	if t, seen := m.seen[id]; seen {
		return false, t.done, nil
	}
	m.seen[id] = turn{ends: now.Add(lease)}
	return true, false, nil
}

// Done implements Once.
func (m *Memory) Done(ctx context.Context, id string, keep time.Duration) error {
	now, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.seen[id] = turn{done: true, ends: now.Add(keep)}
	return nil
}

// Forget implements Once.
func (m *Memory) Forget(ctx context.Context, id string) error {
	if _, err := m.enter(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if !m.seen[id].done {
		delete(m.seen, id)
	}
	return nil
}

const (
	// defaultLease is how long work is waited for before somebody else may begin it.
	defaultLease = 15 * time.Minute
	// retriesFor is how long a scheduler repeats a message at most.
	retriesFor = 7 * 24 * time.Hour
	maxMessage = 200
	// noteFor bounds what is noted after the work, when the caller may have left.
	noteFor = 5 * time.Second
)

// guarded is work that is done once for each message.
type guarded struct {
	once  Once
	lease time.Duration
	work  Work
	log   *slog.Logger
}

// attend does the work for a message, unless it was done, and answers: 204 when it is
// done, 503 when it is in hand elsewhere or failed, after which the scheduler comes
// again.
func (g guarded) attend(w http.ResponseWriter, r *http.Request, id string) {
	mine, done, err := g.once.Begin(r.Context(), id, g.lease)
	switch {
	case err != nil:
		g.complain(r, "a message cannot be looked up", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
	case done:
		w.WriteHeader(http.StatusNoContent)
	case !mine:
		w.Header().Set("Retry-After", "60")
		http.Error(w, "somebody is at it", http.StatusServiceUnavailable)
	default:
		worked := run(w, r, g.work, g.log)
		g.note(r, id, worked)
	}
}

// note remembers how the work ended. If it cannot, the message may be acted on once
// more when the lease is over.
func (g guarded) note(r *http.Request, id string, worked bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), noteFor)
	defer cancel()
	var err error
	if worked {
		err = g.once.Done(ctx, id, retriesFor)
	} else {
		err = g.once.Forget(ctx, id)
	}
	if err != nil {
		g.complain(r, "what became of a message cannot be noted", err)
	}
}

func (g guarded) complain(r *http.Request, what string, err error) {
	log := g.log
	if log == nil {
		log = slog.Default()
	}
	log.ErrorContext(r.Context(), "the memory of messages fails", "what", what, "path", r.URL.Path, "error", err)
}
