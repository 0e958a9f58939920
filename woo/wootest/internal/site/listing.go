package site

import (
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// ImagesOf are the pictures of a product; a variation without its own shows
// its parent's first.
func (st *State) ImagesOf(p *shop.Product) []shop.Image {
	if !p.IsVariation() {
		return p.Images
	}
	if p.Image != nil {
		return []shop.Image{*p.Image}
	}
	if parent := st.Products[p.ParentID]; parent != nil && len(parent.Images) > 0 {
		return parent.Images[:1]
	}
	return nil
}

// VariationIDs are a variable product's variations, in their order.
func (st *State) VariationIDs(p *shop.Product) []int64 {
	out := []int64{}
	if p.Type == "variable" {
		for _, v := range st.Children(p) {
			out = append(out, v.ID)
		}
	}
	return out
}

// Related are up to n public products that share a category.
func (st *State) Related(p *shop.Product, n int) []int64 {
	var out []int64
	if p.IsVariation() {
		return nil
	}
	mine := st.CategoryIDs(p)
	for id, other := range st.Products {
		if id != p.ID && other.Visible() && Intersect(mine, st.CategoryIDs(other)) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out[:min(n, len(out))]
}

// CountIn is how many public products a category has itself.
func (st *State) CountIn(category int64) int {
	n := 0
	for _, p := range st.Products {
		if !p.IsVariation() && p.Status == "publish" && slices.Contains(st.CategoryIDs(p), category) {
			n++
		}
	}
	return n
}

// CountTagged is how many public products have a tag.
func (st *State) CountTagged(tag int64) int {
	n := 0
	for _, p := range st.Products {
		if p.Status == "publish" && slices.ContainsFunc(p.Tags, func(t shop.Term) bool { return t.ID == tag }) {
			n++
		}
	}
	return n
}
