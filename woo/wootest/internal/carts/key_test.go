package carts_test

import (
	"testing"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// TestKey holds the key of a cart's item against WC_Cart::generate_cart_id of WooCommerce
// 10.0.2: clients keep it, and two doors to one cart must agree on it.
func TestKey(t *testing.T) {
	type choices = []site.CartChoice
	type extra = []site.SessionValue
	tests := map[string]struct {
		product, variation int64
		choices            choices
		extra              extra
		want               string
	}{
		"a product":          {16, 0, nil, nil, "c74d97b01eae257e44aa9d5bade97baf"},
		"a variation":        {37, 40, choices{{Name: "attribute_pa_size", Value: "m"}, {Name: "attribute_pa_color", Value: "red"}}, nil, "97113e11a116e90361ed93d7b5d50b09"},
		"words of one's own": {44, 45, choices{{Name: "attribute_engraving", Value: "Asha"}}, nil, "113460b46cf85835f1d9d834932e7027"},
		"data of a plugin":   {16, 0, nil, extra{{Key: "gift", Value: "yes"}, {Key: "note", Value: "For you"}}, "6e7f7f910c4c6a2d5ca7849500f070cf"},
		"spaces around":      {37, 40, choices{{Name: "attribute_pa_size", Value: " m "}}, extra{{Key: "x", Value: "1"}}, "c0739b3d20366932fd764ac4bfc87cfe"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			if got := carts.Key(c.product, c.variation, c.choices, c.extra); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
