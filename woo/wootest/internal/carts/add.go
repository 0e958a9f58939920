package carts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Addition is what a shopper asks to put in the cart. Choices are named as in
// site.CartChoice.
type Addition struct {
	ProductID, VariationID int64
	Quantity               int64
	Choices                []site.CartChoice
	Extra                  []site.SessionValue
}

// Add is WC_Cart::add_to_cart: it checks in WooCommerce's order, adds to an
// item that is the same, and answers its key. An *Error leaves the cart as
// it was. A product the store does not know is refused.
func (b *Basket) Add(a Addition) (string, error) {
	if p := b.State.Products[a.ProductID]; p != nil && p.IsVariation() {
		a.VariationID, a.ProductID = p.ID, p.ParentID
	}
	p := b.State.Products[cmpOr(a.VariationID, a.ProductID)]
	if a.Quantity <= 0 || p == nil || p.Status == "trash" {
		return "", refuse("Failed to add cart item. Please check input.")
	}
	if err := b.choose(&a, p); err != nil {
		return "", err
	}
	if a.VariationID != 0 && (!p.IsVariation() || p.ParentID != a.ProductID) {
		return "", b.notVariationOf(a.ProductID)
	}
	key := Key(a.ProductID, a.VariationID, a.Choices, a.Extra)
	if err := b.sellable(p, key, &a); err != nil {
		return "", err
	}
	if i := indexItem(b.Session.Items, key); i >= 0 {
		b.Session.Items[i].Quantity += a.Quantity
	} else {
		b.Session.Items = append(b.Session.Items, site.CartItem{
			Key: key, ProductID: a.ProductID, VariationID: a.VariationID, Quantity: a.Quantity, Variation: a.Choices, Extra: a.Extra,
		})
	}
	return key, b.Calculate()
}

func cmpOr(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}

func (b *Basket) notVariationOf(id int64) error {
	parent := b.State.Products[id]
	if parent == nil {
		return refuse("The selected product is invalid.")
	}
	return refuse(b.optionsText(parent,
		"The selected product isn't a variation of "+b.State.FullName(parent)+", please choose product options"))
}

// choose settles a variation's attributes: what the variation fixes, and what
// was chosen for its "any" attributes.
func (b *Basket) choose(a *Addition, p *shop.Product) error {
	if p.Type == "variable" {
		return refuse(b.optionsText(p, "Please choose product options"))
	}
	parent := b.State.Products[p.ParentID]
	if !p.IsVariation() || parent == nil {
		return nil
	}
	var settled []site.CartChoice
	var missing []string
	for _, own := range parent.Attributes {
		if !own.Variation {
			continue
		}
		value, problem := b.choice(own, p, a.Choices)
		switch {
		case problem != nil:
			return problem
		case value == "":
			missing = append(missing, own.Name)
		default:
			settled = append(settled, site.CartChoice{Name: "attribute_" + shop.AttributeKey(own), Value: value})
		}
	}
	if len(missing) > 0 {
		verb := " is a required field"
		if len(missing) > 1 {
			verb = " are required fields"
		}
		return refuse(List(missing) + verb)
	}
	a.Choices = settled
	return nil
}

// choice is the value of one attribute: the variation's own, or the posted one
// when the variation takes any; "" when it is missing.
func (b *Basket) choice(own shop.Attribute, p *shop.Product, posted []site.CartChoice) (string, error) {
	fixed := ""
	for _, x := range b.State.Chosen(p) {
		if shop.AttributeKey(x) == shop.AttributeKey(own) {
			fixed = b.Site.Shop.TermSlug(x)
		}
	}
	value := fixed
	for _, c := range posted {
		if c.Name == "attribute_"+shop.AttributeKey(own) && c.Value != "" {
			value = c.Value
			if own.ID != 0 {
				value = wp.SanitizeTitle(c.Value)
			}
		}
	}
	if value == fixed || fixed == "" && slices.Contains(b.Slugs(own), value) {
		return value, nil
	}
	return "", refuse("Invalid value posted for " + own.Name)
}

// Slugs are the values an attribute can take: terms' slugs, or local texts.
func (b *Basket) Slugs(a shop.Attribute) []string {
	t := b.Site.Shop.TaxonomyOf(a.ID)
	if t == nil {
		return a.Options
	}
	var out []string
	for _, option := range a.Options {
		if x, ok := t.TermOf(option); ok {
			out = append(out, x.Slug)
		}
	}
	return out
}

// List is wc_format_list_of_items.
func List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// sellable checks what can be sold and how many; a product sold individually
// is taken once, whatever was asked.
func (b *Basket) sellable(p *shop.Product, key string, a *Addition) error {
	name := b.State.FullName(p)
	if b.soldIndividually(p) {
		a.Quantity = 1
		if indexItem(b.Session.Items, key) >= 0 {
			return refuse(b.withCartLink(fmt.Sprintf(`You cannot add another "%s" to your cart.`, name)))
		}
	}
	if !b.Purchasable(p) {
		return refuse("Sorry, this product cannot be purchased.")
	}
	if !b.InStock(p) {
		return refuse("You cannot add &quot;" + name + "&quot; to the cart because the product is out of stock.")
	}
	return b.enoughFor(p, name, a.Quantity)
}

// enoughFor checks the stock, first for what is asked alone, then with what is
// in the cart.
func (b *Basket) enoughFor(p *shop.Product, name string, quantity int64) error {
	h := b.State.StockHolder(p)
	if h == nil {
		return nil
	}
	switch held := b.Held(p); {
	case !b.Enough(p, quantity):
		return refuse(fmt.Sprintf("You cannot add that amount of &quot;%s&quot; to the cart because there is not enough stock (%d remaining).",
			name, h.Quantity()))
	case held > 0 && !b.Enough(p, held+quantity):
		return refuse(b.withCartLink(fmt.Sprintf(
			"You cannot add that amount to the cart &mdash; we have %d in stock and you already have %d in your cart.", h.Quantity(), held)))
	}
	return nil
}

// soldIndividually is WC_Product::is_sold_individually; a variation has its
// parent's.
func (b *Basket) soldIndividually(p *shop.Product) bool {
	if parent := b.State.Products[p.ParentID]; p.IsVariation() && parent != nil {
		return parent.SoldIndividually
	}
	return p.SoldIndividually
}
