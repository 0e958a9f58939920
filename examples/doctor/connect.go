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

// connect makes a client from the environment, and says in which currency the store sells. A store that does not tell
// how it writes prices gets a client all the same: why it does not is the doctor's to find.
func connect(ctx context.Context, env func(string) string) (*woo.Client, pricing.Currency, error) {
	if env("WOO_URL") == "" {
		return nil, "", fmt.Errorf("%w: WOO_URL is required, for example https://shop.example", errEnvironment)
	}
	transport, err := trusting(env("WOO_CA"))
	if err != nil {
		return nil, "", fmt.Errorf("%w: WOO_CA: %w", errEnvironment, err)
	}
	cfg := woo.Config{
		URL: env("WOO_URL"), GraphQLURL: env("WOO_GRAPHQL_URL"), Key: env("WOO_KEY"), Secret: woo.NewSecret(env("WOO_SECRET")),
		HTTP: &http.Client{Transport: transport}, Retries: 1,
	}
	if cfg.GraphQLURL == "" {
		cfg.Catalogue = woo.CatalogueAutomatic
	}
	client, err := woo.New(cfg)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errEnvironment, err)
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
