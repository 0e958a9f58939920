package wootest

import (
	"fmt"
	"html"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// cartReason is what is wrong with what a shopper asked of the cart. The Store
// API answers codes for them, GraphQL the text alone.
type cartReason string

// The reasons.
const (
	notAdded        cartReason = "not_added"        // quantity below one, or in the trash
	chooseOptions   cartReason = "choose_options"   // a variable product without a variation
	notAVariation   cartReason = "not_a_variation"  // of this product
	missingChoice   cartReason = "missing_choice"   // an "any" attribute without a value
	wrongChoice     cartReason = "wrong_choice"     // a value the variation does not have
	onlyOne         cartReason = "only_one"         // sold individually and already there
	notPurchasable  cartReason = "not_purchasable"  // no price, a draft, external, grouped
	outOfStock      cartReason = "out_of_stock"     //
	tooMany         cartReason = "too_many"         // more than there is
	tooManyWithCart cartReason = "too_many_in_cart" // together with what is in the cart
	removedFromCart cartReason = "removed"          // dropped when the cart was loaded
	badCoupon       cartReason = "bad_coupon"
	badRate         cartReason = "bad_rate"
	noSession       cartReason = "no_session" // the cart is empty
	badCheckout     cartReason = "bad_checkout"
)

// cartError is what WooCommerce refuses, with the text it shows the shopper.
type cartError struct {
	reason  cartReason
	text    string // HTML, as a notice has it
	product *shop.Product
	have    int64 // pieces in stock
	inCart  int64 // pieces in the cart already
}

// Error implements error.
func (p *cartError) Error() string { return p.text }

func (b *basket) problem(reason cartReason, p *shop.Product, text string) *cartError {
	return &cartError{reason: reason, product: p, text: text}
}

// optionsText asks to choose a variation on the product's page.
func (b *basket) optionsText(p *shop.Product, before string) string {
	name := html.EscapeString(b.st.FullName(p))
	return fmt.Sprintf(`%s by visiting <a href="%s/product/%s/" title="%s">%s</a>.`, before, b.store.Shop.URL, p.Slug, name, name)
}

// withCartLink adds the button to the cart's page.
func (b *basket) withCartLink(text string) string {
	return text + ` <a href="` + b.store.Shop.URL + `/cart/" class="button wc-forward wp-element-button">View cart</a>`
}
