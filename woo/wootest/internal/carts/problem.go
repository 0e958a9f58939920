package carts

import (
	"fmt"
	"html"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// Error is what WooCommerce refuses, with the text it shows the shopper.
type Error struct{ text string } // HTML, as a notice has it

// Error implements error.
func (p *Error) Error() string { return p.text }

func refuse(text string) *Error { return &Error{text: text} }

// optionsText asks to choose a variation on the product's page.
func (b *Basket) optionsText(p *shop.Product, before string) string {
	name := html.EscapeString(b.State.FullName(p))
	return fmt.Sprintf(`%s by visiting <a href="%s/product/%s/" title="%s">%s</a>.`, before, b.Site.Shop.URL, p.Slug, name, name)
}

// withCartLink adds the button to the cart's page.
func (b *Basket) withCartLink(text string) string {
	return text + ` <a href="` + b.Site.Shop.URL + `/cart/" class="button wc-forward wp-element-button">View cart</a>`
}
