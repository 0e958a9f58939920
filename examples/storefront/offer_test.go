package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

const ebook = "recipe-ebook"

// TestNothingIsPaidAtTheDoorForAnEbook: cash on delivery is neither offered nor taken when nothing is sent.
func TestNothingIsPaidAtTheDoorForAnEbook(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(ebook, "1")
	review := asha.toReview(address())
	if strings.Contains(review.body, `value="cod"`) || !strings.Contains(review.body, `value="razorpay"`) {
		t.Error("cash is offered for something that is not sent, or nothing is")
	}
	base := strings.TrimSuffix(review.path, "review")
	asha.post(base+"payment", url.Values{"method": {"cod"}}).want(http.StatusUnprocessableEntity, base).says("Please choose one of what is offered")
	asha.paid(review).says("Thank you, it is ordered")
	onlyOrder(t, shop)
}

// TestCashThatNoLongerFits: it was chosen for a mug, and the cart became an e-book.
func TestCashThatNoLongerFits(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	asha.pays(asha.toReview(address()), "cod")
	asha.submit(asha.get("/cart"), "/cart/quantity", map[string]string{"remove": "1"}).says("It is empty")
	asha.put(ebook, "1")
	asha.submit(asha.get("/cart"), "/checkout", nil).want(http.StatusOK, "/checkout/")
	records, err := shop.records.All()
	if err != nil || len(records) != 1 || records[0].PaymentMethod != payment.MethodCOD {
		t.Fatalf("%v, %d checkouts, want the one that is to be paid in cash", err, len(records))
	}
	path := "/checkout/" + string(records[0].ID)
	review := asha.get(path + "/review").says("Choose how to pay, then order.")
	asha.places(review).want(http.StatusUnprocessableEntity, path).says("Please choose how to pay, then order.")
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders", n)
	}
}

// TestACouponThatWaivesNothing says why, and is not called good before it was looked at.
func TestACouponThatWaivesNothing(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	for _, code := range []string{"nonsense", "freeship"} {
		asha.submit(asha.get("/cart"), "/cart/coupon", map[string]string{"code": code}).want(http.StatusOK, "/cart").
			says(code + " is checked at the checkout").saysNot("counts")
	}
	asha.toReview(address()).says(
		"The coupon “nonsense” is not known here", "The coupon “freeship” counts, but delivery is still charged", "from ₹999",
		"Coupon freeship No effect here").saysNot("Saved with freeship")
	asha.put(mug, "2")
	asha.submit(asha.get("/cart"), "/checkout", nil).says("Free shipping", "Coupon freeship Free delivery").saysNot("still charged").saysNot("₹0.00")
}

func TestCouponNotes(t *testing.T) {
	q := quote.Quote{
		Coupons:  []quote.QuoteCoupon{{Code: "save10"}, {Code: "freeship", FreeShipping: true}},
		Shipping: []quote.QuoteShipping{{Total: decimal.NewFromInt(49), TotalTax: decimal.NewFromInt(6)}},
	}
	free := []shipping.Rate{{MethodID: "flat_rate", Cost: decimal.NewFromInt(49)}, {MethodID: "free_shipping"}}
	pickup := []shipping.Rate{{MethodID: "flat_rate", Cost: decimal.NewFromInt(49)}, {MethodID: "local_pickup"}}
	for want, rates := range map[string][]shipping.Rate{"choose the free one below": free, "delivery is still charged": pickup} {
		if notes := couponNotes(q, rates); len(notes) != 1 || !strings.Contains(notes[0], want) {
			t.Errorf("%q, want one that says %q", notes, want)
		}
	}
	q.Shipping[0].Total, q.Shipping[0].TotalTax = decimal.Zero, decimal.Zero
	if notes := couponNotes(q, pickup); len(notes) != 0 {
		t.Errorf("%q, though delivery is free", notes)
	}
}

// TestAPaisaIsExplained: inside Maharashtra GST comes in two halves, and a pen of ₹25.00 costs ₹25.01.
func TestAPaisaIsExplained(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.put("gel-pen", "1")
	home := address()
	home["postcode"], home["city"] = "400001", "Mumbai"
	review := asha.toReview(home).says("To the paisa: Gel Pen comes to ₹25.01 instead of ₹25.00: GST is taken out of the price and put back as CGST and SGST, each rounded to the paisa by itself, as WooCommerce does it.")
	asha.places(asha.pays(review, "cod")).want(http.StatusOK, "/orders/").says("To the paisa")

	ravi := newShopper(t, server)
	ravi.put("gel-pen", "1")
	ravi.toReview(address()).says("IGST", "₹25.00").saysNot("To the paisa")
}

func TestOdds(t *testing.T) {
	inr := func(paise int64) pricing.Money {
		m, err := pricing.New(paise, pricing.INR)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	d := decimal.RequireFromString
	line := func(price string, pieces, gross int64) quote.QuoteLine {
		return quote.QuoteLine{Name: "Pen", UnitPrice: d(price), Quantity: pieces, Gross: inr(gross), Subtotal: d("20"), Total: d("20"), Taxes: make([]quote.TaxShare, 2)}
	}
	cheaper := line("25", 2, 4501)
	cheaper.Total = d("18")
	tiered := line("25", 2, 4999)
	tiered.Adjustments = []quote.Adjustment{{Rule: "tier"}}
	taxes := []quote.TaxRow{{Label: "CGST"}, {Label: "SGST"}, {Label: "CGST"}}
	for name, tc := range map[string]struct {
		q    quote.Quote
		want []string
	}{
		"adds up":          {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 5000)}, Totals: quote.Totals{Total: inr(5000)}}, nil},
		"a row":            {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 5001)}, Taxes: taxes, Totals: quote.Totals{Total: inr(5001)}}, []string{"Pen comes to ₹50.01 instead of ₹50.00", "as CGST and SGST,"}},
		"half a rupee":     {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 5050)}, Totals: quote.Totals{Total: inr(5050)}}, nil},
		"a row, less":      {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 4998)}, Taxes: taxes, Totals: quote.Totals{Total: inr(4998)}}, []string{"₹49.98 instead of ₹50.00"}},
		"a coupon":         {quote.Quote{Lines: []quote.QuoteLine{cheaper}, Totals: quote.Totals{Total: inr(4501)}}, nil},
		"a price rule":     {quote.Quote{Lines: []quote.QuoteLine{tiered}, Totals: quote.Totals{Total: inr(4999)}}, nil},
		"another place":    {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 4237)}, Totals: quote.Totals{Total: inr(4237)}}, nil},
		"the sum":          {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 5000)}, Shipping: []quote.QuoteShipping{{Total: d("49"), TotalTax: d("8.82")}}, Totals: quote.Totals{Total: inr(10783)}}, []string{"the rows, each rounded by itself, come to ₹107.82, the total is rounded once, to ₹107.83"}},
		"fees count, too":  {quote.Quote{Lines: []quote.QuoteLine{line("25", 2, 5000)}, Fees: []quote.QuoteFee{{Total: d("10"), TotalTax: d("1.8")}}, Totals: quote.Totals{Total: inr(6180)}}, nil},
		"two rows and sum": {quote.Quote{Lines: []quote.QuoteLine{line("25", 1, 2501), line("10", 1, 1001)}, Taxes: taxes, Totals: quote.Totals{Total: inr(3501)}}, []string{"₹25.01 instead of ₹25.00, Pen comes to ₹10.01 instead of ₹10.00: GST", "; the rows"}},
	} {
		got := odds(&tc.q)
		if (got == "") != (tc.want == nil) {
			t.Errorf("%s: %q", name, got)
		}
		for _, want := range tc.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q does not say %q", name, got, want)
			}
		}
	}
}

// TestWhatToChoose: the page asks for what is missing, and for nothing else.
func TestWhatToChoose(t *testing.T) {
	missing := func(fields ...string) error {
		var all checkout.FieldErrors
		for _, f := range fields {
			all = append(all, &checkout.InvalidError{Field: f, Reason: "is required"})
		}
		return all
	}
	for want, err := range map[string]error{
		"Please choose how to send it and how to pay, then order.": missing("shipping_rate", "payment_method"),
		"Please choose how to send it, then order.":                missing("shipping_rate"),
		"Please choose how to pay, then order.":                    missing("payment_method"),
		"the order button came without its number":                 &checkout.InvalidError{Field: "idempotency_key", Reason: "wants 1 to 255 characters"},
	} {
		if got := whatToChoose(err); !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}

// TestTheLastUseOfACoupon goes to one shopper; the other is shown the order without it, and nothing was ordered.
func TestTheLastUseOfACoupon(t *testing.T) {
	shop, server := open(t)
	var reviews [2]page
	shoppers := [2]*shopper{newShopper(t, server), newShopper(t, server)}
	for i, s := range shoppers {
		s.put(mug, "1")
		s.submit(s.get("/cart"), "/cart/coupon", map[string]string{"code": "once"}).want(http.StatusOK, "/cart")
		reviews[i] = s.pays(s.toReview(address()).says("Saved with once"), "razorpay")
	}
	shoppers[0].places(reviews[0]).want(http.StatusOK, "/pay/") // a use that waits for its payment is taken
	review := shoppers[1].places(reviews[1]).want(http.StatusConflict, "/checkout/").
		says("the last use of the coupon “once” has just gone to somebody else", "Nothing was ordered", "₹553.88").saysNot("Saved with once")
	shoppers[1].get("/cart").saysNot("once is checked")
	place := strings.TrimSuffix(reviews[1].path, "review") + "place"
	shoppers[1].submit(review, place, nil).want(http.StatusOK, "/pay/").says("₹553.88")
	if n := len(shop.store.Orders()); n != 0 {
		t.Errorf("%d orders that nobody paid for", n)
	}
}
