package woo_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// soldTwice is a store with one order whose completions overlapped.
func soldTwice(t *testing.T) (*wootest.Store, *woo.Client, checkout.StoreOrder) {
	t.Helper()
	store, client := openStore(t, wootest.Config{})
	created, err := client.CreatePending(t.Context(), mugOrder())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Faults().Arm(wootest.Fault{Kind: wootest.Overlap, Method: "PUT", Times: 2, Delay: 5 * time.Second}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := client.Complete(t.Context(), created.ID, paid); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := stockOf(t, store, 16); got != 8 {
		t.Fatalf("stock %d: nothing was subtracted twice", got)
	}
	return store, client, created
}

// TestRestoreSurplus: once, however often it is asked for, and the order is
// what it was.
func TestRestoreSurplus(t *testing.T) {
	store, client, created := soldTwice(t)
	for i := range 3 {
		o, err := client.RestoreSurplus(t.Context(), created.ID)
		if err != nil || o.Lines[0].Reduced != 1 || o.Total != created.Total || !o.Paid() {
			t.Fatalf("time %d: %+v, %v", i, o, err)
		}
		if got := stockOf(t, store, 16); got != 9 {
			t.Fatalf("time %d: stock %d, want 9", i, got)
		}
	}
	if _, err := client.Cancel(t.Context(), created.ID); err != nil || stockOf(t, store, 16) != 10 {
		t.Errorf("cancelled: %v, stock %d, want 10", err, stockOf(t, store, 16))
	}
}

// TestRestoreSurplusLost: whatever became of the request, asking again makes
// it right, and no more than right.
func TestRestoreSurplusLost(t *testing.T) {
	for _, kind := range []wootest.FaultKind{wootest.CutBefore, wootest.CutAfter, wootest.BadGateway, wootest.HTML, wootest.Truncated, wootest.Unavailable} {
		t.Run(string(kind), func(t *testing.T) {
			store, client, created := soldTwice(t)
			if err := store.Faults().Arm(wootest.Fault{Kind: kind, Method: "PUT"}); err != nil {
				t.Fatal(err)
			}
			_, err := client.RestoreSurplus(t.Context(), created.ID)
			checkKind(t, err, woo.Unknown)
			if o, err := client.RestoreSurplus(t.Context(), created.ID); err != nil || o.Lines[0].Reduced != 1 || stockOf(t, store, 16) != 9 {
				t.Errorf("%+v, %v, stock %d", o.Lines, err, stockOf(t, store, 16))
			}
		})
	}
}

// TestRestoreSurplusOnTheWire: the notes and nothing else of the line.
func TestRestoreSurplusOnTheWire(t *testing.T) {
	twice := `"meta_data":[{"id":9,"key":"_reduced_stock","value":"1"},{"id":10,"key":"pa_size","value":"l"},{"id":11,"key":"_reduced_stock","value":1}],"sku"`
	before := pendingMug(`"status":"pending"`, `"status":"processing"`, `"meta_data":[],"sku"`, twice)
	after := mugIn("processing", "pay_1", "2026-11-20T05:20:00", `"1"`)
	site := newSite(t, map[string]http.Handler{"GET" + mugPath: inTurn(before, after), "PUT" + mugPath: after})
	if o, err := site.client(t).RestoreSurplus(t.Context(), 154); err != nil || o.Lines[0].Reduced != 1 {
		t.Fatalf("%+v, %v", o, err)
	}
	want := `{"line_items":[{"id":1,"meta_data":[{"id":9,"key":"_reduced_stock","value":"2"},{"id":11,"key":"_reduced_stock","value":null}]}]}`
	if w := site.writes(); len(w) != 1 || cmp.Diff(want, strings.TrimSpace(string(w[0].body))) != "" {
		t.Errorf("sent %s\nwant %s", w[0].body, want)
	}
}

// TestRestoreSurplusRefused where the store would do nothing, or did nothing.
func TestRestoreSurplusRefused(t *testing.T) {
	double := mugIn("processing", "pay_1", "2026-11-20T05:20:00", `"1"`, `"1"`)
	tests := map[string]struct {
		answer http.Handler
		code   string
		writes int
	}{
		"cancelled":       {mugIn("cancelled", "pay_1", "", `"1"`, `"1"`), "not_effective", 0},
		"nothing is done": {double, "not_restored", 1},
	}
	for name, test := range tests {
		site := newSite(t, map[string]http.Handler{"*": test.answer})
		_, err := site.client(t).RestoreSurplus(t.Context(), 154)
		if e := checkKind(t, err, woo.Refused); e.Code != test.code || len(site.writes()) != test.writes {
			t.Errorf("%s: %v, %d writes", name, err, len(site.writes()))
		}
	}
	site := newSite(t, map[string]http.Handler{"*": mugIn("processing", "pay_1", "2026-11-20T05:20:00", `"1"`)})
	if _, err := site.client(t).RestoreSurplus(t.Context(), 154); err != nil || len(site.writes()) != 0 {
		t.Errorf("no surplus: %v, %d writes", err, len(site.writes()))
	}
}
