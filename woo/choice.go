package woo

import (
	"slices"
	"strings"

	"github.com/ankkor/ankkor/cart"
)

// choicesMade reports whether a ref's attributes make a variation one thing: a
// value is chosen, out of the product's options, for every attribute that the
// variation leaves open ("any"), and none contradicts what it fixes.
// WooCommerce asks the same before it puts a variation into a cart
// (WC_Form_Handler::add_to_cart_handler_variable).
func choicesMade(ref cart.ItemRef, offered nodes[attributeNode], fixed nodes[chosenNode]) bool {
	made := make(map[string]string, len(ref.Attributes))
	for name, value := range ref.Attributes {
		if name = attributeName(name); value != "" {
			made[name] = attributeValue(name, value)
		}
	}
	for _, f := range fixed.Nodes {
		name := attributeName(f.Name)
		choice, want := made[name], attributeValue(name, f.Value)
		switch {
		case want == "" && !offers(offered, name, choice):
			return false
		case want != "" && choice != "" && choice != want:
			return false
		}
		delete(made, name)
	}
	return len(made) == 0
}

// offers reports whether value is an option of the attribute.
func offers(offered nodes[attributeNode], name, value string) bool {
	for _, a := range offered.Nodes {
		if attributeName(a.Name) == name {
			return value != "" && slices.ContainsFunc(a.Options, func(option string) bool {
				return attributeValue(name, option) == value
			})
		}
	}
	return false
}

// attributeName is the name without the prefix of WooCommerce's forms.
func attributeName(name string) string {
	return strings.TrimPrefix(strings.ToLower(readableSlug(name)), "attribute_")
}

// attributeValue makes values comparable: those of global attributes are term
// slugs, lower case and perhaps percent-encoded; local ones are plain text.
func attributeValue(name, value string) string {
	if strings.HasPrefix(attributeName(name), "pa_") {
		return strings.ToLower(readableSlug(value))
	}
	return value
}
