package rest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // OAuth 1.0a names HMAC-SHA1; WooCommerce accepts it
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// oauthWindow is how far a timestamp may be from the store's clock.
const oauthWindow = 15 * time.Minute

// identifyOAuth is one-legged OAuth 1.0a (perform_oauth_authentication).
func (a *API) identifyOAuth(req *wire.Request) (*site.APIKey, *wire.Error) {
	params := oauthParams(req)
	if len(params) == 0 || params.Get("oauth_consumer_key")+params.Get("oauth_signature") == "" {
		return nil, nil
	}
	if err := missingOAuth(params); err != nil {
		return nil, err
	}
	key := a.keyByID(params.Get("oauth_consumer_key"))
	if key == nil {
		return nil, wire.Fault(http.StatusUnauthorized, authErrorCode, "Consumer key is invalid.")
	}
	if err := a.checkSignature(req, params, key); err != nil {
		return nil, err
	}
	return key, a.checkNonce(key.ID, params)
}

// oauthParams are the query's parameters, with those of an OAuth
// Authorization header over them.
func oauthParams(req *wire.Request) url.Values {
	out := url.Values{}
	for name, values := range req.Query {
		out[name] = values
	}
	fields, ok := strings.CutPrefix(req.Header.Get("Authorization"), "OAuth ")
	if !ok {
		return out
	}
	for _, field := range strings.Split(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		if plain, err := url.PathUnescape(strings.Trim(value, `"`)); err == nil && strings.HasPrefix(name, "oauth_") {
			out.Set(name, plain)
		}
	}
	return out
}

func missingOAuth(params url.Values) *wire.Error {
	var missing []string
	for _, name := range []string{"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method"} {
		if params.Get(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	text := "Missing OAuth parameter "
	if len(missing) > 1 {
		text = "Missing OAuth parameters "
	}
	return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_authentication_missing_parameter", text+strings.Join(missing, ", "))
}

func (a *API) checkSignature(req *wire.Request, params url.Values, key *site.APIKey) *wire.Error {
	var algorithm func() hash.Hash
	switch params.Get("oauth_signature_method") {
	case "HMAC-SHA256":
		algorithm = sha256.New
	case "HMAC-SHA1":
		algorithm = sha1.New
	default:
		return wire.Fault(http.StatusUnauthorized, authErrorCode, "Invalid signature - signature method is invalid.")
	}
	text := strings.ToUpper(req.Method) + "&" + rawEncode(a.Shop.URL+strings.TrimSuffix(req.Path, "/")) + "&" + oauthBase(params)
	mac := hmac.New(algorithm, []byte(key.Secret+"&"))
	mac.Write([]byte(text))
	want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	given := strings.ReplaceAll(params.Get("oauth_signature"), " ", "+")
	if !hmac.Equal([]byte(want), []byte(given)) {
		return wire.Fault(http.StatusUnauthorized, authErrorCode, "Invalid signature - provided signature does not match.")
	}
	return nil
}

// oauthBase is the parameter part of the base string: sorted, encoded twice;
// the elements of a list are numbered as PHP numbers them.
func oauthBase(params url.Values) string {
	var pairs []string
	for name, values := range params {
		if name == "oauth_signature" {
			continue
		}
		list, isList := strings.CutSuffix(name, "[]")
		for i, v := range values {
			key := rawEncode(name)
			if isList {
				key = rawEncode(list) + "%5B" + strconv.Itoa(i) + "%5D"
			}
			pairs = append(pairs, key+"="+rawEncode(v))
		}
	}
	slices.Sort(pairs)
	for i, p := range pairs {
		pairs[i] = rawEncode(p)
	}
	return strings.Join(pairs, "%26")
}

// rawEncode is PHP's rawurlencode.
func rawEncode(text string) string {
	return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(text))
}

// checkNonce refuses old timestamps and nonces seen inside the window.
func (a *API) checkNonce(key string, params url.Values) *wire.Error {
	seconds, err := strconv.ParseInt(params.Get("oauth_timestamp"), 10, 64)
	at := time.Unix(seconds, 0)
	now := a.Now()
	if err != nil || now.Sub(at).Abs() > oauthWindow {
		return wire.Fault(http.StatusUnauthorized, authErrorCode, "Invalid timestamp.")
	}
	a.Lock()
	defer a.Unlock()
	nonce := key + " " + params.Get("oauth_nonce")
	if _, used := a.nonces[nonce]; used {
		return wire.Fault(http.StatusUnauthorized, authErrorCode, "Invalid nonce - nonce has already been used.")
	}
	a.nonces[nonce] = at
	for n, t := range a.nonces {
		if now.Sub(t).Abs() > oauthWindow {
			delete(a.nonces, n)
		}
	}
	return nil
}
