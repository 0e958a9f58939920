package woo_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

// kinds is every kind with its sentinel and what the checkout makes of it.
var kinds = map[woo.Kind]struct{ own, port error }{
	woo.Refused:      {woo.ErrRefused, checkout.ErrRefused},
	woo.NotFound:     {woo.ErrNotFound, checkout.ErrRefused},
	woo.Unknown:      {woo.ErrUnknown, checkout.ErrUnknown},
	woo.Unauthorised: {woo.ErrUnauthorised, checkout.ErrUnavailable},
	woo.RateLimited:  {woo.ErrRateLimited, checkout.ErrUnavailable},
	woo.Unavailable:  {woo.ErrUnavailable, checkout.ErrUnavailable},
}

// checkKind wants an *Error of a kind that is nothing else besides.
func checkKind(t *testing.T, err error, want woo.Kind) *woo.Error {
	t.Helper()
	var e *woo.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("got %v, want an Error of kind %q", err, want)
	}
	for kind, is := range kinds {
		if errors.Is(err, is.own) != (kind == want) {
			t.Errorf("errors.Is(err, %q) is %v", is.own, kind != want)
		}
	}
	for _, port := range []error{checkout.ErrRefused, checkout.ErrUnknown, checkout.ErrUnavailable} {
		if errors.Is(err, port) != (port == kinds[want].port) {
			t.Errorf("errors.Is(err, %q) is %v", port, port != kinds[want].port)
		}
	}
	return e
}

func TestRecordedRESTErrors(t *testing.T) {
	tests := []struct {
		file        string
		read, write woo.Kind
		code        string
		field       string
		message     string
	}{
		{"bad-coupon", woo.Refused, woo.Refused, "woocommerce_rest_invalid_coupon", "", `Coupon "nope" cannot be applied because it does not exist.`},
		{"bad-email", woo.Refused, woo.Refused, "rest_invalid_param", "billing", "Invalid parameter(s): billing"},
		{"bad-param", woo.Refused, woo.Refused, "rest_invalid_param", "orderby", "Invalid parameter(s): per_page, orderby"},
		{"bad-customer", woo.Refused, woo.Refused, "woocommerce_rest_invalid_customer_id", "", "Customer ID is invalid."},
		{"bad-json", woo.Refused, woo.Refused, "rest_invalid_json", "", "Invalid JSON body passed."},
		{"order-unknown", woo.NotFound, woo.NotFound, "woocommerce_rest_shop_order_invalid_id", "", "Invalid ID."},
		{"product-unknown", woo.NotFound, woo.NotFound, "woocommerce_rest_product_invalid_id", "", "Invalid ID."},
		{"already-trashed", woo.Refused, woo.Refused, "woocommerce_rest_already_trashed", "", "The product has already been deleted."},
		{"no-auth", woo.Unauthorised, woo.Unauthorised, "woocommerce_rest_cannot_view", "", "Sorry, you cannot list resources."},
		{"bad-secret", woo.Unauthorised, woo.Unauthorised, "woocommerce_rest_authentication_error", "", "Consumer secret is invalid."},
		{"read-only-key", woo.Unauthorised, woo.Unauthorised, "woocommerce_rest_authentication_error", "", "The API key provided does not have write permissions."},
		// WooCommerce switched off for a moment is no verdict on an order.
		{"no-route", woo.Unavailable, woo.Unavailable, "rest_no_route", "", "No route was found matching the URL and request method."},
		{"refund-too-much", woo.Unavailable, woo.Unknown, "woocommerce_rest_cannot_create_order_refund", "", "Invalid refund amount."},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": recording("rest/" + test.file + ".http")})
			client := site.client(t, func(c *woo.Config) { c.Retries = -1 })
			_, readErr := client.Order(t.Context(), 1)
			_, writeErr := client.CreatePending(t.Context(), mugOrder())
			for _, got := range []*woo.Error{checkKind(t, readErr, test.read), checkKind(t, writeErr, test.write)} {
				want := &woo.Error{Code: test.code, Field: test.field, Message: test.message}
				if diff := cmp.Diff(want, &woo.Error{Code: got.Code, Field: got.Field, Message: got.Message}); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if got.Status < 400 || got.Cause != nil {
					t.Errorf("status %d, cause %v", got.Status, got.Cause)
				}
			}
			var refused *checkout.RefusedError
			if test.write == woo.Refused && (!errors.As(writeErr, &refused) || refused.Code != test.code || refused.Reason != test.message) {
				t.Errorf("the checkout sees %+v", refused)
			}
		})
	}
}

// brokenAnswers are bodies that no WooCommerce means to send.
var brokenAnswers = map[string]http.Handler{
	"HTML with 200":         answering(200, "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>", "Content-Type", "text/html"),
	"empty with 200":        answering(200, ""),
	"white space with 200":  answering(200, " \n\t"),
	"JSON breaks off":       edited("rest/order-created.http", `"line_items":[{`, `"line_items":[`+"\x00"),
	"half a body":           answering(200, `{"id":154,"parent_id":0,"status":"pend`),
	"PHP notice before":     answering(200, "<br />\n<b>Deprecated</b>:  Creation of dynamic property in <b>/var/www/x.php</b> on line <b>7</b><br />\n{\"id\":154}"),
	"PHP warning, no HTML":  answering(200, "Warning: Undefined variable $x in /var/www/x.php on line 7\n{\"id\":154}"),
	"error with 200":        answering(200, `{"code":"rest_cookie_invalid_nonce","message":"Cookie check failed","data":{"status":403}}`),
	"a list":                answering(200, `[]`),
	"a number":              answering(200, `7`),
	"null":                  answering(200, `null`),
	"an order without id":   answering(200, `{}`),
	"total is no amount":    edited("rest/order-created.http", `"total":"499.00"`, `"total":"₹499.00"`),
	"total overflows":       edited("rest/order-created.http", `"total":"499.00"`, `"total":"1e99999999"`),
	"total is missing":      edited("rest/order-created.http", `"total":"499.00"`, `"total":null`),
	"no such currency":      edited("rest/order-created.http", `"currency":"INR"`, `"currency":"ZZZ"`),
	"lines are text":        edited("rest/order-created.http", `"line_items":[`, `"line_items":"none","x":[`),
	"bad gateway, HTML":     answering(502, "<html><title>502 Bad Gateway</title></html>"),
	"gateway timeout":       answering(504, ""),
	"service unavailable":   answering(503, "Briefly unavailable for scheduled maintenance."),
	"PHP fatal":             answering(500, `{"code":"internal_server_error","message":"<p>There has been a critical error on this website.</p>","data":{"status":500}}`),
	"request timeout":       answering(408, ""),
	"firewall, after all":   answering(403, "<html><title>Request blocked</title></html>"),
	"redirect, same host":   answering(302, "", "Location", "/wp-login.php"),
	"redirect, other host":  answering(307, "", "Location", "https://evil.example/orders"),
	"permanent, other host": answering(301, "", "Location", "https://www.shop.example/"),
}

// TestBrokenAnswerToWriteIsUnknown: whatever cannot be understood after a
// write was sent may stand for an order that exists.
func TestBrokenAnswerToWriteIsUnknown(t *testing.T) {
	for name, answer := range brokenAnswers {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": answer})
			_, err := site.client(t).CreatePending(t.Context(), mugOrder())
			checkKind(t, err, woo.Unknown)
			if n := len(site.seen()); n != 1 {
				t.Errorf("sent %d times, want once", n)
			}
		})
	}
}

// TestBrokenAnswerToReadIsUnavailable: a read had no effect, so it may be
// repeated, a bounded number of times.
func TestBrokenAnswerToReadIsUnavailable(t *testing.T) {
	for name, answer := range brokenAnswers {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"GET /wp-json/wc/v3/orders/154": answer})
			_, err := site.client(t).Order(t.Context(), 154)
			checkKind(t, err, woo.Unavailable)
			asked := 0
			for _, r := range site.seen() {
				if strings.HasSuffix(r.path, "/orders/154") {
					asked++
				}
			}
			if asked > 1+woo.DefaultRetries {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	tests := map[string]string{
		"HTML with 200":        "an HTML page: Just a moment...",
		"PHP notice before":    "WP_DEBUG_DISPLAY",
		"PHP warning, no HTML": "WP_DEBUG_DISPLAY",
		"redirect, other host": "Site Address",
		"half a body":          "breaks off",
		"empty with 200":       "empty body",
		"error with 200":       "an error with a success status",
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": brokenAnswers[name]})
			_, err := site.client(t).CreatePending(t.Context(), mugOrder())
			if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, woo.ErrBadAnswer) {
				t.Errorf("got %q, want ErrBadAnswer with %q in it", err, want)
			}
		})
	}
}

func TestStoreMessagesArePlainText(t *testing.T) {
	tests := []struct{ sent, want string }{
		{`Coupon &quot;x&quot; is <b>not</b> valid.`, `Coupon "x" is not valid.`},
		{`&lt;strong&gt;Error:&lt;/strong&gt; unknown`, `Error: unknown`},
		{`<p>One</p><p>Two<br/>Three</p>`, `One Two Three`},
		{`5 < 6 and 7 > 3 & so on`, `5 < 6 and 7 > 3 & so on`},
		{`&#8377;499 <script>alert(1)</script>`, `₹499 alert(1)`},
		{"line\u0007 and \u202edirection", "line and direction"},
		{`<a href="https://x.example/>">cart</a>`, `">cart`},
		{strings.Repeat("ल", 400), strings.Repeat("ल", 166) + "…"},
	}
	for _, test := range tests {
		body := `{"code":"some_code","message":` + quoteJSON(test.sent) + `,"data":{"status":400}}`
		site := newSite(t, map[string]http.Handler{"*": answering(400, body)})
		_, err := site.client(t).Order(t.Context(), 1)
		if got := checkKind(t, err, woo.Refused).Message; got != test.want {
			t.Errorf("%q became %q, want %q", test.sent, got, test.want)
		}
	}
}
