package orders_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// completeInParallel pays one order n times at once.
func completeInParallel(t *testing.T, s *wootest.Store, id int64, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			a, err := storetest.SendRaw(s, "PUT", fmt.Sprintf("/wp-json/wc/v3/orders/%d", id), `{"set_paid":true,"transaction_id":"pay_1"}`, storetest.SignedIn(storetest.TestKeys()[0]))
			if err != nil || a.Status != http.StatusOK {
				t.Errorf("%d %v", a.Status, err)
			}
		})
	}
	wg.Wait()
}

// TestCompletingAgain: one after the other, only the first does anything.
func TestCompletingAgain(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, storetest.OneMug(`"transaction_id":"tok"`))
	for i := range 3 {
		_, o := storetest.REST(t, s, "PUT", fmt.Sprintf("orders/%d", id), `{"set_paid":true,"transaction_id":"pay_1"}`)
		if o["status"] != "processing" || o["transaction_id"] != "pay_1" || o["date_paid"] == nil {
			t.Fatalf("time %d: %v", i, o)
		}
		if left, noted := storetest.Stock(t, s, 16), storetest.Order(t, s, id).Lines[0].ReducedStock; left != 9 || fmt.Sprint(noted) != "[1]" {
			t.Fatalf("time %d: %d left, noted %v", i, left, noted)
		}
	}
}

// TestCompletingInParallel: six at once take the stock twice, as measured on
// WooCommerce 10.4.3, and the line says so; two at once do the same.
func TestCompletingInParallel(t *testing.T) {
	for _, n := range []int{2, 6} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s, _ := storetest.NewStore(t, func(cfg *wootest.Config) {
				cfg.Faults = []wootest.Fault{{Kind: wootest.Overlap, Method: "PUT", Path: "/wp-json/wc/v3/orders/*", Times: n, Delay: time.Minute}}
			})
			if err := s.SetStock(16, 50); err != nil {
				t.Fatal(err)
			}
			id := storetest.Place(t, s, storetest.OneMug(""))
			completeInParallel(t, s, id, n)
			o := storetest.Order(t, s, id)
			if left := storetest.Stock(t, s, 16); left != 48 || fmt.Sprint(o.Lines[0].ReducedStock) != "[1 1]" || o.Status != "processing" {
				t.Errorf("%d left, noted %v, %s", left, o.Lines[0].ReducedStock, o.Status)
			}
			completeInParallel(t, s, id, 1)
			if left := storetest.Stock(t, s, 16); left != 48 {
				t.Errorf("a later completion left %d", left)
			}
			// cancelling gives back only what the first note says
			if err := s.SetOrderStatus(id, "cancelled"); err != nil {
				t.Fatal(err)
			}
			if left := storetest.Stock(t, s, 16); left != 49 {
				t.Errorf("cancelled: %d left, want 49", left)
			}
		})
	}
}

// TestCompletingAlone: an Overlap that nobody joins lets the request go on.
func TestCompletingAlone(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) {
		cfg.Faults = []wootest.Fault{{Kind: wootest.Overlap, Method: "PUT", Delay: time.Millisecond}}
	})
	id := storetest.Place(t, s, storetest.OneMug(""))
	completeInParallel(t, s, id, 1)
	if left, noted := storetest.Stock(t, s, 16), storetest.Order(t, s, id).Lines[0].ReducedStock; left != 9 || fmt.Sprint(noted) != "[1]" {
		t.Errorf("%d left, noted %v", left, noted)
	}
}

// TestCompletionWindow: without a fault, requests that arrive within the
// window overlap too. The window is long enough for any machine; the requests
// need not wait for it to pass one after the other.
func TestCompletionWindow(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.CompletionWindow = 300 * time.Millisecond })
	id := storetest.Place(t, s, storetest.OneMug(""))
	completeInParallel(t, s, id, 4)
	if n := len(storetest.Order(t, s, id).Lines[0].ReducedStock); n < 1 || n > 2 || storetest.Stock(t, s, 16) != int64(10-n) {
		t.Errorf("reduced %d times, %d left", n, storetest.Stock(t, s, 16))
	}
}

// TestCompletingFree: an order for nothing needs no payment, so set_paid on an
// update is ignored.
func TestCompletingFree(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"line_items":[{"product_id":23,"quantity":1}]}`)
	if _, o := storetest.REST(t, s, "PUT", fmt.Sprintf("orders/%d", id), `{"set_paid":true}`); o["status"] != "pending" || o["date_paid"] != nil {
		t.Errorf("%v %v", o["status"], o["date_paid"])
	}
}

// TestManyBuyers: parallel creation, reading and stock changes keep the books
// straight; the race detector looks on.
func TestManyBuyers(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	if err := s.SetStock(16, 40); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if a, err := storetest.SendRaw(s, "POST", "/wp-json/wc/v3/orders", storetest.OneMug(`"set_paid":true`), storetest.SignedIn(storetest.TestKeys()[0])); err != nil || a.Status != 201 {
					t.Errorf("%d %v", a.Status, err)
				}
			}
		})
		wg.Go(func() {
			for range 5 {
				if _, err := storetest.SendRaw(s, "GET", "/wp-json/wc/v3/orders?per_page=100", "", storetest.SignedIn(storetest.TestKeys()[0])); err != nil {
					t.Error(err)
				}
				if _, err := storetest.SendRaw(s, "GET", "/graphql?query={products{nodes{name}}}", "", nil); err != nil {
					t.Error(err)
				}
				s.Orders()
			}
		})
	}
	wg.Wait()
	if left := storetest.Stock(t, s, 16); left != 0 || len(s.Orders()) != 40 {
		t.Errorf("%d left, %d orders", left, len(s.Orders()))
	}
}
