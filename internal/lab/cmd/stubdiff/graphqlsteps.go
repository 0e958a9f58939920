package main

import (
	"encoding/json"
	"strings"
)

// ask is a GraphQL operation; learn begins below data.
func ask(name, document string, learn map[string]string, ignore ...string) step {
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		body = nil // a string can always be encoded
	}
	return step{
		name: "graphql " + name, method: "POST", path: graphqlPath, body: unescaped(string(body)), learn: learn,
		ignore: append([]string{"extensions*", "errors[*].extensions*", "header Cache-Control", "header Link"}, ignore...),
	}
}

// inCart is an operation of the shopper's session.
func inCart(name, document string, learn map[string]string, ignore ...string) step {
	s := ask(name, document, learn, ignore...)
	s.header = map[string]string{"woocommerce-session": "Session <session>"}
	return s
}

const (
	productFields = `__typename databaseId slug name sku type onSale catalogVisibility shortDescription
		... on SimpleProduct{price regularPrice salePrice rawPrice:price(format:RAW) stockStatus manageStock backordersAllowed weight taxStatus taxClass virtual downloadable soldIndividually purchasable}
		... on VariableProduct{price regularPrice rawPrice:price(format:RAW) stockStatus manageStock attributes{nodes{name label options variation scope}} variations(first:20){nodes{databaseId name sku price stockStatus manageStock attributes{nodes{name value}}}}}
		... on ExternalProduct{price externalUrl buttonText} ... on GroupProduct{price products(first:10){nodes{__typename databaseId slug}}}
		productCategories{nodes{slug name}} image{altText sourceUrl}`
	cartFields = `cart{total subtotal subtotalTax shippingTotal shippingTax discountTotal totalTax(format:RAW) isEmpty needsShippingAddress chosenShippingMethods contents{itemCount productCount nodes{quantity total subtotal tax product{node{databaseId slug}} variation{node{databaseId}}}}
		appliedCoupons{code discountAmount} fees{name} availableShippingMethods{packageDetails rates{id cost label methodId}}}`
)

func graphQL() []step {
	var list []step
	for _, slug := range []string{"masala-chai-mug", "cotton-t-shirt-sale", "free-sample", "price-on-request", "handloom-rug", "recipe-ebook", "brass-idol", "diwali-gift-set", "handblock-kurta", "brass-bangle", "there-is-none", "draft-item"} {
		list = append(list, ask("product "+slug, `{product(id:"`+slug+`",idType:SLUG){`+productFields+`}}`, nil, "*sourceUrl"))
	}
	const address = `{firstName:"Ravi",lastName:"Iyer",address1:"14 Brigade Road",city:"Bengaluru",state:"KA",postcode:"560001",country:IN,email:"ravi@example.test",phone:"+919800000002"}`
	list = append(list,
		ask("by id", `{product(id:"<id of MUG-001>",idType:DATABASE_ID){databaseId slug}}`, nil), ask("by SKU", `{product(id:"KURTA",idType:SKU){databaseId slug}}`, nil),
		ask("list", `{products(first:5,where:{include:[<id of MUG-001>,<id of PEN-001>,<id of KURTA>],orderby:{field:SLUG,order:ASC}}){pageInfo{hasNextPage hasPreviousPage} nodes{__typename databaseId slug}}}`, nil),
		ask("variation", `{productVariation(id:"<id of KURTA-S-RED>",idType:DATABASE_ID){databaseId name sku price regularPrice stockStatus manageStock parent{node{databaseId}} attributes{nodes{name value}}}}`, nil),
		ask("categories", `{productCategories(first:20,where:{hideEmpty:false,orderby:SLUG}){nodes{slug name parentDatabaseId}}}`, nil),
		ask("a field there is none", `{product(id:"1",idType:DATABASE_ID){nothing}}`, nil), ask("a syntax error", `{product(`, nil), ask("a bad id", `{product(id:"x",idType:DATABASE_ID){slug}}`, nil),
		ask("a missing argument", `{product{slug}}`, nil), ask("two operations", `query A{__typename} query B{__typename}`, nil), ask("nothing at all", ``, nil),
		ask("an empty cart", `{`+cartFields+`}`, nil),
		ask("added", `mutation{addToCart(input:{productId:<lamp>,quantity:2}){cartItem{key quantity} `+cartFields+`}}`, map[string]string{"session": "header Woocommerce-Session", "gitem": "data.addToCart.cartItem.key"}),
		inCart("added a variation", `mutation{addToCart(input:{productId:<id of KURTA>,variationId:<id of KURTA-S-RED>,quantity:1}){cartItem{key quantity} `+cartFields+`}}`, map[string]string{"gitem 2": "data.addToCart.cartItem.key"}),
		inCart("added too many", `mutation{addToCart(input:{productId:<lamp>,quantity:5000}){cartItem{key}}}`, nil), inCart("added what is none", `mutation{addToCart(input:{productId:999999999}){cartItem{key}}}`, nil),
		inCart("changed", `mutation{updateItemQuantities(input:{items:[{key:"<gitem>",quantity:3}]}){updated{key quantity} `+cartFields+`}}`, nil),
		inCart("coupon", `mutation{applyCoupon(input:{code:"save10"}){`+cartFields+`}}`, nil), inCart("no such coupon", `mutation{applyCoupon(input:{code:"nothing"}){cart{total}}}`, nil),
		inCart("coupon off", `mutation{removeCoupons(input:{codes:["save10"]}){`+cartFields+`}}`, nil),
		inCart("address", `mutation{updateCustomer(input:{billing:`+address+`,shipping:{firstName:"Ravi",lastName:"Iyer",address1:"14 Brigade Road",city:"Bengaluru",state:"KA",postcode:"560001",country:IN}}){customer{billing{city state} shipping{city state postcode country}}}}`, nil),
		inCart("rate", `mutation{updateShippingMethod(input:{shippingMethods:["flat_rate:1"]}){`+cartFields+`}}`, nil),
		inCart("removed", `mutation{removeItemsFromCart(input:{keys:["<gitem 2>"]}){cartItems{quantity} `+cartFields+`}}`, nil), inCart("cart", `{`+cartFields+`}`, nil),
		inCart("checkout, no gateway", `mutation{checkout(input:{billing:`+address+`,paymentMethod:"nothing"}){result}}`, nil),
		inCart("checkout", `mutation{checkout(input:{billing:`+address+`,shippingMethod:["flat_rate:1"],paymentMethod:"cod"}){result redirect order{databaseId status total paymentMethod lineItems{nodes{quantity total productId}}}}}`, map[string]string{"asked": "data.checkout.order.databaseId"}, "*redirect"),
		inCart("cart afterwards", `{`+cartFields+`}`, nil), inCart("emptied", `mutation{emptyCart(input:{}){deletedCart{isEmpty} cart{isEmpty}}}`, nil),
	)
	forged := ask("a forged session", `{cart{isEmpty}}`, nil)
	forged.header = map[string]string{"woocommerce-session": "Session eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9.AAAA"}
	return append(list, forged)
}

// unescaped keeps <names> readable in an encoded document.
func unescaped(text string) string {
	for escaped, plain := range map[string]string{`\u003c`: "<", `\u003e`: ">"} {
		text = strings.ReplaceAll(text, escaped, plain)
	}
	return text
}
