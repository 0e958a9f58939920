package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// errEnvironment is an environment that cannot be used.
var errEnvironment = errors.New("the environment is wrong")

// connect makes a client from the environment that reads the store's own price format.
func connect(ctx context.Context, env func(string) string) (*woo.Client, error) {
	if env("WOO_URL") == "" {
		return nil, fmt.Errorf("%w: WOO_URL is required, for example https://shop.example", errEnvironment)
	}
	transport, err := trusting(env("WOO_CA"))
	if err != nil {
		return nil, fmt.Errorf("%w: WOO_CA: %w", errEnvironment, err)
	}
	cfg := woo.Config{
		URL: env("WOO_URL"), GraphQLURL: env("WOO_GRAPHQL_URL"), Key: env("WOO_KEY"), Secret: woo.NewSecret(env("WOO_SECRET")),
		Catalogue: woo.CatalogueAutomatic, HTTP: &http.Client{Transport: transport},
	}
	client, err := woo.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errEnvironment, err)
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

// trusting is the usual transport with one more root certificate.
func trusting(file string) (http.RoundTripper, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	if file == "" {
		return transport, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", file)
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return transport, nil
}
