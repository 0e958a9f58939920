package orders_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestStockByStatus: which statuses take stock, and what is noted of it.
func TestStockByStatus(t *testing.T) {
	tests := []struct {
		more, status string
		taken        int64
		paid         bool
	}{
		{``, "pending", 0, false},
		{`"status":"pending"`, "pending", 0, false},
		{`"status":"on-hold"`, "on-hold", 1, false},
		{`"status":"processing"`, "processing", 1, true},
		{`"status":"completed"`, "completed", 1, true},
		{`"status":"failed"`, "failed", 0, false},
		{`"status":"cancelled"`, "cancelled", 0, false},
		{`"status":"refunded"`, "refunded", 0, false},
		{`"status":"checkout-draft"`, "checkout-draft", 0, false},
		{`"set_paid":true`, "processing", 1, true},
		{`"set_paid":true,"payment_method":"cod"`, "completed", 1, true},
		{`"status":"processing","payment_method":"cod"`, "processing", 1, false},
		{`"status":"on-hold","set_paid":true`, "processing", 1, true},
		{`"status":"completed","set_paid":true`, "completed", 1, true},
	}
	for _, tc := range tests {
		t.Run(tc.more, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			o := storetest.Order(t, s, storetest.Place(t, s, storetest.OneMug(tc.more)))
			if o.Status != tc.status || o.Paid.IsZero() == tc.paid {
				t.Errorf("status %s, paid %v", o.Status, o.Paid)
			}
			if taken := 10 - storetest.Stock(t, s, 16); taken != tc.taken {
				t.Errorf("%d taken, want %d", taken, tc.taken)
			}
			if want := strings.Repeat("1 ", int(tc.taken)); strings.Trim(fmt.Sprint(o.Lines[0].ReducedStock), "[]") != strings.TrimSpace(want) {
				t.Errorf("noted as reduced: %v", o.Lines[0].ReducedStock)
			}
		})
	}
}

// TestStatusWalk follows one order: stock comes back when it is cancelled or
// pending again, not when it is refunded, failed or deleted.
func TestStatusWalk(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, storetest.OneMug(""))
	for _, step := range []struct {
		status string
		left   int64
	}{
		{"processing", 9}, {"completed", 9}, {"processing", 9}, {"on-hold", 9}, {"cancelled", 10}, {"processing", 9}, {"pending", 10},
		{"completed", 9}, {"failed", 9}, {"processing", 9}, {"refunded", 9}, {"processing", 9}, {"cancelled", 10}, {"cancelled", 10},
	} {
		if err := s.SetOrderStatus(id, step.status); err != nil {
			t.Fatal(err)
		}
		if got := storetest.Stock(t, s, 16); got != step.left {
			t.Fatalf("%s leaves %d, want %d", step.status, got, step.left)
		}
	}
	storetest.Place(t, s, storetest.OneMug(`"status":"processing"`))
	if _, o := storetest.REST(t, s, "DELETE", "orders/156?force=true", ""); o["id"] == nil || storetest.Stock(t, s, 16) != 9 {
		t.Errorf("a deleted order gave stock back: %v", o)
	}
}

// TestSalesAreCounted once, for the parent of a variation, and taken back by a
// cancellation only.
func TestSalesAreCounted(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"line_items":[{"product_id":16,"quantity":2},{"product_id":37,"variation_id":43,"quantity":1}]}`)
	for _, step := range []struct {
		status string
		mugs   float64
	}{{"pending", 0}, {"cancelled", 0}, {"on-hold", 2}, {"processing", 2}, {"pending", 2}, {"completed", 2}, {"failed", 2}, {"cancelled", 0}, {"processing", 2}} {
		if err := s.SetOrderStatus(id, step.status); err != nil {
			t.Fatal(err)
		}
		if _, p := storetest.REST(t, s, "GET", "products/16", ""); p["total_sales"] != step.mugs {
			t.Errorf("%s: %v sold, want %v", step.status, p["total_sales"], step.mugs)
		}
	}
	if _, p := storetest.REST(t, s, "GET", "products/37", ""); p["total_sales"] != float64(1) {
		t.Errorf("the parent's sales: %v", p["total_sales"])
	}
	if _, p := storetest.REST(t, s, "GET", "products/43", ""); p["total_sales"] != "0" {
		t.Errorf("the variation's sales: %v", p["total_sales"])
	}
}

// TestWhoseStock: a variation's own, its parent's, or nobody's.
func TestWhoseStock(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	line := func(product, variation, quantity int64) string {
		return fmt.Sprintf(`{"line_items":[{"product_id":%d,"variation_id":%d,"quantity":%d}],"status":"processing"}`, product, variation, quantity)
	}
	for _, tc := range []struct {
		product, variation, quantity, holder, left int64
		reduced                                    string
	}{
		{37, 43, 2, 43, 6, "[2]"}, {37, 40, 3, 37, 17, "[3]"}, {44, 46, 4, 46, 0, "[4]"}, {44, 45, 1, 0, 0, "[]"}, {17, 0, 1, 0, 0, "[]"},
		{37, 42, 2, 42, -2, "[2]"}, {16, 0, 25, 16, -15, "[25]"},
	} {
		o := storetest.Order(t, s, storetest.Place(t, s, line(tc.product, tc.variation, tc.quantity)))
		id := max(tc.variation, tc.product)
		st, err := s.Stock(id)
		if err != nil || st.ManagedBy != tc.holder || st.Quantity != tc.left {
			t.Errorf("product %d: %+v, %v; want %d left with %d", id, st, err, tc.left, tc.holder)
		}
		if fmt.Sprint(o.Lines[0].ReducedStock) != tc.reduced {
			t.Errorf("product %d: noted %v, want %s", id, o.Lines[0].ReducedStock, tc.reduced)
		}
	}
	for id, want := range map[int64]string{43: "instock", 46: "outofstock", 42: "onbackorder", 16: "outofstock", 40: "instock", 37: "instock"} {
		if st, _ := s.Stock(id); st.Status != want {
			t.Errorf("product %d is %s, want %s", id, st.Status, want)
		}
	}
}

// TestVirtualIsCompleted: nothing to send means nothing to process.
func TestVirtualIsCompleted(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	if o := storetest.Order(t, s, storetest.Place(t, s, `{"line_items":[{"product_id":31}],"set_paid":true}`)); o.Status != "completed" {
		t.Errorf("a download is %s", o.Status)
	}
	if o := storetest.Order(t, s, storetest.Place(t, s, `{"line_items":[{"product_id":30}],"set_paid":true}`)); o.Status != "processing" {
		t.Errorf("a service that is no download is %s", o.Status)
	}
}

// TestNoIdempotency: the same request twice is two orders.
func TestNoIdempotency(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	body := storetest.OneMug(`"transaction_id":"tok_1","meta_data":[{"key":"_token","value":"tok_1"}]`)
	first, second := storetest.Place(t, s, body), storetest.Place(t, s, body)
	if first == second || len(s.Orders()) != 2 {
		t.Errorf("%d and %d", first, second)
	}
	if o := storetest.Order(t, s, first); o.TransactionID != "tok_1" || len(o.Meta) != 1 || o.Meta[0].Value != "tok_1" || o.Key == storetest.Order(t, s, second).Key {
		t.Errorf("%+v", o)
	}
}

// TestSearch: the transaction id is found at once, in the trash only there.
func TestSearch(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, `{"transaction_id":"tok_abc","billing":{"first_name":"Ravi","address_1":"14 Brigade Road","email":"ravi@example.test"},"line_items":[{"product_id":16}]}`)
	storetest.Place(t, s, storetest.OneMug(`"transaction_id":"other","billing":{"email":"ravina@example.test"}`))
	want := fmt.Sprint([]string{fmt.Sprint(id)})
	for _, q := range []string{"search=tok_abc", "search=OK_AB", "search=ravi%40", "search=brigade", "search=" + fmt.Sprint(id), "include=" + fmt.Sprint(id), "search=tok_abc&status=pending"} {
		if got := fmt.Sprint(storetest.Search(t, s, q)); got != want {
			t.Errorf("%s: %s", q, got)
		}
	}
	for q, n := range map[string]int{"search=mug": 2, "search=nobody": 0, "product=16": 2, "product=17": 0, "status=processing": 0, "meta_key=x&meta_value=y": 2, "exclude=" + fmt.Sprint(id): 1, "customer=0": 2, "customer=2": 0} {
		if got := storetest.Search(t, s, q); len(got) != n {
			t.Errorf("%s: %v, want %d", q, got, n)
		}
	}
	storetest.REST(t, s, "DELETE", "orders/"+fmt.Sprint(id), "")
	if got := storetest.Search(t, s, "search=tok_abc"); len(got) != 0 {
		t.Errorf("a trashed order is listed: %v", got)
	}
	if got := storetest.Search(t, s, "search=tok_abc&status=any,trash"); fmt.Sprint(got) != want {
		t.Errorf("with the trash: %v", got)
	}
	if got := storetest.Search(t, s, "search=tok_abc&status=trash"); fmt.Sprint(got) != want {
		t.Errorf("in the trash: %v", got)
	}
}

func TestTrash(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, storetest.OneMug(`"transaction_id":"tok"`))
	path := "orders/" + fmt.Sprint(id)
	if status, o := storetest.REST(t, s, "DELETE", path, ""); status != 200 || o["status"] != "pending" {
		t.Errorf("the answer shows the order before: %d %v", status, o["status"])
	}
	if status, o := storetest.REST(t, s, "DELETE", path, ""); status != http.StatusGone || o["code"] != "woocommerce_rest_already_trashed" {
		t.Errorf("%d %v", status, o)
	}
	if status, o := storetest.REST(t, s, "PUT", path, `{"set_paid":true,"transaction_id":"pay_1"}`); status != 200 || o["status"] != "trash" || o["date_paid"] != nil || storetest.Stock(t, s, 16) != 10 {
		t.Errorf("paying in the trash: %d %v", status, o)
	}
	if status, _ := storetest.REST(t, s, "GET", path, ""); status != 200 {
		t.Errorf("a trashed order cannot be read: %d", status)
	}
	storetest.REST(t, s, "DELETE", path+"?force=true", "")
	if status, _ := storetest.REST(t, s, "GET", path, ""); status != 404 {
		t.Errorf("a deleted order answers %d", status)
	}
	if _, err := s.Order(id); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
}

// TestRefusedOrders: nothing is left behind, but after a refused coupon.
func TestRefusedOrders(t *testing.T) {
	tests := map[string]struct {
		body, code string
		status     int
	}{
		"number for a total":    {`{"line_items":[{"product_id":16,"total":5}]}`, "rest_invalid_param", 400},
		"text for a quantity":   {`{"line_items":[{"product_id":16,"quantity":"many"}]}`, "rest_invalid_param", 400},
		"lines as an object":    {`{"line_items":{"product_id":16}}`, "rest_invalid_param", 400},
		"a line as a number":    {`{"line_items":[16]}`, "rest_invalid_param", 400},
		"no product":            {`{"line_items":[{"quantity":1}]}`, "woocommerce_rest_required_product_reference", 400},
		"no shipping method":    {`{"shipping_lines":[{"total":"5"}]}`, "woocommerce_rest_invalid_shipping_item", 400},
		"no fee name":           {`{"fee_lines":[{"total":"5"}]}`, "woocommerce_rest_invalid_fee_item", 400},
		"unknown customer":      {`{"customer_id":999}`, "woocommerce_rest_invalid_customer_id", 400},
		"bad e-mail":            {`{"billing":{"email":"x@y"}}`, "rest_invalid_param", 400},
		"empty e-mail":          {`{"billing":{"email":""}}`, "rest_invalid_param", 400},
		"number for a name":     {`{"billing":{"first_name":5}}`, "rest_invalid_param", 400},
		"item of another order": {`{"line_items":[{"id":77,"quantity":1}]}`, "woocommerce_rest_invalid_item_id", 400},
		"coupon with an id":     {`{"line_items":[{"product_id":16}],"coupon_lines":[{"id":1,"code":"save10"}]}`, "woocommerce_rest_coupon_item_id_readonly", 400},
		"no JSON":               {`{"line_items"`, "rest_invalid_json", 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			status, e := storetest.REST(t, s, "POST", "orders", tc.body)
			if status != tc.status || e["code"] != tc.code {
				t.Errorf("%d %v", status, e)
			}
			if n := len(s.Orders()); n != 0 && !strings.Contains(name, "coupon") {
				t.Errorf("%d orders are left", n)
			}
		})
	}
}

// TestCouponRules: the first rule that fails gives the message, and the order
// stays as a draft.
func TestCouponRules(t *testing.T) {
	tests := map[string]struct{ body, message string }{
		"unknown":        {storetest.OneMug(`"coupon_lines":[{"code":"nope"}]`), "Coupon &quot;nope&quot; cannot be applied because it does not exist."},
		"expired":        {storetest.OneMug(`"coupon_lines":[{"code":"EXPIRED"}]`), "Coupon &quot;expired&quot; has expired."},
		"minimum":        {storetest.OneMug(`"coupon_lines":[{"code":"flat100"}]`), "The minimum spend for coupon &quot;flat100&quot; is "},
		"another thing":  {`{"line_items":[{"product_id":17}],"coupon_lines":[{"code":"mug50"}]}`, "Sorry, coupon &quot;mug50&quot; is not applicable to selected products."},
		"twice":          {storetest.OneMug(`"coupon_lines":[{"code":"save10"},{"code":"SAVE10 "}]`), "Coupon code &quot;save10&quot; already applied!"},
		"without a code": {storetest.OneMug(`"coupon_lines":[{"code":""}]`), "Coupon code is required."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			status, e := storetest.REST(t, s, "POST", "orders", tc.body)
			message, _ := e["message"].(string)
			if status != 400 || !strings.HasPrefix(message, tc.message) {
				t.Fatalf("%d %v", status, e)
			}
			data, _ := e["data"].(map[string]any)
			left := s.Orders()
			if len(left) != 1 || left[0].Status != "checkout-draft" || data["new_draft_order_id"] != float64(left[0].ID) {
				t.Errorf("left behind: %+v, said %v", left, data)
			}
		})
	}
}

func TestCouponUsageLimit(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	storetest.Place(t, s, storetest.OneMug(`"coupon_lines":[{"code":"once"}]`))
	status, e := storetest.REST(t, s, "POST", "orders", storetest.OneMug(`"coupon_lines":[{"code":"once"}]`))
	if status != 400 || e["message"] != "Usage limit for coupon &quot;once&quot; has been reached." {
		t.Errorf("%d %v", status, e)
	}
	_, list := storetest.REST(t, s, "GET", "coupons/153", "")
	if list["usage_count"] != float64(1) || fmt.Sprint(list["used_by"]) != "[ravi@example.test]" {
		t.Errorf("%v", list)
	}
}

// TestEditing an order: items by id change or go, items without id are added,
// coupons can be taken off again.
func TestEditing(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, storetest.OneMug(`"shipping_lines":[{"method_id":"flat_rate","method_title":"Flat rate","total":"49"}],"fee_lines":[{"name":"Gift","total":"10"}],"coupon_lines":[{"code":"save10"}]`))
	path := "orders/" + fmt.Sprint(id)
	before := storetest.Order(t, s, id)
	line := before.Lines[0].ID
	if before.DiscountTotal.IsZero() {
		t.Fatal("no discount to take off")
	}
	if _, o := storetest.REST(t, s, "PUT", path, `{"coupon_lines":[]}`); o["discount_total"] != "0.00" || o["total"] == before.Total.StringFixed(2) {
		t.Errorf("without coupons: discount %v, total %v", o["discount_total"], o["total"])
	}
	if _, o := storetest.REST(t, s, "PUT", path, `{"line_items":[{"product_id":17,"quantity":2}]}`); len(o["line_items"].([]any)) != 2 {
		t.Errorf("a line without id was not added: %v", o["line_items"])
	}
	if _, o := storetest.REST(t, s, "PUT", path, fmt.Sprintf(`{"line_items":[{"id":%d,"quantity":0}]}`, line)); len(o["line_items"].([]any)) != 1 {
		t.Errorf("quantity 0 did not remove: %v", o["line_items"])
	}
	if status, e := storetest.REST(t, s, "PUT", path, `{"shipping_lines":[{"id":999,"total":"1"}]}`); status != 400 || e["code"] != "woocommerce_rest_invalid_item_id" {
		t.Errorf("%d %v", status, e)
	}
	if _, o := storetest.REST(t, s, "PUT", path, `{"billing":{"city":"Mysuru"},"customer_note":"ring twice"}`); fmt.Sprint(o["billing"]) == "" || storetest.Order(t, s, id).Billing.City != "Mysuru" || storetest.Order(t, s, id).Billing.Email != "ravi@example.test" {
		t.Errorf("%+v", storetest.Order(t, s, id).Billing)
	}
}

// TestDecimals: dp changes how amounts are written, not what they are.
func TestDecimals(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	id := storetest.Place(t, s, storetest.OneMug(""))
	for dp, want := range map[string]string{"": "445.54", "?dp=6": "445.535714", "?dp=0": "446", "?dp=-1": "445.54", "?dp=x": "445.54"} {
		_, o := storetest.REST(t, s, "GET", "orders/"+fmt.Sprint(id)+dp, "")
		lines, _ := o["line_items"].([]any)
		if got := lines[0].(map[string]any)["total"]; got != want {
			t.Errorf("dp %q: %v, want %s", dp, got, want)
		}
	}
}

// TestPickedUp: what is fetched at the shop is taxed there.
func TestPickedUp(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for method, rows := range map[string]int{"flat_rate": 1, "local_pickup": 2} {
		_, o := storetest.REST(t, s, "POST", "orders", storetest.OneMug(`"shipping_lines":[{"method_id":"`+method+`","method_title":"x","total":"0"}]`))
		if n := len(o["tax_lines"].([]any)); n != rows {
			t.Errorf("%s to another state has %d tax rows, want %d", method, n, rows)
		}
	}
}
