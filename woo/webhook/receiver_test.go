package webhook_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
)

const (
	secret   = "whsec-local-test-1"
	another  = "another-secret-of-20"
	product  = `{"id":16,"name":"Mug","type":"simple","date_modified_gmt":"2026-11-20T05:00:39","stock_quantity":4}`
	deletion = `{"id":154}`
)

var quiet = slog.New(slog.DiscardHandler)

func newReceiver(t testing.TB, edit ...func(*webhook.Config)) (*webhook.Receiver, *memstore.Inbox) {
	t.Helper()
	box := memstore.NewInbox(nil)
	c := webhook.Config{Secrets: []woo.Secret{woo.NewSecret(secret)}, Inbox: box, Log: quiet}
	for _, e := range edit {
		e(&c)
	}
	r, err := webhook.NewReceiver(c)
	if err != nil {
		t.Fatal(err)
	}
	return r, box
}

func sign(key, body string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// delivery is a request as WooCommerce makes it.
func delivery(topic, body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(body))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-WC-Webhook-Source": "https://shop.example/", "X-WC-Webhook-Topic": topic,
		"X-WC-Webhook-Signature": sign(secret, body), "X-WC-Webhook-ID": "2", "X-WC-Webhook-Delivery-ID": "7aae63d235e8e31846f7f29abe6c0900",
	} {
		req.Header.Set(name, value)
	}
	return req
}

func answer(h http.Handler, req *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

// stored takes everything out of an inbox.
func stored(t testing.TB, box inbox.Inbox) []inbox.Claim {
	t.Helper()
	claims, err := box.Claim(t.Context(), webhook.Source, 1000, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// recorded reads what a real store sent.
func recorded(t testing.TB) []*http.Request {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "deliveries.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var requests []*http.Request
	lines := bufio.NewScanner(zipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d struct {
			Header map[string]string
			Body   []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(d.Body))
		for name, value := range d.Header {
			req.Header.Set(name, value)
		}
		requests = append(requests, req)
	}
	return requests
}

// TestRecordedDeliveries: every signature of a real store holds, every body says
// what it is about, and pings are answered and forgotten.
func TestRecordedDeliveries(t *testing.T) {
	r, box := newReceiver(t, func(c *webhook.Config) { c.Site = "http://127.0.0.1:8088" })
	accepted, refused := 0, 0
	for _, req := range recorded(t) {
		switch status := answer(r, req).Code; status {
		case http.StatusOK:
			accepted++
		case http.StatusUnauthorized: // the webhook whose secret WooCommerce made
			refused++
		default:
			t.Errorf("HTTP %d", status)
		}
	}
	if accepted != 81 || refused != 1 {
		t.Errorf("accepted %d and refused %d, want 81 and 1", accepted, refused)
	}
	seen := map[webhook.Resource]int{}
	for _, c := range stored(t, box) {
		change, err := webhook.ChangeOf(c.Message)
		if err != nil {
			t.Errorf("%v: %v", c.Message, err)
		}
		if change.Resource == webhook.Variation && change.ParentID == 0 {
			t.Errorf("%v has no parent", change)
		}
		seen[change.Resource]++
	}
	if seen[webhook.Product] == 0 || seen[webhook.Variation] == 0 || seen[webhook.Order] == 0 {
		t.Errorf("seen %v, want products, variations and orders", seen)
	}
}

// TestBadDeliveries: what is refused is not stored.
func TestBadDeliveries(t *testing.T) {
	with := func(edit func(*http.Request)) *http.Request {
		req := delivery("product.updated", product)
		edit(req)
		return req
	}
	header := func(name, value string) *http.Request {
		return with(func(r *http.Request) { r.Header.Set(name, value) })
	}
	signature := sign(secret, product)
	long := `{"id":16,"x":"` + strings.Repeat("x", webhook.DefaultMaxBody) + `"}`
	tests := map[string]struct {
		req  *http.Request
		want int
	}{
		"a GET":               {with(func(r *http.Request) { r.Method = http.MethodGet }), 405},
		"a PUT":               {with(func(r *http.Request) { r.Method = http.MethodPut }), 405},
		"no signature":        {with(func(r *http.Request) { r.Header.Del("X-WC-Webhook-Signature") }), 401},
		"an empty one":        {header("X-WC-Webhook-Signature", ""), 401},
		"two of them":         {with(func(r *http.Request) { r.Header.Add("X-WC-Webhook-Signature", signature) }), 401},
		"two in one":          {header("X-WC-Webhook-Signature", signature+","+signature), 401},
		"of another secret":   {header("X-WC-Webhook-Signature", sign(another, product)), 401},
		"of another body":     {header("X-WC-Webhook-Signature", sign(secret, product+" ")), 401},
		"in hex":              {header("X-WC-Webhook-Signature", strings.Repeat("0f", 32)), 401},
		"without padding":     {header("X-WC-Webhook-Signature", strings.TrimRight(signature, "=")), 401},
		"with a space":        {header("X-WC-Webhook-Signature", " "+signature), 401},
		"of the ping":         {header("X-WC-Webhook-Signature", sign(secret, "webhook_id=1")), 401},
		"one byte short":      {header("X-WC-Webhook-Signature", base64.StdEncoding.EncodeToString(make([]byte, 31))), 401},
		"a megabyte of one":   {header("X-WC-Webhook-Signature", strings.Repeat("A", 1<<20)), 401},
		"a body one bit off":  {with(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(strings.Replace(product, "4", "5", 1))) }), 401},
		"a long body":         {delivery("product.updated", long), 413},
		"a long, chunked one": {with(func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader(long)), -1 }), 413},
		"one that breaks off": {with(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(product[:20])) }), 400},
		"a zipped one":        {header("Content-Encoding", "gzip"), 415},
		"another shop's":      {header("X-WC-Webhook-Source", "https://staging.shop.example/"), 401},
		"nobody's":            {header("X-WC-Webhook-Source", ""), 401},
		"a form":              {httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=b")), 401},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, box := newReceiver(t, func(c *webhook.Config) { c.Site = "https://shop.example" })
			w := answer(r, test.req)
			if w.Code != test.want || w.Body.Len() != 0 {
				t.Errorf("HTTP %d with %d bytes, want %d without", w.Code, w.Body.Len(), test.want)
			}
			if n := len(stored(t, box)); n != 0 {
				t.Errorf("%d messages were stored", n)
			}
		})
	}
}

func TestGoodDeliveries(t *testing.T) {
	chunked := delivery("product.updated", product)
	chunked.ContentLength = -1
	ported := delivery("product.updated", product)
	ported.Header.Set("X-WC-Webhook-Source", "http://SHOP.example")
	tests := map[string]*http.Request{
		"as it comes": delivery("product.updated", product), "chunked": chunked, "over http, in capitals": ported,
		"what is not JSON": delivery("product.updated", "<html>, but signed"), "nothing at all": delivery("product.updated", ""),
	}
	for name, req := range tests {
		t.Run(name, func(t *testing.T) {
			r, box := newReceiver(t, func(c *webhook.Config) { c.Site = "https://shop.example" })
			if w := answer(r, req); w.Code != http.StatusOK {
				t.Errorf("HTTP %d", w.Code)
			}
			if n := len(stored(t, box)); n != 1 {
				t.Errorf("%d messages were stored, want 1", n)
			}
		})
	}
}

func TestPing(t *testing.T) {
	tests := map[string]struct {
		kind, body string
		want       int
	}{
		"as it comes":        {"application/x-www-form-urlencoded", "webhook_id=1", 200},
		"with a charset":     {"application/x-www-form-urlencoded; charset=UTF-8", "webhook_id=12", 200},
		"as JSON":            {"application/json", "webhook_id=1", 401},
		"with more in it":    {"application/x-www-form-urlencoded", "webhook_id=1&id=7", 401},
		"without an id":      {"application/x-www-form-urlencoded", "webhook_id=", 401},
		"with a long id":     {"application/x-www-form-urlencoded", "webhook_id=" + strings.Repeat("1", 60), 401},
		"of another field":   {"application/x-www-form-urlencoded", "id=1", 401},
		"with a broken type": {"application/", "webhook_id=1", 401},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, box := newReceiver(t)
			req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
			req.Header.Set("Content-Type", test.kind)
			if w := answer(r, req); w.Code != test.want {
				t.Errorf("HTTP %d, want %d", w.Code, test.want)
			}
			if n := len(stored(t, box)); n != 0 {
				t.Errorf("%d messages were stored", n)
			}
		})
	}
}

// TestSecretIsReplaced: while two are configured both are good, afterwards one.
func TestSecretIsReplaced(t *testing.T) {
	old := delivery("product.updated", product)
	renewed := delivery("product.updated", product+" ")
	renewed.Header.Set("X-WC-Webhook-Signature", sign(another, product+" "))
	both := func(c *webhook.Config) { c.Secrets = []woo.Secret{woo.NewSecret(another), woo.NewSecret(secret)} }
	after := func(c *webhook.Config) { c.Secrets = []woo.Secret{woo.NewSecret(another)} }
	for name, test := range map[string]struct {
		edit func(*webhook.Config)
		req  *http.Request
		want int
	}{
		"old, meanwhile":   {both, old.Clone(t.Context()), 200},
		"new, meanwhile":   {both, renewed, 200},
		"old, afterwards":  {after, delivery("product.updated", product), 401},
		"none of them two": {both, delivery("x", ""), 200},
	} {
		r, _ := newReceiver(t, test.edit)
		if w := answer(r, test.req); w.Code != test.want {
			t.Errorf("%s: HTTP %d, want %d", name, w.Code, test.want)
		}
	}
}

// TestSameContentIsOneMessage, whatever the headers say that nobody signed.
func TestSameContentIsOneMessage(t *testing.T) {
	r, box := newReceiver(t)
	for i, id := range []string{"7aae63d2", "7aae63d2", "cfdada19"} {
		req := delivery("product.updated", product)
		req.Header.Set("X-WC-Webhook-Delivery-ID", id)
		req.Header.Set("X-WC-Webhook-Topic", []string{"product.updated", "product.created", "order.updated"}[i])
		if w := answer(r, req); w.Code != http.StatusOK {
			t.Errorf("HTTP %d", w.Code)
		}
	}
	// Two changes in one second share a delivery id and are two messages.
	answer(r, delivery("product.updated", strings.Replace(product, `"id":16`, `"id":17`, 1)))
	if n := len(stored(t, box)); n != 2 {
		t.Errorf("%d messages were stored, want 2", n)
	}
}

// TestDeletionsAreNotOneForEver: trashed, taken out, trashed again sends the same
// eleven bytes twice.
func TestDeletionsAreNotOneForEver(t *testing.T) {
	now := time.Date(2026, 11, 20, 5, 0, 10, 0, time.UTC)
	r, box := newReceiver(t, func(c *webhook.Config) { c.Now = func() time.Time { return now } })
	for range 3 {
		answer(r, delivery("product.deleted", deletion))
		answer(r, delivery("product.deleted", deletion))
		now = now.Add(10 * time.Minute)
	}
	if n := len(stored(t, box)); n != 3 {
		t.Errorf("%d messages were stored, want 3", n)
	}
}

// TestNotStoredIsNotAcknowledged.
func TestNotStoredIsNotAcknowledged(t *testing.T) {
	r, _ := newReceiver(t, func(c *webhook.Config) { c.Inbox = full{} })
	if w := answer(r, delivery("product.updated", product)); w.Code != http.StatusServiceUnavailable || w.Body.Len() != 0 {
		t.Errorf("HTTP %d %q, want 503", w.Code, w.Body)
	}
}

// full is an inbox that stores nothing.
type full struct{ inbox.Inbox }

func (full) Put(context.Context, inbox.Message) (bool, error) {
	return false, errors.New("no space left on device")
}

func TestNewReceiverReportsEveryMistake(t *testing.T) {
	_, err := webhook.NewReceiver(webhook.Config{
		Secrets: []woo.Secret{{}, woo.NewSecret("short-secret"), woo.NewSecret(secret)}, Site: "shop.example", MaxBody: -1,
	})
	if !errors.Is(err, webhook.ErrConfig) {
		t.Fatalf("%v is not ErrConfig", err)
	}
	for _, word := range []string{"Config.Secrets must", "Secrets[0]", "Secrets[1]", "Inbox", "Site", "MaxBody"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not mention %s", err, word)
		}
	}
	if strings.Contains(err.Error(), "short-secret") {
		t.Errorf("%v repeats a secret", err)
	}
}

// TestRefusalsDoNotTellWhy: the log knows, the answer does not, and neither has
// a signature or a body.
func TestRefusalsDoNotTellWhy(t *testing.T) {
	var log bytes.Buffer
	r, _ := newReceiver(t, func(c *webhook.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	bad := delivery("product.updated", `{"id":16,"email":"asha@example.in"}`)
	bad.Header.Set("X-WC-Webhook-Signature", sign(another, "x"))
	answer(r, bad)
	answer(r, delivery("order.updated", `{"id":16,"email":"asha@example.in"}`))
	for _, word := range []string{"asha", sign(another, "x"), secret} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log has %q:\n%s", word, &log)
		}
	}
	if !strings.Contains(log.String(), "the signature is wrong") {
		t.Errorf("the log does not say why:\n%s", &log)
	}
}

// TestConcurrentDeliveries share the pool of hashes.
func TestConcurrentDeliveries(t *testing.T) {
	r, box := newReceiver(t)
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			body := strings.Replace(product, `"id":16`, `"id":`+strings.Repeat("1", i%9+1), 1)
			if w := answer(r, delivery("product.updated", body)); w.Code != http.StatusOK {
				t.Errorf("HTTP %d", w.Code)
			}
		})
	}
	wg.Wait()
	if n := len(stored(t, box)); n != 9 {
		t.Errorf("%d messages were stored, want 9", n)
	}
}

func TestChangeOf(t *testing.T) {
	at := time.Now()
	tests := map[string]struct {
		topic, body string
		want        webhook.Change
		err         error
	}{
		"a product":           {"product.updated", product, webhook.Change{Resource: webhook.Product, ID: 16, Event: webhook.Updated}, nil},
		"a variation":         {"product.updated", `{"id":31,"type":"variation","parent_id":30}`, webhook.Change{Resource: webhook.Variation, ID: 31, ParentID: 30, Event: webhook.Updated}, nil},
		"an order":            {"order.created", `{"id":170,"parent_id":0,"status":"processing"}`, webhook.Change{Resource: webhook.Order, ID: 170, Event: webhook.Created}, nil},
		"in the trash":        {"product.deleted", deletion, webhook.Change{Resource: webhook.Product, ID: 154, Event: webhook.Deleted}, nil},
		"a coupon":            {"coupon.updated", `{"id":9,"code":"DIWALI10"}`, webhook.Change{Resource: webhook.Coupon, ID: 9, Event: webhook.Updated}, nil},
		"a creator gone":      {"order.updated", `{"code":"woocommerce_rest_cannot_view","message":"Sorry","data":{"status":401}}`, webhook.Change{}, webhook.ErrStoreError},
		"no topic":            {"", product, webhook.Change{}, webhook.ErrNoChange},
		"an action":           {"action", `{"action":"woocommerce_add_to_cart","arg":1}`, webhook.Change{}, webhook.ErrNoChange},
		"no id":               {"product.updated", `{}`, webhook.Change{}, webhook.ErrNoChange},
		"id 0":                {"product.updated", `{"id":0}`, webhook.Change{}, webhook.ErrNoChange},
		"a negative id":       {"product.updated", `{"id":-1}`, webhook.Change{}, webhook.ErrNoChange},
		"half an id":          {"product.updated", `{"id":1.5}`, webhook.Change{}, webhook.ErrNoChange},
		"an endless id":       {"product.updated", `{"id":99999999999999999999}`, webhook.Change{}, webhook.ErrNoChange},
		"an array":            {"product.updated", `[16]`, webhook.Change{}, webhook.ErrNoChange},
		"null":                {"product.updated", `null`, webhook.Change{}, webhook.ErrNoChange},
		"broken":              {"product.updated", `{"id":16`, webhook.Change{}, webhook.ErrNoChange},
		"a page":              {"product.updated", `<html>`, webhook.Change{}, webhook.ErrNoChange},
		"ten thousand levels": {"product.updated", strings.Repeat(`{"id":`, 10001), webhook.Change{}, webhook.ErrNoChange},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := webhook.ChangeOf(inbox.Message{Topic: test.topic, Body: []byte(test.body), ReceivedAt: at})
			if !errors.Is(err, test.err) {
				t.Errorf("%v, want %v", err, test.err)
			}
			if test.err == nil {
				test.want.ReceivedAt = at
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
