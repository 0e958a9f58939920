package wootest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func TestSetStock(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	c.Set(storetest.Seeded().Add(time.Hour))
	tests := []struct {
		id, quantity int64
		status       string
		err          error
	}{
		{16, 3, "instock", nil}, {16, 0, "outofstock", nil}, {16, -2, "outofstock", nil}, {27, 0, "onbackorder", nil}, {27, 1, "instock", nil},
		{43, 0, "outofstock", nil}, {37, 0, "outofstock", nil},
		{17, 1, "instock", wootest.ErrInvalid}, {40, 1, "outofstock", wootest.ErrInvalid}, {999, 1, "", wootest.ErrNotFound},
	}
	for _, tc := range tests {
		if err := s.SetStock(tc.id, tc.quantity); !errors.Is(err, tc.err) {
			t.Errorf("SetStock(%d): %v", tc.id, err)
		}
		st, err := s.Stock(tc.id)
		if st.Status != tc.status || tc.err == nil && (err != nil || st.Quantity != tc.quantity) {
			t.Errorf("product %d: %+v, %v", tc.id, st, err)
		}
	}
	if _, p := storetest.REST(t, s, "GET", "products/16", ""); p["date_modified_gmt"] != "2026-11-20T06:00:00" || p["stock_quantity"] != float64(-2) {
		t.Errorf("%v %v", p["date_modified_gmt"], p["stock_quantity"])
	}
	if got := storetest.GraphQL(t, s, `{productVariation(id:"40",idType:DATABASE_ID){...on InventoriedProduct{stockStatus stockQuantity}}}`); !strings.Contains(got, `"stockQuantity":null,"stockStatus":"OUT_OF_STOCK"`) {
		t.Error(got)
	}
}

func TestSetPrice(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := []struct{ price, REST, formatted string }{
		{"1234567.5", "1234567.5", `"₹1,234,567.50"`}, {"0", "0", "null"}, {"", "", "null"}, {"12.345", "12.345", `"₹12.35"`},
	}
	for _, tc := range tests {
		if err := s.SetPrice(18, tc.price); err != nil { // it was on sale
			t.Fatal(err)
		}
		_, p := storetest.REST(t, s, "GET", "products/18", "")
		if p["price"] != tc.REST || p["on_sale"] != false || p["purchasable"] != (tc.price != "") {
			t.Errorf("%q: %v %v %v", tc.price, p["price"], p["on_sale"], p["purchasable"])
		}
		if got := storetest.GraphQL(t, s, `{product(id:"18",idType:DATABASE_ID){...on ProductWithPricing{price}}}`); got != `{"product":{"price":`+tc.formatted+`}}` {
			t.Errorf("%q: %s", tc.price, got)
		}
	}
	for _, bad := range []string{"abc", "1e5", "1,5", "+1"} {
		if err := s.SetPrice(18, bad); !errors.Is(err, wootest.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := s.SetPrice(999, "1"); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
}

func TestTrashProduct(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for range 2 {
		if err := s.TrashProduct(17); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.TrashProduct(999); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
	if got := storetest.GraphQL(t, s, `{product(id:"17",idType:DATABASE_ID){id}}`); got != `{"product":null}` {
		t.Error(got)
	}
	if _, p := storetest.REST(t, s, "GET", "products/17", ""); p["status"] != "trash" || p["slug"] != "gel-pen__trashed" {
		t.Errorf("%v %v", p["status"], p["slug"])
	}
	if _, p := storetest.REST(t, s, "PUT", "products/17", `{"status":"publish"}`); p["slug"] != "gel-pen" ||
		strings.Contains(fmt.Sprint(p["meta_data"]), "_wp_desired_post_slug") {
		t.Errorf("restored: %v %v", p["slug"], p["meta_data"])
	}
}

func TestOrderStatusMistakes(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, storetest.OneMug(""))
	if err := s.SetOrderStatus(id, "lost"); !errors.Is(err, wootest.ErrInvalid) || storetest.Order(t, s, id).Status != "pending" {
		t.Error(err)
	}
	if err := s.SetOrderStatus(999, "completed"); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
}

func TestOrderAsSeen(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"payment_method":"cod","transaction_id":"t","customer_id":2,"billing":{"first_name":"Ravi","address_2":"b","country":"IN","state":"KA","phone":"1","email":"r@example.test"},
		"shipping":{"city":"Bengaluru","country":"IN","state":"KA"},"line_items":[{"product_id":37,"variation_id":43,"quantity":2}],
		"shipping_lines":[{"method_id":"flat_rate","method_title":"Flat","total":"49"}],"meta_data":[{"key":"k","value":{"a":1}}],"status":"processing"}`)
	o := storetest.Order(t, s, id)
	l := o.Lines[0]
	got := fmt.Sprint(o.Number, o.Status, o.Currency, o.CustomerID, o.PaymentMethod, o.TransactionID, o.Billing.FirstName, o.Billing.Address2, o.Shipping.City,
		o.Total, o.TotalTax, o.ShippingTotal, o.ShippingTax, l.Name, l.SKU, l.ProductID, l.VariationID, l.Quantity, l.Subtotal, l.TotalTax, o.Meta)
	want := "154processingINR2codtRavibBengaluru2249.45 107.12 49 2.45Handblock Kurta - L, IndigoKURTA-L-IND37 43 2 2093.333334 104.67 [{1 k {\"a\":1}}]"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if n := len(o.Notes); n != 2 || !strings.HasPrefix(o.Notes[0], "Stock levels reduced: Handblock Kurta - L, Indigo (8&rarr;6)") {
		t.Errorf("%q", o.Notes)
	}
}
