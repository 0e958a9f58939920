package woo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
)

var _ cart.Catalog = (*Client)(nil)

// itemsPerQuery bounds how many products and variations one request asks for.
const itemsPerQuery = 100

// Items implements cart.Catalog, with prices as the store holds them. Over
// GraphQL it is one request for up to a hundred products and variations; a shop
// whose catalogue is the Store API is asked over REST v3 too, which takes a key
// (an *UnsupportedError says so) and a request for each product of which
// variations are in the cart.
//
// It sees what a visitor sees, so drafts and private products are gone. An item
// is only OK when its variation belongs to its product and every attribute that
// the variation leaves open has been chosen from the product's options. A
// product whose data cannot be read is not purchasable rather than a reason to
// show no cart at all.
func (c *Client) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	items, err := c.items(ctx, refs)
	if err != nil {
		return nil, fmt.Errorf("woo: catalogue: %w", err)
	}
	return items, nil
}

func (c *Client) items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	storeAPI, err := c.overStoreAPI(ctx)
	switch {
	case err != nil:
		return nil, err
	case storeAPI:
		return c.storeItems(ctx, refs)
	}
	found, err := c.lookup(ctx, refs)
	if err != nil {
		return nil, err
	}
	items := make([]cart.Item, len(refs))
	for i, ref := range refs {
		var unreadable *ProductError
		items[i], err = c.item(ctx, ref, found)
		switch {
		case errors.As(err, &unreadable):
			items[i] = cart.Item{Ref: ref, Status: cart.StatusNotPurchasable}
		case err != nil:
			return nil, err
		}
	}
	return items, nil
}

// found holds what the store has of the products and variations asked for.
type found struct {
	products   map[int64]*itemNode
	variations map[int64]*childNode
}

// itemNode is what a cart needs of a product.
type itemNode struct {
	coreNode
	downloadNode   `graphql:"... on DownloadableProduct"`
	itemAttributes `graphql:"... on ProductWithAttributes"`
}

type itemAttributes struct {
	Attributes nodes[attributeNode] `graphql:"attributes(first: 100)" json:"attributes"`
}

// childNode is a variation that names its parent.
type childNode struct {
	variationNode
	Parent parentNode `graphql:"parent" json:"parent"`
}

// parentNode is the product above a variation.
type parentNode struct {
	Node struct {
		DatabaseID int64 `graphql:"databaseId" json:"databaseId"`
	} `graphql:"node" json:"node"`
}

// lookup asks for everything the refs name, each once.
func (c *Client) lookup(ctx context.Context, refs []cart.ItemRef) (found, error) {
	wanted := make(map[string]bool)
	for _, ref := range refs {
		if ref.ProductID > 0 {
			wanted["p"+strconv.FormatInt(ref.ProductID, 10)] = true
		}
		if ref.ProductID > 0 && ref.VariationID > 0 {
			wanted["v"+strconv.FormatInt(ref.VariationID, 10)] = true
		}
	}
	f := found{products: map[int64]*itemNode{}, variations: map[int64]*childNode{}}
	for aliases := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), itemsPerQuery) {
		if err := c.lookupSome(ctx, aliases, f); err != nil {
			return found{}, err
		}
	}
	return f, nil
}

// lookupSome runs one request and files its answers. An unknown id comes as
// null with an error on its alias, a draft as null without one: neither is a
// failure. Every other error is.
func (c *Client) lookupSome(ctx context.Context, aliases []string, f found) error {
	const op = "read cart items"
	data, errs, err := c.exec(ctx, op, c.docs.items(aliases), nil)
	if err != nil {
		return err
	}
	for _, e := range errs {
		if e.internal() || !slices.Contains(aliases, e.root()) {
			return reportedError(op, false, []graphError{e})
		}
	}
	var raw map[string]json.RawMessage
	if err := decodeData(op, data, &raw); err != nil {
		return err
	}
	for _, alias := range aliases {
		if err := f.file(op, alias, raw[alias]); err != nil {
			return err
		}
	}
	return nil
}

// file decodes the answer to one alias. Missing and null are the same.
func (f found) file(op, alias string, raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	id, _ := strconv.ParseInt(alias[1:], 10, 64)
	if alias[0] == 'v' {
		n := new(childNode)
		f.variations[id] = n
		return decodeData(op, raw, n)
	}
	n := new(itemNode)
	f.products[id] = n
	return decodeData(op, raw, n)
}

// items asks for products ("p16") and variations ("v40") by id. The ids are
// numbers of ours, so they may stand in the query itself.
func (d documents) items(aliases []string) string {
	var b strings.Builder
	b.WriteString("query{")
	var products, variations bool
	for _, alias := range aliases {
		field, fragment := "product", "C"
		if alias[0] == 'v' {
			field, fragment = "productVariation", "V"
		}
		products, variations = products || fragment == "C", variations || fragment == "V"
		fmt.Fprintf(&b, "%s:%s(id:\"%s\",idType:DATABASE_ID){...%s} ", alias, field, alias[1:], fragment)
	}
	b.WriteString("}")
	if products {
		b.WriteString("fragment C on Product" + d.item)
	}
	if variations {
		b.WriteString("fragment V on ProductVariation" + d.child)
	}
	return b.String()
}

// item makes the answer to one ref.
func (c *Client) item(ctx context.Context, ref cart.ItemRef, f found) (cart.Item, error) {
	product, ok := f.products[ref.ProductID]
	if !ok || product.Status != "publish" {
		return cart.Item{Ref: ref, Status: cart.StatusGone}, nil
	}
	if ref.VariationID == 0 {
		return c.productItem(ctx, ref, product)
	}
	child, ok := f.variations[ref.VariationID]
	if !ok || child.Status != "publish" || child.Parent.Node.DatabaseID != ref.ProductID {
		return cart.Item{Ref: ref, Status: cart.StatusGone}, nil
	}
	return c.variationItem(ctx, ref, product, child)
}

func (c *Client) productItem(ctx context.Context, ref cart.ItemRef, n *itemNode) (cart.Item, error) {
	stock := stockOf(n.stockNode, inventory.ProductItem(n.DatabaseID), inventory.ProductItem(n.DatabaseID))
	item := c.baseItem(ref, n, stock)
	var p Product
	err := c.fillPriced(ctx, n.priceNode, n.sizeNode, n.Purchasable, priced{&p.Price, &p.TaxClass, &item.ShippingClass, &item.Weight, &p.Size})
	if err != nil {
		return cart.Item{}, inProduct(err, n.DatabaseID, n.Slug)
	}
	sold := productType(n.Typename)
	fillItem(&item, p.Price, p.TaxClass, n.priceNode, n.Purchasable, sold != Variable && sold != Grouped && sold != External)
	return item, nil
}

func (c *Client) variationItem(ctx context.Context, ref cart.ItemRef, parent *itemNode, n *childNode) (cart.Item, error) {
	stock := stockOf(n.stockNode, inventory.VariationItem(n.DatabaseID), inventory.ProductItem(parent.DatabaseID))
	item := c.baseItem(ref, parent, stock)
	item.ParentID = parent.DatabaseID
	item.Name, item.Virtual, item.Downloadable = plainText(n.Name), n.Virtual, n.Downloadable
	if n.SKU != "" {
		item.SKU = n.SKU
	}
	if img := image(n.Image); img != nil {
		item.Image = img.URL
	}
	var v Variation
	size := n.sizeNode
	if size.Weight == "" {
		size.Weight = parent.Weight
	}
	if size.ShippingClassID == 0 {
		size.ShippingClassID = parent.ShippingClassID
	}
	err := c.fillPriced(ctx, n.priceNode, size, n.Purchasable, priced{&v.Price, &v.TaxClass, &item.ShippingClass, &item.Weight, &v.Size})
	if err != nil {
		return cart.Item{}, inProduct(err, n.DatabaseID, parent.Slug)
	}
	fillItem(&item, v.Price, v.TaxClass, n.priceNode, n.Purchasable, choicesMade(ref, parent.itemAttributes.Attributes, n.Attributes))
	item.OnSale = n.OnSale
	return item, nil
}

// baseItem is what an item takes from the product, variation or not.
func (c *Client) baseItem(ref cart.ItemRef, n *itemNode, stock Stock) cart.Item {
	item := cart.Item{
		Ref: ref, Name: plainText(n.Name), SKU: n.SKU, Slug: readableSlug(n.Slug), Currency: c.currency,
		OnSale: n.OnSale, Virtual: n.Virtual, Downloadable: n.Downloadable, SoldIndividually: n.SoldIndividually,
		Stock: cart.Stock{
			Item: string(stock.Item), Managed: stock.Managed, Quantity: stock.Quantity,
			Backorders: stock.Backorders, InStock: stock.Status != OutOfStock,
		},
	}
	if img := image(n.Image); img != nil {
		item.Image = img.URL
	}
	for _, category := range n.Categories.Nodes {
		item.CategoryIDs = append(item.CategoryIDs, category.DatabaseID)
	}
	return item
}

// fillItem adds price and tax and decides the status. sellable says that the
// ref names one thing that a cart can hold.
func fillItem(item *cart.Item, p Price, taxClass string, n priceNode, purchasable, sellable bool) {
	item.TaxStatus, item.TaxClass = strings.ToLower(n.TaxStatus), taxClass
	item.Purchasable = purchasable
	switch {
	case !sellable:
		item.Status, item.Purchasable = cart.StatusNotPurchasable, false
	case p.Kind == NoPrice, !p.Stored.Valid:
		item.Status = cart.StatusNoPrice
	case !purchasable:
		item.Status = cart.StatusNotPurchasable
	default:
		item.Status = cart.StatusOK
	}
	if !p.Stored.Valid {
		return
	}
	item.UnitPrice, item.RegularPrice = p.Stored.Decimal, p.Stored.Decimal
	if p.StoredRegular.Valid {
		item.RegularPrice = p.StoredRegular.Decimal
	}
}
