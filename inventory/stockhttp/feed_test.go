package stockhttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/stockhttp"
)

var mug, sari = inventory.ProductItem(16), inventory.ProductItem(18)

func at(item inventory.Item) inventory.Key { return item.At(inventory.DefaultLocation) }

// newFeed follows a stock of ten mugs and a sari.
func newFeed(t *testing.T, change ...func(*stockhttp.FeedConfig)) (*stockhttp.Feed, *memstore.Stock) {
	t.Helper()
	stock := memstore.NewStock(memstore.StockConfig{})
	must(t, stock.Receive(t.Context(), at(mug), 10))
	must(t, stock.Receive(t.Context(), at(sari), 1))
	c := stockhttp.FeedConfig{Books: stock, Log: quiet()}
	for _, f := range change {
		f(&c)
	}
	feed, err := stockhttp.NewFeed(c)
	must(t, err)
	must(t, feed.Look(t.Context()))
	return feed, stock
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, stock *memstore.Stock, item inventory.Item, n int64) {
	t.Helper()
	_, err := stock.Move(t.Context(), inventory.Move{
		Kind: inventory.Allocate, Ref: "checkout-1", Lines: []inventory.Held{{Key: at(item), Quantity: n}},
	})
	must(t, err)
}

// browser reads a stream line by line.
type browser struct {
	*bufio.Scanner
	leave func()
}

func open(t *testing.T, feed http.Handler, query, lastID string) browser {
	t.Helper()
	server := httptest.NewServer(feed)
	t.Cleanup(server.Close)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"?"+query, nil)
	must(t, err)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := server.Client().Do(r)
	must(t, err)
	t.Cleanup(func() { leave(); _ = res.Body.Close() })
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %s", res.Status)
	}
	return browser{bufio.NewScanner(res.Body), leave}
}

// events reads n of them, as "id data".
func (b browser) events(t *testing.T, n int) (events []string) {
	t.Helper()
	id := ""
	for len(events) < n && b.Scan() {
		if text, ok := strings.CutPrefix(b.Text(), "id: "); ok {
			id = text
		}
		if text, ok := strings.CutPrefix(b.Text(), "data: "); ok {
			events = append(events, id+" "+text)
		}
	}
	return events
}

func TestFeedTellsHowItIsAndWhatChanges(t *testing.T) {
	feed, stock := newFeed(t)
	b := open(t, feed, "item=product:16&item=product:18", "")
	got := b.events(t, 2)
	take(t, stock, sari, 1)
	must(t, feed.Look(t.Context()))
	got = append(got, b.events(t, 1)...)
	want := []string{
		`2 {"item":"product:16","in_stock":true,"available":10}`,
		`2 {"item":"product:18","in_stock":true,"available":1}`,
		`3 {"item":"product:18","in_stock":false,"available":0}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFeedTellsWhatWasMissed(t *testing.T) {
	feed, stock := newFeed(t)
	for range 3 {
		take(t, stock, mug, 1)
	}
	must(t, feed.Look(t.Context()))
	for lastID, want := range map[string]string{
		"2":     `5 {"item":"product:16","in_stock":true,"available":7}`,
		"99999": `5 {"item":"product:16","in_stock":true,"available":7}`, // from another life
		"x":     `5 {"item":"product:16","in_stock":true,"available":7}`,
	} {
		if got := open(t, feed, "item=product:16", lastID).events(t, 1); len(got) != 1 || got[0] != want {
			t.Errorf("after %s: %q", lastID, got)
		}
	}
	b := open(t, feed, "item=product:18", "2") // nothing of it changed
	take(t, stock, sari, 1)
	must(t, feed.Look(t.Context()))
	if got := b.events(t, 1); len(got) != 1 || !strings.HasPrefix(got[0], "6 ") {
		t.Errorf("got %q", got)
	}
}

func TestFeedTellsNoMoreThanItMay(t *testing.T) {
	feed, _ := newFeed(t, func(c *stockhttp.FeedConfig) { c.Cap = 3 })
	if got := open(t, feed, "item=product:16", "").events(t, 1); len(got) != 1 || !strings.Contains(got[0], `"available":3`) {
		t.Errorf("got %q", got)
	}
}

// deaf takes nothing after the first write until it is let go.
type deaf struct {
	*httptest.ResponseRecorder
	wrote chan struct{}
	hold  chan struct{}
}

func (d *deaf) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), "id: ") {
		d.wrote <- struct{}{}
		<-d.hold
	}
	return len(p), nil
}

func TestFeedLetsSlowClientsGo(t *testing.T) {
	feed, stock := newFeed(t, func(c *stockhttp.FeedConfig) { c.Buffer = 2 })
	d := &deaf{httptest.NewRecorder(), make(chan struct{}, 10), make(chan struct{})}
	served := make(chan struct{})
	go func() {
		defer close(served)
		feed.ServeHTTP(d, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?item=product:16", nil))
	}()
	<-d.wrote
	for range 4 {
		take(t, stock, mug, 1)
		must(t, feed.Look(t.Context()))
	}
	if n := feed.Listening(); n != 0 {
		t.Errorf("%d are listening", n)
	}
	close(d.hold)
	<-served
}

func TestFeedRefuses(t *testing.T) {
	feed, _ := newFeed(t, func(c *stockhttp.FeedConfig) { c.Clients = 1 })
	many := strings.Repeat("item=product:1&", 101)
	ended, end := context.WithCancel(t.Context())
	end() // a stream that is not refused ends at once
	for target, want := range map[string]int{"/": 400, "/?item={x}": 400, "/?item=": 400, "/?" + many: 400, "/?item=%00": 400,
		"/?item=coupon:diwali": 400, "/?item=product:1&item=coupon:~by~00~of~1": 400} {
		w := httptest.NewRecorder()
		feed.ServeHTTP(w, httptest.NewRequestWithContext(ended, http.MethodGet, target, nil))
		if w.Code != want || strings.Contains(w.Body.String(), "{x}") {
			t.Errorf("%.20s: %d %q", target, w.Code, w.Body)
		}
	}
	open(t, feed, "item=product:16", "").events(t, 1)
	w := httptest.NewRecorder()
	feed.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?item=product:16", nil))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("one too many: %d", w.Code)
	}
	w = httptest.NewRecorder()
	feed.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/?item=product:16", nil))
	if w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
	if _, err := stockhttp.NewFeed(stockhttp.FeedConfig{}); !errors.Is(err, stockhttp.ErrConfig) {
		t.Errorf("no books: %v", err)
	}
}

// TestFeedRunLeavesNothingBehind: Run tells of changes, keeps a silent stream
// alive, and takes every client along when it ends.
func TestFeedRunLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	synctest.Test(t, func(t *testing.T) {
		feed, stock := newFeed(t)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- feed.Run(ctx) }()
		w := httptest.NewRecorder()
		served := make(chan struct{})
		go func() {
			defer close(served)
			feed.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?item=product:16", nil))
		}()
		synctest.Wait()
		take(t, stock, mug, 4)
		time.Sleep(31 * time.Second)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
		<-served
		body := w.Body.String()
		if n := strings.Count(body, ": alive"); n != 2 || !strings.Contains(body, `"available":6`) || feed.Listening() != 0 {
			t.Errorf("%d heartbeats, %d listening: %s", n, feed.Listening(), body)
		}
	})
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

func ExampleFeed() {
	stock := memstore.NewStock(memstore.StockConfig{})
	_ = stock.Receive(context.Background(), at(mug), 3)
	feed, err := stockhttp.NewFeed(stockhttp.FeedConfig{Books: stock})
	if err != nil {
		fmt.Println(err)
		return
	}
	// A host calls go feed.Run(ctx) and mounts the feed under /stock.
	server := httptest.NewServer(feed)
	defer server.Close()
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/stock?item=product:16", nil)
	res, err := server.Client().Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	for range 5 {
		lines.Scan()
		fmt.Println(lines.Text())
	}
	// Output:
	// retry: 3000
	//
	// id: 0
	// event: stock
	// data: {"item":"product:16","in_stock":true,"available":3}
}
