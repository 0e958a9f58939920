package wootest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/wootest"
)

// visitor sends GraphQL requests of one session and keeps its newest token.
type visitor struct {
	store *wootest.Store
	token string
}

// ask sends one document and answers it with the errors' texts. A token that
// is issued replaces the one before.
func (p *visitor) ask(t *testing.T, query string) (data string, errs []string) {
	t.Helper()
	data, errs, err := p.try(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return data, errs
}

// try is ask for answers that may get lost.
func (p *visitor) try(query string) (data string, errs []string, err error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return "", nil, err
	}
	header := map[string]string{"Content-Type": "application/json"}
	if p.token != "" {
		header["woocommerce-session"] = "Session " + p.token
	}
	a, err := sendRaw(p.store, "POST", "/graphql", string(body), header)
	if err != nil {
		return "", nil, err
	}
	if a.status != http.StatusOK {
		return "", nil, fmt.Errorf("status %d: %s", a.status, a.body)
	}
	if token := a.header.Get("woocommerce-session"); token != "" {
		p.token = token
	}
	var out gql
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		return "", nil, err
	}
	for _, e := range out.Errors {
		errs = append(errs, e.Message)
	}
	return strings.NewReplacer(`\u20b9`, "₹", `\u00d7`, "×", `\/`, "/").Replace(string(out.Data)), errs, nil
}

// must sends a document that has to succeed.
func (p *visitor) must(t *testing.T, query string) string {
	t.Helper()
	data, errs := p.ask(t, query)
	if len(errs) > 0 {
		t.Fatalf("%s: %q", query, errs)
	}
	return data
}

// add puts a product in the cart.
func (p *visitor) add(t *testing.T, product, quantity int) {
	t.Helper()
	p.must(t, fmt.Sprintf(`mutation{addToCart(input:{productId:%d,quantity:%d}){cart{isEmpty}}}`, product, quantity))
}

// waitLong is longer than any test takes.
const waitLong = time.Minute

const (
	mugKey = "c74d97b01eae257e44aa9d5bade97baf" // 16
	penKey = "70efdf2ec9b086079795c442636b55fb" // 17
)

// step is a document and what it is answered: an error's text, or data.
type step struct{ query, want string }

func runSteps(t *testing.T, p *visitor, steps []step) {
	t.Helper()
	for i, s := range steps {
		data, errs := p.ask(t, s.query)
		got := data
		if len(errs) > 0 {
			got = strings.Join(errs, "|")
		}
		if want := strings.ReplaceAll(s.want, "BASE", p.store.URL()); got != want {
			t.Errorf("step %d, %s:\n got %s\nwant %s", i, s.query, got, want)
		}
	}
}

// TestCartSteps: what a cart answers step by step, each sequence compared with
// a real store (WooCommerce 10.0.2, WooGraphQL 1.0.2).
func TestCartSteps(t *testing.T) {
	addPen := step{`mutation{addToCart(input:{productId:17}){cart{total}}}`, `{"addToCart":{"cart":{"total":"₹82.83"}}}`}
	tests := map[string][]step{
		"a variation of another product": {
			{`mutation{addToCart(input:{productId:37,variationId:46}){cart{total}}}`, `The selected product isn't a variation of Handblock Kurta, please choose product options by visiting <a href="BASE/product/handblock-kurta/" title="Handblock Kurta">Handblock Kurta</a>.`},
		},
		"a variation as a product": {
			{`mutation{addToCart(input:{productId:43}){cartItem{product{node{databaseId}} variation{node{databaseId}}}}}`, `{"addToCart":{"cartItem":{"product":{"node":{"databaseId":37}},"variation":{"node":{"databaseId":43}}}}}`},
		},
		"attributes": {
			{`mutation{addToCart(input:{productId:44,variationId:45,variation:[{attributeName:"colour",attributeValue:"x"}]}){cart{total}}}`, `colour is not a valid attribute of the product: Brass Bangle.`},
			{`mutation{addToCart(input:{productId:44,variationId:45,variation:[{attributeName:"engraving",attributeValue:"Zzz"}]}){cart{total}}}`, `Invalid value posted for Engraving`},
			{`mutation{addToCart(input:{productId:37,variationId:43,variation:[{attributeName:"size",attributeValue:"m"}]}){cart{total}}}`, `Invalid value posted for Size`},
		},
		"stock with the cart": {
			{`mutation{addToCart(input:{productId:16,quantity:8}){cartItem{quantity}}}`, `{"addToCart":{"cartItem":{"quantity":8}}}`},
			{`mutation{addToCart(input:{productId:16,quantity:3}){cartItem{quantity}}}`, `You cannot add that amount to the cart &mdash; we have 10 in stock and you already have 8 in your cart. <a href="BASE/cart/" class="button wc-forward wp-element-button">View cart</a>`},
			{`mutation{addToCart(input:{productId:16,quantity:2}){cartItem{quantity}}}`, `{"addToCart":{"cartItem":{"quantity":10}}}`},
		},
		"variations share their parent's stock": {
			{`mutation{addToCart(input:{productId:37,variationId:40,quantity:15}){cartItem{quantity}}}`, `{"addToCart":{"cartItem":{"quantity":15}}}`},
			{`mutation{addToCart(input:{productId:37,variationId:41,quantity:6}){cartItem{quantity}}}`, `You cannot add that amount to the cart &mdash; we have 20 in stock and you already have 15 in your cart. <a href="BASE/cart/" class="button wc-forward wp-element-button">View cart</a>`},
		},
		"extra data makes another item": {
			{`mutation{addToCart(input:{productId:17,extraData:"{\"gift\":\"yes\"}"}){cartItem{extraData{id key value}}}}`, `{"addToCart":{"cartItem":{"extraData":[{"id":"cart__gift","key":"gift","value":"yes"}]}}}`},
			{`mutation{addToCart(input:{productId:17}){cart{contents{itemCount productCount}}}}`, `{"addToCart":{"cart":{"contents":{"itemCount":2,"productCount":2}}}}`},
			{`mutation{addToCart(input:{productId:17,extraData:"nonsense"}){cart{contents{itemCount productCount}}}}`, `{"addToCart":{"cart":{"contents":{"itemCount":3,"productCount":2}}}}`},
		},
		"nothing to ship": {
			{`mutation{addToCart(input:{productId:31}){cart{total needsShippingAddress chosenShippingMethods availableShippingMethods{packageDetails}}}}`, `{"addToCart":{"cart":{"total":"₹299.01","needsShippingAddress":false,"chosenShippingMethods":[],"availableShippingMethods":[]}}}`},
			{`mutation{updateShippingMethod(input:{shippingMethods:["flat_rate:1"]}){cart{total}}}`, `No shipping packages available for corresponding index 0`},
		},
		"removing": {
			{`mutation{removeItemsFromCart(input:{keys:["x"]}){cart{total}}}`, `No items in cart to remove.`},
			addPen,
			{`mutation{removeItemsFromCart(input:{}){cart{total}}}`, `No cart item keys provided`},
			{`mutation{removeItemsFromCart(input:{keys:["x"]}){cart{total}}}`, `No cart item found with the key: x`},
			{`mutation{removeItemsFromCart(input:{all:true}){cartItems{quantity total} cart{isEmpty}}}`, `{"removeItemsFromCart":{"cartItems":[{"quantity":1,"total":"₹25.01"}],"cart":{"isEmpty":true}}}`},
			{`mutation{restoreCartItems(input:{keys:["nope"]}){cart{total}}}`, `Failed to restore cart item with the key: nope`},
			{`mutation{restoreCartItems(input:{}){cart{total}}}`, `No cart item keys provided`},
			{`mutation{restoreCartItems(input:{keys:["` + penKey + `"]}){cart{total}}}`, `{"restoreCartItems":{"cart":{"total":"₹82.83"}}}`},
		},
		"a restored item replaces one added since": {
			{`mutation{addToCart(input:{productId:17,quantity:3}){cart{isEmpty}}}`, `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{`mutation{removeItemsFromCart(input:{all:true}){cart{isEmpty}}}`, `{"removeItemsFromCart":{"cart":{"isEmpty":true}}}`},
			{`mutation{addToCart(input:{productId:17}){cart{contents{itemCount}}}}`, `{"addToCart":{"cart":{"contents":{"itemCount":1}}}}`},
			{`mutation{restoreCartItems(input:{keys:["` + penKey + `"]}){cart{contents{itemCount}}}}`, `{"restoreCartItems":{"cart":{"contents":{"itemCount":3}}}}`},
		},
		"quantities": {
			addPen,
			{`mutation{updateItemQuantities(input:{items:[{key:"zz",quantity:0}]}){updated{key}}}`, `Cart items identified with keys zz failed to update`},
			{`mutation{updateItemQuantities(input:{items:[{key:"zz",quantity:2}]}){updated{key}}}`, `Internal server error`},
			{`mutation{updateItemQuantities(input:{items:[]}){updated{key}}}`, `No item data provided`},
			{`mutation{updateItemQuantities(input:{items:[{key:"` + penKey + `",quantity:-1}]}){updated{key} items{key} cart{total}}}`, `Internal server error|Internal server error`},
			{`{cart{isEmpty}}`, `{"cart":{"isEmpty":true}}`},
		},
		"nothing could be added": {
			{`mutation{addCartItems(input:{items:[{productId:25},{productId:99999}]}){added{key}}}`, `Failed to add any cart items. Please check input.`},
			{`mutation{addCartItems(input:{items:[]}){added{key}}}`, `No cart item data provided`},
			{`mutation{fillCart(input:{items:[]}){added{key}}}`, `No cart item data provided`},
		},
		"filling with mistakes": {
			{`mutation{fillCart(input:{items:[{productId:17}],coupons:["flat100"],shippingMethods:["nope:1"]}){applied{code} chosenShippingMethods cartErrors{__typename type reasons}}}`,
				`{"fillCart":{"applied":null,"chosenShippingMethods":["flat_rate:1"],"cartErrors":[{"__typename":"CouponError","type":"INVALID_COUPON","reasons":["The minimum spend for coupon &quot;flat100&quot; is <span class=\"woocommerce-Price-amount amount\"><bdi><span class=\"woocommerce-Price-currencySymbol\">&#8377;</span>500.00</bdi></span>."]},{"__typename":"ShippingMethodError","type":"INVALID_SHIPPING_METHOD","reasons":["\"nope:1\" is not an available shipping method for shipping package \"Gel Pen ×1\""]}]}}`},
		},
		"fees are for the back office": {
			{`mutation{addFee(input:{name:"x",amount:5}){cart{total}}}`, `You do not have the appropriate capabilities to perform this action.`},
		},
		"pages of contents": {
			{`mutation{addCartItems(input:{items:[{productId:17},{productId:16},{productId:31}]}){cart{contents(first:2){itemCount productCount pageInfo{hasNextPage} nodes{key}}}}}`, `{"addCartItems":{"cart":{"contents":{"itemCount":3,"productCount":3,"pageInfo":{"hasNextPage":true},"nodes":[{"key":"` + penKey + `"},{"key":"` + mugKey + `"}]}}}}`},
			{`{cart{contents(first:1,after:"YXJyYXljb25uZWN0aW9uOjcwZWZkZjJlYzliMDg2MDc5Nzk1YzQ0MjYzNmI1NWZi"){pageInfo{startCursor} nodes{key}}}}`, `{"cart":{"contents":{"pageInfo":{"startCursor":"YXJyYXljb25uZWN0aW9uOmM3NGQ5N2IwMWVhZTI1N2U0NGFhOWQ1YmFkZTk3YmFm"},"nodes":[{"key":"` + mugKey + `"}]}}}`},
			{`{cart{contents(where:{needsShipping:false}){productCount nodes{product{node{databaseId}}}}}}`, `{"cart":{"contents":{"productCount":3,"nodes":[{"product":{"node":{"databaseId":31}}}]}}}`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := newStore(t, nil)
			runSteps(t, &visitor{store: s}, steps)
		})
	}
}

// TestCartShipping: which rate is chosen when the offer changes.
func TestCartShipping(t *testing.T) {
	tests := map[string][]step{
		"flat stays flat when free shipping is offered": {
			{`mutation{addToCart(input:{productId:16}){cart{chosenShippingMethods}}}`, `{"addToCart":{"cart":{"chosenShippingMethods":["flat_rate:1"]}}}`},
			{`mutation{addToCart(input:{productId:21}){cart{chosenShippingMethods availableShippingMethods{rates{id}}}}}`, `{"addToCart":{"cart":{"chosenShippingMethods":["flat_rate:1"],"availableShippingMethods":[{"rates":[{"id":"flat_rate:1"},{"id":"free_shipping:2"},{"id":"local_pickup:3"}]}]}}}`},
			{`mutation{updateShippingMethod(input:{shippingMethods:["free_shipping:2"]}){cart{chosenShippingMethods shippingTotal}}}`, `{"updateShippingMethod":{"cart":{"chosenShippingMethods":["free_shipping:2"],"shippingTotal":"₹0.00"}}}`},
			{`mutation{removeItemsFromCart(input:{keys:["3c59dc048e8850243be8079a5c74d079"]}){cart{chosenShippingMethods shippingTotal}}}`, `{"removeItemsFromCart":{"cart":{"chosenShippingMethods":["flat_rate:1"],"shippingTotal":"₹49.00"}}}`},
		},
		"pickup stays, and is taxed at the shop": {
			{`mutation{updateCustomer(input:{billing:{country:IN,state:"KA"},shipping:{country:IN,state:"KA"}}){customer{shipping{state}}}}`, `{"updateCustomer":{"customer":{"shipping":{"state":"KA"}}}}`},
			{`mutation{addToCart(input:{productId:16}){cart{total totalTaxes{label}}}}`, `{"addToCart":{"cart":{"total":"₹553.88","totalTaxes":[{"label":"IGST"}]}}}`},
			{`mutation{updateShippingMethod(input:{shippingMethods:["local_pickup:3"]}){cart{total totalTaxes{label}}}}`, `{"updateShippingMethod":{"cart":{"total":"₹499.00","totalTaxes":[{"label":"CGST"},{"label":"SGST"}]}}}`},
			{`mutation{addToCart(input:{productId:21}){cart{chosenShippingMethods}}}`, `{"addToCart":{"cart":{"chosenShippingMethods":["local_pickup:3"]}}}`},
		},
		"no zone": {
			{`mutation{updateCustomer(input:{shipping:{country:US,state:"CA",postcode:"90001"}}){customer{shipping{country}}}}`, `{"updateCustomer":{"customer":{"shipping":{"country":"US"}}}}`},
			{`mutation{addToCart(input:{productId:17}){cart{total chosenShippingMethods availableShippingMethods{rates{id}} totalTaxes{label}}}}`, `{"addToCart":{"cart":{"total":"₹21.19","chosenShippingMethods":[""],"availableShippingMethods":[{"rates":null}],"totalTaxes":null}}}`},
			{`mutation{updateShippingMethod(input:{shippingMethods:["flat_rate:1"]}){cart{total}}}`, `"flat_rate:1" is not an available shipping method for shipping package "Gel Pen ×1"`},
		},
		"a second package": {
			{`mutation{addToCart(input:{productId:17}){cart{isEmpty}}}`, `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{`mutation{updateShippingMethod(input:{shippingMethods:["local_pickup:3","flat_rate:1"]}){cart{total}}}`, `No shipping packages available for corresponding index 1`},
			{`{cart{chosenShippingMethods}}`, `{"cart":{"chosenShippingMethods":["flat_rate:1"]}}`},
			{`mutation{updateShippingMethod(input:{shippingMethods:[]}){cart{total}}}`, `No shipping method provided`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := newStore(t, nil)
			runSteps(t, &visitor{store: s}, steps)
		})
	}
}

// TestCartCoupons: what coupons do and what is said of those that do not.
func TestCartCoupons(t *testing.T) {
	const spend = `The minimum spend for coupon &quot;flat100&quot; is <span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&#8377;</span>500.00</bdi></span>.`
	tests := map[string][]step{
		"refused": {
			{`mutation{addToCart(input:{productId:17}){cart{isEmpty}}}`, `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{`mutation{applyCoupon(input:{code:"FLAT100"}){cart{total}}}`, spend},
			{`mutation{applyCoupon(input:{code:"mug50"}){cart{total}}}`, `Sorry, coupon &quot;mug50&quot; is not applicable to selected products.`},
			{`mutation{applyCoupon(input:{code:"<b>"}){cart{total}}}`, `Coupon &quot;&lt;b&gt;&quot; cannot be applied because it does not exist.`},
			{`mutation{removeCoupons(input:{codes:["flat100"]}){cart{total}}}`, `This coupon has not been applied to the cart.`},
			{`mutation{removeCoupons(input:{codes:[]}){cart{total}}}`, `No coupon codes provided`},
		},
		"one for individual use pushes the others out": {
			{`mutation{addToCart(input:{productId:16,quantity:2}){cart{isEmpty}}}`, `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{`mutation{applyCoupon(input:{code:"save10"}){applied{code discountAmount}}}`, `{"applyCoupon":{"applied":{"code":"save10","discountAmount":"₹89.11"}}}`},
			{`mutation{applyCoupon(input:{code:"MUG50"}){applied{code discountAmount} cart{appliedCoupons{code discountAmount}}}}`, `{"applyCoupon":{"applied":{"code":"MUG50","discountAmount":"₹0.00"},"cart":{"appliedCoupons":[{"code":"save10","discountAmount":"₹89.11"},{"code":"mug50","discountAmount":"₹89.29"}]}}}`},
			{`mutation{applyCoupon(input:{code:"once"}){cart{appliedCoupons{code}}}}`, `{"applyCoupon":{"cart":{"appliedCoupons":[{"code":"once"}]}}}`},
			{`mutation{applyCoupon(input:{code:"save10"}){cart{total}}}`, `Sorry, coupon &quot;once&quot; has already been applied and cannot be used in conjunction with other coupons.`},
		},
		"on an empty cart": {
			{`mutation{applyCoupon(input:{code:"save10"}){cart{total appliedCoupons{code}}}}`, `{"applyCoupon":{"cart":{"total":"₹0.00","appliedCoupons":[{"code":"save10"}]}}}`},
			{`mutation{applyCoupon(input:{code:"flat100"}){cart{total}}}`, spend},
			{`mutation{applyCoupon(input:{code:"mug50"}){cart{total}}}`, `Sorry, coupon &quot;mug50&quot; is not applicable to selected products.`},
			{`mutation{applyCoupon(input:{code:"expired"}){cart{total}}}`, `Coupon &quot;expired&quot; has expired.`},
			{`mutation{addToCart(input:{productId:16}){cart{total discountTotal}}}`, `{"addToCart":{"cart":{"total":"₹503.98","discountTotal":"₹44.55"}}}`},
		},
		"below its minimum again it gives nothing and stays": {
			{`mutation{addToCart(input:{productId:16,quantity:2}){cart{isEmpty}}}`, `{"addToCart":{"cart":{"isEmpty":false}}}`},
			{`mutation{applyCoupon(input:{code:"flat100"}){cart{discountTotal}}}`, `{"applyCoupon":{"cart":{"discountTotal":"₹89.29"}}}`},
			{`mutation{updateItemQuantities(input:{items:[{key:"` + mugKey + `",quantity:1}]}){cart{discountTotal appliedCoupons{code discountAmount}}}}`, `{"updateItemQuantities":{"cart":{"discountTotal":"₹0.00","appliedCoupons":[{"code":"flat100","discountAmount":"₹0.00"}]}}}`},
			{`mutation{checkout(input:{paymentMethod:"cod"}){result}}`, `Sorry, it seems the coupon &quot;flat100&quot; is invalid - it has now been removed from your order.`},
			{`{cart{appliedCoupons{code}}}`, `{"cart":{"appliedCoupons":null}}`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := newStore(t, nil)
			runSteps(t, &visitor{store: s}, steps)
		})
	}
}

// TestStaleAmounts: amounts selected before total are those calculated last,
// here before the address changed; after it they are new.
func TestStaleAmounts(t *testing.T) {
	s, _ := newStore(t, nil)
	p := &visitor{store: s}
	p.add(t, 16, 2)
	p.must(t, `mutation{updateCustomer(input:{shipping:{country:IN,state:"KA"}}){customer{id}}}`)
	got := p.must(t, `{cart{before:contentsTotal total after:contentsTotal}}`)
	if want := `{"cart":{"before":"₹997.99","total":"₹1,052.88","after":"₹998.00"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := p.must(t, `{cart{contentsTotal}}`); got != `{"cart":{"contentsTotal":"₹998.00"}}` {
		t.Errorf("the calculation was not kept: %s", got)
	}
}

// TestCartItemID: the field that must not be null and has no resolver takes the
// whole connection with it.
func TestCartItemID(t *testing.T) {
	s, _ := newStore(t, nil)
	p := &visitor{store: s}
	p.add(t, 17, 1)
	data, errs := p.ask(t, `{cart{total contents{nodes{id}}}}`)
	if data != `{"cart":{"total":"₹82.83","contents":null}}` || len(errs) != 1 || errs[0] != "Internal server error" {
		t.Errorf("%s %q", data, errs)
	}
}

// TestConcurrentAdds: mutations of one session are made one after the other,
// whatever their tokens' age.
func TestConcurrentAdds(t *testing.T) {
	s, _ := newStore(t, nil)
	first := &visitor{store: s}
	first.add(t, 17, 1)
	const parallel = 12
	quantities := make([]bool, parallel+2)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range parallel {
		wg.Go(func() {
			p := &visitor{store: s, token: first.token}
			data, errs, err := p.try(`mutation{addToCart(input:{productId:17}){cartItem{quantity}}}`)
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
	s, _ := newStore(t, nil)
	first := &visitor{store: s}
	first.add(t, 17, 1)
	arm(t, s, wootest.Fault{Kind: wootest.Overlap, Operation: "addToCart", Times: 3, Delay: waitLong})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			p := &visitor{store: s, token: first.token}
			if data, errs, err := p.try(`mutation{addToCart(input:{productId:17}){cartItem{quantity}}}`); data != `{"addToCart":{"cartItem":{"quantity":2}}}` {
				t.Error(data, errs, err)
			}
		})
	}
	wg.Wait()
	if got := first.must(t, `{cart{contents{itemCount}}}`); got != `{"cart":{"contents":{"itemCount":2}}}` {
		t.Errorf("after three adds that overlapped: %s", got)
	}
}

// TestCartDropsWhatIsGone: an item that can no longer be purchased leaves the
// cart when it is loaded.
func TestCartDropsWhatIsGone(t *testing.T) {
	s, _ := newStore(t, nil)
	p := &visitor{store: s}
	p.add(t, 16, 1)
	p.add(t, 17, 1)
	if err := s.SetPrice(16, ""); err != nil {
		t.Fatal(err)
	}
	if got := p.must(t, `{cart{subtotal contents{nodes{key}}}}`); got != `{"cart":{"subtotal":"₹21.19","contents":{"nodes":[{"key":"`+penKey+`"}]}}}` {
		t.Errorf("without a price: %s", got)
	}
	if err := s.TrashProduct(17); err != nil {
		t.Fatal(err)
	}
	if got := p.must(t, `{cart{isEmpty total}}`); got != `{"cart":{"isEmpty":true,"total":"₹0.00"}}` {
		t.Errorf("in the trash: %s", got)
	}
}

// TestCartFollowsPrices: a cart costs what its products cost now.
func TestCartFollowsPrices(t *testing.T) {
	s, _ := newStore(t, nil)
	p := &visitor{store: s}
	p.add(t, 17, 2)
	if err := s.SetPrice(17, "50"); err != nil {
		t.Fatal(err)
	}
	if got := p.must(t, `{cart{total}}`); got != `{"cart":{"total":"₹157.83"}}` {
		t.Errorf("two pens at 50: %s", got)
	}
}
