package shop

import (
	"slices"
	"strings"
)

// TaxonomyOf is the attribute taxonomy of a global attribute, nil for a local
// one.
func (sh *Shop) TaxonomyOf(id int64) *Taxonomy {
	for i := range sh.Taxonomies {
		if id != 0 && sh.Taxonomies[i].ID == id {
			return &sh.Taxonomies[i]
		}
	}
	return nil
}

// TaxonomyBySlug is the attribute taxonomy of a name such as pa_size, nil for none.
func (sh *Shop) TaxonomyBySlug(slug string) *Taxonomy {
	for i := range sh.Taxonomies {
		if sh.Taxonomies[i].Slug == slug {
			return &sh.Taxonomies[i]
		}
	}
	return nil
}

// TermOf finds a term by name or slug.
func (t *Taxonomy) TermOf(text string) (Term, bool) {
	for _, x := range t.Terms {
		if x.Name == text || x.Slug == text {
			return x, true
		}
	}
	return Term{}, false
}

// TermSlug is the value WooCommerce stores for a variation's attribute: the
// term's slug, or the text itself for a local attribute.
func (sh *Shop) TermSlug(a Attribute) string {
	t := sh.TaxonomyOf(a.ID)
	if t == nil {
		return a.Option
	}
	if x, ok := t.TermOf(a.Option); ok {
		return x.Slug
	}
	return a.Option
}

// AttributeKey is the name an attribute is stored under: the taxonomy for a
// global one, the name in small letters for a local one.
func AttributeKey(a Attribute) string {
	if a.ID != 0 {
		return a.Slug
	}
	return strings.ToLower(strings.ReplaceAll(a.Name, " ", "-"))
}

// Under says whether a category is another one or below it.
func (sh *Shop) Under(id, above int64) bool {
	for range sh.Categories { // no chain is longer
		if id == above {
			return true
		}
		i := slices.IndexFunc(sh.Categories, func(c Category) bool { return c.ID == id })
		if i < 0 || sh.Categories[i].Parent == 0 {
			return false
		}
		id = sh.Categories[i].Parent
	}
	return false
}

// IDIn says whether one of the terms has one of the ids.
func IDIn(terms []Term, ids []int64) bool {
	return slices.ContainsFunc(terms, func(t Term) bool { return slices.Contains(ids, t.ID) })
}

// TermsOf are the terms of the taxonomy that a product has, as options or as a
// variation's own.
func (t *Taxonomy) TermsOf(p *Product) []Term {
	var out []Term
	for _, a := range p.Attributes {
		if a.ID != t.ID {
			continue
		}
		for _, option := range append(slices.Clone(a.Options), a.Option) {
			if x, ok := t.TermOf(option); ok && option != "" {
				out = append(out, x)
			}
		}
	}
	return out
}

// CategoryTerms are the categories as terms.
func (sh *Shop) CategoryTerms() []Term {
	out := make([]Term, 0, len(sh.Categories))
	for _, c := range sh.Categories {
		out = append(out, c.Term)
	}
	return out
}

// Descendants are the categories below one.
func (sh *Shop) Descendants(id int64) []int64 {
	var out []int64
	for _, c := range sh.Categories {
		if c.ID != id && sh.Under(c.ID, id) {
			out = append(out, c.ID)
		}
	}
	return out
}
