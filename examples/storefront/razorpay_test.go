package main

import (
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestReadKeys(t *testing.T) {
	tests := map[string]struct {
		env    map[string]string
		id     string
		refuse string
	}{
		"none":      {nil, "", ""},
		"test keys": {map[string]string{"RAZORPAY_KEY_ID": "rzp_test_1DP5mmOlF5G5ag", "RAZORPAY_KEY_SECRET": "thesecretofthekey"}, "rzp_test_1DP5mmOlF5G5ag", ""},
		"half":      {map[string]string{"RAZORPAY_KEY_SECRET": "thesecretofthekey"}, "", "go together"},
		"live keys": {map[string]string{"RAZORPAY_KEY_ID": "rzp_live_1DP5mmOlF5G5ag", "RAZORPAY_KEY_SECRET": "thesecretofthekey"}, "", "no real money"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			k, err := readKeys(env(tt.env))
			if k.id != tt.id || (err == nil) != (tt.refuse == "") {
				t.Fatalf("%q, %v", k.id, err)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.refuse) || strings.Contains(err.Error(), "thesecret")) {
				t.Error(err)
			}
		})
	}
}

// openMock starts a shop on a Razorpay in the process, as RAZORPAY_MOCK=1 does.
func openMock(t *testing.T) (*shop, *httptest.Server) {
	t.Helper()
	k, err := readKeys(env(map[string]string{"RAZORPAY_MOCK": "1"}))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s, err := openShop(t.Context(), 20*time.Second, k, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	handler, err := newServer(s, log)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return s, server
}

// optionsOf reads what the page gives to checkout.js.
func optionsOf(t *testing.T, p page) options {
	t.Helper()
	_, rest, found := strings.Cut(p.body, `data-razorpay="`)
	text, _, _ := strings.Cut(rest, `"`)
	var o options
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &o); !found || err != nil {
		t.Fatalf("no options: %v", err)
	}
	return o
}

// pressIn is a button of the mocked window, as its script presses it.
func (s *shopper) pressIn(o options, do string) map[string]string {
	s.t.Helper()
	p := s.post("/razorpay/attempt", url.Values{"key": {o.Key}, "order_id": {o.OrderID}, "do": {do}})
	var paid map[string]string
	if err := json.Unmarshal([]byte(p.body), &paid); err != nil && p.status == http.StatusOK {
		s.t.Fatal(err)
	}
	return paid
}

// hear has the webhooks delivered and acted on.
func hear(t *testing.T, s *shop) {
	t.Helper()
	if n := s.window.mock.Deliver(t.Context()); n == 0 {
		t.Error("no webhook was accepted")
	}
	if _, err := s.window.events.Dispatch(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestPayingThroughRazorpaysWindow: the page opens it with the order's own data, and brings back what it answers.
func TestPayingThroughRazorpaysWindow(t *testing.T) {
	shop, server := openMock(t)
	asha := newShopper(t, server)
	window := toPayment(t, asha).says("See the order, and pay later")
	o := optionsOf(t, window)
	if o.Amount != 55388 || o.Currency != "INR" || o.Callback != window.path+"/returned" || o.Prefill["email"] == "" {
		t.Errorf("%+v", o)
	}
	asha.get("/razorpay/checkout.js").want(http.StatusOK, "/razorpay/checkout.js")
	asha.pressIn(o, "fail")
	hear(t, shop)
	asha.get(window.path).says("An earlier attempt has failed so far")
	paid := asha.pressIn(o, "pay")
	asha.submit(window, "/orders/"+idOfPage(window)+"/confirm", paid).want(http.StatusOK, "/orders/").says("Thank you, it is ordered")
	asha.get(window.path).want(http.StatusOK, "/orders/")
	onlyOrder(t, shop)
}

// TestTheBrowserNeverCameBack: the webhook alone makes the sale.
func TestTheBrowserNeverCameBack(t *testing.T) {
	shop, server := openMock(t)
	asha := newShopper(t, server)
	window := toPayment(t, asha)
	asha.pressIn(optionsOf(t, window), "pay")
	hear(t, shop)
	asha.get("/orders/" + idOfPage(window)).says("Thank you, it is ordered")
	onlyOrder(t, shop)
}

// TestReturningFromRazorpaysSite: its form comes without the shopper's cookie and is believed by nobody; sent again from
// the shop's own page, it is checked.
func TestReturningFromRazorpaysSite(t *testing.T) {
	shop, server := openMock(t)
	asha := newShopper(t, server)
	window := toPayment(t, asha)
	o := optionsOf(t, window)
	paid := url.Values{}
	for name, value := range asha.pressIn(o, "pay") {
		paid.Set(name, value)
	}
	outside := postFrom(t, server, "https://api.razorpay.com", o.Callback, paid)
	if outside.status != http.StatusOK || !strings.Contains(outside.body, paid.Get("razorpay_signature")) || strings.Contains(outside.body, "553.88") {
		t.Errorf("HTTP %d, or it tells too much or too little", outside.status)
	}
	if r, err := shop.checkout.Explain(t.Context(), checkout.ID(idOfPage(window))); err != nil || r.Record.Status() != checkout.StatusPendingPayment {
		t.Errorf("a form without an owner changed the order: %v", err)
	}
	ravi := newShopper(t, server)
	ravi.submit(outside, "/orders/"+idOfPage(window)+"/confirm", nil).want(http.StatusNotFound, "/orders/")
	asha.submit(outside, "/orders/"+idOfPage(window)+"/confirm", nil).says("Thank you, it is ordered")
	if failed := postFrom(t, server, "https://api.razorpay.com", o.Callback, url.Values{"error[code]": {"BAD_REQUEST_ERROR"}}); failed.path != "/orders/"+idOfPage(window) {
		t.Errorf("a failure leads to %s", failed.path)
	}
	if elsewhere := postFrom(t, server, "https://evil.example", "/orders/"+idOfPage(window)+"/confirm", paid); elsewhere.status != http.StatusForbidden {
		t.Errorf("another site's form: HTTP %d", elsewhere.status)
	}
}

// postFrom sends a form as a browser does from another site: with its Origin, and without cookies.
func postFrom(t *testing.T, server *httptest.Server, origin, path string, form url.Values) page {
	t.Helper()
	stranger := newShopper(t, server)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", origin)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	return stranger.do(req)
}

// TestNothingIsSimulatedBesides: with Razorpay's window the simulated one is not there.
func TestNothingIsSimulatedBesides(t *testing.T) {
	_, server := openMock(t)
	asha := newShopper(t, server)
	window := toPayment(t, asha)
	if got := asha.post(window.path, url.Values{"do": {"pay"}}); got.status != http.StatusNotFound {
		t.Errorf("HTTP %d", got.status)
	}
	if got := newShopper(t, server).post("/webhooks/razorpay", url.Values{"a": {"b"}}); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("a webhook that is none: HTTP %d", got.status)
	}
}

// TestTheRealWindowsPolicy: with keys the page may load Razorpay's script and frame, and no other page may.
func TestTheRealWindowsPolicy(t *testing.T) {
	k, err := readKeys(env(map[string]string{"RAZORPAY_KEY_ID": "rzp_test_1DP5mmOlF5G5ag", "RAZORPAY_KEY_SECRET": "thesecretofthekey"}))
	if err != nil {
		t.Fatal(err)
	}
	w, err := openWindow(k)
	if err != nil || w.mock != nil || !strings.HasPrefix(w.script, "https://checkout.razorpay.com/") {
		t.Fatalf("%+v, %v", w, err)
	}
	for _, part := range []string{"script-src 'self' https://checkout.razorpay.com;", "frame-src https://api.razorpay.com", "frame-ancestors 'none'"} {
		if !strings.Contains(w.policy(), part) {
			t.Errorf("%s: no %s", w.policy(), part)
		}
	}
	if strings.Contains(policy, "razorpay") || strings.Contains(w.policy(), "script-src 'self' 'unsafe") {
		t.Error("the policy allows too much")
	}
}
