package webhook

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/woo"
)

// Source is what a receiver's messages are stored under unless its Config says
// otherwise.
const Source = "woocommerce"

// Defaults and limits of a Config.
const (
	DefaultMaxBody = 1 << 20
	// MinSecret is the shortest secret accepted, in bytes. One that WooCommerce
	// makes has 50.
	MinSecret = 16
)

// Config says what a Receiver accepts. Secrets and Inbox are required.
type Config struct {
	// Secrets are the webhooks' secrets: one, or while it is being replaced the
	// new one and the old one.
	Secrets []woo.Secret
	Inbox   inbox.Inbox

	// Site, when set, is the shop's address. A message that says it comes from
	// another one is refused: it was copied from another shop that shares the
	// secret, such as a staging site.
	Site string
	// Source is the name under which messages are stored, one per shop. Empty
	// means "woocommerce".
	Source string
	// MaxBody is the longest body accepted, in bytes. 0 means DefaultMaxBody.
	MaxBody int64
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log takes what was refused, and why; nil means slog.Default.
	Log *slog.Logger
}

// ErrConfig is matched by every mistake in a Config.
var ErrConfig = errors.New("webhook: invalid configuration")

// Receiver takes deliveries. It is safe for concurrent use.
type Receiver struct {
	keys    []*keyed
	inbox   inbox.Inbox
	host    string // of the site, "" for any
	source  string
	maxBody int64
	now     func() time.Time
	log     *slog.Logger
	buffers sync.Pool // of *bytes.Buffer, for bodies
}

// NewReceiver makes a receiver. Every mistake in c is reported at once; none
// repeats a secret.
func NewReceiver(c Config) (*Receiver, error) {
	var errs []error
	report := func(field, reason string) {
		errs = append(errs, fmt.Errorf("%w: Config.%s %s", ErrConfig, field, reason))
	}
	r := &Receiver{inbox: c.Inbox, source: c.Source, maxBody: c.MaxBody, now: c.Now, log: c.Log}
	if len(c.Secrets) < 1 || len(c.Secrets) > 2 {
		report("Secrets", "must be one secret, or two while one replaces the other")
	}
	for i, s := range c.Secrets {
		if s.Len() < MinSecret {
			report(fmt.Sprintf("Secrets[%d]", i), fmt.Sprintf("must have at least %d bytes", MinSecret))
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
	if c.Site != "" {
		site, err := url.Parse(c.Site)
		if err != nil || site.Host == "" {
			report("Site", "must be an address such as https://shop.example")
		} else {
			r.host = sourceOf(site)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	r.setDefaults()
	return r, nil
}

func (r *Receiver) setDefaults() {
	r.buffers.New = func() any { return new(bytes.Buffer) }
	if r.source == "" {
		r.source = Source
	}
	if r.maxBody == 0 {
		r.maxBody = DefaultMaxBody
	}
	if r.now == nil {
		r.now = time.Now
	}
	if r.log == nil {
		r.log = slog.Default()
	}
}

// ServeHTTP takes one delivery. It answers 200 when the message is stored, was
// stored before, or is the ping that WooCommerce sends when a webhook is saved;
// 405, 413 and 401 for what is refused; 503 when it could not be stored, which
// WooCommerce counts as a failure and does not repeat.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	status, reason := r.receive(req)
	if status != http.StatusOK {
		r.log.WarnContext(req.Context(), "webhook not accepted", slog.Int("status", status), slog.String("reason", reason))
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

// receive decides about a delivery and says why it was not accepted. What is
// wrong with a signature is for the log alone.
func (r *Receiver) receive(req *http.Request) (status int, reason string) {
	switch {
	case req.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, "not a POST"
	case req.ContentLength > r.maxBody:
		return http.StatusRequestEntityTooLarge, "the body is too long"
	case req.Header.Get("Content-Encoding") != "":
		return http.StatusUnsupportedMediaType, "the body is encoded"
	}
	buffer := r.buffers.Get().(*bytes.Buffer)
	defer r.recycle(buffer)
	body, err := readBody(req, buffer, r.maxBody)
	switch {
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge, "the body is too long"
	case err != nil:
		return http.StatusBadRequest, "the body broke off"
	case isPing(req, body):
		return http.StatusOK, ""
	}
	signature, reason := r.verify(req.Header, body)
	if reason != "" {
		return http.StatusUnauthorized, reason
	}
	fresh, err := r.inbox.Put(req.Context(), r.message(req.Header, body, signature))
	if err != nil {
		return http.StatusServiceUnavailable, "not stored: " + err.Error()
	}
	r.log.DebugContext(req.Context(), "webhook stored", slog.Bool("fresh", fresh))
	return http.StatusOK, ""
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

// recycle keeps a buffer for the next delivery, unless an unusual one made it
// large. An inbox keeps no reference to it.
func (r *Receiver) recycle(buffer *bytes.Buffer) {
	if buffer.Cap() > 64<<10 {
		return
	}
	buffer.Reset()
	r.buffers.Put(buffer)
}

// isPing recognises what WooCommerce sends when a webhook is saved
// (WC_Webhook::deliver_ping): a form with the webhook's id, nothing signed.
// Only an answer of exactly 200 makes it stop.
func isPing(req *http.Request, body []byte) bool {
	id, ok := bytes.CutPrefix(body, []byte("webhook_id="))
	if !ok || len(id) == 0 || len(id) > 20 || len(bytes.Trim(id, "0123456789")) > 0 || len(req.Header.Values(signatureHeader)) > 0 {
		return false
	}
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded"
}

// Headers of a delivery (WC_Webhook::deliver). Only the body is signed.
const (
	signatureHeader = "X-Wc-Webhook-Signature"
	topicHeader     = "X-Wc-Webhook-Topic"
	sourceHeader    = "X-Wc-Webhook-Source"
)

// verify returns a delivery's signature, or says what is wrong with it or with
// its sender. Every secret is tried, and comparing takes the same time for every
// wrong signature.
func (r *Receiver) verify(h http.Header, body []byte) (signature [sha256.Size]byte, reason string) {
	given := h.Values(signatureHeader)
	if len(given) != 1 {
		return signature, fmt.Sprintf("%d signatures", len(given))
	}
	var decoded [encodedSignature]byte
	text := []byte(given[0][:min(len(given[0]), encodedSignature+1)])
	if len(text) != encodedSignature {
		return signature, "the signature is no signature"
	}
	if n, err := base64.StdEncoding.Strict().Decode(decoded[:], text); err != nil || n != sha256.Size {
		return signature, "the signature is no signature"
	}
	copy(signature[:], decoded[:])
	right := 0
	for _, k := range r.keys {
		right |= k.matches(body, signature[:])
	}
	switch {
	case right != 1:
		return signature, "the signature is wrong"
	case r.host != "" && !r.fromSite(h.Get(sourceHeader)):
		return signature, "from another site"
	}
	return signature, ""
}

// encodedSignature is the length of a signature in base64.
const encodedSignature = 44

// fromSite compares the sender's address with the shop's, without the scheme:
// behind a proxy WordPress may believe in another one.
func (r *Receiver) fromSite(address string) bool {
	u, err := url.Parse(address)
	return err == nil && sourceOf(u) == r.host
}

func sourceOf(u *url.URL) string {
	return strings.ToLower(u.Host) + strings.TrimSuffix(u.Path, "/")
}

// message is what is stored. Its key is the signature that was found right, which
// is made of the content and nothing else. A deletion's body is nothing but an id,
// the same whenever the product goes to the trash again, so its key holds the
// minute too.
func (r *Receiver) message(h http.Header, body []byte, signature [sha256.Size]byte) inbox.Message {
	now := r.now()
	key := hex.EncodeToString(signature[:])
	if len(body) < datelessBody {
		key += "@" + now.UTC().Format("2006-01-02T15:04")
	}
	return inbox.Message{Source: r.source, Key: key, Topic: topicOf(h), Body: body, ReceivedAt: now}
}

// datelessBody is shorter than any product or order, which carry the date they
// were modified, and longer than {"id":9223372036854775807}.
const datelessBody = 64

// topicOf is the delivery's topic if it is one, else "". It is not signed.
func topicOf(h http.Header) string {
	topic := h.Get(topicHeader)
	if resource, event, ok := strings.Cut(topic, "."); ok && Resource(resource).known() && Event(event).known() {
		return topic
	}
	if strings.HasPrefix(topic, "action.") {
		return "action"
	}
	return ""
}
