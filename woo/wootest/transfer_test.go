package wootest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
)

// transferring is a store with the transfer URLs on, and a guest with a cart.
func transferring(t *testing.T) *retelling {
	t.Helper()
	r := newRetelling(t, func(cfg *wootest.Config) { cfg.TransferURLs = true })
	r.guestWith(t, "guest", 16, 2)
	return r
}

// door asks for one of a customer's transfer URLs; "" when there is none.
func (r *retelling) door(t *testing.T, header map[string]string, field string) string {
	t.Helper()
	got, _ := as(t, r.store, header, `{customer{`+field+`}}`)
	var out struct{ Customer map[string]*string }
	readData(t, got, &out)
	if out.Customer[field] == nil {
		return ""
	}
	return strings.TrimPrefix(*out.Customer[field], r.store.URL())
}

func (r *retelling) asGuest() map[string]string {
	return map[string]string{"woocommerce-session": "Session " + r.tokens[r.learnt["guest"]]}
}

// visit opens a page as a browser with the cookies it was given.
func (r *retelling) visit(t *testing.T, path string, cookies []*http.Cookie) (answered, []*http.Cookie) {
	t.Helper()
	header := map[string]string{}
	for _, c := range cookies {
		header["Cookie"] += c.Name + "=" + c.Value + "; "
	}
	got := sendOnce(t, r.store, "GET", path, "", header)
	var kept []*http.Cookie
	for _, c := range (&http.Response{Header: got.header}).Cookies() {
		if c.MaxAge >= 0 {
			kept = append(kept, c)
		}
	}
	return got, kept
}

// TestTransferGuest: the browser gets the guest's cart, and nothing when
// anything in the URL is not as it was.
func TestTransferGuest(t *testing.T) {
	r := transferring(t)
	path := r.door(t, r.asGuest(), "checkoutUrl")
	got, cookies := r.visit(t, path, nil)
	if got.status != http.StatusFound || got.header.Get("Location") != "/checkout/" || len(cookies) != 1 {
		t.Fatalf("%d %v", got.status, got.header)
	}
	if page, _ := r.visit(t, "/checkout/", cookies); !strings.Contains(page.body, "Masala Chai Mug &times; 2") || strings.Contains(page.body, "logged-in") {
		t.Errorf("%s", page.body)
	}
	address, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(url.Values){
		"another nonce":   func(q url.Values) { q.Set("_wc_checkout", "0123456789") },
		"another door":    func(q url.Values) { q.Set("_wc_cart", q.Get("_wc_checkout")); q.Del("_wc_checkout") },
		"another session": func(q url.Values) { q.Set("session_id", "t_"+strings.Repeat("a", 30)) },
		"a user":          func(q url.Values) { q.Set("session_id", "2") },
		"no session":      func(q url.Values) { q.Del("session_id") },
		"no nonce":        func(q url.Values) { q.Del("_wc_checkout") },
		"nothing":         func(q url.Values) { clear(q) },
	} {
		t.Run(name, func(t *testing.T) {
			q := address.Query()
			change(q)
			got, cookies := r.visit(t, "/transfer-session?"+q.Encode(), nil)
			if got.status != http.StatusFound || got.header.Get("Location") != r.store.URL() || len(cookies) != 0 {
				t.Errorf("%d %v", got.status, got.header)
			}
		})
	}
	for name, cookie := range map[string]string{"changed": cookies[0].Value + "x", "a user's": strings.Replace(cookies[0].Value, r.learnt["guest"], "2", 1)} {
		page, _ := r.visit(t, "/cart/", []*http.Cookie{{Name: cookies[0].Name, Value: cookie}})
		if strings.Contains(page.body, "Masala") || strings.Contains(page.body, "logged-in") {
			t.Errorf("%s cookie: %s", name, page.body)
		}
	}
}

// TestTransferExpires: the URL is good for an hour, any number of times.
func TestTransferExpires(t *testing.T) {
	r := transferring(t)
	path, start := r.door(t, r.asGuest(), "cartUrl"), r.clock.now()
	for _, test := range []struct {
		after time.Duration
		sent  bool
	}{{0, true}, {time.Hour, true}, {time.Hour + time.Second, false}} {
		r.clock.set(start.Add(test.after))
		if got, cookies := r.visit(t, path, nil); (len(cookies) == 1) != test.sent {
			t.Errorf("after %v: %v", test.after, got.header)
		}
	}
	if again := r.door(t, r.asGuest(), "cartUrl"); again == path {
		t.Error("an expired URL is given out again")
	}
}

// TestTransferUser: a user's URL signs the browser in, also one that was made
// with the session token alone.
func TestTransferUser(t *testing.T) {
	r := transferring(t)
	_, got := r.ask(t, `mutation{addToCart(input:{productId:17,quantity:3}){cart{total}}}`, r.signedInAs(t, "priya"))
	alone := map[string]string{"woocommerce-session": "Session " + got.header.Get("woocommerce-session")}
	for name, path := range map[string]string{
		"bearer": r.door(t, r.signedInAs(t, "priya"), "accountUrl"), "session token alone": r.door(t, alone, "checkoutUrl"),
	} {
		t.Run(name, func(t *testing.T) {
			_, cookies := r.visit(t, path, nil)
			page, _ := r.visit(t, "/my-account/", cookies)
			if !strings.Contains(page.body, "Hello <strong>Priya Sharma</strong>") {
				t.Errorf("%s: %s", path, page.body)
			}
			if page, _ := r.visit(t, "/cart/", cookies); !strings.Contains(page.body, "Gel Pen &times; 3") {
				t.Errorf("%s", page.body)
			}
			r.clock.set(r.clock.now().Add(49 * time.Hour))
			if page, _ := r.visit(t, "/my-account/", cookies); !strings.Contains(page.body, "woocommerce-form-login") {
				t.Errorf("after two days: %s", page.body)
			}
			r.clock.set(r.clock.now().Add(-49 * time.Hour))
		})
	}
	if path := r.door(t, alone, "accountUrl"); path != "" {
		t.Errorf("the account is offered to a session token alone: %s", path)
	}
}

// TestTransferOff: without the setting neither the fields nor the address are.
func TestTransferOff(t *testing.T) {
	s, _ := newStore(t, nil)
	got, _ := as(t, s, nil, `{customer{cartUrl}}`)
	if want := `Cannot query field "cartUrl" on type "Customer".`; !strings.HasPrefix(firstError(got), want[:len(want)-1]) {
		t.Errorf("%+v", got)
	}
	if got := sendOnce(t, s, "GET", "/transfer-session?session_id=2&_wc_cart=x", "", nil); got.status != http.StatusNotFound {
		t.Errorf("%d", got.status)
	}
}

// TestPages: who is nobody sees empty pages and the form to sign in.
func TestPages(t *testing.T) {
	r := newRetelling(t, nil)
	for path, want := range map[string]string{"/cart/": "block-woocommerce-cart", "/checkout": "block-woocommerce-checkout", "/my-account": "woocommerce-form-login"} {
		page, cookies := r.visit(t, path, nil)
		if page.status != 200 || !strings.Contains(page.body, want) || len(cookies) != 0 || len(r.store.Orders()) != 0 {
			t.Errorf("%s: %d %s", path, page.status, page.body)
		}
	}
	header := r.signedInAs(t, "priya")
	if got := sendOnce(t, r.store, "GET", "/my-account/", "", header); !strings.Contains(got.body, "Hello <strong>Priya Sharma</strong>") ||
		strings.Contains(fmt.Sprint(got.header["Set-Cookie"]), "wordpress_logged_in") {
		t.Errorf("bearer on a page: %v %s", got.header, got.body)
	}
}
