package quote_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

func TestInvalidInput(t *testing.T) {
	many := func(n int) []quote.Line {
		lines := make([]quote.Line, n)
		for i := range lines {
			lines[i] = quote.Line{ProductID: int64(i + 1), UnitPrice: dec("1"), Quantity: 1}
		}
		return lines
	}
	coupon := quote.Coupon{ID: 1, Code: "x", Type: quote.PercentCoupon, Amount: dec("10")}
	cases := []struct {
		field  string
		change func(*quote.Input)
	}{
		{"lines", func(in *quote.Input) { in.Lines = nil }},
		{"lines", func(in *quote.Input) { in.Lines = many(201) }},
		{"lines", func(in *quote.Input) {
			in.Lines = many(3)
			in.Lines[0].UnitPrice, in.Lines[1].UnitPrice = dec("9000000000"), dec("9000000000")
		}},
		{"lines[0].quantity", func(in *quote.Input) { in.Lines[0].Quantity = 0 }},
		{"lines[0].quantity", func(in *quote.Input) { in.Lines[0].Quantity = -5 }},
		{"lines[0].quantity", func(in *quote.Input) { in.Lines[0].Quantity = 9223372036854775807 }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice = dec("-0.01") }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice = decimal.New(1, 1_000_000_000) }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice = decimal.New(1, -2147483648) }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice = decimal.New(1, 10_000) }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice = dec("99999999999") }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice = dec("92233720368547758.08") }},
		{"lines[0].unit_price", func(in *quote.Input) { in.Lines[0].UnitPrice, in.Lines[0].Quantity = dec("9999999"), 1_000_000 }},
		{"lines[0].tax_status", func(in *quote.Input) { in.Lines[0].TaxStatus = "maybe" }},
		{"lines[0].adjustments", func(in *quote.Input) { in.Lines[0].Adjustments = []quote.Adjustment{{Amount: dec("-999")}} }},
		{"lines[0].given.total", func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Total: ptr("-1")} }},
		{"lines[0].given.subtotal", func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Subtotal: ptr("1e40")} }},
		{"lines[1].key", func(in *quote.Input) { in.Lines = append(in.Lines, in.Lines[0]) }},
		{"settings.currency", func(in *quote.Input) { in.Settings.Currency = "" }},
		{"settings.currency", func(in *quote.Input) { in.Settings.Currency = "inr" }},
		{"settings.currency", func(in *quote.Input) { in.Settings.Currency = "ZZZ" }},
		{"settings.decimals", func(in *quote.Input) { in.Settings.Decimals = 5 }},
		{"settings.decimals", func(in *quote.Input) { in.Settings.Decimals = -1 }},
		{"settings.tax_based_on", func(in *quote.Input) { in.Settings.TaxBasedOn = "moon" }},
		{"settings.cart_display", func(in *quote.Input) { in.Settings.CartDisplay = "both" }},
		{"settings.version", func(in *quote.Input) { in.Settings.Version = "latest" }},
		{"settings.version", func(in *quote.Input) { in.Settings.Version = strings.Repeat("1", 99) }},
		{"rates[0].rate", func(in *quote.Input) { in.Rates[0].Rate = dec("-1") }},
		{"rates[0].rate", func(in *quote.Input) { in.Rates[0].Rate = dec("1000.0001") }},
		{"rates[0].rate", func(in *quote.Input) { in.Rates[0].Rate = dec("0.00001") }},
		{"rates[1].id", func(in *quote.Input) { in.Rates[1].ID = in.Rates[0].ID }},
		{"rates", func(in *quote.Input) { in.Rates[0].Rate = dec("999") }},
		{"rates", func(in *quote.Input) { in.Rates = make([]quote.TaxRate, 5001) }},
		{"shipping[0].cost", func(in *quote.Input) { in.Shipping = flat("-1") }},
		{"shipping[0].cost", func(in *quote.Input) { in.Shipping = flat("1e30") }},
		{"shipping", func(in *quote.Input) { in.Shipping = flat("9999999999"); in.Lines[0].UnitPrice = dec("4999999999") }},
		{"fees[0].amount", func(in *quote.Input) { in.Fees = []quote.Fee{{Amount: dec("0.0000001")}} }},
		{"fees[0].amount", func(in *quote.Input) { in.Fees = []quote.Fee{{Amount: dec("1e20")}} }},
		{"fees", func(in *quote.Input) { in.Fees = make([]quote.Fee, 51) }},
		{"fees[1].name", func(in *quote.Input) { in.Fees = []quote.Fee{{Name: "Gift wrap"}, {Name: " gift wrap"}} }},
		{"coupons", func(in *quote.Input) { in.Coupons = make([]quote.Coupon, 21) }},
		{"coupons[0].code", func(in *quote.Input) { in.Coupons = []quote.Coupon{{}} }},
		{"coupons[0].code", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: strings.Repeat("x", 300)}} }},
		{"coupons[0].amount", func(in *quote.Input) { coupon.Amount = dec("-1"); in.Coupons = []quote.Coupon{coupon} }},
		{"coupons[0].amount", func(in *quote.Input) { coupon.Amount = dec("1e15"); in.Coupons = []quote.Coupon{coupon} }},
		{"coupons[0].limit_usage_to_x_items", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: "x", LimitToItems: -1}} }},
		{"coupons[0].limit_usage_to_x_items", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: "x", LimitToItems: 1 << 40}} }},
		{"coupons[0].minimum_amount", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: "x", MinimumAmount: dec("-1")}} }},
		{"coupons[0].maximum_amount", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: "x", MaximumAmount: dec("1e99")}} }},
		{"coupons[0].product_ids", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: "x", ProductIDs: make([]int64, 10_001)}} }},
		{"coupons[0].product_categories", func(in *quote.Input) { in.Coupons = []quote.Coupon{{Code: "x", CategoryIDs: make([]int64, 10_001)}} }},
		{"exchange.rate", func(in *quote.Input) { in.Exchange = &quote.Exchange{From: pricing.USD, To: pricing.INR} }},
		{"exchange.to", func(in *quote.Input) {
			in.Exchange = &quote.Exchange{From: pricing.INR, To: pricing.USD, Rate: dec("0.012")}
		}},
	}
	for i, c := range cases {
		t.Run(fmt.Sprintf("%02d %s", i, c.field), func(t *testing.T) {
			in := shop(t)
			c.change(&in)
			q, err := quote.Calculate(in)
			var invalid *quote.InvalidError
			if !errors.As(err, &invalid) || !errors.Is(err, quote.ErrInvalid) {
				t.Fatalf("error %v", err)
			}
			if invalid.Field != c.field || invalid.Reason == "" {
				t.Errorf("field %q (%s), want %q", invalid.Field, invalid.Reason, c.field)
			}
			if len(q.Lines) > 0 || !q.Totals.Total.IsZero() {
				t.Errorf("a quote comes with the error: %+v", q.Totals)
			}
		})
	}
}

func TestUnsupported(t *testing.T) {
	cases := map[string]func(*quote.Input){
		"rates by postcode":      func(in *quote.Input) { in.Rates[0].Postcodes = []string{"560*"} },
		"rates by city":          func(in *quote.Input) { in.Rates[0].Cities = []string{"BENGALURU"} },
		"two shipping lines":     func(in *quote.Input) { in.Shipping = append(flat("1"), flat("2")...) },
		"a plugin's coupon":      func(in *quote.Input) { in.Coupons = []quote.Coupon{{ID: 1, Code: "x", Type: "smart_coupon"}} },
		"WooCommerce 9.7":        func(in *quote.Input) { in.Settings.Version = "9.7.1" },
		"WooCommerce 8":          func(in *quote.Input) { in.Settings.Version = "8.0" },
		"more decimals than INR": func(in *quote.Input) { in.Settings.Decimals = 3 },
		"many fees that are alike": func(in *quote.Input) {
			for i := range 6 {
				in.Fees = append(in.Fees, quote.Fee{Name: fmt.Sprint(i), Amount: dec("5")})
			}
		},
		"a coupon that goes on": func(in *quote.Input) {
			in.Lines[0].UnitPrice, in.Lines[0].Quantity = dec("9"), 1_000_000
			in.Coupons = []quote.Coupon{{ID: 1, Code: "x", Type: quote.FixedCartCoupon, Amount: dec("8999999"), LimitToItems: 1}}
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			in := shop(t)
			change(&in)
			_, err := quote.Calculate(in)
			var unsupported *quote.UnsupportedError
			if !errors.As(err, &unsupported) || !errors.Is(err, quote.ErrUnsupported) || errors.Is(err, quote.ErrInvalid) {
				t.Fatalf("error %v", err)
			}
		})
	}
}

func TestVersions(t *testing.T) {
	for _, version := range []string{"", "9.8", "9.8.5", "9.9.5", "10", "10.0.0-rc.1", "10.4.3", "11.0.1", "12.0"} {
		in := shop(t)
		in.Settings.Version = version
		if q := calculate(t, in); q.Totals.Total.Amount() != "997.99" || q.Version != version {
			t.Errorf("%q: %s", version, q.Totals.Total)
		}
	}
}

func TestTheOrderAloneMayHaveMoreDecimals(t *testing.T) {
	in := shop(t)
	in.Settings.Decimals = 3
	o, err := quote.Order(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Totals.Total.StringFixed(3); got != "997.999" {
		t.Errorf("total %s", got)
	}
}

func TestErrorsDoNotRepeatTheValue(t *testing.T) {
	in := shop(t)
	in.Lines[0].TaxStatus = "s3cr3t"
	if _, err := quote.Calculate(in); err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("error %v", err)
	}
}

func TestTheInputIsNotChanged(t *testing.T) {
	in := shop(t)
	in.Lines[0].Adjustments = []quote.Adjustment{{Rule: "tier", Amount: dec("-1")}}
	in.Coupons = []quote.Coupon{{ID: 1, Code: " Diwali", Type: quote.PercentCoupon, Amount: dec("10")}}
	before := fmt.Sprintf("%+v", in)
	q := calculate(t, in)
	if after := fmt.Sprintf("%+v", in); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	q.Lines[0].Adjustments[0].Rule = "changed"
	if in.Lines[0].Adjustments[0].Rule != "tier" {
		t.Error("the quote shares the input's adjustments")
	}
}
