package main

import (
	"fmt"
	"net/url"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// orderRecord is a request to create an order over the store's REST API.
type orderRecord struct {
	At       time.Time       `json:"-"`
	Version  string          `json:"woocommerce"`
	Settings storeSettings   `json:"settings"`
	Rates    []quote.TaxRate `json:"tax_rates"`
	Products []storeProduct  `json:"products"`
	Coupons  []storeCoupon   `json:"coupons"`
	Request  struct {
		Path string    `json:"path"`
		Body orderBody `json:"body"`
	} `json:"request"`
}

type storeProduct struct {
	ID         int64           `json:"id"`
	Parent     int64           `json:"parent_id"`
	Name       string          `json:"name"`
	Price      amount          `json:"price"`
	OnSale     bool            `json:"on_sale"`
	TaxStatus  quote.TaxStatus `json:"tax_status"`
	TaxClass   string          `json:"tax_class"`
	Categories []int64         `json:"category_ids"`
}

type orderBody struct {
	CustomerID int64       `json:"customer_id"`
	Billing    orderPerson `json:"billing"`
	Shipping   orderPerson `json:"shipping"`
	Lines      []struct {
		Product   int64  `json:"product_id"`
		Variation int64  `json:"variation_id"`
		Quantity  int64  `json:"quantity"`
		Subtotal  amount `json:"subtotal"`
		Total     amount `json:"total"`
	} `json:"line_items"`
	ShippingLines []struct {
		Method string `json:"method_id"`
		Title  string `json:"method_title"`
		Total  amount `json:"total"`
	} `json:"shipping_lines"`
	FeeLines []struct {
		Name      string `json:"name"`
		Total     amount `json:"total"`
		TaxStatus string `json:"tax_status"`
		TaxClass  string `json:"tax_class"`
	} `json:"fee_lines"`
	CouponLines []struct {
		Code string `json:"code"`
	} `json:"coupon_lines"`
}

type orderPerson struct {
	quote.Destination
	Email string `json:"email"`
}

func (r *orderRecord) input() (quote.Input, error) {
	body := &r.Request.Body
	in := quote.Input{
		Settings: r.Settings.settings(r.Version), Rates: r.Rates, ShipTo: body.Shipping.Destination, BillTo: body.Billing.Destination,
		Customer: quote.Customer{ID: body.CustomerID, BillingEmail: body.Billing.Email}, At: clock(r.At, r.Coupons),
	}
	for i := range body.Lines {
		l, err := r.line(i)
		if err != nil {
			return in, err
		}
		in.Lines = append(in.Lines, l)
	}
	for _, s := range body.ShippingLines {
		in.Shipping = append(in.Shipping, quote.ShippingLine{MethodID: s.Method, Title: s.Title, Cost: s.Total.Decimal, Taxable: true})
	}
	for _, f := range body.FeeLines {
		in.Fees = append(in.Fees, quote.Fee{Name: f.Name, Amount: f.Total.Decimal, Taxable: f.TaxStatus != "none", TaxClass: f.TaxClass})
	}
	for _, c := range body.CouponLines {
		in.Coupons = append(in.Coupons, entered(c.Code, r.Coupons))
	}
	return in, nil
}

// line prices a line of the request: amounts that it does not give come from the product.
func (r *orderRecord) line(i int) (quote.Line, error) {
	asked := &r.Request.Body.Lines[i]
	p := r.product(asked.Product, asked.Variation)
	if p == nil {
		return quote.Line{}, fmt.Errorf("request.body.line_items[%d]: there is no such product in products", i)
	}
	l := quote.Line{
		ProductID: asked.Product, VariationID: asked.Variation, ParentID: p.Parent, Name: p.Name, Quantity: asked.Quantity,
		UnitPrice: p.Price.Decimal, OnSale: p.OnSale, TaxStatus: p.TaxStatus, TaxClass: p.TaxClass, CategoryIDs: p.Categories,
		Given: &quote.Given{},
	}
	if asked.Subtotal.set {
		l.Given.Subtotal = &asked.Subtotal.Decimal
	}
	if asked.Total.set {
		l.Given.Total = &asked.Total.Decimal
	}
	return l, nil
}

func (r *orderRecord) product(product, variation int64) *storeProduct {
	for i := range r.Products {
		if id := r.Products[i].ID; id == variation || (variation == 0 && id == product) {
			return &r.Products[i]
		}
	}
	return nil
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
