package storeapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// batchLimit is how many requests one batch may hold.
const batchLimit = 25

// batchItem is one request of a batch.
type batchItem struct {
	Method  string                     `json:"method"`
	Path    string                     `json:"path"`
	Body    json.RawMessage            `json:"body"`
	Headers map[string]json.RawMessage `json:"headers"`
}

// batchRequests runs several Store API requests in one, each with its own
// status (WooCommerce's StoreApi Batch over WP_REST_Server::serve_batch_request_v1).
// Token and nonce of each come from its own headers, but the session is that of
// the first one that loads it: PHP loads a cart once per request.
func (c *Call) batchRequests() (rest.Answer, *wire.Error) {
	items, err := c.batchItems()
	if err != nil {
		return rest.Answer{}, err
	}
	header := c.nonceHeader()
	responses := make([]wp.Object, 0, len(items))
	for _, item := range items {
		responses = append(responses, c.runItem(item, header))
	}
	return rest.Answer{Status: http.StatusMultiStatus, Header: header, Body: wp.Object{{"responses", responses}}}, nil
}

func (c *Call) batchItems() ([]batchItem, *wire.Error) {
	raw, sent := c.Body["requests"]
	if !sent {
		return nil, &wire.Error{Status: http.StatusBadRequest, Code: "rest_missing_callback_param", Message: "Missing parameter(s): requests",
			Extra: wp.Object{{"params", []string{"requests"}}}}
	}
	var bad rest.ParamErrors
	var items []batchItem
	if json.Unmarshal(raw, &items) != nil {
		bad.WrongType("requests", "requests", "array")
		return nil, bad.Err()
	}
	if len(items) > batchLimit {
		bad.Add("requests", "rest_too_many_items", "requests must contain at most 25 items.", nil)
	}
	for i, item := range items {
		at := "requests[" + strconv.Itoa(i) + "]"
		switch item.Method {
		case "", http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		default:
			bad.Add("requests", "rest_not_in_enum", at+"[method] is not one of POST, PUT, PATCH, and DELETE.", nil)
		}
		if item.Path == "" {
			bad.Add("requests", "rest_property_required", "path is a required property of "+at+".", nil)
		}
		if len(bad.Names) > 0 {
			return nil, bad.Err()
		}
		if !strings.Contains(strings.ToLower(item.Path), "wc/store") {
			return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_path", "Invalid path provided.")
		}
	}
	return items, bad.Err()
}

// runItem runs one request on the batch's state. Cookies it sets are set by the
// batch's answer.
func (c *Call) runItem(item batchItem, outer http.Header) wp.Object {
	path, query, _ := strings.Cut(item.Path, "?")
	values, _ := url.ParseQuery(query) // PHP takes what it can read
	inner := &wire.Request{
		Context: c.req.Context, Method: item.Method, Path: "/wp-json" + path, RawQuery: query, Query: values, Header: http.Header{}, Body: item.Body,
		Secure: c.req.Secure,
	}
	if inner.Method == "" {
		inner.Method = http.MethodPost
	}
	for name, value := range item.Headers {
		inner.Header.Set(name, wp.TextOf(value))
	}
	inner.Header.Set("Content-Type", "application/json")
	for _, name := range []string{"Authorization", "Cookie"} {
		if v := c.req.Header.Get(name); v != "" {
			inner.Header.Set(name, v)
		}
	}
	header := http.Header{}
	a, err := dispatch(c.Site, inner, c.State, nil, header)
	status, body := a.Status, a.Body
	if err != nil {
		status, body = err.Status, err.Body()
	}
	for _, cookie := range header.Values("Set-Cookie") {
		outer.Add("Set-Cookie", cookie)
	}
	return wp.Object{{"body", body}, {"status", status}, {"headers", innerHeaders(header)}}
}

// innerHeaders are the headers of one answer in a batch; numbers stay numbers
// there.
func innerHeaders(h http.Header) wp.Object {
	out := wp.Object{}
	for _, name := range []string{"X-WP-Total", "X-WP-TotalPages", "Nonce", "Nonce-Timestamp", "User-ID", "Cart-Token", "Cart-Hash", "Allow"} {
		values, ok := h[http.CanonicalHeaderKey(name)]
		if !ok {
			values, ok = h[name]
		}
		if !ok || len(values) == 0 {
			continue
		}
		var value any = values[0]
		if n, err := strconv.ParseInt(values[0], 10, 64); err == nil && name != "Nonce" {
			value = n
		}
		out = out.With(name, value)
	}
	return out
}
