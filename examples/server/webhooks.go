package main

import (
	"context"
	"net/http"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/woo/webhook"
)

// webhooks is how the shop hears of things early. Each is stored before it is acknowledged, and acted on later; whatever
// is lost is found by asking. A receiver is nil where there is no secret for it.
type webhooks struct {
	razorpay, woo        http.Handler
	payments, storeEdits *inbox.Dispatcher
}

const (
	razorpayPath = "/webhooks/razorpay"
	wooPath      = "/webhooks/woocommerce"
)

func (s *shop) openWebhooks(context.Context) (err error) {
	box := s.store.Inbox()
	if secrets := s.config.razorpay.webhooks; len(secrets) > 0 {
		if s.hooks.razorpay, err = razorpay.NewReceiver(razorpay.ReceiverConfig{Secrets: secrets, Inbox: box, Log: s.log}); err != nil {
			return err
		}
		s.hooks.payments, err = razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: box, Log: s.log}, razorpay.Recheck(s.checkout))
		if err != nil {
			return err
		}
	}
	if secrets := s.config.woo.webhooks; len(secrets) > 0 {
		if s.hooks.woo, err = webhook.NewReceiver(webhook.Config{Secrets: secrets, Inbox: box, Log: s.log}); err != nil {
			return err
		}
		s.hooks.storeEdits, err = webhook.NewDispatcher(inbox.DispatcherConfig{Inbox: box, Log: s.log}, s.edited)
	}
	return err
}

// edited reads again what the store says has changed.
func (s *shop) edited(ctx context.Context, c webhook.Change) error {
	switch c.Resource {
	case webhook.Product:
		return s.stock.inStep.Changed(ctx, reconcile.Products, c.ID, 0)
	case webhook.Variation:
		return s.stock.inStep.Changed(ctx, reconcile.Variations, c.ID, c.ParentID)
	case webhook.Order:
		return s.stock.inStep.Changed(ctx, reconcile.Orders, c.ID, 0) // which tells the checkout
	}
	return nil // coupons and customers are read when they are needed
}

// keepHooks sees to it that the store's webhooks are there and active: it switches them off after seven failures, and
// tells nobody. It runs until ctx is done.
func (s *shop) keepHooks(ctx context.Context) error {
	if s.hooks.woo == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	wanted := webhook.Wanted{URL: s.config.publicURL + wooPath, Secret: s.config.woo.webhooks[0]}
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		if findings, err := webhook.Ensure(ctx, s.woo, wanted); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the store's webhooks could not be looked at", "error", err)
		} else {
			for _, f := range findings {
				if f.State != webhook.Alive {
					s.log.InfoContext(ctx, "the store's webhook", "topic", f.Topic, "was", f.State, "mended", f.Done)
				}
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-hourly.C:
		}
	}
}
