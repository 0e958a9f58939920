package razorpay_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/payment"
)

// onePayment is a list of one payment, with those of its fields replaced.
func onePayment(old, replacement string) string {
	const list = `{"entity":"collection","count":1,"items":[{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":49900,` +
		`"amount_refunded":0,"currency":"INR","status":"captured","order_id":"order_IEIaMR65cu6nz3","captured":true,"notes":[],"created_at":1785585600}]}`
	return strings.Replace(list, old, replacement, 1)
}

// TestPaymentsThatCannotBe: what cannot be read whole is not read at all, as a part of it might decide over money.
func TestPaymentsThatCannotBe(t *testing.T) {
	const order = "order_IEIaMR65cu6nz3"
	if payments, err := answering(t, 200, onePayment("", ""), nil).Payments(t.Context(), order); err != nil || len(payments) != 1 {
		t.Fatalf("%+v, %v", payments, err)
	}
	for name, body := range map[string]string{
		"nothing paid":           onePayment(`"amount":49900`, `"amount":0`),
		"no amount":              onePayment(`"amount":49900,`, ``),
		"null":                   onePayment(`"amount":49900`, `"amount":null`),
		"less than nothing":      onePayment(`"amount":49900`, `"amount":-1`),
		"a fraction":             onePayment(`"amount":49900`, `"amount":49900.0`),
		"an exponent":            onePayment(`"amount":49900`, `"amount":1e400`),
		"text":                   onePayment(`"amount":49900`, `"amount":"49900"`),
		"less than no refund":    onePayment(`"amount_refunded":0`, `"amount_refunded":-1`),
		"no currency":            onePayment(`"currency":"INR",`, ``),
		"small letters":          onePayment(`"INR"`, `"inr"`),
		"another order's":        onePayment(order, "order_00000000000000"),
		"of no order":            onePayment(`"`+order+`"`, `null`),
		"a path for an id":       onePayment("pay_IH3d0ara9bSsjQ", "pay_../../../../x1"),
		"an order in the list":   onePayment(`"entity":"payment"`, `"entity":"order"`),
		"no list":                `{"entity":"collection","count":0}`,
		"a payment and no list":  `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":49900,"currency":"INR","status":"captured"}`,
		"an error that is a 200": `{"error":{"code":"BAD_REQUEST_ERROR"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			payments, err := answering(t, 200, body, nil).Payments(t.Context(), order)
			wantOutcome(t, err, payment.ErrUnavailable)
			if len(payments) > 0 {
				t.Errorf("%+v", payments)
			}
		})
	}
}

// TestWhatAPaymentIs: one status of ours for each of theirs, and for what they may invent.
func TestWhatAPaymentIs(t *testing.T) {
	for change, want := range map[[2]string]payment.Status{
		{"", ""}: payment.StatusCaptured,
		{`"status":"captured"`, `"status":"authorized"`}: payment.StatusAuthorized, // with captured: true, as Razorpay's own sample has it
		{`"status":"captured"`, `"status":"failed"`}:     payment.StatusFailed,
		{`"status":"captured"`, `"status":"created"`}:    payment.StatusCreated,
		{`"status":"captured"`, `"status":"pending"`}:    payment.StatusCreated,
		{`"status":"captured"`, `"status":"refunded"`}:   payment.StatusRefunded,
		{`"status":"captured","order_id":"order_IEIaMR65cu6nz3","captured":true`, `"status":"refunded","order_id":"order_IEIaMR65cu6nz3","captured":false`}: payment.StatusVoided,
	} {
		payments, err := answering(t, 200, onePayment(change[0], change[1]), nil).Payments(t.Context(), "order_IEIaMR65cu6nz3")
		if err != nil || payments[0].Status != want {
			t.Errorf("%s: %+v, %v; want %s", change[1], payments, err, want)
		}
	}
}

// TestOnlyTheReceiptAskedFor: a list that was not filtered is not taken for one that was.
func TestOnlyTheReceiptAskedFor(t *testing.T) {
	const list = `{"entity":"collection","count":1,"items":[{"id":"order_IEIaMR65cu6nz3","entity":"order","amount":49900,"currency":"INR",` +
		`"receipt":"r-2","status":"created","created_at":1785585600}]}`
	_, err := answering(t, 200, list, nil).FindOrder(t.Context(), "r-1")
	wantOutcome(t, err, payment.ErrNotFound)
	if o, err := answering(t, 200, list, nil).FindOrder(t.Context(), "r-2"); err != nil || o.Receipt != "r-2" {
		t.Errorf("%+v, %v", o, err)
	}
}

// pages answers the nth request with the nth page, and the last one ever after.
type pages struct {
	bodies []string
	asked  []string
}

func (p *pages) RoundTrip(r *http.Request) (*http.Response, error) {
	body := p.bodies[min(len(p.asked), len(p.bodies)-1)]
	p.asked = append(p.asked, r.URL.RawQuery)
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// attempts is a page of failed payments with these numbers.
func attempts(from, to int) string {
	var items []string
	for n := from; n < to; n++ {
		items = append(items, fmt.Sprintf(`{"id":"pay_%014d","entity":"payment","amount":1,"currency":"INR","status":"failed","order_id":"order_IEIaMR65cu6nz3"}`, n))
	}
	return `{"entity":"collection","items":[` + strings.Join(items, ",") + `]}`
}

// TestAPaymentIsMadeWhileTheListIsRead: it pushes the last one of a page to the next, where it comes again.
func TestAPaymentIsMadeWhileTheListIsRead(t *testing.T) {
	p := &pages{bodies: []string{attempts(0, 10), attempts(0, 100), attempts(99, 120)}}
	c := mustClient(t, razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: &http.Client{Transport: p}})
	payments, err := c.Payments(t.Context(), "order_IEIaMR65cu6nz3")
	if err != nil || len(payments) != 120 || len(p.asked) != 3 || p.asked[2] != "count=100&skip=100" {
		t.Errorf("%d payments, %v, asked %q", len(payments), err, p.asked)
	}
}

// TestAListWithoutEnd is given up.
func TestAListWithoutEnd(t *testing.T) {
	p := &pages{bodies: []string{attempts(0, 100)}}
	c := mustClient(t, razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: &http.Client{Transport: p}})
	_, err := c.Payments(t.Context(), "order_IEIaMR65cu6nz3")
	wantOutcome(t, err, payment.ErrUnavailable)
	if len(p.asked) > 60 {
		t.Errorf("asked %d times", len(p.asked))
	}
}

// TestTheListOfPaymentsHasNoPages: should Razorpay refuse to page it, the first answer was all of it.
func TestTheListOfPaymentsHasNoPages(t *testing.T) {
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		status, body := 200, attempts(0, 12)
		if r.URL.RawQuery != "" {
			status, body = 400, `{"error":{"code":"BAD_REQUEST_ERROR","description":"count is/are not required and should not be sent"}}`
		}
		return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})
	c := mustClient(t, razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: &http.Client{Transport: transport}})
	if payments, err := c.Payments(t.Context(), "order_IEIaMR65cu6nz3"); err != nil || len(payments) != 12 {
		t.Errorf("%d payments, %v", len(payments), err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzAnswer reads anything as a payment: no panic, and never money that Razorpay did not write as whole paise.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{onePayment("", ""), attempts(0, 3), `{}`, `null`, `[`, onePayment("49900", "1e19"), onePayment("[]", `{"a":1}`)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		payments, err := answering(t, 200, string(body), nil).Payments(t.Context(), "order_IEIaMR65cu6nz3")
		for _, p := range payments {
			if err != nil || p.Amount.Sign() <= 0 || p.Refunded.Sign() < 0 || p.OrderID != "order_IEIaMR65cu6nz3" {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}
