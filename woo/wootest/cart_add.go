package wootest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// addition is what a shopper asks to put in the cart. Choices are named as in
// cartChoice.
type addition struct {
	productID, variationID int64
	quantity               int64
	choices                []site.CartChoice
	extra                  []site.SessionValue
}

// add is WC_Cart::add_to_cart: it checks in WooCommerce's order, adds to an
// item that is the same, and answers its key. A *cartError leaves the cart as
// it was. A product the store does not know is refused.
func (b *basket) add(a addition) (string, error) {
	if p := b.st.Products[a.productID]; p != nil && p.IsVariation() {
		a.variationID, a.productID = p.ID, p.ParentID
	}
	p := b.st.Products[cmpOr(a.variationID, a.productID)]
	if a.quantity <= 0 || p == nil || p.Status == "trash" {
		return "", refuse("Failed to add cart item. Please check input.")
	}
	if err := b.choose(&a, p); err != nil {
		return "", err
	}
	if a.variationID != 0 && (!p.IsVariation() || p.ParentID != a.productID) {
		return "", b.notVariationOf(a.productID)
	}
	key := itemKey(a.productID, a.variationID, a.choices, a.extra)
	if err := b.sellable(p, key, &a); err != nil {
		return "", err
	}
	if i := indexItem(b.sess.Items, key); i >= 0 {
		b.sess.Items[i].Quantity += a.quantity
	} else {
		b.sess.Items = append(b.sess.Items, site.CartItem{
			Key: key, ProductID: a.productID, VariationID: a.variationID, Quantity: a.quantity, Variation: a.choices, Extra: a.extra,
		})
	}
	return key, b.calculate()
}

func cmpOr(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}

func (b *basket) notVariationOf(id int64) error {
	parent := b.st.Products[id]
	if parent == nil {
		return refuse("The selected product is invalid.")
	}
	return refuse(b.optionsText(parent,
		"The selected product isn't a variation of "+b.st.FullName(parent)+", please choose product options"))
}

// choose settles a variation's attributes: what the variation fixes, and what
// was chosen for its "any" attributes.
func (b *basket) choose(a *addition, p *shop.Product) error {
	if p.Type == "variable" {
		return refuse(b.optionsText(p, "Please choose product options"))
	}
	parent := b.st.Products[p.ParentID]
	if !p.IsVariation() || parent == nil {
		return nil
	}
	var settled []site.CartChoice
	var missing []string
	for _, own := range parent.Attributes {
		if !own.Variation {
			continue
		}
		value, problem := b.choice(own, p, a.choices)
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
		return refuse(listOfItems(missing) + verb)
	}
	a.choices = settled
	return nil
}

// choice is the value of one attribute: the variation's own, or the posted one
// when the variation takes any; "" when it is missing.
func (b *basket) choice(own shop.Attribute, p *shop.Product, posted []site.CartChoice) (string, error) {
	fixed := ""
	for _, x := range b.st.Chosen(p) {
		if shop.AttributeKey(x) == shop.AttributeKey(own) {
			fixed = b.store.Shop.TermSlug(x)
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
	if value == fixed || fixed == "" && slices.Contains(b.slugs(own), value) {
		return value, nil
	}
	return "", refuse("Invalid value posted for " + own.Name)
}

// slugs are the values an attribute can take: terms' slugs, or local texts.
func (b *basket) slugs(a shop.Attribute) []string {
	t := b.store.Shop.TaxonomyOf(a.ID)
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

// listOfItems is wc_format_list_of_items.
func listOfItems(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// sellable checks what can be sold and how many; a product sold individually
// is taken once, whatever was asked.
func (b *basket) sellable(p *shop.Product, key string, a *addition) error {
	name := b.st.FullName(p)
	if b.soldIndividually(p) {
		a.quantity = 1
		if indexItem(b.sess.Items, key) >= 0 {
			return refuse(b.withCartLink(fmt.Sprintf(`You cannot add another "%s" to your cart.`, name)))
		}
	}
	if !b.purchasable(p) {
		return refuse("Sorry, this product cannot be purchased.")
	}
	if !b.inStock(p) {
		return refuse("You cannot add &quot;" + name + "&quot; to the cart because the product is out of stock.")
	}
	return b.enoughFor(p, name, a.quantity)
}

// enoughFor checks the stock, first for what is asked alone, then with what is
// in the cart.
func (b *basket) enoughFor(p *shop.Product, name string, quantity int64) error {
	h := b.st.StockHolder(p)
	if h == nil {
		return nil
	}
	switch held := b.held(p); {
	case !b.enough(p, quantity):
		return refuse(fmt.Sprintf("You cannot add that amount of &quot;%s&quot; to the cart because there is not enough stock (%d remaining).",
			name, h.Quantity()))
	case held > 0 && !b.enough(p, held+quantity):
		return refuse(b.withCartLink(fmt.Sprintf(
			"You cannot add that amount to the cart &mdash; we have %d in stock and you already have %d in your cart.", h.Quantity(), held)))
	}
	return nil
}

// soldIndividually is WC_Product::is_sold_individually; a variation has its
// parent's.
func (b *basket) soldIndividually(p *shop.Product) bool {
	if parent := b.st.Products[p.ParentID]; p.IsVariation() && parent != nil {
		return parent.SoldIndividually
	}
	return p.SoldIndividually
}
