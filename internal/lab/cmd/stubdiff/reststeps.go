package main

// goodsIgnore is what a store's own life changes of a seeded product.
var goodsIgnore = []string{"*total_sales", "*stock_quantity", "*related_ids*", "*downloads*.file", "*ankkor_stock.revision", "*ankkor_stock.quantity", "*average_rating", "*meta_data*"}

func restReads() []step {
	var list []step
	for _, sku := range []string{"MUG-001", "PEN-001", "TEE-SALE", "FREE-0", "POR-1", "RUG-BO", "EBOOK-1", "EXT-1", "GRP-1", "KURTA", "BANGLE", "DRAFT-1"} {
		list = append(list, get("product "+sku, "products/<id of "+sku+">", goodsIgnore...))
	}
	list = append(list,
		get("variations", "products/<id of KURTA>/variations?orderby=id&order=asc", goodsIgnore...),
		get("variation", "products/<id of KURTA>/variations/<id of KURTA-M-RED>", goodsIgnore...),
		get("products by id", "products?include=<id of MUG-001>,<id of PEN-001>,<id of KURTA>&orderby=id&order=asc", goodsIgnore...),
		get("products by SKU", "products?sku=MUG-001,KURTA-S-RED&orderby=id", goodsIgnore...),
		get("products, some fields", "products?include=<id of MUG-001>,<id of TEA-ODD>&_fields=id,sku,price&orderby=id"),
		get("products, a page", "products?include=<id of MUG-001>,<id of PEN-001>,<id of TEA-ODD>&per_page=2&page=1&orderby=id&_fields=id"),
		get("categories", "products/categories?slug=home&hide_empty=false", "*count", "*.image*"), get("category", "products/categories/<categories kitchen-dining>", "count"), get("tags", "products/tags?orderby=slug"),
		get("attributes", "products/attributes"), get("tax rates", "taxes?orderby=id&order=asc"), get("tax classes", "taxes/classes"),
		get("zones", "shipping/zones"), get("zone methods", "shipping/zones/1/methods"), get("zone locations", "shipping/zones/1/locations"),
		get("zone 0", "shipping/zones/0/methods"), ofShape(get("shipping methods", "shipping_methods")),
		get("currency", "data/currencies/current"), get("India", "data/countries/in"), ofShape(get("countries", "data/countries")),
		ofShape(get("settings", "settings")), ofShape(get("general settings", "settings/general")), ofShape(get("tax settings", "settings/tax")),
		ofShape(get("product settings", "settings/products")), get("one setting", "settings/tax/woocommerce_prices_include_tax"),
		ofShape(get("coupons", "coupons")), get("coupon by code", "coupons?code=save10", "*id", "*href", "*usage_count", "*used_by*"),
		ofShape(get("customers", "customers?role=all")), ofShape(get("orders", "orders?per_page=3")),
		ofShape(get("webhooks", "webhooks")), ofShape(get("gateways", "payment_gateways")), get("cash on delivery", "payment_gateways/cod?_fields=id,title,enabled,order"),
		ofShape(get("system status", "system_status?_fields=environment,settings,theme")),
	)
	return list
}

func restRefusals() []step {
	wrong := get("a wrong key", "products")
	wrong.as, wrong.header = visitor, map[string]string{"Authorization": "Basic Y2tfbm9ib2R5OmNzX25vYm9keQ=="}
	nobody := get("nobody", "orders")
	nobody.as = visitor
	return []step{
		wrong, nobody,
		get("no product", "products/999999999"), get("no order", "orders/999999999"), get("no route", "nothing"),
		get("no coupon", "coupons/999999999"), get("no customer", "customers/999999999"), get("no zone", "shipping/zones/99"),
		get("a page too long", "products?per_page=101"), get("a page past the end", "products?page=9999&_fields=id", "header X-Wp-Total*", "header Link"),
		get("a status that is none", "products?status=nonsense"), get("an order status that is none", "orders?status=nonsense"),
		write("order, bad status", "POST", "orders", `{"status":"nonsense"}`, nil), write("order, bad line", "POST", "orders", `{"line_items":[{"product_id":16,"quantity":"many"}]}`, nil),
		write("order, bad e-mail", "POST", "orders", `{"billing":{"email":"nobody"}}`, nil), write("no order to change", "PUT", "orders/999999999", `{"set_paid":true}`, nil),
		write("order, total as number", "POST", "orders", `{"line_items":[{"product_id":16,"quantity":1,"total":10}]}`, nil),
		write("order, no customer", "POST", "orders", `{"customer_id":999999}`, nil), write("broken JSON", "POST", "orders", `{"status":`, nil),
		write("no order to remove", "DELETE", "orders/999999999", "", nil), write("product, bad type", "POST", "products", `{"type":"nonsense"}`, nil),
		write("batch of too many", "POST", "products/batch", `{"delete":[`+manyIDs+`]}`, nil),
	}
}

// restProduct makes what the writes below buy and change.
func restProduct() []step {
	made := []string{"id", "*href", "*permalink*", "*generated_slug", "*slug", "meta_data*", "*ankkor_stock.product_id", "related_ids*", "price_html"}
	return []step{
		write("product made", "POST", "products", `{"name":"Stubdiff lamp","sku":"STUBDIFF-1","regular_price":"100","manage_stock":true,"stock_quantity":50,"tax_class":"gst-18"}`,
			map[string]string{"lamp": "id"}, made...),
		write("product changed", "PUT", "products/<lamp>", `{"sale_price":"90","stock_quantity":40}`, nil, made...),
		write("product again", "POST", "products", `{"name":"Stubdiff lamp","sku":"STUBDIFF-1"}`, nil, "*resource_id"),
		get("product read", "products/<lamp>", made...),
		write("stock batch", "POST", "products/batch", `{"update":[{"id":<lamp>,"stock_quantity":45},{"id":999999999,"stock_quantity":1}]}`, nil,
			"update[0].id", "*href", "*permalink*", "*generated_slug", "*slug", "*ankkor_stock.product_id", "*related_ids*", "*price_html"),
	}
}

// orderIgnore are an order's own numbers.
var orderIgnore = []string{"*.id", "id", "number", "*href", "version", "customer_ip_address", "customer_user_agent", "payment_url", "*rate_id", "*meta_data[*", "*taxes[*].id"}

func restOrder() []step {
	const order = `{"status":"pending","payment_method":"cod","payment_method_title":"Cash on delivery","transaction_id":"stubdiff_token","billing":{"first_name":"Ravi","last_name":"Iyer",
		"address_1":"14 Brigade Road","city":"Bengaluru","state":"KA","postcode":"560001","country":"IN","email":"ravi@example.test","phone":"+919800000002"},
		"shipping":{"first_name":"Ravi","last_name":"Iyer","address_1":"14 Brigade Road","city":"Bengaluru","state":"KA","postcode":"560001","country":"IN"},
		"meta_data":[{"key":"_stubdiff","value":"1"}],"line_items":[{"product_id":<lamp>,"quantity":2,"subtotal":"169.491525","total":"169.491525"}],
		"shipping_lines":[{"method_id":"flat_rate","instance_id":"1","method_title":"Flat rate","total":"41.525424"}],
		"fee_lines":[{"name":"Gift wrap","total":"20.000000","tax_status":"none"}]}`
	learn := map[string]string{"order": "id", "line": "line_items.0.id"}
	note := []string{"id", "*href", "author"}
	// A refused coupon leaves an order behind, which not every version names.
	left := get("what the refusal left", "orders?search=stubdiff_refused&_fields=id,status", "[*].id")
	left.learn = map[string]string{"draft": "0.id"}
	return []step{
		write("order made", "POST", "orders?dp=6", order, learn, orderIgnore...),
		get("order read", "orders/<order>", orderIgnore...),
		get("order searched", "orders?search=stubdiff_token&_fields=status,total,transaction_id"),
		write("order noted", "POST", "orders/<order>/notes", `{"note":"Stubdiff was here","customer_note":false}`, map[string]string{"note": "id"}, note...),
		get("note read", "orders/<order>/notes/<note>", note...),
		write("order paid", "PUT", "orders/<order>", `{"set_paid":true,"transaction_id":"stubdiff_payment"}`, nil, orderIgnore...),
		get("order paid, read", "orders/<order>", orderIgnore...), get("stock after the sale", "products/<lamp>?_fields=stock_quantity,stock_status,total_sales"),
		ofShape(get("notes", "orders/<order>/notes")),
		write("refund", "POST", "orders/<order>/refunds", `{"amount":"50","reason":"cracked","api_refund":false,"line_items":[{"id":<line>,"quantity":1,"refund_total":42.37}]}`,
			map[string]string{"refund": "id"}, orderIgnore...),
		write("refund too much", "POST", "orders/<order>/refunds", `{"amount":"5000","api_refund":false}`, nil), get("refunds", "orders/<order>/refunds", "[*].id", "*href", "*line_items[*].id", "*meta_data*"),
		write("order cancelled", "PUT", "orders/<order>", `{"status":"cancelled"}`, nil, orderIgnore...), get("stock after cancelling", "products/<lamp>?_fields=stock_quantity"),
		write("order with a refused coupon", "POST", "orders", `{"transaction_id":"stubdiff_refused","line_items":[{"product_id":<lamp>,"quantity":1}],"coupon_lines":[{"code":"expired"}]}`, nil, "data.new_draft_order_id"),
		left,
		write("order with a coupon", "POST", "orders", `{"line_items":[{"product_id":<lamp>,"quantity":1}],"coupon_lines":[{"code":"save10"}]}`, map[string]string{"second": "id"}, orderIgnore...),
		write("order trashed", "DELETE", "orders/<second>", "", nil, orderIgnore...), write("order trashed twice", "DELETE", "orders/<second>", "", nil),
		get("order in the trash", "orders/<second>?_fields=status,total"), write("webhook made", "POST", "webhooks", `{"name":"stubdiff","topic":"order.updated","delivery_url":"http://127.0.0.1:9/","secret":"s","status":"paused"}`, map[string]string{"hook": "id"}, "id", "*href"),
		write("webhook changed", "PUT", "webhooks/<hook>", `{"status":"disabled"}`, nil, "id", "*href"),
	}
}

// tidying takes away what was made.
func tidying() []step {
	var list []step
	for _, path := range []string{"webhooks/<hook>", "orders/<order>/refunds/<refund>", "orders/<order>", "orders/<second>", "orders/<draft>", "orders/<bought>", "orders/<asked>", "products/<lamp>"} {
		s := write("tidy "+path, "DELETE", path+"?force=true", "", nil, orderIgnore...)
		s.tidies, s.shape = true, true
		list = append(list, s)
	}
	return list
}

// manyIDs are 101 ids.
const manyIDs = tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + "," + tenIDs + ",1"

const tenIDs = "1,2,3,4,5,6,7,8,9,10"
