package graphql

import (
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// hasAttributes is `attributes: {queries: [{taxonomy, terms, ids, operator}]}`.
// WooGraphQL makes a condition of every single term and joins them with a
// relation that WordPress reads as AND: there is no way to want one of several
// (Product_Connection_Resolver::sanitize_input_fields).
func (g *request) hasAttributes(p *shop.Product, value any) bool {
	input, _ := value.(map[string]any)
	queries, _ := input["queries"].([]any)
	for _, q := range queries {
		query, _ := q.(map[string]any)
		have := g.termsOf(p, argText(query, "taxonomy"))
		lacks := func(want string) bool { return slices.Contains(have, want) == (argText(query, "operator") == "NOT_IN") }
		if slices.ContainsFunc(g.wantedTerms(query), lacks) {
			return false
		}
	}
	return true
}

// inTaxonomies is `taxonomyFilter`: filters with a relation, or in 1.0 the
// lists "and" and "or". The operator of a filter goes for its terms together.
func (g *request) inTaxonomies(p *shop.Product, value any) bool {
	input, _ := value.(map[string]any)
	filters, any1 := input["or"].([]any)
	if !any1 {
		filters, _ = input["and"].([]any)
	}
	if len(filters) == 0 {
		filters, _ = input["filters"].([]any)
		any1 = argText(input, "relation") == "OR"
	}
	fits := func(f any) bool {
		filter, _ := f.(map[string]any)
		return g.inTaxonomy(p, filter)
	}
	if any1 {
		return len(filters) == 0 || slices.ContainsFunc(filters, fits)
	}
	return !slices.ContainsFunc(filters, func(f any) bool { return !fits(f) })
}

func (g *request) inTaxonomy(p *shop.Product, filter map[string]any) bool {
	have, want := g.termsOf(p, argText(filter, "taxonomy")), g.wantedTerms(filter)
	has := func(slug string) bool { return slices.Contains(have, slug) }
	switch argText(filter, "operator") {
	case "NOT_IN":
		return !slices.ContainsFunc(want, has)
	case "AND":
		return !slices.ContainsFunc(want, func(slug string) bool { return !has(slug) })
	case "EXISTS":
		return len(have) > 0
	case "NOT_EXISTS":
		return len(have) == 0
	}
	return slices.ContainsFunc(want, has)
}

// termsOf are the slugs a product has of a taxonomy, categories with those
// above them.
func (g *request) termsOf(p *shop.Product, enum string) []string {
	var out []string
	add := func(list []shop.Term) {
		for _, t := range list {
			out = append(out, t.Slug)
		}
	}
	switch enum {
	case "PRODUCT_CAT":
		have := g.state.CategoriesOf(p)
		for _, c := range g.site.Shop.Categories {
			if slices.ContainsFunc(have, func(t shop.Term) bool { return g.site.Shop.Under(t.ID, c.ID) }) {
				out = append(out, c.Slug)
			}
		}
	case "PRODUCT_TAG":
		add(p.Tags)
	default:
		if t := taxonomyOfEnum(g.site.Shop, enum); t != nil {
			add(t.TermsOf(p))
		}
	}
	return out
}

// wantedTerms are the slugs a filter names, by slug or by id.
func (g *request) wantedTerms(filter map[string]any) []string {
	want := textList(filter["terms"])
	byID := func(list []shop.Term) {
		for _, t := range list {
			if slices.Contains(intList(filter["ids"]), t.ID) {
				want = append(want, t.Slug)
			}
		}
	}
	byID(g.site.Shop.CategoryTerms())
	byID(g.site.Shop.Tags)
	for _, t := range g.site.Shop.Taxonomies {
		byID(t.Terms)
	}
	return want
}

// taxonomyOfEnum finds an attribute by its name in the schema: PA_SIZE.
func taxonomyOfEnum(sh *shop.Shop, enum string) *shop.Taxonomy {
	for i := range sh.Taxonomies {
		if enum != "" && strings.ReplaceAll(strings.ToUpper(sh.Taxonomies[i].Slug), "-", "_") == enum {
			return &sh.Taxonomies[i]
		}
	}
	return nil
}
