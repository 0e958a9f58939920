package live_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// TestRules: the snapshot says what the keeper's own pages say, and two clients
// agree on its version.
func TestRules(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		rules, err := s.client.Rules(t.Context())
		s.check(err)
		if rules.Settings.Currency != pricing.INR || rules.Settings.BaseCountry != "IN" || !rules.Settings.TaxEnabled || rules.Version == "" {
			t.Errorf("settings %+v, version %q", rules.Settings, rules.Version)
		}
		if !slices.Contains(rules.Countries, "IN") || len(rules.States["IN"]) < 36 {
			t.Errorf("countries %v with %d states in India", rules.Countries, len(rules.States["IN"]))
		}
		for _, class := range []string{"gst-5", "gst-12", "gst-18"} {
			if !slices.Contains(rules.Settings.TaxClasses, class) {
				t.Errorf("tax classes %v lack %s", rules.Settings.TaxClasses, class)
			}
		}
		var rates []struct {
			ID      int64           `json:"id"`
			Class   string          `json:"class"`
			State   string          `json:"state"`
			Percent decimal.Decimal `json:"rate"`
		}
		s.keeper.get("taxes?per_page=100", &rates)
		if len(rates) != len(rules.TaxRates) {
			t.Fatalf("%d rates, the store has %d", len(rules.TaxRates), len(rates))
		}
		for _, rate := range rules.TaxRates {
			if !slices.ContainsFunc(rates, func(r struct {
				ID      int64           `json:"id"`
				Class   string          `json:"class"`
				State   string          `json:"state"`
				Percent decimal.Decimal `json:"rate"`
			}) bool {
				return r.ID == rate.ID && r.State == rate.State && r.Percent.Equal(rate.Rate) && (r.Class == rate.Class || r.Class == "standard" && rate.Class == "")
			}) {
				t.Errorf("rate %+v is not the store's", rate)
			}
		}
		other, err := s.newClient().Rules(t.Context())
		s.check(err)
		if other.Version != rules.Version {
			t.Error("two clients read different versions of unchanged rules")
		}
	})
}

// TestStock: counts are the keeper's, at once, and each piece is counted in one
// place.
func TestStock(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		g := s.stockGoods()
		uncounted := s.body("uncounted", "10", "gst-5")
		delete(uncounted, "stock_quantity")
		uncounted["manage_stock"] = false
		rug := s.body("rug", "2499", "gst-12")
		rug["stock_quantity"], rug["backorders"] = -2, "notify"
		mug, own := stockItem(g.mug), stockItem(g.kurtaOwn)
		free, ordered := inventory.ProductItem(s.keeper.make("products", uncounted)), inventory.ProductItem(s.keeper.make("products", rug))
		asked := []inventory.Item{
			mug, own, inventory.ProductItem(g.kurtaID), inventory.VariationItem(g.kurta.ref.VariationID), free, ordered,
			inventory.ProductItem(999_999_999), inventory.VariationItem(999_999_999),
		}
		want := map[inventory.Item]inventory.Level{
			mug: {OnHand: onTheShelf, Policy: inventory.Deny}, own: {OnHand: onTheShelf, Policy: inventory.Deny},
			asked[2]: {OnHand: onTheShelf, Policy: inventory.Deny}, free: {Policy: inventory.Untracked}, ordered: {OnHand: -2, Policy: inventory.Backorder},
		}
		checkLevels(t, s, asked, want)
		s.keeper.setStock(g.mug, 3)
		want[mug] = inventory.Level{OnHand: 3, Policy: inventory.Deny}
		checkLevels(t, s, asked, want)
	})
}

// TestVariationIsNoProduct: a variation is written at its own address alone.
func TestVariationIsNoProduct(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		v := s.stockGoods().kurtaOwn
		err := s.keeper.try(t.Context(), "PUT", fmt.Sprint("products/", v.stockID), map[string]any{"stock_quantity": 1}, nil)
		if err == nil || !strings.Contains(err.Error(), "woocommerce_rest_invalid_product_id") {
			t.Errorf("PUT as a product: %v", err)
		}
		if got := s.keeper.stock(v); got != onTheShelf {
			t.Errorf("the store counts %d", got)
		}
	})
}

func checkLevels(t *testing.T, s *shop, asked []inventory.Item, want map[inventory.Item]inventory.Level) {
	t.Helper()
	levels, err := s.client.Stock(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if len(levels) != len(want) {
		t.Errorf("%d levels, want %d: %+v", len(levels), len(want), levels)
	}
	for _, l := range levels {
		if w := want[l.Key.Item]; l.OnHand != w.OnHand || l.Policy != w.Policy {
			t.Errorf("%s: %d %s, want %d %s", l.Key.Item, l.OnHand, l.Policy, w.OnHand, w.Policy)
		}
	}
}
