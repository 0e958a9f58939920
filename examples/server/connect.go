package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/jmoiron/sqlx"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/woo"
)

// openDatabase makes the pool; connections come with the first query.
func openDatabase(c config) (*sqlx.DB, error) {
	db, err := sqlx.Open("pgx", c.database.Reveal())
	if err != nil {
		return nil, errors.New("DATABASE_URL is not usable") // what the driver says may repeat it
	}
	db.SetMaxOpenConns(c.pool)
	db.SetMaxIdleConns(c.pool)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour)
	return db, nil
}

// openRedis makes a client that keeps to its callers' deadlines and soon says that Redis is away.
func openRedis(c config) (*redis.Client, error) {
	options, err := redis.ParseURL(c.redis.Reveal())
	if err != nil {
		return nil, errors.New("REDIS_URL is not usable")
	}
	options.ContextTimeoutEnabled = true
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = time.Second, time.Second, time.Second
	options.MaxRetries = 1
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(options), nil
}

// outside is a transport for one outside system: so many connections kept, and every request watched.
func outside(system string, watch telemetry) http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	transport.MaxIdleConnsPerHost = 32
	return watch.client(system, transport)
}

func openWoo(c wooConfig, watch telemetry) (*woo.Client, error) {
	catalogue := woo.CatalogueGraphQL
	if c.graphQL == "" {
		catalogue = woo.CatalogueAutomatic
	}
	return woo.New(woo.Config{
		URL: c.url, GraphQLURL: c.graphQL, Catalogue: catalogue, Key: c.key, Secret: c.secret,
		HTTP: &http.Client{Transport: outside("woocommerce", watch)}, MaxConcurrent: 32,
	})
}

func openRazorpay(c razorpayConfig, watch telemetry) (*razorpay.Client, error) {
	return razorpay.New(razorpay.Config{
		KeyID: c.keyID, KeySecret: c.secret, PreviousKeySecret: c.previous, URL: c.url,
		HTTP: &http.Client{Transport: outside("razorpay", watch)}, Capture: razorpay.CaptureManual,
	})
}

// closing remembers what to close, and closes it last opened first.
type closing []func() error

func (c *closing) add(f func() error) { *c = append(*c, f) }

func (c *closing) close() error {
	var errs []error
	for i := len(*c) - 1; i >= 0; i-- {
		errs = append(errs, (*c)[i]())
	}
	*c = nil
	return errors.Join(errs...)
}

// within gives a call so much time.
func within(ctx context.Context, d time.Duration, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	if err := call(ctx); err != nil {
		return fmt.Errorf("within %v: %w", d, err)
	}
	return nil
}
