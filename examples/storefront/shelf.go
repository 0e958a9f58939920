package main

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
)

// shelf is what a small shop can know by heart: it is read once, when the shop opens.
type shelf struct {
	categories []woo.Term
	counted    map[inventory.Item]string // names of what is counted
}

// uncategorised is WooCommerce's category for what has none.
const uncategorised = "uncategorized"

// readShelf reads the categories, and makes the stock known here before the first shopper asks for it.
func (s *shop) readShelf(ctx context.Context) error {
	terms := map[string]woo.Term{}
	s.counted = map[inventory.Item]string{}
	for p, err := range s.woo.Products(ctx, woo.ProductFilter{Variations: true, Hidden: true}) {
		var broken *woo.ProductError
		if errors.As(err, &broken) {
			continue
		}
		if err != nil {
			return err
		}
		for _, t := range p.Categories {
			terms[t.Slug] = t
		}
		s.countIn(p)
	}
	delete(terms, uncategorised)
	s.categories = slices.SortedFunc(maps.Values(terms), func(a, b woo.Term) int { return cmp.Compare(a.Name, b.Name) })
	return s.checkout.LearnStock(ctx, slices.Sorted(maps.Keys(s.counted)))
}

// countIn notes what of a product is counted, and its name.
func (s *shop) countIn(p woo.Product) {
	if p.Stock.Managed {
		s.counted[p.Stock.Item] = p.Name
	}
	for _, v := range p.Variations {
		if v.Stock.Managed && v.Stock.Item != p.Stock.Item {
			s.counted[v.Stock.Item] = v.Name
		}
	}
}
