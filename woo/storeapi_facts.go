package woo

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/ankkor/ankkor/inventory"
)

// factNode is what REST v3 knows of a product or a variation and the Store API
// does not say.
type factNode struct {
	ID               looseInt    `json:"id"`
	ParentID         looseInt    `json:"parent_id"`
	Type             looseText   `json:"type"`
	Status           looseText   `json:"status"`
	Name             looseText   `json:"name"`
	Slug             looseText   `json:"slug"`
	SKU              looseText   `json:"sku"`
	Price            looseAmount `json:"price"`
	RegularPrice     looseAmount `json:"regular_price"`
	OnSale           looseBool   `json:"on_sale"`
	Purchasable      looseBool   `json:"purchasable"`
	Virtual          looseBool   `json:"virtual"`
	Downloadable     looseBool   `json:"downloadable"`
	Featured         looseBool   `json:"featured"`
	ModifiedGMT      looseText   `json:"date_modified_gmt"`
	TaxStatus        looseText   `json:"tax_status"`
	TaxClass         looseText   `json:"tax_class"`
	ManageStock      looseText   `json:"manage_stock"` // true, false or "parent"
	StockQuantity    looseAmount `json:"stock_quantity"`
	StockStatus      looseText   `json:"stock_status"`
	Backorders       looseText   `json:"backorders"`
	SoldIndividually looseBool   `json:"sold_individually"`
	Weight           looseAmount `json:"weight"`
	Dimensions       struct {
		Length looseAmount `json:"length"`
		Width  looseAmount `json:"width"`
		Height looseAmount `json:"height"`
	} `json:"dimensions"`
	ShippingRequired looseBool    `json:"shipping_required"`
	ShippingClass    looseText    `json:"shipping_class"`
	ShippingClassID  looseInt     `json:"shipping_class_id"`
	Categories       []storeTerm  `json:"categories"`
	Image            *storeImage  `json:"image"`  // of a variation
	Images           []storeImage `json:"images"` // of a product
	UpsellIDs        []looseInt   `json:"upsell_ids"`
	CrossSellIDs     []looseInt   `json:"cross_sell_ids"`
	RelatedIDs       []looseInt   `json:"related_ids"`
}

const factFields = "id,parent_id,type,status,name,slug,sku,price,regular_price,on_sale,purchasable,virtual,downloadable,featured," +
	"date_modified_gmt,tax_status,tax_class,manage_stock,stock_quantity,stock_status,backorders,sold_individually,weight,dimensions," +
	"shipping_required,shipping_class,shipping_class_id,categories,image,images,upsell_ids,cross_sell_ids,related_ids"

// facts reads products by id, as many as there are, each once.
func (c *Client) facts(ctx context.Context, op string, ids []int64) (map[int64]*factNode, error) {
	query := url.Values{"include": {joinIDs(ids)}, "_fields": {factFields}, "per_page": {strconv.Itoa(perPage)}, "orderby": {"id"}}
	var list []factNode
	if _, err := c.get(ctx, op, "products", query, &list); err != nil {
		return nil, err
	}
	return byFactID(list), nil
}

// childFacts reads the variations of a product; of all of them unless some are
// named.
func (c *Client) childFacts(ctx context.Context, op string, parent int64, some []int64) (map[int64]*factNode, error) {
	k := call{op: op, path: "products/" + strconv.FormatInt(parent, 10) + "/variations", query: url.Values{"_fields": {factFields}}}
	if len(some) > 0 {
		k.query.Set("include", joinIDs(some))
	}
	list, err := collect[factNode](ctx, c, k, longestList)
	if err != nil {
		return nil, err
	}
	return byFactID(list), nil
}

func byFactID(list []factNode) map[int64]*factNode {
	found := make(map[int64]*factNode, len(list))
	for i := range list {
		found[int64(list[i].ID)] = &list[i]
	}
	return found
}

// addFacts adds to products what only REST knows, if there is a key: one
// request for all of them, and one per variable product where its variations
// are wanted. It returns what it read.
func (c *Client) addFacts(ctx context.Context, variations bool, products ...*Product) (map[int64]*factNode, error) {
	const op = "read product"
	if c.signer.key == "" || len(products) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(products))
	for i, p := range products {
		ids[i] = p.ID
	}
	found, err := c.facts(ctx, op, ids)
	if err != nil {
		return nil, err
	}
	var jobs []func(context.Context) (struct{}, error)
	for _, p := range products {
		if n, ok := found[p.ID]; ok {
			n.complete(p)
		}
		if variations && p.Type == Variable && len(p.Variations) > 0 {
			jobs = append(jobs, func(ctx context.Context) (none struct{}, err error) { return none, c.addChildFacts(ctx, op, p) })
		}
	}
	_, err = inParallel(ctx, parallel, jobs)
	return found, err
}

func (c *Client) addChildFacts(ctx context.Context, op string, p *Product) error {
	found, err := c.childFacts(ctx, op, p.ID, nil)
	if err != nil {
		return err
	}
	for i := range p.Variations {
		if n, ok := found[p.Variations[i].ID]; ok {
			n.completeVariation(p.ID, &p.Variations[i])
		}
	}
	return nil
}

// complete adds to a product what the Store API left out.
func (n *factNode) complete(p *Product) {
	p.TaxStatus, p.TaxClass = string(n.TaxStatus), string(n.TaxClass)
	if p.Type == Grouped {
		p.TaxStatus, p.TaxClass = "", ""
	}
	p.Virtual, p.Downloadable, p.Featured = bool(n.Virtual), bool(n.Downloadable), bool(n.Featured)
	p.ModifiedAt = gmt(string(n.ModifiedGMT))
	p.NeedsShipping = bool(n.ShippingRequired) && p.Type != External && p.Type != Grouped
	p.ShippingClass, p.ShippingClassID = string(n.ShippingClass), int64(n.ShippingClassID)
	p.Weight, p.Size = n.Weight.or0(), n.size()
	n.addStored(&p.Price)
	p.Price = p.Price.of(p.Type)
	if p.Type != External && p.Type != Grouped {
		p.Stock = n.stock(inventory.ProductItem(p.ID), inventory.ProductItem(p.ID))
	}
}

func (n *factNode) completeVariation(parent int64, v *Variation) {
	v.TaxStatus, v.TaxClass = string(n.TaxStatus), string(n.TaxClass)
	v.Virtual, v.Downloadable, v.NeedsShipping = bool(n.Virtual), bool(n.Downloadable), !bool(n.Virtual)
	v.ShippingClass, v.ShippingClassID = string(n.ShippingClass), int64(n.ShippingClassID)
	v.Weight, v.Size = n.Weight.or0(), n.size()
	n.addStored(&v.Price)
	v.Stock = n.stock(inventory.VariationItem(v.ID), inventory.ProductItem(parent))
}

// addStored adds the stored price to a shown one. What is shown decides whether
// there is a price at all.
func (n *factNode) addStored(p *Price) {
	if p.Kind == Priced {
		p.Stored, p.StoredRegular = n.Price.NullDecimal, n.RegularPrice.NullDecimal
	}
}

func (n *factNode) size() Size {
	return Size{Length: n.Dimensions.Length.or0(), Width: n.Dimensions.Width.or0(), Height: n.Dimensions.Height.or0()}
}

// stock reads the stock of a product or a variation.
func (n *factNode) stock(own, parent inventory.Item) Stock {
	s := Stock{Status: stockStatus(string(n.StockStatus)), Item: own, Backorders: n.Backorders == "yes" || n.Backorders == "notify"}
	switch n.ManageStock {
	case "true", "1", "yes":
		s.Managed = true
	case "parent":
		s.Managed, s.Item = true, parent
	}
	if whole := n.StockQuantity.or0().Floor(); s.Managed && fitsInt(whole) {
		s.Quantity = whole.IntPart()
	}
	return s
}

// stockStatus is WooCommerce's own word as a StockStatus.
func stockStatus(word string) StockStatus {
	switch word {
	case "instock":
		return InStock
	case "outofstock":
		return OutOfStock
	case "onbackorder":
		return OnBackorder
	}
	return StockStatus(word)
}

// addCards reads what is shown beside a product, in one request for all of it.
func (c *Client) addCards(ctx context.Context, p *Product, members []int64, n *factNode) error {
	var upsells, cross, related []int64
	if n != nil {
		upsells, cross, related = ids(n.UpsellIDs), ids(n.CrossSellIDs), ids(n.RelatedIDs)
	}
	wanted := distinct(members, upsells, cross, related)
	if len(wanted) == 0 {
		return nil
	}
	query := url.Values{"include": {joinIDs(wanted)}, "per_page": {strconv.Itoa(perPage)}, "orderby": {"include"}}
	list, err := c.storeList(ctx, "read product", query)
	if err != nil {
		return err
	}
	cards := make(map[int64]Card, len(list))
	for i := range list {
		if card, ok := list[i].card(); ok {
			cards[card.ID] = card
		}
	}
	p.Members, p.Upsells = pick(cards, members), pick(cards, upsells)
	p.CrossSells, p.Related = pick(cards, cross), pick(cards, related)
	return nil
}

// distinct are the ids of all lists, each once, a hundred at most.
func distinct(lists ...[]int64) []int64 {
	var out []int64
	seen := map[int64]bool{}
	for _, list := range lists {
		for _, id := range list {
			if id > 0 && !seen[id] && len(out) < perPage {
				seen[id], out = true, append(out, id)
			}
		}
	}
	return out
}

func pick(cards map[int64]Card, ids []int64) []Card {
	var out []Card
	for _, id := range ids {
		if card, ok := cards[id]; ok {
			out = append(out, card)
		}
	}
	return out
}

// card is what a tile shows of a product.
func (n *storeNode) card() (Card, bool) {
	p, err := n.product()
	if err != nil || n.Type == "variation" {
		return Card{}, false
	}
	return Card{
		ID: p.ID, Slug: p.Slug, Name: p.Name, SKU: p.SKU, Type: p.Type, Price: p.Price, OnSale: p.OnSale, Purchasable: p.Purchasable,
		Stock: p.Stock, Image: p.Image, Rating: p.Rating, ReviewCount: p.ReviewCount,
	}, true
}

// errNoStoredPrice says that REST sent no price for what can be bought.
var errNoStoredPrice = errors.New("what can be bought has no stored price")

// storedPrice is the price a cart calculates with. Variable and grouped
// products have none of their own.
func (n *factNode) storedPrice() (p Price, err error) {
	switch {
	case n.Type == "variable" || n.Type == "grouped":
		return Price{Kind: Priced}, nil
	case n.Price.Valid && n.Price.Decimal.IsZero() && bool(n.Purchasable):
		return Price{Kind: Free, Max: zeroAmount(), Stored: zeroAmount(), StoredRegular: zeroAmount()}, nil
	case n.Price.Valid:
		return Price{Kind: Priced, Stored: n.Price.NullDecimal, StoredRegular: n.RegularPrice.NullDecimal}, nil
	case bool(n.Purchasable):
		return Price{}, fieldError("price", errNoStoredPrice)
	}
	return Price{}, nil
}
