package orders_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// withCoupon overlays the catalogue with one coupon named "x".
func withCoupon(fields string) func(*wootest.Config) {
	return func(cfg *wootest.Config) {
		row := `{"id":900,"code":"x","status":"publish","amount":"10.00","date_created_gmt":null` + fields + `}`
		cfg.Catalogue = storetest.Overlay{FS: wootest.Catalogue(), Over: fstest.MapFS{"coupons.json": {Data: []byte("[" + row + "]")}}}
	}
}

const (
	mugAndTee = `{"billing":{"country":"IN","state":"KA","email":"Ravi@Example.test"},"line_items":[{"product_id":16},{"product_id":18}],"coupon_lines":[{"code":"x"}]}`
	penOnly   = `{"line_items":[{"product_id":17}],"coupon_lines":[{"code":"x"}]}`
)

// TestCouponFits: whom a coupon refuses, in WooCommerce's words, and whom it
// takes from.
func TestCouponFits(t *testing.T) {
	const notFor = "Sorry, coupon &quot;x&quot; is not applicable to selected products."
	percent, cart := `,"discount_type":"percent"`, `,"discount_type":"fixed_cart"`
	tests := map[string]struct{ coupon, body, refusal string }{
		"for everything":               {percent, mugAndTee, ""},
		"for one thing, there":         {percent + `,"product_ids":[16]`, mugAndTee, ""},
		"for one thing, not there":     {percent + `,"product_ids":[16]`, penOnly, notFor},
		"for a category, there":        {percent + `,"product_categories":[17]`, mugAndTee, ""},
		"for a category, not there":    {percent + `,"product_categories":[17]`, penOnly, notFor},
		"a category, but only sales":   {percent + `,"product_categories":[18],"exclude_sale_items":true`, mugAndTee, notFor},
		"percent leaves out":           {percent + `,"excluded_product_ids":[18]`, mugAndTee, ""},
		"percent leaves all out":       {percent + `,"excluded_product_ids":[17]`, penOnly, notFor},
		"cart, an excluded product":    {cart + `,"excluded_product_ids":[18]`, mugAndTee, "Sorry, coupon &quot;x&quot; is not applicable to the products: Cotton T-Shirt (Sale)."},
		"cart, an excluded category":   {cart + `,"excluded_product_categories":[17]`, mugAndTee, "Sorry, coupon &quot;x&quot; is not applicable to the categories: Kitchen &amp; Dining."},
		"cart, a sale item":            {cart + `,"exclude_sale_items":true`, mugAndTee, "Sorry, coupon &quot;x&quot; is not valid for sale items."},
		"at most":                      {percent + `,"maximum_amount":"500"`, mugAndTee, "The maximum spend for coupon &quot;x&quot; is "},
		"somebody's own":               {percent + `,"email_restrictions":["ravi@example.test"]`, mugAndTee, ""},
		"a domain's":                   {percent + `,"email_restrictions":["*@EXAMPLE.test"]`, mugAndTee, ""},
		"another's":                    {percent + `,"email_restrictions":["asha@example.test","*@other.test"]`, mugAndTee, "Please enter a valid email at checkout to use coupon code &quot;x&quot;."},
		"nobody's e-mail known":        {percent + `,"email_restrictions":["ravi@example.test"]`, penOnly, "Please enter a valid email at checkout to use coupon code &quot;x&quot;."},
		"a draft":                      {percent + `,"status":"draft"`, mugAndTee, "Coupon &quot;x&quot; cannot be applied because it does not exist."},
		"still good":                   {percent + `,"date_expires_gmt":"2026-11-20T05:00:00"`, mugAndTee, ""},
		"a second over":                {percent + `,"date_expires_gmt":"2026-11-20T04:59:59"`, mugAndTee, "Coupon &quot;x&quot; has expired."},
		"used up":                      {percent + `,"usage_limit":2,"usage_count":2`, mugAndTee, "Usage limit for coupon &quot;x&quot; has been reached."},
		"for a parent, of a variation": {percent + `,"product_ids":[37]`, `{"line_items":[{"product_id":37,"variation_id":40}],"coupon_lines":[{"code":"x"}]}`, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, withCoupon(tc.coupon))
			status, o := storetest.REST(t, s, "POST", "orders", tc.body)
			message, _ := o["message"].(string)
			if tc.refusal != "" && (status != 400 || !strings.HasPrefix(message, tc.refusal)) {
				t.Errorf("%d %q, want %q", status, message, tc.refusal)
			}
			if tc.refusal == "" && (status != 201 || o["discount_total"] == "0.00") {
				t.Errorf("%d %q, discount %v", status, message, o["discount_total"])
			}
		})
	}
}

// TestDiscounts: how much of a mug (499, with 12 percent tax) and a T-shirt
// (749, 5 percent) each kind takes, tax included.
func TestDiscounts(t *testing.T) {
	tests := map[string]struct{ coupon, taken string }{
		"percent":              {`,"discount_type":"percent"`, "124.80"},
		"percent of one":       {`,"discount_type":"percent","product_ids":[16]`, "49.90"},
		"percent, one item":    {`,"discount_type":"percent","limit_usage_to_x_items":1`, "74.90"},
		"ten off each":         {`,"discount_type":"fixed_product"`, "20.00"},
		"ten off one":          {`,"discount_type":"fixed_product","limit_usage_to_x_items":1`, "10.00"},
		"ten off all":          {`,"discount_type":"fixed_cart"`, "10.00"},
		"a third of a rupee":   {`,"discount_type":"fixed_cart","amount":"0.33"`, "0.33"},
		"one paisa":            {`,"discount_type":"fixed_cart","amount":"0.01"`, "0.01"},
		"more than there is":   {`,"discount_type":"fixed_cart","amount":"99999"`, "1248.00"},
		"all of it":            {`,"discount_type":"percent","amount":"100"`, "1248.00"},
		"nothing, ships free":  {`,"discount_type":"fixed_cart","amount":"0","free_shipping":true`, "0.00"},
		"an unknown kind":      {`,"discount_type":"other"`, "0.00"},
		"sale items left out":  {`,"discount_type":"percent","exclude_sale_items":true`, "49.90"},
		"more than one costs":  {`,"discount_type":"fixed_product","amount":"600"`, "1099.00"},
		"limited above a line": {`,"discount_type":"fixed_product","amount":"800","limit_usage_to_x_items":1`, "749.00"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, withCoupon(tc.coupon))
			status, o := storetest.REST(t, s, "POST", "orders", mugAndTee)
			if status != 201 {
				t.Fatalf("%d %v", status, o)
			}
			id, _ := o["id"].(float64)
			got := storetest.Order(t, s, int64(id))
			if taken := got.DiscountTotal.Add(got.DiscountTax); taken.Sub(storetest.DecimalOf(t, tc.taken)).Abs().GreaterThan(storetest.DecimalOf(t, "0.01")) {
				t.Errorf("%s taken, want %s", taken, tc.taken)
			}
			lines, _ := o["coupon_lines"].([]any)
			if len(lines) != 1 || lines[0].(map[string]any)["code"] != "x" {
				t.Errorf("%v", lines)
			}
		})
	}
}

// TestTwoCoupons: in the order of the request, each on what the other left of
// a whole line only.
func TestTwoCoupons(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	_, o := storetest.REST(t, s, "POST", "orders", storetest.OneMug(`"coupon_lines":[{"code":"mug50"},{"code":"save10"}]`))
	if o["discount_total"] != "89.20" || o["discount_tax"] != "10.70" || o["total"] != "399.10" {
		t.Errorf("%v %v %v", o["discount_total"], o["discount_tax"], o["total"])
	}
	var codes []string
	for _, l := range o["coupon_lines"].([]any) {
		codes = append(codes, fmt.Sprint(l.(map[string]any)["code"]))
	}
	if strings.Join(codes, " ") != "mug50 save10" {
		t.Error(codes)
	}
}
