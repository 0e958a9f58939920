package woo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo/wootest"
)

// restOrder is an order as the shop keeper reads it over REST, in six decimals.
type restOrder struct {
	Status        string          `json:"status"`
	Currency      string          `json:"currency"`
	Total         decimal.Decimal `json:"total"`
	TotalTax      decimal.Decimal `json:"total_tax"`
	CartTax       decimal.Decimal `json:"cart_tax"`
	ShippingTotal decimal.Decimal `json:"shipping_total"`
	ShippingTax   decimal.Decimal `json:"shipping_tax"`
	DiscountTotal decimal.Decimal `json:"discount_total"`
	DiscountTax   decimal.Decimal `json:"discount_tax"`
	Lines         []restLine      `json:"line_items"`
	Taxes         []restTaxRow    `json:"tax_lines"`
	Shipping      []restPart      `json:"shipping_lines"`
	Fees          []restPart      `json:"fee_lines"`
	Coupons       []restCoupon    `json:"coupon_lines"`
}

type restLine struct {
	ProductID   int64           `json:"product_id"`
	VariationID int64           `json:"variation_id"`
	Quantity    int64           `json:"quantity"`
	TaxClass    string          `json:"tax_class"`
	Subtotal    decimal.Decimal `json:"subtotal"`
	Total       decimal.Decimal `json:"total"`
	SubtotalTax decimal.Decimal `json:"subtotal_tax"`
	TotalTax    decimal.Decimal `json:"total_tax"`
	Taxes       []restTax       `json:"taxes"`
}

type restTaxRow struct {
	RateID      int64           `json:"rate_id"`
	Code        string          `json:"rate_code"`
	Label       string          `json:"label"`
	Tax         decimal.Decimal `json:"tax_total"`
	ShippingTax decimal.Decimal `json:"shipping_tax_total"`
}

type restCoupon struct {
	Code     string          `json:"code"`
	Discount decimal.Decimal `json:"discount"`
	Tax      decimal.Decimal `json:"discount_tax"`
}

// restPart is a shipping line, or a fee, which has a name.
type restPart struct {
	Name     string          `json:"name"`
	Method   string          `json:"method_id"`
	Total    decimal.Decimal `json:"total"`
	TotalTax decimal.Decimal `json:"total_tax"`
	Taxes    []restTax       `json:"taxes"`
}

type restTax struct {
	RateID int64           `json:"id"`
	Total  decimal.Decimal `json:"total"`
}

// readOrder reads an order without the client that is being tried.
func readOrder(t *testing.T, store *wootest.Store, id int64) restOrder {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/wp-json/wc/v3/orders/%d?dp=6", store.URL(), id), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(store.ConsumerKey(), store.ConsumerSecret())
	req.Header.Set("X-Forwarded-Proto", "https")
	resp, err := store.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var o restOrder
	if err := json.NewDecoder(resp.Body).Decode(&o); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	return o
}

// equality compares amounts and says which differ.
type equality struct{ *testing.T }

func (e equality) same(field string, quoted, ordered decimal.Decimal) {
	e.Helper()
	if !quoted.Equal(ordered) {
		e.Errorf("%s: quoted %s, ordered %s", field, quoted, ordered)
	}
}

// taxes compares the taxes of a part, rate by rate. The store leaves out those that are nothing.
func (e equality) taxes(field string, quoted []quote.TaxShare, ordered []restTax) {
	e.Helper()
	for _, share := range quoted {
		var got decimal.Decimal
		if i := slices.IndexFunc(ordered, func(r restTax) bool { return r.RateID == share.RateID }); i >= 0 {
			got = ordered[i].Total
		}
		e.same(fmt.Sprintf("%s, rate %d", field, share.RateID), share.Total, got)
	}
	if len(ordered) > len(quoted) {
		e.Errorf("%s: %d taxes quoted, %d ordered", field, len(quoted), len(ordered))
	}
}

// compareOrder holds an order against its quote: every line, every tax row, every part and every total.
func compareOrder(t *testing.T, q quote.Quote, o restOrder) {
	t.Helper()
	e := equality{t}
	e.totals(q.Totals, o)
	if o.Currency != string(q.Currency) {
		e.Errorf("currency %s, quoted %s", o.Currency, q.Currency)
	}
	if len(o.Lines) != len(q.Lines) || len(o.Taxes) != len(q.Taxes) || len(o.Shipping) != len(q.Shipping) ||
		len(o.Fees) != len(q.Fees) || len(o.Coupons) != len(q.Coupons) {
		e.Fatalf("the order is %+v, the quote %+v", o, q)
	}
	e.lines(q.Lines, o.Lines)
	e.taxRows(q.Taxes, o.Taxes)
	for i, want := range q.Shipping {
		e.part("shipping", want.MethodID, want.Total, want.Taxes, o.Shipping[i].Method, o.Shipping[i])
	}
	for i, want := range q.Fees {
		e.part(fmt.Sprint("fee ", i), want.Name, want.Total, want.Taxes, o.Fees[i].Name, o.Fees[i])
	}
	for i, want := range q.Coupons {
		got := o.Coupons[i]
		if got.Code != want.Code {
			e.Errorf("coupon %s, quoted %s", got.Code, want.Code)
		}
		e.same(want.Code, want.Discount, got.Discount)
		e.same(want.Code+" tax", want.DiscountTax, got.Tax)
	}
}

// totals are stored rounded, but those that are sums of unrounded parts.
func (e equality) totals(want quote.Totals, o restOrder) {
	e.Helper()
	e.same("total", want.Total.Decimal(), o.Total)
	e.same("total tax", want.TotalTax.Decimal(), o.TotalTax.Round(2))
	e.same("cart tax", want.CartTax.Decimal(), o.CartTax.Round(2))
	e.same("shipping", want.ShippingTotal.Decimal(), o.ShippingTotal)
	e.same("shipping tax", want.ShippingTax.Decimal(), o.ShippingTax.Round(2))
	e.same("discount", want.DiscountTotal.Decimal(), o.DiscountTotal.Round(2))
	e.same("discount tax", want.DiscountTax.Decimal(), o.DiscountTax.Round(2))
}

func (e equality) lines(quoted []quote.QuoteLine, ordered []restLine) {
	e.Helper()
	for i, want := range quoted {
		got, line := ordered[i], fmt.Sprint("line ", i)
		if got.ProductID != want.ProductID || got.VariationID != want.VariationID || got.Quantity != want.Quantity || got.TaxClass != want.TaxClass {
			e.Errorf("%s: %+v, quoted %+v", line, got, want)
		}
		e.same(line+" subtotal", want.Subtotal, got.Subtotal)
		e.same(line+" total", want.Total, got.Total)
		e.same(line+" subtotal tax", want.SubtotalTax, got.SubtotalTax)
		e.same(line+" total tax", want.TotalTax, got.TotalTax)
		e.taxes(line, want.Taxes, got.Taxes)
	}
}

// taxRows compares what an invoice shows: CGST and SGST, or IGST.
func (e equality) taxRows(quoted []quote.TaxRow, ordered []restTaxRow) {
	e.Helper()
	for i, want := range quoted {
		got := ordered[i]
		if got.RateID != want.RateID || got.Code != want.Code || got.Label != want.Label {
			e.Errorf("tax row %+v, quoted %+v", got, want)
		}
		e.same(want.Code, want.Tax.Decimal(), got.Tax.Round(2))
		e.same(want.Code+" on shipping", want.ShippingTax.Decimal(), got.ShippingTax.Round(2))
	}
}

func (e equality) part(field, name string, total decimal.Decimal, taxes []quote.TaxShare, got string, ordered restPart) {
	e.Helper()
	if got != name {
		e.Errorf("%s: %s, quoted %s", field, got, name)
	}
	e.same(field, total, ordered.Total)
	e.taxes(field, taxes, ordered.Taxes)
}
