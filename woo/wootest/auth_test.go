package wootest_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
)

const productsPath = "/wp-json/wc/v3/products"

// refusal is the code and message of an error answer.
func refusal(t *testing.T, body string) (code, message string) {
	t.Helper()
	var e struct{ Code, Message string }
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return e.Code, e.Message
}

func TestKeysInQuery(t *testing.T) {
	s, _ := newStore(t, func(cfg *wootest.Config) { cfg.TLS = true })
	ok := url.Values{"consumer_key": {testKeys[0].Key}, "consumer_secret": {testKeys[0].Secret}, "per_page": {"1"}, "_fields": {"id"}}
	if a := send(t, s, "GET", productsPath+"?"+ok.Encode(), "", nil); a.status != http.StatusOK || !strings.Contains(a.header.Get("Link")+strings.Join(a.header.Values("Link"), ""), "consumer_key=") {
		t.Errorf("%d %s", a.status, a.body)
	}
	ok.Set("consumer_secret", "cs_wrong")
	a := send(t, s, "GET", productsPath+"?"+ok.Encode(), "", nil)
	if code, message := refusal(t, a.body); a.status != http.StatusUnauthorized || code != "woocommerce_rest_authentication_error" || message != "Consumer secret is invalid." {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestQueryKeysOverPlainHTTP: they are ignored there, like Basic.
func TestQueryKeysOverPlainHTTP(t *testing.T) {
	s, _ := newStore(t, nil)
	q := url.Values{"consumer_key": {testKeys[0].Key}, "consumer_secret": {testKeys[0].Secret}}
	if a := send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil); a.status != http.StatusUnauthorized {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestForwardedProto(t *testing.T) {
	header := signedIn(testKeys[0])
	trusting, _ := newStore(t, nil)
	a := send(t, trusting, "GET", productsPath+"?per_page=1", "", header)
	if a.status != http.StatusOK || !strings.Contains(strings.Join(a.header.Values("Link"), " "), "<https://127.0.0.1") {
		t.Errorf("%d, links %q", a.status, a.header.Values("Link"))
	}
	plain, _ := newStore(t, func(cfg *wootest.Config) { cfg.TrustForwardedProto = false })
	a = send(t, plain, "GET", productsPath, "", header)
	if code, _ := refusal(t, a.body); a.status != http.StatusUnauthorized || code != "woocommerce_rest_cannot_view" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestAnonymous: every kind of request is refused in its own words.
func TestAnonymous(t *testing.T) {
	s, _ := newStore(t, nil)
	tests := map[string]string{
		"GET products": "woocommerce_rest_cannot_view", "GET products/16": "woocommerce_rest_cannot_view",
		"POST orders": "woocommerce_rest_cannot_create", "PUT orders/1": "woocommerce_rest_cannot_edit",
		"DELETE orders/1": "woocommerce_rest_cannot_delete", "POST products/batch": "woocommerce_rest_cannot_batch",
	}
	for request, want := range tests {
		method, path, _ := strings.Cut(request, " ")
		a := send(t, s, method, "/wp-json/wc/v3/"+path, "", nil)
		if code, _ := refusal(t, a.body); a.status != http.StatusUnauthorized || code != want {
			t.Errorf("%s: %d %s", request, a.status, a.body)
		}
	}
	if a := send(t, s, "GET", "/wp-json/wc/v3", "", nil); a.status != http.StatusOK || !strings.Contains(a.body, `"namespace":"wc\/v3"`) {
		t.Errorf("the index is public: %d %.80s", a.status, a.body)
	}
	for _, path := range []string{"/wp-json/wc/v2/products", "/wp-json/", "/wp-json/wc/v3/products/abc"} {
		if a := send(t, s, "GET", path, "", nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// oauth signs a request as the OAuth 1.0a specification says, section 9.
type oauth struct {
	store  *wootest.Store
	method string
	path   string
	at     time.Time
	nonce  string
	hash   func() hash.Hash
	name   string
	key    wootest.APIKey
	params url.Values
}

func (o oauth) signed() url.Values {
	q := url.Values{}
	for k, v := range o.params {
		q[k] = v
	}
	q.Set("oauth_consumer_key", o.key.Key)
	q.Set("oauth_nonce", o.nonce)
	q.Set("oauth_signature_method", o.name)
	q.Set("oauth_timestamp", fmt.Sprint(o.at.Unix()))
	var pairs []string
	for k, values := range q {
		for i, v := range values {
			name := percent(k)
			if list, ok := strings.CutSuffix(k, "[]"); ok { // PHP numbers the elements
				name = percent(list) + "%5B" + fmt.Sprint(i) + "%5D"
			}
			pairs = append(pairs, percent(name+"="+percent(v)))
		}
	}
	sort.Strings(pairs)
	mac := hmac.New(o.hash, []byte(o.key.Secret+"&"))
	_, _ = fmt.Fprint(mac, o.method+"&"+percent(o.store.URL()+o.path)+"&"+strings.Join(pairs, "%26"))
	q.Set("oauth_signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return q
}

// percent is RFC 3986 encoding.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func TestOAuth(t *testing.T) {
	s, c := newStore(t, nil)
	good := oauth{store: s, method: "GET", path: productsPath, at: c.now(), hash: sha256.New, name: "HMAC-SHA256", key: testKeys[0]}
	tests := map[string]struct {
		change  func(*oauth, url.Values)
		status  int
		message string
	}{
		"SHA256":           {nil, 200, ""},
		"SHA1":             {func(o *oauth, _ url.Values) { o.hash, o.name = sha1.New, "HMAC-SHA1" }, 200, ""},
		"with parameters":  {func(o *oauth, _ url.Values) { o.params = url.Values{"search": {"a b+c/~"}, "per_page": {"3"}} }, 200, ""},
		"with a list":      {func(o *oauth, _ url.Values) { o.params = url.Values{"status[]": {"publish", "draft"}} }, 200, ""},
		"a minute early":   {func(o *oauth, _ url.Values) { o.at = o.at.Add(time.Minute) }, 200, ""},
		"16 minutes late":  {func(o *oauth, _ url.Values) { o.at = o.at.Add(-16 * time.Minute) }, 401, "Invalid timestamp."},
		"unknown key":      {func(o *oauth, _ url.Values) { o.key.Key = "ck_x" }, 401, "Consumer key is invalid."},
		"wrong secret":     {func(o *oauth, _ url.Values) { o.key.Secret = "cs_x" }, 401, "Invalid signature - provided signature does not match."},
		"other parameters": {func(_ *oauth, q url.Values) { q.Set("page", "2") }, 401, "Invalid signature - provided signature does not match."},
		"MD5":              {func(o *oauth, _ url.Values) { o.name = "HMAC-MD5" }, 401, "Invalid signature - signature method is invalid."},
		"no nonce":         {func(_ *oauth, q url.Values) { q.Del("oauth_nonce") }, 401, "Missing OAuth parameter oauth_nonce"},
		"a write-only key": {func(o *oauth, _ url.Values) { o.key = testKeys[2] }, 401, "The API key provided does not have read permissions."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o, late := good, url.Values{}
			o.nonce = strings.ReplaceAll(name, " ", "")
			if tc.change != nil {
				tc.change(&o, late)
			}
			q := o.signed()
			if tc.change != nil {
				tc.change(&oauth{}, q) // what is changed after signing
			}
			a := send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil)
			if a.status != tc.status {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if tc.message != "" {
				if _, message := refusal(t, a.body); message != tc.message {
					t.Errorf("%q, want %q", message, tc.message)
				}
			}
		})
	}
}

func TestOAuthNonceOnce(t *testing.T) {
	s, c := newStore(t, nil)
	q := oauth{store: s, method: "GET", path: productsPath, at: c.now(), nonce: "n", hash: sha256.New, name: "HMAC-SHA256", key: testKeys[0]}.signed()
	first := send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil)
	second := send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil)
	if _, message := refusal(t, second.body); first.status != 200 || second.status != 401 || message != "Invalid nonce - nonce has already been used." {
		t.Errorf("%d, then %d %s", first.status, second.status, second.body)
	}
}

func TestOAuthInHeader(t *testing.T) {
	s, c := newStore(t, nil)
	q := oauth{store: s, method: "POST", path: "/wp-json/wc/v3/orders", at: c.now(), nonce: "h", hash: sha256.New, name: "HMAC-SHA256", key: testKeys[0]}.signed()
	var fields []string
	for k := range q {
		fields = append(fields, k+`="`+percent(q.Get(k))+`"`)
	}
	a := send(t, s, "POST", "/wp-json/wc/v3/orders", `{"line_items":[{"product_id":16}]}`,
		map[string]string{"Authorization": "OAuth " + strings.Join(fields, ", "), "Content-Type": "application/json"})
	if a.status != http.StatusCreated {
		t.Errorf("%d %s", a.status, a.body)
	}
}
