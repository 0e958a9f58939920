package rest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

// fixed answers every request with the same bytes, without a network.
type fixed []byte

func (f fixed) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(f))}, nil
}

// FuzzDecode: no answer panics, an error is a typed one, and what was read can
// be written.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		f.Fatalf("no recordings: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, body, _ := bytes.Cut(raw, []byte("\n\n"))
		f.Add(body)
	}
	for _, odd := range []string{`{"id":"1e400"}`, `{"id":[[[[]]]]}`, `[{"id":1,"meta_data":{"1":{"key":{},"value":[]}}}]`, `{"id":16,"price":1e999999999}`, `{"id":1,"attributes":{"x":{}}}`} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		client, err := woo.New(woo.Config{URL: "https://shop.example", Key: "ck_1", Secret: woo.NewSecret("cs_1"), HTTP: &http.Client{Transport: fixed(body)}, Retries: -1, BreakAfter: -1})
		if err != nil {
			t.Fatal(err)
		}
		shop, ctx := rest.New(client), t.Context()
		p, err := shop.Products().Get(ctx, 16)
		checkRead(t, err, p)
		o, err := shop.Orders().Get(ctx, 164)
		checkRead(t, err, o)
		all, err := shop.Variations(37).Collect(ctx, rest.Query{})
		checkRead(t, err, all)
		methods, err := shop.ZoneMethods(1).Collect(ctx, rest.Query{})
		checkRead(t, err, methods)
		settings, err := shop.Settings(ctx, "general")
		checkRead(t, err, settings)
		done, err := shop.Products().Batch(ctx, rest.Batch[rest.ProductChange]{Delete: []int64{1}})
		checkRead(t, err, done.Deleted)
	})
}

func checkRead(t *testing.T, err error, v any) {
	t.Helper()
	if err != nil {
		if _, ok := err.(*woo.Error); !ok {
			t.Errorf("%T: %v", err, err)
		}
		return
	}
	if outcome, ok := v.([]rest.Outcome[rest.Product]); ok {
		v = len(outcome)
	}
	if _, err := json.Marshal(v); err != nil {
		t.Errorf("%T cannot be written: %v", v, err)
	}
}
