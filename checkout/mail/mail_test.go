package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/mail"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

func record() checkout.Record {
	r := checkout.Record{
		ID:    "chk_1",
		Order: &checkout.OrderFact{ID: 1001, Number: "1001"},
		Quote: &quote.Quote{
			Currency: pricing.INR,
			Lines:    []quote.QuoteLine{{Name: "Kanchipuram sari", Quantity: 1, Gross: pricing.Paise(12500000)}, {Name: "Mug", Quantity: 2, Gross: pricing.Paise(99800)}},
			Shipping: []quote.QuoteShipping{{RateID: "flat_rate:1"}},
			Totals: quote.Totals{
				Total: pricing.Paise(12604700), ShippingTotal: pricing.Paise(4375), ShippingTax: pricing.Paise(525),
				DiscountTotal: pricing.Paise(10000),
			},
		},
		Placed: &checkout.Placement{
			PayBy: time.Date(2026, 11, 8, 18, 30, 0, 0, time.UTC), Plan: checkout.Plan{Online: pricing.Paise(2600000), OnDelivery: pricing.Paise(10004700)},
		},
		Shipment: &checkout.Shipment{Carrier: "India Post", Tracking: "EX123456789IN", TrackingURL: "https://www.indiapost.gov.in/"},
		Refunds:  []checkout.RefundFact{{Amount: pricing.Paise(100)}, {Amount: pricing.Paise(49900)}},
	}
	r.Billing = checkout.Address{FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", Postcode: "560001", State: "KA", Email: "asha@example.in"}
	return r
}

func writer(t *testing.T, change ...func(*mail.Config)) *mail.Writer {
	t.Helper()
	c := mail.Config{Shop: "Ankkor Clay", URL: func(n checkout.Notice) string { return "https://shop.example.in/orders/" + string(n.Record.ID) }}
	for _, f := range change {
		f(&c)
	}
	w, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func write(t *testing.T, w *mail.Writer, kind checkout.NoticeKind, r checkout.Record) mail.Letter {
	t.Helper()
	letter, err := w.Write(checkout.Notice{Kind: kind, Record: r})
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

// What each mail says, in both forms.
func TestLetters(t *testing.T) {
	tests := []struct {
		kind    checkout.NoticeKind
		subject string
		says    []string
	}{
		{checkout.NoticeOrderConfirmed, "Your order 1001 at Ankkor Clay", []string{"₹1,26,047.00", "₹1,25,000.00", "₹49.00", "₹100.00", "₹26,000.00", "₹1,00,047.00", "12 MG Road", "Bengaluru 560001", "https://shop.example.in/orders/chk_1"}},
		{checkout.NoticeShipped, "Your order 1001 is on its way", []string{"India Post", "EX123456789IN", "https://www.indiapost.gov.in/", "₹1,00,047.00 ready"}},
		{checkout.NoticeRefunded, "Your money from Ankkor Clay is on its way back", []string{"₹500.00", "order 1001"}},
		{checkout.NoticePaymentFailed, "Your payment to Ankkor Clay did not go through", []string{"₹26,000.00", "9 November, 00:00 IST"}},
		{checkout.NoticeAbandoned, "You left something at Ankkor Clay", []string{"Kanchipuram sari", "https://shop.example.in/orders/chk_1"}},
	}
	w := writer(t)
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			letter := write(t, w, tt.kind, record())
			if letter.Subject != tt.subject || letter.To != "asha@example.in" || letter.Kind != tt.kind {
				t.Errorf("subject %q to %q", letter.Subject, letter.To)
			}
			for _, want := range append(tt.says, "Hello Asha", "Ankkor Clay") {
				if !strings.Contains(letter.HTML, want) || !strings.Contains(letter.Text, want) {
					t.Errorf("%q is missing from\n%s\n%s", want, letter.HTML, letter.Text)
				}
			}
			if diff := cmp.Diff(letter, write(t, w, tt.kind, record())); diff != "" {
				t.Errorf("written again it differs: %s", diff)
			}
		})
	}
	if len(tests) != len(mail.Kinds()) {
		t.Errorf("%d kinds, %d are tried", len(mail.Kinds()), len(tests))
	}
}

// What customers and the catalogue wrote is shown, and does nothing.
func TestHostileTexts(t *testing.T) {
	r := record()
	r.Billing.FirstName = "Asha\r\nBcc: everybody@example.in <script>alert(1)</script>"
	r.Quote.Lines[0].Name = `"><img src=x onerror=alert(1)>`
	r.Shipment.TrackingURL = "javascript:alert(1)"
	r.Order.Number = "1001\r\nBcc: everybody@example.in"
	w := writer(t)
	for _, kind := range mail.Kinds() {
		letter := write(t, w, kind, r)
		for _, bad := range []string{"<script>", "<img", "javascript:"} {
			if strings.Contains(letter.HTML, bad) {
				t.Errorf("%s: %q is in\n%s", kind, bad, letter.HTML)
			}
		}
		if strings.ContainsAny(letter.Subject, "\r\n") {
			t.Errorf("%s: a subject of two lines: %q", kind, letter.Subject)
		}
	}
}

func TestNoRecipient(t *testing.T) {
	w := writer(t)
	for _, email := range []string{"", "asha", "Asha <asha@example.in>", "a@example.in, b@example.in", "a@example.in\r\nBcc: b@example.in"} {
		r := record()
		r.Billing.Email = email
		if letter, err := w.Write(checkout.Notice{Kind: checkout.NoticeShipped, Record: r}); err == nil {
			t.Errorf("%q is written to as %q", email, letter.To)
		} else if email != "" && strings.Contains(err.Error(), email) {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
	if _, err := w.Write(checkout.Notice{Kind: "birthday", Record: record()}); err == nil {
		t.Error("a mail nobody wrote")
	}
}

// A shop's own words take the place of ours, one file at a time.
func TestTemplatesReplaced(t *testing.T) {
	w := writer(t, func(c *mail.Config) {
		c.Templates = fstest.MapFS{"shipped.txt.tmpl": {Data: []byte("{{.Order}} is off!\n\nNamaste {{.Name}}")}}
	})
	letter := write(t, w, checkout.NoticeShipped, record())
	if letter.Subject != "1001 is off!" || letter.Text != "Namaste Asha" || !strings.Contains(letter.HTML, "has left us") {
		t.Errorf("%q %q", letter.Subject, letter.Text)
	}
	_, err := mail.New(mail.Config{Templates: fstest.MapFS{"shipped.txt.tmpl": {Data: []byte("{{.Order")}, "refunded.html.tmpl": {Data: []byte("{{if}}")}}})
	for _, want := range []string{"Shop", "shipped", "refunded"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
	broken := writer(t, func(c *mail.Config) { c.Templates = fstest.MapFS{"shipped.txt.tmpl": {Data: []byte("{{.Birthday}}")}} })
	if _, err := broken.Write(checkout.Notice{Kind: checkout.NoticeShipped, Record: record()}); err == nil {
		t.Error("a template that asks for what is not there")
	}
}

// A checkout that was never quoted or placed can be written about, and another currency is not taken for rupees.
func TestSparseRecord(t *testing.T) {
	r := checkout.Record{}
	r.Billing.Email = "asha@example.in"
	w := writer(t, func(c *mail.Config) { c.URL = nil })
	for _, kind := range mail.Kinds() {
		if letter := write(t, w, kind, r); strings.Contains(letter.Text, "http") {
			t.Errorf("%s links somewhere: %s", kind, letter.Text)
		}
	}
	dollars, err := pricing.New(12345, "USD")
	if err != nil {
		t.Fatal(err)
	}
	full := record()
	full.Quote.Totals.Total = dollars
	if letter := write(t, w, checkout.NoticeOrderConfirmed, full); !strings.Contains(letter.Text, "USD 123.45") {
		t.Error(letter.Text)
	}
}

func TestLetterPrintsNothingPersonal(t *testing.T) {
	letter := write(t, writer(t), checkout.NoticeShipped, record())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, letter); got != "mail shipped" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

func Example() {
	letters, err := mail.New(mail.Config{Shop: "Ankkor Clay"})
	if err != nil {
		fmt.Println(err)
		return
	}
	letter, err := letters.Write(checkout.Notice{Kind: checkout.NoticeRefunded, Record: record()})
	fmt.Println(letter.Subject, err)
	fmt.Println(letter.Text)
	// Output:
	// Your money from Ankkor Clay is on its way back <nil>
	// Hello Asha,
	//
	// We have sent ₹500.00 back to you for order 1001. Banks take five to seven working days to show it.
	//
	// Ankkor Clay
}
