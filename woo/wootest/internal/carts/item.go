package carts

import (
	"crypto/md5" // WooCommerce's own item key; no secret depends on it
	"encoding/hex"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Key is WC_Cart::generate_cart_id: the MD5 sum of the ids, the chosen
// attributes and the extra data.
func Key(product, variation int64, choices []site.CartChoice, extra []site.SessionValue) string {
	parts := []string{wp.Itoa(product)}
	if variation != 0 {
		parts = append(parts, wp.Itoa(variation))
	}
	if len(choices) > 0 {
		text := ""
		for _, c := range choices {
			text += strings.TrimSpace(c.Name) + strings.TrimSpace(c.Value)
		}
		parts = append(parts, text)
	}
	if len(extra) > 0 {
		text := ""
		for _, x := range extra {
			text += strings.TrimSpace(x.Key) + strings.TrimSpace(x.Value)
		}
		parts = append(parts, text)
	}
	sum := md5.Sum([]byte(strings.Join(parts, "_")))
	return hex.EncodeToString(sum[:])
}
