package storetest

import (
	"bufio"
	"compress/gzip"
	"embed"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
)

// Recording is one request of the recorded store and its answer.
type Recording struct {
	File          string            `json:"file"`
	Note          string            `json:"note"`
	At            time.Time         `json:"at"`
	Method        string            `json:"method"`
	Path          string            `json:"path"`
	TLS           bool              `json:"tls"`
	Auth          string            `json:"auth"`
	Headers       map[string]string `json:"headers"`
	Body          *string           `json:"body"`
	Status        int               `json:"status"`
	AnswerHeaders [][2]string       `json:"answerHeaders"`
	Answer        string            `json:"answer"`
}

//go:embed testdata/recorded
var recorded embed.FS

// ReadRecordings reads a group of testdata/recorded.
func ReadRecordings[T any](t *testing.T, group string) []T {
	t.Helper()
	f, err := recorded.Open("testdata/recorded/" + group + ".jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // only read from
	zipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(zipped)
	lines.Buffer(nil, 1<<20)
	var out []T
	for lines.Scan() {
		var r T
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Check sends the recorded request and compares the answers.
func (r Recording) Check(t *testing.T, s *wootest.Store) {
	t.Helper()
	got, err := r.Send(s)
	if err != nil {
		t.Fatal(err)
	}
	r.Compare(t, s, got)
}

// Compare holds an answer against the recorded one.
func (r Recording) Compare(t *testing.T, s *wootest.Store, got Reply) {
	t.Helper()
	if got.Status != r.Status {
		t.Errorf("status %d, recorded %d\n%s", got.Status, r.Status, got.Body)
	}
	r.checkHeaders(t, s, got.Header)
	var d Differ
	d.Compare("", Decode(t, r.Moved(s, r.Answer)), Decode(t, got.Body))
	for _, line := range d.Found {
		t.Error(line)
	}
}

// Moved writes the store's address where the recorded store's was.
func (r Recording) Moved(s *wootest.Store, text string) string {
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

// Send makes the recorded request.
func (r Recording) Send(s *wootest.Store) (Reply, error) {
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
	return SendRaw(s, r.Method, r.Path, body, header)
}

// signature is the Authorization header of the recorded key's counterpart.
func (r Recording) signature() map[string]string {
	key := TestKeys()[0]
	switch r.Auth {
	case "none":
		return nil
	case "read":
		key = TestKeys()[1]
	case "write":
		key = TestKeys()[2]
	case "unknown":
		key.Key = "ck_nobody"
	case "badsecret":
		key.Secret = "cs_wrong"
	}
	return map[string]string{"Authorization": SignedIn(key)["Authorization"]}
}

func (r Recording) checkHeaders(t *testing.T, s *wootest.Store, got http.Header) {
	t.Helper()
	for _, name := range []string{"woocommerce-session", "Set-Cookie"} {
		recorded := slices.ContainsFunc(r.AnswerHeaders, func(h [2]string) bool { return h[0] == name })
		if have := got.Values(name); strings.HasPrefix(r.Path, "/graphql") && !recorded && len(have) > 0 {
			t.Errorf("header %s: %q, recorded none", name, have)
		}
	}
	for _, h := range r.AnswerHeaders {
		name, want := h[0], r.Moved(s, h[1])
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
