package woo_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// TestCatalogConformance: one of every sort there is.
func TestCatalogConformance(t *testing.T) {
	carttest.RunCatalog(t, func(tb testing.TB) carttest.CatalogHarness {
		_, client := openStore(tb, wootest.Config{})
		known, err := client.Items(tb.Context(), []cart.ItemRef{
			product(16), product(17), product(19), product(23), product(24), product(25), product(27), product(28),
			product(31), product(35), product(36), product(37), variation(37, 38), variation(37, 40), variation(37, 42), variation(37, 43),
		})
		if err != nil {
			tb.Fatal(err)
		}
		return carttest.CatalogHarness{Catalog: client, Known: known, Gone: []cart.ItemRef{
			product(999999), product(33), product(34), variation(37, 999999), variation(44, 40), product(40),
		}}
	})
}

func TestOrderCreatorConformance(t *testing.T) {
	checkouttest.RunOrderCreator(t, orderHarness)
}

func TestOrderKeeperConformance(t *testing.T) {
	checkouttest.RunOrderKeeper(t, orderHarness)
}

func orderHarness(t *testing.T) checkouttest.OrderHarness {
	_, client := openStore(t, wootest.Config{})
	return orderHarnessOf(t, client)
}

// orderHarnessOf has an order that the client's store can take.
func orderHarnessOf(t *testing.T, client *woo.Client) checkouttest.OrderHarness {
	t.Helper()
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
}

func TestRulebookConformance(t *testing.T) {
	checkouttest.RunRulebook(t, func(t *testing.T) checkouttest.RulebookHarness {
		var changed atomic.Bool
		site := ruleSite(t, map[string]http.Handler{"taxes": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if changed.Load() {
				edited("rules/taxes.http", `"rate":"9.0000"`, `"rate":"14.0000"`).ServeHTTP(w, r)
				return
			}
			replay(w, "rules/taxes.http", nil)
		})})
		var minutes atomic.Int64 // each look at the clock is later than a snapshot is kept
		start := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
		client := site.client(t, func(c *woo.Config) {
			c.Now = func() time.Time { return start.Add(time.Duration(minutes.Add(2)) * time.Minute) }
		})
		return checkouttest.RulebookHarness{Rules: client, Change: func() { changed.Store(true) }}
	})
}

func TestQuoterOnTheStoresRules(t *testing.T) {
	checkouttest.RunQuoter(t, func(t *testing.T) checkouttest.QuoterHarness {
		_, client := openStore(t, wootest.Config{})
		home := places["in the shop's state"]
		return checkouttest.QuoterHarness{Quoter: checkout.NewLocalQuoter(client, nil), Request: checkout.QuoteRequest{
			Lines: priced(t, client, 0, 4), ShipTo: home, BillTo: home, At: time.Now(),
		}}
	})
}
