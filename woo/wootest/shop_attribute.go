package wootest

import (
	"slices"
	"strings"
)

// taxonomyOf is the attribute taxonomy of a global attribute, nil for a local
// one.
func (sh *shop) taxonomyOf(id int64) *taxonomy {
	for i := range sh.taxonomies {
		if id != 0 && sh.taxonomies[i].ID == id {
			return &sh.taxonomies[i]
		}
	}
	return nil
}

func (sh *shop) taxonomyBySlug(slug string) *taxonomy {
	for i := range sh.taxonomies {
		if sh.taxonomies[i].Slug == slug {
			return &sh.taxonomies[i]
		}
	}
	return nil
}

// termOf finds a term by name or slug.
func (t *taxonomy) termOf(text string) (term, bool) {
	for _, x := range t.Terms {
		if x.Name == text || x.Slug == text {
			return x, true
		}
	}
	return term{}, false
}

// termSlug is the value WooCommerce stores for a variation's attribute: the
// term's slug, or the text itself for a local attribute.
func (sh *shop) termSlug(a attribute) string {
	t := sh.taxonomyOf(a.ID)
	if t == nil {
		return a.Option
	}
	if x, ok := t.termOf(a.Option); ok {
		return x.Slug
	}
	return a.Option
}

// attributeKey is the name an attribute is stored under: the taxonomy for a
// global one, the name in small letters for a local one.
func attributeKey(a attribute) string {
	if a.ID != 0 {
		return a.Slug
	}
	return strings.ToLower(strings.ReplaceAll(a.Name, " ", "-"))
}

// under says whether a category is another one or below it.
func (sh *shop) under(id, above int64) bool {
	for range sh.categories { // no chain is longer
		if id == above {
			return true
		}
		i := slices.IndexFunc(sh.categories, func(c category) bool { return c.ID == id })
		if i < 0 || sh.categories[i].Parent == 0 {
			return false
		}
		id = sh.categories[i].Parent
	}
	return false
}

func idIn(terms []term, ids []int64) bool {
	return slices.ContainsFunc(terms, func(t term) bool { return slices.Contains(ids, t.ID) })
}
