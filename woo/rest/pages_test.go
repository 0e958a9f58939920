package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

// shelf is a list that changes while it is read.
type shelf struct {
	mu     sync.Mutex
	ids    []int
	desc   bool                           // as if orderby were not understood
	paged  bool                           // with X-WP-Total
	before func(s *shelf, page, read int) // changes the list
	reads  int
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	if s.reads++; s.before != nil {
		s.before(s, page, s.reads)
	}
	ids := slices.Clone(s.ids)
	if s.desc {
		slices.Reverse(ids)
	}
	if s.paged {
		w.Header().Set("X-WP-Total", strconv.Itoa(len(ids)))
		ids = ids[min((page-1)*size, len(ids)):min(page*size, len(ids))]
	}
	var items []string
	for _, id := range ids {
		items = append(items, fmt.Sprintf(`{"id":%d}`, id))
	}
	fmt.Fprintf(w, "[%s]", strings.Join(items, ","))
}

func numbered(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i + 1
	}
	return ids
}

// without takes away the first n of a list.
func (s *shelf) without(n int) { s.ids = s.ids[n:] }

// TestAllReadsEachOnce: nothing is skipped or repeated, whatever happens to
// the list meanwhile.
func TestAllReadsEachOnce(t *testing.T) {
	tests := map[string]struct {
		shelf *shelf
		stays [2]int // ids from, to that are there all the time
		reads int
	}{
		"empty":          {&shelf{paged: true}, [2]int{1, 0}, 1},
		"one page":       {&shelf{paged: true, ids: numbered(100)}, [2]int{1, 100}, 1},
		"three pages":    {&shelf{paged: true, ids: numbered(250)}, [2]int{1, 250}, 3},
		"one removed":    {&shelf{paged: true, ids: numbered(250), before: at(2, func(s *shelf) { s.without(1) })}, [2]int{2, 250}, 5},
		"many removed":   {&shelf{paged: true, ids: numbered(550), before: at(4, func(s *shelf) { s.without(250) })}, [2]int{251, 550}, 7},
		"all removed":    {&shelf{paged: true, ids: numbered(250), before: at(3, func(s *shelf) { s.without(250) })}, [2]int{1, 0}, 5},
		"some added":     {&shelf{paged: true, ids: numbered(150), before: at(2, func(s *shelf) { s.ids = numbered(205) })}, [2]int{1, 205}, 3},
		"not ordered":    {&shelf{paged: true, ids: numbered(250), desc: true}, [2]int{1, 250}, 3},
		"not paged":      {&shelf{ids: numbered(20), desc: true}, [2]int{1, 20}, 1},
		"not paged, 100": {&shelf{ids: numbered(130)}, [2]int{1, 130}, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, shop := newSite(t, test.shelf)
			all, err := shop.Orders().Collect(t.Context(), rest.Query{})
			if err != nil {
				t.Fatal(err)
			}
			seen := map[int64]int{}
			for _, o := range all {
				seen[o.ID]++
			}
			for id := test.stays[0]; id <= test.stays[1]; id++ {
				if seen[int64(id)] != 1 {
					t.Errorf("%d was read %d times", id, seen[int64(id)])
				}
			}
			if test.shelf.reads > test.reads {
				t.Errorf("%d requests, want at most %d", test.shelf.reads, test.reads)
			}
		})
	}
}

// at changes the list once, before a page is read for the first time.
func at(page int, change func(*shelf)) func(*shelf, int, int) {
	return func(s *shelf, now, _ int) {
		if now == page {
			change(s)
			s.before = nil
		}
	}
}

func TestAllStops(t *testing.T) {
	s := &shelf{paged: true, ids: numbered(1000)}
	_, shop := newSite(t, s)
	n := 0
	for range shop.Orders().All(t.Context(), rest.Query{}) {
		if n++; n == 150 {
			break
		}
	}
	if s.reads != 2 {
		t.Errorf("%d pages for 150 orders", s.reads)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n = 0
	var last error
	for _, err := range shop.Orders().All(ctx, rest.Query{}) {
		if n++; n == 100 {
			cancel()
		}
		last = err
	}
	if n != 101 || !errors.Is(last, context.Canceled) || !errors.Is(last, woo.ErrUnavailable) {
		t.Errorf("%d items, then %v", n, last)
	}
}

// TestAllFailsWhole: a page that cannot be read is no end.
func TestAllFailsWhole(t *testing.T) {
	s := &shelf{paged: true, ids: numbered(250)}
	_, shop := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "3" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		s.ServeHTTP(w, r)
	}))
	all, err := shop.Orders().Collect(t.Context(), rest.Query{})
	checkKind(t, err, woo.Unavailable)
	if all != nil {
		t.Errorf("%d orders of a list that broke off", len(all))
	}
}

func TestQuery(t *testing.T) {
	kolkata := time.FixedZone("IST", 19800)
	at := time.Date(2026, 11, 20, 10, 42, 46, 999, kolkata)
	tests := map[string]struct {
		query rest.Query
		want  url.Values
	}{
		"all":      {rest.Query{}, url.Values{}},
		"modified": {rest.Query{ModifiedFrom: at}, url.Values{"modified_after": {"2026-11-20T05:12:45Z"}}},
		"created":  {rest.Query{CreatedFrom: at, CreatedBefore: at.Add(time.Hour)}, url.Values{"after": {"2026-11-20T05:12:45Z"}, "before": {"2026-11-20T06:12:46Z"}}},
		"orders":   {rest.Query{Status: []string{"pending", "trash"}, Customer: 2, Product: 16, Search: "pay_1 & co"}, url.Values{"status": {"pending,trash"}, "customer": {"2"}, "product": {"16"}, "search": {"pay_1 & co"}}},
		"products": {rest.Query{IDs: []int64{3, 5}, SKU: []string{"A", "B"}, Slug: "mug"}, url.Values{"include": {"3,5"}, "sku": {"A,B"}, "slug": {"mug"}}},
		"people":   {rest.Query{Email: "a+b@example.test", Role: "all"}, url.Values{"email": {"a+b@example.test"}, "role": {"all"}}},
		"more":     {rest.Query{Code: "x", Class: "gst-5", More: url.Values{"stock_status": {"instock"}, "page": {"7"}}}, url.Values{"code": {"x"}, "class": {"gst-5"}, "stock_status": {"instock"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site, shop := newSite(t, answering(200, `[]`))
			if _, err := shop.Products().Collect(t.Context(), test.query); err != nil {
				t.Fatal(err)
			}
			for key, want := range map[string]string{"per_page": "100", "page": "1", "orderby": "id", "order": "asc"} {
				test.want.Set(key, want)
			}
			if got := site.seen()[0].query.Encode(); got != test.want.Encode() {
				t.Errorf("asked %s\nwant  %s", got, test.want.Encode())
			}
		})
	}
}
