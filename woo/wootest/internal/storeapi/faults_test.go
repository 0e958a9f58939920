package storeapi_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestStoreFaults: what a network in front of the store does to the Store API,
// and what of the request remains done.
func TestStoreFaults(t *testing.T) {
	for name, c := range map[string]struct {
		kind   wootest.FaultKind
		status int // 0: no answer at all
		pieces int64
		orders int
	}{
		"cut before":  {wootest.CutBefore, 0, 0, 0},
		"reply lost":  {wootest.CutAfter, 0, 1, 1},
		"bad gateway": {wootest.BadGateway, 502, 1, 1},
		"unavailable": {wootest.Unavailable, 503, 0, 0},
		"html":        {wootest.HTML, 200, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			b := newShopper(t, s)
			storetest.Arm(t, s, wootest.Fault{Kind: c.kind, Method: "POST", Path: "/wp-json/wc/store/v1/cart/add-item"})
			a, err := storetest.SendRaw(s, "POST", "/wp-json/wc/store/v1/cart/add-item", `{"id":17,"quantity":1}`, b.header())
			if (err == nil) != (c.status != 0) || a.Status != c.status {
				t.Errorf("add-item answered %d, %v", a.Status, err)
			}
			if n := cartCount(t, s, b.token); n != c.pieces {
				t.Errorf("%d pieces in the cart, want %d", n, c.pieces)
			}
			if c.pieces == 0 {
				b.add(t, 17, 1)
			}
			storetest.Arm(t, s, wootest.Fault{Kind: c.kind, Method: "POST", Path: "/wp-json/wc/store/v1/checkout"})
			_, _ = storetest.SendRaw(s, "POST", "/wp-json/wc/store/v1/checkout", string(storetest.MustJSON(t, paying("cod"))), b.header()) // what it answered is the fault's
			if n := len(s.Orders()); n != c.orders {
				t.Errorf("%d orders, want %d", n, c.orders)
			}
		})
	}
}

func (b *shopper) header() map[string]string {
	return map[string]string{"Content-Type": "application/json", "Cart-Token": b.token}
}

// TestStoreOverlap: checkouts that overlap each make an order of one cart, and
// sell the last piece more than once.
func TestStoreOverlap(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) {
		cfg.Faults = []wootest.Fault{{Kind: wootest.Overlap, Method: "POST", Path: "/wp-json/wc/store/v1/checkout", Times: 3, Delay: time.Minute}}
	})
	b := newShopper(t, s)
	b.add(t, 43, 8)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			a, err := storetest.SendRaw(s, "POST", "/wp-json/wc/store/v1/checkout", string(storetest.MustJSON(t, paying("cod"))), b.header())
			if err != nil || a.Status != 200 {
				t.Errorf("answered %d %v %.200s", a.Status, err, a.Body)
			}
		})
	}
	wg.Wait()
	stock, err := s.Stock(43)
	if n := len(s.Orders()); n != 3 || err != nil || stock.Quantity != 8-24 {
		t.Errorf("%d orders, %d pieces are left, %v", n, stock.Quantity, err)
	}
	if n := cartCount(t, s, b.token); n != 0 {
		t.Errorf("%d pieces are still in the cart", n)
	}
}

// TestStoreLateEffect: the order comes after the buyer has looked for it.
func TestStoreLateEffect(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 17, 1)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.LateEffect, Method: "POST", Path: "/wp-json/wc/store/v1/checkout"})
	if _, err := storetest.SendRaw(s, "POST", "/wp-json/wc/store/v1/checkout", string(storetest.MustJSON(t, paying("cod"))), b.header()); err == nil {
		t.Error("the reply was not lost")
	}
	if n := len(s.Orders()); n != 0 {
		t.Errorf("%d orders at once", n)
	}
	s.Faults().Settle()
	if list := s.Orders(); len(list) != 1 || list[0].Status != "processing" {
		t.Errorf("orders afterwards: %+v", list)
	}
	if n := cartCount(t, s, b.token); n != 0 {
		t.Errorf("%d pieces are still in the cart", n)
	}
}

// TestStoreStaleRead: a cached answer is one from before the last write.
func TestStoreStaleRead(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	b := newShopper(t, s)
	b.add(t, 17, 1)
	b.add(t, 17, 1)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.StaleRead, Method: "GET", Path: "/wp-json/wc/store/v1/cart"})
	if n := cartCount(t, s, b.token); n != 1 {
		t.Errorf("a stale read finds %d pieces", n)
	}
	if n := cartCount(t, s, b.token); n != 2 {
		t.Errorf("the next one finds %d", n)
	}
}

// TestStoreWebhooks: an order from the checkout announces itself.
func TestStoreWebhooks(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	if status, _ := storetest.REST(t, s, "POST", "webhooks", `{"topic":"order.created","delivery_url":"http://127.0.0.1:9/x","status":"active"}`); status != 201 {
		t.Fatalf("registering answered %d", status)
	}
	before := s.PendingWebhooks()
	b := newShopper(t, s)
	b.add(t, 17, 1)
	storeOrderIn(t, b.post(t, "checkout", paying("cod")))
	if n := s.PendingWebhooks() - before; n != 1 {
		t.Errorf("%d deliveries became due", n)
	}
}

// FuzzStoreAPI: no parameter and no body makes the store fail.
func FuzzStoreAPI(f *testing.F) {
	for _, seed := range [][2]string{
		{"per_page=3&page=2", `{"id":16,"quantity":1}`}, {"attributes[0][slug][]=s", `{"id":37,"variation":[{"attribute":"Size","value":"L"}]}`},
		{"a[b][c][d][e][f][g][h][i]=1&%zz=1", `{"billing_address":{"country":5},"payment_method":"cod"}`}, {"include[]=1,2", `[1,2]`},
		{"min_price=1e99&max_price=-1", `{"requests":[{"path":"/wc/store/v1/cart/add-item","body":{"id":17}}]}`},
		{"calculate_attribute_counts[0]=x", `{"key":[],"quantity":{}}`}, {"offset=-5&per_page=0", `{"rate_id":"a","package_id":[]}`},
	} {
		f.Add(seed[0], seed[1])
	}
	s, err := wootest.New(wootest.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	serve := func(method, path, body, token string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, "/wp-json/wc/store/v1/x", strings.NewReader(body))
		path, req.URL.RawQuery, _ = strings.Cut(path, "?")
		req.URL.Path = "/wp-json/wc/store/v1/" + path
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Cart-Token", token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		return w
	}
	token := serve("GET", "cart", "", "").Header().Get("Cart-Token")
	f.Fuzz(func(t *testing.T, query, body string) {
		for _, path := range []string{"products", "products/collection-data", "products/categories"} {
			// a price that is no number crashes PHP, and is answered as such
			if a := serve("GET", path+"?"+query, "", ""); a.Code >= 500 && !strings.Contains(a.Body.String(), "critical error") {
				t.Errorf("%s?%s answered %d", path, query, a.Code)
			}
		}
		for _, path := range []string{"cart/add-item", "cart/update-item", "cart/update-customer", "cart/select-shipping-rate", "cart/apply-coupon",
			"cart/remove-item", "checkout", "batch"} {
			if a := serve("POST", path, body, token); a.Code >= 500 {
				t.Errorf("%s %q answered %d %.200s", path, body, a.Code, a.Body)
			}
		}
	})
}
