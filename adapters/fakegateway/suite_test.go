package fakegateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/payment/paymenttest"
)

const keySecret = "EnLs21M47BllR3X8PSFtjtbd"

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newGateway is a gateway at noon; change may be nil.
func newGateway(t testing.TB, change func(c *fakegateway.Config)) (*fakegateway.Gateway, *clock) {
	t.Helper()
	clk := &clock{now: noon}
	config := fakegateway.Config{KeySecret: payment.NewSecret(keySecret), Now: clk.Now}
	if change != nil {
		change(&config)
	}
	g, err := fakegateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return g, clk
}

// hands is the customer and the mishaps of the suite.
type hands struct {
	gateway *fakegateway.Gateway
	clock   *clock
}

func (h hands) Authorize(t *testing.T, orderID string) payment.Callback {
	t.Helper()
	c, err := h.gateway.Authorize(orderID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (h hands) Fail(t *testing.T, orderID string) string {
	t.Helper()
	p, err := h.gateway.Fail(orderID)
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func (h hands) PayLate(t *testing.T, orderID string, after time.Duration) string {
	t.Helper()
	p, err := h.gateway.PayLate(orderID, after)
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func (h hands) Pass(_ *testing.T, d time.Duration) { h.clock.pass(d) }

func (h hands) Plant(t *testing.T, call paymenttest.Call, fault paymenttest.Fault) {
	t.Helper()
	f := fakegateway.Fault{Op: fakegateway.Op(call), Kind: fakegateway.Kind(fault)}
	if fault == paymenttest.Hang {
		f.Kind, f.Delay = fakegateway.Slow, 24*time.Hour
	}
	if err := h.gateway.Plant(f); err != nil {
		t.Fatal(err)
	}
}

func sign(message string) string {
	mac := hmac.New(sha256.New, []byte(keySecret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func harness(t *testing.T, change func(c *fakegateway.Config)) paymenttest.Harness {
	t.Helper()
	g, clock := newGateway(t, change)
	h := hands{g, clock}
	return paymenttest.Harness{Gateway: g, Verifier: g, Customer: h, Faults: h, Sign: sign}
}

func TestGatewayKeepsTheContract(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness { return harness(t, nil) })
}

func TestGatewayWithUniqueReceiptsKeepsTheContract(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness {
		h := harness(t, func(c *fakegateway.Config) { c.UniqueReceipt = true })
		h.UniqueReceipts = true
		return h
	})
}
