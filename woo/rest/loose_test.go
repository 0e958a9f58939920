package rest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

// TestLooseValues: one field, in every way that PHP and its plugins write it.
func TestLooseValues(t *testing.T) {
	goods := func(f func(rest.Product) any) func(rest.Product) any { return f }
	quantity := goods(func(p rest.Product) any { return p.StockQuantity.String() })
	managed := goods(func(p rest.Product) any { return p.Managed })
	onSale := goods(func(p rest.Product) any { return p.OnSale })
	created := goods(func(p rest.Product) any { return p.CreatedAt.Unix() })
	lowStock := goods(func(p rest.Product) any { return p.LowStock == nil })
	upsells := goods(func(p rest.Product) any { return fmt.Sprint(p.Upsells) })
	never := int64(-62135596800)
	tests := []struct {
		field, sent string
		read        func(rest.Product) any
		want        any // nil: refused
	}{
		{"stock_quantity", `5`, quantity, "5"}, {"stock_quantity", `"5"`, quantity, "5"}, {"stock_quantity", `2.5`, quantity, "2.5"},
		{"stock_quantity", `-87`, quantity, "-87"}, {"stock_quantity", `null`, quantity, ""}, {"stock_quantity", `""`, quantity, ""},
		{"stock_quantity", `1.0E-5`, quantity, "0.000010"}, {"stock_quantity", `"1e999999999"`, quantity, nil}, {"stock_quantity", `"₹5"`, quantity, nil},
		{"stock_quantity", `{"a":1}`, quantity, nil}, {"stock_quantity", `"1,000"`, quantity, nil}, {"stock_quantity", `"NaN"`, quantity, nil},
		{"manage_stock", `true`, managed, rest.ByItself}, {"manage_stock", `"parent"`, managed, rest.ByParent}, {"manage_stock", `"yes"`, managed, rest.ByItself},
		{"manage_stock", `false`, managed, rest.Unmanaged}, {"manage_stock", `null`, managed, rest.Unmanaged}, {"manage_stock", `"maybe"`, managed, nil},
		{"on_sale", `1`, onSale, true}, {"on_sale", `"0"`, onSale, false}, {"on_sale", `"no"`, onSale, false}, {"on_sale", `[]`, onSale, false}, {"on_sale", `7`, onSale, nil},
		{"date_created_gmt", `"2026-11-20T05:12:46"`, created, int64(1795151566)}, {"date_created_gmt", `"2026-11-20T05:12:46Z"`, created, int64(1795151566)},
		{"date_created_gmt", `"2026-11-20T10:42:46+05:30"`, created, int64(1795151566)}, {"date_created_gmt", `""`, created, never}, {"date_created_gmt", `null`, created, never},
		{"date_created_gmt", `false`, created, never}, {"date_created_gmt", `"0000-00-00T00:00:00"`, created, never}, {"date_created_gmt", `"soon"`, created, nil},
		{"low_stock_amount", `""`, lowStock, true}, {"low_stock_amount", `null`, lowStock, true}, {"low_stock_amount", `0`, lowStock, false}, {"low_stock_amount", `1.5`, lowStock, nil},
		{"upsell_ids", `{"2":5,"0":3,"10":9}`, upsells, "[3 5 9]"}, {"upsell_ids", `["3",5.0]`, upsells, "[3 5]"}, {"upsell_ids", `""`, upsells, "[]"},
		{"upsell_ids", `{}`, upsells, nil}, {"upsell_ids", `{"a":1}`, upsells, nil}, {"upsell_ids", `3`, upsells, nil}, {"upsell_ids", `[9223372036854775808]`, upsells, nil},
		{"dimensions", `[]`, func(p rest.Product) any { return p.Dimensions.Width.Valid }, false}, {"dimensions", `"big"`, lowStock, nil},
		{"name", `1299`, func(p rest.Product) any { return p.Name }, "1299"}, {"name", `["x"]`, lowStock, nil},
	}
	for _, test := range tests {
		t.Run(test.field+" "+test.sent, func(t *testing.T) {
			_, shop := newSite(t, answering(200, fmt.Sprintf(`{"id":16,"%s":%s}`, test.field, test.sent)))
			got, err := shop.Products().Get(t.Context(), 16)
			if test.want == nil {
				checkKind(t, err, woo.Unavailable)
				var field *rest.FieldError
				if !errors.As(err, &field) || !strings.HasPrefix(field.Path, test.field) || !errors.Is(err, woo.ErrBadAnswer) {
					t.Errorf("%v does not name the field", err)
				}
				return
			}
			if err != nil || test.read(got) != test.want {
				t.Errorf("read %v, %v; want %v", test.read(got), err, test.want)
			}
		})
	}
}

// TestWrongThing: an answer about something else is none.
func TestWrongThing(t *testing.T) {
	for _, body := range []string{`{}`, `[]`, `null`, `{"id":17}`, `{"id":null}`, `{"name":"x"}`, `"x"`, `[{"id":16}]`} {
		_, shop := newSite(t, answering(200, body))
		_, err := shop.Products().Get(t.Context(), 16)
		checkKind(t, err, woo.Unavailable)
		_, err = shop.Products().Update(t.Context(), 16, rest.ProductChange{Name: new("x")})
		checkKind(t, err, woo.Unknown)
	}
	for _, body := range []string{`{}`, `null`, `""`, `{"a":{"id":1}}`, `[{}]`, `[7]`} {
		_, shop := newSite(t, answering(200, body))
		if all, err := shop.Products().Collect(t.Context(), rest.Query{}); !errors.Is(err, woo.ErrBadAnswer) {
			t.Errorf("%s: %v, %v", body, all, err)
		}
		if all, err := shop.TaxClasses(t.Context()); body != `[{}]` && !errors.Is(err, woo.ErrBadAnswer) {
			t.Errorf("%s: %v, %v", body, all, err)
		}
	}
}

// TestAmountsAreStrings both ways, in fixed point, none as none.
func TestAmountsAreStrings(t *testing.T) {
	decimal.MarshalJSONWithoutQuotes = true // a host may
	defer func() { decimal.MarshalJSONWithoutQuotes = false }()
	tests := map[string]rest.Amount{
		`"499"`: amount("499"), `"33.330000"`: amount("33.330000"), `"1000"`: rest.AmountOf(decimal.New(1, 3)), `""`: {}, `"-5.25"`: amount("-5.25"),
		`"1299.50"`: rest.AmountOfMoney(pricing.Paise(129950)), `"0"`: amount("0"),
	}
	for want, a := range tests {
		got, err := json.Marshal(a)
		if err != nil || string(got) != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
		var back rest.Amount
		if err := json.Unmarshal(got, &back); err != nil || back.Valid != a.Valid || !back.Decimal.Equal(a.Decimal) {
			t.Errorf("%s came back as %v, %v", want, back, err)
		}
	}
	for _, huge := range []rest.Amount{rest.AmountOf(decimal.New(1, 1_000_000)), rest.AmountOf(decimal.New(1, -1_000_000)), amount(strings.Repeat("9", 60))} {
		if text, err := json.Marshal(huge); err == nil || huge.String() != "" {
			t.Errorf("%.20s… is written", text)
		}
	}
}
