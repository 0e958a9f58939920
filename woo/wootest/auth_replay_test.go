package wootest_test

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

// jwtSecret lets these tests sign bearers with any claims.
const jwtSecret = "a-key-of-this-test-and-of-nothing-else"

// retelling replays recordings in which the store says things that a later
// request repeats: tokens, session ids, order keys, nonces and cookies. It
// learns what this store says in the place of each, and sends that.
type retelling struct {
	store  *wootest.Store
	clock  *clock
	learnt map[string]string // recorded text → this store's
	tokens map[string]string // customer id of this store → its last session token
	jar    map[string]string // cookies by name, as last set
	except map[string]string // recording → path of what is not compared in it
}

func newRetelling(t *testing.T, change func(*wootest.Config)) *retelling {
	t.Helper()
	s, c := newStore(t, func(cfg *wootest.Config) {
		cfg.JWTSecret = jwtSecret
		if change != nil {
			change(cfg)
		}
	})
	return &retelling{store: s, clock: c, learnt: map[string]string{}, tokens: map[string]string{}, jar: map[string]string{}}
}

var (
	jwtForm   = regexp.MustCompile(`eyJ[\w-]+\.([\w-]+)\.([\w-]+)`)
	keyForm   = regexp.MustCompile(`wc_order_\w{13}`)
	nonceForm = regexp.MustCompile(`\b[0-9a-f]{10}\b`)
	guestForm = regexp.MustCompile(`t_[0-9a-f]{28,30}`)
	hashForm  = regexp.MustCompile(`[0-9a-f]{32}`)
)

// claims are what tokens of every kind say.
type claims struct {
	Issuer   string `json:"iss"`
	IssuedAt int64  `json:"iat"`
	Before   int64  `json:"nbf,omitempty"`
	Expires  int64  `json:"exp"`
	UserID   any    `json:"user_id,omitempty"`
	Data     *struct {
		Customer any `json:"customer_id,omitempty"`
		User     *struct {
			ID     string `json:"id"`
			Secret string `json:"user_secret,omitempty"`
		} `json:"user,omitempty"`
	} `json:"data,omitempty"`
}

func readClaims(t *testing.T, token string) claims {
	t.Helper()
	var c claims
	raw, err := base64.RawURLEncoding.DecodeString(jwtForm.FindStringSubmatch(token)[1])
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		t.Fatalf("token: %v", err)
	}
	return c
}

// bearer signs claims as the store signs its sign-in tokens.
func bearer(t *testing.T, c claims, secret string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode(mustJSON(t, c))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil))
}

// here says a recorded text in this store's words: bearers are signed anew with
// the claims they were recorded with, everything else was learnt.
func (r *retelling) here(t *testing.T, text string) string {
	t.Helper()
	text = jwtForm.ReplaceAllStringFunc(text, func(token string) string {
		if ours, ok := r.learnt[token]; ok {
			return ours
		}
		c := readClaims(t, token)
		if c.Data != nil && c.Data.User != nil {
			c.Issuer = (recording{}).moved(r.store, c.Issuer)
			secret := jwtSecret
			if strings.HasSuffix(token, ".foreign") {
				secret = "another key"
			}
			return bearer(t, c, secret)
		}
		if c.Data != nil {
			if ours, ok := r.tokens[fmt.Sprint(r.guest(fmt.Sprint(c.Data.Customer)))]; ok {
				return ours
			}
		}
		return token
	})
	for recorded, ours := range r.learnt {
		if !strings.HasPrefix(recorded, "eyJ") {
			text = strings.ReplaceAll(text, recorded, ours)
		}
	}
	return text
}

func (r *retelling) guest(id string) string {
	if ours, ok := r.learnt[id]; ok {
		return ours
	}
	return id
}

// tell sends one recorded request and compares the answer.
func (r *retelling) tell(t *testing.T, rec recording) {
	t.Helper()
	r.clock.set(rec.At)
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
	got := sendOnce(t, r.store, rec.Method, r.here(t, rec.Path), body, header)
	if got.status != rec.Status {
		t.Errorf("status %d, recorded %d\n%.2000s", got.status, rec.Status, got.body)
	}
	r.headers(t, rec, got.header)
	if rec.Answer == "" || t.Failed() && !json.Valid([]byte(got.body)) {
		return
	}
	r.compare(t, rec, got)
}

func (r *retelling) compare(t *testing.T, rec recording, got answered) {
	t.Helper()
	d := differ{same: func(path string, want, have any) bool { return r.same(t, path, want, have) }}
	d.compare("", withoutDebug(decode(t, rec.moved(r.store, rec.Answer))), withoutDebug(decode(t, got.body)))
	for _, line := range d.found {
		if path := r.except[rec.File]; path == "" || !strings.HasPrefix(line, path) {
			t.Error(line)
		}
	}
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

// cookies is a request's Cookie header with this store's cookies.
func (r *retelling) cookies(names string) string {
	var out []string
	for name := range strings.SplitSeq(names, "; ") {
		name = r.cookieName(name)
		out = append(out, name+"="+r.jar[name])
	}
	return strings.Join(out, "; ")
}

// cookieName has the hash of the store's own address at its end.
func (r *retelling) cookieName(recorded string) string {
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

func (r *retelling) headers(t *testing.T, rec recording, got http.Header) {
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
				want = append(want, rec.moved(r.store, h[1]))
			}
		}
		have := got.Values(name)
		if len(have) != len(want) {
			t.Errorf("header %s: %q, recorded %q", name, have, want)
			continue
		}
		for i := range want {
			if want[i] != have[i] && !r.same(t, "."+name, want[i], have[i]) {
				t.Errorf("header %s: %q, recorded %q", name, have[i], want[i])
			}
		}
	}
}

// same says whether two texts differ only in what a store makes up, and learns
// it.
func (r *retelling) same(t *testing.T, path string, want, got any) bool {
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
			r.learnt[ws[i]] = gs[i]
		}
		w, g = form.ReplaceAllString(w, "*"), form.ReplaceAllString(g, "*")
	}
	if strings.HasSuffix(path, ".cartHash") {
		return hashForm.MatchString(w) && hashForm.MatchString(g)
	}
	return w == g
}

// sameToken compares what two tokens say: moments may differ by the seconds in
// which the requests ran, and a user's id is text here and a number there.
func (r *retelling) sameToken(t *testing.T, want, got string) bool {
	t.Helper()
	w, g := readClaims(t, want), readClaims(t, got)
	near := func(a, b int64) bool { return a-b <= 2 && b-a <= 2 }
	if (recording{}).moved(r.store, w.Issuer) != g.Issuer || !near(w.IssuedAt, g.IssuedAt) || !near(w.Before, g.Before) || !near(w.Expires, g.Expires) {
		t.Errorf("token says %+v, recorded %+v", g, w)
	}
	r.learnt[want] = got
	switch {
	case w.Data == nil || g.Data == nil:
		return (w.Data == nil) == (g.Data == nil)
	case w.Data.User != nil:
		return g.Data.User != nil && w.Data.User.ID == g.Data.User.ID && (w.Data.User.Secret == "") == (g.Data.User.Secret == "")
	}
	theirs, ours := fmt.Sprint(w.Data.Customer), fmt.Sprint(g.Data.Customer)
	r.tokens[ours] = got
	if strings.HasPrefix(theirs, "t_") && strings.HasPrefix(ours, "t_") {
		r.learnt[theirs] = ours
		return true
	}
	return theirs == ours
}

var cookieParts = regexp.MustCompile(`^([^=]+)=([^;]*)(.*)$`)

// sameCookie compares names, ways and lives. Values are the store's own.
func sameCookie(want, got string) bool {
	w, g := cookieParts.FindStringSubmatch(want), cookieParts.FindStringSubmatch(got)
	mask := func(s string) string {
		return regexp.MustCompile(`expires=[^;]+`).ReplaceAllString(hashForm.ReplaceAllString(s, "*"), "expires=*")
	}
	wiped := func(v string) bool { return v == "%20" || v == "deleted" }
	whose := func(v string) string { return guestForm.ReplaceAllString(strings.SplitN(v, "%7C", 2)[0], "t_") }
	return len(w) == 4 && len(g) == 4 && mask(w[1]) == mask(g[1]) && mask(w[3]) == mask(g[3]) && wiped(w[2]) == wiped(g[2]) &&
		(strings.Contains(w[1], "cart_hash") || whose(w[2]) == whose(g[2]))
}

// sendOnce follows no redirect.
func sendOnce(t *testing.T, s *wootest.Store, method, path, body string, header map[string]string) answered {
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
	return answered{res.StatusCode, res.Header, string(raw)}
}

// ask makes a GraphQL request of the test's own and answers its data.
func (r *retelling) ask(t *testing.T, query string, header map[string]string) (map[string]any, answered) {
	t.Helper()
	if header == nil {
		header = map[string]string{}
	}
	header["Content-Type"] = "application/json"
	var body bytes.Buffer
	body.Write(mustJSON(t, map[string]string{"query": query}))
	got := send(t, r.store, http.MethodPost, "/graphql", body.String(), header)
	answer, _ := decode(t, got.body).(map[string]any)
	data, _ := answer["data"].(map[string]any)
	if data == nil || answer["errors"] != nil {
		t.Fatalf("%s\n%s", query, got.body)
	}
	return data, got
}

// signedInAs are the headers of a request by a user.
func (r *retelling) signedInAs(t *testing.T, login string) map[string]string {
	t.Helper()
	token, err := r.store.BearerToken(login, r.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"Authorization": "Bearer " + token}
}

// guestWith begins a guest's session with a cart, as the one recorded under
// the id.
func (r *retelling) guestWith(t *testing.T, recorded string, product, quantity int64) {
	t.Helper()
	_, got := r.ask(t, fmt.Sprintf(`mutation{addToCart(input:{productId:%d,quantity:%d}){cart{total}}}`, product, quantity), nil)
	token := got.header.Get("woocommerce-session")
	id := fmt.Sprint(readClaims(t, token).Data.Customer)
	r.learnt[recorded], r.tokens[id] = id, token
}

// tellAll replays a group. Between are things that happened and were not
// recorded, by the recording they came before.
func (r *retelling) tellAll(t *testing.T, group string, between map[string]func()) {
	for _, rec := range readRecordings[recording](t, group) {
		t.Run(group+"/"+rec.File, func(t *testing.T) {
			r.clock.set(rec.At)
			if happened := between[rec.File]; happened != nil {
				happened()
			}
			r.tell(t, rec)
		})
	}
}
