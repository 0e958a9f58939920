package session

import (
	"maps"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/checkout"
)

// cartFields are what is asked of a cart. The total comes first: reading it
// makes WooCommerce compute the others. CartItem.id is not among them, since
// the server fails on it; $contents and $rate stand for what differs.
const cartFields = `{
	total(format: RAW)
	subtotal(format: RAW) subtotalTax(format: RAW)
	discountTotal(format: RAW) discountTax(format: RAW)
	shippingTotal(format: RAW) shippingTax(format: RAW)
	feeTotal(format: RAW) feeTax(format: RAW) totalTax(format: RAW)
	needsShippingAddress chosenShippingMethods
	totalTaxes { label amount(format: RAW) }
	appliedCoupons { code discountAmount(format: RAW) discountTax(format: RAW) }
	fees { id name total taxable taxClass }
	availableShippingMethods { packageDetails rates { id methodId instanceId label $rate } }
	contents($contents) {
		pageInfo { hasNextPage endCursor }
		nodes {
			key quantity
			subtotal(format: RAW) subtotalTax(format: RAW) total(format: RAW) tax(format: RAW)
			extraData { key value }
			product { node { databaseId name sku } }
			variation { attributes { name value } node { databaseId name sku } }
		}
	}
}`

const (
	rateFields    = `subtotal(format: RAW) taxTotal(format: RAW) cost(format: RAW)` // since 1.0
	oldRateFields = `cost`
	addressFields = `{ firstName lastName company address1 address2 city state postcode country email phone }`
)

// cartSelection is cartFields in the words of a version.
func cartSelection(old bool, contents string) string {
	rate := rateFields
	if old {
		rate = oldRateFields
	}
	return strings.NewReplacer("$rate", rate, "$contents", contents).Replace(cartFields)
}

const pageOfLines = "first: 100"

func readDocument(old bool) string {
	return `query Cart($after: String) { cart ` + cartSelection(old, pageOfLines+", after: $after") +
		` customer { billing ` + addressFields + ` shipping ` + addressFields + ` } }`
}

// mutation is a change as WooGraphQL takes it.
type mutation struct {
	op, name, inputType string
	input               map[string]any
	blind               bool // its answer has no cart
}

func (m mutation) document() func(bool) string {
	return func(old bool) string {
		answer := `cart ` + cartSelection(old, pageOfLines)
		if m.blind {
			answer = `clientMutationId`
		}
		return `mutation Change($input: ` + m.inputType + `!) { ` + m.name + `(input: $input) { ` + answer + ` } }`
	}
}

// mutationOf translates a change.
func mutationOf(change Change) (mutation, error) {
	switch c := change.(type) {
	case AddItem:
		input, err := addInput(c)
		return mutation{op: "add to cart", name: "addToCart", inputType: "AddToCartInput", input: input}, err
	case SetQuantity:
		return quantityMutation("change quantity", c.Key, c.Quantity), nil
	case RemoveLine:
		return mutation{op: "remove from cart", name: "removeItemsFromCart", inputType: "RemoveItemsFromCartInput", input: map[string]any{"keys": []string{c.Key}}}, nil
	case Clear:
		return mutation{op: "empty cart", name: "emptyCart", inputType: "EmptyCartInput", input: map[string]any{"clearPersistentCart": true}}, nil
	case ApplyCoupon:
		return mutation{op: "apply coupon", name: "applyCoupon", inputType: "ApplyCouponInput", input: map[string]any{"code": c.Code}}, nil
	case RemoveCoupon:
		return mutation{op: "remove coupon", name: "removeCoupons", inputType: "RemoveCouponsInput", input: map[string]any{"codes": []string{c.Code}}}, nil
	case SetCustomer:
		// shippingSameAsBilling stays away: for a guest it drops the shipping
		// address that is sent beside it.
		input := map[string]any{"billing": graphAddress(c.Billing, true), "shipping": graphAddress(c.Shipping, false)}
		return mutation{op: "set customer", name: "updateCustomer", inputType: "UpdateCustomerInput", input: input, blind: true}, nil
	case ChooseRates:
		return mutation{op: "choose shipping", name: "updateShippingMethod", inputType: "UpdateShippingMethodInput", input: map[string]any{"shippingMethods": c.Rates}}, nil
	}
	return mutation{}, invalid("change", "is not one that WooGraphQL knows")
}

func quantityMutation(op, key string, quantity int64) mutation {
	items := []map[string]any{{"key": key, "quantity": quantity}}
	return mutation{op: op, name: "updateItemQuantities", inputType: "UpdateItemQuantitiesInput", input: map[string]any{"items": items}}
}

func addInput(a AddItem) (map[string]any, error) {
	input := map[string]any{"productId": a.ProductID, "quantity": a.Quantity}
	if a.VariationID != 0 {
		input["variationId"] = a.VariationID
	}
	var chosen []map[string]string
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		chosen = append(chosen, map[string]string{"attributeName": name, "attributeValue": a.Attributes[name]})
	}
	if len(chosen) > 0 {
		input["variation"] = chosen
	}
	data, err := extraData(a.Data)
	if data != "" {
		input["extraData"] = data
	}
	return input, err
}

// graphAddress is an address as WooGraphQL takes it. A country is an enum, which
// has no empty value.
func graphAddress(a checkout.Address, billing bool) map[string]any {
	input := map[string]any{
		"firstName": a.FirstName, "lastName": a.LastName, "company": a.Company, "address1": a.Address1, "address2": a.Address2,
		"city": a.City, "state": a.State, "postcode": a.Postcode, "phone": a.Phone,
	}
	if a.Country != "" {
		input["country"] = a.Country
	}
	if billing {
		input["email"] = a.Email
	}
	return input
}
