package fakegateway

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/ankkor/ankkor/internal/mishap"
	"github.com/ankkor/ankkor/payment"
)

var (
	_ payment.Gateway         = (*Gateway)(nil)
	_ payment.Refunder        = (*Gateway)(nil)
	_ payment.PaymentVerifier = (*Gateway)(nil)
)

// Config says what kind of gateway to pretend to be. Only KeySecret is required.
type Config struct {
	KeySecret payment.Secret // signs callbacks; at least payment.MinSecret bytes

	// Now is the gateway's clock; time.Now when nil. It is called with no lock of the caller's assumed and may be called
	// from any goroutine.
	Now func() time.Time
	// Wait passes the time of a slow answer; nil waits for real. It returns ctx.Err() when ctx ends first.
	Wait func(ctx context.Context, d time.Duration) error
	// Rand makes ids; crypto/rand when nil.
	Rand io.Reader

	// AutoRefundAfter voids an authorisation that was not captured for so long. Zero never does. Razorpay's is 3 to 5 days.
	AutoRefundAfter time.Duration
	// UniqueReceipt answers a repeated CreateOrder with the order made before, when the amount is the same, and refuses
	// it when it is not.
	UniqueReceipt bool
}

// Gateway is the whole gateway: its orders live as long as it does. Safe for concurrent use.
type Gateway struct {
	config   Config
	signer   *payment.Signer
	verifier *payment.SignatureVerifier

	mu       sync.Mutex // guards all below
	orders   map[string]*order
	receipts map[string][]*order // oldest first
	payments map[string]*attempt
	faults   *mishap.Queue[Op, Fault]
}

// New makes a gateway without orders. A missing or short KeySecret is a *payment.InvalidError.
func New(c Config) (*Gateway, error) {
	signer, err := payment.NewSigner(c.KeySecret)
	if err != nil {
		return nil, fmt.Errorf("fakegateway: Config.KeySecret: %w", err)
	}
	verifier, err := payment.NewSignatureVerifier(c.KeySecret)
	if err != nil {
		return nil, fmt.Errorf("fakegateway: Config.KeySecret: %w", err)
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
	return &Gateway{
		config: c, signer: signer, verifier: verifier,
		orders: map[string]*order{}, receipts: map[string][]*order{}, payments: map[string]*attempt{}, faults: newFaults(),
	}, nil
}

// VerifyPayment implements payment.PaymentVerifier.
func (g *Gateway) VerifyPayment(storedOrderID string, c payment.Callback) error {
	return g.verifier.VerifyPayment(storedOrderID, c)
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

// newID makes an id of Razorpay's shape.
func (g *Gateway) newID(prefix string) (string, error) {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var random [14]byte
	if _, err := io.ReadFull(g.config.Rand, random[:]); err != nil {
		return "", err
	}
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	return prefix + string(random[:]), nil
}
