package checkout_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// recorded keeps what was published.
type recorded struct {
	mu    sync.Mutex
	kinds []string
}

func (p *recorded) Publish(_ context.Context, events ...checkout.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range events {
		p.kinds = append(p.kinds, e.Kind)
	}
	return nil
}

func (p *recorded) count(kind string) (n int) {
	for _, k := range p.kinds {
		if k == kind {
			n++
		}
	}
	return n
}

// An idle checkout is found abandoned once, however many replicas look: one event, one mail, stock free again.
func TestAbandonedOnce(t *testing.T) {
	events := &recorded{}
	s := newShop(t, func(c *checkout.Config) { c.Policy.Remind, c.Publisher = true, events })
	s.fill("guest:1", mug, 4)
	r := s.ready("guest:1", payment.MethodRazorpay)
	s.fill("guest:2", mug, 1) // left no address
	s.check(errOf(s.Start(t.Context(), checkout.StartRequest{Owner: "guest:2"})))
	s.clock.advance(61 * time.Minute)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { _, _ = s.Advance(t.Context(), r.ID) })
	}
	wg.Wait()
	s.pass(48 * time.Hour)
	for {
		if n, err := s.RelayOutbox(t.Context(), 10); n == 0 || err != nil {
			s.check(err)
			break
		}
	}
	if n := s.notices.count(checkout.NoticeAbandoned); n != 1 {
		t.Errorf("%d mails", n)
	}
	if n := events.count("checkout.abandoned"); n != 2 || events.count("checkout.cancelled") != 0 {
		t.Errorf("events %v", events.kinds)
	}
	if l := s.level(mug); l.Reserved != 0 || l.Available() != 10 {
		t.Errorf("level %+v", l)
	}
}

// Nobody is reminded who did not leave, or whose shop did not ask for it.
func TestNoReminder(t *testing.T) {
	silent := newShop(t)
	silent.fill("guest:1", mug, 1)
	silent.ready("guest:1", payment.MethodRazorpay)
	silent.pass(3 * time.Hour)
	s := newShop(t, func(c *checkout.Config) { c.Policy.Remind = true })
	s.pay(s.placed("guest:1", mug, 1))
	s.fill("guest:2", mug, 1)
	r := s.ready("guest:2", payment.MethodRazorpay)
	s.check(errOf(s.Cancel(t.Context(), "guest:2", r.ID, "")))
	s.pass(3 * time.Hour)
	if silent.notices.count(checkout.NoticeAbandoned)+s.notices.count(checkout.NoticeAbandoned) != 0 {
		t.Error("somebody was reminded")
	}
}

// A payment that failed is told once, while trying again is possible, and not at once: most shoppers try again.
func TestPaymentFailedNotice(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	for range 3 {
		s.check(errOf(s.gateway.Fail(r.Gateway.ID)))
	}
	s.check(errOf(s.Recheck(t.Context(), r.ID)))
	s.pass(time.Minute)
	if s.notices.count(checkout.NoticePaymentFailed) != 0 {
		t.Error("told while the shopper is in the window")
	}
	s.pass(20 * time.Minute)
	if n := s.notices.count(checkout.NoticePaymentFailed); n != 1 {
		t.Errorf("told %d times", n)
	}
	s.pay(r)
	s.pass(time.Hour)
	if s.notices.count(checkout.NoticePaymentFailed) != 1 || s.notices.count(checkout.NoticeOrderConfirmed) != 1 {
		t.Errorf("told %+v", s.notices.sent)
	}

	late := newShop(t)
	r = late.placed("guest:1", mug, 1)
	late.clock.advance(29 * time.Minute)
	late.check(errOf(late.gateway.Fail(r.Gateway.ID)))
	late.pass(time.Hour)
	if late.notices.count(checkout.NoticePaymentFailed) != 0 {
		t.Error("told to pay what can no longer be paid")
	}
}

func recovery(t *testing.T, s *shop, keys ...string) *checkout.Recovery {
	t.Helper()
	c := checkout.RecoveryConfig{Service: s.Service, Carts: s.carts, Now: s.clock.Now}
	for _, key := range keys {
		c.Keys = append(c.Keys, checkout.NewSecret(key))
	}
	rec, err := checkout.NewRecovery(c)
	s.check(err)
	return rec
}

const (
	oldKey = "0123456789abcdef0123456789abcdef"
	newKey = "fedcba9876543210fedcba9876543210"
)

// abandoned is a checkout that was left, and its shopper's cart emptied.
func (s *shop) abandoned(owner cart.Owner) checkout.Record {
	s.t.Helper()
	s.fill(owner, mug, 2)
	s.fill(owner, sari, 1)
	r := s.ready(owner, payment.MethodRazorpay)
	s.pass(2 * time.Hour)
	s.check(errOf(s.carts.Clear(s.t.Context(), owner)))
	return s.load(r.ID)
}

// The link brings the cart back, once, to whoever follows it, and nothing else.
func TestRecovery(t *testing.T) {
	s := newShop(t)
	r := s.abandoned("guest:1")
	token := recovery(t, s, oldKey).Token(r)
	if token == "" || token != recovery(t, s, oldKey).Token(s.load(r.ID)) || strings.Contains(token, "asha") {
		t.Fatalf("token %q", token)
	}
	rec := recovery(t, s, newKey, oldKey) // the key was replaced meanwhile
	for _, owner := range []cart.Owner{"guest:1", "guest:1", "guest:another-device"} {
		view, err := rec.Restore(t.Context(), owner, token)
		s.check(err)
		if view.Cart.Pieces() != 3 || len(view.Lines) != 2 || view.Cart.Owner != owner {
			t.Errorf("%s: %d pieces", owner, view.Cart.Pieces())
		}
	}
	s.check(errOf(s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})))

	s.fill("guest:3", mug, 5)
	s.catalog.SetStatus(sari.Ref, cart.StatusGone)
	view, err := rec.Restore(t.Context(), "guest:3", token)
	s.check(err)
	if view.Cart.Pieces() != 5 {
		t.Errorf("a cart with five mugs has %d pieces", view.Cart.Pieces())
	}
}

func TestRecoveryRefuses(t *testing.T) {
	s := newShop(t)
	r := s.abandoned("guest:1")
	rec := recovery(t, s, newKey)
	token := rec.Token(r)
	body, signature, _ := strings.Cut(token, token[strings.LastIndexByte(token, '.'):])
	placed := s.placed("guest:2", mug, 1)
	if rec.Token(placed) != "" {
		t.Error("a placed checkout has a recovery token")
	}
	for name, bad := range map[string]string{
		"nothing": "", "no signature": body, "another key's": recovery(t, s, oldKey).Token(r), "another checkout's": "chk_0" + token[5:],
		"a later end": strings.Replace(token, ".", ".z", 1), "one letter less": token[:len(token)-1], "one more": token + "A",
		"long": strings.Repeat("a", 1<<20) + signature, "dots": "..", "a NUL": "\x00" + token,
	} {
		if _, err := rec.Restore(t.Context(), "guest:9", bad); !errors.Is(err, checkout.ErrRecovery) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.clock.advance(7*24*time.Hour - 61*time.Minute)
	s.check(errOf(rec.Restore(t.Context(), "guest:8", token)))
	s.clock.advance(61 * time.Minute)
	if _, err := rec.Restore(t.Context(), "guest:9", token); !errors.Is(err, checkout.ErrRecovery) {
		t.Errorf("expired: %v", err)
	}
	if view, err := s.carts.View(t.Context(), "guest:9"); err != nil || len(view.Lines) != 0 {
		t.Errorf("guest:9 has %d lines, %v", len(view.Lines), err)
	}
	_, err := checkout.NewRecovery(checkout.RecoveryConfig{ValidFor: -1})
	_, short := checkout.NewRecovery(checkout.RecoveryConfig{Service: s.Service, Carts: s.carts, Keys: []checkout.Secret{checkout.NewSecret("short")}})
	if err == nil || short == nil || strings.Contains(short.Error(), "short") {
		t.Errorf("mistakes: %v; %v", err, short)
	}
}
