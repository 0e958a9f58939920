package wootest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

const ordersPath = "/wp-json/wc/v3/orders"

// TestFaults: what the caller sees, and whether the order exists.
func TestFaults(t *testing.T) {
	tests := map[wootest.FaultKind]struct {
		broken  bool // no complete answer
		status  int
		retry   string
		html    bool
		effects int
	}{
		wootest.CutBefore:   {broken: true},
		wootest.CutAfter:    {broken: true, effects: 1},
		wootest.Truncated:   {broken: true, effects: 1},
		wootest.LateEffect:  {broken: true},
		wootest.BadGateway:  {status: 502, html: true, effects: 1},
		wootest.HTML:        {status: 200, html: true, effects: 1},
		wootest.Unavailable: {status: 503, html: true, retry: "7"},
		wootest.RateLimited: {status: 429, html: true, retry: "7"},
		wootest.Slow:        {status: 201, effects: 1},
		wootest.StaleRead:   {status: 201, effects: 1}, // a write is never stale
	}
	for kind, want := range tests {
		t.Run(string(kind), func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			storetest.Arm(t, s, wootest.Fault{Kind: kind, Method: "post", Path: ordersPath, RetryAfter: 7 * time.Second, Delay: time.Millisecond})
			a, err := storetest.SendRaw(s, "POST", ordersPath, storetest.OneMug(""), storetest.SignedIn(storetest.TestKeys()[0]))
			if want.broken != (err != nil) {
				t.Fatalf("answer %d, error %v", a.Status, err)
			}
			if !want.broken && (a.Status != want.status || a.Header.Get("Retry-After") != want.retry || want.html != strings.Contains(a.Body, "<html>")) {
				t.Errorf("%d, Retry-After %q, %.60s", a.Status, a.Header.Get("Retry-After"), a.Body)
			}
			if got := len(s.Orders()); got != want.effects {
				t.Errorf("%d orders, want %d", got, want.effects)
			}
			if n := s.Faults().Fired(kind); n != 1 {
				t.Errorf("fired %d times", n)
			}
			if a := storetest.Send(t, s, "GET", ordersPath, "", storetest.SignedIn(storetest.TestKeys()[0])); a.Status != 200 {
				t.Errorf("the fault acts again: %d", a.Status)
			}
		})
	}
}

func TestTruncatedAt(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.Truncated, Bytes: 5})
	res, err := s.HTTPClient().Get(s.URL() + "/wp-json/wc/v3/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // what matters was read
	got, err := io.ReadAll(res.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != `{"nam` {
		t.Errorf("%q, %v", got, err)
	}
}

// TestLateEffect: the order appears only after the caller has looked.
func TestLateEffect(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.LateEffect, Method: "POST", Path: ordersPath, Reads: 2})
	if _, err := storetest.SendRaw(s, "POST", ordersPath, storetest.OneMug(`"transaction_id":"tok"`), storetest.SignedIn(storetest.TestKeys()[0])); err == nil {
		t.Fatal("the reply came")
	}
	storetest.Send(t, s, "GET", "/wp-json/wc/v3/products", "", storetest.SignedIn(storetest.TestKeys()[0])) // another collection does not count
	for i, want := range []int{0, 0, 1} {
		if got := storetest.Search(t, s, "search=tok"); len(got) != want {
			t.Fatalf("look %d found %v, want %d", i, got, want)
		}
	}
	if s.Faults().Held() != 0 {
		t.Error("an effect is still held back")
	}
}

func TestSettle(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.LateEffect, Times: 2, Method: "POST", Reads: 100})
	for range 2 {
		if _, err := storetest.SendRaw(s, "POST", ordersPath, storetest.OneMug(""), storetest.SignedIn(storetest.TestKeys()[0])); err == nil {
			t.Fatal("the reply came")
		}
	}
	if s.Faults().Held() != 2 || len(s.Orders()) != 0 {
		t.Fatalf("%d held, %d orders", s.Faults().Held(), len(s.Orders()))
	}
	s.Faults().Clear()
	s.Faults().Settle()
	if len(s.Orders()) != 2 || s.Faults().Held() != 0 {
		t.Errorf("%d orders", len(s.Orders()))
	}
}

// TestStaleRead: a cache in front answers what was true before the last write.
func TestStaleRead(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.StaleRead, Method: "GET", Times: 2}, wootest.Fault{Kind: wootest.StaleRead, Method: "POST", Path: "/graphql"})
	storetest.Place(t, s, storetest.OneMug(`"transaction_id":"tok","status":"processing"`))
	if got := storetest.Search(t, s, "search=tok"); len(got) != 0 {
		t.Errorf("the stale list has %v", got)
	}
	if _, p := storetest.REST(t, s, "GET", "products/16", ""); p["stock_quantity"] != float64(10) {
		t.Errorf("stale stock %v", p["stock_quantity"])
	}
	if _, p := storetest.REST(t, s, "GET", "products/16", ""); p["stock_quantity"] != float64(9) {
		t.Errorf("stock %v", p["stock_quantity"])
	}
	const query = `{product(id:"16",idType:DATABASE_ID){...on InventoriedProduct{stockQuantity}}}`
	if first, second := storetest.GraphQL(t, s, query), storetest.GraphQL(t, s, query); !strings.Contains(first, ":10}") || !strings.Contains(second, ":9}") {
		t.Errorf("%s, then %s", first, second)
	}
	if err := s.SetStock(16, 3); err != nil {
		t.Fatal(err)
	}
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.StaleRead})
	if _, p := storetest.REST(t, s, "GET", "products/16", ""); p["stock_quantity"] != float64(9) {
		t.Errorf("stale after the back office: %v", p["stock_quantity"])
	}
}

// TestWhichRequests: method, path, Skip and Times choose.
func TestWhichRequests(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Arm(t, s,
		wootest.Fault{Kind: wootest.Unavailable, Method: "GET", Path: "/wp-json/wc/v3/orders/*", Skip: 1, Times: 2},
		wootest.Fault{Kind: wootest.RateLimited, Path: "/wp-json/wc/v3/taxes", Times: -1})
	id := storetest.Place(t, s, storetest.OneMug(""))
	get := func(path string) int {
		return storetest.Send(t, s, "GET", "/wp-json/wc/v3/"+path, "", storetest.SignedIn(storetest.TestKeys()[0])).Status
	}
	one := "orders/154"
	for i, want := range []int{200, 503, 503, 200} {
		if got := get(one); got != want {
			t.Errorf("request %d of order %d: %d, want %d", i, id, got, want)
		}
	}
	for range 4 {
		if got := get("taxes"); got != 429 {
			t.Errorf("for ever: %d", got)
		}
	}
	if get("orders") != 200 || get("products") != 200 {
		t.Error("a path that does not match was hit")
	}
	s.Faults().Clear()
	if get("taxes") != 200 || s.Faults().Fired(wootest.RateLimited) != 4 {
		t.Errorf("fired %d times", s.Faults().Fired(wootest.RateLimited))
	}
}

func TestArmIsAllOrNothing(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	err := s.Faults().Arm(wootest.Fault{Kind: wootest.Unavailable, Times: -1}, wootest.Fault{Kind: "x"})
	var bad *wootest.InvalidError
	if !errors.As(err, &bad) || bad.Field != "Faults[1].Kind" {
		t.Fatal(err)
	}
	if a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/", "", nil); a.Status != http.StatusOK {
		t.Error("a part was armed")
	}
}

// TestSlowCallerGone: the effect of a slow request happens although the caller
// has given up.
func TestSlowCallerGone(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.Slow, Method: "POST", Delay: time.Hour})
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "POST", s.URL()+ordersPath, strings.NewReader(storetest.OneMug("")))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range storetest.SignedIn(storetest.TestKeys()[0]) {
		req.Header.Set(k, v)
	}
	failed := make(chan error)
	go func() {
		res, err := s.HTTPClient().Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		failed <- err
	}()
	if err := s.Faults().Await(t.Context(), wootest.Slow, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for range 20000 { // the server notices the closed connection by itself
		if len(storetest.Search(t, s, "")) == 1 {
			return
		}
	}
	t.Error("no order came of it")
}

func TestAwaitEnds(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Faults().Await(ctx, wootest.Slow, 1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := s.Faults().Await(ctx, wootest.Slow, 0); err != nil {
		t.Error(err)
	}
}
