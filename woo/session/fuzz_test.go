package session_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// fixed answers every request with one body.
type fixed struct{ status, body string }

func (f fixed) RoundTrip(r *http.Request) (*http.Response, error) {
	status := 200
	if f.status != "" {
		status = 409
	}
	header := http.Header{"Cart-Token": {cartToken("t_1", 1).Reveal()}, "Woocommerce-Session": {graphToken("t_1", 1).Reveal()}}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(f.body)), Request: r}, nil
}

// seeds are the recorded bodies of a folder.
func seeds(f *testing.F, folder string) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body))
	}
	f.Add(`{"data":{"cart":` + oneLineCart + `}}`)
	f.Add(`{"data":{"cart":{"total":"1e99","contents":{"nodes":[null,{}]}}}}`)
	f.Add(`{"items":[{"quantity":"1","totals":null}],"totals":{"total_price":"9223372036854775808","currency_minor_unit":6}}`)
	f.Add(`null`)
}

// sound wants a cart that can be shown and added up, or an error that says what
// is known.
func sound(t *testing.T, c session.Cart, err error) {
	t.Helper()
	var failed *woo.Error
	var lost *session.LostError
	var conflict *session.ConflictError
	if err != nil {
		if !errors.As(err, &failed) && !errors.As(err, &lost) && !errors.As(err, &conflict) && !errors.Is(err, session.ErrNoSuchLine) {
			t.Fatalf("%T is no error of ours: %v", err, err)
		}
		if text := err.Error(); len(text) > 4000 || strings.ContainsFunc(text, unicode.IsControl) {
			t.Fatalf("unreadable: %q", text)
		}
		return
	}
	if c.Currency == "" || c.Totals.Total.Currency() != c.Currency {
		t.Fatalf("a cart in no currency: %+v", c)
	}
	for _, l := range c.Lines {
		if l.Key == "" || l.ItemID() <= 0 || l.Quantity <= 0 || l.Subtotal.Exponent() > 18 || l.Total.Exponent() < -40 {
			t.Fatalf("a line that cannot be: %+v", l)
		}
	}
}

func fuzzDoor(f *testing.F, folder string, open func(testing.TB, *woo.Client) session.Door, with woo.Secret) {
	seeds(f, folder)
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 1<<16 {
			t.Skip()
		}
		for _, status := range []string{"", "409"} {
			client, err := woo.New(woo.Config{URL: "https://shop.example.test", HTTP: &http.Client{Transport: fixed{status, body}}, Retries: -1, BreakAfter: -1})
			if err != nil {
				t.Fatal(err)
			}
			s := resume(t, open(t, client), with)
			c, err := s.Cart(context.Background())
			sound(t, c, err)
			c, err = s.SetQuantity(context.Background(), "k", 2)
			sound(t, c, err)
			if _, err := s.Checkout(context.Background(), order(1)); err != nil && !errors.Is(err, woo.ErrRefused) && !errors.Is(err, woo.ErrUnknown) && !errors.Is(err, woo.ErrUnavailable) && !errors.Is(err, woo.ErrUnauthorised) && !errors.Is(err, woo.ErrRateLimited) && !errors.Is(err, woo.ErrNotFound) {
				t.Fatalf("%T: %v", err, err)
			}
		}
	})
}

func FuzzGraphQLCart(f *testing.F) { fuzzDoor(f, "graphql", doors["WooGraphQL"], graphToken("t_1", 0)) }

func FuzzStoreAPICart(f *testing.F) { fuzzDoor(f, "storeapi", doors["Store API"], cartToken("t_1", 0)) }

// FuzzToken: what a browser sends back is taken for a token or refused, and
// never reaches a header where it could begin another one.
func FuzzToken(f *testing.F) {
	f.Add(graphToken("t_1", 0).Reveal())
	f.Add(cartToken("7", 0).Reveal())
	f.Add(token(`{"user_id":1e400,"exp":"x"}`).Reveal())
	f.Add("a.b.c\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		script := fixed{body: `{}`}
		client, err := woo.New(woo.Config{URL: "https://shop.example.test", HTTP: &http.Client{Transport: script}, Retries: -1})
		if err != nil {
			t.Fatal(err)
		}
		s, err := session.Resume(session.NewStoreAPI(client), woo.NewSecret(text), session.Options{})
		if err != nil {
			if !errors.Is(err, session.ErrLost) {
				t.Fatal(err)
			}
			return
		}
		if len(text) > 4096 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Fatalf("%q was accepted", text)
		}
		_ = s.Expires()
	})
}
