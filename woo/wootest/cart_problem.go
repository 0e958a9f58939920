package wootest

import (
	"fmt"
	"html"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// cartError is what WooCommerce refuses, with the text it shows the shopper.
type cartError struct{ text string } // HTML, as a notice has it

// Error implements error.
func (p *cartError) Error() string { return p.text }

func refuse(text string) *cartError { return &cartError{text: text} }

// optionsText asks to choose a variation on the product's page.
func (b *basket) optionsText(p *shop.Product, before string) string {
	name := html.EscapeString(b.st.FullName(p))
	return fmt.Sprintf(`%s by visiting <a href="%s/product/%s/" title="%s">%s</a>.`, before, b.store.Shop.URL, p.Slug, name, name)
}

// withCartLink adds the button to the cart's page.
func (b *basket) withCartLink(text string) string {
	return text + ` <a href="` + b.store.Shop.URL + `/cart/" class="button wc-forward wp-element-button">View cart</a>`
}
