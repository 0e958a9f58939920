package woo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// wpJSON is where the REST API lies below the site, restRoot where WooCommerce's
// version 3 of it does.
const (
	wpJSON   = "wp-json/"
	restRoot = wpJSON + "wc/v3/"
)

// userAgent names us: firewalls in front of shops refuse Go's own name.
const userAgent = "Ankkor (+https://github.com/ankkor/ankkor)"

// perPage is the longest page WooCommerce gives; more is a 400.
const perPage = 100

// call is one REST request.
type call struct {
	op     string // for errors
	method string
	root   string // restRoot unless set
	path   string // below root
	query  url.Values
	header http.Header
	body   any // sent as JSON unless nil
	fresh  bool
	// visitor leaves the call unsigned.
	visitor bool
}

// get reads. It is tried again after failures that may pass.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, into any) (http.Header, error) {
	return c.read(ctx, call{op: op, method: http.MethodGet, path: path, query: query}, into)
}

// getFresh is get past every cache: its address is one nobody has asked for.
func (c *Client) getFresh(ctx context.Context, op, path string, query url.Values, into any) (http.Header, error) {
	return c.read(ctx, call{op: op, method: http.MethodGet, path: path, query: query, fresh: true}, into)
}

func (c *Client) read(ctx context.Context, k call, into any) (http.Header, error) {
	var header http.Header
	err := c.retrying(ctx, func() *Error {
		a, failed := c.attempt(ctx, k, false)
		if failed == nil {
			header, failed = a.header, decodeInto(k.op, false, a, into)
		}
		return failed
	})
	return header, err
}

// write sends once and never again: what became of a lost answer is for the
// caller to find out.
func (c *Client) write(ctx context.Context, k call, into any) error {
	a, failed := c.attempt(ctx, k, true)
	if failed == nil {
		failed = decodeInto(k.op, true, a, into)
	}
	if failed != nil {
		return failed
	}
	return nil
}

// attempt sends a call once. What it returns without an error is a success
// with a JSON body.
func (c *Client) attempt(ctx context.Context, k call, write bool) (answer, *Error) {
	req, err := c.request(ctx, k)
	if err != nil {
		kind := Refused
		if errors.Is(err, errNoKey) {
			kind = Unauthorised
		}
		return answer{}, &Error{Kind: kind, Op: k.op, Cause: err}
	}
	a, sent, err := c.roundTrip(req)
	if k.root == "" || strings.HasPrefix(k.root+k.path, restRoot) {
		c.companion.notice(a.header)
	}
	if err != nil {
		return a, sentError(k.op, write, sent, a.status, err)
	}
	if failed := c.judge(k.op, write, a); failed != nil {
		return a, failed
	}
	return a, nil
}

// request builds the HTTP request of a call and signs it.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	u := c.site.JoinPath(cmp.Or(k.root, restRoot))
	u.Path += k.path
	query := url.Values{}
	for name, values := range k.query {
		query[name] = values
	}
	if k.fresh {
		query.Set("_", rand.Text())
	}
	u.RawQuery = query.Encode()
	var body bytes.Buffer
	if k.body != nil {
		if err := json.NewEncoder(&body).Encode(k.body); err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, k.method, u.String(), bytes.NewReader(body.Bytes()))
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, k.header)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", userAgent)
	if k.fresh {
		req.Header.Set("Cache-Control", "no-cache")
	}
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if k.visitor {
		return req, nil
	}
	return req, c.signer.sign(req)
}

// pages reads a collection page by page until one is not full. More than limit
// pages are an error: a store that never ends a list is broken.
func pages[T any](ctx context.Context, c *Client, k call, limit int) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for page := 1; ; page++ {
			if page > limit {
				yield(nil, &Error{Kind: Unavailable, Op: k.op, Cause: fmt.Errorf("%w: more than %d pages", ErrBadAnswer, limit)})
				return
			}
			next := k
			next.query = url.Values{"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(page)}}
			for name, values := range k.query {
				next.query[name] = values
			}
			var items []T
			_, err := c.read(ctx, next, &items)
			if !yield(items, err) || err != nil || len(items) < perPage {
				return
			}
		}
	}
}

// collect reads every page of a collection.
func collect[T any](ctx context.Context, c *Client, k call, limit int) ([]T, error) {
	var all []T
	for items, err := range pages[T](ctx, c, k, limit) {
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}
