package wootest

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// The versions of WooGraphQL a store can stand in for. The older one differs
// here as far as carts and sessions go: it lacks fields, says "Expired token"
// without "invalid_token: " before it, and hands a guest's cart to the user at
// the first request that carries bearer and session token, not at the login.
const (
	WooGraphQL10 = "1.0"
	WooGraphQL21 = "0.21"
)

// old says whether the store stands in for WooGraphQL 0.21.
func (c Config) old() bool { return c.WooGraphQL == WooGraphQL21 }

// laterFields are what 1.0 added, by type.
func laterFields() map[string][]string {
	return map[string][]string{
		"Cart":                  {"taxLines"},
		"ShippingRate":          {"taxTotal", "subtotal"},
		"CreateAccountInput":    {"authenticate"},
		"RegisterCustomerInput": {"authenticate"},
		"RootQuery":             {"productsWithVariations", "productBrands"},
		"RootMutation":          {"createRefund", "createOrderNote"},
		"UpdateProductInput":    {"stockQuantity"},
	}
}

// trimSchema takes away what WooGraphQL 0.21 does not have.
func trimSchema(schema *ast.Schema) {
	for kind, names := range laterFields() {
		def := schema.Types[kind]
		if def == nil {
			continue
		}
		def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool { return slices.Contains(names, f.Name) })
	}
	if rate := schema.Types["ShippingRate"]; rate != nil {
		for _, f := range rate.Fields {
			if f.Name == "cost" {
				f.Arguments = nil
			}
		}
	}
}
