package stockhttp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/internal/secret"
)

// Secret is a word that no verb, encoder or logger prints.
type Secret = secret.Secret

// NewSecret keeps s.
func NewSecret(s string) Secret { return secret.New(s) }

const (
	// MinSecret is the shortest secret accepted, in bytes.
	MinSecret = 16
	// MaxBody is the longest body of a trigger, in bytes.
	MaxBody = 1 << 20
)

// ErrConfig is matched by every mistake in a configuration.
var ErrConfig = errors.New("stockhttp: invalid configuration")

// Work is what a trigger starts: one bounded piece that is safe twice and in
// parallel. Its error is logged, and the scheduler told to come again.
type Work func(ctx context.Context) error

// Once remembers which messages were acted on, so that one that is sent again, by
// the scheduler or by whoever has recorded it, is not acted on again.
//
// Implementations are safe for concurrent use. With several replicas they share
// what they remember.
type Once interface {
	// First says, to one caller only, that the id was not seen before, and
	// remembers it at least until then.
	First(ctx context.Context, id string, until time.Time) (bool, error)
	// Forget lets the id be first again, because acting on it failed.
	Forget(ctx context.Context, id string) error
}

var _ Once = (*Memory)(nil)

// Memory is a Once for a single process.
type Memory struct {
	now  func() time.Time
	mu   sync.Mutex
	seen map[string]time.Time
}

// NewMemory remembers in memory, by the clock now; nil means time.Now.
func NewMemory(now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{now: now, seen: map[string]time.Time{}}
}

// First implements Once.
func (m *Memory) First(_ context.Context, id string, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	for old, end := range m.seen {
		if !now.Before(end) {
			delete(m.seen, old)
		}
	}
	if _, seen := m.seen[id]; seen {
		return false, nil
	}
	m.seen[id] = until
	return true, nil
}

// Forget implements Once.
func (m *Memory) Forget(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.seen, id)
	return nil
}

// SharedConfig says who may start the work. Secrets are one or, while one is being
// replaced, two.
type SharedConfig struct {
	Secrets []Secret
	Work    Work
	Log     *slog.Logger // nil means slog.Default
}

// Shared is a handler that starts the work for whoever sends the secret as
// "Authorization: Bearer …" in a POST. It answers 204 when the work is done, 401
// without saying why, 405, and 503 when the work failed.
func Shared(c SharedConfig) (http.Handler, error) {
	if err := checkSecrets("Secrets", c.Secrets); err != nil || c.Work == nil {
		return nil, errors.Join(err, missing("Work", c.Work == nil))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !posted(w, r) {
			return
		}
		sent, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if known := isOne(c.Secrets, sent); !bearer || !known {
			refuse(w)
			return
		}
		run(w, r, c.Work, c.Log)
	}), nil
}

// isOne compares in a time that depends on neither what was sent nor which secret
// it is.
func isOne(secrets []Secret, sent string) bool {
	hash, match := sha256.Sum256([]byte(sent)), 0
	for _, s := range secrets {
		want := sha256.Sum256([]byte(s.Reveal()))
		match |= subtle.ConstantTimeCompare(hash[:], want[:])
	}
	return match == 1
}

func checkSecrets(field string, secrets []Secret) error {
	if len(secrets) < 1 || len(secrets) > 2 {
		return fmt.Errorf("%w: %s must be one or two", ErrConfig, field)
	}
	for i, s := range secrets {
		if len(s.Reveal()) < MinSecret {
			return fmt.Errorf("%w: %s[%d] must have at least %d bytes", ErrConfig, field, i, MinSecret)
		}
	}
	return nil
}

func missing(field string, is bool) error {
	if is {
		return fmt.Errorf("%w: %s is missing", ErrConfig, field)
	}
	return nil
}

func posted(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodPost {
		return true
	}
	w.Header().Set("Allow", http.MethodPost)
	http.Error(w, "POST only", http.StatusMethodNotAllowed)
	return false
}

// refuse says the same whatever was wrong.
func refuse(w http.ResponseWriter) { http.Error(w, "not allowed", http.StatusUnauthorized) }

// run does the work and says whether it was done.
func run(w http.ResponseWriter, r *http.Request, work Work, log *slog.Logger) bool {
	err := work(r.Context())
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return true
	}
	if log == nil {
		log = slog.Default()
	}
	log.ErrorContext(r.Context(), "scheduled work failed", "path", r.URL.Path, "error", err)
	http.Error(w, "try again", http.StatusServiceUnavailable)
	return false
}

// bounded reads a body, or answers 413.
func bounded(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		http.Error(w, "the body is too long or broken", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	return body, true
}
