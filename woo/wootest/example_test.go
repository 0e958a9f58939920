package wootest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest"
)

// start is what an example does before its point.
func start(cfg wootest.Config) *wootest.Store {
	cfg.TLS = true // HTTP Basic needs it
	store, err := wootest.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	return store
}

// call makes a REST request and decodes the answer.
func call(store *wootest.Store, method, path, body string, into any) (int, error) {
	req, err := http.NewRequest(method, store.URL()+"/wp-json/wc/v3/"+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.SetBasicAuth(store.ConsumerKey(), store.ConsumerSecret())
	req.Header.Set("Content-Type", "application/json")
	res, err := store.HTTPClient().Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode, json.NewDecoder(res.Body).Decode(into)
}

// A store is started, sells, and is looked at from behind the counter.
func Example() {
	store := start(wootest.Config{})
	defer func() { _ = store.Close() }()

	var order struct {
		ID     int64
		Status string
		Total  string
	}
	status, err := call(store, "POST", "orders", `{
		"billing": {"country": "IN", "state": "KA", "email": "ravi@example.test"},
		"line_items": [{"product_id": 16, "quantity": 2}],
		"set_paid": true, "transaction_id": "pay_1"}`, &order)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status, order.Status, order.Total)

	seen, err := store.Order(order.ID)
	if err != nil {
		log.Fatal(err)
	}
	left, err := store.Stock(16)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(seen.TransactionID, seen.Lines[0].Name, seen.Lines[0].ReducedStock, left.Quantity)
	// Output:
	// 201 processing 998.00
	// pay_1 Masala Chai Mug [2] 8
}

// The reply to an order is lost, although the order was made: the caller
// cannot know, the store can.
func ExampleFaults() {
	store := start(wootest.Config{})
	defer func() { _ = store.Close() }()
	err := store.Faults().Arm(wootest.Fault{Kind: wootest.CutAfter, Method: "POST", Path: "/wp-json/wc/v3/orders"})
	if err != nil {
		log.Fatal(err)
	}

	var order any
	_, err = call(store, "POST", "orders", `{"line_items": [{"product_id": 16}]}`, &order)
	fmt.Println("answered:", err == nil)
	fmt.Println("orders:", len(store.Orders()))
	// Output:
	// answered: false
	// orders: 1
}

// A webhook is sent when the test says so, with what is true then.
func ExampleStore_DeliverWebhooks() {
	store := start(wootest.Config{})
	defer func() { _ = store.Close() }()
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var product struct {
			ID            int64
			StockQuantity int64 `json:"stock_quantity"`
		}
		if r.Header.Get("X-WC-Webhook-Signature") == "" {
			fmt.Println("a ping")
			return
		}
		if err := json.NewDecoder(r.Body).Decode(&product); err != nil {
			log.Print(err)
		}
		fmt.Println(r.Header.Get("X-WC-Webhook-Topic"), product.ID, product.StockQuantity)
	}))
	defer receiver.Close()

	var hook any
	if _, err := call(store, "POST", "webhooks", `{"topic": "product.updated", "secret": "s", "delivery_url": "`+receiver.URL+`"}`, &hook); err != nil {
		log.Fatal(err)
	}
	for _, quantity := range []int64{9, 8, 7} { // three changes, one delivery
		if err := store.SetStock(16, quantity); err != nil {
			log.Fatal(err)
		}
	}
	done, err := store.DeliverWebhooks(context.Background())
	fmt.Println(len(done), "sent,", err)
	// Output:
	// a ping
	// product.updated 16 7
	// 2 sent, <nil>
}
