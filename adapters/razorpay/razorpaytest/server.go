package razorpaytest

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/ankkor/ankkor/internal/mishap"
)

// Config says what account to pretend to be. KeyID and KeySecret are required.
type Config struct {
	KeyID     string
	KeySecret string

	// AutoCapture is the account's setting for orders that bring none of their own: captured at once, or left to the
	// shop.
	AutoCapture bool
	// ManualExpiry is how long an authorised payment waits for its capture before the money goes back; 0 means five days.
	ManualExpiry time.Duration

	// Now is Razorpay's clock; nil means time.Now. Razorpay tells whole seconds.
	Now func() time.Time
	// Wait passes the time of a slow answer; nil waits for real. It returns ctx.Err() when ctx ends first.
	Wait func(ctx context.Context, d time.Duration) error
	// Rand makes ids; nil means crypto/rand. It is read under a lock.
	Rand io.Reader
}

// Server is a whole Razorpay with one account; what it knows lives as long as it does. Safe for concurrent use.
type Server struct {
	config Config
	routes *http.ServeMux

	mu       sync.Mutex // guards all below
	orders   map[string]*order
	sequence []*order // oldest first
	payments map[string]*payment
	keys     map[string]keyed // by X-Refund-Idempotency
	faults   *mishap.Queue[Op, Fault]
	hooks    []*hook
	events   []Event
	queue    []*delivery
}

// New makes an account without orders.
func New(c Config) (*Server, error) {
	if c.KeyID == "" || c.KeySecret == "" {
		return nil, errors.New("razorpaytest: Config.KeyID and Config.KeySecret are required")
	}
	if c.ManualExpiry == 0 {
		c.ManualExpiry = 5 * 24 * time.Hour
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == nil {
		c.Wait = wait
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	s := &Server{
		config: c, orders: map[string]*order{}, payments: map[string]*payment{}, keys: map[string]keyed{}, faults: newFaults(),
	}
	s.routes = s.newRoutes()
	return s, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ServeHTTP is api.razorpay.com.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

// endpoints is every address of the API that exists here.
func (s *Server) endpoints() map[string]endpoint {
	return map[string]endpoint{
		"POST /v1/orders":                {OpCreateOrder, s.createOrder},
		"GET /v1/orders":                 {OpFindOrder, s.listOrders},
		"GET /v1/orders/{id}":            {OpOrder, s.readOrder},
		"GET /v1/orders/{id}/payments":   {OpPayments, s.orderPayments},
		"GET /v1/payments/{id}":          {OpPayment, s.readPayment},
		"POST /v1/payments/{id}/capture": {OpCapture, s.capture},
		"POST /v1/payments/{id}/refund":  {OpRefund, s.refund},
		"GET /v1/payments/{id}/refunds":  {OpFindRefund, s.listRefunds},
		"GET /v1/refunds/{id}":           {OpFindRefund, s.readRefund},
	}
}

func (s *Server) newRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, e := range s.endpoints() {
		mux.Handle(pattern, s.handler(e))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(http.StatusNotFound, "The requested URL was not found on the server.", "").write(w)
	})
	return mux
}

// opOf names what a request is, as faults do.
func (s *Server) opOf(r *http.Request) Op {
	_, pattern := s.routes.Handler(r)
	return s.endpoints()[pattern].op
}

// sign is how Razorpay signs: HMAC-SHA256 in lower-case hex.
func sign(secret, message string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// Sign signs any message under the key secret, as Razorpay signs payment links and subscriptions too: to see that none of
// them passes for a payment.
func (s *Server) Sign(message string) string { return sign(s.config.KeySecret, message) }

// newID makes an id. The caller holds the lock.
func (s *Server) newID(prefix string) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var random [14]byte
	if _, err := io.ReadFull(s.config.Rand, random[:]); err != nil {
		_, _ = rand.Read(random[:]) // the given source has run dry; crypto/rand never fails
	}
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	return prefix + string(random[:])
}
