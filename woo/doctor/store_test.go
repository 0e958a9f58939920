package doctor_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/doctor"
	"github.com/ankkor/ankkor/woo/wootest"
)

func TestStore(t *testing.T) {
	everything := func(status int, body string) ward {
		return seen(func(_ *http.Request, a *http.Response) { replace(a, status, body) })
	}
	redirect := seen(func(_ *http.Request, a *http.Response) {
		replace(a, http.StatusMovedPermanently, "")
		a.Header.Set("Location", "https://www.shop.example/wp-json/wc/v3?secret=1")
	})
	try(t, map[string]broken{
		"nobody there":        {ward: ward{woo: func(c *woo.Config) { c.URL = "https://127.0.0.1:1" }}, want: []string{"breaks store.reachable"}, away: true},
		"another certificate": {ward: ward{woo: func(c *woo.Config) { c.HTTP = nil }}, want: []string{"breaks store.tls"}, away: true},
		"plain permalinks":    {ward: everything(404, "<html><title>Page not found</title>"), want: []string{"breaks store.rest"}, away: true},
		"another site":        {ward: everything(200, "<html><title>Welcome to nginx</title>"), want: []string{"breaks store.rest"}, away: true},
		"no WooCommerce":      {ward: everything(404, `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`), want: []string{"breaks store.rest"}, away: true},
		"maintenance":         {ward: everything(503, "<html>Briefly unavailable for scheduled maintenance."), want: []string{"breaks store.reachable"}, away: true},
		"fatal error":         {ward: everything(500, "<html>There has been a critical error on this website."), want: []string{"breaks store.reachable"}, away: true},
		"too often":           {ward: everything(429, ""), want: []string{"breaks store.reachable"}, away: true},
		"firewall":            {ward: everything(403, "<html><title>Attention Required! | Cloudflare</title>"), want: []string{"breaks store.rest"}, away: true},
		"redirect":            {ward: redirect, want: []string{"breaks store.rest"}, away: true},
		"strangers kept out": {
			ward: seen(answering("/wp-json/wc/v3", 401, `{"code":"rest_not_logged_in","message":"You are not currently logged in.","data":{"status":401}}`)),
			want: []string{"warns store.rest"},
		},
		"another address":   {ward: file("system_status.json", `"home_url": "https://shop.example.test"`, `"home_url": "http://shop.example"`), want: []string{"breaks store.address"}},
		"another folder":    {ward: file("system_status.json", `"home_url": "https://shop.example.test"`, `"home_url": "https://shop.example.test/blog"`), want: []string{"warns store.address"}},
		"address not known": {ward: file("system_status.json", `"home_url": "https://shop.example.test"`, `"home_url": ""`), want: []string{"unchecked store.address"}},
		"status unreadable": {
			ward: seen(answering("/system_status", 200, `{"environment":"yes"}`)),
			want: []string{
				"unchecked store.address", "unchecked store.php-output", "unchecked store.timers", "unchecked store.execution-time", "unchecked key.read",
				"unchecked version.wordpress", "unchecked version.woocommerce", "unchecked version.php", "unchecked version.wpgraphql",
				"unchecked version.woographql", "unchecked orders.hpos", "unchecked rules.readable",
			},
		},
		"errors shown":     {ward: file("system_status.json", `"hide_errors": true`, `"hide_errors": false`), want: []string{"warns store.php-output"}},
		"errors not known": {ward: file("system_status.json", `"hide_errors": true`, `"other": true`), want: []string{"unchecked store.php-output"}},
		"unlimited PHP":    {ward: file("system_status.json", `"php_max_execution_time": 30`, `"php_max_execution_time": 0`), want: []string{"warns store.execution-time"}},
		"PHP not told":     {ward: file("system_status.json", `"php_max_execution_time": 30`, `"other": 30`), want: []string{"unchecked store.execution-time"}},
		"cron not told":    {ward: file("system_status.json", `"wp_cron": true`, `"other": true`), want: []string{"unchecked store.timers"}},
		"long PHP":         {ward: file("system_status.json", `"php_max_execution_time": 30`, `"php_max_execution_time": 60`), want: []string{"warns store.execution-time"}},
		"short settling": {
			ward: asked(func(o *doctor.Options) { o.Policy = checkout.Policy{Settle: 80 * time.Second, Lease: time.Minute} }),
			want: []string{"warns store.execution-time"},
		},
		"long settling": {
			ward: ward{
				files: map[string][]string{"system_status.json": {`"php_max_execution_time": 30`, `"php_max_execution_time": 300`}},
				ask:   func(o *doctor.Options) { o.Policy.Settle = 7 * time.Minute },
			},
			want: []string{},
		},
		"cron of the host":  {ward: file("system_status.json", `"wp_cron": true`, `"wp_cron": false`), want: []string{"notes store.timers"}},
		"draft left":        {ward: seen(lateOrders("checkout-draft", oldDraft)), want: []string{"warns store.timers"}},
		"unpaid order left": {ward: seen(lateOrders("pending", oldUnpaid)), want: []string{"warns store.timers"}},
		"both left": {
			ward: seen(both(lateOrders("pending", oldUnpaid), lateOrders("checkout-draft", oldDraft))), want: []string{"breaks store.timers"},
		},
		"unpaid order of ours": {
			ward: seen(lateOrders("pending", `[{"id":900,"created_via":"rest-api","date_modified_gmt":"2026-01-02T03:04:05"}]`)), want: []string{},
		},
		"unpaid not listed": {ward: seen(lateOrders("pending", `{"message":"odd"}`)), want: []string{"unchecked store.timers"}},
		"orders not listed": {ward: seen(lateOrders("checkout-draft", `{"message":"odd"}`)), want: []string{"unchecked store.timers"}},
	})
}

const (
	oldDraft  = `[{"id":900,"created_via":"store-api","date_modified_gmt":"2026-01-02T03:04:05"}]`
	oldUnpaid = `[{"id":901,"created_via":"checkout","date_modified_gmt":"2026-01-02T03:04:05"}]`
)

// lateOrders answers the search for old orders of a status.
func lateOrders(status, body string) func(*http.Request, *http.Response) {
	return at("/wc/v3/orders", func(r *http.Request, a *http.Response) {
		if r.URL.Query().Get("status") == status {
			replace(a, http.StatusOK, body)
		}
	})
}

// TestPHPOutput: what PHP prints around the JSON is found and named, and what it
// surrounds is read all the same.
func TestPHPOutput(t *testing.T) {
	around := func(path, before, after string) ward {
		return ward{front: func(r *http.Request, a *http.Response) {
			if strings.HasSuffix(r.URL.Path, path) {
				edit(t, a, func(body string) string { return before + body + after })
			}
		}}
	}
	const notice = "<br />\n<b>Notice</b>: Undefined index: a[0] in <b>/srv/plugins/loud.php</b> on line <b>{3}</b><br />\n"
	try(t, map[string]broken{
		"before": {ward: around("/system_status", notice, ""), want: []string{
			"breaks store.php-output", "unchecked rules.readable"}}, // the client itself does not read past it
		"after":         {ward: around("/reports/products/totals", "", "\n<!-- cached page -->"), want: []string{"breaks store.php-output"}},
		"byte order":    {ward: around("/wc/v3/payment_gateways", "\ufeff", ""), want: []string{"breaks store.php-output"}},
		"a failed call": {ward: seen(answering("/wc/v3/payment_gateways", 500, notice)), want: []string{"breaks store.php-output", "unchecked payment.gateways"}},
	})
	r, err := around("/reports/products/totals", notice, "").examine(t)
	if err != nil {
		t.Fatal(err)
	}
	list := r.Of(doctor.StorePHPOutput)
	if len(list) != 1 || !strings.Contains(list[0].Found, "/srv/plugins/loud.php on line {3}") || strings.Contains(list[0].Found, "<b>") {
		t.Errorf("found %+v", list)
	}
}

// TestClock moves the date of every answer.
func TestClock(t *testing.T) {
	by := func(d time.Duration) ward {
		return seen(func(_ *http.Request, a *http.Response) {
			date, err := http.ParseTime(a.Header.Get("Date"))
			if err != nil {
				t.Error(err)
			}
			a.Header.Set("Date", date.Add(d).UTC().Format(http.TimeFormat))
		})
	}
	try(t, map[string]broken{
		"a little behind": {ward: by(-20 * time.Second), want: []string{}},
		"behind":          {ward: by(-3 * time.Minute), want: []string{"warns store.clock"}},
		"far ahead":       {ward: by(time.Hour), want: []string{"breaks store.clock"}},
		"no date":         {ward: seen(func(_ *http.Request, a *http.Response) { a.Header.Del("Date") }), want: []string{"unchecked store.clock"}},
	})
}

// TestTLS: plain http is worth a word on one's own machine, and a certificate
// that ends soon.
func TestTLS(t *testing.T) {
	plain := ward{store: func(c *wootest.Config) { c.TLS = false }}
	try(t, map[string]broken{
		"plain":    {ward: ward{store: plain.store}, want: []string{"notes store.tls"}},
		"ends":     {ward: asked(func(o *doctor.Options) { o.Now = func() time.Time { return time.Now().Add(23 * time.Hour) } }), want: []string{"breaks store.clock", "warns store.tls"}},
		"internet": {ward: ward{store: plain.store, woo: fromAfar}, want: []string{"breaks store.tls"}},
	})
}

// fromAfar makes the store's loopback address look like one of the internet.
func fromAfar(c *woo.Config) {
	through, _ := c.HTTP.Transport.(curtain)
	through.to = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return farConn{conn}, err
	}}
	c.HTTP = &http.Client{Transport: through}
}

type farConn struct{ net.Conn }

func (farConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7), Port: 80} }

// TestKey provokes what can be wrong with a key.
func TestKey(t *testing.T) {
	// blind is what cannot be asked without a key.
	blind := []string{
		"unchecked store.address", "unchecked store.php-output", "unchecked store.timers", "unchecked store.execution-time",
		"unchecked key.write orders", "unchecked key.write products", "unchecked version.wordpress", "unchecked version.woocommerce",
		"unchecked version.php", "unchecked version.wpgraphql", "unchecked version.woographql", "unchecked orders.hpos", "unchecked rules.readable",
		"unchecked settings.currency", "unchecked settings.decimals", "unchecked settings.taxes", "unchecked settings.tax-basis",
		"unchecked settings.stock", "unchecked settings.hold-stock", "unchecked settings.guest-checkout", "unchecked settings.coupons",
		"unchecked settings.countries", "unchecked states.india", "unchecked tax.classes", "unchecked payment.gateways", "unchecked products.prices",
		"unchecked cache.rest", "unchecked webhooks.alive",
	}
	refused := append([]string{"breaks key.read"}, blind...)
	keys := func(p wootest.Permission) ward {
		const key, secret = "ck_2222222222222222222222222222222222222222", "cs_3333333333333333333333333333333333333333"
		return ward{
			store: func(c *wootest.Config) {
				c.Keys = []wootest.APIKey{
					{Key: "ck_0000000000000000000000000000000000000000", Secret: "cs_1111111111111111111111111111111111111111", Permissions: wootest.ReadWrite},
					{Key: key, Secret: secret, Permissions: p},
				}
			},
			woo: func(c *woo.Config) { c.Key, c.Secret = key, woo.NewSecret(secret) },
		}
	}
	forbidden := `{"code":"woocommerce_rest_cannot_batch","message":"Sorry, you are not allowed to batch manipulate this resource.","data":{"status":403}}`
	try(t, map[string]broken{
		"wrong secret": {ward: ward{woo: func(c *woo.Config) { c.Secret = woo.NewSecret("cs_wrong") }}, want: refused},
		"unknown key":  {ward: ward{woo: func(c *woo.Config) { c.Key = "ck_wrong" }}, want: refused},
		"write only":   {ward: keys(wootest.Write), want: drop(refused, "key.write")},
		"read only":    {ward: keys(wootest.Read), want: []string{"breaks key.write orders", "breaks key.write products"}},
		"no orders":    {ward: seen(answering("/orders/batch", 403, forbidden)), want: []string{"breaks key.write orders"}},
		"no answer":    {ward: seen(answering("/products/batch", 502, "<html>")), want: []string{"unchecked key.write products"}},
		"not a manager": {
			ward: seen(answering("/system_status", 403, `{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":403}}`)),
			want: []string{
				"breaks key.read", "unchecked store.address", "unchecked store.php-output", "unchecked store.timers", "unchecked store.execution-time",
				"unchecked version.wordpress", "unchecked version.woocommerce", "unchecked version.php", "unchecked version.wpgraphql",
				"unchecked version.woographql", "unchecked orders.hpos",
			},
		},
		"no key": {
			ward: ward{woo: func(c *woo.Config) { c.Key, c.Secret = "", woo.NewSecret("") }},
			want: insert(insert(insert(drop(blind, "products.prices"), 4, "unchecked key.read"), 12, "unchecked companion"), 27, "unchecked products.types"),
		},
	})
}

// TestWritesNothing counts what a whole examination leaves behind.
func TestWritesNothing(t *testing.T) {
	client, store := ward{front: func(r *http.Request, _ *http.Response) {
		if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/batch") && !strings.HasSuffix(r.URL.Path, "/graphql") {
			t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		}
	}}.open(t)
	before, stock := len(store.Orders()), store.PendingWebhooks()
	if _, err := doctor.Diagnose(t.Context(), client, doctor.Options{}); err != nil {
		t.Fatal(err)
	}
	if after := len(store.Orders()); after != before || store.PendingWebhooks() != stock {
		t.Errorf("%d orders before, %d after; %d webhooks due before, %d after", before, after, stock, store.PendingWebhooks())
	}
}

// TestRedirectKeepsQuiet: the address a store redirects to can carry anything;
// only its host is told.
func TestRedirectKeepsQuiet(t *testing.T) {
	r, err := seen(func(_ *http.Request, a *http.Response) {
		replace(a, http.StatusFound, "")
		a.Header.Set("Location", (&url.URL{Scheme: "https", Host: "login.example", Path: "/", RawQuery: "token=abc"}).String())
	}).examine(t)
	if !errors.Is(err, doctor.ErrNotAsked) {
		t.Fatal(err)
	}
	list := r.Of(doctor.StoreREST)
	if len(list) != 1 || !strings.Contains(list[0].Found, "https://login.example (HTTP 302)") {
		t.Errorf("found %+v", list)
	}
}
