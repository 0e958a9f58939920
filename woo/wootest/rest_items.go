package wootest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// itemInput is one element of line_items, shipping_lines or fee_lines. A nil
// member was not sent.
type itemInput struct {
	ID          int64           `json:"id"`
	Name        *string         `json:"name"`
	ProductID   json.RawMessage `json:"product_id"`
	VariationID json.RawMessage `json:"variation_id"`
	SKU         string          `json:"sku"`
	Quantity    json.RawMessage `json:"quantity"`
	TaxClass    *string         `json:"tax_class"`
	TaxStatus   *string         `json:"tax_status"`
	Subtotal    json.RawMessage `json:"subtotal"`
	Total       json.RawMessage `json:"total"`
	MethodID    json.RawMessage `json:"method_id"`
	MethodTitle *string         `json:"method_title"`
	InstanceID  *string         `json:"instance_id"`
	Meta        json.RawMessage `json:"meta_data"`
}

func isNull(raw json.RawMessage) bool { return string(raw) == "null" }

// items decodes one of the lists of the body.
func (c *call) items(name string) []itemInput {
	var out []itemInput
	_ = json.Unmarshal(c.body[name], &out) // its type was checked by the schema
	return out
}

// fillItems applies line_items, shipping_lines and fee_lines: an element with
// an id changes that item, one without is added.
func (c *call) fillItems(o *order) *wire.Error {
	for _, in := range c.items("line_items") {
		if err := c.putLine(o, in); err != nil {
			return err
		}
	}
	for _, in := range c.items("shipping_lines") {
		if err := c.putShipping(o, in); err != nil {
			return err
		}
	}
	for _, in := range c.items("fee_lines") {
		if err := c.putFee(o, in); err != nil {
			return err
		}
	}
	return nil
}

func notThisOrder() *wire.Error {
	return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
}

func (c *call) putLine(o *order, in itemInput) *wire.Error {
	if in.ID == 0 {
		return c.addLine(o, in)
	}
	i := slices.IndexFunc(o.lines, func(l *orderLine) bool { return l.id == in.ID })
	if i < 0 {
		return notThisOrder()
	}
	l := o.lines[i]
	if isNull(in.ProductID) || in.Quantity != nil && wp.IntOf(in.Quantity) == 0 {
		c.store.adjustLineStock(c.st, o, l, 0)
		o.lines = slices.Delete(o.lines, i, i+1)
		return nil
	}
	c.fillLine(l, in)
	c.store.adjustLineStock(c.st, o, l, l.quantity)
	return nil
}

// addLine makes a line from a product reference; a SKU beats the ids. An id
// that does not exist makes an empty line for nothing.
func (c *call) addLine(o *order, in itemInput) *wire.Error {
	id := wp.IntOf(in.VariationID)
	if id == 0 {
		id = wp.IntOf(in.ProductID)
	}
	if in.SKU != "" {
		id = c.st.bySKU(in.SKU)
	} else if id == 0 {
		return wire.Fault(http.StatusBadRequest, "woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
	}
	l := &orderLine{id: c.st.itemID(), quantity: 1}
	if in.Quantity != nil {
		l.quantity = wp.IntOf(in.Quantity)
	}
	if p := c.st.products[id]; p != nil {
		c.sellProduct(l, p)
	}
	c.fillLine(l, in)
	o.lines = append(o.lines, l)
	return nil
}

// sellProduct sets what a line takes from its product: the price without the
// tax of the shop's own address.
func (c *call) sellProduct(l *orderLine, p *shop.Product) {
	l.name, l.productID, l.taxClass = c.st.fullName(p), p.ID, p.TaxClass
	if p.IsVariation() {
		l.productID, l.variation = p.ParentID, p.ID
		for _, a := range c.st.chosen(p) {
			l.meta = append(l.meta, textMeta(c.st.metaID(), shop.AttributeKey(a), c.store.shop.TermSlug(a)))
		}
	}
	price, err := decimal.NewFromString(p.PriceAt(c.store.now()))
	if err != nil {
		price = decimal.Zero
	}
	l.subtotal = c.store.shop.WithoutTax(p, price.Mul(decimal.NewFromInt(l.quantity)))
	l.total = l.subtotal
}

// fillLine applies what was sent about a line. A subtotal below the total is
// raised to it.
func (c *call) fillLine(l *orderLine, in itemInput) {
	if in.Name != nil {
		l.name = *in.Name
	}
	if in.Quantity != nil {
		l.quantity = wp.IntOf(in.Quantity)
	}
	if in.TaxClass != nil {
		l.taxClass = *in.TaxClass
	}
	if in.Total != nil {
		l.total = wp.DecimalOf(in.Total)
	}
	if in.Subtotal != nil {
		l.subtotal = wp.DecimalOf(in.Subtotal)
	}
	l.subtotal = decimal.Max(l.subtotal, l.total)
	if in.Meta != nil {
		l.meta = c.mergeMeta(l.meta, in.Meta)
	}
}

func (c *call) putShipping(o *order, in itemInput) *wire.Error {
	i := slices.IndexFunc(o.ships, func(s *shippingLine) bool { return s.id == in.ID })
	if in.ID != 0 && i < 0 {
		return notThisOrder()
	}
	if in.ID != 0 && isNull(in.MethodID) {
		o.ships = slices.Delete(o.ships, i, i+1)
		return nil
	}
	if in.ID == 0 {
		if wp.TextOf(in.MethodID) == "" {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_shipping_item", "Shipping method ID is required.")
		}
		o.ships = append(o.ships, &shippingLine{id: c.st.itemID(), taxStatus: "taxable"})
		i = len(o.ships) - 1
	}
	line := o.ships[i]
	if in.MethodID != nil {
		line.method = wp.TextOf(in.MethodID)
	}
	if in.MethodTitle != nil {
		line.title = *in.MethodTitle
	}
	if in.InstanceID != nil {
		line.instanceID = *in.InstanceID
	}
	if in.Total != nil {
		line.total = wp.DecimalOf(in.Total)
	}
	if in.Meta != nil {
		line.meta = c.mergeMeta(line.meta, in.Meta)
	}
	return nil
}

func (c *call) putFee(o *order, in itemInput) *wire.Error {
	i := slices.IndexFunc(o.fees, func(f *feeLine) bool { return f.id == in.ID })
	if in.ID != 0 && i < 0 {
		return notThisOrder()
	}
	if in.ID == 0 {
		if in.Name == nil || *in.Name == "" {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_fee_item", "Fee name is required.")
		}
		o.fees = append(o.fees, &feeLine{id: c.st.itemID(), taxStatus: "taxable"})
		i = len(o.fees) - 1
	}
	f := o.fees[i]
	for from, into := range map[*string]*string{in.Name: &f.name, in.TaxClass: &f.taxClass, in.TaxStatus: &f.taxStatus} {
		if from != nil {
			*into = *from
		}
	}
	if in.Total != nil {
		f.total = wp.DecimalOf(in.Total)
	}
	if in.Meta != nil {
		f.meta = c.mergeMeta(f.meta, in.Meta)
	}
	return nil
}
