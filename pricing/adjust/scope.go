package adjust

import (
	"slices"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Scope is what a rule is for. The zero Scope is everything.
type Scope struct {
	// Products are ids of products, variations or variable products.
	Products []int64 `json:"products,omitempty"`
	// Categories are ids; a product in one of them is covered. With Products, either will do.
	Categories []int64 `json:"categories,omitempty"`
	// ExcludeSale leaves out what is on sale already.
	ExcludeSale bool `json:"exclude_sale,omitempty"`
}

// Covers says whether the rule is for the line.
func (s Scope) Covers(l quote.Line) bool {
	if s.ExcludeSale && l.OnSale {
		return false
	}
	if len(s.Products) == 0 && len(s.Categories) == 0 {
		return true
	}
	for _, id := range []int64{l.ProductID, l.VariationID, l.ParentID} {
		if id != 0 && slices.Contains(s.Products, id) {
			return true
		}
	}
	return slices.ContainsFunc(l.CategoryIDs, func(id int64) bool { return slices.Contains(s.Categories, id) })
}

// covered are the indices of the lines in scope.
func (p *Purchase) covered(s Scope) []int {
	var lines []int
	for i := range p.Lines {
		if s.Covers(p.Lines[i]) {
			lines = append(lines, i)
		}
	}
	return lines
}
