package main

import (
	"net/url"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// orderRecord is a request to create an order over the store's REST API.
type orderRecord struct {
	At      time.Time `json:"-"`
	Version string    `json:"woocommerce"`
	record.Order
}

func (r *orderRecord) input() (quote.Input, error) {
	in, err := r.Order.Input(r.Version)
	in.At = clock(r.At, r.Coupons)
	return in, err
}

// refusal is the code with which the REST API refuses an order for its coupons.
const refusal = "woocommerce_rest_invalid_coupon"

// answer is the order as the REST API would give it back, or the code with which it refuses.
func (r *orderRecord) answer() (any, error) {
	in, err := r.input()
	if err != nil {
		return nil, err
	}
	order, err := quote.Order(in)
	if err != nil {
		return nil, err
	}
	var out fields
	if len(order.Refused) > 0 {
		out.put("refused", refusal)
		return out, nil
	}
	places := r.places()
	t := &order.Totals
	texts(&out, places, "discount_total discount_tax shipping_total shipping_tax cart_tax total total_tax",
		t.DiscountTotal, t.DiscountTax, t.ShippingTotal, t.ShippingTax, t.CartTax, t.Total, t.TotalTax)
	lines := []fields{}
	for i, l := range order.Lines {
		var f fields
		f.put("product_id", in.Lines[i].ProductID)
		f.put("variation_id", in.Lines[i].VariationID)
		f.put("quantity", in.Lines[i].Quantity)
		texts(&f, places, "subtotal subtotal_tax total total_tax", l.Subtotal, l.SubtotalTax, l.Total, l.TotalTax)
		f.put("taxes", shares(l.Taxes, places))
		lines = append(lines, f)
	}
	out.put("line_items", lines)
	out.put("tax_lines", taxLines(order.Taxes, places))
	out.put("shipping_lines", parts(order.Shipping, places))
	out.put("fee_lines", parts(order.Fees, places))
	out.put("coupon_lines", couponLines(order.Coupons))
	return out, nil
}

// places are the decimals the request asks for, or the store's.
func (r *orderRecord) places() int {
	if u, err := url.Parse(r.Request.Path); err == nil && u.Query().Get("dp") == "6" {
		return 6
	}
	return r.Settings.Decimals
}

// texts puts amounts as the REST API writes them.
func texts(f *fields, places int, names string, values ...decimal.Decimal) {
	for i, name := range splitNames(names) {
		f.put(name, values[i].StringFixed(int32(places)))
	}
}

func shares(taxes []quote.TaxShare, places int) []fields {
	out := []fields{}
	for _, t := range taxes {
		var f fields
		f.put("id", t.RateID)
		texts(&f, places, "total subtotal", t.Total, t.Subtotal)
		out = append(out, f)
	}
	return out
}

func taxLines(rows []quote.OrderTax, places int) []fields {
	out := []fields{}
	for _, row := range rows {
		var f fields
		f.put("rate_id", row.RateID)
		f.put("rate_code", row.Code)
		f.put("label", row.Label)
		f.put("compound", row.Compound)
		texts(&f, places, "tax_total shipping_tax_total", row.Tax, row.ShippingTax)
		out = append(out, f)
	}
	return out
}

func parts(list []quote.OrderPart, places int) []fields {
	out := []fields{}
	for _, p := range list {
		var f fields
		texts(&f, places, "total total_tax", p.Total, p.TotalTax)
		out = append(out, f)
	}
	return out
}

func couponLines(coupons []quote.QuoteCoupon) []fields {
	out := []fields{}
	for _, c := range coupons {
		var f fields
		f.put("code", c.Code)
		f.put("discount", shortest(c.Discount))
		f.put("discount_tax", shortest(c.DiscountTax))
		out = append(out, f)
	}
	return out
}

func (r *orderRecord) bill() (*bill, error) {
	in, err := r.input()
	if err != nil {
		return nil, err
	}
	return newBill(in)
}
