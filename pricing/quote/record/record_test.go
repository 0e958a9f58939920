package record_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

func read[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestAmount(t *testing.T) {
	tests := []struct {
		json, want string // "" for none
		bad        bool
	}{
		{`"499.00"`, "499", false},
		{`499.5`, "499.5", false},
		{`"-0.333"`, "-0.333", false},
		{`9.9e-05`, "0.000099", false},
		{`0`, "0", false},
		{`""`, "", false},
		{`null`, "", false},
		{`"1e999999999"`, "", true},
		{`"1e31"`, "", true},
		{`"1e-31"`, "", true},
		{`"+1"`, "", true},
		{`"1,299"`, "", true},
		{`"₹5"`, "", true},
		{`"."`, "", true},
		{`[]`, "", true},
		{`true`, "", true},
		{`"` + strings.Repeat("1", 41) + `"`, "", true},
	}
	for _, tt := range tests {
		a := record.Amount{Decimal: dec("7"), Set: true} // what was there before does not stay
		err := json.Unmarshal([]byte(tt.json), &a)
		if (err != nil) != tt.bad || tt.bad && !errors.Is(err, quote.ErrInvalid) {
			t.Errorf("%.50s: %v", tt.json, err)
			continue
		}
		if !tt.bad && (a.Set != (tt.want != "") || a.Set && !a.Equal(dec(tt.want)) || !a.Set && !a.IsZero()) {
			t.Errorf("%s: %s, %t", tt.json, a, a.Set)
		}
	}
}

const settings = `{"currency":"EUR","decimals":2,"tax_enabled":true,"prices_include_tax":true,"tax_round_at_subtotal":true,
	"base_country":"DE","base_state":"","tax_based_on":"billing","tax_display_cart":"excl","shipping_tax_class":"inherit",
	"calc_discounts_sequentially":true,"tax_classes":["b","a"]`

func TestSettings(t *testing.T) {
	want := quote.Settings{
		Currency: pricing.EUR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, RoundAtSubtotal: true, BaseCountry: "DE",
		TaxBasedOn: quote.BasedOnBilling, CartDisplay: quote.DisplayExclusive, ShippingTaxClass: quote.InheritShippingClass,
		SequentialDiscounts: true, Version: "10.4.3", TaxClasses: []string{"b", "a"},
	}
	for adjust, fixed := range map[string]bool{"": false, `,"adjust_non_base_location_prices":true`: false, `,"adjust_non_base_location_prices":false`: true} {
		want.FixedGrossPrice = fixed
		if diff := cmp.Diff(want, read[record.Settings](t, settings+adjust+"}").Settings("10.4.3")); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", adjust, diff)
		}
	}
}

func TestCart(t *testing.T) {
	c := read[record.Cart](t, `{"settings":`+settings+`},
		"destination":{"shipping":{"country":"FR","state":"","postcode":"75001","city":"Paris"},"billing":{"country":"DE"}},
		"customer":{"is_vat_exempt":true},"tax_rates":[{"id":3,"rate":"19.0000","country":"DE","name":"MwSt","priority":1}],
		"lines":[{"product_id":5,"parent_id":2,"name":"Mug","category_ids":[7],"price":"8.40","regular_price":"9","quantity":3,
			"tax_status":"taxable","tax_class":"b","on_sale":true,"shipping_class":"bulky","weight":"0.25","virtual":true}],
		"coupons":[{"id":1,"code":"x","type":"percent","amount":"10"}],"fees":[{"name":"Wrap","amount":-2,"taxable":true,"tax_class":"a"}]}`)
	in, err := c.Input("11.0.1")
	if err != nil {
		t.Fatal(err)
	}
	want := quote.Line{
		ProductID: 5, ParentID: 2, Name: "Mug", CategoryIDs: []int64{7}, UnitPrice: dec("8.4"), RegularPrice: dec("9"), Quantity: 3,
		TaxStatus: quote.Taxable, TaxClass: "b", OnSale: true, ShippingClass: "bulky", Weight: dec("0.25"), Virtual: true,
	}
	if diff := cmp.Diff([]quote.Line{want}, in.Lines); diff != "" {
		t.Errorf("lines (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]quote.Fee{{Name: "Wrap", Amount: dec("-2"), Taxable: true, TaxClass: "a"}}, in.Fees); diff != "" {
		t.Errorf("fees (-want +got)\n%s", diff)
	}
	if in.ShipTo.Country != "FR" || in.BillTo.Country != "DE" || !in.VATExempt || len(in.Rates) != 1 || len(in.Coupons) != 1 ||
		in.Settings.Version != "11.0.1" || in.Shipping != nil {
		t.Errorf("%+v", in)
	}
}

func TestCoupon(t *testing.T) {
	expires := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	got := read[record.Coupon](t, `{"id":4,"code":"Diwali","type":"fixed_product","amount":"5.55","limit_usage_to_x_items":2,"product_ids":[1],
		"excluded_product_ids":[2],"product_categories":[3],"excluded_product_categories":[4],"exclude_sale_items":true,
		"minimum_amount":"100","maximum_amount":"","individual_use":true,"free_shipping":true,"status":"draft",
		"date_expires":"2026-11-20T00:00:00Z","usage_limit":9,"usage_count":8,"usage_limit_per_user":null,
		"used_by":["user:2","a@b.test"],"email_restrictions":["A@b.test"]}`).Coupon()
	want := quote.Coupon{
		ID: 4, Code: "Diwali", Type: quote.FixedProductCoupon, Amount: dec("5.55"), LimitToItems: 2, ProductIDs: []int64{1},
		ExcludedProductIDs: []int64{2}, CategoryIDs: []int64{3}, ExcludedCategoryIDs: []int64{4}, ExcludeSaleItems: true,
		MinimumAmount: dec("100"), IndividualUse: true, FreeShipping: true, Status: "draft", Expires: &expires,
		UsageLimit: 9, UsageCount: 8, UsedBy: []string{"2", "a@b.test"}, EmailRestrictions: []string{"A@b.test"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	stored := read[record.Coupon](t, `{"email_restrictions":["A@b.test"],"email_restrictions_stored":[]}`).Coupon()
	if len(stored.EmailRestrictions) != 0 {
		t.Errorf("restricted to %v, which the store did not keep", stored.EmailRestrictions)
	}
}

func TestEntered(t *testing.T) {
	known := []record.Coupon{{ID: 1, Code: "ten"}, {ID: 2, Code: "Diwali"}}
	for typed, want := range map[string]int64{"ten": 1, " TEN ": 1, "diwali": 2, "nosuch": 0} {
		if got := record.Entered(typed, known); got.ID != want || want == 0 && got.Code != typed {
			t.Errorf("%q is coupon %+v", typed, got)
		}
	}
}

func TestCouponCart(t *testing.T) {
	c := read[record.CouponCart](t, `{"settings":`+settings+`},"destination":{"country":"DE"},"customer":{"user_id":2,"user_email":"u@b.test","billing_email":"b@b.test"},
		"lines":[{"price":"1","quantity":1}],"coupons":[{"id":1,"code":"ten"}],"steps":["nosuch","TEN"]}`)
	in, err := c.Input("10.4.3")
	if err != nil {
		t.Fatal(err)
	}
	if in.Customer != (quote.Customer{ID: 2, Email: "u@b.test", BillingEmail: "b@b.test"}) || in.ShipTo != in.BillTo || in.ShipTo.Country != "DE" {
		t.Errorf("%+v", in)
	}
	if len(in.Coupons) != 2 || in.Coupons[0].ID != 0 || in.Coupons[1].ID != 1 {
		t.Errorf("coupons %+v", in.Coupons)
	}
}

const order = `{"settings":` + settings + `},"products":[{"id":5,"price":"8.40","tax_class":"b","name":"Mug","category_ids":[7]},{"id":9,"parent_id":8,"price":"3","on_sale":true}],
	"coupons":[{"id":1,"code":"ten"}],"request":{"path":"/wc/v3/orders","body":{"customer_id":2,"billing":{"country":"DE","email":"b@b.test"},
	"shipping":{"country":"FR"},"line_items":[{"product_id":5,"quantity":2,"total":"0"},{"product_id":8,"variation_id":9,"quantity":1}],
	"shipping_lines":[{"method_id":"flat_rate","method_title":"Flat","total":"4.90"}],
	"fee_lines":[{"name":"Wrap","total":"2"},{"name":"Tip","total":"1","tax_status":"none"}],"coupon_lines":[{"code":"ten"}]}}}`

func TestOrder(t *testing.T) {
	o := read[record.Order](t, order)
	in, err := o.Input("10.4.3")
	if err != nil {
		t.Fatal(err)
	}
	zero := dec("0")
	want := []quote.Line{
		{ProductID: 5, Name: "Mug", Quantity: 2, UnitPrice: dec("8.4"), TaxClass: "b", CategoryIDs: []int64{7}, Given: &quote.Given{Total: &zero}},
		{ProductID: 8, VariationID: 9, ParentID: 8, Quantity: 1, UnitPrice: dec("3"), OnSale: true, Given: &quote.Given{}},
	}
	if diff := cmp.Diff(want, in.Lines); diff != "" {
		t.Errorf("lines (-want +got)\n%s", diff)
	}
	if len(in.Fees) != 2 || !in.Fees[0].Taxable || in.Fees[1].Taxable || len(in.Shipping) != 1 || !in.Shipping[0].Cost.Equal(dec("4.9")) {
		t.Errorf("fees %+v, shipping %+v", in.Fees, in.Shipping)
	}
	if in.ShipTo.Country != "FR" || in.BillTo.Country != "DE" || in.Customer.BillingEmail != "b@b.test" || in.Coupons[0].ID != 1 {
		t.Errorf("%+v", in)
	}
}

// What a record must have and has not is named.
func TestMissing(t *testing.T) {
	input := func(in interface {
		Input(string) (quote.Input, error)
	}) error {
		_, err := in.Input("10.4.3")
		return err
	}
	price := read[record.Cart](t, `{"lines":[{"price":"1"},{"quantity":1}]}`)
	fee := read[record.Cart](t, `{"fees":[{"name":"x"}]}`)
	steps := read[record.CouponCart](t, `{"lines":[{"price":""}]}`)
	product := read[record.Order](t, strings.Replace(order, `"id":9`, `"id":10`, 1))
	for field, err := range map[string]error{
		"lines[1].price": input(&price), "fees[0].amount": input(&fee), "lines[0].price": input(&steps),
		"request.body.line_items[1]": input(&product),
	} {
		var invalid *quote.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != field || invalid.Reason == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}
