package razorpay_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

var price = pricing.Paise(49900)

func (b *bank) order(t testing.TB, receipt string) payment.Order {
	t.Helper()
	o, err := b.client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: receipt, Amount: price, Notes: map[string]string{"checkout": "c1"}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (b *bank) plant(t testing.TB, faults ...razorpaytest.Fault) {
	t.Helper()
	if err := b.Plant(faults...); err != nil {
		t.Fatal(err)
	}
}

// outcomes are the five ways a call can end badly.
var outcomes = []error{payment.ErrInvalid, payment.ErrRefused, payment.ErrUnknown, payment.ErrUnavailable, payment.ErrNotFound}

func wantOutcome(t *testing.T, err, want error) {
	t.Helper()
	for _, o := range outcomes {
		if errors.Is(err, o) != (o == want) {
			t.Errorf("%v: is %q: %v, want only %q", err, o, errors.Is(err, o), want)
		}
	}
	if err != nil && strings.Contains(err.Error(), keySecret) {
		t.Errorf("the error tells the secret: %v", err)
	}
}

// TestHowCallsEnd meets every fault on a call with an effect and on a read. What is said must be true: refused and
// unavailable mean not done.
func TestHowCallsEnd(t *testing.T) {
	unknown, unavailable := payment.ErrUnknown, payment.ErrUnavailable
	tests := []struct {
		kind        razorpaytest.Kind
		order, read error
		made        bool
		is          error
	}{
		{razorpaytest.Unreachable, unavailable, unavailable, false, nil},
		{razorpaytest.Refuse, payment.ErrRefused, payment.ErrRefused, false, nil},
		{razorpaytest.Unauthorized, unavailable, unavailable, false, razorpay.ErrUnauthorized},
		{razorpaytest.RateLimit, unavailable, unavailable, false, razorpay.ErrRateLimited},
		{razorpaytest.Conflict, unavailable, unavailable, false, nil},
		{razorpaytest.ServerError, unknown, unavailable, false, nil},
		{razorpaytest.BadGateway, unknown, unavailable, false, nil},
		{razorpaytest.Redirect, unknown, unavailable, false, razorpay.ErrAnswer},
		{razorpaytest.FirewallPage, unknown, unavailable, false, razorpay.ErrAnswer},
		{razorpaytest.LoseRequest, unknown, unavailable, false, nil},
		{razorpaytest.LoseReply, unknown, unavailable, true, nil},
		{razorpaytest.ErrorAfter, unknown, unavailable, true, nil},
		{razorpaytest.TimeoutAfter, unknown, unavailable, true, nil},
		{razorpaytest.HalfReply, unknown, unavailable, true, razorpay.ErrAnswer},
		{razorpaytest.EmptyReply, unknown, unavailable, true, razorpay.ErrAnswer},
		{razorpaytest.HTMLReply, unknown, unavailable, true, razorpay.ErrAnswer},
		{razorpaytest.FloatReply, unknown, unavailable, true, razorpay.ErrAnswer},
		{razorpaytest.HugeReply, unknown, unavailable, true, razorpay.ErrAnswer},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			b := newBank(t)
			b.plant(t, razorpaytest.Fault{Op: razorpaytest.OpCreateOrder, Kind: tt.kind})
			_, err := b.client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r-1", Amount: price})
			wantOutcome(t, err, tt.order)
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%v, want %q", err, tt.is)
			}
			if made := len(b.Orders("r-1")); (made == 1) != tt.made {
				t.Errorf("%d orders were made", made)
			}
			if len(b.Orders("r-1")) == 0 {
				b.order(t, "r-1")
			}
			b.plant(t, razorpaytest.Fault{Op: razorpaytest.OpFindOrder, Kind: tt.kind})
			_, err = b.client.FindOrder(t.Context(), "r-1")
			wantOutcome(t, err, tt.read)
			if _, err = b.client.FindOrder(t.Context(), "r-1"); err != nil || len(b.Planted()) > 0 {
				t.Errorf("afterwards: %v, faults left %v", err, b.Planted())
			}
		})
	}
}

// TestARefusalSaysWhy keeps Razorpay's code, field and sentence.
func TestARefusalSaysWhy(t *testing.T) {
	b := newBank(t)
	_, err := b.client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r-1", Amount: pricing.Paise(99)})
	wantOutcome(t, err, payment.ErrRefused)
	var refused *payment.RefusedError
	var answer *razorpay.Error
	if !errors.As(err, &refused) || refused.Code != "BAD_REQUEST_ERROR" || refused.Op != "create order" {
		t.Errorf("%#v", refused)
	}
	if !errors.As(err, &answer) || answer.Status != 400 || answer.Field != "amount" || answer.Reason != "input_validation_failed" {
		t.Errorf("%#v", answer)
	}
	if !strings.Contains(answer.Error(), `field "amount"`) || !strings.Contains(answer.Error(), "minimum amount") {
		t.Error(answer)
	}
}

// TestCapturedAlready looks before it says so: by whom does not matter, the amount does.
func TestCapturedAlready(t *testing.T) {
	b := newBank(t, func(c *razorpay.Config) { c.Capture = razorpay.CaptureAutomatic })
	o := b.order(t, "r-1")
	c, err := b.Pay(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.client.Capture(t.Context(), c.PaymentID, price)
	if err != nil || p.Status != payment.StatusCaptured || b.Calls(razorpaytest.OpPayment) != 1 {
		t.Errorf("%+v, %v after %d looks", p, err, b.Calls(razorpaytest.OpPayment))
	}
	_, err = b.client.Capture(t.Context(), c.PaymentID, pricing.Paise(49800))
	wantOutcome(t, err, payment.ErrRefused)
	b.plant(t, razorpaytest.Fault{Op: razorpaytest.OpPayment, Kind: razorpaytest.LoseReply})
	_, err = b.client.Capture(t.Context(), c.PaymentID, price)
	wantOutcome(t, err, payment.ErrUnavailable) // the refusal did nothing, whatever the payment is
}

// TestCaptureAnsweredWithAnotherPayment does not take somebody else's word.
func TestCaptureAnsweredWithAnotherPayment(t *testing.T) {
	for name, answer := range map[string]string{
		"another id":     `{"id":"pay_00000000000000","entity":"payment","amount":49900,"currency":"INR","status":"captured"}`,
		"not captured":   `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":49900,"currency":"INR","status":"authorized"}`,
		"another amount": `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":49901,"currency":"INR","status":"captured"}`,
		"no currency":    `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":49900,"status":"captured"}`,
		"an order":       `{"id":"order_IH3d0ara9bSsjQ","entity":"order","amount":49900,"currency":"INR","status":"paid"}`,
		"text amount":    `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":"49900","currency":"INR","status":"captured"}`,
		"huge amount":    `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":1e19,"currency":"INR","status":"captured"}`,
		"negative":       `{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":-49900,"currency":"INR","status":"captured"}`,
		"null":           `null`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answering(t, 200, answer, nil).Capture(t.Context(), "pay_IH3d0ara9bSsjQ", price)
			wantOutcome(t, err, payment.ErrUnknown)
		})
	}
}

// answers is a Razorpay that always says the same.
type answers struct {
	status int
	body   string
	header http.Header
	seen   []*http.Request
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.seen = append(a.seen, r)
	return &http.Response{
		StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}

func answering(t *testing.T, status int, body string, header http.Header) *razorpay.Client {
	t.Helper()
	return mustClient(t, razorpay.Config{
		KeyID: keyID, KeySecret: payment.NewSecret(keySecret), Now: func() time.Time { return noon },
		HTTP: &http.Client{Transport: &answers{status: status, body: body, header: header}},
	})
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"":                              0,
		"7":                             7 * time.Second,
		"2147483647":                    5 * time.Minute,
		"-5":                            0,
		"99999999999999999999":          0,
		"soon":                          0,
		"Sat, 01 Aug 2026 12:00:30 GMT": 30 * time.Second,
		"Sat, 01 Aug 2020 12:00:30 GMT": 0,
		"Sat, 01 Aug 2099 12:00:30 GMT": 5 * time.Minute,
	} {
		_, err := answering(t, 429, `{"error":{"code":"BAD_REQUEST_ERROR"}}`, http.Header{"Retry-After": {text}}).FindOrder(t.Context(), "r-1")
		var unavailable *payment.UnavailableError
		if !errors.As(err, &unavailable) || unavailable.RetryAfter != want {
			t.Errorf("Retry-After %q: %v, want %v", text, err, want)
		}
	}
}

// TestOnlyRazorpayRefuses: a proxy's 400 proves nothing, nor does a code for failures on the way to the bank.
func TestOnlyRazorpayRefuses(t *testing.T) {
	for name, answer := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"a refusal":          {400, `{"error":{"code":"BAD_REQUEST_ERROR","field":null,"metadata":[]}}`, payment.ErrRefused},
		"another envelope":   {400, `{"message":"bad request"}`, payment.ErrUnknown},
		"a page":             {400, `<html>`, payment.ErrUnknown},
		"the gateway failed": {400, `{"error":{"code":"GATEWAY_ERROR"}}`, payment.ErrUnknown},
		"created":            {201, `{}`, payment.ErrUnknown},
		"no content":         {204, ``, payment.ErrUnknown},
		"an empty array":     {200, `[]`, payment.ErrUnknown},
		"an error with 200":  {200, `{"error":{"code":"BAD_REQUEST_ERROR"}}`, payment.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answering(t, answer.status, answer.body, nil).CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r", Amount: price})
			wantOutcome(t, err, answer.want)
		})
	}
}

// TestWhatIsSent holds one request of each kind against Razorpay's reference.
func TestWhatIsSent(t *testing.T) {
	transport := &answers{status: 500}
	c := mustClient(t, razorpay.Config{
		KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: &http.Client{Transport: transport}, Capture: razorpay.CaptureManual,
	})
	_, _ = c.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r-1", Amount: price, Notes: map[string]string{"a": "b"}})
	_, _ = c.Capture(t.Context(), "pay_IH3d0ara9bSsjQ", price)
	_, _ = c.FindOrder(t.Context(), "a&b=c")
	want := []struct{ line, body string }{
		{"POST https://api.razorpay.com/v1/orders", `{"amount":49900,"currency":"INR","receipt":"r-1","notes":{"a":"b"},` +
			`"payment":{"capture":"manual","capture_options":{"manual_expiry_period":7200,"refund_speed":"normal"}}}`},
		{"POST https://api.razorpay.com/v1/payments/pay_IH3d0ara9bSsjQ/capture", `{"amount":49900,"currency":"INR"}`},
		{"GET https://api.razorpay.com/v1/orders?count=100&receipt=a%26b%3Dc", ""},
	}
	for i, r := range transport.seen {
		body := ""
		if r.Body != nil {
			read, _ := io.ReadAll(r.Body)
			body = string(read)
		}
		if line := r.Method + " " + r.URL.String(); line != want[i].line || body != want[i].body {
			t.Errorf("sent %s\n%s, want %s\n%s", line, body, want[i].line, want[i].body)
		}
		if user, password, ok := r.BasicAuth(); !ok || user != keyID || password != keySecret {
			t.Error("the key is not sent")
		}
	}
}

// TestTheReplyToAnOrderIsLost is the way of package checkout: find before creating again.
func TestTheReplyToAnOrderIsLost(t *testing.T) {
	b := newBank(t)
	b.plant(t, razorpaytest.Fault{Op: razorpaytest.OpCreateOrder, Kind: razorpaytest.LoseReply})
	_, err := b.client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r-1", Amount: price})
	wantOutcome(t, err, payment.ErrUnknown)
	found, err := b.client.FindOrder(t.Context(), "r-1")
	if err != nil || found.ID != b.Orders("r-1")[0].ID {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestManyOrdersOfAReceipt reads every page and takes the one that is paid, however far back.
func TestManyOrdersOfAReceipt(t *testing.T) {
	b := newBank(t)
	paid := b.order(t, "r-1")
	if _, err := b.Server.Authorize(paid.ID); err != nil {
		t.Fatal(err)
	}
	for range 230 {
		b.order(t, "r-1")
	}
	if found, err := b.client.FindOrder(t.Context(), "r-1"); err != nil || found.ID != paid.ID {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestALapsedAuthorisationWasNeverOurs: Razorpay calls it refunded, and no money of ours was.
func TestALapsedAuthorisationWasNeverOurs(t *testing.T) {
	b := newBank(t)
	o := b.order(t, "r-1")
	if _, err := b.Server.Authorize(o.ID); err != nil {
		t.Fatal(err)
	}
	b.clock.pass(6 * 24 * time.Hour)
	payments, err := b.client.Payments(t.Context(), o.ID)
	if err != nil || len(payments) != 1 || payments[0].Status != payment.StatusVoided {
		t.Fatalf("%+v, %v", payments, err)
	}
	_, err = b.client.Capture(t.Context(), payments[0].ID, price)
	wantOutcome(t, err, payment.ErrRefused)
}

// TestARefundInAnotherCurrency: Razorpay would take the number for the payment's currency.
func TestARefundInAnotherCurrency(t *testing.T) {
	b := newBank(t)
	p := b.capturedPayment(t)
	dollars, _ := pricing.New(100, pricing.USD)
	_, err := b.client.Refund(t.Context(), payment.RefundRequest{PaymentID: p, Amount: dollars, Key: "refund-key-1"})
	wantOutcome(t, err, payment.ErrRefused)
	if len(b.Refunds(p)) != 0 {
		t.Error("money went back")
	}
}

func (b *bank) capturedPayment(t testing.TB) string {
	t.Helper()
	c, err := b.Server.Authorize(b.order(t, "r-1").ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.Capture(t.Context(), c.PaymentID, price); err != nil {
		t.Fatal(err)
	}
	return c.PaymentID
}

// TestARefundIsFoundBeforeItIsMade: also where Razorpay no longer knows the idempotency key, and with another reason.
func TestARefundIsFoundBeforeItIsMade(t *testing.T) {
	b := newBank(t)
	r := payment.RefundRequest{PaymentID: b.capturedPayment(t), Amount: pricing.Paise(100), Key: "refund-key-1", Reason: "a"}
	first, err := b.client.Refund(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	r.Reason = "b"
	again, err := b.client.Refund(t.Context(), r)
	if err != nil || again.ID != first.ID || b.Calls(razorpaytest.OpRefund) != 1 {
		t.Errorf("%+v, %v after %d requests", again, err, b.Calls(razorpaytest.OpRefund))
	}
}

// TestIDsNeverBecomeAddresses: what has not the shape of an id is not sent.
func TestIDsNeverBecomeAddresses(t *testing.T) {
	transport := &answers{status: 500}
	c := mustClient(t, razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: &http.Client{Transport: transport}})
	for _, id := range []string{"", "pay_1", "pay_../../orders", "order_" + strings.Repeat("A", 100), "pay_IH3d0ara9bSsj?", "order_IEIaMR65cu6nz3\n", "pay_IH3d0ara9bSsjé"} {
		_, err := c.Payments(t.Context(), id)
		wantOutcome(t, err, payment.ErrNotFound)
		_, err = c.Payment(t.Context(), id)
		wantOutcome(t, err, payment.ErrNotFound)
		_, err = c.Capture(t.Context(), id, price)
		wantOutcome(t, err, payment.ErrNotFound)
		_, err = c.FindRefund(t.Context(), id, "refund-key-1")
		wantOutcome(t, err, payment.ErrNotFound)
	}
	if len(transport.seen) > 0 {
		t.Errorf("sent %s", transport.seen[0].URL)
	}
}

func TestCurrenciesThatRazorpayReadsOtherwise(t *testing.T) {
	b := newBank(t)
	for text, want := range map[string]error{"KWD 12.340": nil, "KWD 12.345": payment.ErrInvalid, "JPY 500": nil, "LYD 12.340": payment.ErrInvalid} {
		var amount pricing.Money
		if err := amount.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		_, err := b.client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r", Amount: amount})
		wantOutcome(t, err, want)
	}
}

// TestATimeout ends a call whose context has no end.
func TestATimeout(t *testing.T) {
	b := newBank(t, func(c *razorpay.Config) { c.Timeout = time.Nanosecond })
	b.plant(t, razorpaytest.Fault{Op: razorpaytest.OpCreateOrder, Kind: razorpaytest.Hang})
	_, err := b.client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "r", Amount: price})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
