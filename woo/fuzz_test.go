package woo_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// answered is a client whose every request gets one answer.
func answered(t testing.TB, status int, body []byte) *woo.Client {
	client, err := woo.New(woo.Config{
		URL: "https://shop.example.test", Key: testKey, Secret: woo.NewSecret(testSecret), Retries: -1, MaxBody: 1 << 20,
		HTTP: &http.Client{Transport: statusAnswer(status, body)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func statusAnswer(status int, body []byte) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	})
}

func sameAnswer(body []byte) http.RoundTripper { return statusAnswer(200, body) }

// seedBodies adds every recorded body of a folder.
func seedBodies(f *testing.F, folder string, add func(body []byte)) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.http"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, body, _ := bytes.Cut(raw, []byte("\n\n"))
		add(body)
	}
}

// checkTyped wants an error that says what is known, in a readable text.
func checkTyped(t *testing.T, err error) {
	t.Helper()
	var e *woo.Error
	var product *woo.ProductError
	if !errors.As(err, &e) && !errors.As(err, &product) {
		t.Fatalf("%T is no error of ours: %v", err, err)
	}
	if e == nil {
		return
	}
	if len(e.Message) > 600 || !utf8.ValidString(e.Message) || strings.ContainsFunc(e.Message, unicode.IsControl) {
		t.Errorf("message %q", e.Message)
	}
}

func FuzzGraphQLAnswer(f *testing.F) {
	seedBodies(f, "graphql", func(body []byte) { f.Add(body) })
	f.Add([]byte(`{"data":{"product":{"__typename":"VariableProduct","databaseId":1,"variations":{"pageInfo":{"hasNextPage":true},"nodes":[{}]}}}}`))
	f.Add([]byte(`{"data":{"p16":{"status":"publish","price":"x"}},"errors":[{"path":["p16"]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		client := answered(t, 200, body)
		p, err := client.Product(t.Context(), "mug")
		switch {
		case err != nil:
			checkTyped(t, err)
		case p.ID <= 0:
			t.Errorf("a product without an id: %+v", p)
		case p.Price.Kind == woo.NoPrice && p.Price.Stored.Valid:
			t.Errorf("no price, but stored %v", p.Price.Stored)
		}
		for _, err := range []error{
			second(client.Facets(t.Context(), woo.ProductFilter{}, "pa_size")), second(client.CategoryTree(t.Context())), second(client.Count(t.Context(), woo.ProductFilter{})),
		} {
			if err != nil {
				checkTyped(t, err)
			}
		}
		for p, err := range client.Products(t.Context(), woo.ProductFilter{Variations: true}) {
			if err != nil {
				checkTyped(t, err)
			} else if p.ID <= 0 {
				t.Errorf("a product without an id: %+v", p)
			}
		}
		items, err := client.Items(t.Context(), refsOf(16, 37))
		if err != nil {
			checkTyped(t, err)
			return
		}
		for _, item := range items {
			if item.ForSale() && item.UnitPrice.IsNegative() {
				t.Errorf("%+v is for sale", item)
			}
		}
	})
}

// FuzzOrderAnswer: whatever comes back from a create, it is one of done,
// refused, unavailable and unknown; done only for the very order.
func FuzzOrderAnswer(f *testing.F) {
	for _, status := range []int{200, 201, 400, 404, 500} {
		seedBodies(f, "rest", func(body []byte) { f.Add(status, body) })
	}
	f.Add(302, []byte("<html>"))
	f.Add(201, []byte(`{"id":"9","status":"pending","currency":"INR","total":1E3,"total_tax":null}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			t.Skip()
		}
		order, err := answered(t, status, body).CreatePending(t.Context(), mugOrder())
		outcomes := 0
		for _, outcome := range []error{checkout.ErrRefused, checkout.ErrUnavailable, checkout.ErrUnknown} {
			if errors.Is(err, outcome) {
				outcomes++
			}
		}
		var mismatch *woo.TotalMismatchError
		switch {
		case err == nil && (order.Token != mugToken || order.ID <= 0 || order.Total != pricing.Paise(49900) || order.Status != "pending"):
			t.Errorf("done with %+v", order)
		case err != nil && outcomes != 1:
			t.Errorf("%d outcomes in %v", outcomes, err)
		case status < 400 && errors.Is(err, checkout.ErrRefused) && !errors.As(err, &mismatch):
			t.Errorf("a %d is a refusal: %v", status, err)
		case (status < 400 || status >= 500) && errors.Is(err, checkout.ErrUnavailable):
			if !strings.Contains(string(body), "rest_no_route") {
				t.Errorf("a %d proves that nothing was done: %v", status, err)
			}
		}
	})
}

func FuzzRESTReads(f *testing.F) {
	for _, folder := range []string{"rest", "rules", "stock"} {
		seedBodies(f, folder, func(body []byte) { f.Add(body) })
	}
	f.Add([]byte(`[{"id":1,"status":"pending","total":"1","currency":"INR","transaction_id":"` + mugToken + `","line_items":[{"meta_data":[{"key":"_reduced_stock","value":"9e9"}]}]}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		client := answered(t, 200, body)
		if _, err := client.Order(t.Context(), 154); err != nil {
			checkTyped(t, err)
		}
		found, err := client.FindOrder(t.Context(), mugToken)
		if err != nil {
			checkTyped(t, err)
		}
		for _, o := range found {
			if o.Token != mugToken && o.TransactionID != mugToken {
				t.Errorf("found %+v", o)
			}
		}
		levels, err := client.Stock(t.Context(), []inventory.Item{"product:16", "variation:40"})
		if err != nil {
			checkTyped(t, err)
		}
		for _, l := range levels {
			if l.Validate() != nil {
				t.Errorf("level %+v", l)
			}
		}
		if _, err := client.Rules(t.Context()); err != nil {
			checkTyped(t, err)
		}
	})
}
