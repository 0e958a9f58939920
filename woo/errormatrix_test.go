package woo_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
)

// badAnswer is an answer that no store means to send, and what becomes of a
// call that gets it: a read, a write, a GraphQL query, a GraphQL mutation.
type badAnswer struct {
	answer  http.Handler
	kinds   [4]woo.Kind
	text    string // part of every error
	retried bool   // a read asks again
}

var (
	notThere  = [4]woo.Kind{woo.Unavailable, woo.Unknown, woo.Unavailable, woo.Unknown}
	slowDown  = [4]woo.Kind{woo.RateLimited, woo.RateLimited, woo.RateLimited, woo.RateLimited}
	broken500 = `{"code":"internal_server_error","message":"<p>There has been a critical error on this website.</p>","data":{"status":500},"additional_errors":[]}`
)

func badAnswers() map[string]badAnswer {
	endless := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"data":{"x":"`)
		chunk := strings.Repeat("a", 64<<10)
		for range 64 { // 4 MB, the cap is 1
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	})
	cutOff := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"data":{"x":1`)
	})
	return map[string]badAnswer{
		"a page with 200":         {answering(200, "<!DOCTYPE html><title>Just a moment...</title>", "Content-Type", "text/html"), notThere, "an HTML page: Just a moment...", true},
		"a page called JSON":      {answering(200, "<html><body>Checking your browser</body>", "Content-Type", "application/json"), notThere, "an HTML page: Checking your browser", true},
		"a PHP notice before":     {answering(200, "<br />\n<b>Notice</b>:  Undefined index in <b>/x.php</b> on line <b>3</b><br />\n"+`{"data":{"x":1}}`), notThere, "WP_DEBUG_DISPLAY", true},
		"a PHP warning, plain":    {answering(200, "Warning: foreach() in /x.php on line 3\n"+`{"data":{"x":1}}`), notThere, "WP_DEBUG_DISPLAY", true},
		"a PHP message after":     {answering(200, `{"data":{"x":1}}`+"\n<br />\n<b>Warning</b>: in /x.php"), notThere, "WP_DEBUG_DISPLAY", true},
		"half a body":             {answering(200, `{"data":{"x":`), notThere, "breaks off", true},
		"a connection cut":        {cutOff, notThere, "broke off", true},
		"nothing":                 {answering(200, ""), notThere, "an empty body", true},
		"white space":             {answering(200, " \r\n\t "), notThere, "an empty body", true},
		"a byte order mark":       {answering(200, "\ufeff"+`{"data":{"x":1}}`), notThere, "not JSON", true},
		"plain text":              {answering(200, "OK", "Content-Type", "text/plain"), notThere, "not JSON", true},
		"endless":                 {endless, notThere, "longer than Config.MaxBody", false},
		"a gzip bomb":             {gzipped(strings.Repeat(" ", 4<<20)), notThere, "longer than Config.MaxBody", false},
		"elsewhere":               {answering(302, "", "Location", "https://evil.example/x"), notThere, "Site Address", false},
		"elsewhere, method kept":  {answering(308, "", "Location", "//evil.example/x"), notThere, "Site Address", false},
		"elsewhere, to a file":    {answering(301, "", "Location", "file:///etc/passwd"), notThere, "Site Address", false},
		"maintenance":             {answering(503, "Briefly unavailable for scheduled maintenance.", "Retry-After", "1"), notThere, "HTTP 503", true},
		"bad gateway":             {answering(502, "<html><title>502 Bad Gateway</title></html>"), notThere, "502 Bad Gateway", true},
		"gateway timeout":         {answering(504, ""), notThere, "HTTP 504", true},
		"request timeout":         {answering(408, ""), notThere, "HTTP 408", true},
		"a firewall":              {answering(403, "<html><title>Request blocked</title></html>"), notThere, "Request blocked", true},
		"a teapot's page":         {answering(418, "<title>Suspicious</title>"), notThere, "Suspicious", true},
		"slow down":               {answering(429, "Too Many Requests", "Retry-After", "7"), slowDown, "HTTP 429", true},
		"slow down, as JSON":      {answering(429, `{"code":"rate_limit_exceeded","message":"Too many requests.","data":{"status":429}}`), slowDown, "HTTP 429", true},
		"PHP died":                {answering(500, broken500), notThere, "HTTP 500", true},
		"PHP died, white page":    {answering(500, ""), notThere, "HTTP 500", true},
		"an error called success": {answering(200, `{"code":"rest_cookie_invalid_nonce","message":"Cookie check failed","data":{"status":403}}`), notThere, "", true},
	}
}

// TestErrorMatrix: every bad answer to every kind of call. Nothing is taken for
// done or for refused, a write goes out once, and the error says what was wrong
// without a secret in it.
func TestErrorMatrix(t *testing.T) {
	calls := []struct {
		name string
		call func(*testing.T, *woo.Client) error
	}{
		{"read", func(t *testing.T, c *woo.Client) error {
			_, err := c.Send(t.Context(), woo.Request{Op: "try", Path: "wc/v3/orders/154"}, &struct{}{})
			return err
		}},
		{"write", func(t *testing.T, c *woo.Client) error {
			_, err := c.Send(t.Context(), woo.Request{Op: "try", Method: "POST", Path: "wc/v3/orders", Body: 1}, &struct{}{})
			return err
		}},
		{"query", func(t *testing.T, c *woo.Client) error {
			_, err := c.SendGraphQL(t.Context(), woo.GraphQLRequest{Op: "try", Document: "{x}", Header: secretHeader()}, &struct{}{})
			return err
		}},
		{"mutation", func(t *testing.T, c *woo.Client) error {
			_, err := c.SendGraphQL(t.Context(), woo.GraphQLRequest{Op: "try", Document: "mutation{x}", Write: true, Header: secretHeader()}, &struct{}{})
			return err
		}},
	}
	for name, bad := range badAnswers() {
		for i, call := range calls {
			t.Run(name+", "+call.name, func(t *testing.T) {
				site := newSite(t, map[string]http.Handler{"*": bad.answer})
				err := call.call(t, site.client(t, func(c *woo.Config) { c.MaxBody, c.Retries = 1<<20, 1 }))
				e := checkKind(t, err, bad.kinds[i])
				if text := fmt.Sprintf("%v %+v", err, e); !strings.Contains(err.Error(), bad.text) || strings.Contains(text, "hidden") || strings.Contains(text, testSecret) || e.Op != "try" {
					t.Errorf("%q lacks %q, or tells a secret", err, bad.text)
				}
				want := 1
				if bad.retried && i%2 == 0 {
					want = 2
				}
				if n := len(site.seen()); n != want {
					t.Errorf("sent %d times, want %d", n, want)
				}
			})
		}
	}
}

func secretHeader() http.Header {
	return http.Header{"Authorization": {"Bearer hidden"}, "Woocommerce-Session": {"Session hidden"}}
}

// TestGraphQLErrorMatrix: what GraphQL alone can answer.
func TestGraphQLErrorMatrix(t *testing.T) {
	tests := map[string]struct {
		answer          http.Handler
		query, mutation woo.Kind
		text            string
	}{
		"a stale bearer":         {answering(200, `{"errors":[{"message":"Internal server error","path":["x"]}],"data":{"x":null}}`), woo.Unavailable, woo.Unknown, "Internal server error"},
		"a bearer of elsewhere":  {answering(401, `{"errors":[{"message":"Internal server error","path":["x"]}],"data":{"x":null}}`), woo.Unavailable, woo.Unknown, "Internal server error"},
		"data beside errors":     {answering(200, `{"errors":[{"message":"Cart is &quot;gone&quot;","path":["cart","x"]}],"data":{"x":{"y":1}}}`), woo.Refused, woo.Unknown, `Cart is "gone"`},
		"errors and nothing":     {answering(200, `{"errors":[{"message":"No.","path":["x"]}],"data":{"x":null}}`), woo.NotFound, woo.Refused, "No."},
		"a syntax error":         {answering(500, `{"errors":[{"message":"Syntax Error: Expected Name"}]}`), woo.Refused, woo.Refused, "Syntax Error"},
		"a wrong content type":   {answering(415, `{"errors":[{"message":"Unsupported media type"}]}`), woo.Refused, woo.Refused, "Unsupported media type"},
		"neither":                {answering(200, `{"data":null}`), woo.Unavailable, woo.Unknown, "neither data nor errors"},
		"errors that are none":   {answering(200, `{"errors":"no","data":{"x":1}}`), woo.Unavailable, woo.Unknown, ""},
		"a list of answers":      {answering(200, `[{"data":{"x":1}}]`), woo.Unavailable, woo.Unknown, ""},
		"no plugin, a page":      {answering(404, "<title>Page not found</title>"), woo.Unavailable, woo.Unknown, "is WPGraphQL active?"},
		"no plugin, as REST":     {answering(404, `{"code":"rest_no_route","message":"No route","data":{"status":404}}`), woo.Unavailable, woo.Unknown, "is WPGraphQL active?"},
		"data of another shape":  {answering(200, `{"data":[1,2]}`), woo.Unavailable, woo.Unknown, "unexpected"},
		"an error without words": {answering(200, `{"errors":[{}],"data":null}`), woo.Refused, woo.Refused, ""},
	}
	for name, test := range tests {
		for _, write := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", write ", write), func(t *testing.T) {
				site := newSite(t, map[string]http.Handler{"POST /graphql": test.answer})
				_, err := site.client(t).SendGraphQL(t.Context(), woo.GraphQLRequest{Op: "try", Document: "{x}", Write: write, Header: secretHeader()}, &struct{ X any }{})
				want := test.query
				if write {
					want = test.mutation
				}
				if checkKind(t, err, want); !strings.Contains(err.Error(), test.text) || strings.Contains(err.Error(), "hidden") {
					t.Errorf("%q lacks %q", err, test.text)
				}
				if write && len(site.seen()) != 1 {
					t.Errorf("sent %d times", len(site.seen()))
				}
				if errors.Is(err, woo.ErrRefused) && len(site.seen()) != 1 {
					t.Errorf("a refused call was sent %d times", len(site.seen()))
				}
			})
		}
	}
}

// TestMissingParametersAreNamed: for these WordPress sends a list.
func TestMissingParametersAreNamed(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(400, `{"code":"rest_missing_callback_param","message":"Missing parameter(s): email, password","data":{"status":400,"params":["email","password"]}}`)})
	_, err := site.client(t).Send(t.Context(), woo.Request{Op: "create customer", Method: "POST", Path: "wc/v3/customers"}, nil)
	if e := checkKind(t, err, woo.Refused); e.Field != "email" || len(e.Params) != 2 || e.Params["password"] == "" {
		t.Errorf("%+v", e)
	}
}
