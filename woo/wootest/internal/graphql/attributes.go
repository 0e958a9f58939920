package graphql

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// attributes are a product's attributes, null when it has none. Scope narrows
// to GLOBAL or LOCAL ones.
func (g *request) attributes(p *shop.Product, scope string) any {
	var nodes []*node
	for _, a := range p.Attributes {
		n := g.attributeNode(p, a)
		if scope == "" || n.fields["scope"] == scope {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	return nodesOnly(nodes)
}

// attributeNode: options are slugs for a global attribute, texts for a local
// one.
func (g *request) attributeNode(p *shop.Product, a shop.Attribute) *node {
	fields := map[string]any{
		"attributeId": a.ID, "name": shop.AttributeKey(a), "label": a.Name, "position": a.Position, "variation": a.Variation, "visible": a.Visible,
	}
	t := g.site.Shop.TaxonomyOf(a.ID)
	if t == nil {
		fields["id"] = base64.StdEncoding.EncodeToString([]byte("LocalProductAttribute:" + a.Name + ":" + wp.Itoa(p.ID)))
		fields["scope"], fields["options"] = "LOCAL", rest.OrEmpty(a.Options)
		return &node{kind: "LocalProductAttribute", fields: fields}
	}
	var slugs []string
	var terms []*node
	for _, option := range a.Options {
		x, ok := t.TermOf(option)
		if !ok {
			continue
		}
		slugs = append(slugs, x.Slug)
		terms = append(terms, &node{kind: termKind(t), fields: map[string]any{
			"id": globalID("term", x.ID), "databaseId": x.ID, "name": x.Name, "slug": x.Slug, "taxonomyName": t.Slug,
		}})
	}
	fields["id"] = globalID("GlobalProductAttribute", a.ID)
	fields["scope"], fields["slug"], fields["options"], fields["terms"] = "GLOBAL", t.Slug, rest.OrEmpty(slugs), nodesOnly(terms)
	return &node{kind: "GlobalProductAttribute", fields: fields}
}

// termKind is the type WooGraphQL makes for an attribute taxonomy: PaSize.
func termKind(t *shop.Taxonomy) string {
	var b strings.Builder
	for _, part := range strings.FieldsFunc(t.Slug, func(r rune) bool { return r == '_' || r == '-' }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

func (g *request) defaultAttributes(p *shop.Product) any {
	if len(p.DefaultAttributes) == 0 {
		return nil
	}
	var nodes []*node
	for _, d := range p.DefaultAttributes {
		for _, a := range p.Attributes {
			if a.ID == d.ID && a.Name == d.Name {
				a.Option = d.Option
				nodes = append(nodes, g.chosenNode(p.ID, a, a.Name))
			}
		}
	}
	return nodesOnly(nodes)
}

// variationAttributes: value is the term's slug, a local text, or "" for any;
// attributeId is the term's id, 0 for a local one, whose label is its key.
func (g *request) variationAttributes(p *shop.Product) *node {
	var nodes []*node
	for _, a := range g.state.Chosen(p) {
		label := a.Name
		if a.ID == 0 {
			label = shop.AttributeKey(a)
		}
		nodes = append(nodes, g.chosenNode(p.ID, a, label))
	}
	return nodesOnly(nodes)
}

func (g *request) chosenNode(owner int64, a shop.Attribute, label string) *node {
	value, term := g.site.Shop.TermSlug(a), int64(0)
	if t := g.site.Shop.TaxonomyOf(a.ID); t != nil {
		if x, ok := t.TermOf(a.Option); ok {
			term = x.ID
		}
	}
	id := wp.Itoa(owner) + "||" + shop.AttributeKey(a) + "||" + value
	return &node{kind: "VariationAttribute", fields: map[string]any{
		"id": base64.StdEncoding.EncodeToString([]byte(id)), "attributeId": term, "name": shop.AttributeKey(a), "label": label, "value": value,
	}}
}

// stateName is one state of a country as REST lists it.
type stateName struct{ code, name string }

func rawList(v any) []stateName {
	var list []struct{ Code, Name string }
	_ = json.Unmarshal(wp.RawOf(v), &list) // a country without states has an empty list
	var out []stateName
	for _, s := range list {
		out = append(out, stateName{s.Code, s.Name})
	}
	return out
}
