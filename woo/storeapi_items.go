package woo

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
)

// shelf holds what the store has of the products and variations of a cart.
type shelf struct {
	facts    map[int64]*factNode           // products
	children map[int64]map[int64]*factNode // variations by product
	choices  map[int64]*storeNode          // what the variations of a product stand for
}

// storeItems answers for a cart in a shop without WooGraphQL. The Store API
// shows prices as the visitor pays them, with another state's tax another
// number, so prices and tax come from REST v3; what a variation stands for
// comes from the Store API, for REST writes the names of values, not the
// values. One request for the products, one for the choices, and one for each
// product of which variations are wanted.
func (c *Client) storeItems(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	if c.signer.key == "" {
		return nil, &UnsupportedError{
			Field: "items", By: CatalogueStoreAPI,
			Reason: "it does not say what a price is before tax, nor the tax class; set Config.Key and Secret, so that REST can be asked",
		}
	}
	s, err := c.readShelf(ctx, refs)
	if err != nil {
		return nil, err
	}
	items := make([]cart.Item, len(refs))
	for i, ref := range refs {
		items[i] = c.storeItem(ref, s)
	}
	return items, nil
}

// readShelf asks for everything the refs name, each once.
func (c *Client) readShelf(ctx context.Context, refs []cart.ItemRef) (shelf, error) {
	var products []int64
	children := map[int64][]int64{}
	for _, ref := range refs {
		if ref.ProductID <= 0 {
			continue
		}
		products = append(products, ref.ProductID)
		if ref.VariationID > 0 {
			children[ref.ProductID] = append(children[ref.ProductID], ref.VariationID)
		}
	}
	slices.Sort(products)
	products = slices.Compact(products)
	parts, err := inParallel(ctx, parallel, c.shelfJobs(products, children))
	if err != nil {
		return shelf{}, err
	}
	all := shelf{facts: map[int64]*factNode{}, children: map[int64]map[int64]*factNode{}, choices: map[int64]*storeNode{}}
	for _, part := range parts {
		part.addTo(&all)
	}
	return all, nil
}

// shelfJobs are the requests, each of which brings a part of the shelf.
func (c *Client) shelfJobs(products []int64, children map[int64][]int64) (jobs []func(context.Context) (shelf, error)) {
	const op = "read cart items"
	var parents []int64
	for chunk := range slices.Chunk(products, perPage) {
		jobs = append(jobs, func(ctx context.Context) (s shelf, err error) {
			s.facts, err = c.facts(ctx, op, chunk)
			return s, err
		})
	}
	for _, parent := range products {
		some := children[parent]
		if len(some) == 0 {
			continue
		}
		slices.Sort(some)
		parents = append(parents, parent)
		jobs = append(jobs, func(ctx context.Context) (s shelf, err error) {
			found, err := c.childFacts(ctx, op, parent, slices.Compact(some))
			if errors.Is(err, ErrNotFound) {
				found, err = nil, nil // no such product: its item is gone
			}
			s.children = map[int64]map[int64]*factNode{parent: found}
			return s, err
		})
	}
	for chunk := range slices.Chunk(parents, perPage) {
		jobs = append(jobs, func(ctx context.Context) (s shelf, err error) {
			s.choices, err = c.storeChoices(ctx, op, chunk)
			return s, err
		})
	}
	return jobs
}

func (c *Client) storeChoices(ctx context.Context, op string, parents []int64) (map[int64]*storeNode, error) {
	query := url.Values{"include": {joinIDs(parents)}, "per_page": {strconv.Itoa(perPage)}, "_fields": {"id,type,attributes,variations"}}
	list, err := c.storeList(ctx, op, query)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]*storeNode, len(list))
	for i := range list {
		found[int64(list[i].ID)] = &list[i]
	}
	return found, nil
}

func (s shelf) addTo(all *shelf) {
	for id, n := range s.facts {
		all.facts[id] = n
	}
	for id, found := range s.children {
		all.children[id] = found
	}
	for id, n := range s.choices {
		all.choices[id] = n
	}
}

// storeItem makes the answer to one ref.
func (c *Client) storeItem(ref cart.ItemRef, s shelf) cart.Item {
	gone := cart.Item{Ref: ref, Status: cart.StatusGone}
	product, ok := s.facts[ref.ProductID]
	if !ok || product.Status != "publish" || product.Type == "variation" {
		return gone
	}
	if ref.VariationID == 0 {
		sellable := product.Type != "variable" && product.Type != "grouped" && product.Type != "external"
		own := inventory.ProductItem(ref.ProductID)
		return c.factItem(ref, product, product, product.stock(own, own), sellable)
	}
	child, ok := s.children[ref.ProductID][ref.VariationID]
	if !ok || child.Status != "publish" || child.ParentID != 0 && int64(child.ParentID) != ref.ProductID {
		return gone
	}
	stock := child.stock(inventory.VariationItem(ref.VariationID), inventory.ProductItem(ref.ProductID))
	return c.factItem(ref, product, child, stock, s.chosen(ref))
}

// chosen reports whether a ref makes a variation one thing.
func (s shelf) chosen(ref cart.ItemRef) bool {
	n, ok := s.choices[ref.ProductID]
	if !ok {
		return false
	}
	var offered nodes[attributeNode]
	for _, a := range storeAttributes(n.Attributes) {
		node := attributeNode{Name: a.Name}
		for _, o := range a.Options {
			node.Options = append(node.Options, o.Value)
		}
		offered.Nodes = append(offered.Nodes, node)
	}
	for _, place := range n.Variations {
		if int64(place.ID) != ref.VariationID {
			continue
		}
		var fixed nodes[chosenNode]
		for name, value := range place.attributes(storeAttributes(n.Attributes)) {
			fixed.Nodes = append(fixed.Nodes, chosenNode{Name: name, Value: value})
		}
		return choicesMade(ref, offered, fixed)
	}
	return false
}

// factItem makes an item: n is what is sold, product what it belongs to.
func (c *Client) factItem(ref cart.ItemRef, product, n *factNode, stock Stock, sellable bool) cart.Item {
	item := cart.Item{
		Ref: ref, SKU: cmp.Or(string(n.SKU), string(product.SKU)), Slug: readableSlug(string(product.Slug)), Currency: c.currency,
		Name: plainText(string(product.Name)), OnSale: bool(n.OnSale), Virtual: bool(n.Virtual), Downloadable: bool(n.Downloadable), SoldIndividually: bool(product.SoldIndividually),
		Weight: n.Weight.or0(), ShippingClass: cmp.Or(string(n.ShippingClass), string(product.ShippingClass)),
		Stock: cart.Stock{
			Item: string(stock.Item), Managed: stock.Managed, Quantity: stock.Quantity,
			Backorders: stock.Backorders, InStock: stock.Status != OutOfStock,
		},
	}
	if n != product {
		item.ParentID = int64(product.ID)
		item.Name = childName(item.Name, plainText(string(n.Name)))
		if !n.Weight.Valid {
			item.Weight = product.Weight.or0()
		}
	}
	for _, category := range product.Categories {
		item.CategoryIDs = append(item.CategoryIDs, int64(category.ID))
	}
	for _, img := range append([]*storeImage{n.Image}, firstImage(n), firstImage(product)) {
		if found := img.image(); found != nil && item.Image == "" {
			item.Image = found.URL
		}
	}
	price, err := n.storedPrice()
	if err != nil {
		return cart.Item{Ref: ref, Status: cart.StatusNotPurchasable}
	}
	tax := priceNode{TaxStatus: string(n.TaxStatus)}
	if n.Type == "grouped" {
		tax.TaxStatus = ""
	}
	fillItem(&item, price, string(n.TaxClass), tax, bool(n.Purchasable), sellable)
	return item
}

func firstImage(n *factNode) *storeImage {
	if len(n.Images) == 0 {
		return nil
	}
	return &n.Images[0]
}

// childName is a variation's name. The list of a product's variations names
// them by their values alone ("M, Red"), a single one in full.
func childName(product, child string) string {
	if child == "" || strings.HasPrefix(child, product) {
		return cmp.Or(child, product)
	}
	return product + " - " + child
}
