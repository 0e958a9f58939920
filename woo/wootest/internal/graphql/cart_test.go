package graphql_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
	"github.com/google/go-cmp/cmp"
)

// waitLong is longer than any test takes.
const waitLong = time.Minute

const (
	mugKey = "c74d97b01eae257e44aa9d5bade97baf" // 16
	penKey = "70efdf2ec9b086079795c442636b55fb" // 17
)

// TestCartSteps: what a cart answers step by step, each sequence compared with
// a real store (WooCommerce 10.0.2, WooGraphQL 1.0.2).
func TestCartSteps(t *testing.T) {
	addPen := storetest.Step{Query: `mutation{addToCart(input:{productId:17}){cart{total}}}`, Want: `{"addToCart":{"cart":{"total":"₹82.83"}}}`}
	tests := map[string][]storetest.Step{
		"a variation of another product": {
			{Query: `mutation{addToCart(input:{productId:37,variationId:46}){cart{total}}}`, Want: `The selected product isn't a variation of Handblock Kurta, please choose product options by visiting <a href="BASE/product/handblock-kurta/" title="Handblock Kurta">Handblock Kurta</a>.`},
		},
		"a variation as a product": {
			{Query: `mutation{addToCart(input:{productId:43}){cartItem{product{node{databaseId}} variation{node{databaseId}}}}}`, Want: `{"addToCart":{"cartItem":{"product":{"node":{"databaseId":37}},"variation":{"node":{"databaseId":43}}}}}`},
		},
		"attributes": {
			{Query: `mutation{addToCart(input:{productId:44,variationId:45,variation:[{attributeName:"colour",attributeValue:"x"}]}){cart{total}}}`, Want: `colour is not a valid attribute of the product: Brass Bangle.`},
			{Query: `mutation{addToCart(input:{productId:44,variationId:45,variation:[{attributeName:"engraving",attributeValue:"Zzz"}]}){cart{total}}}`, Want: `Invalid value posted for Engraving`},
			{Query: `mutation{addToCart(input:{productId:37,variationId:43,variation:[{attributeName:"size",attributeValue:"m"}]}){cart{total}}}`, Want: `Invalid value posted for Size`},
		},
		"stock with the cart": {
			{Query: `mutation{addToCart(input:{productId:16,quantity:8}){cartItem{quantity}}}`, Want: `{"addToCart":{"cartItem":{"quantity":8}}}`},
			{Query: `mutation{addToCart(input:{productId:16,quantity:3}){cartItem{quantity}}}`, Want: `You cannot add that amount to the cart &mdash; we have 10 in stock and you already have 8 in your cart. <a href="BASE/cart/" class="button wc-forward wp-element-button">View cart</a>`},
			{Query: `mutation{addToCart(input:{productId:16,quantity:2}){cartItem{quantity}}}`, Want: `{"addToCart":{"cartItem":{"quantity":10}}}`},
		},
		"variations share their parent's stock": {
			{Query: `mutation{addToCart(input:{productId:37,variationId:40,quantity:15}){cartItem{quantity}}}`, Want: `{"addToCart":{"cartItem":{"quantity":15}}}`},
			{Query: `mutation{addToCart(input:{productId:37,variationId:41,quantity:6}){cartItem{quantity}}}`, Want: `You cannot add that amount to the cart &mdash; we have 20 in stock and you already have 15 in your cart. <a href="BASE/cart/" class="button wc-forward wp-element-button">View cart</a>`},
		},
		"extra data makes another item": {
			{Query: `mutation{addToCart(input:{productId:17,extraData:"{\"gift\":\"yes\"}"}){cartItem{extraData{id key value}}}}`, Want: `{"addToCart":{"cartItem":{"extraData":[{"id":"cart__gift","key":"gift","value":"yes"}]}}}`},
			{Query: `mutation{addToCart(input:{productId:17}){cart{contents{itemCount productCount}}}}`, Want: `{"addToCart":{"cart":{"contents":{"itemCount":2,"productCount":2}}}}`},
			{Query: `mutation{addToCart(input:{productId:17,extraData:"nonsense"}){cart{contents{itemCount productCount}}}}`, Want: `{"addToCart":{"cart":{"contents":{"itemCount":3,"productCount":2}}}}`},
		},
		"nothing to ship": {
			{Query: `mutation{addToCart(input:{productId:31}){cart{total needsShippingAddress chosenShippingMethods availableShippingMethods{packageDetails}}}}`, Want: `{"addToCart":{"cart":{"total":"₹299.01","needsShippingAddress":false,"chosenShippingMethods":[],"availableShippingMethods":[]}}}`},
			{Query: `mutation{updateShippingMethod(input:{shippingMethods:["flat_rate:1"]}){cart{total}}}`, Want: `No shipping packages available for corresponding index 0`},
		},
		"removing": {
			{Query: `mutation{removeItemsFromCart(input:{keys:["x"]}){cart{total}}}`, Want: `No items in cart to remove.`},
			addPen,
			{Query: `mutation{removeItemsFromCart(input:{}){cart{total}}}`, Want: `No cart item keys provided`},
			{Query: `mutation{removeItemsFromCart(input:{keys:["x"]}){cart{total}}}`, Want: `No cart item found with the key: x`},
			{Query: `mutation{removeItemsFromCart(input:{all:true}){cartItems{quantity total} cart{isEmpty}}}`, Want: `{"removeItemsFromCart":{"cartItems":[{"quantity":1,"total":"₹25.01"}],"cart":{"isEmpty":true}}}`},
			{Query: `mutation{restoreCartItems(input:{keys:["nope"]}){cart{total}}}`, Want: `Failed to restore cart item with the key: nope`},
			{Query: `mutation{restoreCartItems(input:{}){cart{total}}}`, Want: `No cart item keys provided`},
			{Query: `mutation{restoreCartItems(input:{keys:["` + penKey + `"]}){cart{total}}}`, Want: `{"restoreCartItems":{"cart":{"total":"₹82.83"}}}`},
		},
		"a restored item replaces one added since": {
			{Query: `mutation{addToCart(input:{productId:17,quantity:3}){cart{isEmpty}}}`, Want: `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{Query: `mutation{removeItemsFromCart(input:{all:true}){cart{isEmpty}}}`, Want: `{"removeItemsFromCart":{"cart":{"isEmpty":true}}}`},
			{Query: `mutation{addToCart(input:{productId:17}){cart{contents{itemCount}}}}`, Want: `{"addToCart":{"cart":{"contents":{"itemCount":1}}}}`},
			{Query: `mutation{restoreCartItems(input:{keys:["` + penKey + `"]}){cart{contents{itemCount}}}}`, Want: `{"restoreCartItems":{"cart":{"contents":{"itemCount":3}}}}`},
		},
		"quantities": {
			addPen,
			{Query: `mutation{updateItemQuantities(input:{items:[{key:"zz",quantity:0}]}){updated{key}}}`, Want: `Cart items identified with keys zz failed to update`},
			{Query: `mutation{updateItemQuantities(input:{items:[{key:"zz",quantity:2}]}){updated{key}}}`, Want: `Internal server error`},
			{Query: `mutation{updateItemQuantities(input:{items:[]}){updated{key}}}`, Want: `No item data provided`},
			{Query: `mutation{updateItemQuantities(input:{items:[{key:"` + penKey + `",quantity:-1}]}){updated{key} items{key} cart{total}}}`, Want: `Internal server error|Internal server error`},
			{Query: `{cart{isEmpty}}`, Want: `{"cart":{"isEmpty":true}}`},
		},
		"nothing could be added": {
			{Query: `mutation{addCartItems(input:{items:[{productId:25},{productId:99999}]}){added{key}}}`, Want: `Failed to add any cart items. Please check input.`},
			{Query: `mutation{addCartItems(input:{items:[]}){added{key}}}`, Want: `No cart item data provided`},
			{Query: `mutation{fillCart(input:{items:[]}){added{key}}}`, Want: `No cart item data provided`},
		},
		"filling with mistakes": {
			{Query: `mutation{fillCart(input:{items:[{productId:17}],coupons:["flat100"],shippingMethods:["nope:1"]}){applied{code} chosenShippingMethods cartErrors{__typename type reasons}}}`,
				Want: `{"fillCart":{"applied":null,"chosenShippingMethods":["flat_rate:1"],"cartErrors":[{"__typename":"CouponError","type":"INVALID_COUPON","reasons":["The minimum spend for coupon &quot;flat100&quot; is <span class=\"woocommerce-Price-amount amount\"><bdi><span class=\"woocommerce-Price-currencySymbol\">&#8377;</span>500.00</bdi></span>."]},{"__typename":"ShippingMethodError","type":"INVALID_SHIPPING_METHOD","reasons":["\"nope:1\" is not an available shipping method for shipping package \"Gel Pen ×1\""]}]}}`},
		},
		"fees are for the back office": {
			{Query: `mutation{addFee(input:{name:"x",amount:5}){cart{total}}}`, Want: `You do not have the appropriate capabilities to perform this action.`},
		},
		"pages of contents": {
			{Query: `mutation{addCartItems(input:{items:[{productId:17},{productId:16},{productId:31}]}){cart{contents(first:2){itemCount productCount pageInfo{hasNextPage} nodes{key}}}}}`, Want: `{"addCartItems":{"cart":{"contents":{"itemCount":3,"productCount":3,"pageInfo":{"hasNextPage":true},"nodes":[{"key":"` + penKey + `"},{"key":"` + mugKey + `"}]}}}}`},
			{Query: `{cart{contents(first:1,after:"YXJyYXljb25uZWN0aW9uOjcwZWZkZjJlYzliMDg2MDc5Nzk1YzQ0MjYzNmI1NWZi"){pageInfo{startCursor} nodes{key}}}}`, Want: `{"cart":{"contents":{"pageInfo":{"startCursor":"YXJyYXljb25uZWN0aW9uOmM3NGQ5N2IwMWVhZTI1N2U0NGFhOWQ1YmFkZTk3YmFm"},"nodes":[{"key":"` + mugKey + `"}]}}}`},
			{Query: `{cart{contents(where:{needsShipping:false}){productCount nodes{product{node{databaseId}}}}}}`, Want: `{"cart":{"contents":{"productCount":3,"nodes":[{"product":{"node":{"databaseId":31}}}]}}}`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			storetest.RunSteps(t, &storetest.Visitor{Store: s}, steps)
		})
	}
}

// TestCartShipping: which rate is chosen when the offer changes.
func TestCartShipping(t *testing.T) {
	tests := map[string][]storetest.Step{
		"flat stays flat when free shipping is offered": {
			{Query: `mutation{addToCart(input:{productId:16}){cart{chosenShippingMethods}}}`, Want: `{"addToCart":{"cart":{"chosenShippingMethods":["flat_rate:1"]}}}`},
			{Query: `mutation{addToCart(input:{productId:21}){cart{chosenShippingMethods availableShippingMethods{rates{id}}}}}`, Want: `{"addToCart":{"cart":{"chosenShippingMethods":["flat_rate:1"],"availableShippingMethods":[{"rates":[{"id":"flat_rate:1"},{"id":"free_shipping:2"},{"id":"local_pickup:3"}]}]}}}`},
			{Query: `mutation{updateShippingMethod(input:{shippingMethods:["free_shipping:2"]}){cart{chosenShippingMethods shippingTotal}}}`, Want: `{"updateShippingMethod":{"cart":{"chosenShippingMethods":["free_shipping:2"],"shippingTotal":"₹0.00"}}}`},
			{Query: `mutation{removeItemsFromCart(input:{keys:["3c59dc048e8850243be8079a5c74d079"]}){cart{chosenShippingMethods shippingTotal}}}`, Want: `{"removeItemsFromCart":{"cart":{"chosenShippingMethods":["flat_rate:1"],"shippingTotal":"₹49.00"}}}`},
		},
		"pickup stays, and is taxed at the shop": {
			{Query: `mutation{updateCustomer(input:{billing:{country:IN,state:"KA"},shipping:{country:IN,state:"KA"}}){customer{shipping{state}}}}`, Want: `{"updateCustomer":{"customer":{"shipping":{"state":"KA"}}}}`},
			{Query: `mutation{addToCart(input:{productId:16}){cart{total totalTaxes{label}}}}`, Want: `{"addToCart":{"cart":{"total":"₹553.88","totalTaxes":[{"label":"IGST"}]}}}`},
			{Query: `mutation{updateShippingMethod(input:{shippingMethods:["local_pickup:3"]}){cart{total totalTaxes{label}}}}`, Want: `{"updateShippingMethod":{"cart":{"total":"₹499.00","totalTaxes":[{"label":"CGST"},{"label":"SGST"}]}}}`},
			{Query: `mutation{addToCart(input:{productId:21}){cart{chosenShippingMethods}}}`, Want: `{"addToCart":{"cart":{"chosenShippingMethods":["local_pickup:3"]}}}`},
		},
		"no zone": {
			{Query: `mutation{updateCustomer(input:{shipping:{country:US,state:"CA",postcode:"90001"}}){customer{shipping{country}}}}`, Want: `{"updateCustomer":{"customer":{"shipping":{"country":"US"}}}}`},
			{Query: `mutation{addToCart(input:{productId:17}){cart{total chosenShippingMethods availableShippingMethods{rates{id}} totalTaxes{label}}}}`, Want: `{"addToCart":{"cart":{"total":"₹21.19","chosenShippingMethods":[""],"availableShippingMethods":[{"rates":null}],"totalTaxes":null}}}`},
			{Query: `mutation{updateShippingMethod(input:{shippingMethods:["flat_rate:1"]}){cart{total}}}`, Want: `"flat_rate:1" is not an available shipping method for shipping package "Gel Pen ×1"`},
		},
		"a second package": {
			{Query: `mutation{addToCart(input:{productId:17}){cart{isEmpty}}}`, Want: `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{Query: `mutation{updateShippingMethod(input:{shippingMethods:["local_pickup:3","flat_rate:1"]}){cart{total}}}`, Want: `No shipping packages available for corresponding index 1`},
			{Query: `{cart{chosenShippingMethods}}`, Want: `{"cart":{"chosenShippingMethods":["flat_rate:1"]}}`},
			{Query: `mutation{updateShippingMethod(input:{shippingMethods:[]}){cart{total}}}`, Want: `No shipping method provided`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			storetest.RunSteps(t, &storetest.Visitor{Store: s}, steps)
		})
	}
}

// TestCartCoupons: what coupons do and what is said of those that do not.
func TestCartCoupons(t *testing.T) {
	const spend = `The minimum spend for coupon &quot;flat100&quot; is <span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&#8377;</span>500.00</bdi></span>.`
	tests := map[string][]storetest.Step{
		"refused": {
			{Query: `mutation{addToCart(input:{productId:17}){cart{isEmpty}}}`, Want: `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{Query: `mutation{applyCoupon(input:{code:"FLAT100"}){cart{total}}}`, Want: spend},
			{Query: `mutation{applyCoupon(input:{code:"mug50"}){cart{total}}}`, Want: `Sorry, coupon &quot;mug50&quot; is not applicable to selected products.`},
			{Query: `mutation{applyCoupon(input:{code:"<b>"}){cart{total}}}`, Want: `Coupon &quot;&lt;b&gt;&quot; cannot be applied because it does not exist.`},
			{Query: `mutation{removeCoupons(input:{codes:["flat100"]}){cart{total}}}`, Want: `This coupon has not been applied to the cart.`},
			{Query: `mutation{removeCoupons(input:{codes:[]}){cart{total}}}`, Want: `No coupon codes provided`},
		},
		"one for individual use pushes the others out": {
			{Query: `mutation{addToCart(input:{productId:16,quantity:2}){cart{isEmpty}}}`, Want: `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{Query: `mutation{applyCoupon(input:{code:"save10"}){applied{code discountAmount}}}`, Want: `{"applyCoupon":{"applied":{"code":"save10","discountAmount":"₹89.11"}}}`},
			{Query: `mutation{applyCoupon(input:{code:"MUG50"}){applied{code discountAmount} cart{appliedCoupons{code discountAmount}}}}`, Want: `{"applyCoupon":{"applied":{"code":"MUG50","discountAmount":"₹0.00"},"cart":{"appliedCoupons":[{"code":"save10","discountAmount":"₹89.11"},{"code":"mug50","discountAmount":"₹89.29"}]}}}`},
			{Query: `mutation{applyCoupon(input:{code:"once"}){cart{appliedCoupons{code}}}}`, Want: `{"applyCoupon":{"cart":{"appliedCoupons":[{"code":"once"}]}}}`},
			{Query: `mutation{applyCoupon(input:{code:"save10"}){cart{total}}}`, Want: `Sorry, coupon &quot;once&quot; has already been applied and cannot be used in conjunction with other coupons.`},
		},
		"on an empty cart": {
			{Query: `mutation{applyCoupon(input:{code:"save10"}){cart{total appliedCoupons{code}}}}`, Want: `{"applyCoupon":{"cart":{"total":"₹0.00","appliedCoupons":[{"code":"save10"}]}}}`},
			{Query: `mutation{applyCoupon(input:{code:"flat100"}){cart{total}}}`, Want: spend},
			{Query: `mutation{applyCoupon(input:{code:"mug50"}){cart{total}}}`, Want: `Sorry, coupon &quot;mug50&quot; is not applicable to selected products.`},
			{Query: `mutation{applyCoupon(input:{code:"expired"}){cart{total}}}`, Want: `Coupon &quot;expired&quot; has expired.`},
			{Query: `mutation{addToCart(input:{productId:16}){cart{total discountTotal}}}`, Want: `{"addToCart":{"cart":{"total":"₹503.98","discountTotal":"₹44.55"}}}`},
		},
		"below its minimum again it gives nothing and stays": {
			{Query: `mutation{addToCart(input:{productId:16,quantity:2}){cart{isEmpty}}}`, Want: `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{Query: `mutation{applyCoupon(input:{code:"flat100"}){cart{discountTotal}}}`, Want: `{"applyCoupon":{"cart":{"discountTotal":"₹89.29"}}}`},
			{Query: `mutation{updateItemQuantities(input:{items:[{key:"` + mugKey + `",quantity:1}]}){cart{discountTotal appliedCoupons{code discountAmount}}}}`, Want: `{"updateItemQuantities":{"cart":{"discountTotal":"₹0.00","appliedCoupons":[{"code":"flat100","discountAmount":"₹0.00"}]}}}`},
			{Query: `mutation{checkout(input:{paymentMethod:"cod"}){result}}`, Want: `Sorry, it seems the coupon &quot;flat100&quot; is invalid - it has now been removed from your order.`},
			{Query: `{cart{appliedCoupons{code}}}`, Want: `{"cart":{"appliedCoupons":null}}`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			storetest.RunSteps(t, &storetest.Visitor{Store: s}, steps)
		})
	}
}

// TestStaleAmounts: amounts selected before total are those calculated last,
// here before the address changed; after it they are new.
func TestStaleAmounts(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 16, 2)
	p.Must(t, `mutation{updateCustomer(input:{shipping:{country:IN,state:"KA"}}){customer{id}}}`)
	got := p.Must(t, `{cart{before:contentsTotal total after:contentsTotal}}`)
	if want := `{"cart":{"before":"₹997.99","total":"₹1,052.88","after":"₹998.00"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := p.Must(t, `{cart{contentsTotal}}`); got != `{"cart":{"contentsTotal":"₹998.00"}}` {
		t.Errorf("the calculation was not kept: %s", got)
	}
}

// TestCartItemID: the field that must not be null and has no resolver takes the
// whole connection with it.
func TestCartItemID(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 1)
	data, errs := p.Ask(t, `{cart{total contents{nodes{id}}}}`)
	if data != `{"cart":{"total":"₹82.83","contents":null}}` || len(errs) != 1 || errs[0] != "Internal server error" {
		t.Errorf("%s %q", data, errs)
	}
}

// TestConcurrentAdds: mutations of one session are made one after the other,
// whatever their tokens' age.
func TestConcurrentAdds(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	first := &storetest.Visitor{Store: s}
	first.Add(t, 17, 1)
	const parallel = 12
	quantities := make([]bool, parallel+2)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range parallel {
		wg.Go(func() {
			p := &storetest.Visitor{Store: s, Token: first.Token}
			data, errs, err := p.Try(`mutation{addToCart(input:{productId:17}){cartItem{quantity}}}`)
			var out struct {
				AddToCart struct{ CartItem struct{ Quantity int } }
			}
			if err != nil || len(errs) > 0 || json.Unmarshal([]byte(data), &out) != nil {
				t.Error(data, errs, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			quantities[out.AddToCart.CartItem.Quantity] = true
		})
	}
	wg.Wait()
	want := make([]bool, parallel+2)
	for n := 2; n <= parallel+1; n++ {
		want[n] = true
	}
	if d := cmp.Diff(want, quantities); d != "" {
		t.Errorf("quantities answered (-want +got):\n%s", d)
	}
}

// TestLostUpdate: with Overlap, mutations read the session before any of them
// writes, and the last one to write wins.
func TestLostUpdate(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	first := &storetest.Visitor{Store: s}
	first.Add(t, 17, 1)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.Overlap, Operation: "addToCart", Times: 3, Delay: waitLong})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			p := &storetest.Visitor{Store: s, Token: first.Token}
			if data, errs, err := p.Try(`mutation{addToCart(input:{productId:17}){cartItem{quantity}}}`); data != `{"addToCart":{"cartItem":{"quantity":2}}}` {
				t.Error(data, errs, err)
			}
		})
	}
	wg.Wait()
	if got := first.Must(t, `{cart{contents{itemCount}}}`); got != `{"cart":{"contents":{"itemCount":2}}}` {
		t.Errorf("after three adds that overlapped: %s", got)
	}
}

// TestCartDropsWhatIsGone: an item that can no longer be purchased leaves the
// cart when it is loaded.
func TestCartDropsWhatIsGone(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 16, 1)
	p.Add(t, 17, 1)
	if err := s.SetPrice(16, ""); err != nil {
		t.Fatal(err)
	}
	if got := p.Must(t, `{cart{subtotal contents{nodes{key}}}}`); got != `{"cart":{"subtotal":"₹21.19","contents":{"nodes":[{"key":"`+penKey+`"}]}}}` {
		t.Errorf("without a price: %s", got)
	}
	if err := s.TrashProduct(17); err != nil {
		t.Fatal(err)
	}
	if got := p.Must(t, `{cart{isEmpty total}}`); got != `{"cart":{"isEmpty":true,"total":"₹0.00"}}` {
		t.Errorf("in the trash: %s", got)
	}
}

// TestCartFollowsPrices: a cart costs what its products cost now.
func TestCartFollowsPrices(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 2)
	if err := s.SetPrice(17, "50"); err != nil {
		t.Fatal(err)
	}
	if got := p.Must(t, `{cart{total}}`); got != `{"cart":{"total":"₹157.83"}}` {
		t.Errorf("two pens at 50: %s", got)
	}
}
