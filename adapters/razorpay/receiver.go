package razorpay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
)

// Source is what a receiver's messages are stored under unless its config says otherwise.
const Source = "razorpay"

// DefaultMaxBody is the longest event accepted unless a config says otherwise, in bytes. Razorpay's have a few thousand.
const DefaultMaxBody = 1 << 20

// storeWithin is how long storing an event may take. Razorpay counts an answer after five seconds as none.
const storeWithin = 4 * time.Second

// ReceiverConfig says what a Receiver accepts. Secrets and Inbox are required.
type ReceiverConfig struct {
	// Secrets are the webhook's secret, which is not the key's; or while it is being replaced the new one and the old
	// one. Razorpay signs repeats of older events with the old one for a day.
	Secrets []payment.Secret
	Inbox   inbox.Inbox

	Source  string           // the name under which events are stored, one per account; empty means "razorpay"
	MaxBody int64            // in bytes; 0 means DefaultMaxBody
	Now     func() time.Time // nil means time.Now
	Log     *slog.Logger     // takes what was refused, and why; nil means slog.Default
}

// Receiver takes webhooks. It is safe for concurrent use.
type Receiver struct {
	c       ReceiverConfig
	keys    []*keyed
	buffers sync.Pool // of *bytes.Buffer
}

// NewReceiver makes a receiver. Every mistake in c is reported at once, each as an ErrConfig; none repeats a secret.
func NewReceiver(c ReceiverConfig) (*Receiver, error) {
	var errs []error
	report := func(field, reason string) {
		errs = append(errs, fmt.Errorf("%w: ReceiverConfig.%s %s", ErrConfig, field, reason))
	}
	r := &Receiver{c: c.withDefaults()}
	if len(c.Secrets) < 1 || len(c.Secrets) > 2 {
		report("Secrets", "must be one secret, or two while one replaces the other")
	}
	for i, s := range c.Secrets {
		if s.Len() < payment.MinSecret {
			report(fmt.Sprintf("Secrets[%d]", i), fmt.Sprintf("must have at least %d bytes", payment.MinSecret))
			continue
		}
		r.keys = append(r.keys, newKeyed(s))
	}
	if c.Inbox == nil {
		report("Inbox", "is missing")
	}
	if c.MaxBody < 0 || c.MaxBody > inbox.MaxBody {
		report("MaxBody", fmt.Sprintf("must be at most %d", inbox.MaxBody))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	r.buffers.New = func() any { return new(bytes.Buffer) }
	return r, nil
}

func (c ReceiverConfig) withDefaults() ReceiverConfig {
	if c.Source == "" {
		c.Source = Source
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// ServeHTTP takes one event. It answers 200 when the event is stored, now or before, whatever is in it; 405, 413, 415 and
// 401 for what is refused; 503 when it could not be stored, after which Razorpay sends it again.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	status, reason := r.receive(req)
	if status != http.StatusOK {
		r.c.Log.WarnContext(req.Context(), "webhook not accepted", slog.Int("status", status), slog.String("reason", reason))
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

// receive decides about an event and says why it was not accepted. What is wrong with a signature is for the log alone.
func (r *Receiver) receive(req *http.Request) (status int, reason string) {
	if status, reason = r.outside(req); status != http.StatusOK {
		return status, reason
	}
	buffer := r.buffers.Get().(*bytes.Buffer)
	defer r.recycle(buffer)
	body, err := readBody(req, buffer, r.c.MaxBody)
	switch {
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge, "the body is too long"
	case err != nil:
		return http.StatusBadRequest, "the body broke off"
	}
	if reason = r.verify(req.Header, body); reason != "" {
		return http.StatusUnauthorized, reason
	}
	ctx, cancel := context.WithTimeout(req.Context(), storeWithin)
	defer cancel()
	fresh, err := r.c.Inbox.Put(ctx, r.message(body))
	if err != nil {
		return http.StatusServiceUnavailable, "not stored: " + err.Error()
	}
	r.c.Log.DebugContext(ctx, "webhook stored", slog.Bool("fresh", fresh))
	return http.StatusOK, ""
}

// outside looks at what can be told without reading.
func (r *Receiver) outside(req *http.Request) (status int, reason string) {
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch {
	case req.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, "not a POST"
	case kind != "application/json" || req.Header.Get("Content-Encoding") != "":
		return http.StatusUnsupportedMediaType, "not plain JSON"
	case req.ContentLength > r.c.MaxBody:
		return http.StatusRequestEntityTooLarge, "the body is too long"
	}
	return http.StatusOK, ""
}

var errTooLong = errors.New("too long")

// readBody reads at most limit bytes into buffer, whose bytes it returns.
func readBody(req *http.Request, buffer *bytes.Buffer, limit int64) ([]byte, error) {
	n, err := buffer.ReadFrom(io.LimitReader(req.Body, limit+1))
	switch {
	case n > limit:
		return nil, errTooLong
	case err == nil && req.ContentLength >= 0 && n != req.ContentLength:
		err = io.ErrUnexpectedEOF
	}
	return buffer.Bytes(), err
}

// recycle keeps a buffer for the next event, unless an unusual one made it large. An inbox keeps no reference to it.
func (r *Receiver) recycle(buffer *bytes.Buffer) {
	if buffer.Cap() > 64<<10 {
		return
	}
	buffer.Reset()
	r.buffers.Put(buffer)
}

// signatureHeader holds the hex HMAC-SHA256 of the body. X-Razorpay-Event-Id beside it is not signed and not looked at.
const signatureHeader = "X-Razorpay-Signature"

// verify says what is wrong with a signature, or nothing. Every secret is tried, and comparing takes the same time for
// every wrong signature.
func (r *Receiver) verify(h http.Header, body []byte) (reason string) {
	given := h.Values(signatureHeader)
	if len(given) != 1 {
		return fmt.Sprintf("%d signatures", len(given))
	}
	var signature [sha256.Size]byte
	if len(given[0]) != hex.EncodedLen(len(signature)) {
		return "the signature is no signature"
	}
	if _, err := hex.Decode(signature[:], []byte(given[0])); err != nil {
		return "the signature is no signature"
	}
	right := 0
	for _, k := range r.keys {
		right |= k.matches(body, signature[:])
	}
	if right != 1 {
		return "the signature is wrong"
	}
	return ""
}

// message is what is stored. Its key is made of the signed bytes and nothing else: the same event sent again, under
// either secret and with any id beside it, is the same message.
func (r *Receiver) message(body []byte) inbox.Message {
	sum := sha256.Sum256(body)
	return inbox.Message{
		Source: r.c.Source, Key: hex.EncodeToString(sum[:]), Topic: topicOf(body), Body: body, ReceivedAt: r.c.Now(),
	}
}

// topicOf is the event's name, if it has a plain one. It is a label for people.
func topicOf(body []byte) string {
	var e struct{ Event word }
	plain := func(r rune) bool { return (r >= 'a' && r <= 'z') || r == '.' || r == '_' }
	if json.Unmarshal(body, &e) != nil || len(e.Event) > 100 || !utf8.ValidString(string(e.Event)) ||
		strings.TrimFunc(string(e.Event), plain) != "" {
		return ""
	}
	return string(e.Event)
}
