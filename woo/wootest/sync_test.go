package wootest_test

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestReplaySync repeats the changes between the recorded reads by hand: they
// were made by requests that were not recorded.
func TestReplaySync(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = storetest.BulkCatalogue(t) })
	at := func(second int) { c.Set(time.Date(2026, 11, 20, 5, 18, second, 0, time.UTC)) }
	at(30)
	storetest.Place(t, s, storetest.OneMug(""))
	storetest.Place(t, s, storetest.OneMug(""))
	for _, change := range []struct {
		second   int
		id, left int64
	}{{38, 38, 9}, {39, 37, 19}, {42, 16, 7}} {
		at(change.second)
		if err := s.SetStock(change.id, change.left); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range storetest.ReadRecordings[storetest.Recording](t, "sync") {
		t.Run(r.File, func(t *testing.T) {
			if r.File == "08-trashed-list" {
				if err := s.TrashProduct(17); err != nil {
					t.Fatal(err)
				}
			}
			c.Set(r.At)
			r.Check(t, s)
		})
	}
}

// TestReplayTaxExclusive: the same shop with prices entered without tax. RAW
// and formatted prices are different numbers there. The last cart was recorded
// after the shop had its carts shown without tax.
func TestReplayTaxExclusive(t *testing.T) {
	stores := map[string]*wootest.Store{}
	for _, show := range []string{"incl", "excl"} {
		files := storetest.Overlay{FS: wootest.Catalogue(), Over: fstest.MapFS{"settings_tax.json": {Data: []byte(
			`[{"id":"woocommerce_prices_include_tax","value":"no"},{"id":"woocommerce_tax_based_on","value":"shipping"},
			{"id":"woocommerce_shipping_tax_class","value":"inherit"},{"id":"woocommerce_tax_round_at_subtotal","value":"no"},
			{"id":"woocommerce_tax_display_shop","value":"incl"},{"id":"woocommerce_tax_display_cart","value":"` + show + `"}]`)}}}
		stores[show], _ = storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = fs.FS(files) })
	}
	for _, r := range storetest.ReadRecordings[storetest.Recording](t, "tax-exclusive-mode") {
		show := "incl"
		if r.File == "05-cart-display-excl" {
			show = "excl"
		}
		t.Run(r.File, func(t *testing.T) { r.Check(t, stores[show]) })
	}
}
