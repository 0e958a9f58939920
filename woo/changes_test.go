package woo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// follow reads all pages from a position on.
func follow(t *testing.T, c *woo.Changes, kind reconcile.Kind, from time.Time) (items []inventory.Item, orders []reconcile.Order, pages int) {
	t.Helper()
	at := reconcile.Position{At: from}
	for more := true; more; pages++ {
		page, err := c.Changes(t.Context(), kind, at)
		if err != nil || pages > 20 {
			t.Fatalf("page %d: %+v, %v", pages, page, err)
		}
		if page.More && page.Next == at {
			t.Fatalf("page %d leads to itself", pages)
		}
		items, orders = append(items, page.Items...), append(orders, page.Orders...)
		at, more = page.Next, page.More
	}
	return items, orders, pages
}

// TestChangesInAStore: edits of all kinds show up under what has the stock.
func TestChangesInAStore(t *testing.T) {
	now := time.Date(2027, 1, 5, 6, 0, 0, 0, time.UTC)
	store, client := openStore(t, wootest.Config{TLS: true, Now: func() time.Time { return now }})
	changes := woo.NewChanges(client)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.SetStock(16, 3))
	now = now.Add(time.Second)
	must(store.SetStock(43, 2))
	must(store.TrashProduct(22))
	if items, _, _ := follow(t, changes, reconcile.Products, now.Add(-time.Second)); items[0] != inventory.ProductItem(16) {
		t.Errorf("products: %v", items)
	}
	items, _, _ := follow(t, changes, reconcile.Variations, now)
	if diff := cmp.Diff([]inventory.Item{"variation:43", "product:37"}, items); diff != "" {
		t.Errorf("variations (-want +got)\n%s", diff)
	}
	if items, _, _ := follow(t, changes, reconcile.Trashed, time.Time{}.AddDate(2000, 0, 0)); len(items) != 1 || items[0] != inventory.ProductItem(22) {
		t.Errorf("the trash: %v", items)
	}
	if items, _, _ := follow(t, changes, reconcile.Products, now.Add(time.Second)); len(items) != 0 {
		t.Errorf("after everything: %v", items)
	}
	created, err := client.CreatePending(t.Context(), mugOrder())
	must(err)
	completed, err := client.Complete(t.Context(), created.ID, paid)
	must(err)
	_, orders, _ := follow(t, changes, reconcile.Orders, now)
	want := []reconcile.Order{{ID: created.ID, Token: mugOrder().Token, Status: "processing", Lines: []reconcile.OrderLine{
		{Product: completed.Lines[0].ProductID, Reduced: completed.Lines[0].Reduced},
	}}}
	if diff := cmp.Diff(want, orders[:1]); diff != "" || want[0].Lines[0].Reduced == 0 {
		t.Errorf("orders (-want +got)\n%s", diff)
	}
	one, err := changes.Order(t.Context(), created.ID)
	if diff := cmp.Diff(want[0], one); err != nil || diff != "" {
		t.Errorf("the order: %v (-want +got)\n%s", err, diff)
	}
	if _, err := changes.Order(t.Context(), 999_999); !errors.Is(err, reconcile.ErrNotFound) {
		t.Errorf("an unknown order: %v", err)
	}
}

// TestChangesOfOneSecond: 250 products were imported in the same second, and more
// came later. Each is listed.
func TestChangesOfOneSecond(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"GET /wp-json/wc/v3/products": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("orderby") != "modified" || q.Get("order") != "asc" || q.Get("per_page") != "100" {
			t.Errorf("asked for %s", r.URL.RawQuery)
		}
		after, err := time.Parse(time.RFC3339, q.Get("modified_after"))
		if err != nil {
			t.Error(err)
		}
		page, _ := strconv.Atoi(q.Get("page"))
		var list []string
		for id := 1; id <= 300; id++ {
			at := time.Date(2027, 1, 5, 6, 0, max(0, id-250), 0, time.UTC)
			if at.After(after) {
				list = append(list, fmt.Sprintf(`{"id":%d,"date_modified_gmt":%q,"variations":[]}`, id, at.Format("2006-01-02T15:04:05")))
			}
		}
		list = list[min(len(list), (page-1)*100):]
		fmt.Fprint(w, "[")
		for i, one := range list[:min(100, len(list))] {
			fmt.Fprint(w, map[bool]string{true: ","}[i > 0], one)
		}
		fmt.Fprint(w, "]")
	})})
	items, _, pages := follow(t, woo.NewChanges(site.client(t)), reconcile.Products, time.Date(2027, 1, 5, 6, 0, 0, 0, time.UTC))
	seen := map[inventory.Item]bool{}
	for _, item := range items {
		seen[item] = true
	}
	if len(seen) != 300 || pages > 5 {
		t.Errorf("%d of 300 products on %d pages", len(seen), pages)
	}
}

func TestChangesOfOddStores(t *testing.T) {
	none := answering(404, `{"code":"rest_no_route","message":"No route","data":{"status":404}}`)
	site := newSite(t, map[string]http.Handler{
		"GET /wp-json/wc/v3/variations": none, "GET /wp-json/wc/v3/orders": none,
		"GET /wp-json/wc/v3/products": answering(200, `[{"id":"37","parent_id":"","date_modified_gmt":"2027-01-05T06:00:00","variations":["43",44]},{"id":0},{}]`),
	})
	changes, from := woo.NewChanges(site.client(t)), reconcile.Position{At: time.Date(2027, 1, 5, 6, 0, 0, 5, time.UTC)}
	page, err := changes.Changes(t.Context(), reconcile.Variations, from)
	if err != nil || page.More || page.Next.At.After(from.At) || len(page.Items) != 0 {
		t.Errorf("a store without the list of variations: %+v, %v", page, err)
	}
	page, err = changes.Changes(t.Context(), reconcile.Products, from)
	if diff := cmp.Diff([]inventory.Item{"product:37", "variation:43", "variation:44"}, page.Items); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, err := changes.Changes(t.Context(), reconcile.Orders, from); !errors.Is(err, woo.ErrUnavailable) {
		t.Errorf("no orders: %v", err)
	}
	if _, err := changes.Changes(t.Context(), "coupons", from); err == nil {
		t.Error("an unknown kind is no error")
	}
}

func TestWriteStock(t *testing.T) {
	store, client := openStore(t, wootest.Config{TLS: true})
	changes := woo.NewChanges(client)
	for item, id := range map[inventory.Item]int64{"product:16": 16, "variation:43": 43} {
		if err := changes.WriteStock(t.Context(), item, 17); err != nil || stockOf(t, store, id) != 17 {
			t.Errorf("%s: %v, %d", item, err, stockOf(t, store, id))
		}
	}
	for item, want := range map[inventory.Item]error{
		"product:31": woo.ErrRefused, "variation:40": woo.ErrRefused, "coupon:diwali": woo.ErrRefused, "product:x": woo.ErrRefused,
		"product:99999": woo.ErrNotFound, "variation:99999": woo.ErrNotFound,
	} {
		if err := changes.WriteStock(t.Context(), item, 17); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", item, err, want)
		}
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := changes.WriteStock(done, "product:16", 1); !errors.Is(err, context.Canceled) || stockOf(t, store, 16) != 17 {
		t.Errorf("a done context: %v", err)
	}
}
