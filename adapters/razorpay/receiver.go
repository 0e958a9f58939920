package razorpay

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/checkout/inbox/inboxhttp"
	"github.com/ankkor/ankkor/payment"
)

// Source is what a receiver's messages are stored under unless its config says otherwise.
const Source = "razorpay"

// DefaultMaxBody is the longest event accepted unless a config says otherwise, in bytes. Razorpay's have a few thousand.
const DefaultMaxBody = 1 << 20

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

// Receiver takes webhooks: an [inboxhttp.Receiver] for Razorpay's. It answers 200 when an event is stored, now or before,
// whatever is in it; 405, 413, 415 and 401 for what is refused; 503 when it could not be stored, after which Razorpay sends
// it again. It is safe for concurrent use.
type Receiver struct {
	*inboxhttp.Receiver
	source string
	now    func() time.Time
}

// NewReceiver makes a receiver. Every mistake in c is reported at once, each as an ErrConfig; none repeats a secret.
func NewReceiver(c ReceiverConfig) (*Receiver, error) {
	r := &Receiver{source: cmp.Or(c.Source, Source), now: c.Now}
	if r.now == nil {
		r.now = time.Now
	}
	var err error
	r.Receiver, err = inboxhttp.New(
		inboxhttp.Config{Secrets: c.Secrets, Inbox: c.Inbox, MaxBody: cmp.Or(c.MaxBody, DefaultMaxBody), Log: c.Log},
		inboxhttp.Format{
			Refuse: onlyJSON,
			Signature: func(r *http.Request) ([]byte, string) {
				return inboxhttp.HexSignature(r.Header.Values(signatureHeader))
			},
			Message: r.message,
		})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return r, nil
}

func onlyJSON(r *http.Request) (status int, reason string) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return http.StatusUnsupportedMediaType, "not JSON"
	}
	return 0, ""
}

// signatureHeader holds the hex HMAC-SHA256 of the body. X-Razorpay-Event-Id beside it is not signed and not looked at.
const signatureHeader = "X-Razorpay-Signature"

// message is what is stored. Its key is made of the signed bytes and nothing else: the same event sent again, under
// either secret and with any id beside it, is the same message.
func (r *Receiver) message(_ *http.Request, body, _ []byte) inbox.Message {
	sum := sha256.Sum256(body)
	return inbox.Message{
		Source: r.source, Key: hex.EncodeToString(sum[:]), Topic: topicOf(body), Body: body, ReceivedAt: r.now(),
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
