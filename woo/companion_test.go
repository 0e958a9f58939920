package woo_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/companion"
	"github.com/ankkor/ankkor/woo/wootest"
)

// keyedStore is a store with the plugin, which the client has seen.
func keyedStore(t *testing.T) (*wootest.Store, *woo.Client) {
	t.Helper()
	store, client := openStore(t, wootest.Config{Companion: true})
	if _, err := client.FindOrder(t.Context(), mugToken); err != nil {
		t.Fatal(err)
	}
	if client.Companion() != companion.Version {
		t.Fatalf("the plugin was not noticed: %q", client.Companion())
	}
	return store, client
}

// TestOrderCreatorConformanceWithCompanion: the same promises; there are no
// twins to find.
func TestOrderCreatorConformanceWithCompanion(t *testing.T) {
	checkouttest.RunOrderCreator(t, func(t *testing.T) checkouttest.OrderHarness {
		_, client := keyedStore(t)
		home := places["in another state"]
		q, err := checkout.NewLocalQuoter(client, nil).Quote(t.Context(), checkout.QuoteRequest{
			Lines: priced(t, client, 0, 3), ShipTo: home, BillTo: home, ShippingRate: "flat_rate:1", At: time.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
		return checkouttest.OrderHarness{Orders: client, Request: checkout.OrderRequest{
			Quote: q, Billing: home, Shipping: home, PaymentMethod: "razorpay", PaymentMethodTitle: "UPI",
		}}
	})
}

// TestCompanionIsNoticed in any answer of wc/v3, and nowhere else.
func TestCompanionIsNoticed(t *testing.T) {
	sign := func(version string, status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Ankkor-Companion", version)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})
	}
	tests := map[string]struct {
		path, version string
		status        int
		want          string
	}{
		"a success":       {"wc/v3/orders", "1.0.0", 200, "1.0.0"},
		"an error":        {"wc/v3/orders", "1.0.0", 404, "1.0.0"},
		"another version": {"wc/v3/orders", "2.1", 200, "2.1"},
		"without one":     {"wc/v3/orders", "", 200, ""},
		"not a version":   {"wc/v3/orders", strings.Repeat("9", 21), 200, ""},
		"elsewhere":       {"wc/store/v1/cart", "1.0.0", 200, ""},
	}
	for name, test := range tests {
		body := `[]`
		if test.status != 200 {
			body = `{"code":"rest_no_route","message":"No route.","data":{"status":404}}`
		}
		client := newSite(t, map[string]http.Handler{"*": sign(test.version, test.status, body)}).client(t)
		_, _ = client.Send(t.Context(), woo.Request{Op: "look", Path: test.path}, nil)
		if got := client.Companion(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestFindOrderByKey: one look and one reading, for an order the search of this
// store would not find any more.
func TestFindOrderByKey(t *testing.T) {
	site := keySite(t, 1, `[{"id":12,"status":"processing"}]`, `{"id":12,"number":"12","status":"processing","currency":"INR","total":"10.00","total_tax":"0.00",
		"transaction_id":"pay_1","meta_data":[{"key":"_ankkor_token","value":"`+mugToken+`"}],"line_items":[]}`)
	client := noticed(t, site)
	before := len(site.seen())
	found, err := client.FindOrder(t.Context(), mugToken)
	if err != nil || len(found) != 1 || found[0].ID != 12 {
		t.Fatalf("%v, %v", found, err)
	}
	for i, want := range []string{"/wp-json/wc-ankkor/v1/orders", "/wp-json/wc/v3/orders/12"} {
		if got := site.seen()[before+i].path; got != want {
			t.Errorf("request %d is %s, want %s", i, got, want)
		}
	}
	if n := len(site.seen()) - before; n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// TestFindOrderDoubtsTheKey: whatever the plugin says that is no living order
// with the token, the client searches as without it.
func TestFindOrderDoubtsTheKey(t *testing.T) {
	const mine = `{"id":12,"number":"12","status":"%s","currency":"INR","total":"10.00","total_tax":"0.00","transaction_id":"","meta_data":[{"key":"_ankkor_token","value":"%s"}],"line_items":[]}`
	tests := map[string]struct {
		lookup any // text, or a handler
		order  string
		keeps  bool // the plugin is still known
	}{
		"no row":          {`[]`, "", true},
		"two rows":        {`[{"id":12},{"id":13}]`, fmt.Sprintf(mine, "pending", mugToken), true},
		"no list":         {`{}`, "", true},
		"no JSON":         {`<html>`, "", true},
		"no id":           {`[{}]`, "", true},
		"another's token": {`[{"id":12}]`, fmt.Sprintf(mine, "pending", "tok_other_one"), true},
		"trashed":         {`[{"id":12}]`, fmt.Sprintf(mine, "trash", mugToken), true},
		"a draft":         {`[{"id":12}]`, fmt.Sprintf(mine, "checkout-draft", mugToken), true},
		"no order":        {`[{"id":12}]`, `{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}`, true},
		"502":             {answering(502, ""), "", true},
		"not allowed":     {answering(403, `{"code":"woocommerce_rest_cannot_view","message":"Sorry.","data":{"status":403}}`), "", true},
		"the plugin left": {answering(404, `{"code":"rest_no_route","message":"No route was found.","data":{"status":404}}`), "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := keySite(t, 1, test.lookup, test.order)
			client := noticed(t, site)
			before := len(site.seen())
			found, err := client.FindOrder(t.Context(), mugToken)
			if err != nil || len(found) != 1 || found[0].ID != 7 {
				t.Errorf("found %v, %v; want the search's order 7", found, err)
			}
			lookups := 0
			for _, r := range site.seen()[before:] {
				if strings.HasPrefix(r.path, "/wp-json/wc-ankkor/") {
					lookups++
				}
			}
			if lookups != 1 || (client.Companion() != "") != test.keeps {
				t.Errorf("asked the plugin %d times, it is known as %q", lookups, client.Companion())
			}
		})
	}
}

// keySite is a store whose plugin answers a lookup and whose search finds order
// 7. Only the first so many lists carry the plugin's mark.
func keySite(t *testing.T, marks int64, lookup any, order string) *site {
	t.Helper()
	var lists atomic.Int64
	handler, ok := lookup.(http.Handler)
	if text, isText := lookup.(string); isText {
		handler, ok = answering(200, text), true
	}
	if !ok {
		t.Fatalf("%T answers nothing", lookup)
	}
	status := 200
	if strings.HasPrefix(order, `{"code"`) {
		status = 404
	}
	list := listed{id: 7, status: "processing", meta: mugToken, transa: "pay_7"}.json()
	return newSite(t, map[string]http.Handler{
		"GET /wp-json/wc-ankkor/v1/orders": handler,
		"GET /wp-json/wc/v3/orders/12":     answering(status, order),
		"GET /wp-json/wc/v3/orders": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if lists.Add(1) <= marks {
				w.Header().Set("X-Ankkor-Companion", "1.0.0")
			}
			if r.URL.Query().Get("status") == "trash" {
				fmt.Fprint(w, "[]")
				return
			}
			fmt.Fprintf(w, "[%s]", list)
		}),
	})
}

// noticed is a client that has had an answer with the plugin's mark.
func noticed(t *testing.T, s *site) *woo.Client {
	t.Helper()
	client := s.client(t)
	if _, err := client.Send(t.Context(), woo.Request{Op: "list", Path: "wc/v3/orders"}, nil); err != nil {
		t.Fatal(err)
	}
	if client.Companion() == "" {
		t.Fatal("the plugin was not noticed")
	}
	return client
}

// TestCreatingAgain answers the order there is, says when it has gone on, and
// lets nobody change it.
func TestCreatingAgain(t *testing.T) {
	store, client := keyedStore(t)
	req := mugOrder()
	first, err := client.CreatePending(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := client.CreatePending(t.Context(), req); err != nil || again.ID != first.ID {
		t.Errorf("order %d again is %d, %v", first.ID, again.ID, err)
	}
	other := req
	other.CustomerNote = "ring twice"
	if _, err := client.CreatePending(t.Context(), other); !errors.Is(err, woo.ErrRefused) {
		t.Errorf("another order with the token: %v", err)
	}
	if _, err := client.Complete(t.Context(), first.ID, paid); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreatePending(t.Context(), req); !errors.Is(err, woo.ErrUnknown) {
		t.Errorf("created once it was paid: %v", err)
	}
	if found, err := client.FindOrder(t.Context(), req.Token); err != nil || len(found) != 1 || !found[0].Effective() {
		t.Errorf("%v, %v", found, err)
	}
	if n := len(store.Orders()); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// TestLostCreationWithCompanion: neither a lost answer nor an effect that comes
// after the second attempt makes a twin.
func TestLostCreationWithCompanion(t *testing.T) {
	for _, kind := range []wootest.FaultKind{wootest.CutAfter, wootest.BadGateway, wootest.LateEffect} {
		t.Run(string(kind), func(t *testing.T) {
			store, client := keyedStore(t)
			if err := store.Faults().Arm(wootest.Fault{Kind: kind, Method: "POST", Reads: 1000}); err != nil {
				t.Fatal(err)
			}
			req := mugOrder()
			if _, err := client.CreatePending(t.Context(), req); !errors.Is(err, woo.ErrUnknown) {
				t.Fatalf("the first attempt: %v", err)
			}
			created, err := client.CreatePending(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			store.Faults().Settle()
			found, err := client.FindOrder(t.Context(), req.Token)
			if err != nil || len(found) != 1 || found[0].ID != created.ID || len(store.Orders()) != 1 {
				t.Errorf("%d orders, found %v, %v", len(store.Orders()), found, err)
			}
		})
	}
}

// TestKeyInUse: what the other creation comes to is open.
func TestKeyInUse(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(409, `{"code":"ankkor_key_in_use","message":"Another request is creating the order with this key.","data":{"status":409}}`)})
	_, err := site.client(t).CreatePending(t.Context(), mugOrder())
	checkKind(t, err, woo.Unknown)
}

// TestCompanionConcurrently is for the race detector: noticing, forgetting and
// asking at the same time.
func TestCompanionConcurrently(t *testing.T) {
	client := noticed(t, keySite(t, 1000, answering(404, `{"code":"rest_no_route","message":"No route was found.","data":{"status":404}}`), ""))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if found, err := client.FindOrder(t.Context(), mugToken); err != nil || len(found) > 1 {
					t.Errorf("%v, %v", found, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestExactlyOneOrderWithCompanion is TestExactlyOneOrderTakesEffect on a store
// with the plugin. There no twin is ever made, late effects included.
func TestExactlyOneOrderWithCompanion(t *testing.T) {
	rounds := uint64(100)
	if testing.Short() {
		rounds = 20
	}
	store, client := keyedStore(t)
	if err := store.SetStock(16, int64(rounds)); err != nil {
		t.Fatal(err)
	}
	for seed := range rounds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 11))
			if err := store.Faults().Arm(mishaps(random)...); err != nil {
				t.Fatal(err)
			}
			before := stockOf(t, store, 16)
			req := mugOrder()
			req.Token = fmt.Sprintf("tok_companion_%04d", seed)
			placeOrder(t, store, client, req, random.IntN(2) == 0)
			store.Faults().Clear()
			store.Faults().Settle()
			checkOneOrder(t, store, req.Token, before)
			if n := uint64(len(store.Orders())); n != seed+1 {
				t.Errorf("%d orders after %d rounds", n, seed+1)
			}
		})
	}
}
