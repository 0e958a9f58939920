package razorpay

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ankkor/ankkor/payment"
)

var (
	_ payment.Gateway         = (*Client)(nil)
	_ payment.Refunder        = (*Client)(nil)
	_ payment.PaymentVerifier = (*Client)(nil)
)

// Defaults of a Config.
const (
	DefaultURL     = "https://api.razorpay.com"
	DefaultTimeout = 20 * time.Second
)

// Capture says who takes the money of an authorised payment.
type Capture string

// The ways to capture. With CaptureManual the money is taken only when the sale can be made, so that a late payment for
// what is sold out lapses instead of being refunded; what nobody captures lapses after ManualExpiry.
const (
	CaptureAsConfigured Capture = ""          // as the account's dashboard says
	CaptureAutomatic    Capture = "automatic" // Razorpay, at once
	CaptureManual       Capture = "manual"    // the checkout
)

// ManualExpiry is how long Razorpay holds a payment for a manual capture: its maximum, five days.
const ManualExpiry = 5 * 24 * time.Hour

// Config says whose account it is. KeyID and KeySecret are required.
type Config struct {
	KeyID     string // rzp_live_… or rzp_test_…; not a secret, the browser needs it too
	KeySecret payment.Secret
	// PreviousKeySecret, when set, is what callbacks may be signed with besides: the secret before a new key was made.
	PreviousKeySecret payment.Secret

	// HTTP is the client to send with; nil means one of its own on http.DefaultTransport. It is copied: redirects are
	// never followed, as they would carry the key elsewhere.
	HTTP *http.Client
	// URL is where Razorpay is; empty means DefaultURL. Plain http is accepted for a loopback address only.
	URL string
	// Timeout ends a single request, if its context does not do so before. 0 means DefaultTimeout.
	Timeout time.Duration

	Capture Capture
	// Now is the clock that Retry-After dates are compared with; nil means time.Now.
	Now func() time.Time
}

// ErrConfig is matched by every mistake in a Config.
var ErrConfig = errors.New("razorpay: invalid configuration")

// Client calls Razorpay. It holds no state but its configuration and is safe for concurrent use.
type Client struct {
	http     http.Client
	base     string
	keyID    string
	secret   payment.Secret
	verifier *payment.SignatureVerifier
	timeout  time.Duration
	capture  Capture
	now      func() time.Time
}

// New makes a client; it calls nobody. Every mistake in c is reported at once, each as an ErrConfig; none repeats a
// secret.
func New(c Config) (*Client, error) {
	var errs []error
	report := func(field, reason string) {
		errs = append(errs, fmt.Errorf("%w: Config.%s %s", ErrConfig, field, reason))
	}
	if !isKeyID(c.KeyID) {
		report("KeyID", "must look like rzp_live_ or rzp_test_ and letters or digits")
	}
	verifier, err := c.verifier()
	if err != nil {
		report("KeySecret", fmt.Sprintf("and PreviousKeySecret, if set, must have at least %d bytes", payment.MinSecret))
	}
	base, reason := checkURL(c.URL)
	if reason != "" {
		report("URL", reason)
	}
	if c.Timeout < 0 {
		report("Timeout", "must not be negative")
	}
	switch c.Capture {
	case CaptureAsConfigured, CaptureAutomatic, CaptureManual:
	default:
		report("Capture", "must be empty, automatic or manual")
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c.client(base, verifier), nil
}

func (c Config) client(base string, verifier *payment.SignatureVerifier) *Client {
	made := &Client{
		base: base, keyID: c.KeyID, secret: c.KeySecret, verifier: verifier,
		timeout: c.Timeout, capture: c.Capture, now: c.Now,
	}
	if c.HTTP != nil {
		made.http = *c.HTTP
	}
	made.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	made.http.Jar = nil
	if made.timeout == 0 {
		made.timeout = DefaultTimeout
	}
	if made.now == nil {
		made.now = time.Now
	}
	return made
}

func (c Config) verifier() (*payment.SignatureVerifier, error) {
	if c.PreviousKeySecret.Len() > 0 {
		return payment.NewSignatureVerifier(c.KeySecret, c.PreviousKeySecret)
	}
	return payment.NewSignatureVerifier(c.KeySecret)
}

// isKeyID reports whether s has the shape of a key's id.
func isKeyID(s string) bool {
	rest, ok := strings.CutPrefix(s, "rzp_")
	if !ok || len(s) > 64 {
		return false
	}
	mode, id, _ := strings.Cut(rest, "_")
	return (mode == "live" || mode == "test") && id != "" && alphanumeric(id)
}

// checkURL returns the address without a slash at its end, or what is wrong with it.
func checkURL(text string) (base, reason string) {
	if text == "" {
		return DefaultURL, ""
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return "", "must be an address such as " + DefaultURL
	case u.User != nil:
		return "", "must not hold a user or a password"
	case u.Scheme == "http" && !isLoopback(u.Hostname()), u.Scheme != "http" && u.Scheme != "https":
		return "", "must be https, or http to a loopback address"
	}
	return strings.TrimRight(text, "/"), ""
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// KeyID is the public half of the key, which the payment window needs.
func (c *Client) KeyID() string { return c.keyID }

// VerifyPayment implements payment.PaymentVerifier: the signature over the stored order id and the payment's, under the
// key secret, or the one before it.
func (c *Client) VerifyPayment(storedOrderID string, callback payment.Callback) error {
	return c.verifier.VerifyPayment(storedOrderID, callback)
}
