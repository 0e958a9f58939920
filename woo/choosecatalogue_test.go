package woo_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// clientOf is another client of a store.
func clientOf(t testing.TB, store *wootest.Store, edit ...func(*woo.Config)) *woo.Client {
	t.Helper()
	c := woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()),
		HTTP: store.HTTPClient(), Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, e := range edit {
		e(&c)
	}
	client, err := woo.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func over(kind woo.Catalogue) func(*woo.Config) { return func(c *woo.Config) { c.Catalogue = kind } }

// TestCatalogueIsFoundOnce: what the store answers decides, however many ask at
// once, and an outage decides nothing.
func TestCatalogueIsFoundOnce(t *testing.T) {
	const storeAPI = "GET /wp-json/wc/store/v1/products"
	empty := answering(200, `[]`, "X-WP-Total", "0", "X-WP-TotalPages", "0")
	graph := answering(200, `{"data":{"products":{"nodes":[]}}}`)
	tests := map[string]struct {
		graphQL    http.Handler
		overStore  bool
		wantProbes int
	}{
		"WooGraphQL":             {graph, false, 1},
		"no WPGraphQL":           {answering(404, `<html><title>Page not found</title></html>`), true, 1},
		"WPGraphQL alone":        {answering(200, `{"errors":[{"message":"Cannot query field \"products\" on type \"RootQuery\"."}]}`), true, 1},
		"closed address":         {answering(405, `<html></html>`), true, 1},
		"an outage in the start": {inTurn(answering(502, "<html>"), answering(502, "<html>"), answering(502, "<html>"), graph), false, 4},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"POST /graphql": test.graphQL, storeAPI: empty})
			client := site.client(t, over(woo.CatalogueAutomatic), withoutKey)
			if name == "an outage in the start" {
				if _, err := client.ProductByID(t.Context(), 16); !errors.Is(err, woo.ErrUnavailable) {
					t.Fatalf("an outage is %v", err)
				}
			}
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					if _, err := client.ProductByID(t.Context(), 16); !errors.Is(err, woo.ErrNotFound) {
						t.Errorf("%v, want ErrNotFound", err)
					}
				})
			}
			wg.Wait()
			probes, asked := 0, 0
			for _, r := range site.seen() {
				switch {
				case r.method == "GET":
					asked++
				case r.graph(t).Query == "query{products(first:1){nodes{__typename}}}":
					probes++
				}
			}
			if probes != test.wantProbes || (asked == 8) != test.overStore {
				t.Errorf("%d probes, %d requests to the Store API", probes, asked)
			}
		})
	}
}

func TestCallerWhoLeavesDoesNotWaitForTheCatalogue(t *testing.T) {
	block := make(chan struct{})
	site := newSite(t, map[string]http.Handler{"POST /graphql": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-block })})
	defer close(block)
	client := site.client(t, over(woo.CatalogueAutomatic))
	first, leave := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := client.ProductByID(first, 16); done <- err }()
	for len(site.seen()) == 0 {
		runtime.Gosched() // until the first has asked
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.ProductByID(gone, 16); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who left waited: %v", err)
	}
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestCatalogueIsChecked(t *testing.T) {
	_, err := woo.New(woo.Config{URL: "https://shop.example", Catalogue: "soap"})
	var wrong *woo.ConfigError
	if !errors.As(err, &wrong) || wrong.Field != "Catalogue" {
		t.Errorf("%v", err)
	}
}

// TestItemsNeedAKeyOverTheStoreAPI: it shows prices with a visitor's tax in
// them, which are no prices to calculate with.
func TestItemsNeedAKeyOverTheStoreAPI(t *testing.T) {
	site := newSite(t, nil)
	_, err := site.client(t, over(woo.CatalogueStoreAPI), withoutKey).Items(t.Context(), []cart.ItemRef{product(16)})
	var unsupported *woo.UnsupportedError
	if !errors.As(err, &unsupported) || unsupported.By != woo.CatalogueStoreAPI || !errors.Is(err, woo.ErrUnsupported) || !errors.Is(err, woo.ErrRefused) {
		t.Errorf("%v", err)
	}
	if len(site.seen()) != 0 {
		t.Error("asked nevertheless")
	}
}

// TestOldWooGraphQLIsRemembered: it refuses the words of 1.0 once.
func TestOldWooGraphQLIsRemembered(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"POST /graphql": http.HandlerFunc(oldStore)})
	client := site.client(t, withoutKey)
	var wg sync.WaitGroup
	for i := range 5 {
		ask := func() {
			if p, err := client.ProductBySKU(t.Context(), "KURTA-M-RED"); err != nil || p.ID != 37 {
				t.Errorf("%+v, %v", p, err)
			}
		}
		if i == 0 {
			ask()
			continue
		}
		wg.Go(ask)
	}
	wg.Wait()
	refused := 0
	for _, r := range site.seen() {
		if q := r.graph(t).Query; otherDialect("0.21", q) {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("asked in the words of 1.0 %d times", refused)
	}
}
