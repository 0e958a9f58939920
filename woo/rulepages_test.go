package woo_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
)

// pagedList answers a collection page by page; make writes the entry n.
func pagedList(n int, entry func(i int) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		var entries []string
		for i := (page-1)*size + 1; i <= min(page*size, n); i++ {
			entries = append(entries, entry(i))
		}
		fmt.Fprintf(w, "[%s]", strings.Join(entries, ","))
	})
}

func anyRate(i int) string {
	return fmt.Sprintf(`{"id":%d,"country":"IN","state":"KA","rate":"%d.5000","name":"IGST","priority":1,"compound":false,"shipping":true,"order":%d,"class":"gst-5","postcodes":[],"cities":[]}`, i, i%28, i)
}

func anyCoupon(i int) string {
	return fmt.Sprintf(`{"id":%d,"code":"BULK%d","amount":"5.00","discount_type":"percent"}`, i, i)
}

// TestLongLists are read to their end, and an end that never comes is an error.
func TestLongLists(t *testing.T) {
	for _, n := range []int{0, 1, 99, 100, 101, 250} {
		site := ruleSite(t, map[string]http.Handler{"taxes": pagedList(n, anyRate), "coupons": pagedList(n, anyCoupon)})
		got, err := site.client(t).Rules(t.Context())
		if err != nil || len(got.TaxRates) != n || len(got.Coupons) != n {
			t.Errorf("%d: %d rates, %d coupons, %v", n, len(got.TaxRates), len(got.Coupons), err)
		}
		for i, rate := range got.TaxRates {
			if rate.ID != int64(i+1) {
				t.Fatalf("%d: rate %d is in place %d", n, rate.ID, i)
			}
		}
	}
	site := ruleSite(t, map[string]http.Handler{"taxes": pagedList(1<<30, anyRate)})
	_, err := site.client(t).Rules(t.Context())
	checkKind(t, err, woo.Unavailable)
}

// TestPageThatFails fails the list: a part of it is not the list.
func TestPageThatFails(t *testing.T) {
	rates := pagedList(250, anyRate)
	site := ruleSite(t, map[string]http.Handler{"taxes": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "3" {
			answering(200, "<html>").ServeHTTP(w, r)
			return
		}
		rates.ServeHTTP(w, r)
	})})
	got, err := site.client(t).Rules(t.Context())
	if checkKind(t, err, woo.Unavailable); len(got.TaxRates) != 0 {
		t.Errorf("%d rates", len(got.TaxRates))
	}
}

func TestTaxRatesAsWritten(t *testing.T) {
	tests := map[string]struct {
		sent string
		want quote.TaxRate
	}{
		"standard class": {`{"id":1,"rate":"18.0000","class":"standard","name":"GST","priority":1,"shipping":true}`, quote.TaxRate{ID: 1, Rate: dec("18"), Name: "GST", Priority: 1, Shipping: true}},
		"anywhere":       {`{"id":"2","country":"*","state":"*","postcode":"*","city":"*","rate":"5","class":"","priority":"2"}`, quote.TaxRate{ID: 2, Rate: dec("5"), Priority: 2}},
		"a number":       {`{"id":3,"rate":2.5,"class":"gst-5","compound":"1","shipping":"0","order":7}`, quote.TaxRate{ID: 3, Rate: dec("2.5"), Class: "gst-5", Compound: true, Order: 7}},
		"words":          {`{"id":4,"rate":"0.0000","class":"zero-rate","compound":"yes","shipping":"no"}`, quote.TaxRate{ID: 4, Class: "zero-rate", Compound: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ruleSite(t, map[string]http.Handler{"taxes": answering(200, "["+test.sent+"]")}).client(t).Rules(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]quote.TaxRate{test.want}, got.TaxRates); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCouponsAsWritten(t *testing.T) {
	expires := time.Date(2026, 12, 31, 18, 30, 0, 0, time.UTC)
	tests := map[string]struct {
		sent string
		want quote.Coupon
	}{
		"everything": {
			`{"id":9,"code":"DIWALI","amount":"10.00","status":"publish","discount_type":"fixed_product","date_expires_gmt":"2026-12-31T18:30:00","usage_count":3,` +
				`"individual_use":true,"product_ids":[16,"17"],"excluded_product_ids":[18],"usage_limit":100,"usage_limit_per_user":1,"limit_usage_to_x_items":2,` +
				`"free_shipping":true,"product_categories":[5],"excluded_product_categories":[6],"exclude_sale_items":true,"minimum_amount":"500.00","maximum_amount":"5000.00",` +
				`"email_restrictions":["*@example.test"],"used_by":["2","a@example.test"]}`,
			quote.Coupon{
				ID: 9, Code: "diwali", Type: quote.FixedProductCoupon, Amount: dec("10"), Status: "publish", Expires: &expires, UsageCount: 3,
				IndividualUse: true, ProductIDs: []int64{16, 17}, ExcludedProductIDs: []int64{18}, UsageLimit: 100, UsageLimitPerUser: 1, LimitToItems: 2,
				FreeShipping: true, CategoryIDs: []int64{5}, ExcludedCategoryIDs: []int64{6}, ExcludeSaleItems: true, MinimumAmount: dec("500"), MaximumAmount: dec("5000"),
				EmailRestrictions: []string{"*@example.test"}, UsedBy: []string{"2", "a@example.test"},
			},
		},
		"nothing":           {`{"id":1,"code":"x","discount_type":"percent","amount":"","usage_limit":null,"date_expires_gmt":null}`, quote.Coupon{ID: 1, Code: "x", Type: quote.PercentCoupon}},
		"a type of another": {`{"id":2,"code":"bogo","discount_type":"buy_one_get_one","amount":"1"}`, quote.Coupon{ID: 2, Code: "bogo", Type: "buy_one_get_one", Amount: dec("1")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ruleSite(t, map[string]http.Handler{"coupons": answering(200, "["+test.sent+"]")}).client(t).Rules(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]quote.Coupon{test.want.Code: test.want}, got.Coupons); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestTwoCouponsOfOneCode: WooCommerce takes the newer (wc_get_coupon_id_by_code).
func TestTwoCouponsOfOneCode(t *testing.T) {
	list := answering(200, `[{"id":20,"code":"Once","amount":"20","discount_type":"percent"},{"id":10,"code":"once","amount":"10","discount_type":"percent"}]`)
	got, err := ruleSite(t, map[string]http.Handler{"coupons": list}).client(t).Rules(t.Context())
	if err != nil || len(got.Coupons) != 1 || got.Coupons["once"].ID != 20 {
		t.Errorf("%+v, %v", got.Coupons, err)
	}
}

func TestSettingsAsWritten(t *testing.T) {
	general := `[{"id":"woocommerce_currency","value":"INR"},{"id":"woocommerce_price_num_decimals","value":0},{"id":"woocommerce_default_country","value":"AE"},` +
		`{"id":"woocommerce_calc_taxes","value":"no"},{"id":"woocommerce_enable_coupons","value":"no"},{"id":"woocommerce_allowed_countries","value":"all"},` +
		`{"id":"a_plugin_object","value":{"x":1}},{"id":"a_plugin_list","value":[]},{"id":"no_value"},{"id":"woocommerce_calc_discounts_sequentially","value":"yes"}]`
	tax := `[{"id":"woocommerce_tax_based_on","value":"base"},{"id":"woocommerce_shipping_tax_class","value":""},{"id":"woocommerce_tax_round_at_subtotal","value":"yes"},{"id":"woocommerce_tax_display_cart","value":"excl"}]`
	got, err := ruleSite(t, map[string]http.Handler{
		"settings/general": answering(200, general), "settings/tax": answering(200, tax), "data/countries": answering(200, `[]`),
		"system_status": recording("rest/no-auth.http"), "taxes/classes": answering(200, `[]`),
	}).client(t).Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := quote.Settings{
		Currency: "INR", BaseCountry: "AE", RoundAtSubtotal: true, TaxBasedOn: quote.BasedOnBase,
		CartDisplay: quote.DisplayExclusive, SequentialDiscounts: true, TaxClasses: []string{},
	}
	if diff := cmp.Diff(want, got.Settings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Countries != nil || len(got.Coupons) != 0 {
		t.Errorf("countries %v, coupons %v", got.Countries, got.Coupons)
	}
}
