package woo_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// twoCatalogues are clients that read the same store over GraphQL and over the
// Store API.
func twoCatalogues(t *testing.T) (graphQL, storeAPI *woo.Client) {
	t.Helper()
	store, _ := openStore(t, wootest.Config{})
	return clientOf(t, store), clientOf(t, store, over(woo.CatalogueStoreAPI))
}

// TestBothCataloguesListTheSame: whatever the filter, the same products, each
// once, and as many as are counted.
func TestBothCataloguesListTheSame(t *testing.T) {
	a, b := twoCatalogues(t)
	for _, f := range everyFilter() {
		if f.Sort == woo.LastModified {
			continue
		}
		_, want := list(t, a, f)
		_, got := list(t, b, f)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("%+v (-GraphQL +Store API)\n%s", f, diff)
		}
		for name, client := range map[string]*woo.Client{"GraphQL": a, "Store API": b} {
			if n, err := client.Count(t.Context(), f); err != nil || n != int64(len(want)) {
				t.Errorf("%s: %+v: counted %d of %d, %v", name, f, n, len(want), err)
			}
		}
	}
}

// TestBothCataloguesCountTheSame: the numbers beside a list.
func TestBothCataloguesCountTheSame(t *testing.T) {
	a, b := twoCatalogues(t)
	for _, f := range everyFilter() {
		want, err1 := a.Facets(t.Context(), f, "pa_size", "pa_color")
		got, err2 := b.Facets(t.Context(), f, "pa_size", "pa_color")
		if f.OnSale && len(f.IDs) > 0 {
			if !errors.Is(err1, woo.ErrUnsupported) || !errors.Is(err2, woo.ErrUnsupported) {
				t.Errorf("%v, %v", err1, err2)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" || err1 != nil || err2 != nil {
			t.Errorf("%+v: %v, %v (-GraphQL +Store API)\n%s", f, err1, err2, diff)
		}
	}
}

// TestFacetsOfTheStore: against a count by hand.
func TestFacetsOfTheStore(t *testing.T) {
	client, _ := twoCatalogues(t)
	got, err := client.Facets(t.Context(), woo.ProductFilter{Category: "apparel"}, "pa_size")
	if err != nil {
		t.Fatal(err)
	}
	products, _ := list(t, client, woo.ProductFilter{Category: "apparel", Variations: true})
	stock, sizes := map[woo.StockStatus]int64{woo.InStock: 0, woo.OutOfStock: 0, woo.OnBackorder: 0}, map[string]int64{}
	for _, p := range products {
		stock[p.Stock.Status]++
		for _, a := range p.Attributes {
			for _, o := range a.Options {
				if a.Name == "pa_size" {
					sizes[o.Value]++
				}
			}
		}
	}
	counted := map[string]int64{}
	for _, v := range got.Attributes[0].Values {
		counted[v.Value] = v.Count
	}
	if diff := cmp.Diff(stock, got.Stock) + cmp.Diff(sizes, counted); diff != "" || len(counted) == 0 || got.Attributes[0].Label != "Size" {
		t.Errorf("(-by hand +counted)\n%s", diff)
	}
	if !got.MinPrice.Decimal.Equal(dec("749")) || !got.MaxPrice.Decimal.Equal(dec("1399")) {
		t.Errorf("prices %v to %v", got.MinPrice, got.MaxPrice)
	}
}

// common leaves of a product what both catalogues say in the same words.
func common(p woo.Product) woo.Product {
	for _, img := range append([]*woo.Image{p.Image}, pointers(p.Gallery)...) {
		plain(img)
	}
	for i := range p.Variations {
		plain(p.Variations[i].Image)
	}
	slices.SortFunc(p.Variations, func(a, b woo.Variation) int { return int(a.ID - b.ID) })
	for _, cards := range [][]woo.Card{p.Members, p.Upsells, p.CrossSells, p.Related} {
		for i, c := range cards {
			cards[i] = woo.Card{ID: c.ID, Slug: c.Slug, Name: c.Name, SKU: c.SKU, Type: c.Type, OnSale: c.OnSale, Purchasable: c.Purchasable}
			cards[i].Price.Text = c.Price.Text
		}
		slices.SortFunc(cards, func(a, b woo.Card) int { return int(a.ID - b.ID) })
	}
	if p.Type == woo.Variable || p.Type == woo.Grouped {
		p.Price.RegularText = ""
	}
	p.Link, p.Description, p.ShortDescription = "", "", ""
	return p
}

func pointers(list []woo.Image) []*woo.Image {
	var out []*woo.Image
	for i := range list {
		out = append(out, &list[i])
	}
	return out
}

func plain(img *woo.Image) {
	if img != nil {
		img.SrcSet, img.Sizes, img.Width, img.Height = "", nil, 0, 0
	}
}

// TestBothCataloguesShowTheSameProduct: with a key, over the Store API too.
func TestBothCataloguesShowTheSameProduct(t *testing.T) {
	a, b := twoCatalogues(t)
	all, _ := list(t, a, woo.ProductFilter{Hidden: true})
	for _, p := range all {
		want, err1 := a.Product(t.Context(), p.Slug)
		got, err2 := b.Product(t.Context(), p.Slug)
		byID, err3 := b.ProductByID(t.Context(), p.ID)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		want, got, byID = common(want), common(got), common(byID)
		want.Related, got.Related, byID.Related = nil, nil, nil // each picks its own
		if len(want.Categories) == 1 && want.Categories[0].Slug == "uncategorized" {
			want.Categories = nil // the Store API does not show it
		}
		if diff := cmp.Diff(want, got) + cmp.Diff(want, byID); diff != "" {
			t.Errorf("%s (-GraphQL +Store API)\n%s", p.Slug, diff)
		}
	}
}

// TestStoreAPIHidesDrafts: its own routes for one product show drafts and
// private products to everyone.
func TestStoreAPIHidesDrafts(t *testing.T) {
	a, b := twoCatalogues(t)
	for _, client := range []*woo.Client{a, b} {
		for _, id := range []int64{33, 34, 40, 999999} { // a draft, a private one, a variation, nothing
			if _, err := client.ProductByID(t.Context(), id); !errors.Is(err, woo.ErrNotFound) {
				t.Errorf("%d: %v", id, err)
			}
		}
		for _, slug := range []string{"draft-item", "private-item", "handblock-kurta-m-red", "no-such"} {
			if _, err := client.Product(t.Context(), slug); !errors.Is(err, woo.ErrNotFound) {
				t.Errorf("%s: %v", slug, err)
			}
		}
		for _, sku := range []string{"NOPE", "DRAFT-1", "MUG"} {
			if _, err := client.ProductBySKU(t.Context(), sku); !errors.Is(err, woo.ErrNotFound) {
				t.Errorf("%s: %v", sku, err)
			}
		}
		if p, err := client.ProductBySKU(t.Context(), "KURTA-M-RED"); err != nil || p.ID != 37 || len(p.Variations) != 6 {
			t.Errorf("by a variation's SKU: %d, %v", p.ID, err)
		}
	}
}

// TestBothCataloguesPriceACartTheSame: every product and variation, what is
// not for sale as well.
func TestBothCataloguesPriceACartTheSame(t *testing.T) {
	a, b := twoCatalogues(t)
	refs := append(refsOf(0, 33, 34, 40, 999999), variation(16, 40), variation(37, 999999))
	all, _ := list(t, a, woo.ProductFilter{Hidden: true, Variations: true})
	for _, p := range all {
		refs = append(refs, product(p.ID))
		for _, v := range p.Variations {
			refs = append(refs, variation(p.ID, v.ID), variation(p.ID, v.ID, "engraving", "Name"), variation(p.ID, v.ID, "pa_size", "zz"))
		}
	}
	want, err1 := a.Items(t.Context(), refs)
	got, err2 := b.Items(t.Context(), refs)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	statuses := map[cart.ItemStatus]int{}
	for i := range want {
		statuses[got[i].Status]++
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%+v (-GraphQL +Store API)\n%s", refs[i], diff)
		}
	}
	if len(slices.Collect(maps.Keys(statuses))) != 4 {
		t.Errorf("statuses %v: not every kind was tried", statuses)
	}
}

func TestStoreAPIRefusesWhatItCannotSort(t *testing.T) {
	_, client := twoCatalogues(t)
	for _, f := range []woo.ProductFilter{{Sort: woo.LastModified}, {Category: "home,apparel"}, {Tag: "a b"}} {
		_, err := client.ProductPage(t.Context(), f, "")
		if !errors.Is(err, woo.ErrUnsupported) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	for _, after := range []string{"x", "1", "-3", "YXJyYXljb25uZWN0aW9uOjI4", "99999999999999999999"} {
		_, err := client.ProductPage(t.Context(), woo.ProductFilter{}, after)
		var invalid *woo.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "after" {
			t.Errorf("after %q: %v", after, err)
		}
	}
}
