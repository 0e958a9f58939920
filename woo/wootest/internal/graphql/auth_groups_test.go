package graphql_test

import (
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// laterStore is the recorded store's catalogue with its counters where orders
// that were recorded in another group left them.
func laterStore(t *testing.T, items int64) func(*wootest.Config) {
	return func(cfg *wootest.Config) {
		var site map[string]any
		storetest.ReadJSON(t, wootest.Catalogue(), "site.json", &site)
		site["items"] = items
		files, _ := storetest.BulkCatalogue(t).(storetest.Overlay)
		files.Over["site.json"] = &fstest.MapFile{Data: storetest.MustJSON(t, site)}
		cfg.Catalogue = files
	}
}

// earlierOrders places orders for what a later group's store had sold before:
// ids from 154 on, a second apart.
func earlierOrders(t *testing.T, r *storetest.Retelling, n int, body func(id int) (status, lines string)) {
	t.Helper()
	for id := 154; id < 154+n; id++ {
		r.Clock.Set(time.Date(2026, 11, 20, 5, 12, 17+[]int{0, 1, 1, 2, 2, 2, 3}[min(id-154, 6)], 0, time.UTC))
		status, lines := body(id)
		code, o := storetest.REST(t, r.Store, "POST", "orders", fmt.Sprintf(
			`{"status":%q,"billing":{"country":"IN","email":"ravi@example.test"},"line_items":[%s]}`, status, lines))
		if code != 201 || fmt.Sprint(o["id"]) != fmt.Sprint(id) {
			t.Fatalf("order %d: %d %v", id, code, o)
		}
	}
}

const onePen = `{"product_id":17}`

// TestReplaySignIn: signing in and out of a store, in the order recorded.
func TestReplaySignIn(t *testing.T) {
	r := storetest.NewRetelling(t, laterStore(t, 32))
	earlierOrders(t, r, 20, func(int) (string, string) { return "processing", onePen })
	r.Ask(t, `mutation{registerCustomer(input:{email:"newacct@example.test",username:"newacct",password:"new-pass-12345"}){clientMutationId}}`, nil)
	r.TellAll(t, "graphql-auth", map[string]func(){
		"31-login-with-guest-cart": func() { r.GuestWith(t, "t_0545b5697370a0b060f5fbbc17c513", 17, 2) },
	})
	r.TellAll(t, "graphql-auth-debug", map[string]func(){
		"13-auth-urls-guest": func() { // WooGraphQL's setting was turned on
			*r = *storetest.NewRetelling(t, func(cfg *wootest.Config) { cfg.TransferURLs = true })
		},
	})
}

// TestReplayOrders: what the back office does over GraphQL.
func TestReplayOrders(t *testing.T) {
	r := storetest.NewRetelling(t, laterStore(t, 33))
	// a line without a product shows some other product there
	r.Except = map[string]string{
		"13-create-sku":   ".data.createOrder.order.lineItems.nodes[0].product",
		"24-orders-admin": ".data.orders.nodes[0].lineItems.nodes[0].product",
	}
	processing := map[int]bool{154: true, 155: true, 156: true, 159: true, 162: true}
	earlierOrders(t, r, 21, func(id int) (status, lines string) {
		switch {
		case id == 157:
			return "completed", onePen + `],"coupon_lines":[{"code":"save10"}`
		case id == 158:
			return "completed", `{"product_id":16,"quantity":4}`
		case processing[id]:
			return "processing", onePen
		}
		return "completed", onePen
	})
	r.TellAll(t, "graphql-orders", map[string]func(){
		"22-refund": func() {
			r.Ask(t, `mutation{createOrder(input:{status:PROCESSING,lineItems:[{productId:16,quantity:1},{productId:37,variationId:38,quantity:2}],
				shippingLines:[{methodId:"flat_rate",methodTitle:"Flat rate",total:"49"}],billing:{country:IN,state:"KA"},
				shipping:{country:IN,state:"KA"}}){orderId}}`, r.SignedInAs(t, "admin"))
		},
	})
	r.TellAll(t, "graphql-orders-tax", nil)
}

// TestReplayTransfer: from a headless session to a browser's.
func TestReplayTransfer(t *testing.T) {
	r := storetest.NewRetelling(t, func(cfg *wootest.Config) { cfg.TransferURLs = true })
	r.TellAll(t, "session-transfer", map[string]func(){
		"01-guest-urls": func() { r.GuestWith(t, "t_8195eb5db1852fa1d14e41903f1ed4", 16, 2) },
		"10-user-urls": func() {
			_, got := r.Ask(t, `mutation{addToCart(input:{productId:17,quantity:3}){cart{total}}}`, r.SignedInAs(t, "priya"))
			r.Tokens["2"] = got.Header.Get("woocommerce-session")
		},
	})
}
