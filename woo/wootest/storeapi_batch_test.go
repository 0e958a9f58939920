package wootest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
)

func TestStoreBatch(t *testing.T) {
	s, _ := newStore(t, nil)
	b := newShopper(t, s)
	one := func(path string, body any) m {
		return m{"path": path, "method": "POST", "body": body, "headers": m{"Cart-Token": b.token}}
	}
	a := b.post(t, "batch", m{"requests": []m{
		one("/wc/store/v1/cart/add-item", m{"id": 17, "quantity": 2}),
		one("/wc/store/v1/cart/add-item", m{"id": 25}),
		one("/wc/store/v1/cart/nope", m{}),
		{"path": "/wc/store/v1/cart/add-item", "body": m{"id": 17}},
	}})
	var got struct {
		Responses []struct {
			Status  int
			Body    json.RawMessage
			Headers map[string]any
		}
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 207 {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	for i, want := range []int{201, 400, 404, 401} {
		if got.Responses[i].Status != want {
			t.Errorf("request %d: %d, want %d", i, got.Responses[i].Status, want)
		}
	}
	if h := got.Responses[0].Headers; h["User-ID"] != 0.0 || h["Allow"] != "POST" || h["Cart-Token"] == "" {
		t.Errorf("headers %v", h)
	}
	if n := cartCount(t, s, b.token); n != 2 {
		t.Errorf("%d pieces after the batch", n)
	}
}

func TestStoreBatchRefusals(t *testing.T) {
	s, _ := newStore(t, nil)
	many := make([]m, 26)
	for i := range many {
		many[i] = m{"path": "/wc/store/v1/cart/add-item", "body": m{"id": 17}}
	}
	for name, c := range map[string]struct {
		body m
		code string
	}{
		"nothing":      {m{}, "rest_missing_callback_param"},
		"no list":      {m{"requests": "x"}, "rest_invalid_param"},
		"too many":     {m{"requests": many}, "rest_invalid_param"},
		"reading":      {m{"requests": []m{{"path": "/wc/store/v1/cart", "method": "GET"}}}, "rest_invalid_param"},
		"no path":      {m{"requests": []m{{"method": "POST"}}}, "rest_invalid_param"},
		"another's":    {m{"requests": []m{{"path": "/wc/v3/orders"}}}, "woocommerce_rest_invalid_path"},
		"one is wrong": {m{"requests": []m{many[0], {"path": "/wp/v2/posts"}}}, "woocommerce_rest_invalid_path"},
	} {
		t.Run(name, func(t *testing.T) {
			a := storePost(t, s, "", "batch", c.body)
			if a.status != 400 || !strings.Contains(a.body, `"code":"`+c.code+`"`) {
				t.Errorf("answered %d %s", a.status, a.body)
			}
		})
	}
}

// TestStoreRateLimit: WooCommerce's own limit answers 400 and says in its own
// headers when to come again.
func TestStoreRateLimit(t *testing.T) {
	s, c := newStore(t, func(cfg *wootest.Config) {
		cfg.StoreRateLimit = wootest.RateLimit{Requests: 2, Window: 10 * time.Second}
	})
	for left := 1; left >= 0; left-- {
		a := storeGet(t, s, "products/17", nil)
		if got := a.header["Ratelimit-Remaining"]; a.status != 200 || fmt.Sprint(got) != fmt.Sprintf("[%d]", left) {
			t.Errorf("answered %d, left %v, want %d", a.status, got, left)
		}
	}
	c.set(seeded.Add(4 * time.Second))
	a := storeGet(t, s, "cart", nil)
	if e := errorIn(t, a); a.status != 400 || e.Code != "rate_limit_exceeded" || e.Message != "Too many requests. Please wait 6 seconds before trying again." ||
		fmt.Sprint(a.header["Ratelimit-Retry-After"]) != "[6]" {
		t.Errorf("beyond the limit: %d %s %v", a.status, a.body, a.header)
	}
	if a := send(t, s, "GET", "/wp-json/wc/v3/products", "", signedIn(testKeys[0])); a.status != 200 {
		t.Errorf("REST is limited too: %d", a.status)
	}
	c.set(seeded.Add(11 * time.Second))
	if a := storeGet(t, s, "cart", nil); a.status != 200 {
		t.Errorf("in the next window: %d", a.status)
	}
	for _, bad := range []wootest.RateLimit{{Requests: -1}, {Requests: 5}} {
		if s, err := wootest.New(wootest.Config{StoreRateLimit: bad}); err == nil {
			t.Errorf("%+v was taken: %v", bad, s.Close())
		}
	}
}
