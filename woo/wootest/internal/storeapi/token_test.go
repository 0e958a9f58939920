package storeapi_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// customerOfToken is whose cart a Cart-Token names.
func customerOfToken(t *testing.T, token string) any {
	t.Helper()
	var claims struct {
		User    any    `json:"user_id"`
		Issuer  string `json:"iss"`
		Expires int64  `json:"exp"`
		Issued  int64  `json:"iat"`
	}
	if err := json.Unmarshal(storetest.PayloadOf(t, token), &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Issuer != "store-api" || claims.Expires-claims.Issued != 48*60*60 {
		t.Errorf("claims %+v", claims)
	}
	return claims.User
}

// TestCartTokens: tokens of one cart name the same customer and are all good;
// what is not taken opens a new, empty cart.
func TestCartTokens(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	first := cartWith(t, s, 17, 2)
	c.Set(storetest.Seeded().Add(time.Hour))
	later := storeSend(t, s, "GET", first, "cart", nil).Header.Get("Cart-Token")
	if later == first || customerOfToken(t, later) != customerOfToken(t, first) {
		t.Error("a token an hour later is the same, or somebody else's")
	}
	if n := cartCount(t, s, first); n != 2 {
		t.Errorf("the older token finds %d pieces", n)
	}
	parts := strings.Split(first, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"user_id":"t_0","exp":9999999999,"iss":"store-api","iat":1}`))
	for name, token := range map[string]string{
		"garbage": "garbage", "no signature": parts[0] + "." + parts[1] + ".", "another payload": parts[0] + "." + forged + "." + parts[2],
		"a session token": payloadless(t, s), "four parts": first + ".x",
	} {
		t.Run(name, func(t *testing.T) {
			a := storeSend(t, s, "GET", token, "cart", nil)
			if a.Status != 200 || !strings.Contains(a.Body, `"items":[]`) || customerOfToken(t, a.Header.Get("Cart-Token")) == customerOfToken(t, first) {
				t.Errorf("reading answered %d %.200s", a.Status, a.Body)
			}
			if len(a.Header.Values("Access-Control-Allow-Origin")) != 0 {
				t.Error("any origin is allowed without a good token")
			}
			a = storePost(t, s, token, "cart/add-item", map[string]any{"id": 17})
			if e := errorIn(t, a); a.Status != 401 || e.Code != "woocommerce_rest_missing_nonce" || a.Header.Get("Cart-Token") == "" {
				t.Errorf("writing answered %d %s", a.Status, a.Body)
			}
		})
	}
	c.Set(storetest.Seeded().Add(49*time.Hour + time.Second))
	if n := cartCount(t, s, later); n != 0 {
		t.Errorf("an expired token finds %d pieces", n)
	}
}

// payloadless is a woocommerce-session token, which is no Cart-Token.
func payloadless(t *testing.T, s *wootest.Store) string {
	t.Helper()
	return storetest.Send(t, s, "POST", "/graphql", `{"query":"{cart{isEmpty}}"}`, map[string]string{"Content-Type": "application/json"}).Header.Get("woocommerce-session")
}

// TestNonces: a nonce is good for the half day it was made in and the next; it
// starts a new cart each time unless the cookies come along.
func TestNonces(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	nonce := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", nil).Header.Get("Nonce")
	post := func(nonce, cookies string) storetest.Reply {
		t.Helper()
		return storetest.Send(t, s, "POST", "/wp-json/wc/store/v1/cart/add-item", `{"id":17,"quantity":1}`,
			map[string]string{"Content-Type": "application/json", "Nonce": nonce, "Cookie": cookies})
	}
	if e := errorIn(t, post("0123456789", "")); e.Code != "woocommerce_rest_invalid_nonce" || e.Data.Status != 403 {
		t.Errorf("a wrong nonce: %+v", e)
	}
	a := post(nonce, "")
	b := post(nonce, "")
	if a.Status != 201 || customerOfToken(t, a.Header.Get("Cart-Token")) == customerOfToken(t, b.Header.Get("Cart-Token")) {
		t.Errorf("two requests without cookies share a cart: %d", a.Status)
	}
	c.Set(storetest.Seeded().Add(12 * time.Hour))
	var jar []string
	for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
		jar = append(jar, cookie.Name+"="+cookie.Value)
	}
	with := strings.Join(jar, "; ")
	if d := post(nonce, with); d.Status != 201 || !strings.Contains(d.Body, `"items_count":2`) {
		t.Errorf("with cookies half a day later: %d %.200s", d.Status, d.Body)
	}
	if d := post(nonce, strings.Replace(with, "=t_", "=t_0", 1)); !strings.Contains(d.Body, `"items_count":1`) {
		t.Error("a changed cookie opens a cart")
	}
	if d := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/checkout", "", map[string]string{"Cookie": with}); d.Status != 401 {
		t.Errorf("reading the checkout without a nonce answered %d", d.Status)
	}
	c.Set(storetest.Seeded().Add(24 * time.Hour))
	if e := errorIn(t, post(nonce, with)); e.Code != "woocommerce_rest_invalid_nonce" {
		t.Errorf("a day later: %s", e.Code)
	}
	c.Set(storetest.Seeded().Add(60 * time.Hour))
	fresh := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", map[string]string{"Cookie": with})
	if !strings.Contains(fresh.Body, `"items_count":0`) {
		t.Error("a cookie outlives its session")
	}
}

// TestCartTokenOrigin: a browser's origin is answered to who holds a token.
func TestCartTokenOrigin(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	a := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", map[string]string{"Cart-Token": cartWith(t, s, 17, 1), "Origin": "https://shop.example.test"})
	if got := a.Header.Get("Access-Control-Allow-Origin"); got != "https://shop.example.test" || a.Header.Get("Vary") != "Origin" {
		t.Errorf("origin %q, Vary %q", got, a.Header.Get("Vary"))
	}
}

// TestStoreCartOfAUser: a signed-in customer has a cart of the account's own,
// with the account's address and nonce.
func TestStoreCartOfAUser(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	a := storetest.Send(t, s, "POST", "/graphql", `{"query":"mutation{login(input:{username:\"priya\",password:\"priya-pass-1\"}){authToken}}"}`,
		map[string]string{"Content-Type": "application/json"})
	var login struct {
		Data struct{ Login struct{ AuthToken string } }
	}
	if err := json.Unmarshal([]byte(a.Body), &login); err != nil || login.Data.Login.AuthToken == "" {
		t.Fatalf("login answered %s", a.Body)
	}
	header := map[string]string{"Authorization": "Bearer " + login.Data.Login.AuthToken, "Content-Type": "application/json"}
	a = storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", header)
	if a.Header.Get("User-ID") != "2" || customerOfToken(t, a.Header.Get("Cart-Token")) != "2" || !strings.Contains(a.Body, `"city":"Pune"`) ||
		a.Header.Get("Cache-Control") == "" {
		t.Errorf("the cart of a user: User-ID %s %s", a.Header.Get("User-ID"), a.Body)
	}
	guest := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", nil).Header.Get("Nonce")
	header["Nonce"] = guest
	if d := storetest.Send(t, s, "POST", "/wp-json/wc/store/v1/cart/add-item", `{"id":17}`, header); d.Status != 403 {
		t.Errorf("a guest's nonce answered %d", d.Status)
	}
	header["Nonce"] = a.Header.Get("Nonce")
	if d := storetest.Send(t, s, "POST", "/wp-json/wc/store/v1/cart/add-item", `{"id":17}`, header); d.Status != 201 {
		t.Errorf("the user's nonce answered %d %.200s", d.Status, d.Body)
	}
	delete(header, "Nonce")
	if d := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", header); !strings.Contains(d.Body, `"items_count":1`) {
		t.Errorf("the next look: %.200s", d.Body)
	}
}
