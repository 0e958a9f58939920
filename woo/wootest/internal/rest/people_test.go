package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestWritingCustomers answers as measured on WooCommerce 10.0.2.
func TestWritingCustomers(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	status, u := storetest.REST(t, s, "POST", "customers", `{"email":"w7@example.test","password":"x1y2z3w4","first_name":"W 7","role":"administrator",
		"billing":{"city":"Pune","state":"MH","country":"IN"},"meta_data":[{"key":"gstin","value":"27AA"},{"key":"_p","value":"1"}]}`)
	billing, _ := u["billing"].(map[string]any)
	if status != 201 || u["username"] != "w7" && u["username"] != "w 7" || u["role"] != "customer" || billing["city"] != "Pune" || len(u["meta_data"].([]any)) != 1 {
		t.Fatalf("%d %v", status, u)
	}
	one := fmt.Sprint("customers/", u["id"])
	tests := []struct {
		request, body string
		status        int
		code          string
	}{
		{"POST customers", `{"email":"nope","password":"x1y2z3w4"}`, 400, "customer_invalid_email"},
		{"POST customers", `{"email":"w8@example.test"}`, 400, "rest_missing_callback_param"},
		{"POST customers", `{"email":"w8@example.test","password":"x","billing":{"email":"bad"}}`, 400, "rest_invalid_param"},
		{"POST customers", `{"email":"W7@example.test","password":"x"}`, 400, "registration-error-email-exists"},
		{"POST customers", `{"email":"w8@example.test","username":"priya","password":"x"}`, 400, "registration-error-username-exists"},
		{"POST customers", `{"id":5,"email":"w8@example.test","password":"x"}`, 400, "woocommerce_rest_customer_exists"},
		{"PUT " + one, `{"email":"priya@example.test"}`, 400, "woocommerce_rest_customer_invalid_email"},
		{"PUT " + one, `{"username":"other"}`, 400, "woocommerce_rest_customer_invalid_argument"},
		{"PUT " + one, `{"first_name":7}`, 400, "rest_invalid_param"},
		{"DELETE " + one, ``, 501, "woocommerce_rest_trash_not_supported"},
	}
	for _, test := range tests {
		method, path, _ := strings.Cut(test.request, " ")
		if status, e := storetest.REST(t, s, method, path, test.body); status != test.status || e["code"] != test.code {
			t.Errorf("%s %s: %d %v", test.request, test.body, status, e)
		}
	}
	if _, u := storetest.REST(t, s, "PUT", one, `{"shipping":{"city":"Nashik"},"last_name":"L"}`); u["last_name"] != "L" || fmt.Sprint(u["shipping"].(map[string]any)["city"], u["billing"].(map[string]any)["city"]) != "Nashik Pune" && u["first_name"] != "W 7" {
		t.Errorf("%v", u)
	}
	_, b := storetest.REST(t, s, "POST", "customers/batch", fmt.Sprintf(`{"create":[{"email":"w7@example.test"}],"update":[{"id":%v,"first_name":"B"},{"id":99999}]}`, u["id"]))
	made, changed := b["create"].([]any), b["update"].([]any)
	if made[0].(map[string]any)["error"] == nil || changed[0].(map[string]any)["first_name"] != "B" || changed[1].(map[string]any)["error"] == nil {
		t.Errorf("%v", b)
	}
	if status, _ := storetest.REST(t, s, "DELETE", one+"?force=true", ""); status != 200 {
		t.Errorf("deleted: %d", status)
	}
	for _, method := range []string{"GET", "DELETE"} {
		if status, e := storetest.REST(t, s, method, one+"?force=true", ""); status != 404 || e["code"] != "wc_user_invalid_id" {
			t.Errorf("%s of nobody: %d %v", method, status, e)
		}
	}
}

// TestWritingCoupons answers as measured on WooCommerce 10.0.2.
func TestWritingCoupons(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	status, k := storetest.REST(t, s, "POST", "coupons", `{"code":"W7-Save","amount":"10","discount_type":"percent","date_expires":"2026-12-31T18:29:59Z","usage_limit":1,"product_ids":[16,"37"],"email_restrictions":["a@example.test"]}`)
	if status != 201 || fmt.Sprint(k["product_ids"]) != "[16 37]" || k["code"] != "w7-save" || k["amount"] != "10.00" || k["date_expires_gmt"] != "2026-12-31T18:29:59" || k["usage_limit"] != float64(1) || k["usage_limit_per_user"] != nil {
		t.Fatalf("%d %v", status, k)
	}
	one := fmt.Sprint("coupons/", k["id"])
	tests := []struct {
		request, body string
		status        int
		code          string
	}{
		{"POST coupons", `{"code":"w7-SAVE"}`, 400, "woocommerce_rest_coupon_code_already_exists"},
		{"POST coupons", `{"code":" "}`, 400, "woocommerce_rest_empty_coupon_code"},
		{"POST coupons", `{"code":"x","discount_type":"half"}`, 400, "rest_invalid_param"},
		{"POST coupons", `{"code":"x","amount":10}`, 400, "rest_invalid_param"},
		{"POST coupons", `{"code":"x","amount":"-5"}`, 400, "coupon_invalid_amount"},
		{"PUT " + one, `{"amount":7}`, 400, "rest_invalid_param"},
		{"PUT " + one, `{"amount":"150"}`, 400, "coupon_invalid_amount"},
	}
	for _, test := range tests {
		method, path, _ := strings.Cut(test.request, " ")
		if status, e := storetest.REST(t, s, method, path, test.body); status != test.status || e["code"] != test.code {
			t.Errorf("%s %s: %d %v", test.request, test.body, status, e)
		}
	}
	if _, k := storetest.REST(t, s, "POST", "coupons", `{"code":"x","discount_type":"percent","amount":"150","email_restrictions":["nope"]}`); k["amount"] != "0.00" || len(k["email_restrictions"].([]any)) != 0 {
		t.Errorf("more than all: %v", k)
	}
	for body, want := range map[string]any{`{"date_expires_gmt":"2027-01-31T18:29:59"}`: "2026-12-31T18:29:59", `{"date_expires":null}`: "2026-12-31T18:29:59", `{"date_expires":""}`: nil, `{"date_expires":"2027-01-31T18:29:59"}`: "2027-01-31T12:59:59"} {
		storetest.REST(t, s, "PUT", one, `{"date_expires":"2026-12-31T18:29:59Z"}`)
		if _, k := storetest.REST(t, s, "PUT", one, body); k["date_expires_gmt"] != want {
			t.Errorf("%s: %v, want %v", body, k["date_expires_gmt"], want)
		}
	}
	for i, want := range []int{200, 410} {
		if status, _ := storetest.REST(t, s, "DELETE", one, ""); status != want {
			t.Errorf("time %d: %d", i, status)
		}
	}
	if status, k := storetest.REST(t, s, "DELETE", one+"?force=true", ""); status != 200 || k["status"] != "trash" {
		t.Errorf("%d %v", status, k)
	}
	_, b := storetest.REST(t, s, "POST", "coupons/batch", `{"create":[{"code":"y"},{"code":"Y"}],"update":[{"id":153,"usage_limit":0},{"id":9}],"delete":[152,9]}`)
	if len(b["create"].([]any)) != 2 || b["create"].([]any)[1].(map[string]any)["error"] == nil || b["update"].([]any)[0].(map[string]any)["usage_limit"] != nil {
		t.Errorf("%v", b)
	}
}
