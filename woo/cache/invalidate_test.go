package cache_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/cache"
	"github.com/ankkor/ankkor/woo/webhook"
)

// fill reads one of everything and answers how often each was read.
func fill(t *testing.T, c *cache.Catalogue, s *shelf) map[string]int {
	t.Helper()
	_, err1 := c.Product(t.Context(), "kurta")
	_, err2 := c.ProductPage(t.Context(), woo.ProductFilter{Category: "wear"}, "")
	_, err3 := c.CategoryTree(t.Context())
	_, err4 := c.Items(t.Context(), []cart.ItemRef{{ProductID: 7, VariationID: 71}})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for what, n := range s.reads {
		counts[what] = n
	}
	return counts
}

// TestInvalidate drops what shows the thing, and nothing else.
func TestInvalidate(t *testing.T) {
	const product, list, tree, items = "slug kurta", "page wear", "tree", "items 1"
	change := func(r webhook.Resource, id, parent int64, e webhook.Event) func(*cache.Catalogue) {
		return func(c *cache.Catalogue) {
			if err := c.Changed(t.Context(), webhook.Change{Resource: r, ID: id, ParentID: parent, Event: e}); err != nil {
				t.Error(err)
			}
		}
	}
	tags := func(tags ...cache.Tag) func(*cache.Catalogue) {
		return func(c *cache.Catalogue) { c.Invalidate(tags...) }
	}
	tests := map[string]struct {
		do      func(*cache.Catalogue)
		dropped []string
	}{
		"nothing":                   {tags(), nil},
		"the product":               {tags(cache.ProductTag(7)), []string{product, list, items}},
		"its variation":             {tags(cache.ProductTag(71)), []string{product, list, items}},
		"a product beside it":       {tags(cache.ProductTag(9)), []string{product, list}},
		"its category":              {tags(cache.CategoryTag("wear")), []string{product, list}},
		"another":                   {tags(cache.ProductTag(8), cache.CategoryTag("toys")), nil},
		"all lists":                 {tags(cache.AllLists), []string{list}},
		"the tree":                  {tags(cache.Categories), []string{tree}},
		"the product was updated":   {change(webhook.Product, 7, 0, webhook.Updated), []string{product, list, items}},
		"the variation was updated": {change(webhook.Variation, 71, 7, webhook.Updated), []string{product, list, items}},
		"a variation it shows not":  {change(webhook.Variation, 79, 7, webhook.Updated), []string{product, list, items}},
		"another was updated":       {change(webhook.Product, 8, 0, webhook.Updated), nil},
		"another is new":            {change(webhook.Product, 8, 0, webhook.Created), []string{list, tree}},
		"another is gone":           {change(webhook.Product, 8, 0, webhook.Deleted), []string{list, tree}},
		"an order":                  {change(webhook.Order, 7, 0, webhook.Updated), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShelf()
			c := open(t, s)
			want := fill(t, c, s)
			test.do(c)
			for _, what := range test.dropped {
				want[what]++
			}
			if diff := cmp.Diff(want, fill(t, c, s)); diff != "" {
				t.Errorf("readings (-want +got)\n%s", diff)
			}
		})
	}
}

// TestMissesAreForgotten when a product appears.
func TestMissesAreForgotten(t *testing.T) {
	s := newShelf()
	c := open(t, s)
	s.failing(missing())
	if _, err := c.Product(t.Context(), "kurta"); !errors.Is(err, woo.ErrNotFound) {
		t.Fatal(err)
	}
	s.failing(nil)
	if err := c.Changed(t.Context(), webhook.Change{Resource: webhook.Product, ID: 7, Event: webhook.Created}); err != nil {
		t.Fatal(err)
	}
	if got := named(t, c); got != "reading 2" {
		t.Error(got)
	}
}

// TestInvalidatedUnderWay: what was being read when it changed is not kept, and
// who asks after the change does not get it.
func TestInvalidatedUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := open(t, s)
		release := s.block()
		got := make(chan string, 2)
		read := func() {
			p, err := c.Product(t.Context(), "kurta")
			got <- fmt.Sprint(p.Name, err)
		}
		go read()
		synctest.Wait()
		c.Invalidate(cache.ProductTag(7))
		s.open()
		read() // while the old request still waits
		release()
		if second, first := <-got, <-got; first != "reading 1<nil>" || second != "reading 2<nil>" {
			t.Errorf("%q, then %q", second, first)
		}
		synctest.Wait()
		if kept := named(t, c); kept != "reading 2" {
			t.Errorf("%s is kept", kept)
		}
	})
}
