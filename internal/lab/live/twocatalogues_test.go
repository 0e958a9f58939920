package live_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// over makes a client that reads the catalogue somewhere else.
func (s *shop) over(kind woo.Catalogue) *woo.Client {
	s.Helper()
	transport := &http.Transport{DialContext: s.wire.dial}
	s.Cleanup(transport.CloseIdleConnections)
	client, err := woo.New(woo.Config{
		URL: s.site.url, GraphQLURL: s.site.graphql, Key: s.site.key, Secret: woo.NewSecret(s.site.secret), Catalogue: kind,
		HTTP: &http.Client{Transport: transport}, Timeout: time.Minute,
	})
	s.check(err)
	return client
}

// listed are the ids of a list, each once.
func (s *shop) listed(client *woo.Client, f woo.ProductFilter) []int64 {
	s.Helper()
	var ids []int64
	for p, err := range client.Products(s.Context(), f) {
		s.check(err)
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	if len(slices.Compact(slices.Clone(ids))) != len(ids) {
		s.Errorf("%+v: a product came twice: %v", f, ids)
	}
	return ids
}

// TestTheTwoCataloguesAgree: what WooGraphQL lists, the Store API lists, under
// every filter and in every order, page by small page.
func TestTheTwoCataloguesAgree(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		hidden := s.body("hidden", "10", "gst-5")
		hidden["catalog_visibility"] = "hidden"
		ids := []int64{g.mug.ref.ProductID, g.lamp.ref.ProductID, g.tea.ref.ProductID, g.kurtaID, s.keeper.make("products", hidden)}
		slices.Sort(ids)
		price := decimal.RequireFromString
		filters := []woo.ProductFilter{
			{}, {Hidden: true}, {OnSale: true}, {InStock: true}, {SKU: g.mug.sku}, {MinPrice: price("100"), MaxPrice: price("700")},
			{Hidden: true, Search: s.mark}, {OnSale: true, Sort: woo.DearFirst},
		}
		for _, sort := range []woo.Sort{woo.Newest, woo.CheapFirst, woo.DearFirst, woo.ByName, woo.ByMenu, woo.MostPopular, woo.BestRated} {
			filters = append(filters, woo.ProductFilter{Sort: sort, Hidden: true})
		}
		graphQL, storeAPI := s.over(woo.CatalogueGraphQL), s.over(woo.CatalogueStoreAPI)
		for _, f := range filters {
			f.IDs, f.PageSize = ids, 2 // of ours only: others may be at work in the store
			want, got := s.listed(graphQL, f), s.listed(storeAPI, f)
			if diff := cmp.Diff(want, got); diff != "" || f.Hidden && f.Search == "" && len(got) != len(ids) {
				t.Errorf("%+v (-GraphQL +Store API)\n%s", f, diff)
			}
		}
	})
}

// TestAllPagesOfTheStore: the whole catalogue by pages of seven, in the orders
// that WooGraphQL's own pages lose products in.
func TestAllPagesOfTheStore(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		client := s.over(woo.CatalogueGraphQL)
		var want []int64 // what was there before and after, whoever else is at work in the store
		for _, sort := range []woo.Sort{woo.Newest, woo.ByMenu, woo.CheapFirst, woo.DearFirst, woo.Newest} {
			got := s.listed(client, woo.ProductFilter{Sort: sort, PageSize: 7, Category: "kitchen-dining"})
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("by %q (-newest first +got)\n%s", sort, diff)
			}
		}
	})
}

// TestCartsOverTheStoreAPI: a shop without WooGraphQL tells a cart the same.
func TestCartsOverTheStoreAPI(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		refs := []cart.ItemRef{{ProductID: g.kurtaID}, {ProductID: 999_999_999}, {ProductID: g.mug.ref.ProductID, VariationID: g.kurta.ref.VariationID}}
		for _, p := range g.all() {
			refs = append(refs, p.ref)
		}
		want, err := s.over(woo.CatalogueGraphQL).Items(t.Context(), refs)
		s.check(err)
		got, err := s.over(woo.CatalogueStoreAPI).Items(t.Context(), refs)
		s.check(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-GraphQL +Store API)\n%s", diff)
		}
	})
}

// TestDraftsAreNobodysBusiness: the Store API's own routes for one product show
// them; the client does not.
func TestDraftsAreNobodysBusiness(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		draft := s.body("draft", "10", "gst-5")
		draft["status"], draft["slug"] = "draft", "draft-"+s.mark
		id := s.keeper.make("products", draft)
		for _, kind := range []woo.Catalogue{woo.CatalogueGraphQL, woo.CatalogueStoreAPI} {
			client := s.over(kind)
			_, byID := client.ProductByID(t.Context(), id)
			_, bySlug := client.Product(t.Context(), "draft-"+s.mark)
			_, bySKU := client.ProductBySKU(t.Context(), s.sku("draft"))
			for _, err := range []error{byID, bySlug, bySKU} {
				if !errors.Is(err, woo.ErrNotFound) {
					t.Errorf("%s: %v", kind, err)
				}
			}
		}
	})
}

// TestFacetsAgree: the numbers beside a list, from both catalogues.
func TestFacetsAgree(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		f := woo.ProductFilter{IDs: []int64{g.mug.ref.ProductID, g.lamp.ref.ProductID, g.kurtaID}}
		want, err := s.over(woo.CatalogueGraphQL).Facets(t.Context(), f)
		s.check(err)
		got, err := s.over(woo.CatalogueStoreAPI).Facets(t.Context(), f)
		s.check(err)
		if diff := cmp.Diff(want, got); diff != "" || got.Stock[woo.InStock] != 3 {
			t.Errorf("(-GraphQL +Store API)\n%s", diff)
		}
	})
}
