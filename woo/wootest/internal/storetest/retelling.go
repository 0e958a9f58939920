package storetest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// NewRetelling starts a store to retell recordings to.
func NewRetelling(t *testing.T, change func(*wootest.Config)) *Retelling {
	t.Helper()
	s, c := NewStore(t, func(cfg *wootest.Config) {
		cfg.JWTSecret = JWTSecret
		if change != nil {
			change(cfg)
		}
	})
	return &Retelling{Store: s, Clock: c, Learnt: map[string]string{}, Tokens: map[string]string{}, jar: map[string]string{}}
}

// Retelling replays recordings in which the store says things that a later
// request repeats: tokens, session ids, order keys, nonces and cookies. It
// learns what this store says in the place of each, and sends that.
type Retelling struct {
	Store  *wootest.Store
	Clock  *Clock
	Learnt map[string]string // recorded text → this store's
	Tokens map[string]string // customer id of this store → its last session token
	jar    map[string]string // cookies by name, as last set
	Except map[string]string // recording → path of what is not compared in it
}

// Ask makes a GraphQL request of the test's own and answers its data.
func (r *Retelling) Ask(t *testing.T, query string, header map[string]string) (map[string]any, Reply) {
	t.Helper()
	if header == nil {
		header = map[string]string{}
	}
	header["Content-Type"] = "application/json"
	var body bytes.Buffer
	body.Write(MustJSON(t, map[string]string{"query": query}))
	got := Send(t, r.Store, http.MethodPost, "/graphql", body.String(), header)
	answer, _ := Decode(t, got.Body).(map[string]any)
	data, _ := answer["data"].(map[string]any)
	if data == nil || answer["errors"] != nil {
		t.Fatalf("%s\n%s", query, got.Body)
	}
	return data, got
}

// GuestWith begins a guest's session with a cart, as the one recorded under
// the id.
func (r *Retelling) GuestWith(t *testing.T, recorded string, product, quantity int64) {
	t.Helper()
	_, got := r.Ask(t, fmt.Sprintf(`mutation{addToCart(input:{productId:%d,quantity:%d}){cart{total}}}`, product, quantity), nil)
	token := got.Header.Get("woocommerce-session")
	id := fmt.Sprint(ReadClaims(t, token).Data.Customer)
	r.Learnt[recorded], r.Tokens[id] = id, token
}

// Same says whether two texts differ only in what a store makes up, and learns
// it.
func (r *Retelling) Same(t *testing.T, path string, want, got any) bool {
	if strings.HasSuffix(path, ".orderNote.databaseId") { // notes of earlier orders count
		return true
	}
	w, ok1 := want.(string)
	g, ok2 := got.(string)
	if !ok1 || !ok2 {
		return false
	}
	if jwtForm.MatchString(w) && jwtForm.MatchString(g) {
		return r.sameToken(t, w, g)
	}
	if strings.HasSuffix(path, "Set-Cookie") {
		return sameCookie(w, g)
	}
	for _, form := range []*regexp.Regexp{keyForm, nonceForm, guestForm} {
		ws, gs := form.FindAllString(w, -1), form.FindAllString(g, -1)
		if len(ws) != len(gs) {
			return false
		}
		for i := range ws {
			r.Learnt[ws[i]] = gs[i]
		}
		w, g = form.ReplaceAllString(w, "*"), form.ReplaceAllString(g, "*")
	}
	if strings.HasSuffix(path, ".cartHash") {
		return hashForm.MatchString(w) && hashForm.MatchString(g)
	}
	return w == g
}

// SignedInAs are the headers of a request by a user.
func (r *Retelling) SignedInAs(t *testing.T, login string) map[string]string {
	t.Helper()
	token, err := r.Store.BearerToken(login, r.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"Authorization": "Bearer " + token}
}

// TellAll replays a group. Between are things that happened and were not
// recorded, by the recording they came before.
func (r *Retelling) TellAll(t *testing.T, group string, between map[string]func()) {
	for _, rec := range ReadRecordings[Recording](t, group) {
		t.Run(group+"/"+rec.File, func(t *testing.T) {
			r.Clock.Set(rec.At)
			if happened := between[rec.File]; happened != nil {
				happened()
			}
			r.tell(t, rec)
		})
	}
}

// SendOnce follows no redirect.
func SendOnce(t *testing.T, s *wootest.Store, method, path, body string, header map[string]string) Reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	client := s.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // only read from
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Reply{res.StatusCode, res.Header, string(raw)}
}

// tell sends one recorded request and compares the answer.
func (r *Retelling) tell(t *testing.T, rec Recording) {
	t.Helper()
	r.Clock.Set(rec.At)
	header := map[string]string{}
	for name, value := range rec.Headers {
		header[name] = r.here(t, value)
	}
	if names, ok := rec.Headers["Cookie"]; ok {
		header["Cookie"] = r.cookies(names)
	}
	if rec.TLS {
		header["X-Forwarded-Proto"] = "https"
	}
	body := ""
	if rec.Body != nil {
		body = r.here(t, *rec.Body)
	}
	got := SendOnce(t, r.Store, rec.Method, r.here(t, rec.Path), body, header)
	if got.Status != rec.Status {
		t.Errorf("status %d, recorded %d\n%.2000s", got.Status, rec.Status, got.Body)
	}
	r.headers(t, rec, got.Header)
	if rec.Answer == "" || t.Failed() && !json.Valid([]byte(got.Body)) {
		return
	}
	r.compare(t, rec, got)
}

// JWTSecret lets these tests sign bearers with any claims.
const JWTSecret = "a-key-of-this-test-and-of-nothing-else"

// here says a recorded text in this store's words: bearers are signed anew with
// the claims they were recorded with, everything else was learnt.
func (r *Retelling) here(t *testing.T, text string) string {
	t.Helper()
	text = jwtForm.ReplaceAllStringFunc(text, func(token string) string {
		if ours, ok := r.Learnt[token]; ok {
			return ours
		}
		c := ReadClaims(t, token)
		if c.Data != nil && c.Data.User != nil {
			c.Issuer = (Recording{}).Moved(r.Store, c.Issuer)
			secret := JWTSecret
			if strings.HasSuffix(token, ".foreign") {
				secret = "another key"
			}
			return Bearer(t, c, secret)
		}
		if c.Data != nil {
			if ours, ok := r.Tokens[fmt.Sprint(r.guest(fmt.Sprint(c.Data.Customer)))]; ok {
				return ours
			}
		}
		return token
	})
	for recorded, ours := range r.Learnt {
		if !strings.HasPrefix(recorded, "eyJ") {
			text = strings.ReplaceAll(text, recorded, ours)
		}
	}
	return text
}

// cookies is a request's Cookie header with this store's cookies.
func (r *Retelling) cookies(names string) string {
	var out []string
	for name := range strings.SplitSeq(names, "; ") {
		name = r.cookieName(name)
		out = append(out, name+"="+r.jar[name])
	}
	return strings.Join(out, "; ")
}

func (r *Retelling) headers(t *testing.T, rec Recording, got http.Header) {
	t.Helper()
	for _, line := range got.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(line, ";")
		name, value, _ := strings.Cut(pair, "=")
		r.jar[name] = value
	}
	for _, name := range telling {
		var want []string
		for _, h := range rec.AnswerHeaders {
			if h[0] == name {
				want = append(want, rec.Moved(r.Store, h[1]))
			}
		}
		have := got.Values(name)
		if len(have) != len(want) {
			t.Errorf("header %s: %q, recorded %q", name, have, want)
			continue
		}
		for i := range want {
			if want[i] != have[i] && !r.Same(t, "."+name, want[i], have[i]) {
				t.Errorf("header %s: %q, recorded %q", name, have[i], want[i])
			}
		}
	}
}

func (r *Retelling) compare(t *testing.T, rec Recording, got Reply) {
	t.Helper()
	d := Differ{Same: func(path string, want, have any) bool { return r.Same(t, path, want, have) }}
	d.Compare("", withoutDebug(Decode(t, rec.Moved(r.Store, rec.Answer))), withoutDebug(Decode(t, got.Body)))
	for _, line := range d.Found {
		if path := r.Except[rec.File]; path == "" || !strings.HasPrefix(line, path) {
			t.Error(line)
		}
	}
}

// Bearer signs claims as the store signs its sign-in tokens.
func Bearer(t *testing.T, c Claims, secret string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode(MustJSON(t, c))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil))
}

func (r *Retelling) guest(id string) string {
	if ours, ok := r.Learnt[id]; ok {
		return ours
	}
	return id
}

// cookieName has the hash of the store's own address at its end.
func (r *Retelling) cookieName(recorded string) string {
	const theirs = "11de94194d6a4c3185c91065793a8967"
	for name := range r.jar {
		if hash := hashForm.FindString(name); hash != "" {
			return strings.ReplaceAll(recorded, theirs, hash)
		}
	}
	return recorded
}

// telling are headers that must be as recorded, and absent when they were.
var telling = []string{
	"Content-Type", "Expires", "Cache-Control", "X-JWT-Auth", "X-JWT-Refresh", "woocommerce-session", "Location", "X-Redirect-By",
	"Set-Cookie", "User-ID", "X-Frame-Options", "Content-Security-Policy",
}

// withoutDebug drops what GRAPHQL_DEBUG adds: some recordings were made with it.
func withoutDebug(v any) any {
	answer, ok := v.(map[string]any)
	if !ok {
		return v
	}
	delete(answer, "extensions")
	list, _ := answer["errors"].([]any)
	for _, e := range list {
		if one, isObject := e.(map[string]any); isObject {
			delete(one, "extensions")
		}
	}
	return answer
}
