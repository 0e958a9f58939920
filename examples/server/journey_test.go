package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/woo/wootest"
)

// open is a shop of this server's, on a real Postgres, with stand-ins for everything outside.
type open struct {
	*shop
	t       *testing.T
	url     string
	store   *wootest.Store
	gateway *razorpaytest.Server
	env     map[string]string
}

// opened migrates a schema of its own and serves from it; extra is added to the environment.
func opened(t *testing.T, extra map[string]string) *open {
	t.Helper()
	database := os.Getenv("ANKKOR_TEST_POSTGRES_URL")
	if database == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("CI has no Postgres in ANKKOR_TEST_POSTGRES_URL")
		}
		t.Skip("there is no Postgres: make test starts one, or name one in ANKKOR_TEST_POSTGRES_URL")
	}
	o := &open{t: t}
	var err error
	if o.store, err = wootest.New(wootest.Config{Keys: []wootest.APIKey{{Key: demoWooKey, Secret: demoWooSecret, Permissions: wootest.ReadWrite}}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.store.Close() })
	if o.gateway, err = openDemoGateway("http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	razorpay := httptest.NewServer(o.gateway)
	t.Cleanup(razorpay.Close)
	o.env = map[string]string{
		"PUBLIC_URL": "http://127.0.0.1", "DANGEROUSLY_ALLOW_PLAIN_HTTP": "true", "GUEST_KEYS": longSecret,
		"DATABASE_URL": database, "DATABASE_SCHEMA": "server_" + strings.ToLower(rand.Text()), "DATABASE_POOL": "6",
		"WOO_URL": o.store.URL(), "WOO_KEY": demoWooKey, "WOO_SECRET": demoWooSecret, "RAZORPAY_MOCK": "true", "RAZORPAY_URL": razorpay.URL,
	}
	maps.Copy(o.env, extra)
	o.serve()
	return o
}

// serve does what the commands migrate, seed and serve do.
func (o *open) serve() {
	o.t.Helper()
	var out bytes.Buffer
	for _, command := range []string{"migrate", "seed"} {
		if code := run(o.t.Context(), []string{command}, reading(o.env), &out, &out); code != exitOK {
			o.t.Fatalf("server %s: %s", command, out.String())
		}
	}
	c, err := readConfig(reading(o.env), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if o.shop, err = openShop(o.t.Context(), c, reading(o.env), log); err != nil {
		o.t.Fatal(err)
	}
	handler, err := o.routes(o.readiness())
	if err != nil {
		o.t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	work := start(context.Background(), log, o.loops()...)
	o.t.Cleanup(func() {
		server.Close()
		work.stop()
		_ = o.shop.close()
	})
	o.url = server.URL
}

// visitor is a browser, or a shop's own server on behalf of one.
type visitor struct {
	*open
	browser http.Client
	token   string // of an account
	origin  string
}

func (o *open) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return &visitor{open: o, browser: http.Client{Jar: jar}}
}

// send makes a request and returns the status, the headers and the body, read into a map.
func (v *visitor) send(method, path, body string) (int, http.Header, map[string]any) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", rand.Text())
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	if v.origin != "" {
		r.Header.Set("Origin", v.origin)
	}
	response, err := v.browser.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	said := map[string]any{}
	if len(data) > 0 && data[0] == '{' {
		if err := json.Unmarshal(data, &said); err != nil {
			v.t.Fatal(err)
		}
	}
	return response.StatusCode, response.Header, said
}

// must is send of what has to go well.
func (v *visitor) must(method, path, body string) map[string]any {
	v.t.Helper()
	status, _, said := v.send(method, path, body)
	if status >= 300 {
		v.t.Fatalf("%s %s: %d %v", method, path, status, said)
	}
	return said
}

// teapot is a product that the stand-in counts.
const teapot = 16

// begun fills the cart and begins a checkout to Bengaluru.
func (v *visitor) begun() (id string) {
	v.t.Helper()
	v.must("POST", "/api/cart/changes", fmt.Sprintf(`{"op":"add","product_id":%d,"quantity":1}`, teapot))
	id = at(v.must("POST", "/api/checkouts", `{}`), "checkout", "id")
	v.must("PUT", "/api/checkouts/"+id+"/addresses", `{"billing":{"first_name":"Asha","last_name":"Rao","address_1":"12 MG Road",
		"city":"Bengaluru","state":"KA","postcode":"560001","country":"IN","email":"asha@example.in","phone":"9845012345"}}`)
	return id
}

// place chooses a way to pay, places the order and pays what is to be paid online.
func (v *visitor) place(id, method string) (order map[string]any) {
	v.t.Helper()
	chosen := v.must("PUT", "/api/checkouts/"+id+"/payment-method", `{"method":"`+method+`"}`)
	placed := v.must("POST", "/api/checkouts/"+id+"/place", `{"quote_hash":"`+at(chosen, "quote_hash")+`"}`)
	gatewayOrder := at(placed, "gateway", "order_id")
	if gatewayOrder == "" {
		return placed
	}
	callback, err := v.gateway.Pay(gatewayOrder)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := json.Marshal(callback)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.must("POST", "/api/checkouts/"+id+"/payment", string(body))
}

// at is a text inside an answer, "" where there is none.
func at(said map[string]any, path ...string) string {
	for i, name := range path {
		if i == len(path)-1 {
			text, _ := said[name].(string)
			return text
		}
		said, _ = said[name].(map[string]any)
	}
	return ""
}
