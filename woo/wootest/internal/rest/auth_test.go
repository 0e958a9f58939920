package rest_test

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
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
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
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.TLS = true })
	ok := url.Values{"consumer_key": {storetest.TestKeys()[0].Key}, "consumer_secret": {storetest.TestKeys()[0].Secret}, "per_page": {"1"}, "_fields": {"id"}}
	if a := storetest.Send(t, s, "GET", productsPath+"?"+ok.Encode(), "", nil); a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Link")+strings.Join(a.Header.Values("Link"), ""), "consumer_key=") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	ok.Set("consumer_secret", "cs_wrong")
	a := storetest.Send(t, s, "GET", productsPath+"?"+ok.Encode(), "", nil)
	if code, message := refusal(t, a.Body); a.Status != http.StatusUnauthorized || code != "woocommerce_rest_authentication_error" || message != "Consumer secret is invalid." {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestQueryKeysOverPlainHTTP: they are ignored there, like Basic.
func TestQueryKeysOverPlainHTTP(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	q := url.Values{"consumer_key": {storetest.TestKeys()[0].Key}, "consumer_secret": {storetest.TestKeys()[0].Secret}}
	if a := storetest.Send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil); a.Status != http.StatusUnauthorized {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestForwardedProto(t *testing.T) {
	header := storetest.SignedIn(storetest.TestKeys()[0])
	trusting, _ := storetest.NewStore(t, nil)
	a := storetest.Send(t, trusting, "GET", productsPath+"?per_page=1", "", header)
	if a.Status != http.StatusOK || !strings.Contains(strings.Join(a.Header.Values("Link"), " "), "<https://127.0.0.1") {
		t.Errorf("%d, links %q", a.Status, a.Header.Values("Link"))
	}
	plain, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.TrustForwardedProto = false })
	a = storetest.Send(t, plain, "GET", productsPath, "", header)
	if code, _ := refusal(t, a.Body); a.Status != http.StatusUnauthorized || code != "woocommerce_rest_cannot_view" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestAnonymous: every kind of request is refused in its own words.
func TestAnonymous(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]string{
		"GET products": "woocommerce_rest_cannot_view", "GET products/16": "woocommerce_rest_cannot_view",
		"POST orders": "woocommerce_rest_cannot_create", "PUT orders/1": "woocommerce_rest_cannot_edit",
		"DELETE orders/1": "woocommerce_rest_cannot_delete", "POST products/batch": "woocommerce_rest_cannot_batch",
	}
	for request, want := range tests {
		method, path, _ := strings.Cut(request, " ")
		a := storetest.Send(t, s, method, "/wp-json/wc/v3/"+path, "", nil)
		if code, _ := refusal(t, a.Body); a.Status != http.StatusUnauthorized || code != want {
			t.Errorf("%s: %d %s", request, a.Status, a.Body)
		}
	}
	if a := storetest.Send(t, s, "GET", "/wp-json/wc/v3", "", nil); a.Status != http.StatusOK || !strings.Contains(a.Body, `"namespace":"wc\/v3"`) {
		t.Errorf("the index is public: %d %.80s", a.Status, a.Body)
	}
	for _, path := range []string{"/wp-json/wc/v2/products", "/wp-json/", "/wp-json/wc/v3/products/abc"} {
		if a := storetest.Send(t, s, "GET", path, "", nil); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
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
	s, c := storetest.NewStore(t, nil)
	good := oauth{store: s, method: "GET", path: productsPath, at: c.Now(), hash: sha256.New, name: "HMAC-SHA256", key: storetest.TestKeys()[0]}
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
		"a write-only key": {func(o *oauth, _ url.Values) { o.key = storetest.TestKeys()[2] }, 401, "The API key provided does not have read permissions."},
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
			a := storetest.Send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil)
			if a.Status != tc.status {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			if tc.message != "" {
				if _, message := refusal(t, a.Body); message != tc.message {
					t.Errorf("%q, want %q", message, tc.message)
				}
			}
		})
	}
}

func TestOAuthNonceOnce(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	q := oauth{store: s, method: "GET", path: productsPath, at: c.Now(), nonce: "n", hash: sha256.New, name: "HMAC-SHA256", key: storetest.TestKeys()[0]}.signed()
	first := storetest.Send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil)
	second := storetest.Send(t, s, "GET", productsPath+"?"+q.Encode(), "", nil)
	if _, message := refusal(t, second.Body); first.Status != 200 || second.Status != 401 || message != "Invalid nonce - nonce has already been used." {
		t.Errorf("%d, then %d %s", first.Status, second.Status, second.Body)
	}
}

func TestOAuthInHeader(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	q := oauth{store: s, method: "POST", path: "/wp-json/wc/v3/orders", at: c.Now(), nonce: "h", hash: sha256.New, name: "HMAC-SHA256", key: storetest.TestKeys()[0]}.signed()
	var fields []string
	for k := range q {
		fields = append(fields, k+`="`+percent(q.Get(k))+`"`)
	}
	a := storetest.Send(t, s, "POST", "/wp-json/wc/v3/orders", `{"line_items":[{"product_id":16}]}`,
		map[string]string{"Authorization": "OAuth " + strings.Join(fields, ", "), "Content-Type": "application/json"})
	if a.Status != http.StatusCreated {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
