package woo

import (
	"context"
	"net/http"
	"strings"
)

// Catalogue is where a client reads the catalogue.
type Catalogue string

// The catalogues. The zero value is CatalogueGraphQL.
const (
	// CatalogueGraphQL is WPGraphQL with WooGraphQL, 0.21 or 1.0. It knows most
	// and brings a whole product page in one request.
	CatalogueGraphQL Catalogue = "graphql"
	// CatalogueStoreAPI is what every WooCommerce has. It does not know what a
	// price is before tax, so Items asks REST v3 and needs a key; and see
	// [Product] for what a page lacks.
	CatalogueStoreAPI Catalogue = "store-api"
	// CatalogueAutomatic asks the store once, before the first call, whether it
	// has WooGraphQL, and takes the Store API if not. A store that does not
	// answer is asked again by the next call.
	CatalogueAutomatic Catalogue = "automatic"
)

// String names the catalogue for people.
func (k Catalogue) String() string {
	switch k {
	case CatalogueStoreAPI:
		return "the Store API"
	case CatalogueAutomatic:
		return "whichever catalogue is found"
	}
	return "WooGraphQL"
}

// known reports whether a Config may name it.
func (k Catalogue) known() bool {
	switch k {
	case "", CatalogueGraphQL, CatalogueStoreAPI, CatalogueAutomatic:
		return true
	}
	return false
}

// reader remembers where the catalogue is read and which words WooGraphQL
// understands there. One lookup at a time; the others wait for it.
type reader struct {
	lock chan struct{} // holds a token while it is free
	kind Catalogue     // CatalogueAutomatic until it is found out
	old  dialect
	// decimals that the shop shows, nil until asked for.
	decimals *int32
}

func newReader(kind Catalogue) *reader {
	if kind == "" {
		kind = CatalogueGraphQL
	}
	r := &reader{lock: make(chan struct{}, 1), kind: kind}
	r.lock <- struct{}{}
	return r
}

// source is the catalogue to read: never CatalogueAutomatic.
func (c *Client) source(ctx context.Context) (Catalogue, error) {
	select {
	case <-c.reader.lock:
	case <-ctx.Done():
		return "", &Error{Kind: Unavailable, Op: "find the catalogue", Cause: ctx.Err()}
	}
	defer func() { c.reader.lock <- struct{}{} }()
	if c.reader.kind != CatalogueAutomatic {
		return c.reader.kind, nil
	}
	found, err := c.detect(ctx)
	if err == nil {
		c.reader.kind = found
	}
	return found, err
}

// detect asks for the least that WooGraphQL can be asked for. Only an answer
// that says so counts as its absence, see noWooGraphQL.
func (c *Client) detect(ctx context.Context) (found Catalogue, err error) {
	const op = "find the catalogue"
	err = c.retrying(ctx, func() *Error {
		_, execErr := c.gql.ExecRaw(ctx, "query{products(first:1){nodes{__typename}}}", nil)
		failed, errs := sortErrors(op, false, execErr)
		if failed == nil && len(errs) > 0 {
			failed = reportedError(op, false, errs)
		}
		switch {
		case failed == nil:
			found = CatalogueGraphQL
		case noWooGraphQL(failed):
			found, failed = CatalogueStoreAPI, nil
		}
		return failed
	})
	return found, err
}

// noWooGraphQL recognises WordPress's own page for what is not there, and a
// schema without products.
func noWooGraphQL(e *Error) bool {
	switch e.Status {
	case http.StatusNotFound, http.StatusGone, http.StatusMethodNotAllowed:
		return true
	}
	return e.Kind == Refused && strings.HasPrefix(e.Message, `Cannot query field "products"`)
}

// overStoreAPI reports whether the catalogue is the Store API.
func (c *Client) overStoreAPI(ctx context.Context) (bool, error) {
	found, err := c.source(ctx)
	return found == CatalogueStoreAPI, err
}
