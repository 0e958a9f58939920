package razorpay_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/payment/paymenttest"
)

const (
	keyID     = "rzp_test_1DP5mmOlF5G5ag"
	keySecret = "EnLs21M47BllR3X8PSFtjtbd"
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: noon} }

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

// bank is a Razorpay in the process and a client of it.
type bank struct {
	*razorpaytest.Server
	client *razorpay.Client
	clock  *clock
}

// newBank starts one; each change may alter the client's configuration.
func newBank(t testing.TB, change ...func(*razorpay.Config)) *bank {
	t.Helper()
	b := &bank{clock: newClock()}
	var err error
	b.Server, err = razorpaytest.New(razorpaytest.Config{
		KeyID: keyID, KeySecret: keySecret, Now: b.clock.Now,
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, // slow, and nobody's time is lost
	})
	if err != nil {
		t.Fatal(err)
	}
	c := razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: b.Server.Client(), Now: b.clock.Now}
	for _, f := range change {
		f(&c)
	}
	if b.client, err = razorpay.New(c); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bank) customer() customer { return customer{b} }

// customer is the person in the window, and the mishaps on the way.
type customer struct{ *bank }

func (c customer) Authorize(t *testing.T, orderID string) payment.Callback {
	t.Helper()
	callback, err := c.Server.Authorize(orderID)
	if err != nil {
		t.Fatal(err)
	}
	return payment.Callback(callback)
}

func (c customer) Fail(t *testing.T, orderID string) string {
	t.Helper()
	callback, err := c.Server.Fail(orderID)
	if err != nil {
		t.Fatal(err)
	}
	return callback.PaymentID
}

func (c customer) PayLate(t *testing.T, orderID string, after time.Duration) string {
	t.Helper()
	callback, err := c.Attempt(orderID, razorpaytest.Attempt{Fails: true, LateBy: after})
	if callback.PaymentID == "" {
		t.Fatal(err)
	}
	return callback.PaymentID
}

func (c customer) Pass(_ *testing.T, d time.Duration) { c.clock.pass(d) }

func (c customer) Plant(t *testing.T, call paymenttest.Call, fault paymenttest.Fault) {
	t.Helper()
	kind := map[paymenttest.Fault]razorpaytest.Kind{paymenttest.Unavailable: razorpaytest.Unreachable}[fault]
	if kind == "" {
		kind = razorpaytest.Kind(fault)
	}
	if err := c.Server.Plant(razorpaytest.Fault{Op: razorpaytest.Op(call), Kind: kind}); err != nil {
		t.Fatal(err)
	}
}

func (b *bank) harness() paymenttest.Harness {
	return paymenttest.Harness{
		Gateway: b.client, Verifier: b.client, Customer: b.customer(), Faults: b.customer(), Sign: b.Sign,
	}
}

func TestClientKeepsTheContract(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness { return newBank(t).harness() })
}

// TestClientKeepsTheContractOverTheNetwork holds it with connections that are really cut. That nobody listens is the one
// thing that the other end cannot do.
func TestClientKeepsTheContractOverTheNetwork(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Harness {
		var refusing refusingDials
		b := newBank(t, func(c *razorpay.Config) { c.HTTP = &http.Client{Transport: &refusing} })
		server := httptest.NewServer(b.Server)
		t.Cleanup(server.Close)
		refusing.server = b.Server
		b.client = mustClient(t, razorpay.Config{
			KeyID: keyID, KeySecret: payment.NewSecret(keySecret), URL: server.URL, HTTP: &http.Client{Transport: &refusing}, Now: b.clock.Now,
		})
		// A read on a connection that was used before is sent again by net/http when that is cut, which hides the cut.
		refusing.base = &http.Transport{DisableKeepAlives: true}
		return b.harness()
	})
}

// refusingDials sends over the network, unless the next fault is that nobody listens.
type refusingDials struct {
	server *razorpaytest.Server
	base   http.RoundTripper
}

func (d *refusingDials) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, f := range d.server.Planted() {
		if f.Kind == razorpaytest.Unreachable {
			return d.server.Client().Transport.RoundTrip(r)
		}
	}
	return d.base.RoundTrip(r)
}

func mustClient(t testing.TB, c razorpay.Config) *razorpay.Client {
	t.Helper()
	client, err := razorpay.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
