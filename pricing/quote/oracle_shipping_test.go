package quote_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/quote/record"
)

// shippingRecord is a cart with a shipping rate chosen, of which the whole total is known.
type shippingRecord struct {
	ID      string `json:"id"`
	Version string `json:"woocommerce"`
	Input   struct {
		Settings    record.Settings   `json:"settings"`
		Rates       []quote.TaxRate   `json:"tax_rates"`
		Destination quote.Destination `json:"destination"`
		Lines       []record.Line     `json:"lines"`
		Coupons     []record.Coupon   `json:"coupons"`
		Zones       []struct {
			Methods []struct {
				Instance  int64  `json:"instance_id"`
				TaxStatus string `json:"tax_status"`
			} `json:"methods"`
		} `json:"zones"`
	} `json:"input"`
	Output struct {
		Packages []struct {
			Rates []struct {
				ID       string  `json:"id"`
				Method   string  `json:"method_id"`
				Instance int64   `json:"instance_id"`
				Cost     number  `json:"cost"`
				Taxes    taxList `json:"taxes"`
			} `json:"rates"`
		} `json:"packages"`
		Chosen            []string `json:"chosen"`
		LineTotals        []number `json:"line_totals"`
		Subtotal          number   `json:"subtotal"`
		DiscountTotal     number   `json:"discount_total"`
		ShippingTax       number   `json:"shipping_tax"`
		Total             number   `json:"total"`
		DisplayedSubtotal number   `json:"displayed_subtotal"`
	} `json:"output"`
}

func (r *shippingRecord) input() (quote.Input, taxList) {
	in := quote.Input{Settings: r.Input.Settings.Settings(r.Version), Rates: r.Input.Rates, ShipTo: r.Input.Destination, BillTo: r.Input.Destination}
	for _, l := range r.Input.Lines {
		in.Lines = append(in.Lines, l.Line())
	}
	for _, c := range r.Input.Coupons {
		in.Coupons = append(in.Coupons, c.Coupon())
	}
	for _, p := range r.Output.Packages {
		for _, rate := range p.Rates {
			if len(r.Output.Chosen) > 0 && rate.ID == r.Output.Chosen[0] {
				in.Shipping = []quote.ShippingLine{{RateID: rate.ID, MethodID: rate.Method, Cost: rate.Cost.Decimal, Taxable: r.taxable(rate.Instance)}}
				return in, rate.Taxes
			}
		}
	}
	return in, nil
}

func (r *shippingRecord) taxable(instance int64) bool {
	for _, z := range r.Input.Zones {
		for _, m := range z.Methods {
			if m.Instance == instance {
				return m.TaxStatus == "taxable"
			}
		}
	}
	return false
}

// unsettled: the record was made when pickup had just been chosen. WooCommerce taxes the cart at the shop only the next
// time it adds up, and that is what Cart computes.
func (r *shippingRecord) unsettled(in quote.Input) bool {
	return len(in.Shipping) > 0 && in.Shipping[0].MethodID == "local_pickup" && r.Input.Destination.State != r.Input.Settings.BaseState
}

// TestCartsWithShipping adds up carts whose shipping rate came out of zones and formulas.
func TestCartsWithShipping(t *testing.T) {
	for _, r := range oracle[shippingRecord](t, "shipping") {
		in, taxes := r.input()
		if r.unsettled(in) {
			continue
		}
		got, err := quote.Cart(in)
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		c := &comparison{places: int32(r.Input.Settings.Decimals)}
		for i, want := range r.Output.LineTotals {
			c.full(fmt.Sprintf("lines[%d].total", i), want, got.Lines[i].Total)
		}
		c.full("subtotal", r.Output.Subtotal, got.Totals.Subtotal)
		c.full("displayed subtotal", r.Output.DisplayedSubtotal, got.Totals.DisplayedSubtotal)
		c.full("discount", r.Output.DiscountTotal, got.Totals.DiscountTotal)
		c.full("shipping tax", r.Output.ShippingTax, got.Totals.ShippingTax)
		c.full("total", r.Output.Total, got.Totals.Total)
		if len(in.Shipping) > 0 {
			c.list("taxes of the rate", taxes, got.Shipping[0].Taxes)
		}
		for _, diff := range c.diffs {
			t.Errorf("%s: %s", r.ID, diff)
		}
	}
}

// TestTaxesOfEveryRate taxes the rates that were offered and not chosen, too. The class of inherited shipping tax is
// that of what is shipped: virtual products have no say.
func TestTaxesOfEveryRate(t *testing.T) {
	taxed := 0
	for _, r := range oracle[shippingRecord](t, "shipping") {
		in, _ := r.input()
		if len(in.Shipping) == 0 || in.Shipping[0].MethodID == "local_pickup" {
			continue
		}
		for _, rate := range r.Output.Packages[0].Rates {
			in.Shipping = []quote.ShippingLine{{RateID: rate.ID, MethodID: "flat_rate", Cost: rate.Cost.Decimal, Taxable: r.taxable(rate.Instance)}}
			got, err := quote.Cart(in)
			if err != nil {
				t.Errorf("%s %s: %v", r.ID, rate.ID, err)
				continue
			}
			c := &comparison{places: int32(r.Input.Settings.Decimals)}
			c.list("taxes of "+rate.ID, rate.Taxes, got.Shipping[0].Taxes)
			for _, diff := range c.diffs {
				t.Errorf("%s: %s", r.ID, diff)
			}
			taxed += len(rate.Taxes)
		}
	}
	if taxed < 100 {
		t.Errorf("only %d taxes compared", taxed)
	}
}

// An order, unlike the cart, counts virtual products when it inherits a class for shipping.
func TestVirtualProductsAndShippingTax(t *testing.T) {
	in := fiftyLines(t)
	in.Lines = in.Lines[:2]
	in.Lines[0].Virtual = true // the standard class; the other is gst-5
	order, err := quote.Order(in)
	if err != nil {
		t.Fatal(err)
	}
	cart, err := quote.Cart(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := order.Shipping[0].Taxes[0].Total.String(); got != "4.41" {
		t.Errorf("the order's CGST on shipping of 49 is %s, want 9 %%", got)
	}
	if got := cart.Shipping[0].Taxes[0].Amount.String(); got != "1.225" {
		t.Errorf("the cart's CGST on shipping of 49 is %s, want 2.5 %%", got)
	}
	q, err := quote.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(q.Cart.Differences, func(d quote.CartDifference) bool {
		return d.Field == "shipping_tax" && strings.Contains(d.Reason, "inherits")
	}) {
		t.Errorf("the quote does not say so: %+v", q.Cart.Differences)
	}
}
