package woo_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// openStore starts a WooCommerce and a client for it.
func openStore(t testing.TB, cfg wootest.Config) (*wootest.Store, *woo.Client) {
	t.Helper()
	store, err := wootest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := woo.New(woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()),
		HTTP: store.HTTPClient(), Now: cfg.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, client
}

func stockOf(t *testing.T, store *wootest.Store, id int64) int64 {
	t.Helper()
	s, err := store.Stock(id)
	if err != nil {
		t.Fatal(err)
	}
	return s.Quantity
}

var paid = checkout.Completion{Paid: true, TransactionID: "pay_29QQoUBi66xm2f"}

func TestAnOrderTakesEffectOnce(t *testing.T) {
	for name, tls := range map[string]bool{"TLS": true, "plain HTTP with OAuth": false} {
		t.Run(name, func(t *testing.T) {
			store, client := openStore(t, wootest.Config{TLS: tls})
			ctx := t.Context()
			before := stockOf(t, store, 16)
			created, err := client.CreatePending(ctx, mugOrder())
			if err != nil {
				t.Fatal(err)
			}
			if stockOf(t, store, 16) != before || created.Effective() || created.Paid() || created.Lines[0].Reduced != 0 {
				t.Errorf("a pending order took effect: %+v", created)
			}
			found, err := client.FindOrder(ctx, mugToken)
			if err != nil || len(found) != 1 || found[0].ID != created.ID {
				t.Fatalf("found %v, %v", found, err)
			}
			for range 3 { // one after the other it is idempotent
				done, err := client.Complete(ctx, created.ID, paid)
				if err != nil || !done.Effective() || !done.Paid() || done.TransactionID != paid.TransactionID || done.Lines[0].Reduced != 1 {
					t.Fatalf("completed %+v, %v", done, err)
				}
			}
			if got := stockOf(t, store, 16); got != before-1 {
				t.Errorf("stock %d, want %d", got, before-1)
			}
			found, err = client.FindOrder(ctx, mugToken) // the transaction id is the payment's now
			if err != nil || len(found) != 1 || found[0].Token != mugToken || len(store.Orders()) != 1 {
				t.Errorf("found %v, %v, of %d orders", found, err, len(store.Orders()))
			}
		})
	}
}

func TestCashOnDelivery(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	created, err := client.CreatePending(t.Context(), mugOrder())
	if err != nil {
		t.Fatal(err)
	}
	how := checkout.Completion{Status: "processing", PaymentMethod: "cod", PaymentMethodTitle: "Cash on delivery"}
	done, err := client.Complete(t.Context(), created.ID, how)
	if err != nil || done.Status != "processing" || done.Lines[0].Reduced != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	if o, err := store.Order(created.ID); err != nil || o.PaymentMethod != "cod" {
		t.Errorf("paid by %q, %v", o.PaymentMethod, err)
	}
}

// TestLostCreateIsFoundAgain: the order exists, and the answer said nothing.
// One lookup finds it; nothing is created twice.
func TestLostCreateIsFoundAgain(t *testing.T) {
	for _, kind := range []wootest.FaultKind{wootest.CutAfter, wootest.BadGateway, wootest.HTML, wootest.Truncated} {
		t.Run(string(kind), func(t *testing.T) {
			store, client := openStore(t, wootest.Config{Faults: []wootest.Fault{{Kind: kind, Method: "POST", Path: "/wp-json/wc/v3/orders"}}})
			_, err := client.CreatePending(t.Context(), mugOrder())
			checkKind(t, err, woo.Unknown)
			found, err := client.FindOrder(t.Context(), mugToken)
			if err != nil || len(found) != 1 || len(store.Orders()) != 1 {
				t.Fatalf("found %v, %v, of %d orders", found, err, len(store.Orders()))
			}
			if done, err := client.Complete(t.Context(), found[0].ID, paid); err != nil || done.Lines[0].Reduced != 1 {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
}

// TestCreateThatNeverHappened: unknown too, and the lookup says none.
func TestCreateThatNeverHappened(t *testing.T) {
	store, client := openStore(t, wootest.Config{Faults: []wootest.Fault{{Kind: wootest.CutBefore, Method: "POST"}}})
	_, err := client.CreatePending(t.Context(), mugOrder())
	checkKind(t, err, woo.Unknown)
	if found, err := client.FindOrder(t.Context(), mugToken); err != nil || found != nil {
		t.Fatalf("found %v, %v", found, err)
	}
	if _, err := client.CreatePending(t.Context(), mugOrder()); err != nil || len(store.Orders()) != 1 {
		t.Errorf("%d orders, %v", len(store.Orders()), err)
	}
}

// TestCreateThatHappensLate: none at first, then one. This is why a caller
// waits out the store's longest execution time before it creates again, and
// why a twin that turns up all the same can be told and trashed.
func TestCreateThatHappensLate(t *testing.T) {
	store, client := openStore(t, wootest.Config{Faults: []wootest.Fault{{Kind: wootest.LateEffect, Method: "POST", Reads: 1000}}})
	ctx := t.Context()
	_, err := client.CreatePending(ctx, mugOrder())
	checkKind(t, err, woo.Unknown)
	if found, err := client.FindOrder(ctx, mugToken); err != nil || len(found) != 0 {
		t.Fatalf("found %v, %v", found, err)
	}
	second, err := client.CreatePending(ctx, mugOrder()) // too early
	if err != nil {
		t.Fatal(err)
	}
	store.Faults().Settle()
	found, err := client.FindOrder(ctx, mugToken)
	if err != nil || len(found) != 2 {
		t.Fatalf("found %v, %v; want the order and its twin", found, err)
	}
	for _, o := range found {
		if o.ID != second.ID {
			if twin, err := client.Cancel(ctx, o.ID); err != nil || !twin.Trashed() {
				t.Errorf("twin %+v, %v", twin, err)
			}
		}
	}
	if _, err := client.Complete(ctx, second.ID, paid); err != nil {
		t.Fatal(err)
	}
	if got := stockOf(t, store, 16); got != 9 {
		t.Errorf("stock %d, want 9: the twin never left pending", got)
	}
	if found, err = client.FindOrder(ctx, mugToken); err != nil || len(found) != 2 {
		t.Errorf("found %d, %v; the trash is looked through too", len(found), err)
	}
}

// TestLostCompletion: the PUT is not sent again, and the next Complete sees
// what became of it.
func TestLostCompletion(t *testing.T) {
	for _, kind := range []wootest.FaultKind{wootest.CutAfter, wootest.BadGateway, wootest.HTML, wootest.Truncated, wootest.CutBefore} {
		t.Run(string(kind), func(t *testing.T) {
			store, client := openStore(t, wootest.Config{Faults: []wootest.Fault{{Kind: kind, Method: "PUT"}}})
			created, err := client.CreatePending(t.Context(), mugOrder())
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Complete(t.Context(), created.ID, paid)
			checkKind(t, err, woo.Unknown)
			done, err := client.Complete(t.Context(), created.ID, paid)
			if err != nil || !done.Effective() || done.Lines[0].Reduced != 1 || stockOf(t, store, 16) != 9 {
				t.Errorf("%+v, %v, stock %d", done, err, stockOf(t, store, 16))
			}
		})
	}
}

// TestRefusedAndRateLimitedCreate had no effect, and says so.
func TestCreateWithoutEffect(t *testing.T) {
	tests := map[wootest.FaultKind]woo.Kind{wootest.RateLimited: woo.RateLimited, wootest.Unavailable: woo.Unknown}
	for kind, want := range tests {
		store, client := openStore(t, wootest.Config{Faults: []wootest.Fault{{Kind: kind, Method: "POST"}}})
		_, err := client.CreatePending(t.Context(), mugOrder())
		checkKind(t, err, want)
		if n := len(store.Orders()); n != 0 {
			t.Errorf("%s: %d orders", kind, n)
		}
	}
}

// TestParallelCompletionShows: the store subtracts twice when two completions
// overlap, as the real one does, and the line read back says so.
func TestParallelCompletionShows(t *testing.T) {
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
	o, err := client.Order(t.Context(), created.ID)
	if err != nil || o.Lines[0].Reduced != 2 || o.Lines[0].Quantity != 1 || stockOf(t, store, 16) != 8 {
		t.Errorf("%+v, %v, stock %d", o.Lines, err, stockOf(t, store, 16))
	}
}

// TestPriceMovedInTheStore: the lines go as quoted, so it is no mismatch; a
// tax class or rate that moved is.
func TestTaxMovedInTheStore(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	req := mugOrder()
	req.Quote.Lines[0].TotalTax, req.Quote.Totals.TotalTax, req.Quote.Totals.Total = dec("80.20"), pricing.Paise(8020), pricing.Paise(52574)
	order, err := client.CreatePending(t.Context(), req)
	var mismatch *woo.TotalMismatchError
	if !errors.As(err, &mismatch) || mismatch.Stored != pricing.Paise(49900) || mismatch.Quoted != pricing.Paise(52574) || order.Status != "pending" {
		t.Errorf("%+v, %v", order, err)
	}
}

func TestStockOfTheStore(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	items := []inventory.Item{"product:16", "product:37", "variation:38", "variation:40", "variation:42", "product:17", "product:999999", "variation:999999"}
	levels, err := client.Stock(t.Context(), items)
	if err != nil {
		t.Fatal(err)
	}
	policies := map[inventory.Item]inventory.Policy{
		"product:16": inventory.Deny, "product:17": inventory.Untracked, "product:37": inventory.Deny,
		"variation:38": inventory.Deny, "variation:42": inventory.Backorder,
	}
	if len(levels) != len(policies) {
		t.Errorf("levels %+v", levels)
	}
	ids := map[inventory.Item]int64{"product:16": 16, "product:17": 17, "product:37": 37, "variation:38": 38, "variation:42": 42}
	for _, l := range levels {
		if l.Policy != policies[l.Key.Item] || l.OnHand != stockOf(t, store, ids[l.Key.Item]) {
			t.Errorf("%+v, the store says %d", l, stockOf(t, store, ids[l.Key.Item]))
		}
	}
	if err := store.SetStock(16, 3); err != nil {
		t.Fatal(err)
	}
	if levels, err = client.Stock(t.Context(), items[:1]); err != nil || levels[0].OnHand != 3 {
		t.Errorf("%+v, %v; want 3 at once", levels, err)
	}
}

func TestUnreachableStore(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := client.CreatePending(t.Context(), mugOrder())
	checkKind(t, err, woo.Unavailable)
	_, err = client.Stock(t.Context(), []inventory.Item{"product:16"})
	checkKind(t, err, woo.Unavailable)
	_, err = client.Rules(t.Context())
	checkKind(t, err, woo.Unavailable)
}

func TestWrongKey(t *testing.T) {
	store, _ := openStore(t, wootest.Config{TLS: true})
	for name, secret := range map[string]string{"wrong secret": "cs_wrong", "no key": ""} {
		cfg := woo.Config{URL: store.URL(), HTTP: store.HTTPClient()}
		if secret != "" {
			cfg.Key, cfg.Secret = store.ConsumerKey(), woo.NewSecret(secret)
		}
		client, err := woo.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.CreatePending(t.Context(), mugOrder())
		if e := checkKind(t, err, woo.Unauthorised); len(store.Orders()) != 0 || name == "no key" && e.Status != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
