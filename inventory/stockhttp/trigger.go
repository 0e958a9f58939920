package stockhttp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
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

// SharedConfig says who may start the work. Secrets are one or, while one is being
// replaced, two.
type SharedConfig struct {
	Secrets []Secret
	Work    Work
	// Once, if set, lets a message that says which it is (Idempotency-Key, 1 to 200
	// bytes) be acted on once, whichever replicas its copies reach. It is for
	// schedulers that send again; whoever knows the secret can choose another key.
	Once Once
	// Lease is how long the work of one message is waited for; 0 means 15 minutes.
	Lease time.Duration
	Log   *slog.Logger // nil means slog.Default
}

// Shared is a handler that starts the work for whoever sends the secret as
// "Authorization: Bearer …" in a POST. It answers 204 when the work is done, 401
// without saying why, 400 for a key that is too long, 405, and 503 when the work
// failed or is in hand elsewhere.
func Shared(c SharedConfig) (http.Handler, error) {
	err := errors.Join(checkSecrets("Secrets", c.Secrets), missing("Work", c.Work == nil), checkLease(&c.Lease))
	if err != nil {
		return nil, err
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
		switch key := r.Header.Get("Idempotency-Key"); {
		case c.Once == nil || key == "":
			run(w, r, c.Work, c.Log)
		case len(key) > maxMessage:
			http.Error(w, "the key is too long", http.StatusBadRequest)
		default:
			guarded{c.Once, c.Lease, c.Work, c.Log}.attend(w, r, "shared/"+hashed(key))
		}
	}), nil
}

// hashed is a name of bytes that a client chose, which may be no text.
func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// checkLease fills in the default.
func checkLease(d *time.Duration) error {
	if *d < 0 {
		return fmt.Errorf("%w: Lease must not be negative", ErrConfig)
	}
	if *d == 0 {
		*d = defaultLease
	}
	return nil
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
