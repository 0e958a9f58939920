package checkout_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// slowly plants answers of the gateway that take a second each.
func (s *shop) slowly(kind fakegateway.Kind) {
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPayments, Kind: kind, Delay: time.Second, Times: 1000}))
}

// together runs call n times at once and returns what each ended with.
func together(n int, call func() error) []error {
	var wg sync.WaitGroup
	ends := make([]error, n)
	for i := range ends {
		wg.Go(func() { ends[i] = call() })
	}
	wg.Wait()
	return ends
}

// TestACallbackReplayedAtOnce sends one genuine callback a hundred times at the same moment.
func TestACallbackReplayedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		r := s.placed("asha", mug, 1)
		callback, err := s.gateway.Pay(r.Gateway.ID)
		s.check(err)
		s.slowly(fakegateway.Slow)
		before := s.gateway.Calls(fakegateway.OpPayments)
		for _, err := range together(100, func() error {
			_, err := s.ConfirmPayment(t.Context(), "asha", r.ID, callback)
			return err
		}) {
			s.check(err)
		}
		if asked := s.gateway.Calls(fakegateway.OpPayments) - before; asked > 2 {
			t.Errorf("the gateway was asked %d times", asked)
		}
		s.pass(time.Hour)
		if n := s.effective(s.load(r.ID).Token); n != 1 {
			t.Errorf("%d orders took effect", n)
		}
	})
}

// TestNoCallerGetsAnAnswerOlderThanItself has the customer pay while the gateway's answer to an earlier question travels.
func TestNoCallerGetsAnAnswerOlderThanItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		r := s.placed("asha", mug, 1)
		s.slowly(fakegateway.Slow)
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = s.Recheck(t.Context(), r.ID) })
		synctest.Wait() // the first question has been answered, and its answer is on the way
		callback, err := s.gateway.Pay(r.Gateway.ID)
		s.check(err)
		paid, err := s.ConfirmPayment(t.Context(), "asha", r.ID, callback)
		s.check(err)
		if status := paid.Status(); status == checkout.StatusPendingPayment {
			t.Errorf("the customer has paid and is told %s", status)
		}
		wg.Wait()
	})
}

// TestWhoGivesUpAnswersForNobodyElse cancels the caller whose question others wait for.
func TestWhoGivesUpAnswersForNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		r := s.placed("asha", mug, 1)
		s.slowly(fakegateway.Slow)
		var wg sync.WaitGroup
		ask := func(ctx context.Context, want error) {
			wg.Go(func() {
				if _, err := s.Recheck(ctx, r.ID); !errors.Is(err, want) {
					t.Errorf("ended with %v, want %v", err, want)
				}
			})
			synctest.Wait()
		}
		impatient, cancel := context.WithCancel(t.Context())
		ask(t.Context(), nil)
		ask(impatient, context.Canceled) // asks next, for itself and for the third
		ask(t.Context(), nil)
		time.Sleep(1500 * time.Millisecond) // in the bubble: until the second asks
		cancel()
		wg.Wait()
	})
}

// TestAGatewayThatIsAwayIsAskedTwice does not let a hundred callers wait for a hundred timeouts.
func TestAGatewayThatIsAwayIsAskedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		r := s.placed("asha", mug, 1)
		s.slowly(fakegateway.Unavailable)
		start, before := time.Now(), s.gateway.Calls(fakegateway.OpPayments)
		for _, err := range together(100, func() error { _, err := s.Recheck(t.Context(), r.ID); return err }) {
			if !errors.Is(err, payment.ErrUnavailable) {
				t.Errorf("ended with %v", err)
			}
		}
		if asked, took := s.gateway.Calls(fakegateway.OpPayments)-before, time.Since(start); asked > 2 || took > 2*time.Second {
			t.Errorf("asked %d times, for %s", asked, took)
		}
	})
}
