package storeapi_test

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// The recordings of the Store API name a Cart-Token by the customer and the
// second it was made in, "(t_1db9… 1795151574)", the nonce "(nonce)" and a hash
// of the cart by its first digits. storeReplay keeps what this store answered in
// their place.
type storeReplay struct {
	store  *wootest.Store
	clock  *storetest.Clock
	tokens map[string]string // recorded token -> this store's
	hashes map[string]string // recorded hash -> this store's
	nonce  string
	key    string // of the order that was placed
	filled int64  // what carts hold that the recording found filled, 0 for a pen
}

// recordedToken is a token's name in a recording.
var recordedToken = regexp.MustCompile(`\((?:t_)?[0-9a-f]+ \d+\)`)

// recordedKey is the key of the order of the recordings.
const recordedKey = "wc_order_VhOu2Px8tA40c"

// TestReplayStoreAPI sends every recorded request of the Store API to one
// store, in the order of the recording.
func TestReplayStoreAPI(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = storetest.BulkCatalogue(t) })
	k := &storeReplay{store: s, clock: c, tokens: map[string]string{}, hashes: map[string]string{}}
	for _, r := range storetest.ReadRecordings[storetest.Recording](t, "store-api") {
		t.Run(r.File, func(t *testing.T) { k.check(t, r) })
	}
}

// TestReplayStoreAPITaxExclusive: prices entered without tax are shown with it.
func TestReplayStoreAPITaxExclusive(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) {
		cfg.Catalogue = withSetting(t, wootest.Catalogue(), "settings_tax.json", "woocommerce_prices_include_tax", "no")
	})
	k := &storeReplay{store: s, clock: c, tokens: map[string]string{}, hashes: map[string]string{}}
	for _, r := range storetest.ReadRecordings[storetest.Recording](t, "store-api-tax-exclusive") {
		t.Run(r.File, func(t *testing.T) { k.check(t, r) })
	}
}

// withSetting lays a changed setting over a catalogue.
func withSetting(t *testing.T, files fs.FS, file, id, value string) fs.FS {
	t.Helper()
	var settings []map[string]any
	storetest.ReadJSON(t, files, file, &settings)
	for _, s := range settings {
		if s["id"] == id {
			s["value"] = value
		}
	}
	return storetest.Overlay{FS: files, Over: fstest.MapFS{file: {Data: storetest.MustJSON(t, settings)}}}
}

func (k *storeReplay) check(t *testing.T, r storetest.Recording) {
	t.Helper()
	header := map[string]string{}
	for name, value := range r.Headers {
		header[name] = k.given(t, value)
	}
	body := ""
	if r.Body != nil {
		body = k.given(t, *r.Body)
	}
	k.clock.Set(r.At)
	got := storetest.Send(t, k.store, r.Method, k.given(t, r.Path), body, header)
	if got.Status != r.Status {
		t.Errorf("status %d, recorded %d\n%s", got.Status, r.Status, got.Body)
	}
	k.checkHeaders(t, r, got.Header)
	var d storetest.Differ
	d.Compare("", storetest.Decode(t, r.Moved(k.store, k.masked(r.Answer))), storetest.Decode(t, k.masked(got.Body)))
	for _, line := range d.Found {
		t.Error(line)
	}
	var order struct {
		Key string `json:"order_key"`
	}
	if json.Unmarshal([]byte(got.Body), &order) == nil && strings.Contains(r.Answer, recordedKey) && order.Key != "" {
		k.key = order.Key
	}
}

// given puts this store's tokens, nonce and key where the recorded ones were.
func (k *storeReplay) given(t *testing.T, text string) string {
	text = recordedToken.ReplaceAllStringFunc(text, func(name string) string { return k.token(t, name) })
	return strings.ReplaceAll(strings.ReplaceAll(text, "(nonce)", k.nonce), recordedKey, k.key)
}

// token is this store's token for a recorded one; one that was not issued in
// the recording belongs to a cart that had been filled before.
func (k *storeReplay) token(t *testing.T, name string) string {
	t.Helper()
	if known, ok := k.tokens[name]; ok {
		return known
	}
	_, second, _ := strings.Cut(strings.Trim(name, "()"), " ")
	at, err := strconv.ParseInt(second, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	k.clock.Set(time.Unix(at, 0))
	k.tokens[name] = cartWith(t, k.store, cmp.Or(k.filled, 17), 1)
	return k.tokens[name]
}

// oneTime are values that are new in every answer: their form is all there is
// to compare.
var oneTime = []struct {
	form  *regexp.Regexp
	AskAs string
}{
	{regexp.MustCompile(`eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+`), "a token"},
	{recordedToken, "a token"},
	{regexp.MustCompile(`\(auth\)`), "a token"},
	{regexp.MustCompile(`"Nonce":"(?:\(nonce\)|[0-9a-f]{10})"`), `"Nonce":"a nonce"`},
	{regexp.MustCompile(`"Cart-Hash":"[0-9a-f]{32}"`), `"Cart-Hash":"a hash"`},
	{regexp.MustCompile(`wc_order_\w{13}`), "an order's key"},
	{regexp.MustCompile(`"item_data":\{"\d+":`), `"item_data":{"first":`},
	{regexp.MustCompile(`\},"\d+":\{"key":"pa_`), `},"next":{"key":"pa_`},
	{regexp.MustCompile(`("key":"an order's key","id":)\d+`), "${1}0"},
}

func (k *storeReplay) masked(text string) string {
	for _, x := range oneTime {
		text = x.form.ReplaceAllString(text, x.AskAs)
	}
	return text
}

// storeHeaders are the headers whose absence a recording fixes too.
var storeHeaders = []string{"Cart-Token", "Nonce", "Nonce-Timestamp", "User-ID", "Cart-Hash", "Set-Cookie", "Allow", "X-Wp-Total", "Last-Modified", "Access-Control-Allow-Origin", "Woocommerce-Session"}

func (k *storeReplay) checkHeaders(t *testing.T, r storetest.Recording, got http.Header) {
	t.Helper()
	recorded := map[string][]string{}
	for _, h := range r.AnswerHeaders {
		name := http.CanonicalHeaderKey(h[0])
		recorded[name] = append(recorded[name], h[1])
	}
	// Backwards, so that of two tokens of one name the Cart-Token is learnt last.
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(recorded))) {
		want, have := recorded[name], got.Values(name)
		if len(have) != len(want) {
			t.Errorf("header %s: %q, recorded %q", name, have, want)
			continue
		}
		for i := range want {
			if !k.sameHeader(name, r.Moved(k.store, want[i]), have[i]) {
				t.Errorf("header %s: %q, recorded %q", name, have[i], want[i])
			}
		}
	}
	for _, name := range storeHeaders {
		if _, ok := recorded[http.CanonicalHeaderKey(name)]; !ok && len(got.Values(name)) > 0 {
			t.Errorf("header %s: %q, recorded none", name, got.Values(name))
		}
	}
}

// sameHeader compares one header and learns from it: a nonce stays the same for
// as long as it lived in the recording, equal hashes are equal here.
func (k *storeReplay) sameHeader(name, want, have string) bool {
	switch {
	case name == "Cart-Token" || name == "Woocommerce-Session":
		k.tokens[want] = have
		return strings.Count(have, ".") == 2
	case name == "Nonce":
		fits := k.nonce == "" || k.nonce == have
		k.nonce = have
		return fits && len(have) == 10
	case name == "Cart-Hash" && want != "":
		known, ok := k.hashes[want]
		k.hashes[want] = have
		return len(have) == 32 && (!ok || known == have)
	case strings.HasPrefix(want, "woocommerce_cart_hash="):
		return regexp.MustCompile(`^woocommerce_cart_hash=[0-9a-f]{32}; path=/$`).MatchString(have)
	case strings.HasPrefix(want, "wp_woocommerce_session_"):
		return regexp.MustCompile(`^wp_woocommerce_session_[0-9a-f]{32}=t_[0-9a-f]{30}%7C\d+%7C\d+%7C%24generic%24[\w-]{40}; expires=.* GMT; Max-Age=172800; path=/; HttpOnly$`).MatchString(have)
	case name == "Last-Modified": // the bulk products are dated by the second
		a, err1 := strconv.ParseInt(want, 10, 64)
		b, err2 := strconv.ParseInt(have, 10, 64)
		return want == have || err1 == nil && err2 == nil && max(a-b, b-a) <= 2
	}
	return want == have
}

// cartWith is the Cart-Token of a new cart with a number of one product.
func cartWith(t *testing.T, s *wootest.Store, product, quantity int64) string {
	t.Helper()
	first := storetest.Send(t, s, "GET", "/wp-json/wc/store/v1/cart", "", nil)
	a := storePost(t, s, first.Header.Get("Cart-Token"), "cart/add-item", map[string]any{"id": product, "quantity": quantity})
	if a.Status != http.StatusCreated {
		t.Fatalf("add-item answered %d %s", a.Status, a.Body)
	}
	return a.Header.Get("Cart-Token")
}

// storePost sends a JSON body to the Store API with a Cart-Token.
func storePost(t *testing.T, s *wootest.Store, token, path string, body any) storetest.Reply {
	t.Helper()
	return storeSend(t, s, http.MethodPost, token, path, body)
}

func storeSend(t *testing.T, s *wootest.Store, method, token, path string, body any) storetest.Reply {
	t.Helper()
	header := map[string]string{"Content-Type": "application/json"}
	if token != "" {
		header["Cart-Token"] = token
	}
	text := ""
	if body != nil {
		text = string(storetest.MustJSON(t, body))
	}
	return storetest.Send(t, s, method, "/wp-json/wc/store/v1/"+path, text, header)
}
