package fakegateway_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func newOrder(t *testing.T, g *fakegateway.Gateway, receipt string) payment.Order {
	t.Helper()
	o, err := g.CreateOrder(t.Context(), payment.OrderRequest{Receipt: receipt, Amount: pricing.Paise(49900)})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// statuses is what the gateway tells of an order's payments, oldest first.
func statuses(t *testing.T, g *fakegateway.Gateway, orderID string) []payment.Status {
	t.Helper()
	payments, err := g.Payments(t.Context(), orderID)
	if err != nil {
		t.Fatal(err)
	}
	var statuses []payment.Status
	for _, p := range payments {
		statuses = append(statuses, p.Status)
	}
	return statuses
}

func wantStatuses(t *testing.T, g *fakegateway.Gateway, orderID string, want ...payment.Status) {
	t.Helper()
	got := statuses(t, g, orderID)
	if len(got) != len(want) {
		t.Errorf("the payments are %v, want %v", got, want)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("the payments are %v, want %v", got, want)
		}
	}
}

func TestPayCaptures(t *testing.T) {
	g, _ := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	c, err := g.Pay(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.VerifyPayment(o.ID, c); err != nil {
		t.Errorf("VerifyPayment: %v", err)
	}
	if want := sign(o.ID + "|" + c.PaymentID); c.Signature != want {
		t.Errorf("signed %s, want %s", c.Signature, want)
	}
	wantStatuses(t, g, o.ID, payment.StatusCaptured)
	if got := g.Orders("token-1")[0].Status; got != payment.OrderPaid {
		t.Errorf("the order is %s", got)
	}
}

func TestIDsHaveTheShapeOfRazorpays(t *testing.T) {
	g, _ := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	c, err := g.Pay(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Refund(t.Context(), payment.RefundRequest{PaymentID: c.PaymentID, Amount: pricing.Paise(1), Key: "refund-0001"})
	if err != nil {
		t.Fatal(err)
	}
	for prefix, id := range map[string]string{"order": o.ID, "pay": c.PaymentID, "rfnd": r.ID} {
		if !regexp.MustCompile(`^` + prefix + `_[A-Za-z0-9]{14}$`).MatchString(id) {
			t.Errorf("the id %q is not like Razorpay's", id)
		}
	}
}

func TestCustomerIsRefused(t *testing.T) {
	g, _ := newGateway(t, nil)
	paid, authorized := newOrder(t, g, "token-1"), newOrder(t, g, "token-2")
	if _, err := g.Pay(paid.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Authorize(authorized.ID); err != nil {
		t.Fatal(err)
	}
	ways := map[string]func(string) error{
		"Pay":       func(id string) error { _, err := g.Pay(id); return err },
		"Authorize": func(id string) error { _, err := g.Authorize(id); return err },
		"Fail":      func(id string) error { _, err := g.Fail(id); return err },
		"PayLate":   func(id string) error { _, err := g.PayLate(id, time.Hour); return err },
	}
	for name, pay := range ways {
		if err := pay(paid.ID); !errors.Is(err, payment.ErrRefused) {
			t.Errorf("%s on a paid order: %v", name, err)
		}
		if err := pay(authorized.ID); !errors.Is(err, payment.ErrRefused) {
			t.Errorf("%s beside an authorised payment: %v", name, err)
		}
		if err := pay("order_00000000000000"); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%s on an unknown order: %v", name, err)
		}
	}
	wantStatuses(t, g, paid.ID, payment.StatusCaptured)
	wantStatuses(t, g, authorized.ID, payment.StatusAuthorized)
}

func TestLatePaymentOnAPaidOrderIsVoided(t *testing.T) {
	g, clock := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	if _, err := g.PayLate(o.ID, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Pay(o.ID); err != nil {
		t.Fatal(err)
	}
	clock.pass(59 * time.Minute)
	wantStatuses(t, g, o.ID, payment.StatusFailed, payment.StatusCaptured)
	clock.pass(time.Minute)
	wantStatuses(t, g, o.ID, payment.StatusVoided, payment.StatusCaptured)
}

func TestTwoLatePaymentsOfWhichOneIsCaptured(t *testing.T) {
	g, clock := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	first, _ := g.PayLate(o.ID, time.Hour)
	second, _ := g.PayLate(o.ID, time.Hour)
	clock.pass(time.Hour)
	wantStatuses(t, g, o.ID, payment.StatusAuthorized, payment.StatusAuthorized)
	if _, err := g.Capture(t.Context(), second.ID, o.Amount); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Capture(t.Context(), first.ID, o.Amount); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("capturing a second payment of one order: %v", err)
	}
}

func TestAuthorisationsLapse(t *testing.T) {
	g, clock := newGateway(t, func(c *fakegateway.Config) { c.AutoRefundAfter = 72 * time.Hour })
	o := newOrder(t, g, "token-1")
	c, err := g.Authorize(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	clock.pass(72*time.Hour - time.Second)
	wantStatuses(t, g, o.ID, payment.StatusAuthorized)
	clock.pass(time.Second)
	wantStatuses(t, g, o.ID, payment.StatusVoided)
	if _, err := g.Capture(t.Context(), c.PaymentID, o.Amount); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("capturing a lapsed authorisation: %v", err)
	}
	if _, err := g.Pay(o.ID); err != nil {
		t.Errorf("the order takes no other payment: %v", err)
	}
}

// A late authorisation lapses so long after it was given, not after it was tried.
func TestLateAuthorisationsLapseLater(t *testing.T) {
	g, clock := newGateway(t, func(c *fakegateway.Config) { c.AutoRefundAfter = time.Hour })
	o := newOrder(t, g, "token-1")
	if _, err := g.PayLate(o.ID, 10*time.Hour); err != nil {
		t.Fatal(err)
	}
	clock.pass(10*time.Hour + 30*time.Minute)
	wantStatuses(t, g, o.ID, payment.StatusAuthorized)
	clock.pass(time.Hour)
	wantStatuses(t, g, o.ID, payment.StatusVoided)
}

func TestSmallestAmount(t *testing.T) {
	g, _ := newGateway(t, nil)
	for paise, accepted := range map[int64]bool{99: false, 100: true} {
		_, err := g.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(paise)})
		if (err == nil) != accepted || err != nil && !errors.Is(err, payment.ErrRefused) {
			t.Errorf("%d paise: %v", paise, err)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, key := range []string{"", "short"} {
		if _, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret(key)}); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("a key of %d bytes: %v", len(key), err)
		}
	}
	g, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret(keySecret)})
	if err != nil {
		t.Fatal(err)
	}
	if o := newOrder(t, g, "token-1"); time.Since(o.CreatedAt) > time.Minute {
		t.Errorf("without a clock the order is of %v", o.CreatedAt)
	}
}

type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestWithoutRandomnessNothingIsMade(t *testing.T) {
	g, _ := newGateway(t, func(c *fakegateway.Config) { c.Rand = noRandom{} })
	_, err := g.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(100)})
	if !errors.Is(err, payment.ErrUnavailable) || len(g.Orders("token-1")) != 0 {
		t.Errorf("CreateOrder without randomness: %v, %v", err, g.Orders("token-1"))
	}
}
