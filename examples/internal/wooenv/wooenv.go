// Package wooenv reads from the environment which WooCommerce an example talks to:
//
//	WOO_URL          the site's address; required
//	WOO_KEY          a REST API key
//	WOO_SECRET       and its secret
//	WOO_GRAPHQL_URL  where WPGraphQL answers; WOO_URL/graphql unless set
//	WOO_CA           a file with one more root certificate, in PEM form
package wooenv

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/ankkor/ankkor/woo"
)

// ErrEnvironment is matched by everything that is wrong with the environment.
var ErrEnvironment = errors.New("the environment is wrong")

// Config is a client's configuration as env has it. Without WOO_GRAPHQL_URL the catalogue is found out by asking.
func Config(env func(string) string) (woo.Config, error) {
	if env("WOO_URL") == "" {
		return woo.Config{}, fmt.Errorf("%w: WOO_URL is required, for example https://shop.example", ErrEnvironment)
	}
	transport, err := trusting(env("WOO_CA"))
	if err != nil {
		return woo.Config{}, fmt.Errorf("%w: WOO_CA: %w", ErrEnvironment, err)
	}
	c := woo.Config{
		URL: env("WOO_URL"), GraphQLURL: env("WOO_GRAPHQL_URL"), Key: env("WOO_KEY"), Secret: woo.NewSecret(env("WOO_SECRET")),
		HTTP: &http.Client{Transport: transport},
	}
	if c.GraphQLURL == "" {
		c.Catalogue = woo.CatalogueAutomatic
	}
	if _, err := woo.New(c); err != nil {
		return woo.Config{}, fmt.Errorf("%w: %w", ErrEnvironment, err)
	}
	return c, nil
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
