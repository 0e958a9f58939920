package repliestest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout/replies"
)

// Harness is an empty store under test.
type Harness struct {
	Store replies.Store
	// Others are further processes on the same store; nil means that there is one.
	Others []replies.Store
	// Advance moves the store's own clock on. Without it the promises about time are skipped.
	Advance func(time.Duration)
}

// Run checks every promise of [replies.Store], and of [replies.Eraser] where it is offered, each against a fresh store.
func Run(t *testing.T, newHarness func(tb testing.TB) Harness) {
	for _, p := range promises() {
		t.Run(p.text, func(t *testing.T) {
			h := newHarness(t)
			if h.Store == nil {
				t.Fatal("the harness has no Store")
			}
			if p.needsClock && h.Advance == nil {
				t.Skip("the harness cannot advance the store's clock")
			}
			p.check(&keeper{T: t, Harness: h})
		})
	}
}

// promise is one sentence of the contract, and the check that it holds.
type promise struct {
	text       string
	needsClock bool
	check      func(k *keeper)
}

// keeper is the store under test, in the test of one promise.
type keeper struct {
	*testing.T
	Harness
}

const lease = 30 * time.Second

func request() replies.Request {
	return replies.Request{Scope: "guest:asha", Key: "key-1", Fingerprint: "f00d", About: "chk_1"}
}

func reply() replies.Reply {
	return replies.Reply{Status: 200, Body: []byte("{\"total\":\"₹1,25,000.00\",\"raw\":\"\x00\xff\"}\n")}
}

// begin expects a claim.
func (k *keeper) begin(r replies.Request) replies.Claim {
	k.Helper()
	known, claim, err := k.Store.Begin(k.Context(), r, lease)
	if err != nil || known != nil {
		k.Fatalf("Begin answered %v, %v; want a claim", known, err)
	}
	return claim
}

// refused expects Begin to end with want.
func (k *keeper) refused(what string, r replies.Request, want error) {
	k.Helper()
	known, _, err := k.Store.Begin(k.Context(), r, lease)
	if !errors.Is(err, want) || known != nil {
		k.Errorf("%s: answered %v, %v; want %v", what, known, err, want)
	}
}

func (k *keeper) keep(c replies.Claim, r replies.Reply) {
	k.Helper()
	if err := k.Store.Keep(k.Context(), c, r); err != nil {
		k.Fatalf("Keep: %v", err)
	}
}

// kept expects the reply to be answered.
func (k *keeper) kept(s replies.Store, r replies.Request, want replies.Reply) {
	k.Helper()
	known, _, err := s.Begin(k.Context(), r, lease)
	if err != nil || known == nil {
		k.Fatalf("Begin answered %v, %v; want the kept reply", known, err)
	}
	if diff := cmp.Diff(want, *known); diff != "" {
		k.Errorf("the reply (-kept +answered):\n%s", diff)
	}
}
