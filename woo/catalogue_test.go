package woo_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// list reads a whole list.
func list(t *testing.T, client *woo.Client, f woo.ProductFilter) (products []woo.Product, slugs []string) {
	t.Helper()
	for p, err := range client.Products(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		products, slugs = append(products, p), append(slugs, p.Slug)
	}
	return products, slugs
}

// TestCatalogueOfTheStore: every page size gives every product once.
func TestCatalogueOfTheStore(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	all, want := list(t, client, woo.ProductFilter{Variations: true, Hidden: true})
	if len(all) < 20 || len(slices.Compact(slices.Sorted(slices.Values(want)))) != len(all) {
		t.Fatalf("%d products: %v", len(all), want)
	}
	for _, size := range []int{7, 50, 100} {
		if _, got := list(t, client, woo.ProductFilter{PageSize: size, Hidden: true}); !slices.Equal(got, want) {
			t.Errorf("pages of %d (-want +got)\n%s", size, cmp.Diff(want, got))
		}
	}
}

// TestListedProductIsTheProduct: a list with variations says of each product
// what its page does.
func TestListedProductIsTheProduct(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	all, _ := list(t, client, woo.ProductFilter{Variations: true, Hidden: true})
	for _, want := range all {
		bySlug, err := client.Product(t.Context(), want.Slug)
		if err != nil {
			t.Fatal(err)
		}
		byID, err := client.ProductByID(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		bySlug.Upsells, bySlug.CrossSells, bySlug.Related = nil, nil, nil // no list has them
		byID.Upsells, byID.CrossSells, byID.Related = nil, nil, nil
		if diff := cmp.Diff(want, bySlug) + cmp.Diff(want, byID); diff != "" {
			t.Errorf("%s (-list +page)\n%s", want.Slug, diff)
		}
	}
}

// TestRecordedAndServed: the store in the process says of the recorded
// products what the real one said.
func TestRecordedAndServed(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	for _, name := range []string{"mug", "kurta", "bangle", "grouped", "external", "ebook", "noprice", "free", "soldout", "backorder", "hindi", "sale"} {
		want := readProduct(t, name)
		got, err := client.ProductByID(t.Context(), want.ID)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, p := range []*woo.Product{&want, &got} { // addresses and times are the store's own
			p.Link, p.Image, p.Gallery, p.ModifiedAt, p.Members = "", nil, nil, got.ModifiedAt, nil
			p.Upsells, p.CrossSells, p.Related = nil, nil, nil // asked for by nobody then
			for i := range p.Variations {
				p.Variations[i].Image = nil
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-recorded +served)\n%s", name, diff)
		}
	}
}

func TestFiltersOfTheStore(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	tests := map[string]struct {
		filter woo.ProductFilter
		keep   func(woo.Product) bool
	}{
		"category":       {woo.ProductFilter{Category: "apparel"}, func(p woo.Product) bool { return inCategory(p, "apparel") }},
		"search":         {woo.ProductFilter{Search: "kurta"}, func(p woo.Product) bool { return p.Slug == "handblock-kurta" }},
		"on sale":        {woo.ProductFilter{OnSale: true}, func(p woo.Product) bool { return p.OnSale && p.Type != woo.Grouped }},
		"SKU":            {woo.ProductFilter{SKU: "MUG-001"}, func(p woo.Product) bool { return p.ID == 16 }},
		"ids":            {woo.ProductFilter{IDs: []int64{16, 17, 37}}, func(p woo.Product) bool { return p.ID == 16 || p.ID == 17 || p.ID == 37 }},
		"named, on sale": {woo.ProductFilter{IDs: []int64{16, 18, 36, 37}, OnSale: true}, func(p woo.Product) bool { return p.ID == 18 || p.ID == 37 }},
		"shown":          {woo.ProductFilter{}, func(p woo.Product) bool { return p.Slug != "hidden-item" }},
		"above":          {woo.ProductFilter{MinPrice: dec("100000")}, func(p woo.Product) bool { return p.ID == 20 || p.ID == 21 }},
		"not below":      {woo.ProductFilter{MaxPrice: dec("30"), MinPrice: dec("20")}, func(p woo.Product) bool { return p.ID == 17 || p.Type == woo.Grouped }},
	}
	all, _ := list(t, client, woo.ProductFilter{Hidden: true})
	for name, test := range tests {
		var want []string
		for _, p := range all {
			if test.keep(p) {
				want = append(want, p.Slug)
			}
		}
		_, got := list(t, client, test.filter)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func inCategory(p woo.Product, slug string) bool {
	return slices.ContainsFunc(p.Categories, func(c woo.Term) bool { return c.Slug == slug })
}

// TestHiddenProduct: hidden is not private.
func TestHiddenProduct(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	for _, f := range []woo.ProductFilter{{Hidden: true}, {Hidden: true, Search: "hidden"}} {
		if _, slugs := list(t, client, f); !slices.Contains(slugs, "hidden-item") {
			t.Errorf("%+v does not list it", f)
		}
	}
	for _, f := range []woo.ProductFilter{{}, {Search: "hidden"}} {
		if _, slugs := list(t, client, f); slices.Contains(slugs, "hidden-item") {
			t.Errorf("%+v lists it", f)
		}
	}
	if _, slugs := list(t, client, woo.ProductFilter{}); !slices.Contains(slugs, "masala-chai-mug") {
		t.Error("what is visible is not listed")
	}
	if p, err := client.Product(t.Context(), "hidden-item"); err != nil || p.ID != 32 {
		t.Errorf("by its address: %v", err)
	}
}

func TestOrderOfAList(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	cheap, _ := list(t, client, woo.ProductFilter{Sort: woo.CheapFirst, MinPrice: dec("1")})
	dear, _ := list(t, client, woo.ProductFilter{Sort: woo.DearFirst, MinPrice: dec("1")})
	if len(cheap) < 10 || len(dear) != len(cheap) {
		t.Fatalf("%d and %d products", len(cheap), len(dear))
	}
	for i := 1; i < len(cheap); i++ {
		if cheap[i-1].Price.Min.Cmp(cheap[i].Price.Min) > 0 {
			t.Errorf("%s before %s", cheap[i-1].Slug, cheap[i].Slug)
		}
		if dear[i-1].Price.Min.Cmp(dear[i].Price.Min) < 0 && dear[i-1].Price.Max == dear[i].Price.Max {
			t.Errorf("%s before %s", dear[i-1].Slug, dear[i].Slug)
		}
	}
}

func TestUnknownProductOfTheStore(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	for _, slug := range []string{"does-not-exist", "draft-product", "बिल्ली", `") { id }`} {
		if _, err := client.Product(t.Context(), slug); !errors.Is(err, woo.ErrNotFound) {
			t.Errorf("%s: %v", slug, err)
		}
	}
	for _, id := range []int64{999999, 33, 34} { // unknown, a draft, private
		if _, err := client.ProductByID(t.Context(), id); !errors.Is(err, woo.ErrNotFound) {
			t.Errorf("%d: %v", id, err)
		}
	}
}

// TestItemsOfTheStore: what moves in the shop moves in the cart at once.
func TestItemsOfTheStore(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	item := func() cart.Item {
		t.Helper()
		items, err := client.Items(t.Context(), []cart.ItemRef{product(16)})
		if err != nil {
			t.Fatal(err)
		}
		return items[0]
	}
	steps := []struct {
		name   string
		change func() error
		holds  func(cart.Item) bool
	}{
		{"as recorded", func() error { return nil }, func(i cart.Item) bool {
			return i.ForSale() && i.UnitPrice.Equal(dec("499")) && i.Stock.Quantity == 10 && i.Stock.InStock
		}},
		{"a new price", func() error { return store.SetPrice(16, "512.50") }, func(i cart.Item) bool { return i.UnitPrice.Equal(dec("512.50")) }},
		{"sold out", func() error { return store.SetStock(16, 0) }, func(i cart.Item) bool { return !i.Stock.InStock && i.Stock.Managed && i.Stock.Quantity == 0 }},
		{"oversold", func() error { return store.SetStock(16, -2) }, func(i cart.Item) bool { return i.Stock.Quantity == -2 }},
		{"free", func() error { return store.SetPrice(16, "0") }, func(i cart.Item) bool { return i.ForSale() && i.UnitPrice.IsZero() }},
		{"no price", func() error { return store.SetPrice(16, "") }, func(i cart.Item) bool { return i.Status == cart.StatusNoPrice && !i.ForSale() }},
		{"in the trash", func() error { return store.TrashProduct(16) }, func(i cart.Item) bool { return i.Status == cart.StatusGone }},
	}
	for _, step := range steps {
		if err := step.change(); err != nil {
			t.Fatal(step.name, err)
		}
		if got := item(); !step.holds(got) {
			t.Errorf("%s: %+v", step.name, got)
		}
	}
}
