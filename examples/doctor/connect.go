package main

import (
	"context"

	"github.com/ankkor/ankkor/examples/internal/wooenv"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// connect makes a client from the environment, and says in which currency the store sells. A store that does not tell
// how it writes prices gets a client all the same: why it does not is the doctor's to find.
func connect(ctx context.Context, env func(string) string) (*woo.Client, pricing.Currency, error) {
	cfg, err := wooenv.Config(env)
	if err != nil {
		return nil, "", err
	}
	cfg.Retries = 1
	client, err := woo.New(cfg)
	if err != nil {
		return nil, "", err
	}
	format, currency, err := client.PriceFormat(ctx)
	if err != nil {
		return client, "", nil //nolint:nilerr // the report says it
	}
	if cfg.Parser, err = pricing.NewParser(format); err != nil {
		return client, "", nil //nolint:nilerr // as above
	}
	cfg.Currency = currency
	client, err = woo.New(cfg)
	return client, currency, err
}
