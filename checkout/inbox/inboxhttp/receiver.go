package inboxhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/internal/secret"
)

// Secret is what deliveries are signed with.
type Secret = secret.Secret

// Defaults and limits of a Config.
const (
	DefaultMaxBody = 1 << 20
	MinSecret      = 16 // bytes
	// DefaultWithin is shorter than the five seconds after which Razorpay and WooCommerce count an answer as none.
	DefaultWithin = 4 * time.Second
)

// ErrConfig is matched by every mistake in a Config.
var ErrConfig = errors.New("inboxhttp: invalid configuration")

// Config says what a Receiver accepts. Secrets and Inbox are required.
type Config struct {
	// Secrets are the sender's: one, or while it is being replaced the new one and the old one.
	Secrets []Secret
	Inbox   inbox.Inbox

	MaxBody int64         // in bytes; 0 means DefaultMaxBody, and inbox.MaxBody is the most
	Within  time.Duration // how long storing may take; 0 means DefaultWithin
	Log     *slog.Logger  // takes what was refused, and why; nil means slog.Default
}

// Format is how one sender's deliveries look. Signature and Message are required. What Refuse and Signature say is wrong
// goes to the log, never to the sender.
type Format struct {
	// Refuse looks at what can be told without reading the body; a status of 0 lets it in. nil lets all in that are plain.
	Refuse func(r *http.Request) (status int, reason string)
	// Ignore recognises what is answered with 200 without being signed or stored, such as a ping. nil recognises nothing.
	Ignore func(r *http.Request, body []byte) bool
	// Signature returns the HMAC-SHA256 that the delivery claims, decoded, or says what is wrong with it.
	Signature func(r *http.Request) (signature []byte, wrong string)
	// Genuine says what else is wrong with a delivery that is signed right, or nothing. nil is satisfied.
	Genuine func(r *http.Request) (wrong string)
	// Message is what is stored. Its key is made from what is signed and from nothing else. The body is not kept by
	// reference, so it may be shared.
	Message func(r *http.Request, body, signature []byte) inbox.Message
}

// Receiver takes deliveries. It is safe for concurrent use.
type Receiver struct {
	config  Config
	format  Format
	keys    []*keyed
	buffers sync.Pool // of *bytes.Buffer, for bodies
}

var _ http.Handler = (*Receiver)(nil)

// New makes a receiver. Every mistake is reported at once, each as an ErrConfig; none repeats a secret.
func New(c Config, f Format) (*Receiver, error) {
	var errs []error
	report := func(field, reason string) {
		errs = append(errs, fmt.Errorf("%w: %s %s", ErrConfig, field, reason))
	}
	r := &Receiver{config: c.withDefaults(), format: f}
	r.buffers.New = func() any { return new(bytes.Buffer) }
	if len(c.Secrets) < 1 || len(c.Secrets) > 2 {
		report("Config.Secrets", "must be one secret, or two while one replaces the other")
	}
	for i, s := range c.Secrets {
		if s.Len() < MinSecret {
			report(fmt.Sprintf("Config.Secrets[%d]", i), fmt.Sprintf("must have at least %d bytes", MinSecret))
			continue
		}
		r.keys = append(r.keys, newKeyed(s))
	}
	if c.Inbox == nil {
		report("Config.Inbox", "is missing")
	}
	if c.MaxBody < 0 || c.MaxBody > inbox.MaxBody {
		report("Config.MaxBody", fmt.Sprintf("must be at most %d", inbox.MaxBody))
	}
	if c.Within < 0 {
		report("Config.Within", "is negative")
	}
	if f.Signature == nil || f.Message == nil {
		report("Format", "needs Signature and Message")
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return r, nil
}

func (c Config) withDefaults() Config {
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Within == 0 {
		c.Within = DefaultWithin
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// ServeHTTP takes one delivery. It answers 200 when it is stored, now or before, or to be ignored; 405, 413, 415 and 401
// for what is refused, or the status the format refuses it with; 503 when it could not be stored, and 500 when storing
// panicked.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	status, reason := r.unharmed(req)
	if status != http.StatusOK {
		r.config.Log.WarnContext(req.Context(), "webhook not accepted", slog.Int("status", status), slog.String("reason", reason))
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

// unharmed is receive, in which nothing panics: the sender is answered, and sends again.
func (r *Receiver) unharmed(req *http.Request) (status int, reason string) {
	defer func() {
		if p := recover(); p != nil {
			status, reason = http.StatusInternalServerError, fmt.Sprintf("a panic: %v", p)
		}
	}()
	return r.receive(req)
}

// receive decides about a delivery and says why it was not accepted.
func (r *Receiver) receive(req *http.Request) (status int, reason string) {
	if status, reason = r.outside(req); status != 0 {
		return status, reason
	}
	buffer := r.buffers.Get().(*bytes.Buffer)
	defer r.recycle(buffer)
	body, err := readBody(req, buffer, r.config.MaxBody)
	switch {
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge, "the body is too long"
	case err != nil:
		return http.StatusBadRequest, "the body broke off"
	case r.format.Ignore != nil && r.format.Ignore(req, body):
		return http.StatusOK, ""
	}
	signature, wrong := r.verify(req, body)
	if wrong != "" {
		return http.StatusUnauthorized, wrong
	}
	ctx, cancel := context.WithTimeout(req.Context(), r.config.Within)
	defer cancel()
	fresh, err := r.config.Inbox.Put(ctx, r.format.Message(req, body, signature))
	if err != nil {
		return http.StatusServiceUnavailable, "not stored: " + err.Error()
	}
	r.config.Log.DebugContext(ctx, "webhook stored", slog.Bool("fresh", fresh))
	return http.StatusOK, ""
}

// outside looks at what can be told without reading; status 0 lets a delivery in.
func (r *Receiver) outside(req *http.Request) (status int, reason string) {
	switch {
	case req.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, "not a POST"
	case req.ContentLength > r.config.MaxBody:
		return http.StatusRequestEntityTooLarge, "the body is too long"
	case req.Header.Get("Content-Encoding") != "":
		return http.StatusUnsupportedMediaType, "the body is encoded"
	case r.format.Refuse != nil:
		return r.format.Refuse(req)
	}
	return 0, ""
}

// verify tries every secret; comparing takes the same time for every wrong signature.
func (r *Receiver) verify(req *http.Request, body []byte) (signature []byte, wrong string) {
	signature, wrong = r.format.Signature(req)
	if wrong != "" {
		return nil, wrong
	}
	right := 0
	for _, k := range r.keys {
		right |= k.matches(body, signature)
	}
	if right != 1 {
		return nil, "the signature is wrong"
	}
	if r.format.Genuine != nil {
		wrong = r.format.Genuine(req)
	}
	return signature, wrong
}

var errTooLong = errors.New("too long")

// readBody reads at most limit bytes into buffer, whose bytes it returns.
func readBody(req *http.Request, buffer *bytes.Buffer, limit int64) ([]byte, error) {
	if req.ContentLength > 0 {
		buffer.Grow(int(req.ContentLength) + bytes.MinRead) // at most limit: ReadFrom wants room for the end
	}
	n, err := buffer.ReadFrom(io.LimitReader(req.Body, limit+1))
	switch {
	case n > limit:
		return nil, errTooLong
	case err == nil && req.ContentLength >= 0 && n != req.ContentLength:
		err = io.ErrUnexpectedEOF
	}
	return buffer.Bytes(), err
}

// recycle keeps a buffer for the next delivery, unless an unusual one made it large. An inbox keeps no reference to it.
func (r *Receiver) recycle(buffer *bytes.Buffer) {
	if buffer.Cap() > 64<<10 {
		return
	}
	buffer.Reset()
	r.buffers.Put(buffer)
}
