package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/lognotifier"
	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/adapters/resend"
	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/mail"
	"github.com/ankkor/ankkor/checkout/pincode"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
)

// shop is everything wired together: what a host does once.
type shop struct {
	config config
	log    *slog.Logger
	watch  telemetry
	closing

	db       *sqlx.DB
	redis    *lateRedis // nil without one
	store    *pgstore.Store
	admits   keeper
	events   checkout.Publisher
	woo      *woo.Client
	razorpay *razorpay.Client

	guests   *auth.Guests
	carts    *cart.Service
	checkout *checkout.Service
	stock    stock
	hooks    webhooks
	left     *checkout.AbandonedCarts
	recovery *checkout.Recovery // nil without keys
}

// openShop connects to everything and wires it. Whoever calls it closes it.
func openShop(ctx context.Context, c config, env func(string) string, log *slog.Logger) (_ *shop, err error) {
	s := &shop{config: c, log: log}
	defer func() {
		if err != nil {
			_ = s.close()
		}
	}()
	watch, stop, err := openTelemetry(ctx, env, log)
	if err != nil {
		return nil, err
	}
	s.watch = watch
	s.add(stop)
	for _, step := range []func(context.Context) error{s.openStores, s.openOutside, s.openCheckout, s.openReminders, s.openStock, s.openWebhooks} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// openStores opens Postgres and Redis. Each checks what it stands on: versions, durability, eviction, migrations.
func (s *shop) openStores(ctx context.Context) (err error) {
	if s.db, err = openDatabase(s.config); err != nil {
		return err
	}
	s.add(s.db.Close)
	err = within(ctx, 10*time.Second, func(ctx context.Context) error {
		s.store, err = pgstore.New(ctx, s.db, pgstore.Config{Schema: s.config.schema})
		return err
	})
	if err != nil {
		return err
	}
	s.admits, s.events = s.store, logged{s.log}
	if s.config.redis.Len() == 0 {
		return nil
	}
	client, err := openRedis(s.config)
	if err != nil {
		return err
	}
	s.add(client.Close)
	return s.useRedis(ctx, client)
}

// useRedis lets Redis admit shoppers, and carry what happened to whoever listens. A Redis that is away now is used once it
// is there; one that must not be used is a mistake to mend before the server starts.
func (s *shop) useRedis(ctx context.Context, client *redis.Client) error {
	s.redis = &lateRedis{client: client, config: redisstore.Config{Store: s.config.schema, Timeout: 2 * time.Second}, log: s.log}
	s.admits, s.events = &admission{first: s.redis, second: s.store, log: s.log}, s.redis
	redis.SetLogger(s.redis) // its own writes plain lines among ours
	err := within(ctx, 5*time.Second, s.redis.open)
	if err == nil || unusable(err) {
		return err
	}
	s.log.ErrorContext(ctx, "Redis is away; Postgres keeps reservations until it is there", "error", err)
	return nil
}

func (s *shop) openOutside(context.Context) (err error) {
	if s.woo, err = openWoo(s.config.woo, s.watch); err != nil {
		return err
	}
	s.razorpay, err = openRazorpay(s.config.razorpay, s.watch)
	return err
}

func (s *shop) openCheckout(context.Context) (err error) {
	s.guests, err = auth.NewGuests(auth.GuestConfig{
		Keys: s.config.guestKeys, TrustedOrigins: s.config.origins, DangerouslyAllowPlainHTTP: s.config.plainHTTP,
	})
	if err != nil {
		return err
	}
	if s.carts, err = cart.NewService(cart.Config{Store: s.store.Carts(), Catalog: s.woo}); err != nil {
		return err
	}
	pins, err := pincode.New()
	if err != nil {
		return err
	}
	notifier, err := s.notifier()
	if err != nil {
		return err
	}
	s.checkout, err = checkout.New(checkout.Config{
		Store: s.store, Carts: s.store.Carts(), Catalog: s.woo, Rules: s.woo, Reserver: s.admits, Orders: s.woo, Stock: s.woo,
		Pincodes: pins, Notifier: notifier, Publisher: s.events, Observer: s.watch, Log: s.log,
		Policy: checkout.Policy{
			Lease: s.config.lease, Settle: s.config.settle, AbandonAfter: s.config.remind.after, Remind: len(s.config.remind.keys) > 0,
		},
		Payments: s.payments(), CashHistory: s.cashHistory(),
	})
	return err
}

// payments are the ways to pay, in the order in which they are offered.
func (s *shop) payments() []checkout.PaymentOption {
	options := []checkout.PaymentOption{
		{Method: payment.MethodRazorpay, Title: "UPI, card or netbanking (Razorpay)", Gateway: s.razorpay, Verifier: s.razorpay},
	}
	if s.config.cash == nil {
		return options
	}
	return append(options, checkout.PaymentOption{
		Method: payment.MethodCOD, Title: cashTitle, Gateway: payment.CashOnDelivery{}, Cash: s.config.cash,
	})
}

// cashHistory is how customers' earlier cash orders ended, nil where the terms do not ask.
func (s *shop) cashHistory() checkout.CashHistory {
	if !asksHistory(s.config.cash) {
		return nil
	}
	return s.store
}

// notifier is who writes to customers. Mails are frozen in the database before they are first sent.
func (s *shop) notifier() (checkout.Notifier, error) {
	c := s.config.mail
	if c.key.Len() == 0 {
		return lognotifier.New(s.log), nil
	}
	letters, err := mail.New(mail.Config{Shop: c.shop, URL: s.linkOf})
	if err != nil {
		return nil, err
	}
	return resend.New(resend.Config{
		Key: c.key, From: c.from, Letters: letters, Drafts: s.store.Drafts(),
		HTTP: &http.Client{Transport: outside("resend", s.watch), Timeout: 20 * time.Second},
	})
}

// orderPage is the storefront's page of an order.
func (s *shop) orderPage(id checkout.ID) string { return s.config.storefront + "/orders/" + string(id) }

// logged publishes what happened as lines of the log, in a shop without Redis.
type logged struct{ log *slog.Logger }

// Publish implements checkout.Publisher.
func (l logged) Publish(ctx context.Context, events ...checkout.Event) error {
	for _, e := range events {
		l.log.InfoContext(ctx, "event", "kind", e.Kind, "checkout", e.Checkout, "sequence", e.Sequence, "id", e.ID)
	}
	return ctx.Err()
}
