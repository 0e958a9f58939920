package storetest

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// OneMug is the body of an order for one mug, with more members.
func OneMug(more string) string {
	if more != "" {
		more = "," + more
	}
	return `{"billing":{"country":"IN","state":"KA","email":"ravi@example.test"},"line_items":[{"product_id":16,"quantity":1}]` + more + `}`
}

// Order is an order as the shop keeper sees it.
func Order(t *testing.T, s *wootest.Store, id int64) wootest.Order {
	t.Helper()
	o, err := s.Order(id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Place creates an order and answers its id.
func Place(t *testing.T, s *wootest.Store, body string) int64 {
	t.Helper()
	status, o := REST(t, s, "POST", "orders", body)
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, o)
	}
	id, _ := o["id"].(float64)
	return int64(id)
}

// Search answers the ids of the orders a REST query finds.
func Search(t *testing.T, s *wootest.Store, query string) []string {
	t.Helper()
	a := Send(t, s, "GET", "/wp-json/wc/v3/orders?_fields=id&"+query, "", SignedIn(TestKeys()[0]))
	var ids []string
	list, _ := Decode(t, a.Body).([]any)
	for _, o := range list {
		m, _ := o.(map[string]any)
		ids = append(ids, fmt.Sprint(m["id"]))
	}
	return ids
}

// Stock is how many of a product are left.
func Stock(t *testing.T, s *wootest.Store, id int64) int64 {
	t.Helper()
	st, err := s.Stock(id)
	if err != nil {
		t.Fatal(err)
	}
	return st.Quantity
}
