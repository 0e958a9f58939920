package session_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
	"github.com/ankkor/ankkor/woo/wootest"
)

// openStore starts a stand-in and a client for it.
func openStore(t testing.TB) (*wootest.Store, *woo.Client) {
	t.Helper()
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := woo.New(woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()),
		HTTP: store.HTTPClient(), BreakAfter: -1, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, client
}

// doors are the two ways into a store.
var doors = map[string]func(testing.TB, *woo.Client) session.Door{
	"WooGraphQL": func(t testing.TB, client *woo.Client) session.Door {
		t.Helper()
		door, err := session.NewGraphQL(client, session.GraphQLOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return door
	},
	"Store API": func(_ testing.TB, client *woo.Client) session.Door { return session.NewStoreAPI(client) },
}

// shop is a stand-in with a door.
type shop struct {
	store  *wootest.Store
	client *woo.Client
	door   session.Door
}

// eachDoor runs a test through both doors, each with a store of its own.
func eachDoor(t *testing.T, check func(*testing.T, shop)) {
	t.Helper()
	for name, open := range doors {
		t.Run(name, func(t *testing.T) {
			store, client := openStore(t)
			check(t, shop{store, client, open(t, client)})
		})
	}
}

// What the stand-in sells.
const (
	mugID    = 16 // ₹499, 12 % GST, 10 pieces
	penID    = 17 // ₹24.99, 18 % GST
	soldOut  = 25
	kurtaID  = 37
	kurtaRed = 40
	bangleID = 44
	bangleS  = 46 // its engraving is chosen
)

func mug(quantity int64) session.AddItem {
	return session.AddItem{ProductID: mugID, Quantity: quantity}
}

var (
	bengaluru = checkout.Address{
		FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
		Email: "ravi@example.test", Phone: "+919812345678",
	}
	mumbai = checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "3 Hill Road", City: "Mumbai", State: "MH", Postcode: "400050", Country: "IN",
		Email: "asha@example.test", Phone: "+919800000001",
	}
)

// ok is a step that must succeed.
func ok(t testing.TB) func(session.Cart, error) session.Cart {
	return func(c session.Cart, err error) session.Cart {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

// token makes a session token as the store would, but for its signature.
func token(payload string) woo.Secret {
	encode := base64.RawURLEncoding.EncodeToString
	return woo.NewSecret(encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode([]byte(payload)) + ".c2lnbmF0dXJl")
}

func graphToken(holder string, n int) woo.Secret {
	return token(fmt.Sprintf(`{"iss":"https://shop.example.test","iat":%d,"exp":%d,"data":{"customer_id":%q}}`, 1795151546+n, 1795324346+n, holder))
}

func cartToken(holder string, n int) woo.Secret {
	return token(fmt.Sprintf(`{"user_id":%q,"exp":%d,"iss":"store-api","iat":%d}`, holder, 1795324346+n, 1795151546+n))
}

// seen is a request that arrived.
type seen struct {
	method, path, token string
	header              http.Header
	body                []byte
}

func (s seen) query(t testing.TB) (document string, input map[string]any) {
	t.Helper()
	var r struct {
		Query     string
		Variables map[string]any
	}
	if err := json.Unmarshal(s.body, &r); err != nil {
		t.Fatalf("no GraphQL: %v", err)
	}
	input, _ = r.Variables["input"].(map[string]any)
	return r.Query, input
}

// answer is what a scripted store says.
type answer struct {
	status int
	token  woo.Secret // sent in the door's header
	body   string
	header http.Header
}

// script is a store that gives prepared answers, in turn; the last one for ever.
type script struct {
	*httptest.Server
	t       testing.TB
	mu      sync.Mutex
	answers []answer
	got     []seen
}

func newScript(t testing.TB, answers ...answer) *script {
	t.Helper()
	s := &script{t: t, answers: answers}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	graph := r.URL.Path == "/graphql"
	got := seen{method: r.Method, path: r.URL.Path, header: r.Header.Clone(), body: body, token: r.Header.Get("Cart-Token")}
	if graph {
		got.token = r.Header.Get("woocommerce-session")
	}
	s.mu.Lock()
	s.got = append(s.got, got)
	a := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	s.mu.Unlock()
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if !a.token.IsZero() {
		name := "Cart-Token"
		if graph {
			name = "woocommerce-session"
		}
		w.Header().Set(name, a.token.Reveal())
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(max(a.status, 200))
	_, _ = io.WriteString(w, a.body)
}

func (s *script) seen() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// client talks to the script, without retries.
func (s *script) client() *woo.Client {
	s.t.Helper()
	client, err := woo.New(woo.Config{URL: s.URL, Key: "ck_1", Secret: woo.NewSecret("cs_1"), Retries: -1, BreakAfter: -1})
	if err != nil {
		s.t.Fatal(err)
	}
	return client
}

func (s *script) graphQL() session.Door  { return doors["WooGraphQL"](s.t, s.client()) }
func (s *script) storeAPI() session.Door { return doors["Store API"](s.t, s.client()) }

// recorded is the body of an answer of a real store.
func recorded(t testing.TB, name string, oldnew ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(oldnew...).Replace(string(bytes.TrimSpace(text)))
}

func resume(t testing.TB, door session.Door, with woo.Secret) *session.Session {
	t.Helper()
	s, err := session.Resume(door, with, session.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// clientOver is WooGraphQL's door over a transport.
func clientOver(t testing.TB, over http.RoundTripper) session.Door {
	t.Helper()
	client, err := woo.New(woo.Config{URL: "https://shop.example.test", HTTP: &http.Client{Transport: over}, Retries: -1, BreakAfter: -1})
	if err != nil {
		t.Fatal(err)
	}
	return doors["WooGraphQL"](t, client)
}
