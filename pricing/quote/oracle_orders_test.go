package quote_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// restOrder is a record of rest-orders: what was posted to /wc/v3/orders and what came back.
type restOrder struct {
	ID      string `json:"id"`
	Version string `json:"woocommerce"`
	record.Order
	Response struct {
		Status int `json:"status"`
		Body   struct {
			Code          string     `json:"code"`
			Message       string     `json:"message"`
			DiscountTotal string     `json:"discount_total"`
			DiscountTax   string     `json:"discount_tax"`
			ShippingTotal string     `json:"shipping_total"`
			ShippingTax   string     `json:"shipping_tax"`
			CartTax       string     `json:"cart_tax"`
			Total         string     `json:"total"`
			TotalTax      string     `json:"total_tax"`
			LineItems     []restPart `json:"line_items"`
			ShippingLines []restPart `json:"shipping_lines"`
			FeeLines      []restPart `json:"fee_lines"`
			TaxLines      []struct {
				RateID      int64  `json:"rate_id"`
				Code        string `json:"rate_code"`
				Label       string `json:"label"`
				Tax         string `json:"tax_total"`
				ShippingTax string `json:"shipping_tax_total"`
			} `json:"tax_lines"`
			CouponLines []struct {
				Code     string `json:"code"`
				Discount number `json:"discount"`
				Tax      number `json:"discount_tax"`
			} `json:"coupon_lines"`
		} `json:"body"`
	} `json:"response"`
}

type restPart struct {
	Subtotal    string `json:"subtotal"`
	SubtotalTax string `json:"subtotal_tax"`
	Total       string `json:"total"`
	TotalTax    string `json:"total_tax"`
	Taxes       []struct {
		ID       int64  `json:"id"`
		Total    number `json:"total"`
		Subtotal number `json:"subtotal"`
	} `json:"taxes"`
}

// input is the record's request as an Input.
func (r *restOrder) input(t *testing.T) quote.Input {
	t.Helper()
	in, err := r.Order.Input(r.Version)
	if err != nil {
		t.Fatalf("%s: %v", r.ID, err)
	}
	in.At = time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	return in
}

func TestOrdersOverREST(t *testing.T) {
	refused := 0
	for _, r := range oracle[restOrder](t, "rest-orders") {
		got, err := quote.Order(r.input(t))
		switch {
		case err != nil:
			t.Errorf("%s: %v", r.ID, err)
		case r.Response.Status != 201:
			refused++
			if len(got.Refused) == 0 {
				t.Errorf("%s: not refused: %s", r.ID, r.Response.Body.Message)
			}
		case len(got.Refused) > 0:
			t.Errorf("%s: refused: %v", r.ID, got.Refused)
		default:
			for _, diff := range r.compare(got) {
				t.Errorf("%s: %s", r.ID, diff)
			}
		}
	}
	if refused == 0 {
		t.Error("no record with a coupon that is refused")
	}
}

func (r *restOrder) compare(got quote.OrderView) []string {
	places := int32(r.Settings.Decimals)
	if strings.Contains(r.Request.Path, "dp=6") {
		places = 6
	}
	c := comparison{places: places}
	want := &r.Response.Body
	c.text("total", want.Total, got.Totals.Total)
	c.text("total_tax", want.TotalTax, got.Totals.TotalTax)
	c.text("cart_tax", want.CartTax, got.Totals.CartTax)
	c.text("discount_total", want.DiscountTotal, got.Totals.DiscountTotal)
	c.text("discount_tax", want.DiscountTax, got.Totals.DiscountTax)
	c.text("shipping_total", want.ShippingTotal, got.Totals.ShippingTotal)
	c.text("shipping_tax", want.ShippingTax, got.Totals.ShippingTax)
	for i, l := range want.LineItems {
		at := fmt.Sprintf("line_items[%d].", i)
		c.text(at+"subtotal", l.Subtotal, got.Lines[i].Subtotal)
		c.text(at+"subtotal_tax", l.SubtotalTax, got.Lines[i].SubtotalTax)
		c.text(at+"total", l.Total, got.Lines[i].Total)
		c.text(at+"total_tax", l.TotalTax, got.Lines[i].TotalTax)
		c.taxes(at, l, got.Lines[i].Taxes)
	}
	for i, l := range want.ShippingLines {
		c.text("shipping.total", l.Total, got.Shipping[i].Total)
		c.text("shipping.total_tax", l.TotalTax, got.Shipping[i].TotalTax)
		c.taxes("shipping.", l, got.Shipping[i].Taxes)
	}
	for i, l := range want.FeeLines {
		at := fmt.Sprintf("fee_lines[%d].", i)
		c.text(at+"total", l.Total, got.Fees[i].Total)
		c.text(at+"total_tax", l.TotalTax, got.Fees[i].TotalTax)
		c.taxes(at, l, got.Fees[i].Taxes)
	}
	r.compareRows(&c, got)
	return c.diffs
}

func (r *restOrder) compareRows(c *comparison, got quote.OrderView) {
	want := &r.Response.Body
	c.equal("tax rows", len(want.TaxLines), len(got.Taxes))
	for i := range min(len(want.TaxLines), len(got.Taxes)) {
		w, g := want.TaxLines[i], got.Taxes[i]
		c.equal("tax row", fmt.Sprint(w.RateID, w.Code, w.Label), fmt.Sprint(g.RateID, g.Code, g.Label))
		c.text("tax row "+w.Code, w.Tax, g.Tax)
		c.text("tax row "+w.Code+" shipping", w.ShippingTax, g.ShippingTax)
	}
	c.equal("coupons", len(want.CouponLines), len(got.Coupons))
	for i := range min(len(want.CouponLines), len(got.Coupons)) {
		w, g := want.CouponLines[i], got.Coupons[i]
		c.equal("coupon", w.Code, g.Code)
		c.full("coupon "+w.Code, w.Discount, g.Discount)
		c.full("coupon "+w.Code+" tax", w.Tax, g.DiscountTax)
	}
}
