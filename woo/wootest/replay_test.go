package wootest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
)

// notReplayed are the recordings of the replayed groups that are left out,
// each with the reason.
var notReplayed = map[string]string{
	"rest-webhooks/02-after-failures": "follows seven failed deliveries; TestSeventhFailureDisables covers it",
}

// undetermined are members whose value the recording does not fix: random,
// or counted by things outside the recorded requests. Their type is compared.
var undetermined = []string{
	"order_key", "payment_url", "related_ids", "related", "orderKey", "redirect", "cartHash", "sessionToken", "authToken",
}

// isMetaID: ids of meta rows are counted together with rows the API never shows.
func isMetaID(path string) bool {
	return strings.HasSuffix(path, ".id") && strings.Contains(path, "meta_data[")
}

func TestReplayREST(t *testing.T)         { replay(t, "rest-v3") }
func TestReplayStock(t *testing.T)        { replay(t, "rest-v3-stock") }
func TestReplayGraphQL(t *testing.T)      { replay(t, "graphql-products") }
func TestReplayWebhooksREST(t *testing.T) { replay(t, "rest-webhooks") }

// replay sends a group's requests in their order to one store, whose clock
// shows the time of each recording, and compares every answer.
func replay(t *testing.T, group string) {
	s, c := newStore(t, func(cfg *wootest.Config) { cfg.Catalogue = bulkCatalogue(t) })
	for _, r := range readRecordings[recording](t, group) {
		if notReplayed[group+"/"+r.File] != "" {
			continue
		}
		t.Run(r.File, func(t *testing.T) {
			c.set(r.At)
			r.check(t, s)
		})
	}
}

func (r recording) check(t *testing.T, s *wootest.Store) {
	t.Helper()
	got, err := r.send(s)
	if err != nil {
		t.Fatal(err)
	}
	r.compare(t, s, got)
}

// send makes the recorded request.
func (r recording) send(s *wootest.Store) (answered, error) {
	header := map[string]string{}
	for k, v := range r.Headers {
		header[k] = v
	}
	for k, v := range r.signature() {
		header[k] = v
	}
	if r.TLS {
		header["X-Forwarded-Proto"] = "https"
	}
	body := ""
	if r.Body != nil {
		body = *r.Body
	}
	return sendRaw(s, r.Method, r.Path, body, header)
}

// compare holds an answer against the recorded one.
func (r recording) compare(t *testing.T, s *wootest.Store, got answered) {
	t.Helper()
	if got.status != r.Status {
		t.Errorf("status %d, recorded %d\n%s", got.status, r.Status, got.body)
	}
	r.checkHeaders(t, s, got.header)
	var d differ
	d.compare("", decode(t, r.moved(s, r.Answer)), decode(t, got.body))
	for _, line := range d.found {
		t.Error(line)
	}
}

// signature is the Authorization header of the recorded key's counterpart.
func (r recording) signature() map[string]string {
	key := testKeys[0]
	switch r.Auth {
	case "none":
		return nil
	case "read":
		key = testKeys[1]
	case "write":
		key = testKeys[2]
	case "unknown":
		key.Key = "ck_nobody"
	case "badsecret":
		key.Secret = "cs_wrong"
	}
	return map[string]string{"Authorization": signedIn(key)["Authorization"]}
}

// moved writes the store's address where the recorded store's was.
func (r recording) moved(s *wootest.Store, text string) string {
	plain := s.URL()
	secure := "https" + strings.TrimPrefix(plain, "http")
	host := strings.TrimPrefix(plain, "http://")
	for _, pair := range [][2]string{
		{"https://127.0.0.1:8443", secure}, {"http://127.0.0.1:8088", plain}, {"https://127.0.0.1:8088", secure}, {"127.0.0.1:8088", host},
		{"127.0.0.1:8443", host},
	} {
		text = strings.ReplaceAll(text, pair[0], pair[1])
		text = strings.ReplaceAll(text, strings.ReplaceAll(pair[0], "/", `\/`), strings.ReplaceAll(pair[1], "/", `\/`))
	}
	return text
}

func (r recording) checkHeaders(t *testing.T, s *wootest.Store, got http.Header) {
	t.Helper()
	for _, name := range []string{"woocommerce-session", "Set-Cookie"} {
		recorded := slices.ContainsFunc(r.AnswerHeaders, func(h [2]string) bool { return h[0] == name })
		if have := got.Values(name); strings.HasPrefix(r.Path, "/graphql") && !recorded && len(have) > 0 {
			t.Errorf("header %s: %q, recorded none", name, have)
		}
	}
	for _, h := range r.AnswerHeaders {
		name, want := h[0], r.moved(s, h[1])
		have := got.Values(name)
		switch {
		case name == "Vary": // WordPress' own, for CORS
		case want == "(token)" || strings.HasPrefix(want, "("):
			if len(have) != 1 || strings.Count(have[0], ".") != 2 {
				t.Errorf("header %s: %q, want one token", name, have)
			}
		case name == "Set-Cookie":
			checkCookie(t, have, want)
		case !slices.Contains(have, want):
			t.Errorf("header %s: %q, recorded %q", name, have, want)
		}
	}
}

// checkCookie compares a cookie but for what is in brackets: hashes, values.
func checkCookie(t *testing.T, have []string, want string) {
	t.Helper()
	parts := strings.FieldsFunc(want, func(r rune) bool { return r == '(' || r == ')' })
	if !slices.ContainsFunc(have, func(text string) bool {
		return strings.HasPrefix(text, parts[0]) && (len(parts) < 3 || strings.HasSuffix(text, parts[2]) || parts[2] == "=")
	}) {
		t.Errorf("cookies %q, recorded %q", have, want)
	}
}

func decode(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return v
}

// differ collects where two JSON values differ.
type differ struct {
	found []string
	same  func(path string, want, got any) bool // what more counts as no difference
}

func (d *differ) note(path, format string, args ...any) {
	d.found = append(d.found, path+": "+fmt.Sprintf(format, args...))
}

func (d *differ) compare(path string, want, got any) {
	if kind(want) != kind(got) {
		d.note(path, "is %s %v, recorded %s %v", kind(got), short(got), kind(want), short(want))
		return
	}
	switch w := want.(type) {
	case map[string]any:
		d.members(path, w, got.(map[string]any))
	case []any:
		d.elements(path, w, got.([]any))
	default:
		if want != got && !d.free(path, want, got) {
			d.note(path, "is %v, recorded %v", short(got), short(want))
		}
	}
}

// kind is a value's JSON type.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func short(v any) string {
	text := fmt.Sprint(v)
	return text[:min(len(text), 160)]
}

func (d *differ) members(path string, want, got map[string]any) {
	keys := make([]string, 0, len(want))
	for k := range want {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		v, ok := got[k]
		if !ok {
			d.note(path, "has no %q, recorded %v", k, short(want[k]))
			continue
		}
		d.compare(path+"."+k, want[k], v)
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			d.note(path, "has %q = %v, not recorded", k, short(got[k]))
		}
	}
}

func (d *differ) elements(path string, want, got []any) {
	if isUndetermined(path) {
		return
	}
	if len(want) != len(got) {
		d.note(path, "has %d elements, recorded %d: %v", len(got), len(want), short(got))
	}
	for i := range min(len(want), len(got)) {
		d.compare(fmt.Sprintf("%s[%d]", path, i), want[i], got[i])
	}
}

func isUndetermined(path string) bool {
	return slices.ContainsFunc(undetermined, func(name string) bool {
		return strings.HasSuffix(path, "."+name) || strings.Contains(path, "."+name+".")
	})
}

// free says whether a difference is not one: a value nothing fixes, or the
// same moment give or take the second in which the request ran.
func (d *differ) free(path string, want, got any) bool {
	return isUndetermined(path) || isMetaID(path) || isSessionValue(path) || sameMoment(want, got) ||
		d.same != nil && d.same(path, want, got)
}

// isSessionValue: Customer.session shows WooCommerce's own serialised rows,
// with hashes in them.
func isSessionValue(path string) bool {
	return strings.Contains(path, ".session[") && strings.HasSuffix(path, ".value")
}

func sameMoment(want, got any) bool {
	w, ok1 := want.(string)
	g, ok2 := got.(string)
	if !ok1 || !ok2 {
		return false
	}
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339} {
		a, err1 := time.Parse(layout, w)
		b, err2 := time.Parse(layout, g)
		if err1 == nil && err2 == nil {
			return a.Sub(b).Abs() <= 2*time.Second
		}
	}
	return false
}
