package razorpay_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// tell brings a signed event, as from Razorpay, through the door that webhooks come in by, and has it acted on.
func (s *shop) tell(body string) {
	s.t.Helper()
	if status := serve(newReceiver(s.t, s.inbox, hookSecret), delivery(body, hookSecret)); status != http.StatusOK {
		s.t.Errorf("HTTP %d for %s", status, body)
	}
	_, err := s.dispatcher.Dispatch(s.t.Context())
	s.check(err)
}

// eventOf is an event about a payment of a checkout, with these fields of it.
func eventOf(name string, r checkout.Record, paymentID, fields string) string {
	return `{"entity":"event","event":"` + name + `","payload":{"payment":{"entity":{"entity":"payment","id":"` + paymentID +
		`","order_id":"` + r.Gateway.ID + `",` + fields + `}}},"created_at":1785585600}`
}

// What an event says of amounts, currencies and states decides nothing, whatever it says: it is stored, acknowledged, and
// the payment is looked at. Before anybody has paid there is no sale; once somebody has there is one, for what was paid.
func TestEventsDecideNothing(t *testing.T) {
	const true54800 = `"amount":54800,"currency":"INR","status":"captured","captured":true`
	for name, fields := range map[string]string{
		"what would be right":   true54800,
		"a text":                strings.Replace(true54800, "54800", `"54800"`, 1),
		"a float":               strings.Replace(true54800, "54800", `548.00`, 1),
		"a long float":          strings.Replace(true54800, "54800", `54799.99999999999999999`, 1),
		"less than nothing":     strings.Replace(true54800, "54800", `-54800`, 1),
		"1e19":                  strings.Replace(true54800, "54800", `1e19`, 1),
		"more than an integer":  strings.Replace(true54800, "54800", `9223372036854775808`, 1),
		"null":                  strings.Replace(true54800, "54800", `null`, 1),
		"an object":             strings.Replace(true54800, "54800", `{"$gt":0}`, 1),
		"one paisa":             strings.Replace(true54800, "54800", `1`, 1),
		"another currency":      strings.Replace(true54800, "INR", `USD`, 1),
		"a state of its own":    strings.Replace(true54800, `"captured"`, `"rewarded"`, 1),
		"failed":                strings.Replace(true54800, `"captured"`, `"failed"`, 1),
		"fields that are twice": true54800 + `,"amount":1,"currency":"USD"`,
		"a month old":           true54800 + `,"created_at":1`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, razorpay.CaptureAutomatic)
			r := s.placed("guest:1", 1)
			for _, event := range []string{"payment.captured", "order.paid", "payment.authorized"} {
				s.tell(eventOf(event, r, "pay_NOBODYMADEIT00", fields))
			}
			if got := s.load(r); got.Status() != checkout.StatusPendingPayment || len(s.orders.All()) != 0 || len(got.Alerts) != 0 {
				t.Fatalf("nobody paid, and it is %s: %q", got.Status(), got.Alerts)
			}
			id := s.try(r, razorpaytest.Attempt{})
			s.tell(eventOf("payment.captured", r, id, fields))
			s.oneSale(r)
		})
	}
}

// An event that is true, about a payment of somebody else's order, moves neither.
func TestAnEventOfAnotherOrder(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	mine, theirs := s.placed("guest:1", 1), s.placed("guest:2", 1)
	id := s.try(theirs, razorpaytest.Attempt{})
	s.tell(eventOf("payment.captured", mine, id, `"amount":54800,"currency":"INR","status":"captured"`))
	if got := s.load(mine).Status(); got != checkout.StatusPendingPayment {
		t.Errorf("their payment, told of for my order: mine is %s", got)
	}
	s.pass(2 * time.Minute)
	if mine, theirs := s.load(mine).Status(), s.load(theirs).Status(); mine != checkout.StatusPendingPayment || theirs != checkout.StatusOrdered {
		t.Errorf("mine is %s, theirs %s", mine, theirs)
	}
}

// A refund that nobody here asked for is found out, and people are told.
func TestARefundNobodyAskedFor(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	id := s.try(r, razorpaytest.Attempt{})
	s.pass(time.Minute)
	_, err := s.client.Refund(t.Context(), payment.RefundRequest{PaymentID: id, Amount: r.Gateway.Amount, Key: "by-hand-in-the-dashboard"})
	s.check(err)
	s.tell(`{"entity":"event","event":"refund.processed","payload":{"payment":{"entity":{"id":"` + id + `","order_id":"` + r.Gateway.ID +
		`"}},"refund":{"entity":{"id":"rfnd_NOTOFOURS00000","payment_id":"` + id + `","amount":1}}}}`)
	got := s.load(r)
	paid := got.Payments.Payments()
	if len(got.Alerts) == 0 || len(paid) != 1 || !paid[0].Refunded.Equal(r.Gateway.Amount) {
		t.Errorf("alerts %q, payments %+v", got.Alerts, paid)
	}
	if n := len(s.Refunds(id)); n != 1 {
		t.Errorf("%d refunds", n)
	}
}

// The door of the browser: each state of a payment in Razorpay, and what its callback then comes to.
func TestACallbackOfEachState(t *testing.T) {
	tests := []struct {
		name    string
		capture razorpay.Capture
		attempt razorpaytest.Attempt
		status  checkout.Status
		sale    bool
	}{
		{"captured", razorpay.CaptureAutomatic, razorpaytest.Attempt{}, checkout.StatusOrdered, true},
		{"held by the bank", razorpay.CaptureManual, razorpaytest.Attempt{}, checkout.StatusOrdered, true}, // captured by us
		{"another currency", razorpay.CaptureAutomatic, razorpaytest.Attempt{Currency: "USD"}, checkout.StatusRefunded, false},
		{"another currency, held", razorpay.CaptureManual, razorpaytest.Attempt{Currency: "USD"}, checkout.StatusCancelled, false},
		{"a paisa less", razorpay.CaptureAutomatic, razorpaytest.Attempt{Amount: 54799}, checkout.StatusRefunded, false},
		{"a paisa more", razorpay.CaptureAutomatic, razorpaytest.Attempt{Amount: 54801}, checkout.StatusRefunded, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t, tt.capture)
			r := s.placed("guest:1", 1)
			c, err := s.Attempt(r.Gateway.ID, tt.attempt)
			s.check(err)
			s.check(s.confirm(r, c))
			if sale := len(s.effective(r)) == 1; sale != tt.sale {
				t.Errorf("%s, %d orders took effect", s.load(r).Status(), len(s.effective(r)))
			}
			s.pass(2 * time.Hour) // the window closes: until then the shopper may still pay what is asked
			if got := s.load(r); got.Status() != tt.status || len(s.effective(r)) == 1 != tt.sale {
				t.Errorf("later %s, want %s; %d orders, alerts %q", got.Status(), tt.status, len(s.effective(r)), got.Alerts)
			}
			s.check(s.balanced(r))
		})
	}
}

// Money that the bank holds and nobody has captured is no payment yet: the order is not made, however often the browser
// says that it was paid.
func TestHeldMoneyIsNotPaid(t *testing.T) {
	s := newShop(t, razorpay.CaptureManual)
	r := s.placed("guest:1", 1)
	c, err := s.Authorize(r.Gateway.ID)
	s.check(err)
	s.plant(t, razorpaytest.Fault{Op: razorpaytest.OpCapture, Kind: razorpaytest.ServerError, Times: 1000})
	for range 5 {
		_ = s.confirm(r, c)
		if got := s.load(r); got.Status() != checkout.StatusPendingPayment || len(s.orders.All()) != 0 {
			t.Fatalf("%s, %d orders", got.Status(), len(s.orders.All()))
		}
	}
}

// A failed attempt is not the end: the next one pays, and its callback counts.
func TestFailedThenPaid(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	for range 3 {
		id := s.try(r, razorpaytest.Attempt{Fails: true})
		s.tell(eventOf("payment.failed", r, id, `"amount":54800,"currency":"INR","status":"failed"`))
		if got := s.load(r).Status(); got != checkout.StatusPendingPayment {
			t.Fatalf("after a failure %s", got)
		}
	}
	s.check(s.confirm(r, s.paid(r)))
	s.oneSale(r)
}

// A webhook that is far older than any that Razorpay sends again is acted on by looking, and changes nothing that is over.
func TestAnEventOfLastMonth(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	id := s.try(r, razorpaytest.Attempt{})
	s.pass(5 * time.Minute)
	before := s.load(r)
	s.pass(30 * 24 * time.Hour)
	for n := range 10 {
		s.tell(eventOf("payment.captured", r, id, fmt.Sprintf(`"amount":54800,"currency":"INR","status":"captured","n":%d`, n)))
		s.tell(eventOf("payment.failed", r, id, fmt.Sprintf(`"amount":54800,"currency":"INR","status":"failed","n":%d`, n)))
	}
	s.oneSale(r)
	if got := s.load(r); got.Status() != before.Status() || len(got.Timeline) != len(before.Timeline) {
		t.Errorf("was %s, is %s:\n%v", before.Status(), got.Status(), got.Timeline[len(before.Timeline):])
	}
}

// A dispute is told to people, each of its states once, and moves nothing: the bank has not decided. One of another shop's
// order is no business of ours.
func TestADispute(t *testing.T) {
	s := newShop(t, razorpay.CaptureAutomatic)
	r := s.placed("guest:1", 1)
	id := s.try(r, razorpaytest.Attempt{})
	s.pass(time.Minute)
	dispute := func(state, order string, at int) string {
		return fmt.Sprintf(`{"entity":"event","event":"payment.dispute.%s","payload":{"payment":{"entity":{"id":"%s","order_id":"%s"}},`+
			`"dispute":{"entity":{"id":"disp_IH3d0ara9bSsjQ","payment_id":"%s","amount":54800,"currency":"INR"}}},"created_at":%d}`, state, id, order, id, at)
	}
	for n := range 3 {
		s.tell(dispute("created", r.Gateway.ID, n))
	}
	s.tell(dispute("lost", r.Gateway.ID, 4))
	s.tell(dispute("created", "order_ANOTHERSHOPS00", 5))
	alerts := s.load(r).Alerts
	if len(alerts) != 2 || !strings.Contains(alerts[0], "payment.dispute.created of disp_IH3d0ara9bSsjQ; answer it") || !strings.HasSuffix(alerts[1], "dispute.lost of disp_IH3d0ara9bSsjQ") {
		t.Errorf("%q", alerts)
	}
	s.oneSale(r)
	if dead, err := s.inbox.Dead(t.Context(), razorpay.Source, 10); err != nil || len(dead) != 0 {
		t.Errorf("%v, %v", dead, err)
	}
}
