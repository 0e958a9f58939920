package graphql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

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
