package wootest_test

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest"
)

// shopCall makes a Store API request with a Cart-Token and answers the next
// one.
func shopCall(store *wootest.Store, method, path, token, body string, into any) (string, error) {
	req, err := http.NewRequest(method, store.URL()+"/wp-json/wc/store/v1/"+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Cart-Token", token)
	res, err := store.HTTPClient().Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	return res.Header.Get("Cart-Token"), json.NewDecoder(res.Body).Decode(into)
}

// A shopper fills a cart over the Store API and pays on delivery.
func Example_storeAPI() {
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = store.Close() }()

	var cart struct {
		Count  int64 `json:"items_count"`
		Totals struct {
			Price    string `json:"total_price"`
			Currency string `json:"currency_code"`
		}
	}
	token, err := shopCall(store, "GET", "cart", "", "", &cart)
	if err != nil {
		log.Fatal(err)
	}
	if token, err = shopCall(store, "POST", "cart/add-item", token, `{"id":16,"quantity":2}`, &cart); err != nil {
		log.Fatal(err)
	}
	fmt.Println(cart.Count, cart.Totals.Price, cart.Totals.Currency)

	const ravi = `{"first_name":"Ravi","last_name":"Iyer","address_1":"14 Brigade Road","city":"Bengaluru","state":"KA",
		"postcode":"560001","country":"IN","phone":"+919812345678","email":"ravi@example.test"}`
	var order struct {
		Status string
		ID     int64 `json:"order_id"`
	}
	if _, err = shopCall(store, "POST", "checkout", token, `{"payment_method":"cod","billing_address":`+ravi+`,"shipping_address":`+ravi+`}`, &order); err != nil {
		log.Fatal(err)
	}
	kept, err := store.Order(order.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Status, kept.Total) // a paisa more: one rate in Karnataka, two halves before
	// Output:
	// 2 105287 INR
	// processing 1052.88
}
