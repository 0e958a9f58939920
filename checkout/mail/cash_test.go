package mail_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// TestCashOrder: a mail about a cash order shows its fee with tax, and both parts of the total.
func TestCashOrder(t *testing.T) {
	r := record()
	r.Quote.Fees = []quote.QuoteFee{{Name: "Cash on <b>delivery</b>", Total: decimal.NewFromInt(40), TotalTax: decimal.RequireFromString("4.805")}}
	w := writer(t)
	for kind, parts := range map[checkout.NoticeKind][]string{
		checkout.NoticeOrderConfirmed: {"Paid: ₹26,000.00", "To pay on delivery: ₹1,00,047.00", "₹44.81"},
		checkout.NoticePaymentFailed:  {"Your payment of ₹26,000.00", "To pay on delivery: ₹1,00,047.00", "₹44.81"},
	} {
		letter := write(t, w, kind, r)
		for _, want := range parts {
			if !strings.Contains(letter.HTML, want) || !strings.Contains(letter.Text, want) {
				t.Errorf("%s: %q is missing from\n%s\n%s", kind, want, letter.HTML, letter.Text)
			}
		}
		if strings.Contains(letter.HTML, "<b>") {
			t.Errorf("%s: the fee's name is markup:\n%s", kind, letter.HTML)
		}
	}
	r.Placed.Plan = checkout.Plan{OnDelivery: r.Quote.Totals.Total}
	if letter := write(t, w, checkout.NoticeOrderConfirmed, r); strings.Contains(letter.Text, "Paid:") || !strings.Contains(letter.Text, "To pay on delivery: ₹1,26,047.00") {
		t.Errorf("nothing was paid:\n%s", letter.Text)
	}
	r.Placed.Plan = checkout.Plan{Online: pricing.Paise(12604700)}
	if letter := write(t, w, checkout.NoticeShipped, r); strings.Contains(letter.Text, "courier") {
		t.Errorf("nothing is due:\n%s", letter.Text)
	}
}
