package woo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
)

// TestSend: what goes out and what comes back.
func TestSend(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"PUT /wp-json/wc/store/v1/cart/items": answering(200, `{"id":7}`, "Cart-Token", "t")})
	var got struct{ ID int64 }
	reply, err := site.client(t).Send(t.Context(), woo.Request{
		Op: "change item", Method: "PUT", Path: "wc/store/v1/cart/items", Query: url.Values{"a": {"1 & 2"}},
		Header: http.Header{"Cart-Token": {"mine"}, "User-Agent": {"other"}}, Body: map[string]int{"quantity": 3}, Fresh: true,
	}, &got)
	if err != nil || got.ID != 7 || reply.Status != 200 || reply.Header.Get("Cart-Token") != "t" || string(reply.Body) != `{"id":7}` {
		t.Fatalf("%v, %+v, %v", got, reply.Header, err)
	}
	r := site.seen()[0]
	q, _ := url.ParseQuery(r.query)
	user, _, signed := (&http.Request{Header: r.header}).BasicAuth()
	if q.Get("a") != "1 & 2" || q.Get("_") == "" || r.header.Get("Cache-Control") != "no-cache" || r.header.Get("Cart-Token") != "mine" ||
		!strings.HasPrefix(r.header.Get("User-Agent"), "Ankkor") || !signed || user != testKey || strings.TrimSpace(string(r.body)) != `{"quantity":3}` {
		t.Errorf("%s %v %s", r.query, r.header, r.body)
	}
}

// TestSendAsVisitor carries no key, not even for a client that has one.
func TestSendAsVisitor(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(200, `[]`)})
	if _, err := site.client(t).Send(t.Context(), woo.Request{Path: "wc/store/v1/products", Visitor: true}, nil); err != nil {
		t.Fatal(err)
	}
	if r := site.seen()[0]; r.header.Get("Authorization") != "" || strings.Contains(r.query, "consumer") || strings.Contains(r.query, "oauth") {
		t.Errorf("signed: %v %s", r.header, r.query)
	}
}

// TestSendChecks what it is given before anything is sent.
func TestSendChecks(t *testing.T) {
	requests := map[string][]woo.Request{
		"path": {
			{Path: ""}, {Path: "/wc/v3/orders"}, {Path: "wc/v3/orders/"}, {Path: "wc//orders"}, {Path: "wc/v3/../../xmlrpc.php"}, {Path: "./wc"},
			{Path: "wc/v3/orders?force=true"}, {Path: "wc/v3#x"}, {Path: `wc\v3`}, {Path: "wc/v3/a b"}, {Path: "wc/v3/\r\nHost: x"}, {Path: "wc/v3/आ"}, {Path: ".."},
		},
		"method": {{Path: "wc/v3", Method: "get"}, {Path: "wc/v3", Method: "TRACE"}, {Path: "wc/v3", Method: "POST\r\nX: y"}},
		"header": {
			{Path: "wc/v3", Header: http.Header{"Cart-Token": {"a\r\nX: b"}}}, {Path: "wc/v3", Header: http.Header{"Cart Token": {"a"}}},
			{Path: "wc/v3", Header: http.Header{"": {"a"}}}, {Path: "wc/v3", Method: "POST", Header: http.Header{"Cart-Token": {"secret\x00"}}},
		},
	}
	for field, list := range requests {
		for _, req := range list {
			site := newSite(t, nil)
			_, err := site.client(t).Send(t.Context(), req, nil)
			var bad *woo.InvalidError
			if !errors.As(err, &bad) || bad.Field != field || !errors.Is(err, woo.ErrRefused) || strings.Contains(fmt.Sprint(err), "secret") {
				t.Errorf("%+v: %v", req, err)
			}
			if len(site.seen()) != 0 {
				t.Errorf("%+v was sent", req)
			}
		}
	}
	site := newSite(t, nil)
	_, err := site.client(t).SendGraphQL(t.Context(), woo.GraphQLRequest{Document: "{x}", Header: http.Header{"Woocommerce-Session": {"a\nb"}}}, nil)
	var bad *woo.InvalidError
	if !errors.As(err, &bad) || bad.Field != "header" || len(site.seen()) != 0 {
		t.Errorf("GraphQL: %v", err)
	}
	_, err = site.client(t).Send(t.Context(), woo.Request{Path: "wc/v3/orders", Method: "POST", Body: func() {}}, nil)
	if checkKind(t, err, woo.Refused); len(site.seen()) != 0 {
		t.Error("what cannot be encoded was sent")
	}
}

// TestSendKeepsToTheSite: a path is a path, whatever is in it.
func TestSendKeepsToTheSite(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(200, `[]`)})
	for _, path := range []string{"wc/v3/%2e%2e/x", "wc/v3/a%2Fb", "http:", "wc/v3/;x=1"} {
		if _, err := site.client(t).Send(t.Context(), woo.Request{Path: path}, nil); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, r := range site.seen() {
		if !strings.HasPrefix(r.path, "/wp-json/") || strings.Contains(r.path, "..") {
			t.Errorf("asked for %s", r.path)
		}
	}
}

// TestOnlyReadsAreTriedAgain, whoever sends them.
func TestOnlyReadsAreTriedAgain(t *testing.T) {
	for method, want := range map[string]int{"": 3, "GET": 3, "HEAD": 3, "OPTIONS": 1, "POST": 1, "PUT": 1, "PATCH": 1, "DELETE": 1} {
		site := newSite(t, map[string]http.Handler{"*": answering(503, "")})
		_, err := site.client(t).Send(t.Context(), woo.Request{Method: method, Path: "wc/v3/orders/1"}, nil)
		if n := len(site.seen()); n != want {
			t.Errorf("%q was sent %d times, want %d", method, n, want)
		}
		if read := want > 1; read != errors.Is(err, woo.ErrUnavailable) || read == errors.Is(err, woo.ErrUnknown) {
			t.Errorf("%q: %v", method, err)
		}
	}
}

// TestSendWithoutADestination: no answer wanted is not any answer taken.
func TestSendWithoutADestination(t *testing.T) {
	tests := map[string]struct {
		method, body string
		status       int
		ok           bool
	}{
		"JSON": {"DELETE", `{"id":1}`, 200, true}, "nothing, as announced": {"DELETE", "", 204, true}, "a HEAD": {"HEAD", "", 200, true},
		"a page": {"DELETE", "<html>Just a moment", 200, false}, "empty": {"DELETE", "", 200, false}, "half": {"DELETE", `{"id":`, 200, false},
		"a page to a read": {"GET", "<html>", 200, false},
	}
	for name, test := range tests {
		site := newSite(t, map[string]http.Handler{"*": answering(test.status, test.body)})
		_, err := site.client(t, func(c *woo.Config) { c.Retries = -1 }).Send(t.Context(), woo.Request{Method: test.method, Path: "wc/v3/orders/1"}, nil)
		switch {
		case test.ok && err != nil:
			t.Errorf("%s: %v", name, err)
		case !test.ok && test.method == "GET":
			checkKind(t, err, woo.Unavailable)
		case !test.ok:
			checkKind(t, err, woo.Unknown)
		}
	}
}

// TestReplyBesideAnError: who sends can look for more than the error says.
func TestReplyBesideAnError(t *testing.T) {
	site := newSite(t, map[string]http.Handler{
		"*":             answering(409, `{"code":"woocommerce_rest_cart_invalid_key","message":"No.","data":{"status":409,"cart":{"items":[]}}}`, "Cart-Token", "next"),
		"POST /graphql": answering(200, `{"data":{"cart":null},"errors":[{"message":"invalid_token: Expired token","path":["cart"]}]}`, "Woocommerce-Session", "next"),
	})
	reply, err := site.client(t).Send(t.Context(), woo.Request{Method: "POST", Path: "wc/store/v1/cart/remove-item"}, nil)
	if checkKind(t, err, woo.Refused); reply.Status != 409 || reply.Header.Get("Cart-Token") != "next" || !json.Valid(reply.Body) {
		t.Errorf("%d %v %s", reply.Status, reply.Header, reply.Body)
	}
	reply, err = site.client(t).SendGraphQL(t.Context(), woo.GraphQLRequest{Op: "read cart", Document: "{cart{total}}"}, nil)
	if e := checkKind(t, err, woo.NotFound); e.Op != "read cart" || e.Field != "cart" || reply.Header.Get("Woocommerce-Session") != "next" {
		t.Errorf("%v, %v", err, reply.Header)
	}
}

// TestReplyIsNotPrinted by any verb, encoder or logger.
func TestReplyIsNotPrinted(t *testing.T) {
	reply := woo.Reply{Status: 200, Header: http.Header{"Cart-Token": {"hidden"}}, Body: []byte("hidden")}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "reply", reply, "pointer", &reply)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "reply", reply, "pointer", &reply)
	encoded, err := json.Marshal(map[string]any{"r": reply, "p": &reply})
	text := fmt.Sprintf("%v %+v %#v %s %q %x %d %v %+v", reply, reply, reply, reply, reply, reply, reply, &reply, struct{ R woo.Reply }{reply}) + log.String() + string(encoded)
	if err != nil || strings.Contains(text, "hidden") || strings.Contains(text, "68696464") || strings.Contains(text, "aGlkZGVu") || strings.Contains(text, "104 105") {
		t.Errorf("%v: %s", err, text)
	}
	if !strings.Contains(text, "HTTP 200") {
		t.Errorf("nothing left: %s", text)
	}
}

const mutation = `mutation($input:X!){addToCart(input:$input){cart{total}}}`

// TestGraphQLWritesAreSentOnce, and what is not clear is unknown.
func TestGraphQLWrites(t *testing.T) {
	tests := map[string]struct {
		answer http.Handler
		want   woo.Kind
	}{
		"lost":           {brokenAnswers["half a body"], woo.Unknown},
		"a page":         {answering(200, "<html>"), woo.Unknown},
		"bad gateway":    {answering(502, ""), woo.Unknown},
		"maintenance":    {answering(503, ""), woo.Unknown},
		"a PHP notice":   {answering(200, "<br />\n<b>Notice</b>: x\n"+`{"data":{"addToCart":null}}`), woo.Unknown},
		"neither":        {answering(200, `{"extensions":{}, "data":null}`), woo.Unknown},
		"hidden":         {answering(200, `{"data":{"addToCart":null},"errors":[{"message":"Internal server error","path":["addToCart"]}]}`), woo.Unknown},
		"after a part":   {answering(200, `{"data":{"addToCart":{"cart":null}},"errors":[{"message":"No.","path":["addToCart","cart"]}]}`), woo.Unknown},
		"one of two":     {answering(200, `{"data":{"a":{"x":1},"b":null},"errors":[{"message":"No.","path":["b"]}]}`), woo.Unknown},
		"refused":        {answering(200, `{"data":{"addToCart":null},"errors":[{"message":"Sorry, no.","path":["addToCart"]}]}`), woo.Refused},
		"not understood": {answering(500, `{"errors":[{"message":"Syntax Error: Unexpected Name"}]}`), woo.Refused},
		"rate limited":   {answering(429, ""), woo.RateLimited},
		"elsewhere":      {answering(307, "", "Location", "https://evil.example/graphql"), woo.Unknown},
		"unauthorised":   {answering(401, "<html>"), woo.Unknown},
		"another shape":  {answering(200, `{"data":{"addToCart":7}}`), woo.Unknown},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"POST /graphql": test.answer})
			var into struct {
				AddToCart struct{ Cart struct{ Total string } }
			}
			_, err := site.client(t).SendGraphQL(t.Context(), woo.GraphQLRequest{
				Op: "add to cart", Document: mutation, Write: true, Header: http.Header{"Woocommerce-Session": {"Session hidden"}},
			}, &into)
			if e := checkKind(t, err, test.want); e.Op != "add to cart" || strings.Contains(err.Error(), "hidden") {
				t.Errorf("%v", err)
			}
			if n := len(site.seen()); n != 1 {
				t.Errorf("sent %d times", n)
			}
			if r := site.seen()[0]; r.header.Get("Woocommerce-Session") != "Session hidden" || r.header.Get("Authorization") != "" {
				t.Errorf("headers %v", r.header)
			}
		})
	}
}

// TestGraphQLReadsAreTriedAgain where that can help.
func TestGraphQLReadsAreTriedAgain(t *testing.T) {
	good := answering(200, `{"data":{"n":1}}`)
	for name, first := range map[string]http.Handler{"bad gateway": answering(502, ""), "rate": answering(429, ""), "hidden": answering(200, `{"data":null,"errors":[{"message":"Internal server error"}]}`), "a page": answering(200, "<html>")} {
		site := newSite(t, map[string]http.Handler{"POST /graphql": inTurn(first, good)})
		var into struct{ N int }
		if _, err := site.client(t).SendGraphQL(t.Context(), woo.GraphQLRequest{Op: "read", Document: "{n}"}, &into); err != nil || into.N != 1 || len(site.seen()) != 2 {
			t.Errorf("%s: %v, %d requests", name, err, len(site.seen()))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	site := newSite(t, map[string]http.Handler{"*": good})
	_, err := site.client(t).SendGraphQL(ctx, woo.GraphQLRequest{Document: mutation, Write: true}, nil)
	if e := checkKind(t, err, woo.Unavailable); !errors.Is(e, context.Canceled) || len(site.seen()) != 0 {
		t.Errorf("a caller who has gone: %v", err)
	}
}
