package main

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// cartOutput is a cart as WooCommerce holds it.
type cartOutput struct {
	Lines         []fields         `json:"lines"`
	Apply         []decisionOutput `json:"apply"`
	Coupons       []fields         `json:"coupons"`
	DiscountOrder []string         `json:"discount_order"`
	Address       addressOutput    `json:"taxable_address"`
	Shipping      struct {
		Available []string       `json:"available"`
		Chosen    []chosenOutput `json:"chosen"`
	} `json:"shipping"`
	Fees      []fields `json:"fees"`
	Totals    fields   `json:"totals"`
	TaxTotals []fields `json:"tax_totals"`
}

type addressOutput struct {
	Country string `json:"country"`
	State   string `json:"state"`
}

// decisionOutput is what became of a coupon that was entered.
type decisionOutput struct {
	Code     string   `json:"code"`
	Accepted bool     `json:"accepted"`
	Reason   *int     `json:"error_code"`
	Error    *string  `json:"error"`
	Removed  []string `json:"removed"`
}

type chosenOutput struct {
	Method string `json:"method"`
	Label  string `json:"label"`
	Cost   string `json:"cost"`
	Taxes  taxMap `json:"taxes"`
}

// fields is a JSON object whose keys keep their order.
type fields struct {
	places int
	pairs  []field
}

type field struct {
	key   string
	value any
}

func splitNames(names string) []string { return strings.Fields(names) }

func (f *fields) put(key string, value any) { f.pairs = append(f.pairs, field{key, value}) }

// amounts puts full numbers and, behind them, each as it is shown. Names are separated by spaces.
func (f *fields) amounts(names string, values ...decimal.Decimal) {
	list := splitNames(names)
	for i, name := range list {
		f.put(name, number(values[i]))
	}
	for i, name := range list {
		f.put(name+"_r", shown(values[i], f.places))
	}
}

// MarshalJSON implements json.Marshaler.
func (f fields) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, p := range f.pairs {
		if i > 0 {
			b = append(b, ',')
		}
		value, err := json.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		b = append(append(strconv.AppendQuote(b, p.key), ':'), value...)
	}
	return append(b, '}'), nil
}

func newCartOutput(in *quote.Input, cart *quote.CartView) *cartOutput {
	places := in.Settings.Decimals
	out := &cartOutput{
		Lines: []fields{}, Coupons: []fields{}, Fees: []fields{}, TaxTotals: []fields{},
		Apply: newDecisions(in, cart), DiscountOrder: append([]string{}, cart.DiscountOrder...),
		Address: addressOutput{cart.TaxedAt.Country, cart.TaxedAt.State}, Totals: newTotals(&cart.Totals, places),
	}
	out.Shipping.Available, out.Shipping.Chosen = []string{}, []chosenOutput{}
	for _, l := range cart.Lines {
		f := fields{places: places}
		f.amounts("subtotal subtotal_tax total total_tax", l.Subtotal, l.SubtotalTax, l.Total, l.TotalTax)
		f.put("subtotal_taxes", taxMap(l.SubtotalTaxes))
		f.put("total_taxes", taxMap(l.TotalTaxes))
		out.Lines = append(out.Lines, f)
	}
	for _, c := range cart.Coupons {
		f := fields{places: places}
		f.put("code", c.Code)
		f.put("valid", true)
		f.amounts("discount discount_tax", c.Discount, c.DiscountTax)
		f.put("error_code", nil)
		out.Coupons = append(out.Coupons, f)
	}
	for _, fee := range cart.Fees {
		f := fields{places: places}
		f.put("name", fee.Name)
		f.put("amount", plain(fee.Amount))
		f.amounts("total tax", fee.Total, fee.Tax)
		f.put("taxes", taxMap(fee.Taxes))
		out.Fees = append(out.Fees, f)
	}
	for _, row := range cart.TaxTotals {
		f := fields{places: places}
		f.put("code", row.Code)
		f.put("label", row.Label)
		f.put("rate_id", strconv.FormatInt(row.RateID, 10))
		f.put("compound", row.Compound)
		f.amounts("amount", row.Amount)
		out.TaxTotals = append(out.TaxTotals, f)
	}
	return out
}

func newTotals(t *quote.CartTotals, places int) fields {
	f := fields{places: places}
	f.amounts("subtotal subtotal_tax shipping_total shipping_tax discount_total discount_tax cart_contents_total cart_contents_tax fee_total fee_tax total total_tax",
		t.Subtotal, t.SubtotalTax, t.ShippingTotal, t.ShippingTax, t.DiscountTotal, t.DiscountTax,
		t.CartContentsTotal, t.CartContentsTax, t.FeeTotal, t.FeeTax, t.Total, t.TotalTax)
	f.put("cart_contents_taxes", taxMap(t.CartContentsTaxes))
	f.put("shipping_taxes", taxMap(t.ShippingTaxes))
	f.put("fee_taxes", taxMap(t.FeeTaxes))
	f.put("displayed_subtotal", number(t.DisplayedSubtotal))
	return f
}
