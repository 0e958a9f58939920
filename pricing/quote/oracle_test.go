package quote_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// oracle reads the records of one file: the sample in testdata, or everything when ANKKOR_ORACLE names a folder.
func oracle[T any](t *testing.T, name string) []T {
	t.Helper()
	dir := os.Getenv("ANKKOR_ORACLE")
	if dir == "" {
		return sample[T](t, name)
	}
	return readRecords[T](t, name, open(t, filepath.Join(dir, name+".jsonl")))
}

// sample reads the records of one file in testdata.
func sample[T any](t *testing.T, name string) []T {
	t.Helper()
	folder := "testdata"
	if name == "shipping" {
		folder = filepath.Join("..", "shipping", "testdata")
	}
	z, err := gzip.NewReader(open(t, filepath.Join(folder, name+".jsonl.gz")))
	if err != nil {
		t.Fatal(err)
	}
	return readRecords[T](t, name, z)
}

func readRecords[T any](t *testing.T, name string, r io.Reader) []T {
	t.Helper()
	var records []T
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var v T
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		records = append(records, v)
	}
	if err := lines.Err(); err != nil || len(records) < 20 {
		t.Fatalf("%s: %d records, %v", name, len(records), err)
	}
	return records
}

func open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// number is an amount that a record holds as a JSON number or a string; "" and null are zero.
type number struct{ decimal.Decimal }

func (n *number) UnmarshalJSON(b []byte) error {
	text := string(bytes.Trim(b, `"`))
	if text == "" || text == "null" {
		*n = number{}
		return nil
	}
	d, err := decimal.NewFromString(text)
	*n = number{d}
	return err
}

type oracleSettings struct {
	Currency    pricing.Currency `json:"currency"`
	Decimals    int              `json:"decimals"`
	TaxEnabled  bool             `json:"tax_enabled"`
	Inclusive   bool             `json:"prices_include_tax"`
	AtSubtotal  bool             `json:"tax_round_at_subtotal"`
	BaseCountry string           `json:"base_country"`
	BaseState   string           `json:"base_state"`
	BasedOn     quote.TaxBasis   `json:"tax_based_on"`
	Display     quote.TaxDisplay `json:"tax_display_cart"`
	Shipping    string           `json:"shipping_tax_class"`
	Adjust      *bool            `json:"adjust_non_base_location_prices"`
	Sequential  bool             `json:"calc_discounts_sequentially"`
}

func (s oracleSettings) settings(version string) quote.Settings {
	return quote.Settings{
		Currency: s.Currency, Decimals: s.Decimals, TaxEnabled: s.TaxEnabled, PricesIncludeTax: s.Inclusive,
		RoundAtSubtotal: s.AtSubtotal, BaseCountry: s.BaseCountry, BaseState: s.BaseState, TaxBasedOn: s.BasedOn,
		CartDisplay: s.Display, ShippingTaxClass: s.Shipping, FixedGrossPrice: s.Adjust != nil && !*s.Adjust,
		SequentialDiscounts: s.Sequential, Version: version,
	}
}

type oracleCoupon struct {
	ID                 int64            `json:"id"`
	Code               string           `json:"code"`
	Type               quote.CouponType `json:"type"`
	Amount             number           `json:"amount"`
	Limit              *int64           `json:"limit_usage_to_x_items"`
	Products           []int64          `json:"product_ids"`
	ExcludedProducts   []int64          `json:"excluded_product_ids"`
	Categories         []int64          `json:"product_categories"`
	ExcludedCategories []int64          `json:"excluded_product_categories"`
	ExcludeSale        bool             `json:"exclude_sale_items"`
	Minimum            number           `json:"minimum_amount"`
	Maximum            number           `json:"maximum_amount"`
	Individual         bool             `json:"individual_use"`
	FreeShipping       bool             `json:"free_shipping"`
	couponUse
}

func (c oracleCoupon) coupon() quote.Coupon {
	out := quote.Coupon{
		ID: c.ID, Code: c.Code, Type: c.Type, Amount: c.Amount.Decimal,
		ProductIDs: c.Products, ExcludedProductIDs: c.ExcludedProducts,
		CategoryIDs: c.Categories, ExcludedCategoryIDs: c.ExcludedCategories,
		ExcludeSaleItems: c.ExcludeSale, MinimumAmount: c.Minimum.Decimal, MaximumAmount: c.Maximum.Decimal,
		IndividualUse: c.Individual, FreeShipping: c.FreeShipping,
	}
	if c.Limit != nil {
		out.LimitToItems = *c.Limit
	}
	c.couponUse.fill(&out)
	return out
}
