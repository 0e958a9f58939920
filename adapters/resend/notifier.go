package resend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"time"

	"github.com/ankkor/ankkor/checkout"
	letters "github.com/ankkor/ankkor/checkout/mail"
	"github.com/ankkor/ankkor/internal/secret"
)

// Secret is an API key that no verb, logger or encoder prints.
type Secret = secret.Secret

// NewSecret hides a key, as read from the environment or a vault.
func NewSecret(text string) Secret { return secret.New(text) }

// Endpoint is Resend's API.
const Endpoint = "https://api.resend.com"

// Patience is for how long after its first attempt a mail is sent again. It is less than the 24 hours for which Resend
// remembers a key.
const Patience = 23 * time.Hour

// Writer writes the mail of a notice; *mail.Writer of package checkout/mail is one. An error that is mail.ErrNoRecipient
// means that there is nobody to tell. It must be safe for concurrent use.
type Writer interface {
	Write(n checkout.Notice) (letters.Letter, error)
}

// Config is what New needs. All but Endpoint, ReplyTo and Now are required.
type Config struct {
	Key     Secret
	From    string // "Ankkor Clay <orders@shop.example.in>", at a domain that Resend has verified
	ReplyTo string
	HTTP    *http.Client // its timeout, if it has one, holds besides ctx; redirects are not followed
	Letters Writer
	Drafts  Drafts
	// Endpoint replaces Resend's address; an https address without a path.
	Endpoint string
	Now      func() time.Time
}

// Notifier is a checkout.Notifier that sends mail. It is safe for concurrent use.
type Notifier struct {
	config Config
	client http.Client
}

var _ checkout.Notifier = (*Notifier)(nil)

// New checks the configuration and reports all mistakes at once.
func New(c Config) (*Notifier, error) {
	if c.Endpoint == "" {
		c.Endpoint = Endpoint
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if err := c.mistakes(); err != nil {
		return nil, err
	}
	n := &Notifier{config: c, client: *c.HTTP}
	n.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return n, nil
}

func (c Config) mistakes() error {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New("resend: Config."+what))
		}
	}
	_, fromErr := mail.ParseAddress(c.From)
	_, replyErr := mail.ParseAddress(c.ReplyTo)
	address, err := url.Parse(c.Endpoint)
	need(c.Key.Len() > 0, "Key is required")
	need(fromErr == nil, "From is not an address")
	need(c.ReplyTo == "" || replyErr == nil, "ReplyTo is not an address")
	need(c.HTTP != nil, "HTTP is required")
	need(c.Letters != nil, "Letters is required")
	need(c.Drafts != nil, "Drafts is required")
	need(err == nil && address.Scheme == "https" && address.Host != "" && address.Path == "" && address.User == nil,
		"Endpoint wants https and a host, without a path")
	return errors.Join(errs...)
}

// Notify implements checkout.Notifier. A customer who left no address is not told, which is no error.
func (n *Notifier) Notify(ctx context.Context, notice checkout.Notice) error {
	if err := ctx.Err(); err != nil {
		return &Error{Code: "ended", kind: checkout.ErrUnavailable, cause: err}
	}
	if notice.Key == "" || len(notice.Key) > 256 {
		return &Error{Code: "no_key", Reason: "a notice without a usable key", kind: checkout.ErrRefused}
	}
	mail, err := n.freeze(ctx, notice)
	switch {
	case errors.Is(err, letters.ErrNoRecipient):
		return nil
	case err != nil:
		return err
	case !n.config.Now().Before(mail.at.Add(Patience)):
		return &Error{Code: "too_late", Reason: "what became of an earlier attempt is not known; see whether it was sent", kind: checkout.ErrRefused}
	}
	return n.send(ctx, notice.Key, mail.body)
}

// freeze returns the mail of a notice as it was first written.
func (n *Notifier) freeze(ctx context.Context, notice checkout.Notice) (draft, error) {
	letter, err := n.config.Letters.Write(notice)
	if errors.Is(err, letters.ErrNoRecipient) {
		return draft{}, err
	}
	if err != nil {
		return draft{}, &Error{Code: "not_written", Reason: "the template failed", kind: checkout.ErrRefused, cause: err}
	}
	body, err := json.Marshal(message{
		From: n.config.From, To: []string{letter.To}, ReplyTo: n.config.ReplyTo, Subject: letter.Subject, HTML: letter.HTML, Text: letter.Text,
		Tags: []tag{{"kind", string(letter.Kind)}},
	})
	if err != nil {
		return draft{}, &Error{Code: "not_written", kind: checkout.ErrRefused, cause: err}
	}
	var kept draft
	kept.body, kept.at, err = n.config.Drafts.Freeze(ctx, notice.Key, body, n.config.Now())
	if err != nil {
		return draft{}, fmt.Errorf("resend: keeping the mail: %w: %w", checkout.ErrUnavailable, err)
	}
	return kept, nil
}

// message is the body of POST /emails.
type message struct {
	From    string   `json:"from"`
	To      []string `json:"to"`
	ReplyTo string   `json:"reply_to,omitempty"`
	Subject string   `json:"subject"`
	HTML    string   `json:"html"`
	Text    string   `json:"text"`
	Tags    []tag    `json:"tags,omitempty"`
}

type tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
