package wootest

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"time"
)

// ErrNotFound is returned for an id the store does not know.
var ErrNotFound = errors.New("wootest: not found")

// ErrInvalid is the branch of every refused input; errors.As finds *InvalidError.
var ErrInvalid = errors.New("wootest: invalid input")

// InvalidError says which input was refused and why.
type InvalidError struct{ Field, Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "wootest: " + e.Field + ": " + e.Reason }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Unwrap() error { return ErrInvalid }

// Store is a running WooCommerce stand-in. It is safe for concurrent use.
type Store struct{}

// New starts a store on loopback. The caller closes it.
func New(cfg Config) (*Store, error) { return nil, ErrInvalid }

// URL is the shop's address without a trailing slash, such as
// "http://127.0.0.1:40123". REST is under /wp-json/wc/v3.
func (s *Store) URL() string { return "" }

// GraphQLURL is the address of the GraphQL endpoint.
func (s *Store) GraphQLURL() string { return s.URL() + "/graphql" }

// ConsumerKey is the key of the first configured REST key.
func (s *Store) ConsumerKey() string { return "" }

// ConsumerSecret is the secret of the first configured REST key.
func (s *Store) ConsumerSecret() string { return "" }

// CertPool trusts the store's certificate; it is nil without Config.TLS.
func (s *Store) CertPool() *x509.CertPool { return nil }

// HTTPClient is a client with its own connections that trusts the store.
func (s *Store) HTTPClient() *http.Client { return nil }

// Faults are the store's armed faults.
func (s *Store) Faults() *Faults { return &Faults{} }

// Close stops the server and waits for running requests. It is idempotent.
func (s *Store) Close() error { return nil }

// Delivery is one webhook request that DeliverWebhooks made.
type Delivery struct {
	WebhookID  int64
	Topic      string
	ResourceID int64
	URL        string
	Header     http.Header
	Body       []byte
	Status     int   // the receiver's answer, 0 when there was none
	Err        error // why there was no answer
	At         time.Time
}

// DeliverWebhooks sends everything that is due, in the order it happened, and
// answers what it sent. As in WooCommerce each body is built now, so changes
// since the event show in it; a failed delivery is not repeated; the seventh
// failure in a row disables a webhook. Only loopback addresses are called.
// An error means ctx ended; what was not sent stays due.
func (s *Store) DeliverWebhooks(ctx context.Context) ([]Delivery, error) { return nil, nil }
