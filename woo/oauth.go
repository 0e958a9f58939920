package woo

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// errNoKey says that a REST call was made without credentials to sign it.
var errNoKey = errors.New("this call needs Config.Key and Config.Secret")

// signer proves to WooCommerce's REST API who is asking
// (WC_REST_Authentication): HTTP Basic over TLS, one-legged OAuth 1.0a over
// plain HTTP, where WooCommerce does not look at Basic.
type signer struct {
	key    string
	secret Secret
	oauth  bool
	now    func() time.Time
	nonce  func() string
}

func newSigner(c Config, site *url.URL) signer {
	return signer{key: c.Key, secret: c.Secret, oauth: site.Scheme == "http", now: c.Now, nonce: rand.Text}
}

// sign adds the proof to req. It must be the last change to the URL.
func (s signer) sign(req *http.Request) error {
	if s.key == "" {
		return errNoKey
	}
	if !s.oauth {
		req.SetBasicAuth(s.key, s.secret.Reveal())
		return nil
	}
	query := req.URL.Query()
	query.Set("oauth_consumer_key", s.key)
	query.Set("oauth_nonce", s.nonce())
	query.Set("oauth_signature_method", "HMAC-SHA256")
	query.Set("oauth_timestamp", strconv.FormatInt(s.now().Unix(), 10))
	query.Set("oauth_signature", oauthSignature(req.Method, req.URL, query, s.secret))
	req.URL.RawQuery = query.Encode()
	if req.Body == nil || req.Body == http.NoBody {
		req.Body, req.GetBody = sentOnce{}, nil
	}
	return nil
}

// sentOnce is an empty body that cannot be had again. net/http's Transport
// resends a GET by itself when a connection that was used before breaks, but
// none with such a body. The copy would carry the same nonce, and WooCommerce
// answers 401 to it; our own retry signs anew.
type sentOnce struct{}

func (sentOnce) Read([]byte) (int, error) { return 0, io.EOF }
func (sentOnce) Close() error             { return nil }

// oauthSignature is WC_REST_Authentication::check_oauth_signature: the method,
// the address without query and the sorted parameters, each percent-encoded
// twice, under the secret followed by "&". Parameters must not repeat.
func oauthSignature(method string, u *url.URL, query url.Values, key Secret) string {
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	pairs := make([]string, len(names))
	for i, name := range names {
		pairs[i] = rfc3986(rfc3986(name) + "=" + rfc3986(query.Get(name)))
	}
	address := u.Scheme + "://" + u.Host + u.EscapedPath()
	base := method + "&" + rfc3986(address) + "&" + strings.Join(pairs, "%26")
	mac := hmac.New(sha256.New, []byte(key.Reveal()+"&"))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// rfc3986 percent-encodes as PHP's rawurlencode does.
func rfc3986(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
