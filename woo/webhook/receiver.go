package webhook

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/checkout/inbox/inboxhttp"
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

// Receiver takes deliveries: an [inboxhttp.Receiver] for WooCommerce's. It answers
// 200 when the message is stored, was stored before, or is the ping that
// WooCommerce sends when a webhook is saved; 405, 413 and 401 for what is refused;
// 503 when it could not be stored, which WooCommerce counts as a failure and does
// not repeat. It is safe for concurrent use.
type Receiver struct {
	*inboxhttp.Receiver
	host   string // of the site, "" for any
	source string
	now    func() time.Time
}

// NewReceiver makes a receiver. Every mistake in c is reported at once; none
// repeats a secret.
func NewReceiver(c Config) (*Receiver, error) {
	r := &Receiver{source: cmp.Or(c.Source, Source), now: c.Now}
	if r.now == nil {
		r.now = time.Now
	}
	var wrongSite error
	if c.Site != "" {
		site, err := url.Parse(c.Site)
		if err != nil || site.Host == "" {
			wrongSite = errors.New("Config.Site must be an address such as https://shop.example")
		} else {
			r.host = sourceOf(site)
		}
	}
	var err error
	r.Receiver, err = inboxhttp.New(
		inboxhttp.Config{Secrets: c.Secrets, Inbox: c.Inbox, MaxBody: cmp.Or(c.MaxBody, DefaultMaxBody), Log: c.Log},
		inboxhttp.Format{Ignore: isPing, Signature: signatureOf, Genuine: r.fromElsewhere, Message: r.message})
	if err = errors.Join(err, wrongSite); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return r, nil
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

func signatureOf(r *http.Request) (signature []byte, wrong string) {
	return inboxhttp.Base64Signature(r.Header.Values(signatureHeader))
}

// fromElsewhere says whether a delivery comes from another shop that shares the
// secret.
func (r *Receiver) fromElsewhere(req *http.Request) (wrong string) {
	if r.host != "" && !r.fromSite(req.Header.Get(sourceHeader)) {
		return "from another site"
	}
	return ""
}

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
func (r *Receiver) message(req *http.Request, body, signature []byte) inbox.Message {
	now := r.now()
	key := hex.EncodeToString(signature)
	if len(body) < datelessBody {
		key += "@" + now.UTC().Format("2006-01-02T15:04")
	}
	return inbox.Message{Source: r.source, Key: key, Topic: topicOf(req.Header), Body: body, ReceivedAt: now}
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
