package simulate_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// gatewayPort is the payment gateway's API. What is read may be what was true a moment ago.
type gatewayPort struct {
	w *world
	*fakegateway.Gateway
}

func (p gatewayPort) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	return touch(ctx, p.w, "create gateway order", may{failures: money, late: true, twice: true}, func(ctx context.Context) (payment.Order, error) {
		p.w.watch.asked(ctx, r.Receipt, checkout.EffectCreateGatewayOrder)
		return p.Gateway.CreateOrder(ctx, r)
	})
}

func (p gatewayPort) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	return touch(ctx, p.w, "find gateway order", may{failures: looking}, func(ctx context.Context) (payment.Order, error) {
		return p.Gateway.FindOrder(ctx, receipt)
	})
}

func (p gatewayPort) Payments(ctx context.Context, orderID string) ([]payment.Payment, error) {
	p.w.sleep(ctx, 0) // a task that waited for another one's look goes on beside it until here
	var old []payment.Payment
	stale := p.w.faults > 0 && p.w.chance(3)
	if stale {
		old, _ = p.Gateway.Payments(ctx, orderID)
	}
	return touch(ctx, p.w, "read payments", may{failures: looking}, func(ctx context.Context) ([]payment.Payment, error) {
		if stale {
			return old, nil
		}
		return p.Gateway.Payments(ctx, orderID)
	})
}

func (p gatewayPort) Capture(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
	return touch(ctx, p.w, "capture", may{failures: money, late: true, twice: true}, func(ctx context.Context) (payment.Payment, error) {
		p.w.watch.captures(ctx, id, amount)
		done, err := p.Gateway.Capture(ctx, id, amount)
		if err == nil {
			p.w.news(done.OrderID, "payment.captured")
		}
		return done, err
	})
}

func (p gatewayPort) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	return touch(ctx, p.w, "refund", may{failures: money, late: true, twice: true}, func(ctx context.Context) (payment.Refund, error) {
		p.w.watch.refunds(ctx, r)
		done, err := p.Gateway.Refund(ctx, r)
		if err == nil && wholeRefund(r.Key) {
			p.w.watch.done(r.PaymentID)
		}
		return done, err
	})
}

func (p gatewayPort) FindRefund(ctx context.Context, paymentID, key string) (payment.Refund, error) {
	return touch(ctx, p.w, "find refund", may{failures: looking}, func(ctx context.Context) (payment.Refund, error) {
		return p.Gateway.FindRefund(ctx, paymentID, key)
	})
}

// news sends a webhook about a gateway order: lost, late, repeated, out of order while there
// are faults, and else once, within two seconds.
func (w *world) news(orderID, topic string) {
	copies, latest := 1, 2*time.Second
	if !w.healed && w.faults > 0 {
		copies, latest = draw(w.scheduler, 0, 1, 1, 2, 3), draw(w.scheduler, 2*time.Second, 5*time.Minute)
	}
	body := fmt.Sprintf("%s %s %d", topic, orderID, w.steps)
	for range copies {
		w.start("webhook", nil, w.within(latest), func(ctx context.Context) { w.deliver(ctx, orderID, topic, body) })
	}
}

// deliver hands a webhook to a process, a few times until one says that it has stored it.
func (w *world) deliver(ctx context.Context, orderID, topic, body string) {
	for range 8 {
		err := w.ask(ctx, "webhook "+topic, func(ctx context.Context, _ *checkout.Service) error {
			m := inbox.Message{Source: "gateway", Key: body, Topic: topic, Body: []byte(orderID), ReceivedAt: w.now()}
			_, err := inboxPort{w}.Put(ctx, m)
			return err
		})
		if err == nil {
			w.hurry("webhooks", w.now())
			return
		}
		w.sleep(ctx, w.within(30*time.Second))
	}
}

// dispatcher acts on webhooks for a process: it reads the truth again.
func (w *world) dispatcher(p *process) *inbox.Dispatcher {
	d, err := inbox.NewDispatcher(inbox.DispatcherConfig{
		Inbox: inboxPort{w}, Source: "gateway", Batch: 5, MaxAttempts: 1000, Log: quiet,
		Handle: func(ctx context.Context, m inbox.Message) error {
			orderID := string(m.Body)
			w.sleep(ctx, 0)
			done := w.busy(orderID)
			_, err := p.shop.RecheckGatewayOrder(ctx, orderID)
			w.sleep(ctx, 0)
			done()
			return err
		},
	})
	if err != nil {
		panic(err)
	}
	return d
}

// busy notes that a webhook about an order is being acted on.
func (w *world) busy(orderID string) (done func()) {
	w.acting[orderID]++
	w.rare.sawIf(w.acting[orderID] > 1, "two webhooks of one payment are acted on at once")
	return func() { w.acting[orderID]-- }
}

// wholeRefund reports whether a refund key is that of money no order came of.
func wholeRefund(key string) bool { return !strings.HasPrefix(key, "ankkor-part-") }

// giveAway refunds what was paid, for nobody.
func (w *world) giveAway(paymentID string, all pricing.Money) {
	_, _ = w.gateway.Refund(context.Background(), payment.RefundRequest{PaymentID: paymentID, Amount: all, Key: "nobody-asked"})
}
