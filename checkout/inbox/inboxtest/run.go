package inboxtest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout/inbox"
)

// Harness is an empty inbox under test.
type Harness struct {
	Inbox inbox.Inbox
	// Advance moves the inbox's own clock on. Without it the promises about leases
	// and waiting are skipped.
	Advance func(time.Duration)
}

// Run checks every promise of [inbox.Inbox], and of [inbox.DeadLetters] where it
// is offered, each against a fresh inbox.
func Run(t *testing.T, newHarness func(tb testing.TB) Harness) {
	for _, p := range slices.Concat(storing(), claiming(), finishing(), burying()) {
		t.Run(p.text, func(t *testing.T) {
			h := newHarness(t)
			if h.Inbox == nil {
				t.Fatal("the harness has no Inbox")
			}
			if p.needsClock && h.Advance == nil {
				t.Skip("the harness cannot advance the inbox's clock")
			}
			p.check(&box{T: t, Harness: h})
		})
	}
}

// promise is one sentence of the contract, and the check that it holds.
type promise struct {
	text       string
	needsClock bool
	check      func(b *box)
}

// box is the inbox under test, in the test of one promise.
type box struct {
	*testing.T
	Harness
}

const (
	source = "shop"
	lease  = time.Minute
)

var received = time.Date(2026, 11, 8, 18, 29, 0, 0, time.UTC)

// message is a message with this key.
func message(key string) inbox.Message {
	return inbox.Message{Source: source, Key: key, Topic: "product.updated", Body: []byte(`{"id":` + key + `}`), ReceivedAt: received}
}

// put stores a message, which has to work.
func (b *box) put(m inbox.Message) (fresh bool) {
	b.Helper()
	fresh, err := b.Inbox.Put(b.Context(), m)
	if err != nil {
		b.Fatalf("Put: %v", err)
	}
	return fresh
}

// claim takes messages, which has to work.
func (b *box) claim(limit int) []inbox.Claim {
	b.Helper()
	claims, err := b.Inbox.Claim(b.Context(), source, limit, lease)
	if err != nil {
		b.Fatalf("Claim: %v", err)
	}
	return claims
}

// one takes the only message there is to take.
func (b *box) one() inbox.Claim {
	b.Helper()
	claims := b.claim(10)
	if len(claims) != 1 {
		b.Fatalf("%d messages were claimed, want one", len(claims))
	}
	return claims[0]
}

// none expects that nothing can be claimed.
func (b *box) none(when string) {
	b.Helper()
	if claims := b.claim(10); len(claims) != 0 {
		b.Errorf("%s %d messages were claimed, want none", when, len(claims))
	}
}

func (b *box) finish(c inbox.Claim, how inbox.Outcome) {
	b.Helper()
	if err := b.Inbox.Finish(b.Context(), c, how); err != nil {
		b.Fatalf("Finish: %v", err)
	}
}

// same compares messages; moments are compared to the microsecond, which is what
// databases keep.
func (b *box) same(what string, want, got inbox.Message) {
	b.Helper()
	moment := cmp.Comparer(func(x, y time.Time) bool { return x.Sub(y).Abs() < time.Microsecond })
	if diff := cmp.Diff(want, got, moment); diff != "" {
		b.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (b *box) is(what string, err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Errorf("%s: %v, want an error that wraps %v", what, err, want)
	}
}
