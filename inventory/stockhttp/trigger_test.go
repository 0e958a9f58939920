package stockhttp_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ankkor/ankkor/inventory/stockhttp"
)

const (
	destination = "https://shop.example/hooks/sweep?deep=1"
	current     = "sig_current_0123456789"
	next        = "sig_next_0123456789abc"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// worker counts how often it was started.
type worker struct {
	runs int
	fail error
}

func (w *worker) work(context.Context) error {
	w.runs++
	return w.fail
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func newQStash(t testing.TB, w *worker) http.Handler {
	t.Helper()
	now := func() time.Time { return noon }
	h, err := stockhttp.QStash(stockhttp.QStashConfig{
		CurrentKey: stockhttp.NewSecret(current), NextKey: stockhttp.NewSecret(next), URL: destination,
		Once: stockhttp.NewMemory(now), Work: w.work, Now: now, Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// claimsOf is what QStash signs for a body.
func claimsOf(body string) jwt.MapClaims {
	hash := sha256.Sum256([]byte(body))
	return jwt.MapClaims{
		"iss": "Upstash", "sub": destination, "iat": noon.Unix(), "nbf": noon.Unix(), "exp": noon.Add(5 * time.Minute).Unix(),
		"jti": rand.Text(), "body": base64.URLEncoding.EncodeToString(hash[:]), // with padding
	}
}

func sign(t testing.TB, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func post(h http.Handler, body string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/hooks/sweep", strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func message(signature, id string) map[string]string {
	return map[string]string{"Upstash-Signature": signature, "Upstash-Message-Id": id}
}

// genuine is one attempt of QStash, with a signature of its own.
func genuine(t testing.TB, id string) map[string]string {
	t.Helper()
	return message(sign(t, jwt.SigningMethodHS256, []byte(current), claimsOf("")), id)
}

func TestQStashStartsTheWorkOnce(t *testing.T) {
	w := &worker{}
	h := newQStash(t, w)
	for _, tc := range []struct {
		key, id string
		runs    int
	}{{current, "msg_1", 1}, {current, "msg_1", 1}, {next, "msg_2", 2}, {next, "msg_1", 2}} {
		signature := sign(t, jwt.SigningMethodHS256, []byte(tc.key), claimsOf(`{"a":1}`))
		if got := post(h, `{"a":1}`, message(signature, tc.id)); got.Code != 204 || w.runs != tc.runs {
			t.Errorf("%s: %d, %d runs, want %d", tc.id, got.Code, w.runs, tc.runs)
		}
	}
	unpadded := claimsOf("")
	unpadded["body"] = strings.TrimRight(unpadded["body"].(string), "=")
	if got := post(h, "", message(sign(t, jwt.SigningMethodHS256, []byte(current), unpadded), "msg_3")); got.Code != 204 {
		t.Errorf("an empty body, its hash without padding: %d", got.Code)
	}
}

func TestQStashComesAgainAfterAFailure(t *testing.T) {
	w := &worker{fail: errors.New("the store is down")}
	h := newQStash(t, w)
	if got := post(h, "", genuine(t, "msg_1")); got.Code != 503 || strings.Contains(got.Body.String(), "down") {
		t.Errorf("got %d %q", got.Code, got.Body)
	}
	w.fail = nil
	if got := post(h, "", genuine(t, "msg_1")); got.Code != 204 || w.runs != 2 {
		t.Errorf("the retry: %d, %d runs", got.Code, w.runs)
	}
}

func TestQStashRefuses(t *testing.T) {
	with := func(name string, value any) jwt.MapClaims {
		c := maps.Clone(claimsOf(""))
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return c
	}
	tests := map[string]string{
		"another issuer":        sign(t, jwt.SigningMethodHS256, []byte(current), with("iss", "upstash")),
		"no issuer":             sign(t, jwt.SigningMethodHS256, []byte(current), with("iss", nil)),
		"another destination":   sign(t, jwt.SigningMethodHS256, []byte(current), with("sub", "https://shop.example/hooks/sweep")),
		"no destination":        sign(t, jwt.SigningMethodHS256, []byte(current), with("sub", nil)),
		"expired":               sign(t, jwt.SigningMethodHS256, []byte(current), with("exp", noon.Add(-6*time.Second).Unix())),
		"no expiry":             sign(t, jwt.SigningMethodHS256, []byte(current), with("exp", nil)),
		"good for a year":       sign(t, jwt.SigningMethodHS256, []byte(current), with("exp", noon.AddDate(1, 0, 0).Unix())),
		"from the future":       sign(t, jwt.SigningMethodHS256, []byte(current), with("nbf", noon.Add(time.Minute).Unix())),
		"no beginning":          sign(t, jwt.SigningMethodHS256, []byte(current), with("nbf", nil)),
		"issued in the future":  sign(t, jwt.SigningMethodHS256, []byte(current), with("iat", noon.Add(time.Minute).Unix())),
		"never issued":          sign(t, jwt.SigningMethodHS256, []byte(current), with("iat", nil)),
		"no id":                 sign(t, jwt.SigningMethodHS256, []byte(current), with("jti", nil)),
		"another body":          sign(t, jwt.SigningMethodHS256, []byte(current), with("body", claimsOf("x")["body"])),
		"no body":               sign(t, jwt.SigningMethodHS256, []byte(current), with("body", nil)),
		"an unknown key":        sign(t, jwt.SigningMethodHS256, []byte("sig_other_0123456789"), claimsOf("")),
		"an empty key":          sign(t, jwt.SigningMethodHS256, []byte(""), claimsOf("")),
		"another algorithm":     sign(t, jwt.SigningMethodHS512, []byte(current), claimsOf("")),
		"no algorithm":          sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claimsOf("")),
		"no signature":          "",
		"not a token":           "x.y.z",
		"an overlong signature": strings.Repeat("a", 9000),
	}
	for name, signature := range tests {
		t.Run(name, func(t *testing.T) {
			w := &worker{}
			got := post(newQStash(t, w), "", message(signature, "msg_1"))
			if got.Code != 401 || w.runs != 0 || got.Body.String() != "not allowed\n" {
				t.Errorf("got %d %q, %d runs", got.Code, got.Body, w.runs)
			}
		})
	}
	good := sign(t, jwt.SigningMethodHS256, []byte(current), claimsOf(""))
	for _, id := range []string{"", strings.Repeat("x", 201)} {
		if got := post(newQStash(t, &worker{}), "", message(good, id)); got.Code != 401 {
			t.Errorf("a message id of %d bytes: %d", len(id), got.Code)
		}
	}
	if got := post(newQStash(t, &worker{}), strings.Repeat("x", stockhttp.MaxBody+1), message(good, "msg_1")); got.Code != 413 {
		t.Errorf("an overlong body: %d", got.Code)
	}
}

func TestSharedSecret(t *testing.T) {
	w := &worker{}
	h, err := stockhttp.Shared(stockhttp.SharedConfig{
		Secrets: []stockhttp.Secret{stockhttp.NewSecret("the new secret 0123"), stockhttp.NewSecret("the old secret 0123")}, Work: w.work, Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]int{
		"Bearer the new secret 0123": 204, "Bearer the old secret 0123": 204, "Bearer the new secret 012": 401,
		"bearer the new secret 0123": 401, "the new secret 0123": 401, "Bearer ": 401, "": 401,
	} {
		if got := post(h, "", map[string]string{"Authorization": header}); got.Code != want {
			t.Errorf("%q: %d, want %d", header, got.Code, want)
		}
	}
	if w.runs != 2 {
		t.Errorf("%d runs", w.runs)
	}
	r := httptest.NewRecorder()
	h.ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/", nil))
	if r.Code != 405 || r.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d", r.Code)
	}
	w.fail = errors.New("down")
	if got := post(h, "", map[string]string{"Authorization": "Bearer the new secret 0123"}); got.Code != 503 {
		t.Errorf("failing work: %d", got.Code)
	}
}

func TestTriggerConfigurations(t *testing.T) {
	w, key := &worker{}, stockhttp.NewSecret(current)
	for name, c := range map[string]stockhttp.QStashConfig{
		"empty":          {},
		"a short key":    {CurrentKey: stockhttp.NewSecret("short"), URL: destination, Once: stockhttp.NewMemory(nil), Work: w.work},
		"a relative URL": {CurrentKey: key, URL: "/hooks/sweep", Once: stockhttp.NewMemory(nil), Work: w.work},
		"no memory":      {CurrentKey: key, URL: destination, Work: w.work},
		"no work":        {CurrentKey: key, URL: destination, Once: stockhttp.NewMemory(nil)},
	} {
		if _, err := stockhttp.QStash(c); !errors.Is(err, stockhttp.ErrConfig) || strings.Contains(err.Error(), "short\"") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, secrets := range map[string][]stockhttp.Secret{"none": nil, "three": {key, key, key}, "an empty one": {key, {}}} {
		if _, err := stockhttp.Shared(stockhttp.SharedConfig{Secrets: secrets, Work: w.work}); !errors.Is(err, stockhttp.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzQStash: nothing but a genuine signature starts the work.
func FuzzQStash(f *testing.F) {
	f.Add("x.y.z", "msg_1", "body")
	f.Add(sign(f, jwt.SigningMethodHS256, []byte("another key, 0123456"), claimsOf("body")), "msg_1", "body")
	f.Fuzz(func(t *testing.T, signature, id, body string) {
		w := &worker{}
		if got := post(newQStash(t, w), body, message(signature, id)); w.runs != 0 || got.Code != 401 && got.Code != 413 {
			t.Errorf("%d, %d runs", got.Code, w.runs)
		}
	})
}
