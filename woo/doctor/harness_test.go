package doctor_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/companion"
	"github.com/ankkor/ankkor/woo/doctor"
	"github.com/ankkor/ankkor/woo/webhook"
	"github.com/ankkor/ankkor/woo/wootest"
)

const (
	hookURL    = "https://hooks.shop.example/woocommerce"
	hookSecret = "a secret of sixteen bytes or more"
)

// ward is a store to examine, and what is the matter with it.
type ward struct {
	// files replaces files of the store's data: its name, and what to replace by
	// what.
	files map[string][]string
	// front changes what comes back for a path, or answers in the store's place.
	front func(r *http.Request, answer *http.Response)
	store func(c *wootest.Config)
	woo   func(c *woo.Config)
	ask   func(o *doctor.Options)
	// after is done to the store before it is examined.
	after func(t *testing.T, c *woo.Client, s *wootest.Store)
}

// data is the store's data with the replacements made.
func (w ward) data(t *testing.T) fs.FS {
	t.Helper()
	status, err := os.ReadFile("testdata/system_status.json")
	if err != nil {
		t.Fatal(err)
	}
	over := fstest.MapFS{"system_status.json": {Data: status}, "payment_gateways.json": {Data: []byte(
		`[{"id":"cod","title":"Cash on delivery","order":"","enabled":true,"description":""},{"id":"razorpay","title":"Razorpay","order":"","enabled":true,"description":""}]`)}}
	for name, changes := range w.files {
		text := over[name]
		if text == nil {
			known, err := fs.ReadFile(wootest.Catalogue(), name)
			if err != nil {
				t.Fatal(err)
			}
			text = &fstest.MapFile{Data: known}
		}
		changed := strings.NewReplacer(changes...).Replace(string(text.Data))
		if changed == string(text.Data) {
			t.Fatalf("%s: nothing to replace", name)
		}
		over[name] = &fstest.MapFile{Data: []byte(changed)}
	}
	return layered{over, wootest.Catalogue()}
}

// layered is one folder before another.
type layered struct{ first, second fs.FS }

func (l layered) Open(name string) (fs.File, error) {
	if f, err := l.first.Open(name); err == nil {
		return f, nil
	}
	return l.second.Open(name)
}

// open starts the store and makes a client for it, which sees it through the
// front.
func (w ward) open(t *testing.T) (*woo.Client, *wootest.Store) {
	t.Helper()
	cfg := wootest.Config{TLS: true, Catalogue: w.data(t)}
	if w.store != nil {
		w.store(&cfg)
	}
	store, err := wootest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	hc := store.HTTPClient()
	t.Cleanup(hc.CloseIdleConnections)
	connect := woo.Config{
		URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), Retries: -1,
		HTTP: &http.Client{Transport: curtain{t, hc.Transport, w.front}},
	}
	if w.woo != nil {
		w.woo(&connect)
	}
	client, err := woo.New(connect)
	if err != nil {
		t.Fatal(err)
	}
	return client, store
}

// examine opens the store, gives it the webhooks it should have, and looks.
func (w ward) examine(t *testing.T) (doctor.Report, error) {
	t.Helper()
	client, store := w.open(t)
	keeper := ward{files: w.files}.keeper(t, store)
	if _, err := webhook.Ensure(t.Context(), keeper, webhook.Wanted{URL: hookURL, Secret: woo.NewSecret(hookSecret)}); err != nil {
		t.Fatal(err)
	}
	if w.after != nil {
		w.after(t, keeper, store)
	}
	o := doctor.Options{WebhookURL: hookURL}
	if w.ask != nil {
		w.ask(&o)
	}
	return doctor.Diagnose(t.Context(), client, o)
}

// keeper is a client of the store itself, with its own key.
func (ward) keeper(t *testing.T, store *wootest.Store) *woo.Client {
	t.Helper()
	hc := store.HTTPClient()
	t.Cleanup(hc.CloseIdleConnections)
	c, err := woo.New(woo.Config{URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: hc})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// curtain stands between the client and the store. It adds what a whole
// WooCommerce has and wootest does not: the companion plugin, the report of
// products by type, and products by tax class.
type curtain struct {
	t     *testing.T
	to    http.RoundTripper
	front func(*http.Request, *http.Response)
}

func (c curtain) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.to.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/wc-ankkor/v1/status"):
		replace(answer, http.StatusOK, `{"version":"`+companion.Version+`","features":["order_key"]}`)
	case strings.HasSuffix(r.URL.Path, "/reports/products/totals"):
		replace(answer, http.StatusOK, `[{"slug":"simple","name":"Simple product","total":20},{"slug":"variable","name":"Variable product","total":3},{"slug":"subscription","name":"Subscription","total":0}]`)
	}
	if r.URL.Query().Has("tax_class") { // a filter that wootest does not know
		replace(answer, http.StatusOK, `[]`)
	}
	if strings.Contains(r.URL.Path, "/wc/v3/") {
		answer.Header.Set("X-Ankkor-Companion", companion.Version)
	}
	if c.front != nil {
		c.front(r, answer)
	}
	return answer, nil
}

// replace puts another answer in the place of one.
func replace(a *http.Response, status int, body string) {
	a.StatusCode, a.Status = status, fmt.Sprint(status, " ", http.StatusText(status))
	a.Body, a.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	a.Header.Del("Content-Length")
}

// edit changes an answer's body.
func edit(t *testing.T, a *http.Response, change func(string) string) {
	t.Helper()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Error(err)
	}
	replace(a, a.StatusCode, change(string(body)))
}

// at makes a front of one that is for a path alone.
func at(path string, change func(r *http.Request, a *http.Response)) func(*http.Request, *http.Response) {
	return func(r *http.Request, a *http.Response) {
		if strings.HasSuffix(r.URL.Path, path) {
			change(r, a)
		}
	}
}

// answering replaces a path's answer.
func answering(path string, status int, body string) func(*http.Request, *http.Response) {
	return at(path, func(_ *http.Request, a *http.Response) { replace(a, status, body) })
}

// header sets a header of a path's answer.
func header(path, name, value string) func(*http.Request, *http.Response) {
	return at(path, func(_ *http.Request, a *http.Response) { a.Header.Set(name, value) })
}

// brief are a report's findings as "severity code" or "severity code subject".
func brief(r doctor.Report) []string {
	list := []string{}
	for _, f := range r.Findings {
		list = append(list, strings.TrimSpace(fmt.Sprint(f.Severity, " ", f.Code, " ", f.Subject)))
	}
	return list
}

// whole checks what holds of every report: each code is found or passed, not
// both; every finding is complete; JSON brings it back as it was.
func whole(t *testing.T, r doctor.Report) {
	t.Helper()
	for _, code := range doctor.Codes() {
		if passed, is := slices.Contains(r.Passed, code), len(r.Of(code)) > 0; passed == is {
			t.Errorf("%s: passed %t, found %t", code, passed, is)
		}
	}
	for _, f := range r.Findings {
		if f.Found == "" || f.Breaks == "" || f.Mend == "" || !slices.Contains(doctor.Severities(), f.Severity) {
			t.Errorf("an incomplete finding: %+v", f)
		}
	}
	var out bytes.Buffer
	var back doctor.Report
	if err := json.NewEncoder(&out).Encode(r); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("JSON changed the report (-was +is):\n%s", diff)
	}
}
