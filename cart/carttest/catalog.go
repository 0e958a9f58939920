package carttest

import (
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// CatalogHarness is a catalogue under test, and what is known to be in it.
type CatalogHarness struct {
	// Catalog is required.
	Catalog cart.Catalog
	// Known are at least two different items exactly as the catalogue has to answer them, with refs that have neither
	// attributes nor data. At least one of them is for sale. Better are many: a variation, one on sale, one without price,
	// one that is not purchasable, stock managed and not.
	Known []cart.Item
	// Gone are refs that the store does not have, or does not show: at least one.
	Gone []cart.ItemRef
}

// RunCatalog checks every promise of [cart.Catalog] against catalogues made by newCatalog, a fresh one each.
func RunCatalog(t *testing.T, newCatalog func(tb testing.TB) CatalogHarness) {
	for _, p := range answering() {
		t.Run(p.text, func(t *testing.T) {
			h := newCatalog(t)
			if h.Catalog == nil || len(h.Known) < 2 || len(h.Gone) == 0 {
				t.Fatal("the harness has no Catalog, fewer than two Known items or no Gone ref")
			}
			c := &catalog{T: t, CatalogHarness: h}
			if c.forSale() < 0 {
				t.Fatal("the harness has no Known item that is for sale")
			}
			p.check(c)
		})
	}
}

// catalogPromise is one sentence of the contract, and the check that it holds.
type catalogPromise struct {
	text  string
	check func(c *catalog)
}

// catalog is the catalogue under test, in the test of one promise.
type catalog struct {
	*testing.T
	CatalogHarness
}

// forSale is the index of a known item that can be bought.
func (c *catalog) forSale() int {
	for i, item := range c.Known {
		if item.ForSale() {
			return i
		}
	}
	return -1
}

// refs are those of the known items.
func (c *catalog) refs() []cart.ItemRef {
	refs := make([]cart.ItemRef, 0, len(c.Known))
	for _, item := range c.Known {
		refs = append(refs, item.Ref)
	}
	return refs
}

// items asks for items, which has to work and bring as many as were asked for.
func (c *catalog) items(refs []cart.ItemRef) []cart.Item {
	c.Helper()
	items, err := c.Catalog.Items(c.Context(), refs)
	if err != nil {
		c.Fatalf("Items of %d refs: %v", len(refs), err)
	}
	if len(items) != len(refs) {
		c.Fatalf("Items of %d refs answered %d items", len(refs), len(items))
	}
	return items
}

// same compares items; nil and empty lists are the same.
func (c *catalog) same(what string, want, got any) {
	c.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		c.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
