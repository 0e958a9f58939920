package storeapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func TestStoreBatch(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
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
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil || a.Status != 207 {
		t.Fatalf("answered %d %s", a.Status, a.Body)
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
	s, _ := storetest.NewStore(t, nil)
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
			if a.Status != 400 || !strings.Contains(a.Body, `"code":"`+c.code+`"`) {
				t.Errorf("answered %d %s", a.Status, a.Body)
			}
		})
	}
}

// TestStoreRateLimit: WooCommerce's own limit answers 400 and says in its own
// headers when to come again.
func TestStoreRateLimit(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) {
		cfg.StoreRateLimit = wootest.RateLimit{Requests: 2, Window: 10 * time.Second}
	})
	for left := 1; left >= 0; left-- {
		a := storeGet(t, s, "products/17", nil)
		if got := a.Header["Ratelimit-Remaining"]; a.Status != 200 || fmt.Sprint(got) != fmt.Sprintf("[%d]", left) {
			t.Errorf("answered %d, left %v, want %d", a.Status, got, left)
		}
	}
	c.Set(storetest.Seeded().Add(4 * time.Second))
	a := storeGet(t, s, "cart", nil)
	if e := errorIn(t, a); a.Status != 400 || e.Code != "rate_limit_exceeded" || e.Message != "Too many requests. Please wait 6 seconds before trying again." ||
		fmt.Sprint(a.Header["Ratelimit-Retry-After"]) != "[6]" {
		t.Errorf("beyond the limit: %d %s %v", a.Status, a.Body, a.Header)
	}
	if a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/products", "", storetest.SignedIn(storetest.TestKeys()[0])); a.Status != 200 {
		t.Errorf("REST is limited too: %d", a.Status)
	}
	c.Set(storetest.Seeded().Add(11 * time.Second))
	if a := storeGet(t, s, "cart", nil); a.Status != 200 {
		t.Errorf("in the next window: %d", a.Status)
	}
	for _, bad := range []wootest.RateLimit{{Requests: -1}, {Requests: 5}} {
		if s, err := wootest.New(wootest.Config{StoreRateLimit: bad}); err == nil {
			t.Errorf("%+v was taken: %v", bad, s.Close())
		}
	}
}
