package storeapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// put is CartController::add_to_cart: the Store API checks in its
// own order and with its own texts, not in the shop page's. It answers the key
// of the line.
func (c *Call) put() (string, *wire.Error) {
	if wp.Text(c.Args["key"]) != "" {
		return "", wire.Fault(http.StatusBadRequest, "woocommerce_rest_cart_item_exists", "Cannot create an existing cart item.")
	}
	p, choices, err := c.chosenProduct()
	if err != nil {
		return "", err
	}
	quantity, err := c.askedQuantity(p)
	if err != nil {
		return "", err
	}
	item := site.CartItem{ProductID: p.ID, Quantity: min(quantity, c.quantityLimit(p)), Variation: choices}
	if p.IsVariation() {
		item.ProductID, item.VariationID = p.ParentID, p.ID
	}
	item.Key = carts.Key(item.ProductID, item.VariationID, choices, nil)
	if have, ok := c.cart.Item(item.Key); ok {
		if err := c.quantityAllowed(p, have.Quantity+quantity); err != nil {
			return "", err
		}
		if _, err := c.cart.SetQuantity(item.Key, have.Quantity+quantity); err != nil {
			return "", c.broken(err)
		}
		return item.Key, nil
	}
	c.cart.Session.Items = append(c.cart.Session.Items, item)
	c.cart.added = true
	return item.Key, c.recalculate()
}

// askedQuantity checks that the product can be sold and how many were asked
// for; one when nothing was said, and one of what is sold one by one.
func (c *Call) askedQuantity(p *shop.Product) (int64, *wire.Error) {
	name, quantity := c.State.FullName(p), decimal.NewFromInt(1)
	if text := wp.Text(c.Args["quantity"]); text != "" && !soldOneByOne(c.State, p) {
		if d, ok := wp.Decimal(text); ok {
			quantity = decimal.Min(d, decimal.NewFromInt(1<<40)) // beyond any stock, and safe to add
		}
	}
	refuse := func(code, text string) (int64, *wire.Error) {
		return 0, wire.Fault(http.StatusBadRequest, "woocommerce_rest_product_"+code, text)
	}
	switch left := c.stockLeft(p); {
	case !c.cart.Purchasable(p) && (p.Status == "draft" || p.Status == "private"):
		return refuse("not_purchasable", "This item is not available for purchase.")
	case !c.cart.Purchasable(p):
		return refuse("not_purchasable", "&quot;"+name+"&quot; is not available for purchase.")
	case !quantity.IsPositive():
		return refuse("invalid_quantity", "You cannot add &quot;"+name+"&quot; with a quantity less than or equal to 0 to the cart.")
	case !c.cart.InStock(p):
		return refuse("out_of_stock", "You cannot add &quot;"+name+"&quot; to the cart because the product is out of stock.")
	case left >= 0 && left < c.cart.Held(p)+quantity.IntPart():
		return refuse("partially_out_of_stock", fmt.Sprintf(
			"You cannot add that amount of &quot;%s&quot; to the cart because there is not enough stock (%d remaining).", name, left))
	}
	return max(quantity.IntPart(), 1), nil
}

// stockLeft is how many pieces there are, -1 where nobody counts or more may be
// sold.
func (c *Call) stockLeft(p *shop.Product) int64 {
	h := c.State.StockHolder(p)
	if h == nil || c.State.Backorders(p) != "no" {
		return -1
	}
	return max(h.Quantity(), 0)
}

// quantityAllowed is QuantityLimits::validate_cart_item_quantity.
func (c *Call) quantityAllowed(p *shop.Product, quantity int64) *wire.Error {
	name, most := c.State.FullName(p), c.quantityLimit(p)
	switch {
	case soldOneByOne(c.State, p) && quantity > most:
		return wire.Fault(http.StatusBadRequest, "readonly_quantity", "The quantity of &quot;"+name+"&quot; cannot be changed")
	case quantity < 1:
		return wire.Fault(http.StatusBadRequest, "invalid_quantity", "The minimum quantity of &quot;"+name+"&quot; allowed in the cart is 1")
	case quantity > most:
		return wire.Fault(http.StatusBadRequest, "invalid_quantity",
			fmt.Sprintf("The maximum quantity of &quot;%s&quot; allowed in the cart is %d", name, most))
	}
	return nil
}

// chosenProduct is the product or variation that was asked for, with its
// attributes sorted by name (CartController::parse_variation_data).
func (c *Call) chosenProduct() (*shop.Product, []site.CartChoice, *wire.Error) {
	id := max(wp.Int(c.Args["id"]), -wp.Int(c.Args["id"]))
	p := c.State.Products[id]
	if p == nil || p.Status == "trash" {
		shown := ""
		if _, sent := c.Args["id"]; sent {
			shown = wp.Itoa(id)
		}
		return nil, nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_cart_invalid_product",
			"Product with ID &quot;"+shown+"&quot; was not found and cannot be added to the cart.")
	}
	if p.Type != "variable" && !p.IsVariation() {
		return p, nil, nil
	}
	parent := p
	if p.IsVariation() {
		parent = c.State.Products[p.ParentID]
	}
	if parent == nil || parent.Status == "trash" {
		return nil, nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_cart_invalid_parent_product", "This product cannot be added to the cart.")
	}
	given := c.givenChoices(parent)
	if p.Type == "variable" {
		var err *wire.Error
		if p, err = c.matchVariation(parent, given); err != nil {
			return nil, nil, err
		}
	}
	choices, err := c.completeChoices(parent, p, given)
	return p, choices, err
}

// givenChoices are the posted attributes by the name a cart keeps them under.
// They may be named by that, by label or by taxonomy.
func (c *Call) givenChoices(parent *shop.Product) map[string]string {
	posted := map[string]string{}
	for _, v := range wp.List(c.Args["variation"]) {
		entry, _ := v.(map[string]any)
		posted[wp.Text(entry["attribute"])] = wp.Text(entry["value"])
	}
	given := map[string]string{}
	for _, a := range parent.Attributes {
		if !a.Variation {
			continue
		}
		for _, name := range []string{"attribute_" + shop.AttributeKey(a), a.Name, strings.ToLower(a.Name), shop.AttributeKey(a)} {
			value, ok := posted[name]
			if !ok {
				continue
			}
			if a.ID != 0 {
				value = wp.SanitizeTitle(value)
			}
			given["attribute_"+shop.AttributeKey(a)] = value
			break
		}
	}
	return given
}

// matchVariation finds the variation for a full set of attributes; "any" takes
// every value.
func (c *Call) matchVariation(parent *shop.Product, given map[string]string) (*shop.Product, *wire.Error) {
	needed := 0
	for _, a := range parent.Attributes {
		if a.Variation {
			needed++
		}
	}
	if len(given) < needed {
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_missing_attributes", "Missing attributes for variable product.")
	}
	for _, v := range c.State.Children(parent) {
		fits := v.Status == "publish"
		for _, a := range c.State.Chosen(v) {
			own := c.Site.Shop.TermSlug(a)
			fits = fits && (own == "" || own == given["attribute_"+shop.AttributeKey(a)])
		}
		if fits {
			return v, nil
		}
	}
	return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_variation_id_from_variation_data", "No matching variation found.")
}

// completeChoices checks what was given against the variation and fills in what
// it fixes itself.
func (c *Call) completeChoices(parent, v *shop.Product, given map[string]string) ([]site.CartChoice, *wire.Error) {
	var choices []site.CartChoice
	var missing []string
	for _, a := range parent.Attributes {
		if !a.Variation {
			continue
		}
		name, fixed := "attribute_"+shop.AttributeKey(a), ""
		for _, own := range c.State.Chosen(v) {
			if shop.AttributeKey(own) == shop.AttributeKey(a) {
				fixed = c.Site.Shop.TermSlug(own)
			}
		}
		value, posted := given[name]
		slugs := c.cart.Slugs(a)
		switch {
		case !posted && fixed == "":
			missing = append(missing, a.Name)
			continue
		case !posted:
			value = fixed
		case value != fixed && (fixed != "" || !slices.Contains(slugs, value)):
			return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_invalid_variation_data",
				"Invalid value posted for "+wp.EscHTML(a.Name)+". Allowed values: "+wp.EscHTML(strings.Join(slugs, ", ")))
		}
		choices = append(choices, site.CartChoice{Name: name, Value: value})
	}
	if len(missing) > 0 {
		verb := " is a required field"
		if len(missing) > 1 {
			verb = " are required fields"
		}
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_missing_variation_data",
			"Missing variation data for variable product. "+wp.EscHTML(carts.List(missing)+verb))
	}
	slices.SortFunc(choices, func(a, b site.CartChoice) int { return strings.Compare(a.Name, b.Name) })
	return choices, nil
}
