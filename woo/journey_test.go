package woo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

var places = map[string]checkout.Address{
	"in the shop's state": {FirstName: "Asha", LastName: "Rao", Address1: "3 Hill Road", City: "Mumbai", State: "MH", Postcode: "400050", Country: "IN", Email: "asha@example.test", Phone: "+919800000001"},
	"in another state":    {FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN", Email: "ravi@example.test", Phone: "+919800000002"},
}

// mixed is one cart with 5, 12 and 18 percent GST, variations with their own
// stock and their parent's, something on sale and something to download.
var mixed = []struct {
	ref cart.ItemRef
	qty int64
}{
	{product(16), 2}, {variation(37, 40), 1}, {variation(37, 43), 1}, {product(17), 7},
	{product(22), 3}, {variation(44, 46, "engraving", "Name"), 1}, {product(31), 1}, {product(19), 1}, {product(28), 2}, {product(23), 1},
}

// priced reads a cart from the catalogue as a checkout would.
func priced(t *testing.T, client *woo.Client, from, to int) []checkout.PricedLine {
	t.Helper()
	var refs []cart.ItemRef
	for _, l := range mixed[from:to] {
		refs = append(refs, l.ref)
	}
	items, err := client.Items(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	var lines []checkout.PricedLine
	for i, item := range items {
		if !item.ForSale() {
			t.Fatalf("item %+v is not for sale", item)
		}
		lines = append(lines, checkout.PricedLine{Line: cart.Line{Key: item.Ref.Key(), Ref: item.Ref, Quantity: mixed[from+i].qty}, Item: item})
	}
	return lines
}

// TestQuoteEqualsOrder: what the shopper saw is what the store wrote, line by
// line, tax by tax and in total, for every shipping rate and coupon offered.
func TestQuoteEqualsOrder(t *testing.T) {
	carts := map[string][2]int{"mixed GST": {0, len(mixed)}, "one line": {0, 1}, "below free shipping": {3, 5}, "only a download": {6, 7}}
	for place, address := range places {
		for name, lines := range carts {
			for _, coupons := range [][]string{nil, {"save10"}, {"flat100"}} {
				t.Run(fmt.Sprint(place, ", ", name, ", ", coupons), func(t *testing.T) {
					store, client := openStore(t, wootest.Config{})
					quoter := checkout.NewLocalQuoter(client, nil)
					req := checkout.QuoteRequest{
						Lines: priced(t, client, lines[0], lines[1]), ShipTo: address, BillTo: address, Coupons: coupons, At: time.Now(),
					}
					rates, err := quoter.Rates(t.Context(), req)
					if err != nil {
						t.Fatal(err)
					}
					choices := []string{""}
					for _, r := range rates {
						choices = append(choices, r.ID)
					}
					for i, rate := range choices {
						req.ShippingRate = rate
						buy(t, store, client, quoter, req, fmt.Sprintf("tok_journey_%d", i))
					}
				})
			}
		}
	}
}

// buy quotes, orders, completes and compares.
func buy(t *testing.T, store *wootest.Store, client *woo.Client, quoter checkout.Quoter, req checkout.QuoteRequest, token string) {
	t.Helper()
	ctx := t.Context()
	q, err := quoter.Quote(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	if len(q.Refused) > 0 {
		t.Logf("coupon refused: %+v", q.Refused)
	}
	created, err := client.CreatePending(ctx, checkout.OrderRequest{
		Token: token, Quote: q, Billing: req.BillTo, Shipping: req.ShipTo, PaymentMethod: "razorpay", PaymentMethodTitle: "UPI",
	})
	if err != nil {
		t.Fatalf("rate %q: %v", req.ShippingRate, err)
	}
	if done, err := client.Complete(ctx, created.ID, paid); err != nil || done.Total != q.Totals.Total || !done.Effective() {
		t.Errorf("completed %+v, %v", done, err)
	}
	order, err := store.Order(created.ID)
	if err != nil {
		t.Fatal(err)
	}
	compareWithStore(t, q, order)
}

// compareWithStore looks at the order with the shop keeper's eyes, not the
// client's.
func compareWithStore(t *testing.T, q quote.Quote, o wootest.Order) {
	t.Helper()
	same := func(field string, want, got decimal.Decimal) {
		t.Helper()
		if !want.Equal(got) {
			t.Errorf("%s: quoted %s, ordered %s", field, want, got)
		}
	}
	same("total", q.Totals.Total.Decimal(), o.Total)
	same("total tax", q.Totals.TotalTax.Decimal(), o.TotalTax)
	same("shipping", q.Totals.ShippingTotal.Decimal(), o.ShippingTotal)
	same("shipping tax", q.Totals.ShippingTax.Decimal(), o.ShippingTax)
	same("discount", q.Totals.DiscountTotal.Decimal(), o.DiscountTotal)
	if len(o.Lines) != len(q.Lines) {
		t.Fatalf("%d lines quoted, %d ordered", len(q.Lines), len(o.Lines))
	}
	for i, want := range q.Lines {
		got := o.Lines[i]
		if got.ProductID != want.ProductID || got.VariationID != want.VariationID || got.Quantity != want.Quantity {
			t.Errorf("line %d: quoted %+v, ordered %+v", i, want, got)
		}
		same(fmt.Sprintf("line %d subtotal", i), want.Subtotal, got.Subtotal)
		same(fmt.Sprintf("line %d total", i), want.Total, got.Total)
		same(fmt.Sprintf("line %d tax", i), want.TotalTax, got.TotalTax)
	}
}

// TestTaxByState: the same cart is CGST and SGST at home, IGST elsewhere.
func TestTaxByState(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	quoter := checkout.NewLocalQuoter(client, nil)
	want := map[string]string{"in the shop's state": "CGST,SGST", "in another state": "IGST"}
	for place, address := range places {
		q, err := quoter.Quote(t.Context(), checkout.QuoteRequest{Lines: priced(t, client, 0, 1), ShipTo: address, BillTo: address, At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, row := range q.Taxes {
			labels = append(labels, row.Label)
		}
		if got := strings.Join(labels, ","); got != want[place] {
			t.Errorf("%s: taxes %s, want %s", place, got, want[place])
		}
	}
}
