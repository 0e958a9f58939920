package carttest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/cart"
)

func answering() []catalogPromise {
	return []catalogPromise{
		{"an item is what the store has", whatTheStoreHas},
		{"items come in the order of the refs", inOrder},
		{"a ref asked for twice is answered twice", twice},
		{"no refs are no items", noRefs},
		{"what does not exist is gone, which is no error", goneIsAStatus},
		{"what is gone disturbs no other", goneAmongOthers},
		{"every item has a status", everyStatus},
		{"the ref in the answer is the one asked for", refAsAsked},
		{"nothing else in an item comes from the ref", nothingFromTheRef},
		{"a full cart is one call", fullCart},
		{"the refs are left alone", refsLeftAlone},
		{"answers share no memory", answersShareNothing},
		{"an ended context is an error", endedContext},
		{"callers at the same time get their own answers", ownAnswers},
	}
}

func whatTheStoreHas(c *catalog) {
	for i, item := range c.items(c.refs()) {
		c.same(fmt.Sprintf("product %d, variation %d", item.Ref.ProductID, item.Ref.VariationID), c.Known[i], item)
	}
}

func inOrder(c *catalog) {
	backwards := slices.Clone(c.Known)
	slices.Reverse(backwards)
	refs := c.refs()
	slices.Reverse(refs)
	c.same("the items, asked for backwards", backwards, c.items(refs))
	c.same("the items, asked for forwards", c.Known, c.items(c.refs()))
}

func twice(c *catalog) {
	a, b := c.Known[0], c.Known[1]
	c.same("first, second, first, first", []cart.Item{a, b, a, a}, c.items([]cart.ItemRef{a.Ref, b.Ref, a.Ref, a.Ref}))
}

func noRefs(c *catalog) {
	c.items(nil)
	c.items([]cart.ItemRef{})
}

func goneIsAStatus(c *catalog) {
	for _, item := range c.items(c.Gone) {
		if item.Status != cart.StatusGone || item.ForSale() {
			c.Errorf("product %d, variation %d: status %q, for sale %v, want gone",
				item.Ref.ProductID, item.Ref.VariationID, item.Status, item.ForSale())
		}
	}
}

func goneAmongOthers(c *catalog) {
	refs := []cart.ItemRef{c.Gone[0], c.Known[0].Ref, c.Gone[0], c.Known[1].Ref, c.Gone[0]}
	items := c.items(refs)
	c.same("the items among those gone", []cart.Item{c.Known[0], c.Known[1]}, []cart.Item{items[1], items[3]})
	for i := 0; i < len(items); i += 2 {
		if items[i].Status != cart.StatusGone || !items[i].Ref.Equal(c.Gone[0]) {
			c.Errorf("item %d is %+v, want gone", i, items[i])
		}
	}
}

func everyStatus(c *catalog) {
	known := []cart.ItemStatus{cart.StatusOK, cart.StatusGone, cart.StatusNotPurchasable, cart.StatusNoPrice}
	for _, item := range c.items(append(c.refs(), c.Gone...)) {
		if !slices.Contains(known, item.Status) {
			c.Errorf("product %d has the status %q", item.Ref.ProductID, item.Status)
		}
	}
}

// adorned is a ref with attributes and data that try to say what only the store may.
func (c *catalog) adorned() cart.ItemRef {
	ref := c.Known[c.forSale()].Ref.Clone()
	ref.Attributes = map[string]string{"engraving": "x"}
	ref.Data = map[string]string{"price": "0.01", "unit_price": "0.01", "quantity": "999", "tax_class": "zero-rate", "name": "x"}
	return ref
}

func refAsAsked(c *catalog) {
	refs := []cart.ItemRef{c.adorned(), c.Known[0].Ref, c.Gone[0]}
	for i, item := range c.items(refs) {
		c.same(fmt.Sprintf("ref %d", i), refs[i], item.Ref)
	}
}

func nothingFromTheRef(c *catalog) {
	want := c.Known[c.forSale()]
	want.Ref = c.adorned()
	c.same("the item of a ref with attributes and data", want, c.items([]cart.ItemRef{want.Ref})[0])
}

func fullCart(c *catalog) {
	var refs []cart.ItemRef
	var want []cart.Item
	for i := range cart.DefaultMaxLines {
		item := c.Known[i%len(c.Known)]
		refs, want = append(refs, item.Ref), append(want, item)
	}
	c.same("the items of a full cart", want, c.items(refs))
}

func refsLeftAlone(c *catalog) {
	refs := append(c.refs(), c.adorned())
	slices.Reverse(refs)
	before := make([]cart.ItemRef, 0, len(refs))
	for _, ref := range refs {
		before = append(before, ref.Clone())
	}
	c.items(refs)
	c.same("the caller's refs", before, refs)
}

func answersShareNothing(c *catalog) {
	items := c.items(c.refs())
	for _, item := range items {
		for i := range item.CategoryIDs {
			item.CategoryIDs[i] = -1
		}
	}
	clear(items)
	c.same("the next answer, after writing into the last", c.Known, c.items(c.refs()))
}

func endedContext(c *catalog) {
	ctx, cancel := context.WithCancel(c.Context())
	cancel()
	if _, err := c.Catalog.Items(ctx, c.refs()); !errors.Is(err, context.Canceled) {
		c.Errorf("Items with an ended context: %v, want context.Canceled", err)
	}
}

func ownAnswers(c *catalog) {
	together(func(n int) {
		for round := range 20 {
			want := c.Known[(n+round)%len(c.Known)]
			items, err := c.Catalog.Items(c.Context(), []cart.ItemRef{want.Ref})
			if err != nil || len(items) != 1 {
				c.Errorf("Items: %d items, %v", len(items), err)
				return
			}
			c.same("one caller's item", want, items[0])
		}
	})
}
