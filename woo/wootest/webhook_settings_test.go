package wootest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestSeventhFailureDisables: six in a row leave it on, the seventh turns it
// off silently; nothing is sent a second time.
func TestSeventhFailureDisables(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t, 200, 500, 404, 503, 500, 500, 500, 302, 500, 500, 500, 500, 500, 500, 500)
	id := storetest.Hook(t, s, r.URL, "product.updated")
	status := func() any {
		_, h := storetest.REST(t, s, "GET", fmt.Sprintf("webhooks/%d", id), "")
		return h["status"]
	}
	for i := 1; i <= 14; i++ { // six failures, one success (a 302 counts), seven failures
		storetest.REST(t, s, "PUT", "products/17", `{}`)
		if done := storetest.Deliver(t, s); len(done) != 1 {
			t.Fatalf("delivery %d: %+v", i, done)
		}
		want := "active"
		if i == 14 {
			want = "disabled"
		}
		if got := status(); got != want {
			t.Fatalf("after delivery %d it is %v", i, got)
		}
	}
	if n := len(r.Take()); n != 15 { // with the ping
		t.Errorf("%d requests", n)
	}
	storetest.REST(t, s, "PUT", "products/17", `{}`)
	if done := storetest.Deliver(t, s); len(done) != 0 || s.PendingWebhooks() != 0 {
		t.Errorf("a disabled webhook sends: %+v", done)
	}
	storetest.REST(t, s, "PUT", fmt.Sprintf("webhooks/%d", id), `{"status":"active"}`)
	storetest.REST(t, s, "PUT", "products/17", `{}`)
	if done := storetest.Deliver(t, s); len(done) != 1 || done[0].Status != 200 {
		t.Errorf("turned on again: %+v", done)
	}
}

func TestWebhookFaults(t *testing.T) {
	tests := map[wootest.FaultKind]string{wootest.WebhookLost: "17 18", wootest.WebhookTwice: "16 16 17 18", wootest.WebhookLast: "17 18 16"}
	for kind, want := range tests {
		t.Run(string(kind), func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			r := storetest.NewReceiver(t)
			storetest.Hook(t, s, r.URL+"/in", "product.updated")
			r.Take()
			storetest.Arm(t, s, wootest.Fault{Kind: kind, Path: "/in"})
			storetest.REST(t, s, "POST", "products/batch", `{"update":[{"id":16},{"id":17},{"id":18}]}`)
			storetest.Deliver(t, s)
			var got []string
			for _, g := range r.Take() {
				body, _ := storetest.Decode(t, g.Body).(map[string]any)
				got = append(got, fmt.Sprint(body["id"]))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%v, want %s", got, want)
			}
		})
	}
}

func TestWebhookSettings(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t)
	id := storetest.Hook(t, s, r.URL, "order.updated")
	path := fmt.Sprintf("webhooks/%d", id)
	tests := []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", "webhooks", `{"delivery_url":"http://127.0.0.1/"}`, 400, "woocommerce_rest_shop_webhook_invalid_topic"},
		{"POST", "webhooks", `{"topic":"action.other_hook","delivery_url":"http://127.0.0.1/"}`, 400, "woocommerce_rest_shop_webhook_invalid_topic"},
		{"POST", "webhooks", `{"topic":"order.created"}`, 400, "woocommerce_rest_shop_webhook_invalid_delivery_url"},
		{"POST", "webhooks", `{"topic":"order.created","delivery_url":"//x"}`, 400, "woocommerce_rest_shop_webhook_invalid_delivery_url"},
		{"PUT", path, `{"status":"gone"}`, 400, "woocommerce_rest_shop_webhook_invalid_status"},
		{"PUT", path, `{"topic":"x"}`, 400, "woocommerce_rest_shop_webhook_invalid_topic"},
		{"PUT", "webhooks/99", `{}`, 400, "woocommerce_rest_shop_webhook_invalid_id"},
		{"GET", "webhooks/99", ``, 404, "woocommerce_rest_shop_webhook_invalid_id"},
		{"DELETE", "webhooks/99?force=true", ``, 404, "woocommerce_rest_shop_webhook_invalid_id"},
	}
	for _, tc := range tests {
		if status, e := storetest.REST(t, s, tc.method, tc.path, tc.body); status != tc.status || e["code"] != tc.code {
			t.Errorf("%s %s %s: %d %v", tc.method, tc.path, tc.body, status, e)
		}
	}
	storetest.REST(t, s, "PUT", path, `{"secret":"new"}`)
	r.Take()
	storetest.Place(t, s, storetest.OneMug(""))
	storetest.Deliver(t, s)
	if got := r.Take(); len(got) != 1 || got[0].Header.Get("X-WC-Webhook-Signature") != sign("new", got[0].Body) {
		t.Errorf("%+v", got)
	}
	storetest.Place(t, s, storetest.OneMug(""))
	storetest.REST(t, s, "PUT", path, `{"status":"paused"}`)
	if done := storetest.Deliver(t, s); len(done) != 0 {
		t.Errorf("a paused webhook sends %+v", done)
	}
	if a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/webhooks?status=paused&_fields=id,secret", "", storetest.SignedIn(storetest.TestKeys()[0])); a.Body != fmt.Sprintf(`[{"id":%d}]`, id) {
		t.Error(a.Body)
	}
}
