package orders_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func TestRefunds(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"line_items":[{"product_id":16,"quantity":3}],"status":"processing","payment_method":"razorpay"}`)
	path := fmt.Sprintf("orders/%d/refunds", id)
	line := storetest.Order(t, s, id).Lines[0].ID
	steps := []struct {
		body    string
		status  int
		message string
		left    int64
		after   string
	}{
		{`{"amount":"10"}`, 500, "The payment gateway for this order does not exist.", 7, "processing"},
		{`{"amount":"10","api_refund":"false"}`, 500, "The payment gateway for this order does not exist.", 7, "processing"},
		{`{"amount":"-1","api_refund":false}`, 500, "Invalid refund amount.", 7, "processing"},
		{`{"amount":"0","api_refund":false}`, 201, "", 7, "processing"}, // measured on WooCommerce 10.0.2
		{`{"amount":"1497.02","api_refund":false}`, 500, "Invalid refund amount.", 7, "processing"},
		{`{"amount":"10","api_refund":false}`, 201, "", 7, "processing"},
		{fmt.Sprintf(`{"amount":"20","api_refund":false,"api_restock":false,"line_items":[{"id":%d,"quantity":1,"refund_total":"20"}]}`, line), 201, "", 7, "processing"},
		{fmt.Sprintf(`{"amount":"20","api_refund":false,"line_items":[{"id":%d,"quantity":2,"refund_total":"20"}]}`, line), 201, "", 9, "processing"},
		{`{"amount":"1447.01","api_refund":false}`, 201, "", 9, "refunded"},
		{`{"amount":"1","api_refund":false}`, 500, "Invalid refund amount.", 9, "refunded"},
	}
	for _, step := range steps {
		status, e := storetest.REST(t, s, "POST", path, step.body)
		if status != step.status || step.message != "" && (e["message"] != step.message || e["data"] != float64(500)) {
			t.Fatalf("%s: %d %v", step.body, status, e)
		}
		if got := storetest.Stock(t, s, 16); got != step.left || storetest.Order(t, s, id).Status != step.after {
			t.Fatalf("%s: %d left, order %s", step.body, got, storetest.Order(t, s, id).Status)
		}
	}
	if got := fmt.Sprint(storetest.Order(t, s, id).Lines[0].ReducedStock); got != "[1]" {
		t.Errorf("still reduced: %s", got)
	}
	if status, e := storetest.REST(t, s, "POST", "orders/999/refunds", `{"amount":"1"}`); status != 500 || e["code"] != "woocommerce_rest_invalid_order_id" || e["data"] != float64(404) {
		t.Errorf("%d %v", status, e)
	}
}

// TestRefundByLines: without an amount the lines are added up, tax included;
// a refund can be read and taken back.
func TestRefundByLines(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"line_items":[{"product_id":16,"quantity":2}],"status":"processing"}`)
	path := fmt.Sprintf("orders/%d/refunds", id)
	line := storetest.Order(t, s, id).Lines[0].ID
	body := fmt.Sprintf(`{"api_refund":false,"reason":"cracked","line_items":[{"id":%d,"quantity":1,"refund_total":100,"refund_tax":[{"id":7,"refund_total":6.5}]},{"id":999,"refund_total":1}]}`, line)
	status, r := storetest.REST(t, s, "POST", path, body)
	if status != 201 || r["amount"] != "107.50" || r["reason"] != "cracked" || len(r["line_items"].([]any)) != 1 {
		t.Fatalf("%d %v", status, r)
	}
	if got := r["line_items"].([]any)[0].(map[string]any); got["quantity"] != float64(-1) || got["total"] != "-100.00" || got["total_tax"] != "-6.50" {
		t.Errorf("%v", got)
	}
	storetest.REST(t, s, "POST", path, body)
	if l := storetest.Order(t, s, id).Lines[0]; fmt.Sprint(l.ReducedStock) != "[0]" || storetest.Stock(t, s, 16) != 10 {
		t.Errorf("after a second piece: %v reduced, %d left", l.ReducedStock, storetest.Stock(t, s, 16))
	}
	one := path + "/" + fmt.Sprint(r["id"])
	if _, got := storetest.REST(t, s, "GET", one, ""); got["amount"] != "107.50" {
		t.Errorf("%v", got)
	}
	storetest.REST(t, s, "DELETE", one+"?force=true", "")
	if status, e := storetest.REST(t, s, "GET", one, ""); status != 500 || e["data"] != float64(404) {
		t.Errorf("a deleted refund: %d %v", status, e)
	}
	if _, o := storetest.REST(t, s, "GET", fmt.Sprintf("orders/%d", id), ""); len(o["refunds"].([]any)) != 1 || o["total"] != "997.99" {
		t.Errorf("%v %v", o["refunds"], o["total"])
	}
}

// TestRefundOfNothing: pieces come back without money, and what the caller wrote beside the refund stays with it. Measured
// on WooCommerce 10.0.2.
func TestRefundOfNothing(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"line_items":[{"product_id":16,"quantity":3}],"status":"processing"}`)
	before, line := storetest.Stock(t, s, 16), storetest.Order(t, s, id).Lines[0].ID
	path := fmt.Sprintf("orders/%d/refunds", id)
	body := fmt.Sprintf(`{"amount":"0.00","api_refund":false,"api_restock":true,"line_items":[{"id":%d,"quantity":1,"refund_total":"0"}],"meta_data":[{"key":"_mark","value":"k1"}]}`, line)
	status, r := storetest.REST(t, s, "POST", path, body)
	if status != 201 || r["amount"] != "0.00" || !strings.Contains(fmt.Sprint(r["meta_data"]), "k1") {
		t.Fatalf("%d %v", status, r)
	}
	if o := storetest.Order(t, s, id); storetest.Stock(t, s, 16) != before+1 || o.Status != "processing" || fmt.Sprint(o.Lines[0].ReducedStock) != "[2]" {
		t.Errorf("%d in stock, %+v", storetest.Stock(t, s, 16), o)
	}
}

// TestRefundSentTwice: what has come back does not come back again. Measured on WooCommerce 10.0.2.
func TestRefundSentTwice(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"line_items":[{"product_id":16,"quantity":2}],"status":"processing"}`)
	before, line := storetest.Stock(t, s, 16), storetest.Order(t, s, id).Lines[0].ID
	body := fmt.Sprintf(`{"amount":"0","api_refund":false,"api_restock":true,"line_items":[{"id":%d,"quantity":2,"refund_total":"0"}]}`, line)
	for n := range 2 {
		if status, r := storetest.REST(t, s, "POST", fmt.Sprintf("orders/%d/refunds", id), body); status != 201 {
			t.Fatalf("refund %d: %d %v", n, status, r)
		}
		if o := storetest.Order(t, s, id); storetest.Stock(t, s, 16) != before+2 || fmt.Sprint(o.Lines[0].ReducedStock) != "[0]" {
			t.Errorf("after refund %d: %d in stock, were %d, %+v", n, storetest.Stock(t, s, 16), before, o.Lines[0])
		}
	}
}
