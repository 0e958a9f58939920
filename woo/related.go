package woo

import (
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// cards decodes what is shown beside a product. Drafts come as null and what
// cannot be read is left out: a page is not worth losing for a tile.
func (c *Client) cards(list []cardNode) []Card {
	var out []Card
	for i := range list {
		if card, ok := c.card(&list[i]); ok {
			out = append(out, card)
		}
	}
	return out
}

func (c *Client) card(n *cardNode) (Card, bool) {
	if n.DatabaseID <= 0 || n.Status != "" && n.Status != "publish" {
		return Card{}, false
	}
	price, err := c.price(n.priceNode, n.Purchasable)
	if err != nil {
		return Card{}, false
	}
	own := inventory.ProductItem(n.DatabaseID)
	t := productType(n.Typename)
	return Card{
		ID: n.DatabaseID, Slug: readableSlug(n.Slug), Name: plainText(n.Name), SKU: n.SKU, Type: t,
		Price: price.of(t), OnSale: n.OnSale, Purchasable: n.Purchasable, Stock: stockOf(n.stockNode, own, own),
		Image: image(n.Image), Rating: n.AverageRating.or0(), ReviewCount: n.ReviewCount,
	}, true
}

// related decodes the related products. For a product without any WooGraphQL
// sends the whole catalogue (an empty post__in restricts nothing), so only
// those count that share a category or a tag with the product, which is what
// makes two products related (wc_get_related_products).
func (c *Client) related(p *productNode) []Card {
	own := map[int64]bool{}
	for _, t := range slices.Concat(p.Categories.Nodes, p.Tags.Nodes) {
		own[t.DatabaseID] = true
	}
	shared := func(t idNode) bool { return own[t.DatabaseID] }
	var out []Card
	for i := range p.Related.Nodes {
		n := &p.Related.Nodes[i]
		if n.DatabaseID == p.DatabaseID || !slices.ContainsFunc(slices.Concat(n.Categories.Nodes, n.Tags.Nodes), shared) {
			continue
		}
		if card, ok := c.card(&n.cardNode); ok {
			out = append(out, card)
		}
	}
	return out
}
