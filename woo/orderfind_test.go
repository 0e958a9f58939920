package woo_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo"
)

// listed is an order in a list.
type listed struct {
	id           int
	status       string
	meta, transa string
}

func (o listed) json() string {
	return fmt.Sprintf(`{"id":%d,"number":"%d","status":"%s","currency":"INR","total":"10.00","total_tax":"0.00","transaction_id":"%s","meta_data":[{"key":"_ankkor_token","value":"%s"}],"line_items":[]}`,
		o.id, o.id, o.status, o.transa, o.meta)
}

// orderList is a store with orders. search says whether its search looks at
// transaction ids, as it does with High-Performance Order Storage.
func orderList(t *testing.T, search bool, orders ...listed) *site {
	return newSite(t, map[string]http.Handler{"GET /wp-json/wc/v3/orders": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		page, _ := strconv.Atoi(q.Get("page"))
		size, _ := strconv.Atoi(q.Get("per_page"))
		var hits []string
		for _, o := range slices.Backward(orders) {
			if (o.status == "trash") != (q.Get("status") == "trash") {
				continue
			}
			if term := q.Get("search"); term == "" || search && strings.Contains(o.transa, term) {
				hits = append(hits, o.json())
			}
		}
		from, to := min((page-1)*size, len(hits)), min(page*size, len(hits))
		fmt.Fprintf(w, "[%s]", strings.Join(hits[from:to], ","))
	})})
}

func TestFindOrder(t *testing.T) {
	other := listed{id: 7, status: "pending", meta: "tok_other_one", transa: "tok_other_one"}
	// Its transaction id contains the token, but is another one.
	longer := listed{id: 8, status: "pending", meta: mugToken + "2", transa: mugToken + "2"}
	pending := listed{id: 9, status: "pending", meta: mugToken, transa: mugToken}
	twin := listed{id: 11, status: "pending", meta: mugToken, transa: mugToken}
	trashed := listed{id: 10, status: "trash", meta: mugToken, transa: mugToken}
	paid := listed{id: 12, status: "processing", meta: mugToken, transa: "pay_1"}
	bare := listed{id: 13, status: "pending", transa: mugToken}
	draft := listed{id: 14, status: "checkout-draft", meta: mugToken, transa: mugToken}
	tests := map[string]struct {
		orders []listed
		want   []int64
	}{
		"none":               {[]listed{other}, nil},
		"nothing at all":     {nil, nil},
		"one":                {[]listed{other, pending}, []int64{9}},
		"twins, oldest one":  {[]listed{other, pending, twin}, []int64{9, 11}},
		"in the trash":       {[]listed{other, trashed}, []int64{10}},
		"trash and not":      {[]listed{pending, trashed, twin}, []int64{9, 10, 11}},
		"longer token":       {[]listed{longer}, nil},
		"longer and right":   {[]listed{longer, pending}, []int64{9}},
		"only transaction":   {[]listed{bare}, []int64{13}},
		"completed":          {[]listed{paid}, []int64{12}},
		"completed and twin": {[]listed{trashed, paid}, []int64{10, 12}},
		"draft of a failure": {[]listed{draft}, []int64{14}},
	}
	for name, test := range tests {
		for _, search := range []bool{true, false} {
			t.Run(fmt.Sprint(name, " search ", search), func(t *testing.T) {
				site := orderList(t, search, test.orders...)
				found, err := site.client(t).FindOrder(t.Context(), mugToken)
				if err != nil {
					t.Fatal(err)
				}
				var ids []int64
				for _, o := range found {
					ids = append(ids, o.ID)
				}
				if diff := cmp.Diff(test.want, ids); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				addresses := map[string]bool{}
				for _, r := range site.seen() {
					addresses[r.query] = true
				}
				if len(addresses) != len(site.seen()) || len(addresses) > 4 {
					t.Errorf("%d requests, %d addresses", len(site.seen()), len(addresses))
				}
			})
		}
	}
}

// TestFindOrderAbove looks through all that is newer than the floor.
func TestFindOrderAbove(t *testing.T) {
	var orders []listed
	for id := 1; id <= 450; id++ {
		o := listed{id: id, status: "processing", meta: fmt.Sprint("tok_", id), transa: fmt.Sprint("pay_", id)}
		if id == 120 {
			o.meta = mugToken
		}
		orders = append(orders, o)
	}
	site := orderList(t, false, orders...)
	client := site.client(t)
	tests := map[int64]int{0: 0, 100: 1, 119: 1, 60: 1}
	for floor, want := range tests {
		found, err := client.FindOrderAbove(t.Context(), mugToken, floor)
		if err != nil || len(found) != want {
			t.Errorf("above %d: %d orders, %v; want %d", floor, len(found), err, want)
		}
	}
	before := len(site.seen())
	client.FindOrderAbove(t.Context(), mugToken, 400)
	if pages := len(site.seen()) - before; pages > 4 {
		t.Errorf("%d pages read for the orders above 400", pages)
	}
}

// TestFindOrderAboveIsBounded: none found among the first two thousand is no
// proof that there is none.
func TestFindOrderAboveIsBounded(t *testing.T) {
	var orders []listed
	for id := 1; id <= 2101; id++ {
		orders = append(orders, listed{id: id, status: "processing", meta: fmt.Sprint("tok_", id)})
	}
	site := orderList(t, false, orders...)
	_, err := site.client(t).FindOrderAbove(t.Context(), mugToken, 1)
	checkKind(t, err, woo.Unavailable)
	if found, err := site.client(t).FindOrderAbove(t.Context(), mugToken, 500); err != nil || found != nil {
		t.Errorf("above 500: %v, %v", found, err)
	}
}

// TestFindOrderFailsWhole: an unreadable list is no empty one.
func TestFindOrderFailsWhole(t *testing.T) {
	for name, answer := range map[string]http.Handler{
		"HTML": answering(200, "<html>"), "breaks off": answering(200, `[{"id":1`), "an object": answering(200, `{}`),
		"null entry": answering(200, `[null]`), "502": answering(502, ""),
	} {
		found, err := newSite(t, map[string]http.Handler{"*": answer}).client(t).FindOrder(t.Context(), mugToken)
		if name == "null entry" { // carries no token, so it is nobody's
			if err != nil || found != nil {
				t.Errorf("%s: %v, %v", name, found, err)
			}
			continue
		}
		checkKind(t, err, woo.Unavailable)
	}
}

func TestFindOrderTokenIsEscaped(t *testing.T) {
	const token = "tok+1&status=any#%/?"
	site := orderList(t, true, listed{id: 5, status: "pending", transa: token})
	found, err := site.client(t).FindOrder(t.Context(), token)
	if err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
	searched := 0
	for _, r := range site.seen() {
		q, err := url.ParseQuery(r.query)
		if err != nil || len(q["status"]) != 1 || q.Has("search") && q.Get("search") != token {
			t.Errorf("searched for %q, %v", q, err)
		}
		if q.Has("search") {
			searched++
		}
	}
	if searched != 2 {
		t.Errorf("searched %d times, want once in the trash and once not", searched)
	}
	for _, bad := range []string{"", "short", "with space in it"} {
		if _, err := site.client(t).FindOrder(t.Context(), bad); !errors.Is(err, woo.ErrRefused) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
