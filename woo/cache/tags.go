package cache

import (
	"context"
	"strconv"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
)

// Tag names something that answers show.
type Tag string

// Tags of answers that are about more than single products.
const (
	AllLists   Tag = "lists"      // every page of a list
	Categories Tag = "categories" // the tree of categories
	Missing    Tag = "missing"    // that there is no such product
)

// ProductTag is on everything that shows a product or a variation.
func ProductTag(id int64) Tag { return Tag("product " + strconv.FormatInt(id, 10)) }

// CategoryTag is on the products in a category and on the lists of it, by slug.
func CategoryTag(slug string) Tag { return Tag("category " + slug) }

// Invalidate drops every answer that has one of the tags. It looks at all that
// is kept, about a millisecond for ten thousand. Requests under way are not kept
// either: what they read may be from before the change.
func (c *Catalogue) Invalidate(tags ...Tag) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.flights) // whoever asks from now on gets a request of their own
	var wrong []key
	for k, e := range c.kept.All() {
		if e.has(tags) {
			wrong = append(wrong, k)
		}
	}
	for _, k := range wrong {
		c.kept.Invalidate(k)
	}
}

// Changed drops what a change in the store makes wrong; it is the read function
// of a [webhook.NewDispatcher], or part of it. A product that is new, gone or
// back changes every list. What is not about products changes nothing here.
func (c *Catalogue) Changed(_ context.Context, change webhook.Change) error {
	if change.Resource != webhook.Product && change.Resource != webhook.Variation {
		return nil
	}
	tags := []Tag{ProductTag(change.ID), Missing}
	if change.ParentID != 0 {
		tags = append(tags, ProductTag(change.ParentID))
	}
	if change.Event != webhook.Updated {
		tags = append(tags, AllLists, Categories)
	}
	c.Invalidate(tags...)
	return nil
}

// productTags are a product's own, and those of what its page shows beside it.
func productTags(p *woo.Product) []Tag {
	tags := []Tag{ProductTag(p.ID)}
	for _, v := range p.Variations {
		tags = append(tags, ProductTag(v.ID))
	}
	for _, cards := range [][]woo.Card{p.Members, p.Upsells, p.CrossSells, p.Related} {
		for _, card := range cards {
			tags = append(tags, ProductTag(card.ID))
		}
	}
	for _, t := range p.Categories {
		tags = append(tags, CategoryTag(t.Slug))
	}
	return tags
}

func pageTags(f woo.ProductFilter, p *woo.Page) []Tag {
	tags := []Tag{AllLists}
	if f.Category != "" {
		tags = append(tags, CategoryTag(f.Category))
	}
	for i := range p.Products {
		tags = append(tags, productTags(&p.Products[i])...)
	}
	return tags
}
