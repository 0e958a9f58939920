package fakegateway_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func plant(t *testing.T, g *fakegateway.Gateway, faults ...fakegateway.Fault) {
	t.Helper()
	if err := g.Plant(faults...); err != nil {
		t.Fatal(err)
	}
}

func decide(t *testing.T, g *fakegateway.Gateway, o payment.Order) payment.Verdict {
	t.Helper()
	payments, err := g.Payments(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	return payment.Facts{}.Fold(payments...).Decide(o)
}

func TestCaptureTwice(t *testing.T) {
	g, _ := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.CaptureTwice})
	if _, err := g.Pay(o.ID); err != nil {
		t.Fatal(err)
	}
	v := decide(t, g, o)
	if v.Outcome != payment.Duplicate || len(v.Surplus) != 1 {
		t.Fatalf("the verdict is %s with %d surplus", v.Outcome, len(v.Surplus))
	}
	_, err := g.Refund(t.Context(), payment.RefundRequest{PaymentID: v.Surplus[0].ID, Amount: v.Surplus[0].Amount, Key: "surplus-0001"})
	if err != nil {
		t.Fatal(err)
	}
	if v := decide(t, g, o); v.Outcome != payment.Paid {
		t.Errorf("after the refund the verdict is %s", v.Outcome)
	}
}

func TestAnswerShort(t *testing.T) {
	g, _ := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.AnswerShort, By: 100})
	if _, err := g.Pay(o.ID); err != nil {
		t.Fatal(err)
	}
	if v := decide(t, g, o); v.Outcome != payment.Short || v.Payment.Amount != pricing.Paise(49800) {
		t.Errorf("the verdict is %s of %v", v.Outcome, v.Payment.Amount)
	}
}

func TestAnswerShortOfAnAnswerOnly(t *testing.T) {
	g, _ := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	c, err := g.Authorize(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	plant(t, g,
		fakegateway.Fault{Op: fakegateway.OpCapture, Kind: fakegateway.AnswerShort},
		fakegateway.Fault{Op: fakegateway.OpPayments, Kind: fakegateway.AnswerShort})
	told, err := g.Capture(t.Context(), c.PaymentID, o.Amount)
	if err != nil || told.Amount != pricing.Paise(49899) {
		t.Errorf("Capture answers %v, %v", told.Amount, err)
	}
	if v := decide(t, g, o); v.Outcome != payment.Short {
		t.Errorf("the verdict is %s", v.Outcome)
	}
	if v := decide(t, g, o); v.Outcome != payment.Paid {
		t.Errorf("without a fault the verdict is %s", v.Outcome)
	}
}

func TestAuthorizeLate(t *testing.T) {
	g, clock := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.AuthorizeLate, Delay: time.Hour})
	if _, err := g.Pay(o.ID); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("the browser learns %v, want ErrRefused", err)
	}
	if v := decide(t, g, o); v.Outcome != payment.Pending || v.Payment.FailureCode == "" {
		t.Errorf("the verdict is %s of %+v", v.Outcome, v.Payment)
	}
	clock.pass(time.Hour)
	if v := decide(t, g, o); v.Outcome != payment.Authorized {
		t.Errorf("an hour later the verdict is %s", v.Outcome)
	}
}

func TestPayRefused(t *testing.T) {
	g, _ := newGateway(t, nil)
	o := newOrder(t, g, "token-1")
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.Refuse})
	if _, err := g.Pay(o.ID); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("Pay: %v", err)
	}
	wantStatuses(t, g, o.ID, payment.StatusFailed)
}

func TestDuplicateOrder(t *testing.T) {
	g, _ := newGateway(t, nil)
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.DuplicateOrder})
	answered := newOrder(t, g, "token-1")
	orders := g.Orders("token-1")
	if len(orders) != 2 || orders[0].ID == orders[1].ID || answered.ID != orders[1].ID {
		t.Errorf("answered %s of %v", answered.ID, orders)
	}
}

func TestSkipAndTimes(t *testing.T) {
	g, _ := newGateway(t, nil)
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpFindOrder, Kind: fakegateway.Unavailable, Skip: 2, Times: 2})
	newOrder(t, g, "token-1")
	var outcomes []bool
	for range 5 {
		_, err := g.FindOrder(t.Context(), "token-1")
		outcomes = append(outcomes, err == nil)
		if len(outcomes) == 3 && len(g.Planted()) != 1 {
			t.Errorf("a fault that is due once more is not Planted: %v", g.Planted())
		}
	}
	for i, want := range []bool{true, true, false, false, true} {
		if outcomes[i] != want {
			t.Errorf("call %d went well: %v, want %v", i, outcomes[i], want)
		}
	}
	if len(g.Planted()) != 0 || g.Calls(fakegateway.OpFindOrder) != 5 || g.Calls(fakegateway.OpCreateOrder) != 1 {
		t.Errorf("%v planted; %d and %d calls", g.Planted(), g.Calls(fakegateway.OpFindOrder), g.Calls(fakegateway.OpCreateOrder))
	}
}

func TestPlantRefusesWhatDoesNotFit(t *testing.T) {
	g, _ := newGateway(t, nil)
	for _, f := range []fakegateway.Fault{
		{Op: fakegateway.OpCapture, Kind: fakegateway.CaptureTwice},
		{Op: fakegateway.OpPay, Kind: fakegateway.LoseReply},
		{Op: fakegateway.OpPayments, Kind: fakegateway.DuplicateOrder},
		{Op: fakegateway.OpRefund, Kind: fakegateway.AnswerShort},
		{Op: "shutdown", Kind: fakegateway.Refuse},
		{Op: fakegateway.OpPay, Kind: "explode"},
		{},
	} {
		good := fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.Refuse}
		if err := g.Plant(good, f); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%+v: %v, want ErrInvalid", f, err)
		}
	}
	if got := g.Planted(); len(got) != 0 {
		t.Errorf("planted all the same: %v", got)
	}
}

func TestSlowAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _ := newGateway(t, func(c *fakegateway.Config) { c.Now = time.Now })
		request := payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(49900)}
		slow := fakegateway.Fault{Op: fakegateway.OpCreateOrder, Kind: fakegateway.Slow, Delay: time.Minute, Times: 2}
		plant(t, g, slow)

		start := time.Now()
		if _, err := g.CreateOrder(t.Context(), request); err != nil || time.Since(start) != time.Minute {
			t.Errorf("answered after %v: %v", time.Since(start), err)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start = time.Now()
		_, err := g.CreateOrder(ctx, request)
		if !errors.Is(err, payment.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("gave up after %v: %v, want ErrUnknown after a second", time.Since(start), err)
		}
		if got := len(g.Orders("token-1")); got != 2 {
			t.Errorf("%d orders were made, want both", got)
		}
	})
}

// A gateway that waits for one caller serves the others.
func TestSlowAnswerHoldsUpNobodyElse(t *testing.T) {
	release := make(chan struct{})
	waiting := make(chan struct{})
	g, _ := newGateway(t, func(c *fakegateway.Config) {
		c.Wait = func(context.Context, time.Duration) error {
			close(waiting)
			<-release
			return nil
		}
	})
	plant(t, g, fakegateway.Fault{Op: fakegateway.OpFindOrder, Kind: fakegateway.Slow, Delay: time.Hour})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = g.FindOrder(context.Background(), "token-1")
	}()
	<-waiting
	newOrder(t, g, "token-1")
	close(release)
	<-done
}

// Whatever many customers and shops do at once: one capture per order, and no refund above it.
func TestManyAtOnce(t *testing.T) {
	g, _ := newGateway(t, nil)
	const orders, each = 8, 4
	var captured atomic.Int64
	var wg sync.WaitGroup
	for i := range orders {
		o := newOrder(t, g, "token-"+string(rune('a'+i)))
		for range each {
			wg.Go(func() {
				if c, err := g.Authorize(o.ID); err == nil {
					captured.Add(1)
					if _, err := g.Capture(context.Background(), c.PaymentID, o.Amount); err != nil {
						t.Error(err)
					}
				}
				_, _ = g.FindOrder(context.Background(), o.Receipt)
				_, _ = g.Payments(context.Background(), o.ID)
				_, _ = g.Fail(o.ID)
				g.Planted()
			})
		}
	}
	wg.Wait()
	if captured.Load() != orders {
		t.Errorf("%d payments were captured on %d orders", captured.Load(), orders)
	}
}
