package woo_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
)

const mugToken = "tok_01J0000000MUG"

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// mugQuote is one mug at ₹499 with GST inside, sent from Maharashtra to
// Karnataka.
func mugQuote() quote.Quote {
	return quote.Quote{
		Currency: pricing.INR, Decimals: 2,
		Lines: []quote.QuoteLine{{
			ProductID: 16, Quantity: 1, Subtotal: dec("445.535714"), Total: dec("445.535714"),
			SubtotalTax: dec("53.46"), TotalTax: dec("53.46"),
		}},
		Totals: quote.Totals{TotalTax: pricing.Paise(5346), Total: pricing.Paise(49900)},
	}
}

func mugOrder() checkout.OrderRequest {
	ravi := checkout.Address{
		FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", District: "Bengaluru Urban",
		State: "KA", Postcode: "560001", Country: "IN", Email: "ravi@example.test", Phone: "+919812345678",
	}
	return checkout.OrderRequest{
		Token: mugToken, Quote: mugQuote(), Billing: ravi, Shipping: ravi,
		PaymentMethod: "razorpay", PaymentMethodTitle: "UPI, card, net banking",
	}
}

// marked makes the recorded order one that carries the mug's token.
var marked = []string{`"meta_data":[],"line_items"`, `"meta_data":[{"id":7,"key":"_other","value":{"a":[1]}},{"id":8,"key":"_ankkor_token","value":"` + mugToken + `"}],"line_items"`,
	`"transaction_id":""`, `"transaction_id":"` + mugToken + `"`}

func pendingMug(oldnew ...string) http.Handler {
	return edited("rest/order-created.http", append(oldnew, marked...)...)
}

func TestCreatePending(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"POST /wp-json/wc/v3/orders": pendingMug()})
	got, err := site.client(t).CreatePending(t.Context(), mugOrder())
	if err != nil {
		t.Fatal(err)
	}
	want := checkout.StoreOrder{
		ID: 154, Number: "154", Key: "wc_order_DvjKG1OJKIu9K", Status: "pending", TransactionID: mugToken, Token: mugToken,
		Currency: pricing.INR, Total: pricing.Paise(49900), TotalTax: pricing.Paise(5346),
		Lines:     []checkout.StoreOrderLine{{ID: 1, ProductID: 16, Quantity: 1, Subtotal: dec("445.54"), Total: dec("445.54"), TotalTax: dec("53.46"), Taxes: taxed(9, "53.46")}},
		CreatedAt: time.Date(2026, 11, 20, 5, 12, 50, 0, time.UTC), ModifiedAt: time.Date(2026, 11, 20, 5, 12, 50, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestOrderOnTheWire: strings for money, six decimals without tax, nothing
// that would make the order take effect. With coupons lines are posted before
// discount: WooCommerce takes the coupons off itself.
func TestOrderOnTheWire(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": pendingMug()})
	req := mugOrder()
	req.CustomerID, req.CustomerNote, req.Meta = 2, "call first", map[string]string{"_gift": "yes", "_a": "1"}
	req.Quote.Lines = append(req.Quote.Lines, quote.QuoteLine{Key: "k1", ProductID: 37, VariationID: 40, Quantity: 2, Subtotal: dec("2569.523809"), Total: dec("2400.5")})
	req.Quote.Shipping = []quote.QuoteShipping{{MethodID: "flat_rate", InstanceID: 3, Title: "Flat rate", Total: dec("49")}}
	req.Quote.Fees = []quote.QuoteFee{{Name: "Gift wrap", Taxable: true, TaxClass: "gst-18", Total: dec("30")}, {Name: "Tip", Total: dec("-5.25")}}
	req.Quote.Coupons = []quote.QuoteCoupon{{Code: "diwali"}, {Code: "flat100"}}
	req.Chosen = map[string]cart.ItemRef{"k1": {Attributes: map[string]string{"pa_size": "l", "pa_color": "red"}, Data: map[string]string{"engraving": "आशा"}}}
	site.client(t).CreatePending(t.Context(), req)
	r := site.seen()[0]
	if r.query != "dp=6" || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("query %q, type %q", r.query, r.header.Get("Content-Type"))
	}
	address := `"first_name":"Ravi","last_name":"Iyer","company":"","address_1":"14 Brigade Road","address_2":"","city":"Bengaluru","state":"KA","postcode":"560001","country":"IN"`
	want := `{"status":"pending","currency":"INR","customer_id":2,"customer_note":"call first",` +
		`"billing":{` + address + `,"email":"ravi@example.test","phone":"+919812345678"},"shipping":{` + address + `,"phone":"+919812345678"},` +
		`"payment_method":"razorpay","payment_method_title":"UPI, card, net banking","transaction_id":"` + mugToken + `",` +
		`"meta_data":[{"key":"_ankkor_token","value":"` + mugToken + `"},{"key":"_a","value":"1"},{"key":"_gift","value":"yes"}],` +
		`"line_items":[{"product_id":16,"quantity":1,"subtotal":"445.535714","total":"445.535714"},` +
		`{"product_id":37,"variation_id":40,"quantity":2,"subtotal":"2569.523809","total":"2569.523809",` +
		`"meta_data":[{"key":"pa_color","value":"red"},{"key":"pa_size","value":"l"},{"key":"engraving","value":"आशा"}]}],` +
		`"shipping_lines":[{"method_id":"flat_rate","instance_id":"3","method_title":"Flat rate","total":"49.000000"}],` +
		`"fee_lines":[{"name":"Gift wrap","total":"30.000000","tax_status":"taxable","tax_class":"gst-18"},{"name":"Tip","total":"-5.250000","tax_status":"none","tax_class":""}],` +
		`"coupon_lines":[{"code":"diwali"},{"code":"flat100"}]}`
	if diff := cmp.Diff(want, strings.TrimSpace(string(r.body))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOrderRequestIsChecked(t *testing.T) {
	tests := map[string]func(*checkout.OrderRequest){
		"token":          func(r *checkout.OrderRequest) { r.Token = "" },
		"token ":         func(r *checkout.OrderRequest) { r.Token = "short" },
		"token  ":        func(r *checkout.OrderRequest) { r.Token = strings.Repeat("x", 101) },
		"token   ":       func(r *checkout.OrderRequest) { r.Token = "with a space" },
		"token    ":      func(r *checkout.OrderRequest) { r.Token = "line\r\nbreak" },
		"quote.lines":    func(r *checkout.OrderRequest) { r.Quote.Lines = nil },
		"quote.lines[0]": func(r *checkout.OrderRequest) { r.Quote.Lines[0].Quantity = 0 },
		"meta":           func(r *checkout.OrderRequest) { r.Meta = map[string]string{woo.TokenMetaKey: "other"} },
	}
	for field, spoil := range tests {
		t.Run(field, func(t *testing.T) {
			site := newSite(t, nil)
			req := mugOrder()
			spoil(&req)
			_, err := site.client(t).CreatePending(t.Context(), req)
			checkKind(t, err, woo.Refused)
			var invalid *woo.InvalidError
			if !errors.As(err, &invalid) || invalid.Field != strings.TrimSpace(field) {
				t.Errorf("got %v", err)
			}
			if len(site.seen()) != 0 {
				t.Error("something was sent")
			}
		})
	}
}

// TestTotalMismatch: whatever the store computes otherwise is told, with both
// values, and the order is named.
func TestTotalMismatch(t *testing.T) {
	tests := map[string]struct {
		edit  []string
		field string
	}{
		"a paisa in total":      {[]string{`"total":"499.00"`, `"total":"499.01"`}, "total"},
		"total tax":             {[]string{`"total_tax":"53.46","customer_id"`, `"total_tax":"53.47","customer_id"`}, "total_tax"},
		"line":                  {[]string{`"total":"445.54"`, `"total":"445.53"`}, "lines[0].total"},
		"line subtotal":         {[]string{`"subtotal":"445.54"`, `"subtotal":"450.00"`}, "lines[0].subtotal"},
		"sixth decimal":         {[]string{`"total":"445.54"`, `"total":"445.535715"`}, "lines[0].total"},
		"line tax":              {[]string{`"total_tax":"53.46","taxes"`, `"total_tax":"53.47","taxes"`}, "lines[0].total_tax"},
		"quantity":              {[]string{`"quantity":1`, `"quantity":2`}, "lines[0].quantity"},
		"the product is gone":   {[]string{`"product_id":16`, `"product_id":0`}, "lines[0].product"},
		"currency":              {[]string{`"currency":"INR"`, `"currency":"USD"`}, "currency"},
		"a line more":           {[]string{`"parent_name":null}]`, `"parent_name":null},{"product_id":17,"quantity":1,"subtotal":"0","total":"0","total_tax":"0"}]`}, "lines"},
		"a fee from nowhere":    {[]string{`"fee_lines":[]`, `"fee_lines":[{"name":"Handling","total":"0.00","total_tax":"0.00"}]`}, "fee_lines"},
		"shipping from nowhere": {[]string{`"shipping_lines":[]`, `"shipping_lines":[{"method_id":"x","total":"0.00"}]`}, "shipping_lines"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": pendingMug(test.edit...)})
			order, err := site.client(t).CreatePending(t.Context(), mugOrder())
			var mismatch *woo.TotalMismatchError
			if !errors.As(err, &mismatch) || !errors.Is(err, woo.ErrRefused) || !errors.Is(err, checkout.ErrRefused) {
				t.Fatalf("got %v, want a TotalMismatchError that is refused", err)
			}
			if mismatch.OrderID != 154 || order.ID != 154 || mismatch.Quoted != pricing.Paise(49900) || mismatch.Stored.Minor() != order.Total.Minor() {
				t.Errorf("%+v, order %d", mismatch, order.ID)
			}
			if d := mismatch.Differences; len(d) != 1 || d[0].Field != test.field || d[0].Quote == d[0].Store {
				t.Errorf("differences %+v, want one in %s", d, test.field)
			}
		})
	}
}

// TestExactSixDecimalsMatch: the digits beyond the paisa are compared too,
// and are equal when they are.
func TestExactSixDecimalsMatch(t *testing.T) {
	exact := []string{`"subtotal":"445.54"`, `"subtotal":"445.535714"`, `"total":"445.54"`, `"total":"445.535714"`,
		`"total":"499.00"`, `"total":"499.000000"`, `"total_tax":"53.46"`, `"total_tax":"53.460000"`}
	site := newSite(t, map[string]http.Handler{"*": pendingMug(exact...)})
	if _, err := site.client(t).CreatePending(t.Context(), mugOrder()); err != nil {
		t.Error(err)
	}
}

func TestOrderWithUnknownProductIsAMismatch(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": edited("rest/order-unknown-product.http", `"meta_data":[{"id":22,"key":"_sdk_idempotency","value":"k1"}]`, `"meta_data":[{"key":"_ankkor_token","value":"`+mugToken+`"}]`)})
	_, err := site.client(t).CreatePending(t.Context(), mugOrder())
	var mismatch *woo.TotalMismatchError
	if !errors.As(err, &mismatch) || !strings.Contains(err.Error(), "lines[0].product 16/0 became 0/0") {
		t.Errorf("got %v", err)
	}
}

func TestRecordedOrders(t *testing.T) {
	tests := map[string]struct {
		total, tax int64
		status     string
		paid       bool
		lines      []checkout.StoreOrderLine
	}{
		"order-paid": {49900, 5346, "completed", true, []checkout.StoreOrderLine{
			{ID: 9, ProductID: 16, Quantity: 1, Subtotal: dec("445.54"), Total: dec("445.54"), TotalTax: dec("53.46"), Taxes: taxed(9, "53.46"), Reduced: 1},
		}},
		"order-two-lines": {235188, 17467, "pending", false, []checkout.StoreOrderLine{
			{ID: 1, ProductID: 16, Quantity: 2, Subtotal: dec("891.07"), Total: dec("891.07"), TotalTax: dec("106.93"), Taxes: taxed(9, "106.93")},
			{ID: 2, ProductID: 37, VariationID: 38, Quantity: 1, Subtotal: dec("1237.14"), Total: dec("1237.14"), TotalTax: dec("61.86"), Taxes: taxed(6, "61.86")},
		}},
		"order-fee": {238728, 18007, "pending", false, []checkout.StoreOrderLine{
			{ID: 36, ProductID: 16, Quantity: 2, Subtotal: dec("891.07"), Total: dec("891.07"), TotalTax: dec("106.93"), Taxes: taxed(9, "106.93")},
			{ID: 37, ProductID: 37, VariationID: 38, Quantity: 1, Subtotal: dec("1237.14"), Total: dec("1237.14"), TotalTax: dec("61.86"), Taxes: taxed(6, "61.86")},
		}},
		"order-unknown-product": {5782, 882, "pending", false, []checkout.StoreOrderLine{{ID: 33, Quantity: 1, Subtotal: dec("0"), Total: dec("0"), TotalTax: dec("0")}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": recording("rest/" + name + ".http")})
			var recorded struct{ ID int64 }
			if err := json.Unmarshal([]byte(body(t, "rest/"+name+".http")), &recorded); err != nil {
				t.Fatal(err)
			}
			got, err := site.client(t).Order(t.Context(), recorded.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got.Total != pricing.Paise(test.total) || got.TotalTax != pricing.Paise(test.tax) || got.Status != test.status || got.Paid() != test.paid || got.Token != "" {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(test.lines, got.Lines); diff != "" {
				t.Errorf("lines (-want +got)\n%s", diff)
			}
		})
	}
}

func taxed(rate int64, total string) []checkout.StoreLineTax {
	return []checkout.StoreLineTax{{Rate: rate, Total: dec(total)}}
}
