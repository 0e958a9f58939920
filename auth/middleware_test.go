package auth_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ankkor/ankkor/auth"
)

// seen is a handler that notes who was asking.
type seen struct {
	called bool
	id     auth.Identity
	known  bool
}

func (s *seen) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	s.called = true
	s.id, s.known = auth.FromContext(r.Context())
}

func serve(g *auth.Guests, r *http.Request) (*seen, *httptest.ResponseRecorder) {
	s, w := &seen{}, httptest.NewRecorder()
	g.Middleware(s).ServeHTTP(w, r)
	return s, w
}

func TestMiddlewareMakesGuestsOnlyForChanges(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	for method, makes := range map[string]bool{
		"GET": false, "HEAD": false, "OPTIONS": false, "TRACE": false,
		"POST": true, "PUT": true, "PATCH": true, "DELETE": true,
	} {
		for name, cookie := range map[string]*http.Cookie{"no": nil, "a bad": named(auth.GuestCookie, "x")} {
			r := httptest.NewRequest(method, "/", nil)
			if cookie != nil {
				r.AddCookie(cookie)
			}
			s, w := serve(g, r)
			if s.known != makes || (len(w.Result().Cookies()) == 1) != makes {
				t.Errorf("%s with %s cookie: identity %v, cookies %v", method, name, s.known, w.Result().Cookies())
			}
		}
	}
}

func TestMiddlewareKnowsAGuest(t *testing.T) {
	clock := newClock()
	g := newGuests(t, clock, firstKey)
	id, cookie := mint(t, g)
	s, w := serve(g, with(cookie))
	if s.id != id || len(w.Header()["Set-Cookie"]) != 0 {
		t.Errorf("identity %v, want %v and no cookie", s.id, id)
	}
	clock.at = clock.at.Add(auth.DefaultMaxAge - 1)
	if s, w = serve(g, with(cookie)); s.id != id || len(w.Header()["Set-Cookie"]) != 1 {
		t.Errorf("a cookie that is nearly over was not renewed for %v", s.id)
	}
}

func TestMiddlewareLeavesACustomerAlone(t *testing.T) {
	g := newGuests(t, newClock(), firstKey)
	customer, _ := auth.NewCustomer("42")
	r := httptest.NewRequest("POST", "/", nil)
	s, w := serve(g, r.WithContext(auth.NewContext(r.Context(), customer)))
	if s.id != customer || len(w.Header()["Set-Cookie"]) != 0 {
		t.Errorf("identity %v, cookies %v, want the customer and none", s.id, w.Header()["Set-Cookie"])
	}
}

func TestNobodyInAContextIsNobody(t *testing.T) {
	if id, ok := auth.FromContext(auth.NewContext(t.Context(), auth.Identity{})); ok {
		t.Errorf("the zero identity counts as %v", id)
	}
}

func TestCrossOriginChangesAreRefused(t *testing.T) {
	guests, err := auth.NewGuests(auth.GuestConfig{
		Keys: []auth.Secret{auth.NewSecret(firstKey)}, TrustedOrigins: []string{"https://www.example.in"},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		method string
		header http.Header
		want   int
	}{
		"own page":               {"POST", http.Header{"Sec-Fetch-Site": {"same-origin"}}, 200},
		"typed address":          {"POST", http.Header{"Sec-Fetch-Site": {"none"}}, 200},
		"no browser":             {"POST", nil, 200},
		"cross-site":             {"POST", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"another subdomain":      {"DELETE", http.Header{"Sec-Fetch-Site": {"same-site"}}, 403},
		"Origin null":            {"POST", http.Header{"Origin": {"null"}}, 403},
		"old browser, elsewhere": {"POST", http.Header{"Origin": {"https://evil.example"}}, 403},
		"old browser, here":      {"POST", http.Header{"Origin": {"http://example.com"}}, 200},
		"trusted storefront":     {"POST", http.Header{"Origin": {"https://www.example.in"}, "Sec-Fetch-Site": {"same-site"}}, 200},
		"reading from elsewhere": {"GET", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "http://example.com/cart", nil)
			for k, v := range tt.header {
				r.Header[k] = v
			}
			s, w := serve(guests, r)
			if w.Code != tt.want || s.called != (tt.want == 200) {
				t.Errorf("status %d, handler called %v, want %d", w.Code, s.called, tt.want)
			}
			if w.Code == 403 && len(w.Header()["Set-Cookie"]) != 0 {
				t.Error("a refused request got a cookie")
			}
		})
	}
}
