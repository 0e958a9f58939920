package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/pincode"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// shop is everything wired together: what a host does once.
type shop struct {
	store    *wootest.Store // WooCommerce, in this process
	woo      *woo.Client
	gateway  *fakegateway.Gateway
	stock    *memstore.Stock
	records  *memstore.Checkouts
	pins     *pincode.Directory
	guests   *auth.Guests
	carts    *cart.Service
	checkout *checkout.Service
	prices   *pricing.Parser // of the store's price texts
	window   *window         // Razorpay's own; nil for the simulated one
	shelf

	lateBy time.Duration // how long the simulated bank takes when it answers late
}

// openShop starts the embedded WooCommerce and builds the shop on it. The simulated bank, when it answers late, does so by
// late. With keys it is paid through Razorpay's own window.
func openShop(ctx context.Context, late time.Duration, k keys, log *slog.Logger) (*shop, error) {
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		return nil, err
	}
	s := &shop{store: store, lateBy: late}
	if err := s.wire(ctx, k, log); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return s, nil
}

func (s *shop) wire(ctx context.Context, k keys, log *slog.Logger) error {
	var err error
	s.woo, err = woo.New(woo.Config{
		URL: s.store.URL(), Key: s.store.ConsumerKey(), Secret: woo.NewSecret(s.store.ConsumerSecret()), HTTP: s.store.HTTPClient(),
	})
	if err != nil {
		return err
	}
	if s.pins, err = pincode.New(); err != nil {
		return err
	}
	s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret(rand.Text())})
	if err != nil {
		return err
	}
	if s.window, err = openWindow(k); err != nil {
		return err
	}
	s.guests, err = auth.NewGuests(auth.GuestConfig{
		Keys: []auth.Secret{auth.NewSecret(rand.Text() + rand.Text())}, DangerouslyAllowPlainHTTP: true,
	})
	if err != nil {
		return err
	}
	cartStore := memstore.NewCarts()
	if s.carts, err = cart.NewService(cart.Config{Store: cartStore, Catalog: s.woo}); err != nil {
		return err
	}
	s.stock = memstore.NewStock(memstore.StockConfig{})
	s.records = memstore.NewCheckouts(s.stock)
	s.checkout, err = checkout.New(checkout.Config{
		Store: s.records, Carts: cartStore, Catalog: s.woo, Rules: s, Reserver: s.stock, Orders: s.woo, Stock: s.woo,
		Pincodes: s.pins, Notifier: logNotices{log}, Log: log,
		Payments: []checkout.PaymentOption{s.online(), cash()},
	})
	if err != nil {
		return err
	}
	if s.window != nil {
		if err := s.window.listen(k, s.checkout, log); err != nil {
			return err
		}
	}
	if s.prices, err = pricing.NewParser(rupees); err != nil {
		return err
	}
	if err := s.readShelf(ctx); err != nil {
		return fmt.Errorf("reading the catalogue: %w", err)
	}
	return nil
}

// online is the way to pay through a window: Razorpay's, or the simulated one.
func (s *shop) online() checkout.PaymentOption {
	o := checkout.PaymentOption{Method: payment.MethodRazorpay, Title: "UPI, card or netbanking (Razorpay)", Gateway: s.gateway, Verifier: s.gateway}
	if s.window != nil {
		o.Gateway, o.Verifier = s.window.client, s.window.client
	}
	return o
}

// Rules implements checkout.Rulebook: the store's own rules, but who can have free shipping is not asked to pay for it.
func (s *shop) Rules(ctx context.Context) (checkout.Rules, error) {
	rules, err := s.woo.Rules(ctx)
	rules.HideRatesWhenFree = true
	return rules, err
}

func (s *shop) close() { _ = s.store.Close() }

// logNotices writes down what a real shop would mail.
type logNotices struct{ log *slog.Logger }

// Notify implements checkout.Notifier. It names the checkout and the order, not the person.
func (n logNotices) Notify(ctx context.Context, notice checkout.Notice) error {
	number := "none"
	if notice.Record.Order != nil {
		number = notice.Record.Order.Number
	}
	n.log.InfoContext(ctx, "a real shop would mail now", "notice", notice.Kind, "order", number, "checkout", notice.Record.ID)
	return nil
}
