package quote_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// cartRecord is a cart that a real WooCommerce added up.
type cartRecord struct {
	ID      string      `json:"id"`
	Version string      `json:"woocommerce"`
	Input   record.Cart `json:"input"`
	Output  cartOutput  `json:"output"`
}

type cartOutput struct {
	Lines []struct {
		rounded
		Subtotal      number  `json:"subtotal"`
		SubtotalTax   number  `json:"subtotal_tax"`
		Total         number  `json:"total"`
		TotalTax      number  `json:"total_tax"`
		SubtotalTaxes taxList `json:"subtotal_taxes"`
		TotalTaxes    taxList `json:"total_taxes"`
	} `json:"lines"`
	Apply []struct {
		Code     string   `json:"code"`
		Accepted bool     `json:"accepted"`
		Error    *int     `json:"error_code"`
		Removed  []string `json:"removed"`
	} `json:"apply"`
	Coupons []struct {
		Code        string `json:"code"`
		Valid       bool   `json:"valid"`
		Error       *int   `json:"error_code"`
		Discount    number `json:"discount"`
		Tax         number `json:"discount_tax"`
		DiscountR   string `json:"discount_r"`
		DiscountTaR string `json:"discount_tax_r"`
	} `json:"coupons"`
	DiscountOrder []string `json:"discount_order"`
	Address       struct {
		Country string `json:"country"`
		State   string `json:"state"`
	} `json:"taxable_address"`
	Shipping struct {
		Chosen []struct {
			Method string  `json:"method"`
			Cost   number  `json:"cost"`
			Taxes  taxList `json:"taxes"`
		} `json:"chosen"`
	} `json:"shipping"`
	Fees []struct {
		Name   string  `json:"name"`
		Amount number  `json:"amount"`
		Total  number  `json:"total"`
		Tax    number  `json:"tax"`
		TotalR string  `json:"total_r"`
		TaxR   string  `json:"tax_r"`
		Taxes  taxList `json:"taxes"`
	} `json:"fees"`
	Totals    map[string]json.RawMessage `json:"totals"`
	TaxTotals []struct {
		Code     string `json:"code"`
		Label    string `json:"label"`
		RateID   string `json:"rate_id"`
		Compound bool   `json:"compound"`
		Amount   number `json:"amount"`
		AmountR  string `json:"amount_r"`
	} `json:"tax_totals"`
}

type rounded struct {
	Subtotal    string `json:"subtotal_r"`
	SubtotalTax string `json:"subtotal_tax_r"`
	Total       string `json:"total_r"`
	TotalTax    string `json:"total_tax_r"`
}

// taxList is PHP's map of rate id to amount, in its order.
type taxList []quote.CartTax

func (l *taxList) UnmarshalJSON(b []byte) error {
	*l = nil
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open == json.Delim('[') {
		return err
	}
	for dec.More() {
		var id int64
		var amount number
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if _, err := fmt.Sscan(key.(string), &id); err != nil {
			return err
		}
		if err := dec.Decode(&amount); err != nil {
			return err
		}
		*l = append(*l, quote.CartTax{RateID: id, Amount: amount.Decimal})
	}
	return nil
}

func (r *cartRecord) input(t *testing.T) quote.Input {
	t.Helper()
	in, err := r.Input.Input(r.Version)
	if err != nil {
		t.Fatalf("%s: %v", r.ID, err)
	}
	for _, chosen := range r.Output.Shipping.Chosen {
		for _, s := range r.Input.Shipping {
			if s.Method == chosen.Method {
				in.Shipping = append(in.Shipping, quote.ShippingLine{MethodID: s.Method, Cost: s.Cost.Decimal, Taxable: s.Taxable})
			}
		}
	}
	return in
}

func TestCarts(t *testing.T) {
	for _, r := range oracle[cartRecord](t, "cart-totals") {
		r.check(t)
	}
}

func (r *cartRecord) check(t *testing.T) {
	t.Helper()
	got, err := quote.Cart(r.input(t))
	if err != nil {
		t.Errorf("%s: %v", r.ID, err)
		return
	}
	for _, diff := range r.compare(got) {
		t.Errorf("%s: %s", r.ID, diff)
	}
}

// TestCartsOf985 takes the carts that WooCommerce 9.8.5 adds up differently.
func TestCartsOf985(t *testing.T) {
	older := map[string]cartRecord{}
	for _, r := range oracle[cartRecord](t, "cart-totals-wc985") {
		older[r.ID] = r
	}
	compared := 0
	for _, r := range oracle[cartRecord](t, "cart-totals") {
		if o, ok := older[r.ID]; ok {
			r.Version, r.Output = o.Version, o.Output
			r.check(t)
			compared++
		}
	}
	if compared < 20 {
		t.Errorf("only %d carts compared", compared)
	}
}

func (r *cartRecord) compare(got quote.CartView) []string {
	c := &comparison{places: int32(r.Input.Settings.Decimals)}
	want := &r.Output
	c.equal("taxed at", want.Address.Country+" "+want.Address.State, got.TaxedAt.Country+" "+got.TaxedAt.State)
	for i, l := range want.Lines {
		at, g := fmt.Sprintf("lines[%d].", i), got.Lines[i]
		c.amount(at+"subtotal", l.Subtotal, l.rounded.Subtotal, g.Subtotal)
		c.amount(at+"subtotal_tax", l.SubtotalTax, l.rounded.SubtotalTax, g.SubtotalTax)
		c.amount(at+"total", l.Total, l.rounded.Total, g.Total)
		c.amount(at+"total_tax", l.TotalTax, l.rounded.TotalTax, g.TotalTax)
		c.list(at+"subtotal_taxes", l.SubtotalTaxes, g.SubtotalTaxes)
		c.list(at+"total_taxes", l.TotalTaxes, g.TotalTaxes)
	}
	r.compareCoupons(c, got)
	c.equal("shipping lines", len(want.Shipping.Chosen), len(got.Shipping))
	for i := range min(len(want.Shipping.Chosen), len(got.Shipping)) {
		c.list("shipping taxes", want.Shipping.Chosen[i].Taxes, got.Shipping[i].Taxes)
	}
	c.equal("fees", len(want.Fees), len(got.Fees))
	for i, f := range want.Fees {
		c.equal("fee", f.Name, got.Fees[i].Name)
		c.amount("fee "+f.Name, f.Total, f.TotalR, got.Fees[i].Total)
		c.amount("fee tax "+f.Name, f.Tax, f.TaxR, got.Fees[i].Tax)
		c.list("fee taxes "+f.Name, f.Taxes, got.Fees[i].Taxes)
	}
	r.compareTotals(c, got)
	return c.diffs
}

func (r *cartRecord) compareCoupons(c *comparison, got quote.CartView) {
	for i, a := range r.Output.Apply {
		d := got.Decisions[i]
		c.equal("apply "+a.Code, fmt.Sprint(a.Code, a.Accepted, code(a.Error), a.Removed), fmt.Sprint(d.Code, d.Accepted, int(d.Reason), append([]string{}, d.Removed...)))
	}
	c.equal("coupons", len(r.Output.Coupons), len(got.Coupons))
	for i := range min(len(r.Output.Coupons), len(got.Coupons)) {
		w, g := r.Output.Coupons[i], got.Coupons[i]
		c.equal("coupon", fmt.Sprint(w.Code, w.Valid, code(w.Error)), fmt.Sprint(g.Code, true, 0))
		c.amount("coupon "+w.Code, w.Discount, w.DiscountR, g.Discount)
		c.amount("coupon tax "+w.Code, w.Tax, w.DiscountTaR, g.DiscountTax)
	}
	if !slices.Equal(r.Output.DiscountOrder, got.DiscountOrder) {
		c.equal("discount order", fmt.Sprint(r.Output.DiscountOrder), fmt.Sprint(got.DiscountOrder))
	}
}

func code(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// cartTotals are a cart's totals by their names in WooCommerce.
func cartTotals(t quote.CartTotals) map[string]decimal.Decimal {
	return map[string]decimal.Decimal{
		"subtotal": t.Subtotal, "subtotal_tax": t.SubtotalTax, "discount_total": t.DiscountTotal, "discount_tax": t.DiscountTax,
		"cart_contents_total": t.CartContentsTotal, "cart_contents_tax": t.CartContentsTax,
		"shipping_total": t.ShippingTotal, "shipping_tax": t.ShippingTax, "fee_total": t.FeeTotal, "fee_tax": t.FeeTax,
		"total": t.Total, "total_tax": t.TotalTax,
	}
}

func (r *cartRecord) compareTotals(c *comparison, got quote.CartView) {
	t := &got.Totals
	for name, value := range cartTotals(got.Totals) {
		c.amount(name, r.number(name), strings.Trim(string(r.Output.Totals[name+"_r"]), `"`), value)
	}
	c.full("displayed_subtotal", r.number("displayed_subtotal"), t.DisplayedSubtotal)
	for name, list := range map[string][]quote.CartTax{
		"cart_contents_taxes": t.CartContentsTaxes, "shipping_taxes": t.ShippingTaxes, "fee_taxes": t.FeeTaxes,
	} {
		var want taxList
		_ = json.Unmarshal(r.Output.Totals[name], &want)
		c.list(name, want, list)
	}
	c.equal("tax rows", len(r.Output.TaxTotals), len(got.TaxTotals))
	for i := range min(len(r.Output.TaxTotals), len(got.TaxTotals)) {
		w, g := r.Output.TaxTotals[i], got.TaxTotals[i]
		c.equal("tax row", fmt.Sprintf("%v %v %v %v", w.Code, w.Label, w.RateID, w.Compound), fmt.Sprintf("%v %v %v %v", g.Code, g.Label, g.RateID, g.Compound))
		c.amount("tax row "+w.Code, w.Amount, w.AmountR, g.Amount)
	}
}

func (r *cartRecord) number(name string) number {
	var n number
	_ = json.Unmarshal(r.Output.Totals[name], &n)
	return n
}
