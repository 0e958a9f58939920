package session_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func some(s string) decimal.NullDecimal {
	return decimal.NullDecimal{Decimal: dec(s), Valid: true}
}

var sameAmounts = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })

// TestRecordedCart: both doors read the same purchase of a real store, each as
// exactly as it is sent.
func TestRecordedCart(t *testing.T) {
	graph := newScript(t, answer{token: graphToken("t_1", 0), body: recorded(t, "graphql/read.json")})
	rest := newScript(t, answer{token: cartToken("t_1", 0), body: recorded(t, "storeapi/read.json")})
	fromGraph := ok(t)(session.New(graph.graphQL(), session.Options{}).Cart(t.Context()))
	fromStore := ok(t)(session.New(rest.storeAPI(), session.Options{}).Cart(t.Context()))

	ravi := checkout.Address{FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN", Phone: "+919812345678"}
	billed := ravi
	billed.Email = "ravi@example.test"
	want := session.Cart{
		Currency: pricing.INR, Places: session.Unrounded, NeedsShipping: true,
		Lines: []session.Line{
			{Key: "9bf31c7ff062936a96d3c8bd1f8f2ff3", ProductID: 15, Name: "Masala Chai Mug", SKU: "MUG-001", Quantity: 3,
				Subtotal: dec("1336.60714286"), SubtotalTax: dec("160.4"), Total: dec("1202.94642858"), TotalTax: dec("144.36")},
			{Key: "fdf1a0d6e5baacf5f5822324997bd77d", ProductID: 36, VariationID: 39, Name: "Handblock Kurta - M, Red", SKU: "KURTA-M-RED", Quantity: 1,
				Attributes: map[string]string{"pa_size": "m", "pa_color": "red"},
				Subtotal:   dec("1284.76190476"), SubtotalTax: dec("64.24"), Total: dec("1156.28571428"), TotalTax: dec("57.82")},
			{Key: "8c6fc3293dbe58deabf1d3889440bc78", ProductID: 43, VariationID: 45, Name: "Brass Bangle - Name, L", SKU: "BANGLE-L-NAME", Quantity: 1,
				Attributes: map[string]string{"engraving": "Name", "pa_size": "l"},
				Subtotal:   dec("580.35714286"), SubtotalTax: dec("69.64"), Total: dec("522.32142858"), TotalTax: dec("62.68")},
		},
		Coupons: []session.Coupon{{Code: "save10", Discount: dec("320.17"), DiscountTax: dec("29.43")}},
		Packages: []session.Package{{ID: "0", Name: "Masala Chai Mug ×3, Handblock Kurta - M, Red ×1, Brass Bangle - Name, L ×1", Rates: []session.Rate{
			{ID: "flat_rate:1", MethodID: "flat_rate", InstanceID: 1, Label: "Flat rate", Cost: some("49"), Tax: some("5.88"), Shown: some("54.88")},
			{ID: "free_shipping:2", MethodID: "free_shipping", InstanceID: 2, Label: "Free shipping", Cost: some("0"), Tax: some("0"), Shown: some("0")},
			{ID: "local_pickup:3", MethodID: "local_pickup", InstanceID: 3, Label: "Local pickup", Cost: some("0"), Tax: some("0"), Shown: some("0"), Chosen: true},
		}}},
		Taxes: []session.Tax{{Label: "CGST", Amount: dec("132.43")}, {Label: "SGST", Amount: dec("132.43")}},
		Totals: session.Totals{
			Subtotal: dec("3201.73"), SubtotalTax: dec("294.28"), Discount: dec("320.17261904"), DiscountTax: dec("29.42738096"),
			Tax: dec("264.86"), Total: pricing.Paise(314642),
		},
		Customer: &session.Customer{Billing: billed, Shipping: ravi},
	}
	if diff := cmp.Diff(want, fromGraph, sameAmounts); diff != "" {
		t.Errorf("WooGraphQL (-want +got):\n%s", diff)
	}
	want = rounded(want)
	if diff := cmp.Diff(want, fromStore, sameAmounts, cmpopts.IgnoreFields(session.Line{}, "Key", "Name")); diff != "" {
		t.Errorf("Store API (-want +got):\n%s", diff)
	}
}

// rounded is a cart as the Store API tells it.
func rounded(c session.Cart) session.Cart {
	c.Places = 2
	units := []string{"499", "1349", "650"}
	attributes := []map[string]string{nil, {"Color": "Red", "Size": "M"}, {"Engraving": "Name", "Size": "L"}}
	c.Lines = append([]session.Line(nil), c.Lines...)
	for i := range c.Lines {
		l := &c.Lines[i]
		l.UnitPrice, l.Attributes = some(units[i]), attributes[i]
		if l.VariationID != 0 {
			l.ProductID = 0
		}
		l.Subtotal, l.Total = l.Subtotal.Round(2), l.Total.Round(2)
	}
	c.Coupons = []session.Coupon{{Code: "save10", Type: "percent", Discount: dec("320.17"), DiscountTax: dec("29.43")}}
	c.Totals.Discount, c.Totals.DiscountTax = dec("320.17"), dec("29.43")
	c.Packages = []session.Package{{ID: "0", Name: "Shipment 1", Rates: append([]session.Rate(nil), c.Packages[0].Rates...)}}
	for i := range c.Packages[0].Rates {
		c.Packages[0].Rates[i].Shown = decimal.NullDecimal{}
	}
	c.PaymentMethods = []string{"bacs", "cod"}
	return c
}

// TestRecordedEmptyCart: a cart with nothing in it is a cart.
func TestRecordedEmptyCart(t *testing.T) {
	graph := newScript(t, answer{token: graphToken("t_1", 0), body: recorded(t, "graphql/empty.json")})
	rest := newScript(t, answer{token: cartToken("t_1", 0), body: recorded(t, "storeapi/empty.json")})
	for name, door := range map[string]session.Door{"WooGraphQL": graph.graphQL(), "Store API": rest.storeAPI()} {
		c := ok(t)(session.New(door, session.Options{}).Cart(t.Context()))
		if len(c.Lines) != 0 || c.NeedsShipping || !c.Totals.Total.IsZero() || c.Totals.Total.Currency() != pricing.INR {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// TestRecordedRefusals: what a real store refused, in its own words.
func TestRecordedRefusals(t *testing.T) {
	tests := map[string]struct {
		file   string
		status int
		change func(*session.Session) error
		code   string
		says   string
	}{
		"sold out over WooGraphQL": {"graphql/sold-out.json", 200, add(mug(1)), "", `You cannot add "Sold Out Diary" to the cart because the product is out of stock.`},
		"sold out":                 {"storeapi/sold-out.json", 400, add(mug(1)), "woocommerce_rest_product_out_of_stock", `You cannot add "Sold Out Diary" to the cart because the product is out of stock.`},
		"too many": {"storeapi/too-many.json", 400, func(s *session.Session) error {
			_, err := s.SetQuantity(t.Context(), "k", 99)
			return err
		}, "invalid_quantity", `The maximum quantity of "Masala Chai Mug" allowed in the cart is 10`},
		"a bad postcode": {"storeapi/bad-postcode.json", 400, add(mug(1)), "rest_invalid_param", "Invalid parameter(s): shipping_address"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			script := newScript(t, answer{status: test.status, body: recorded(t, test.file)})
			door, with := script.storeAPI(), cartToken("t_1", 0)
			if test.file[0] == 'g' {
				door, with = script.graphQL(), graphToken("t_1", 0)
			}
			err := test.change(resume(t, door, with))
			failed, isOurs := err.(*woo.Error)
			if !isOurs || failed.Kind != woo.Refused || failed.Code != test.code || failed.Message != test.says {
				t.Errorf("%T %+v", err, err)
			}
		})
	}
}

func add(item session.AddItem) func(*session.Session) error {
	return func(s *session.Session) error {
		_, err := s.Add(contextless, item)
		return err
	}
}
