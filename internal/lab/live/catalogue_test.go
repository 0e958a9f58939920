package live_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// TestItems: what the keeper put on the shelf is what a cart is told.
func TestItems(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		want := map[string]struct{ price, regular string }{
			g.mug.sku: {"499", "499"}, g.tea.sku: {"33.33", "33.33"}, g.lamp.sku: {"1199.25", "1499.50"},
			g.kurtaOwn.sku: {"1349", "1349"}, g.kurta.sku: {"1399.90", "1399.90"},
		}
		for i, item := range s.items(g.all()) {
			p := g.all()[i]
			if !item.ForSale() || item.SKU != p.sku || item.TaxClass != p.class || item.Currency != pricing.INR {
				t.Errorf("%s: %+v", p.sku, item)
			}
			same(t, p.sku+" price", decimal.RequireFromString(want[p.sku].price), item.UnitPrice)
			same(t, p.sku+" regular price", decimal.RequireFromString(want[p.sku].regular), item.RegularPrice)
			if item.Stock.Item != string(stockItem(p)) || !item.Stock.Managed || item.Stock.Quantity != onTheShelf {
				t.Errorf("%s: stock %+v", p.sku, item.Stock)
			}
		}
	})
}

// TestItemsThatAreNotForSale: nothing of it is an error.
func TestItemsThatAreNotForSale(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		draft := s.body("draft", "10", "gst-5")
		draft["status"] = "draft"
		tests := map[string]struct {
			ref  cart.ItemRef
			want cart.ItemStatus
		}{
			"never there":            {cart.ItemRef{ProductID: 999_999_999}, cart.StatusGone},
			"a draft":                {cart.ItemRef{ProductID: s.keeper.make("products", draft)}, cart.StatusGone},
			"no price":               {s.simple("unpriced", "", "gst-5", 1).ref, cart.StatusNoPrice},
			"no size chosen":         {cart.ItemRef{ProductID: g.kurtaID}, cart.StatusNotPurchasable},
			"another's variation":    {cart.ItemRef{ProductID: g.mug.ref.ProductID, VariationID: g.kurta.ref.VariationID}, cart.StatusGone},
			"a variation never made": {cart.ItemRef{ProductID: g.kurtaID, VariationID: 999_999_999}, cart.StatusGone},
		}
		for name, test := range tests {
			items, err := s.client.Items(t.Context(), []cart.ItemRef{g.mug.ref, test.ref})
			switch {
			case err != nil:
				t.Errorf("%s: %v", name, err)
			case items[0].Status != cart.StatusOK || items[1].Status != test.want:
				t.Errorf("%s: beside a mug that is %s it is %s, want %s", name, items[0].Status, items[1].Status, test.want)
			}
		}
	})
}

// TestProductPages: one product in every way the client can find it.
func TestProductPages(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		kurta, err := s.client.ProductByID(t.Context(), g.kurtaID)
		s.check(err)
		if kurta.Type != woo.Variable || len(kurta.Variations) != 2 || kurta.SKU != s.sku("kurta") {
			t.Errorf("%+v", kurta)
		}
		for _, v := range kurta.Variations {
			if !v.Purchasable || !v.Stock.Managed || v.Stock.Quantity != onTheShelf {
				t.Errorf("variation %+v", v)
			}
		}
		mug, err := s.client.ProductByID(t.Context(), g.mug.ref.ProductID)
		s.check(err)
		again, err := s.client.Product(t.Context(), mug.Slug)
		s.check(err)
		if again.ID != mug.ID || again.Name != g.mug.name || again.Price.Text != mug.Price.Text || again.Price.Text == "" {
			t.Errorf("by slug %+v, by id %+v", again, mug)
		}
	})
}

// TestProductLists: every filter finds the mug, or leaves it out.
func TestProductLists(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		mug := g.mug.ref.ProductID
		hidden := s.body("hidden", "10", "gst-5")
		hidden["catalog_visibility"] = "hidden"
		secret := s.keeper.make("products", hidden)
		ids := []int64{mug, g.lamp.ref.ProductID, g.kurtaID, secret}
		price := decimal.RequireFromString
		tests := map[string]struct {
			filter woo.ProductFilter
			want   []int64
		}{
			"ids":           {woo.ProductFilter{IDs: ids, Hidden: true}, ids},
			"page by page":  {woo.ProductFilter{IDs: ids, PageSize: 1, Hidden: true}, ids},
			"shown":         {woo.ProductFilter{IDs: ids}, ids[:3]},
			"in variations": {woo.ProductFilter{IDs: ids[2:3], Variations: true}, ids[2:3]},
			"sku":           {woo.ProductFilter{SKU: g.mug.sku}, ids[:1]},
			"search":        {woo.ProductFilter{Search: "mug " + s.mark}, ids[:1]},
			"search seen":   {woo.ProductFilter{Search: "hidden " + s.mark}, nil},
			"on sale":       {woo.ProductFilter{IDs: ids, OnSale: true}, ids[1:2]},
			"in stock":      {woo.ProductFilter{IDs: ids, InStock: true, Sort: woo.ByName, Hidden: true}, ids},
			"cheap":         {woo.ProductFilter{IDs: ids, MinPrice: price("100"), MaxPrice: price("700")}, ids[:1]},
		}
		for name, test := range tests {
			t.Run(name, func(t *testing.T) { checkList(t, s, test.filter, test.want) })
		}
	})
}

func checkList(t *testing.T, s *shop, f woo.ProductFilter, want []int64) {
	t.Helper()
	found := map[int64]int{}
	for p, err := range s.client.Products(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		found[p.ID]++
		if f.Variations && len(p.Variations) != 2 {
			t.Errorf("product %d came with %d variations", p.ID, len(p.Variations))
		}
	}
	for _, id := range want {
		if found[id] != 1 {
			t.Errorf("product %d came %d times", id, found[id])
		}
	}
	if len(found) != len(want) {
		t.Errorf("%d products %v, want %v", len(found), found, want)
	}
}

// items reads pieces from the catalogue.
func (s *shop) items(pieces []piece) []cart.Item {
	s.Helper()
	var refs []cart.ItemRef
	for _, p := range pieces {
		refs = append(refs, p.ref)
	}
	items, err := s.client.Items(s.Context(), refs)
	s.check(err)
	return items
}

// stockItem is whose number counts for a piece.
func stockItem(p piece) inventory.Item {
	if p.stockID == p.ref.VariationID {
		return inventory.VariationItem(p.stockID)
	}
	return inventory.ProductItem(p.stockID)
}

func same(t *testing.T, what string, want, got decimal.Decimal) {
	t.Helper()
	if !want.Equal(got) {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}
