package main

// shopper adds what a shopper of the Store API sends along.
func shopper(name, method, path, body string, learn map[string]string, ignore ...string) step {
	return step{
		name: "store api " + name, method: method, path: "/wp-json/wc/store/v1/" + path, body: body, learn: learn,
		header: map[string]string{"Cart-Token": "<cart token>", "Nonce": "<nonce>"},
		ignore: append([]string{"*low_stock_remaining", "*stock_availability*", "*quantity_limits.maximum", "*maximum", "*.extensions*"}, ignore...),
	}
}

func storeAPI() []step {
	first := shopper("first cart", "GET", "cart", "", map[string]string{"cart token": "header Cart-Token", "nonce": "header Nonce"})
	first.header = nil
	strange := shopper("without a token or nonce", "POST", "cart/add-item", `{"id":<lamp>,"quantity":1}`, nil)
	strange.header = nil
	forged := shopper("a forged token", "GET", "cart", "", nil)
	forged.header = map[string]string{"Cart-Token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9.AAAA"}
	const home = `{"first_name":"Ravi","last_name":"Iyer","company":"","address_1":"14 Brigade Road","address_2":"","city":"Bengaluru","state":"KA","postcode":"560001","country":"IN","phone":"+919800000002"`
	order := []string{"order_id", "order_number", "order_key", "*redirect_url", "customer_id", "*.id"}
	return []step{
		shopper("product", "GET", "products/<id of MUG-001>", "", nil), shopper("variable product", "GET", "products/<id of KURTA>", "", nil),
		shopper("products", "GET", "products?include=<id of MUG-001>,<id of TEE-SALE>,<id of GRP-1>&orderby=id&order=asc", "", nil),
		shopper("variations", "GET", "products?type=variation&parent=<id of KURTA>&orderby=id&order=asc", "", nil),
		shopper("by slug", "GET", "products/masala-chai-mug", "", nil), shopper("category", "GET", "products/categories/<categories kitchen-dining>", "", nil, "count", "review_count"),
		shopper("no product", "GET", "products/999999999", "", nil), shopper("no such slug", "GET", "products/there-is-none", "", nil),
		ofShape(shopper("facets", "GET", "products/collection-data?calculate_price_range=true&calculate_stock_status_counts=true", "", nil)),
		first, strange, forged,
		shopper("added", "POST", "cart/add-item", `{"id":<lamp>,"quantity":2}`, map[string]string{"item": "items.0.key"}),
		shopper("added a variation", "POST", "cart/add-item", `{"id":<id of KURTA>,"quantity":1,"variation":[{"attribute":"pa_size","value":"s"},{"attribute":"pa_color","value":"red"}]}`, map[string]string{"second item": "items.1.key"}),
		shopper("added too many", "POST", "cart/add-item", `{"id":<lamp>,"quantity":5000}`, nil), shopper("added what is none", "POST", "cart/add-item", `{"id":999999999,"quantity":1}`, nil),
		shopper("added nothing", "POST", "cart/add-item", `{"id":<lamp>,"quantity":0}`, nil), shopper("changed", "POST", "cart/update-item", `{"key":"<item>","quantity":3}`, nil),
		shopper("changed what is none", "POST", "cart/update-item", `{"key":"nothing","quantity":3}`, nil), shopper("no such coupon", "POST", "cart/apply-coupon", `{"code":"nothing"}`, nil),
		shopper("coupon", "POST", "cart/apply-coupon", `{"code":"save10"}`, nil), shopper("coupon twice", "POST", "cart/apply-coupon", `{"code":"save10"}`, nil),
		shopper("coupon off", "POST", "cart/remove-coupon", `{"code":"save10"}`, nil),
		shopper("address", "POST", "cart/update-customer", `{"billing_address":`+home+`,"email":"ravi@example.test"},"shipping_address":`+home+`}}`, nil),
		shopper("bad country", "POST", "cart/update-customer", `{"shipping_address":{"country":"XX"}}`, nil), shopper("rate", "POST", "cart/select-shipping-rate", `{"package_id":0,"rate_id":"flat_rate:1"}`, nil),
		shopper("bad rate", "POST", "cart/select-shipping-rate", `{"package_id":0,"rate_id":"flat_rate:99"}`, nil), shopper("removed", "POST", "cart/remove-item", `{"key":"<second item>"}`, nil),
		shopper("items", "GET", "cart/items", "", nil), shopper("batch", "POST", "batch", `{"requests":[{"method":"POST","path":"/wc/store/v1/cart/update-item","body":{"key":"<item>","quantity":1},"headers":{"Nonce":"<nonce>"}}]}`, nil, "*headers*"),
		shopper("checkout read", "GET", "checkout", "", map[string]string{"bought": "order_id"}, order...),
		shopper("checkout, no gateway", "POST", "checkout", `{"billing_address":`+home+`,"email":"ravi@example.test"},"payment_method":"nothing"}`, nil, order...),
		shopper("checkout", "POST", "checkout", `{"billing_address":`+home+`,"email":"ravi@example.test"},"shipping_address":`+home+`},"payment_method":"cod"}`, map[string]string{"bought": "order_id"}, order...),
		shopper("cart afterwards", "GET", "cart", "", nil), shopper("checkout of nothing", "POST", "checkout", `{"payment_method":"cod"}`, nil, order...),
	}
}
