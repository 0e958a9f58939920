package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestTheSendersFault: what somebody sends wrongly is answered as that, and is no failure of the shop in its log.
func TestTheSendersFault(t *testing.T) {
	asha, lines := loud(t)
	long := strings.Repeat("x", 20000)
	for name, tc := range map[string]struct {
		path, kind, body string
		status           int
	}{
		"no product":               {"/cart/add", "application/x-www-form-urlencoded", "quantity=1", http.StatusUnprocessableEntity},
		"an empty product":         {"/cart/add", "application/x-www-form-urlencoded", "slug=&quantity=1", http.StatusUnprocessableEntity},
		"no body at all":           {"/cart/add", "", "", http.StatusUnprocessableEntity},
		"a product that cannot be": {"/cart/add", "application/x-www-form-urlencoded", "slug=%ff%00&quantity=1", http.StatusNotFound},
		"a long product":           {"/cart/add", "application/x-www-form-urlencoded", "quantity=1&slug=" + long, http.StatusNotFound},
		"JSON":                     {"/cart/add", "application/json", `{"slug":"masala-chai-mug","quantity":1}`, http.StatusUnprocessableEntity},
		"multipart":                {"/cart/add", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"slug\"\r\n\r\nmasala-chai-mug\r\n--x--\r\n", http.StatusUnprocessableEntity},
		"no media type":            {"/cart/add", "=;/", "slug=masala-chai-mug", http.StatusUnprocessableEntity},
		"a broken escape":          {"/cart/add", "application/x-www-form-urlencoded", "slug=%zz", http.StatusUnprocessableEntity},
		"a cart line nobody has":   {"/cart/quantity", "application/x-www-form-urlencoded", "key=%ff&quantity=1", http.StatusOK},
		"a coupon that cannot be":  {"/cart/coupon", "application/x-www-form-urlencoded", "code=%ff", http.StatusUnprocessableEntity},
		"a long coupon":            {"/cart/coupon", "application/x-www-form-urlencoded", "code=" + long, http.StatusUnprocessableEntity},
		"an item that cannot be":   {"/counter/stock", "application/x-www-form-urlencoded", "item=%ff&quantity=1", http.StatusUnprocessableEntity},
		"too many pieces":          {"/counter/stock", "application/x-www-form-urlencoded", "item=product:16&quantity=9999999999999999", http.StatusUnprocessableEntity},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, asha.base+tc.path, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		if tc.kind != "" {
			req.Header.Set("Content-Type", tc.kind)
		}
		if p := asha.do(req); p.status != tc.status {
			t.Errorf("%s: %d, want %d:\n%s", name, p.status, tc.status, p.text())
		}
	}
	for _, path := range []string{"/products/%ff", "/products/%00", "/products/" + long, "/orders/%ff", "/counter/%ff", "/static/", "/static/x/y"} {
		if p := asha.get(path); p.status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", path[:min(40, len(path))], p.status)
		}
	}
	asha.get("/cart").says("It is empty")
	if lines.Len() > 0 {
		t.Errorf("the log says:\n%s", lines.String())
	}
}

// TestAHostilePathIsNotLogged: a failure is logged by its page and a short reason.
func TestAHostilePathIsNotLogged(t *testing.T) {
	shop, _ := open(t)
	pages, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	s := &server{shop: shop, pages: pages, log: newLog(&lines)}
	mux := http.NewServeMux()
	mux.Handle("GET /broken/{name}", s.page(func(_ http.ResponseWriter, r *http.Request) error {
		return errors.New("cannot read " + r.PathValue("name"))
	}))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/broken/"+strings.Repeat("secret", 2000), nil))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(lines.String(), "GET /broken/{name}") || lines.Len() > 600 {
		t.Errorf("%d, and the log has %d bytes: %.200s", w.Code, lines.Len(), lines.String())
	}
}

// TestFoldersAreNotListed: a file of the shop has an address, a folder has none.
func TestFoldersAreNotListed(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.get("/static/shop.css").want(http.StatusOK, "/static/shop.css")
	for _, path := range []string{"/static/", "/static", "/static/.", "/static//"} {
		asha.get(path).want(http.StatusNotFound, "/static").saysNot("shop.css")
	}
}

// TestAnOrderButtonWithoutItsNumber: it is not taken for a choice that is missing.
func TestAnOrderButtonWithoutItsNumber(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	review := asha.pays(asha.toReview(address()), "cod")
	place := strings.TrimSuffix(review.path, "review") + "place"
	for _, key := range []string{"", "two words", strings.Repeat("k", 300)} {
		again := asha.post(place, url.Values{"key": {key}, "quote": review.form(place)["quote"]}).
			want(http.StatusUnprocessableEntity, place).says("the order button came without its number").saysNot("Please choose")
		if again.form(place).Get("key") == "" {
			t.Error("the button has no number now either")
		}
	}
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders", n)
	}
}
