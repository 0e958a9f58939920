package wootest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest"
)

// A guest fills a cart and checks out. The session token comes in a header of
// the answer and goes back with "Session " before it.
func ExampleStore_GraphQLURL() {
	store := start(wootest.Config{})
	defer store.Close()
	client, token := store.HTTPClient(), ""
	ask := func(query string) string {
		body, _ := json.Marshal(map[string]string{"query": query}) // a string always encodes
		req, _ := http.NewRequest("POST", store.GraphQLURL(), bytes.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		if token != "" {
			req.Header.Set("woocommerce-session", "Session "+token)
		}
		res, err := client.Do(req)
		if err != nil {
			return err.Error()
		}
		defer res.Body.Close()
		if next := res.Header.Get("woocommerce-session"); next != "" {
			token = next
		}
		var out struct{ Data any }
		if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
			return err.Error()
		}
		text, _ := json.Marshal(out.Data) // it was JSON
		return string(text)
	}
	fmt.Println(ask(`mutation{addToCart(input:{productId:16,quantity:2}){cart{total contents{itemCount}}}}`))
	fmt.Println(ask(`mutation{checkout(input:{paymentMethod:"cod",billing:{email:"ravi@example.test"}}){result order{orderNumber status}}}`))
	// Output:
	// {"addToCart":{"cart":{"contents":{"itemCount":2},"total":"₹1,052.87"}}}
	// {"checkout":{"order":{"orderNumber":"154","status":"PROCESSING"},"result":"success"}}
}
