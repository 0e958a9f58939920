package pages_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// transferring is a store with the transfer URLs on, and a guest with a cart.
func transferring(t *testing.T) *storetest.Retelling {
	t.Helper()
	r := storetest.NewRetelling(t, func(cfg *wootest.Config) { cfg.TransferURLs = true })
	r.GuestWith(t, "guest", 16, 2)
	return r
}

// door asks for one of a customer's transfer URLs; "" when there is none.
func door(r *storetest.Retelling, t *testing.T, header map[string]string, field string) string {
	t.Helper()
	got, _ := storetest.AskAs(t, r.Store, header, `{customer{`+field+`}}`)
	var out struct{ Customer map[string]*string }
	storetest.ReadData(t, got, &out)
	if out.Customer[field] == nil {
		return ""
	}
	return strings.TrimPrefix(*out.Customer[field], r.Store.URL())
}

func asGuest(r *storetest.Retelling) map[string]string {
	return map[string]string{"woocommerce-session": "Session " + r.Tokens[r.Learnt["guest"]]}
}

// visit opens a page as a browser with the cookies it was given.
func visit(r *storetest.Retelling, t *testing.T, path string, cookies []*http.Cookie) (storetest.Reply, []*http.Cookie) {
	t.Helper()
	header := map[string]string{}
	for _, c := range cookies {
		header["Cookie"] += c.Name + "=" + c.Value + "; "
	}
	got := storetest.SendOnce(t, r.Store, "GET", path, "", header)
	var kept []*http.Cookie
	for _, c := range (&http.Response{Header: got.Header}).Cookies() {
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
	path := door(r, t, asGuest(r), "checkoutUrl")
	got, cookies := visit(r, t, path, nil)
	if got.Status != http.StatusFound || got.Header.Get("Location") != "/checkout/" || len(cookies) != 1 {
		t.Fatalf("%d %v", got.Status, got.Header)
	}
	if page, _ := visit(r, t, "/checkout/", cookies); !strings.Contains(page.Body, "Masala Chai Mug &times; 2") || strings.Contains(page.Body, "logged-in") {
		t.Errorf("%s", page.Body)
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
			got, cookies := visit(r, t, "/transfer-session?"+q.Encode(), nil)
			if got.Status != http.StatusFound || got.Header.Get("Location") != r.Store.URL() || len(cookies) != 0 {
				t.Errorf("%d %v", got.Status, got.Header)
			}
		})
	}
	for name, cookie := range map[string]string{"changed": cookies[0].Value + "x", "a user's": strings.Replace(cookies[0].Value, r.Learnt["guest"], "2", 1)} {
		page, _ := visit(r, t, "/cart/", []*http.Cookie{{Name: cookies[0].Name, Value: cookie}})
		if strings.Contains(page.Body, "Masala") || strings.Contains(page.Body, "logged-in") {
			t.Errorf("%s cookie: %s", name, page.Body)
		}
	}
}

// TestTransferExpires: the URL is good for an hour, any number of times.
func TestTransferExpires(t *testing.T) {
	r := transferring(t)
	path, start := door(r, t, asGuest(r), "cartUrl"), r.Clock.Now()
	for _, test := range []struct {
		after time.Duration
		sent  bool
	}{{0, true}, {time.Hour, true}, {time.Hour + time.Second, false}} {
		r.Clock.Set(start.Add(test.after))
		if got, cookies := visit(r, t, path, nil); (len(cookies) == 1) != test.sent {
			t.Errorf("after %v: %v", test.after, got.Header)
		}
	}
	if again := door(r, t, asGuest(r), "cartUrl"); again == path {
		t.Error("an expired URL is given out again")
	}
}

// TestTransferUser: a user's URL signs the browser in, also one that was made
// with the session token alone.
func TestTransferUser(t *testing.T) {
	r := transferring(t)
	_, got := r.Ask(t, `mutation{addToCart(input:{productId:17,quantity:3}){cart{total}}}`, r.SignedInAs(t, "priya"))
	alone := map[string]string{"woocommerce-session": "Session " + got.Header.Get("woocommerce-session")}
	for name, path := range map[string]string{
		"bearer": door(r, t, r.SignedInAs(t, "priya"), "accountUrl"), "session token alone": door(r, t, alone, "checkoutUrl"),
	} {
		t.Run(name, func(t *testing.T) {
			_, cookies := visit(r, t, path, nil)
			page, _ := visit(r, t, "/my-account/", cookies)
			if !strings.Contains(page.Body, "Hello <strong>Priya Sharma</strong>") {
				t.Errorf("%s: %s", path, page.Body)
			}
			if page, _ := visit(r, t, "/cart/", cookies); !strings.Contains(page.Body, "Gel Pen &times; 3") {
				t.Errorf("%s", page.Body)
			}
			r.Clock.Set(r.Clock.Now().Add(49 * time.Hour))
			if page, _ := visit(r, t, "/my-account/", cookies); !strings.Contains(page.Body, "woocommerce-form-login") {
				t.Errorf("after two days: %s", page.Body)
			}
			r.Clock.Set(r.Clock.Now().Add(-49 * time.Hour))
		})
	}
	if path := door(r, t, alone, "accountUrl"); path != "" {
		t.Errorf("the account is offered to a session token alone: %s", path)
	}
}

// TestTransferOff: without the setting neither the fields nor the address are.
func TestTransferOff(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	got, _ := storetest.AskAs(t, s, nil, `{customer{cartUrl}}`)
	if want := `Cannot query field "cartUrl" on type "Customer".`; !strings.HasPrefix(storetest.FirstError(got), want[:len(want)-1]) {
		t.Errorf("%+v", got)
	}
	if got := storetest.SendOnce(t, s, "GET", "/transfer-session?session_id=2&_wc_cart=x", "", nil); got.Status != http.StatusNotFound {
		t.Errorf("%d", got.Status)
	}
}

// TestPages: who is nobody sees empty pages and the form to sign in.
func TestPages(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	for path, want := range map[string]string{"/cart/": "block-woocommerce-cart", "/checkout": "block-woocommerce-checkout", "/my-account": "woocommerce-form-login"} {
		page, cookies := visit(r, t, path, nil)
		if page.Status != 200 || !strings.Contains(page.Body, want) || len(cookies) != 0 || len(r.Store.Orders()) != 0 {
			t.Errorf("%s: %d %s", path, page.Status, page.Body)
		}
	}
	header := r.SignedInAs(t, "priya")
	if got := storetest.SendOnce(t, r.Store, "GET", "/my-account/", "", header); !strings.Contains(got.Body, "Hello <strong>Priya Sharma</strong>") ||
		strings.Contains(fmt.Sprint(got.Header["Set-Cookie"]), "wordpress_logged_in") {
		t.Errorf("bearer on a page: %v %s", got.Header, got.Body)
	}
}
