package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/auth"
)

const (
	firstKey  = "0123456789abcdef0123456789abcdef"
	secondKey = "fedcba9876543210fedcba9876543210"
)

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newClock() *clock { return &clock{time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)} }

func newGuests(t *testing.T, c *clock, keys ...string) *auth.Guests {
	t.Helper()
	config := auth.GuestConfig{Now: c.now}
	for _, k := range keys {
		config.Keys = append(config.Keys, auth.NewSecret(k))
	}
	g, err := auth.NewGuests(config)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// mint lets a newcomer in and returns who it is and the cookie that was set.
func mint(t *testing.T, g *auth.Guests) (auth.Identity, *http.Cookie) {
	t.Helper()
	w := httptest.NewRecorder()
	id, err := g.Ensure(w, httptest.NewRequest("POST", "/cart", nil))
	if err != nil {
		t.Fatal(err)
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("a newcomer got %d cookies, want 1", len(cookies))
	}
	return id, cookies[0]
}

// with is a request that carries these cookies.
func with(cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest("GET", "/cart", nil)
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value, Quoted: c.Quoted})
	}
	return r
}

func named(name, value string) *http.Cookie { return &http.Cookie{Name: name, Value: value} }

func TestANewcomerIsKnownAgain(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	id, cookie := mint(t, g)
	if id.Kind != auth.Guest || len(id.Subject) != 40 {
		t.Errorf("identity %+v, want a guest with 160 bits in hexadecimal", id)
	}
	again, err := g.Identify(with(cookie))
	if err != nil || again != id {
		t.Errorf("Identify = %v, %v, want %v", again, err, id)
	}
	w := httptest.NewRecorder()
	if again, err = g.Ensure(w, with(cookie)); err != nil || again != id {
		t.Errorf("Ensure = %v, %v, want %v", again, err, id)
	}
	if got := w.Header()["Set-Cookie"]; got != nil {
		t.Errorf("a fresh cookie was set again: %q", got)
	}
}

func TestTheCookieIsBoundToTheHost(t *testing.T) {
	w := httptest.NewRecorder()
	g := newGuests(t, newClock(), firstKey)
	id, err := g.Ensure(w, httptest.NewRequest("POST", "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	line := w.Header().Get("Set-Cookie")
	for _, want := range []string{"__Host-ankkor-guest=", "; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Lax", "; Max-Age=2592000"} {
		if !strings.Contains(line, want) {
			t.Errorf("Set-Cookie %q lacks %q", line, want)
		}
	}
	if strings.Contains(line, "Domain") {
		t.Errorf("Set-Cookie %q names a domain", line)
	}
	if strings.Contains(line, id.Subject) {
		t.Error("the cookie shows the id")
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q beside a cookie, want no-store", got)
	}
}

func TestPlainHTTPHasAnotherName(t *testing.T) {
	g, err := auth.NewGuests(auth.GuestConfig{
		Keys: []auth.Secret{auth.NewSecret(firstKey)}, DangerouslyAllowPlainHTTP: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, cookie := mint(t, g)
	if cookie.Name != "ankkor-guest" || cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %+v", cookie)
	}
	// What was sealed for the one name does not open under the other.
	sealed := newGuests(t, newClock(), firstKey)
	if _, err := sealed.Identify(with(named(auth.GuestCookie, cookie.Value))); !errors.Is(err, auth.ErrCookie) {
		t.Errorf("a plain cookie under the __Host- name: %v, want ErrCookie", err)
	}
}

func TestNoTwoNewcomersAreOne(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	seen := map[string]bool{}
	for range 1000 {
		id, cookie := mint(t, g)
		if seen[id.Subject] || seen[cookie.Value] {
			t.Fatal("an id or a cookie was given out twice")
		}
		seen[id.Subject], seen[cookie.Value] = true, true
	}
}

func TestBadCookiesAreOneError(t *testing.T) {
	clock := newClock()
	g := newGuests(t, clock, firstKey)
	_, good := mint(t, g)
	_, other := mint(t, g)
	_, foreign := mint(t, newGuests(t, clock, secondKey))
	flipped := []byte(good.Value)
	flipped[40] ^= 1
	tests := map[string]*http.Request{
		"empty":             with(named(good.Name, "")),
		"tampered":          with(named(good.Name, string(flipped))),
		"another key":       with(foreign),
		"cut":               with(named(good.Name, good.Value[:len(good.Value)-1])),
		"longer":            with(named(good.Name, good.Value+"A")),
		"padded":            with(named(good.Name, good.Value+"==")),
		"quoted":            with(&http.Cookie{Name: good.Name, Value: good.Value, Quoted: true}),
		"oversized":         with(named(good.Name, strings.Repeat(".", 100_000))),
		"no base64":         with(named(good.Name, strings.Repeat("!", len(good.Value)))),
		"a plain id":        with(named(good.Name, "guest:1")),
		"two, one of them":  with(good, other),
		"two, the same":     with(good, good),
		"two, one bad":      with(good, named(good.Name, "x")),
		"two in two fields": twoFields(good, other),
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			id, err := g.Identify(r)
			var facts *auth.CookieError
			if !errors.Is(err, auth.ErrCookie) || !errors.As(err, &facts) || facts.Name != auth.GuestCookie {
				t.Fatalf("Identify = %v, %v, want a *CookieError", id, err)
			}
			if want := "auth: cookie cannot be accepted: __Host-ankkor-guest"; err.Error() != want {
				t.Errorf("the error is %q: it must be the same for all, %q", err, want)
			}
			w := httptest.NewRecorder()
			fresh, err := g.Ensure(w, r)
			if err != nil || fresh.IsZero() || len(w.Result().Cookies()) != 1 {
				t.Errorf("Ensure = %v, %v, want a new guest", fresh, err)
			}
		})
	}
}

func twoFields(a, b *http.Cookie) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header["Cookie"] = []string{a.Name + "=" + a.Value, b.Name + "=" + b.Value}
	return r
}

// No other text than the one that was given out is a cookie.
func TestACookieHasOneSpelling(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	_, good := mint(t, g)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range good.Value {
		accepted := 0
		for _, c := range alphabet {
			value := good.Value[:i] + string(c) + good.Value[i+1:]
			if _, err := g.Identify(with(named(good.Name, value))); err == nil {
				accepted++
			}
		}
		if accepted != 1 {
			t.Errorf("%d spellings of character %d are accepted, want 1", accepted, i)
		}
	}
}

func TestNoCookieIsNobody(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	id, err := g.Identify(with(named(auth.GuestCookiePlain, "x")))
	if !errors.Is(err, auth.ErrNoIdentity) || !id.IsZero() || id.Owner() != "" {
		t.Errorf("Identify = %v, %v, want nobody and ErrNoIdentity", id, err)
	}
}

func TestTime(t *testing.T) {
	const day = 24 * time.Hour
	tests := map[string]struct {
		after   time.Duration
		known   bool
		renewed bool
	}{
		"at once":               {0, true, false},
		"half":                  {15 * day, true, false},
		"past half":             {15*day + time.Second, true, true},
		"last moment":           {30 * day, true, true},
		"expired":               {30*day + time.Second, false, true},
		"another clock, slow":   {-5 * time.Minute, true, false},
		"from a day to come":    {-6 * time.Minute, false, true},
		"from a distant future": {-100 * 365 * day, false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			clock := newClock()
			g := newGuests(t, clock, firstKey)
			id, cookie := mint(t, g)
			clock.at = clock.at.Add(tt.after)
			if _, err := g.Identify(with(cookie)); (err == nil) != tt.known {
				t.Errorf("Identify: %v, known must be %v", err, tt.known)
			}
			w := httptest.NewRecorder()
			now, err := g.Ensure(w, with(cookie))
			if err != nil || (now == id) != tt.known {
				t.Errorf("Ensure = %v, %v, the same guest: %v", now, err, tt.known)
			}
			if renewed := len(w.Result().Cookies()) == 1; renewed != tt.renewed {
				t.Errorf("cookie set: %v, want %v", renewed, tt.renewed)
			}
		})
	}
}

func TestKeysRotate(t *testing.T) {
	clock := newClock()
	before := newGuests(t, clock, firstKey)
	during := newGuests(t, clock, secondKey, firstKey)
	after := newGuests(t, clock, secondKey)
	id, old := mint(t, before)

	w := httptest.NewRecorder()
	if got, err := during.Ensure(w, with(old)); err != nil || got != id {
		t.Fatalf("with the old key second: %v, %v, want %v", got, err, id)
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatal("a cookie sealed with an old key was not renewed")
	}
	if got, err := after.Identify(with(cookies[0])); err != nil || got != id {
		t.Errorf("the renewed cookie under the new key alone: %v, %v, want %v", got, err, id)
	}
	if _, err := after.Identify(with(old)); !errors.Is(err, auth.ErrCookie) {
		t.Errorf("the old cookie under the new key alone: %v, want ErrCookie", err)
	}
}

func TestEnsureTwiceIsOneGuest(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)
	http.SetCookie(w, named("theme", "dark"))
	first, _ := g.Ensure(w, r)
	second, err := g.Ensure(w, r)
	if err != nil || first != second {
		t.Errorf("one response, two guests: %v and %v (%v)", first, second, err)
	}
	if cookies := w.Result().Cookies(); len(cookies) != 2 || cookies[0].Name != "theme" {
		t.Errorf("cookies %v, want the theme and one guest", cookies)
	}
}

func TestRotateAndForget(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	id, old := mint(t, g)
	w := httptest.NewRecorder()
	fresh, err := g.Rotate(w)
	if err != nil || fresh == id || fresh.IsZero() {
		t.Fatalf("Rotate = %v, %v", fresh, err)
	}
	if again, _ := g.Ensure(w, with(old)); again != fresh {
		t.Errorf("after Rotate the same response's guest is %v, want %v", again, fresh)
	}
	g.Forget(w)
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].MaxAge != -1 || cookies[0].Value != "" || !cookies[0].Secure || cookies[0].Path != "/" {
		t.Errorf("Forget left %v", cookies)
	}
	if again, _ := g.Ensure(w, with()); again == fresh || again == id {
		t.Error("a forgotten guest came back")
	}
}

func TestAnEndedContextSetsNothing(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	_, err := g.Ensure(w, httptest.NewRequest("POST", "/", nil).WithContext(ctx))
	if !errors.Is(err, context.Canceled) || len(w.Header()) != 0 {
		t.Errorf("Ensure: %v, headers %v, want context.Canceled and none", err, w.Header())
	}
}
