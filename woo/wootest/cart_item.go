package wootest

import (
	"crypto/md5" // WooCommerce's own item key; no secret depends on it
	"encoding/hex"
	"strings"

	"github.com/ankkor/ankkor/pricing/quote"
)

// cartItem is one line of a cart.
type cartItem struct {
	key                    string
	productID, variationID int64
	quantity               int64
	variation              []cartChoice // the attributes that were chosen, in the product's order
	extra                  []sessionValue
	line                   quote.CartLine // as the totals were last calculated
}

// cartChoice is a chosen attribute: "attribute_pa_size" and the term's slug, or
// "attribute_engraving" and the text of a local attribute.
type cartChoice struct{ name, value string }

// product is what the item sells: the variation when it has one; nil when the
// store no longer knows it.
func (i cartItem) product(st *state) *product {
	if i.variationID != 0 {
		return st.products[i.variationID]
	}
	return st.products[i.productID]
}

// itemKey is WC_Cart::generate_cart_id: the MD5 sum of the ids, the chosen
// attributes and the extra data.
func itemKey(product, variation int64, choices []cartChoice, extra []sessionValue) string {
	parts := []string{itoa(product)}
	if variation != 0 {
		parts = append(parts, itoa(variation))
	}
	if len(choices) > 0 {
		text := ""
		for _, c := range choices {
			text += strings.TrimSpace(c.name) + strings.TrimSpace(c.value)
		}
		parts = append(parts, text)
	}
	if len(extra) > 0 {
		text := ""
		for _, x := range extra {
			text += strings.TrimSpace(x.key) + strings.TrimSpace(x.value)
		}
		parts = append(parts, text)
	}
	sum := md5.Sum([]byte(strings.Join(parts, "_")))
	return hex.EncodeToString(sum[:])
}
