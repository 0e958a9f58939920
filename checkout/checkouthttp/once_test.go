package checkouthttp_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/checkout/replies"
	"github.com/ankkor/ankkor/payment"
)

// faultyReplies is a store of replies that may fail.
type faultyReplies struct {
	*memstore.Replies
	begin, keep error
}

func (f *faultyReplies) Begin(ctx context.Context, r replies.Request, lease time.Duration) (*replies.Reply, replies.Claim, error) {
	if f.begin != nil {
		return nil, replies.Claim{}, f.begin
	}
	return f.Replies.Begin(ctx, r, lease)
}

func (f *faultyReplies) Keep(ctx context.Context, c replies.Claim, r replies.Reply) error {
	if f.keep != nil {
		return f.keep
	}
	return f.Replies.Keep(ctx, c, r)
}

// newKeepingShop is a shop that keeps its answers.
func newKeepingShop(t testing.TB) (*shop, *faultyReplies) {
	t.Helper()
	kept := &faultyReplies{}
	s := newShop(t, func(c *checkout.Config, h *checkouthttp.Config) {
		kept.Replies = memstore.NewReplies(c.Now)
		h.Replies = kept
	})
	return s, kept
}

func (a answer) replayed() bool { return a.header.Get("Idempotent-Replayed") == "true" }

// TestACopyIsAnsweredAlike repeats a request until a month is over, while the checkout goes its way.
func TestACopyIsAnsweredAlike(t *testing.T) {
	s, _ := newKeepingShop(t)
	c := s.as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	first := c.place(v).want(http.StatusOK)
	if first.replayed() {
		t.Error("the first answer says it was given before")
	}
	c.post("/checkouts/"+v.ID+"/payment", c.callback(first.checkout())).want(http.StatusOK)
	for _, later := range []time.Duration{0, 23 * time.Hour, 2 * time.Hour, 28 * 24 * time.Hour} { // in all 29 days and an hour
		s.pass(later)
		again := c.place(v).want(http.StatusOK)
		if !bytes.Equal(first.body, again.body) || !again.replayed() {
			t.Errorf("after %v: %s\nat first: %s", later, again.body, first.body)
		}
		spaced := c.with("Idempotency-Key", "key-"+v.ID).post("/checkouts/"+v.ID+"/place", ` {"quote_hash" : "`+v.QuoteHash+`"} `)
		if !bytes.Equal(first.body, spaced.want(http.StatusOK).body) {
			t.Errorf("with spaces: %s", spaced.body)
		}
		other := v
		other.QuoteHash = "another"
		c.place(other).want(http.StatusUnprocessableEntity).problem(checkouthttp.CodeKeyReused)
	}
	s.pass(2 * 24 * time.Hour)
	late := c.place(v).want(http.StatusOK)
	if now := late.checkout(); late.replayed() || now.ID != v.ID || now.Status == checkout.StatusPendingPayment {
		t.Errorf("after 31 days: %s", late.body)
	}
	if n := len(s.orders.All()); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// TestCopiesAtOnceAreAnsweredAlike sends fifty; one is executed, all get its answer.
func TestCopiesAtOnceAreAnsweredAlike(t *testing.T) {
	s, _ := newKeepingShop(t)
	c := s.as(asha)
	v := c.ready("3", payment.MethodCOD)
	answers := make([]answer, 50)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = c.place(v) })
	}
	wg.Wait()
	given := 0
	for _, a := range answers {
		if a.want(http.StatusOK); !a.replayed() {
			given++
		}
		if !bytes.Equal(a.body, answers[0].body) {
			t.Errorf("answered %s and %s", a.body, answers[0].body)
		}
	}
	if given != 1 {
		t.Errorf("%d were executed", given)
	}
}

// TestAnErrorIsNotKept lets the price move before the first attempt: nothing is placed, and the key serves for the next.
func TestAnErrorIsNotKept(t *testing.T) {
	s, _ := newKeepingShop(t)
	c := s.as(asha)
	v := c.ready("1", payment.MethodCOD)
	s.catalog.SetPrice(mug(0).Ref, decimal.NewFromInt(599))
	changed := c.place(v).want(http.StatusConflict).problem(checkouthttp.CodeQuoteChanged)
	v.QuoteHash = changed.QuoteHash
	if again := c.place(v).want(http.StatusOK); again.replayed() {
		t.Error("an error was kept")
	}
}

func TestRepliesThatAreAway(t *testing.T) {
	s, kept := newKeepingShop(t)
	c := s.as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	before, err := s.store.All()
	s.check(err)
	kept.begin = errors.New("dial tcp: connection refused")
	c.place(v).want(http.StatusServiceUnavailable).problem(checkouthttp.CodeUnavailable)
	s.unchanged(before)
	kept.begin, kept.keep = nil, errors.New("dial tcp: connection refused")
	first := c.place(v).want(http.StatusOK) // done, and said so
	kept.keep = nil
	if again := c.place(v).want(http.StatusOK); again.checkout().ID != first.checkout().ID || again.replayed() {
		t.Errorf("then %s", again.body)
	}
}

// TestACopyDoesNotWaitForEver has the request at work somewhere that died.
func TestACopyDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, kept := newKeepingShop(t)
		c := s.as(asha)
		v := c.ready("1", payment.MethodRazorpay)
		kept.begin = replies.ErrBusy
		start := time.Now()
		a := c.place(v).want(http.StatusConflict)
		a.problem(checkouthttp.CodeKeyBusy)
		if waited := time.Since(start); a.header.Get("Retry-After") == "" || waited != 12*time.Second {
			t.Errorf("after %s, Retry-After %q", waited, a.header.Get("Retry-After"))
		}
	})
}

// killedAtWork is a store of replies whose first claim nobody lets go of: its process was killed.
type killedAtWork struct {
	*memstore.Replies
	left bool
}

func (k *killedAtWork) Drop(ctx context.Context, c replies.Claim) error {
	if !k.left {
		k.left = true
		return nil
	}
	return k.Replies.Drop(ctx, c)
}

// TestACopyOutlivesAKilledProcess lets a process die with a placement in its hands. The shopper's browser sends it again,
// to another process, and is answered within one wait.
func TestACopyOutlivesAKilledProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		killed, rules := &killedAtWork{Replies: memstore.NewReplies(time.Now)}, &panickyRules{}
		s := newShop(t, func(c *checkout.Config, h *checkouthttp.Config) {
			h.Replies = killed
			rules.Rulebook, c.Rules = c.Rules, rules
		})
		c := s.as(asha)
		v := c.ready("1", payment.MethodCOD)
		rules.panics = true
		func() {
			defer func() { _ = recover() }()
			c.place(v)
		}()
		if !killed.left {
			t.Fatal("nobody died at work")
		}
		start := time.Now()
		if again := c.place(v).want(http.StatusOK); again.replayed() {
			t.Error("an answer that was never given was kept")
		}
		if waited := time.Since(start); waited < 9*time.Second || waited > 12*time.Second {
			t.Errorf("answered after %s", waited)
		}
		if n := len(s.orders.All()); n != 1 {
			t.Errorf("%d orders", n)
		}
	})
}

// panickyRules is a rulebook that panics when told to, once.
type panickyRules struct {
	checkout.Rulebook
	panics bool
}

func (p *panickyRules) Rules(ctx context.Context) (checkout.Rules, error) {
	if p.panics {
		p.panics = false
		panic("a rulebook that panics")
	}
	return p.Rulebook.Rules(ctx)
}

// TestAPanicLetsTheKeyGo sends the copy to the same process, whose handler died the first time.
func TestAPanicLetsTheKeyGo(t *testing.T) {
	rules := &panickyRules{}
	s := newShop(t, func(c *checkout.Config, h *checkouthttp.Config) {
		h.Replies = memstore.NewReplies(c.Now)
		rules.Rulebook, c.Rules = c.Rules, rules
	})
	c := s.as(asha)
	v := c.ready("1", payment.MethodCOD)
	rules.panics = true
	func() {
		defer func() { _ = recover() }()
		c.place(v)
	}()
	if rules.panics {
		t.Fatal("nothing panicked")
	}
	c.place(v).want(http.StatusOK)
}
