package rest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
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
func (c *Call) items(name string) []itemInput {
	var out []itemInput
	_ = json.Unmarshal(c.Body[name], &out) // its type was checked by the schema
	return out
}

// fillItems applies line_items, shipping_lines and fee_lines: an element with
// an id changes that item, one without is added.
func (c *Call) fillItems(o *site.Order) *wire.Error {
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

func (c *Call) putLine(o *site.Order, in itemInput) *wire.Error {
	if in.ID == 0 {
		return c.addLine(o, in)
	}
	i := slices.IndexFunc(o.Lines, func(l *site.OrderLine) bool { return l.ID == in.ID })
	if i < 0 {
		return notThisOrder()
	}
	l := o.Lines[i]
	if isNull(in.ProductID) || in.Quantity != nil && wp.IntOf(in.Quantity) == 0 {
		orders.AdjustLineStock(c.Site, c.State, o, l, 0)
		o.Lines = slices.Delete(o.Lines, i, i+1)
		return nil
	}
	c.fillLine(l, in)
	orders.AdjustLineStock(c.Site, c.State, o, l, l.Quantity)
	return nil
}

// addLine makes a line from a product reference; a SKU beats the ids. An id
// that does not exist makes an empty line for nothing.
func (c *Call) addLine(o *site.Order, in itemInput) *wire.Error {
	id := wp.IntOf(in.VariationID)
	if id == 0 {
		id = wp.IntOf(in.ProductID)
	}
	if in.SKU != "" {
		id = orders.BySKU(c.State, in.SKU)
	} else if id == 0 {
		return wire.Fault(http.StatusBadRequest, "woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
	}
	l := &site.OrderLine{ID: c.State.ItemID(), Quantity: 1}
	if in.Quantity != nil {
		l.Quantity = wp.IntOf(in.Quantity)
	}
	if p := c.State.Products[id]; p != nil {
		c.sellProduct(l, p)
	}
	c.fillLine(l, in)
	o.Lines = append(o.Lines, l)
	return nil
}

// sellProduct sets what a line takes from its product: the price without the
// tax of the shop's own address.
func (c *Call) sellProduct(l *site.OrderLine, p *shop.Product) {
	l.Name, l.ProductID, l.TaxClass = c.State.FullName(p), p.ID, p.TaxClass
	if p.IsVariation() {
		l.ProductID, l.Variation = p.ParentID, p.ID
		for _, a := range c.State.Chosen(p) {
			l.Meta = append(l.Meta, site.TextMeta(c.State.MetaID(), shop.AttributeKey(a), c.Site.Shop.TermSlug(a)))
		}
	}
	price, err := decimal.NewFromString(p.PriceAt(c.Site.Now()))
	if err != nil {
		price = decimal.Zero
	}
	l.Subtotal = c.Site.Shop.WithoutTax(p, price.Mul(decimal.NewFromInt(l.Quantity)))
	l.Total = l.Subtotal
}

// fillLine applies what was sent about a line. A subtotal below the total is
// raised to it.
func (c *Call) fillLine(l *site.OrderLine, in itemInput) {
	if in.Name != nil {
		l.Name = *in.Name
	}
	if in.Quantity != nil {
		l.Quantity = wp.IntOf(in.Quantity)
	}
	if in.TaxClass != nil {
		l.TaxClass = *in.TaxClass
	}
	if in.Total != nil {
		l.Total = wp.DecimalOf(in.Total)
	}
	if in.Subtotal != nil {
		l.Subtotal = wp.DecimalOf(in.Subtotal)
	}
	l.Subtotal = decimal.Max(l.Subtotal, l.Total)
	if in.Meta != nil {
		l.Meta = c.mergeMeta(l.Meta, in.Meta)
	}
}

func (c *Call) putShipping(o *site.Order, in itemInput) *wire.Error {
	i := slices.IndexFunc(o.Ships, func(s *site.ShippingLine) bool { return s.ID == in.ID })
	if in.ID != 0 && i < 0 {
		return notThisOrder()
	}
	if in.ID != 0 && isNull(in.MethodID) {
		o.Ships = slices.Delete(o.Ships, i, i+1)
		return nil
	}
	if in.ID == 0 {
		if wp.TextOf(in.MethodID) == "" {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_shipping_item", "Shipping method ID is required.")
		}
		o.Ships = append(o.Ships, &site.ShippingLine{ID: c.State.ItemID(), TaxStatus: "taxable"})
		i = len(o.Ships) - 1
	}
	line := o.Ships[i]
	if in.MethodID != nil {
		line.Method = wp.TextOf(in.MethodID)
	}
	if in.MethodTitle != nil {
		line.Title = *in.MethodTitle
	}
	if in.InstanceID != nil {
		line.InstanceID = *in.InstanceID
	}
	if in.Total != nil {
		line.Total = wp.DecimalOf(in.Total)
	}
	if in.Meta != nil {
		line.Meta = c.mergeMeta(line.Meta, in.Meta)
	}
	return nil
}

func (c *Call) putFee(o *site.Order, in itemInput) *wire.Error {
	i := slices.IndexFunc(o.Fees, func(f *site.FeeLine) bool { return f.ID == in.ID })
	if in.ID != 0 && i < 0 {
		return notThisOrder()
	}
	if in.ID == 0 {
		if in.Name == nil || *in.Name == "" {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_fee_item", "Fee name is required.")
		}
		o.Fees = append(o.Fees, &site.FeeLine{ID: c.State.ItemID(), TaxStatus: "taxable"})
		i = len(o.Fees) - 1
	}
	f := o.Fees[i]
	for from, into := range map[*string]*string{in.Name: &f.Name, in.TaxClass: &f.TaxClass, in.TaxStatus: &f.TaxStatus} {
		if from != nil {
			*into = *from
		}
	}
	if in.Total != nil {
		f.Total = wp.DecimalOf(in.Total)
	}
	if in.Meta != nil {
		f.Meta = c.mergeMeta(f.Meta, in.Meta)
	}
	return nil
}
