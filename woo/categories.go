package woo

import (
	"context"
	"iter"
)

// Category is a category of the shop.
type Category struct {
	ID          int64
	ParentID    int64 // 0 at the top
	Name        string
	Slug        string
	Description string // HTML written by the shop's staff
	Link        string // the category's page in WordPress
	// Count is how many products are in the category itself. The Store API
	// adds those of its children, each product once (_wc_term_recount).
	Count int64
	Image *Image // nil when there is none
	// Children are filled in by CategoryTree.
	Children []Category
}

// categoryNode is a category over GraphQL.
type categoryNode struct {
	DatabaseID       int64      `graphql:"databaseId" json:"databaseId"`
	ParentDatabaseID int64      `graphql:"parentDatabaseId" json:"parentDatabaseId"`
	Name             string     `graphql:"name" json:"name"`
	Slug             string     `graphql:"slug" json:"slug"`
	Description      string     `graphql:"description" json:"description"`
	Link             string     `graphql:"link" json:"link"`
	Count            int64      `graphql:"count" json:"count"`
	Image            *imageNode `graphql:"image" json:"image"`
}

// Categories lists the shop's categories in its own order, a hundred per
// request, empty ones too. An error is the last thing yielded.
func (c *Client) Categories(ctx context.Context) iter.Seq2[Category, error] {
	return func(yield func(Category, error) bool) {
		storeAPI, err := c.overStoreAPI(ctx)
		if err != nil {
			yield(Category{}, err)
			return
		}
		list := c.graphCategories(ctx)
		if storeAPI {
			list = c.storeCategories(ctx)
		}
		list(yield)
	}
}

func (c *Client) graphCategories(ctx context.Context) iter.Seq2[Category, error] {
	const op = "list categories"
	return func(yield func(Category, error) bool) {
		for at := ""; ; {
			variables := map[string]any{}
			if at != "" {
				variables["after"] = at
			}
			var data struct {
				Categories struct {
					PageInfo pageInfo       `json:"pageInfo"`
					Nodes    []categoryNode `json:"nodes"`
				} `json:"productCategories"`
			}
			if err := c.query(ctx, op, c.docs.categories(), variables, &data); err != nil {
				yield(Category{}, err)
				return
			}
			for i := range data.Categories.Nodes {
				if !yield(data.Categories.Nodes[i].category(), nil) {
					return
				}
			}
			next, err := data.Categories.PageInfo.next(op, at, false)
			if err != nil {
				yield(Category{}, err)
			}
			if next == "" {
				return
			}
			at = next
		}
	}
}

func (n *categoryNode) category() Category {
	return Category{
		ID: n.DatabaseID, ParentID: n.ParentDatabaseID, Name: plainText(n.Name), Slug: readableSlug(n.Slug),
		Description: n.Description, Link: n.Link, Count: n.Count, Image: image(n.Image),
	}
}

// CategoryTree reads all categories and puts each below its parent. One whose
// parent is missing, or that is above itself, stands at the top.
func (c *Client) CategoryTree(ctx context.Context) ([]Category, error) {
	var all []Category
	for category, err := range c.Categories(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, category)
	}
	return tree(all), nil
}

// tree keeps the order of siblings.
func tree(all []Category) []Category {
	parent := make(map[int64]int64, len(all))
	for _, category := range all {
		parent[category.ID] = category.ParentID
	}
	below := make(map[int64][]Category, len(all))
	for _, category := range all {
		at := category.ParentID
		if _, known := parent[at]; !known || rootless(parent, category.ID) {
			at = 0
		}
		below[at] = append(below[at], category)
	}
	return grow(below, 0)
}

// rootless reports whether the way up from a category comes back to it.
func rootless(parent map[int64]int64, id int64) bool {
	at := parent[id]
	for range parent {
		switch at {
		case id:
			return true
		case 0:
			return false
		}
		at = parent[at]
	}
	return false // some other category goes round; this one hangs below it
}

// grow takes every category once, so it ends whatever the store sent.
func grow(below map[int64][]Category, at int64) []Category {
	level := below[at]
	delete(below, at)
	for i := range level {
		level[i].Children = grow(below, level[i].ID)
	}
	return level
}
