package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/examples/internal/wooenv"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// connect makes a client from the environment that reads the store's own price format.
func connect(ctx context.Context, env func(string) string) (*woo.Client, error) {
	cfg, err := wooenv.Config(env)
	if err != nil {
		return nil, err
	}
	cfg.Catalogue = woo.CatalogueAutomatic // also where an address of GraphQL was given and nobody answers there
	client, err := woo.New(cfg)
	if err != nil {
		return nil, err
	}
	format, currency, err := client.PriceFormat(ctx)
	if errors.Is(err, woo.ErrBadAnswer) || errors.Is(err, woo.ErrNotFound) {
		return client, nil // a shop without the Store API; rupees are the client's own guess
	}
	if err != nil {
		return nil, err
	}
	if cfg.Parser, err = pricing.NewParser(format); err != nil {
		return nil, fmt.Errorf("the store's price format cannot be read: %w", err)
	}
	cfg.Currency = currency
	return woo.New(cfg)
}
