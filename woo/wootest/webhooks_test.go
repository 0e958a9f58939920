package wootest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func sign(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// TestPing: a form, without a signature and without X-WC-* headers; sent
// again at every save until it is answered with exactly 200.
func TestPing(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t, http.StatusNoContent)
	storetest.REST(t, s, "POST", "webhooks", fmt.Sprintf(`{"topic":"order.created","delivery_url":%q}`, r.URL))
	for i, want := range []int{1, 1, 0} {
		if i > 0 {
			storetest.REST(t, s, "PUT", "webhooks/1", `{"name":"renamed"}`)
		}
		storetest.Deliver(t, s)
		got := r.Take()
		if len(got) != want {
			t.Fatalf("save %d: %d pings, want %d", i, len(got), want)
		}
		for _, p := range got {
			if p.Body != "webhook_id=1" || p.Header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
				p.Header.Get("User-Agent") != "WooCommerce/10.4.3 Hookshot (WordPress/6.9.7)" {
				t.Errorf("%q %v", p.Body, p.Header)
			}
			for name := range p.Header {
				if strings.HasPrefix(name, "X-Wc") {
					t.Errorf("a ping carries %s", name)
				}
			}
		}
	}
}

// TestDelivery: signed over the raw body, which is built at delivery time.
func TestDelivery(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t)
	id := storetest.Hook(t, s, r.URL+"/woo", "product.updated")
	r.Take()
	for _, n := range []int64{8, 7} { // two quick changes are one delivery, with the newer state
		if err := s.SetStock(16, n); err != nil {
			t.Fatal(err)
		}
	}
	if s.PendingWebhooks() != 1 {
		t.Fatalf("%d deliveries are due", s.PendingWebhooks())
	}
	c.Set(c.Now().Add(time.Minute))
	if err := s.SetPrice(16, "550"); err != nil {
		t.Fatal(err)
	}
	done := storetest.Deliver(t, s)
	got := r.Take()
	if len(done) != 1 || len(got) != 1 || done[0].Status != 200 || done[0].ResourceID != 16 || done[0].WebhookID != id {
		t.Fatalf("%+v", done)
	}
	body, _ := storetest.Decode(t, got[0].Body).(map[string]any)
	if fmt.Sprintf("%v %v %v", body["stock_quantity"], body["price"], body["type"]) != "7 550 simple" || got[0].Body != string(done[0].Body) {
		t.Errorf("%s", got[0].Body)
	}
	for name, want := range map[string]string{
		"X-WC-Webhook-Source": s.URL() + "/", "X-WC-Webhook-Topic": "product.updated", "X-WC-Webhook-Resource": "product",
		"X-WC-Webhook-Event": "updated", "X-WC-Webhook-ID": fmt.Sprint(id), "X-WC-Webhook-Signature": sign("whsec", got[0].Body),
		"Content-Type": "application/json", "User-Agent": "WooCommerce/10.4.3 Hookshot (WordPress/6.9.7)",
	} {
		if have := got[0].Header.Get(name); have != want {
			t.Errorf("%s: %q, want %q", name, have, want)
		}
	}
	if len(got[0].Header.Get("X-WC-Webhook-Delivery-ID")) != 32 || s.PendingWebhooks() != 0 {
		t.Error("delivery id or what is left")
	}
}

// TestDeliveryIDRepeats: it is made from the webhook and the second.
func TestDeliveryIDRepeats(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t)
	storetest.Hook(t, s, r.URL, "product.updated")
	r.Take()
	storetest.REST(t, s, "POST", "products/batch", `{"update":[{"id":16,"name":"a"},{"id":17,"name":"b"}]}`)
	storetest.Deliver(t, s)
	c.Set(c.Now().Add(time.Second))
	storetest.REST(t, s, "PUT", "products/16", `{}`)
	storetest.Deliver(t, s)
	var ids []string
	for _, g := range r.Take() {
		ids = append(ids, g.Header.Get("X-WC-Webhook-Delivery-ID"))
	}
	if len(ids) != 3 || ids[0] != ids[1] || ids[1] == ids[2] {
		t.Errorf("%q", ids)
	}
}

// TestWhatIsSent: the resource behind each change, in order.
func TestWhatIsSent(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t)
	for _, topic := range []string{"product.created", "product.updated", "product.deleted", "order.created", "order.updated", "order.deleted"} {
		storetest.Hook(t, s, r.URL, topic)
	}
	r.Take()
	steps := []struct{ method, path, body, want string }{
		{"PUT", "products/16", `{"stock_quantity":9}`, "product.updated 16 simple"},
		{"PUT", "products/16", `{"stock_quantity":9}`, "product.updated 16 simple"}, // no change, all the same
		{"PUT", "products/37/variations/38", `{"stock_quantity":4}`, "product.updated 38 variation"},
		{"PUT", "products/37", `{"stock_quantity":15}`, "product.updated 37 variable"},
		{"POST", "products/batch", `{"update":[{"id":17,"regular_price":"26"},{"id":18,"stock_quantity":1}]}`, "product.updated 17 simple, product.updated 18 simple"},
		{"POST", "products", `{"name":"New","sku":"N"}`, "product.created 154 simple"},
		{"DELETE", "products/154", ``, "product.deleted 154 <nil>"},
		{"PUT", "products/154", `{"status":"publish"}`, "product.updated 154 simple"},
		{"DELETE", "products/154?force=true", ``, ""},
		{"DELETE", "products/37/variations/39?force=true", ``, ""},
		{"POST", "orders", storetest.OneMug(""), "order.created 155 pending, order.updated 155 pending"},
		{"PUT", "orders/155", `{"status":"processing"}`, "product.updated 16 simple, order.updated 155 processing"},
		{"POST", "orders/155/notes", `{"note":"x"}`, ""},
		{"POST", "orders", `{"line_items":[{"product_id":37,"variation_id":40}],"status":"processing"}`, "order.created 156 processing, product.updated 37 variable, order.updated 156 processing"},
		{"POST", "orders", `{"line_items":[{"product_id":37,"variation_id":43}],"status":"processing"}`, "order.created 157 processing, product.updated 43 variation, order.updated 157 processing"},
		{"DELETE", "orders/155", ``, "order.deleted 155 <nil>"},
	}
	for _, step := range steps {
		storetest.REST(t, s, step.method, step.path, step.body)
		storetest.Deliver(t, s)
		var got []string
		for _, g := range r.Take() {
			body, _ := storetest.Decode(t, g.Body).(map[string]any)
			what := body["type"]
			if strings.HasPrefix(g.Header.Get("X-WC-Webhook-Topic"), "order.") {
				what = body["status"]
			}
			got = append(got, fmt.Sprint(g.Header.Get("X-WC-Webhook-Topic"), " ", body["id"], " ", what))
		}
		if strings.Join(got, ", ") != step.want {
			t.Errorf("%s %s\n got %s\nwant %s", step.method, step.path, strings.Join(got, ", "), step.want)
		}
	}
}

// TestLoopbackOnly: no other machine is ever called.
func TestLoopbackOnly(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for _, target := range []string{"http://192.0.2.1/x", "http://[2001:db8::1]:80/x", "http://0.0.0.0:9/x"} {
		storetest.REST(t, s, "POST", "webhooks", fmt.Sprintf(`{"topic":"order.created","delivery_url":%q}`, target))
	}
	for _, d := range storetest.Deliver(t, s) {
		if !errors.Is(d.Err, wootest.ErrInvalid) || d.Status != 0 {
			t.Errorf("%s: %d %v", d.URL, d.Status, d.Err)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t, 302)
	storetest.REST(t, s, "POST", "webhooks", fmt.Sprintf(`{"topic":"order.created","delivery_url":%q}`, r.URL+"/here"))
	storetest.Deliver(t, s)
	if got := r.Take(); len(got) != 1 || got[0].Path != "/here" {
		t.Errorf("%+v", got)
	}
}

func TestDeliveryStops(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t)
	storetest.Hook(t, s, r.URL, "product.updated")
	r.Take()
	storetest.REST(t, s, "POST", "products/batch", `{"update":[{"id":16},{"id":17},{"id":18}]}`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	done, err := s.DeliverWebhooks(ctx)
	if !errors.Is(err, context.Canceled) || len(done) != 0 || s.PendingWebhooks() != 3 {
		t.Errorf("%v, %v, %d due", done, err, s.PendingWebhooks())
	}
	if len(storetest.Deliver(t, s)) != 3 || len(r.Take()) != 3 {
		t.Error("what stayed due was lost")
	}
}
