package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

func quantity(n int64) rest.ProductChange {
	return rest.ProductChange{GoodsChange: rest.GoodsChange{StockQuantity: &n}}
}

// TestRecordedBatch: 200 for the whole, and an outcome for each.
func TestRecordedBatch(t *testing.T) {
	site, shop := newSite(t, recorded("products-batch"))
	done, err := shop.Products().Batch(t.Context(), rest.Batch[rest.ProductChange]{Update: []rest.ItemChange[rest.ProductChange]{
		{16, quantity(10)}, {18, quantity(40)}, {999999, quantity(1)}, {16, rest.ProductChange{}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var refused *rest.ItemError
	u := done.Updated
	if len(u) != 4 || u[0].Err != nil || u[0].ID != 16 || u[0].Value.StockQuantity.String() != "10" || u[3].Err != nil {
		t.Errorf("%+v", u)
	}
	if !errors.As(u[2].Err, &refused) || refused.ID != 999999 || refused.Code != "woocommerce_rest_product_invalid_id" || !errors.Is(u[2].Err, woo.ErrNotFound) {
		t.Errorf("the unknown one: %v", u[2].Err)
	}
	want := `{"update":[{"id":16,"stock_quantity":10},{"id":18,"stock_quantity":40},{"id":999999,"stock_quantity":1},{"id":16}]}`
	if got := site.seen()[0]; got.line != "POST products/batch" || strings.TrimSpace(got.body) != want {
		t.Errorf("sent %s %s", got.line, got.body)
	}
}

func TestRecordedBatchOfAll(t *testing.T) {
	_, shop := newSite(t, recorded("products-batch-create"))
	done, err := shop.Products().Batch(t.Context(), rest.Batch[rest.ProductChange]{
		Create: []rest.ProductChange{{Name: new("Batch A")}, {Name: new("Batch dup sku")}}, Delete: []int64{999998},
	})
	if err != nil {
		t.Fatal(err)
	}
	if done.Created[0].Err != nil || done.Created[0].ID != 154 || done.Created[0].Value.SKU != "BATCH-A" {
		t.Errorf("%+v", done.Created[0])
	}
	for _, o := range []rest.Outcome[rest.Product]{done.Created[1], done.Deleted[0]} {
		if !errors.Is(o.Err, woo.ErrRefused) && !errors.Is(o.Err, woo.ErrNotFound) {
			t.Errorf("%v", o.Err)
		}
	}
}

// TestBatchIgnored: also within a batch a quantity nobody counts is told.
func TestBatchIgnored(t *testing.T) {
	_, shop := newSite(t, answering(200, `{"update":[{"id":17,"manage_stock":false,"stock_quantity":null}]}`))
	done, err := shop.Products().Batch(t.Context(), rest.Batch[rest.ProductChange]{Update: []rest.ItemChange[rest.ProductChange]{{17, quantity(9)}}})
	if err != nil || !errors.Is(done.Updated[0].Err, rest.ErrIgnored) {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestBatchIsChecked(t *testing.T) {
	many := make([]int64, rest.BatchLimit+1)
	for i := range many {
		many[i] = int64(i + 1)
	}
	bad := quantity(1)
	bad.Backorders = new("x")
	tests := map[string]rest.Batch[rest.ProductChange]{
		"empty": {}, "101": {Delete: many}, "no id": {Update: []rest.ItemChange[rest.ProductChange]{{0, quantity(1)}}},
		"a bad word": {Create: []rest.ProductChange{bad}}, "a bad change": {Update: []rest.ItemChange[rest.ProductChange]{{1, bad}}}, "delete 0": {Delete: []int64{0}},
	}
	for name, b := range tests {
		site, shop := newSite(t, answering(200, `{}`))
		if _, err := shop.Products().Batch(t.Context(), b); !errors.Is(err, woo.ErrRefused) || len(site.seen()) != 0 {
			t.Errorf("%s: %v, %d requests", name, err, len(site.seen()))
		}
	}
}

// TestBatchAnswersBadly: nobody knows what was done.
func TestBatchAnswersBadly(t *testing.T) {
	for _, body := range []string{`{}`, `[]`, `{"update":[]}`, `{"update":[{"id":1},{"id":2}]}`, `{"update":[{"name":"x","stock_quantity":"many"}]}`, `<html>`, `{"update":[{"id":1}]`} {
		_, shop := newSite(t, answering(200, body))
		_, err := shop.Products().Batch(t.Context(), rest.Batch[rest.ProductChange]{Update: []rest.ItemChange[rest.ProductChange]{{1, quantity(1)}}})
		checkKind(t, err, woo.Unknown)
	}
}

// counting is a store whose batches set what they are told; from the nth on
// they fail.
func counting(failFrom int) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n >= failFrom {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		var batch struct {
			Update []struct {
				ID       int64 `json:"id"`
				Quantity int64 `json:"stock_quantity"`
			} `json:"update"`
		}
		if err := json.NewDecoder(r.Body).Decode(&batch); err != nil && err != io.EOF {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var items []string
		for _, u := range batch.Update {
			items = append(items, fmt.Sprintf(`{"id":%d,"manage_stock":%t,"stock_quantity":%d}`, u.ID, u.ID != 17, u.Quantity))
		}
		fmt.Fprintf(w, `{"update":[%s]}`, strings.Join(items, ","))
	})
}

// bodies lets the handler read what newSite has read already.
func bodies(s **site, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := (*s).seen()
		r.Body = io.NopCloser(strings.NewReader(seen[len(seen)-1].body))
		h.ServeHTTP(w, r)
	})
}

// TestSetStock: a hundred in a call, variations by product, each with what
// became of it, in the order asked.
func TestSetStock(t *testing.T) {
	var counts []rest.Count
	for id := int64(1); id <= 230; id++ {
		counts = append(counts, rest.Count{Product: 1000 + id, Quantity: id})
	}
	counts = append(counts, rest.Count{Product: 37, Variation: 38, Quantity: 5}, rest.Count{Product: 17, Quantity: 9}, rest.Count{Product: 37, Variation: 39, Quantity: 6}, rest.Count{Product: 44, Variation: 45, Quantity: 7})
	var s *site
	site, shop := newSite(t, bodies(&s, counting(1000)))
	s = site
	got, err := shop.SetStock(t.Context(), counts)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range got {
		if wantIgnored := c.Product == 17; c.Count != counts[i] || errors.Is(c.Err, rest.ErrIgnored) != wantIgnored || !wantIgnored && c.Err != nil {
			t.Errorf("%+v", c)
		}
	}
	lines := map[string]int{}
	for _, r := range site.seen() {
		lines[r.line]++
	}
	if lines["POST products/batch"] != 3 || lines["POST products/37/variations/batch"] != 1 || lines["POST products/44/variations/batch"] != 1 {
		t.Errorf("sent %v", lines)
	}
}

// TestSetStockBreaksOff: done, unknown, and never sent are told apart.
func TestSetStockBreaksOff(t *testing.T) {
	var counts []rest.Count
	for id := int64(1); id <= 250; id++ {
		counts = append(counts, rest.Count{Product: 1000 + id, Quantity: id})
	}
	var s *site
	site, shop := newSite(t, bodies(&s, counting(2)))
	s = site
	got, err := shop.SetStock(t.Context(), counts)
	if err != nil || got[0].Err != nil || !errors.Is(got[100].Err, woo.ErrUnknown) || !errors.Is(got[200].Err, woo.ErrUnavailable) || len(site.seen()) != 2 {
		t.Errorf("%v, %v, %v, %v, %d requests", err, got[0].Err, got[100].Err, got[200].Err, len(site.seen()))
	}
	if _, err := shop.SetStock(t.Context(), []rest.Count{{Product: 1}, {Variation: 3}}); !errors.Is(err, woo.ErrRefused) {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := shop.SetStock(gone, counts[:1]); err != nil || !errors.Is(got[0].Err, context.Canceled) {
		t.Errorf("%v, %v", got, err)
	}
}
