package razorpay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
)

const (
	hookSecret = "whsec_4f1c8b2a9d3e"
	oldSecret  = "whsec_before_that_1"
)

// captured is an event as Razorpay sends it, without what is not read.
const captured = `{"entity":"event","account_id":"acc_BFQ7uQEaa7j2z7","event":"payment.captured","contains":["payment"],` +
	`"payload":{"payment":{"entity":{"id":"pay_IH3d0ara9bSsjQ","entity":"payment","amount":49900,"currency":"INR",` +
	`"status":"captured","order_id":"order_IEIaMR65cu6nz3","notes":[]}}},"created_at":1785585600}`

func delivery(body, secret string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/webhooks/razorpay", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Razorpay-Signature", razorpaytest.SignWebhook(secret, []byte(body)))
	r.Header.Set("X-Razorpay-Event-Id", "EvtIH3d0ara9bS")
	return r
}

func newReceiver(t testing.TB, box inbox.Inbox, secrets ...string) *razorpay.Receiver {
	t.Helper()
	c := razorpay.ReceiverConfig{Inbox: box, Log: slog.New(slog.DiscardHandler)}
	for _, s := range secrets {
		c.Secrets = append(c.Secrets, payment.NewSecret(s))
	}
	r, err := razorpay.NewReceiver(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func serve(h http.Handler, r *http.Request) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// stored is what waits in an inbox.
func stored(t testing.TB, box inbox.Inbox) []inbox.Claim {
	t.Helper()
	claims, err := box.Claim(context.Background(), razorpay.Source, 1000, 1e9)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestReceiver(t *testing.T) {
	with := func(change func(*http.Request)) func() *http.Request {
		return func() *http.Request {
			r := delivery(captured, hookSecret)
			change(r)
			return r
		}
	}
	sign := func(signature string) func() *http.Request {
		return with(func(r *http.Request) { r.Header.Set("X-Razorpay-Signature", signature) })
	}
	right := razorpaytest.SignWebhook(hookSecret, []byte(captured))
	tests := map[string]struct {
		request func() *http.Request
		want    int
	}{
		"genuine":                 {with(func(*http.Request) {}), 200},
		"charset":                 {with(func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }), 200},
		"unknown length":          {with(func(r *http.Request) { r.ContentLength = -1 }), 200},
		"old secret":              {func() *http.Request { return delivery(captured, oldSecret) }, 200},
		"no event id":             {with(func(r *http.Request) { r.Header.Del("X-Razorpay-Event-Id") }), 200},
		"signed with the key":     {func() *http.Request { return delivery(captured, keySecret) }, 401},
		"no signature":            {with(func(r *http.Request) { r.Header.Del("X-Razorpay-Signature") }), 401},
		"two signatures":          {with(func(r *http.Request) { r.Header.Add("X-Razorpay-Signature", right) }), 401},
		"empty signature":         {sign(""), 401},
		"short signature":         {sign(right[:63]), 401},
		"long signature":          {sign(right + "0"), 401},
		"no hex":                  {sign(strings.Repeat("z", 64)), 401},
		"a megabyte of signature": {sign(strings.Repeat("0", 1<<20)), 401},
		"a bit of the signature":  {sign(flip(right)), 401},
		"a byte of the body": {func() *http.Request {
			r := delivery(captured, hookSecret)
			r.Body = body(strings.Replace(captured, "49900", "49901", 1))
			return r
		}, 401},
		"GET":      {with(func(r *http.Request) { r.Method = http.MethodGet }), 405},
		"form":     {with(func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }), 415},
		"no type":  {with(func(r *http.Request) { r.Header.Del("Content-Type") }), 415},
		"gzip":     {with(func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }), 415},
		"too long": {func() *http.Request { return delivery(strings.Repeat(" ", 5<<20), hookSecret) }, 413},
		"too long, length unknown": {func() *http.Request {
			r := delivery(strings.Repeat(" ", 5<<20), hookSecret)
			r.ContentLength = -1
			return r
		}, 413},
		"broken off": {with(func(r *http.Request) { r.ContentLength++ }), 400},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			box := memstore.NewInbox(nil)
			if got := serve(newReceiver(t, box, hookSecret, oldSecret), tt.request()); got != tt.want {
				t.Errorf("HTTP %d, want %d", got, tt.want)
			}
			if n := len(stored(t, box)); (n == 1) != (tt.want == 200) {
				t.Errorf("%d messages stored", n)
			}
		})
	}
}

func body(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

func flip(signature string) string {
	last := byte('0')
	if signature[63] == '0' {
		last = '1'
	}
	return signature[:63] + string(last)
}

// TestTheOldSecretEnds: after the rotation only the new one counts.
func TestTheOldSecretEnds(t *testing.T) {
	if got := serve(newReceiver(t, memstore.NewInbox(nil), hookSecret), delivery(captured, oldSecret)); got != http.StatusUnauthorized {
		t.Errorf("HTTP %d", got)
	}
}

// TestEventsAreKnownByWhatIsSigned: the id beside an event is anybody's to change.
func TestEventsAreKnownByWhatIsSigned(t *testing.T) {
	box := memstore.NewInbox(nil)
	r := newReceiver(t, box, hookSecret, oldSecret)
	other := strings.Replace(captured, "1785585600", "1785585601", 1)
	for i, send := range []struct{ body, secret, id string }{
		{captured, hookSecret, "EvtA"}, {captured, hookSecret, "EvtB"}, {captured, oldSecret, "EvtA"}, {other, hookSecret, "EvtA"},
	} {
		req := delivery(send.body, send.secret)
		req.Header.Set("X-Razorpay-Event-Id", send.id)
		if got := serve(r, req); got != http.StatusOK {
			t.Errorf("delivery %d: HTTP %d", i, got)
		}
	}
	claims := stored(t, box)
	bodies := map[string]bool{}
	for _, c := range claims {
		bodies[string(c.Body)] = true
	}
	if len(claims) != 2 || claims[0].Topic != "payment.captured" || !bodies[captured] || !bodies[other] {
		t.Errorf("%d messages: %v", len(claims), claims)
	}
}

// failing is an inbox that is away.
type failing struct{ inbox.Inbox }

func (failing) Put(context.Context, inbox.Message) (bool, error) {
	return false, errors.New("disk full")
}

// TestNothingIsAcknowledgedBeforeItIsStored: Razorpay sends it again.
func TestNothingIsAcknowledgedBeforeItIsStored(t *testing.T) {
	if got := serve(newReceiver(t, failing{memstore.NewInbox(nil)}, hookSecret), delivery(captured, hookSecret)); got != http.StatusServiceUnavailable {
		t.Errorf("HTTP %d", got)
	}
}

// patient is an inbox that waits until it is told to stop, and notes that it was.
type patient struct{ inbox.Inbox }

func (patient) Put(ctx context.Context, _ inbox.Message) (bool, error) {
	if _, ok := ctx.Deadline(); !ok {
		return false, errors.New("no end")
	}
	return true, nil
}

// TestStoringHasAnEnd: an answer after five seconds is none.
func TestStoringHasAnEnd(t *testing.T) {
	if got := serve(newReceiver(t, patient{memstore.NewInbox(nil)}, hookSecret), delivery(captured, hookSecret)); got != http.StatusOK {
		t.Errorf("HTTP %d", got)
	}
}

func TestNewReceiverReportsEveryMistake(t *testing.T) {
	_, err := razorpay.NewReceiver(razorpay.ReceiverConfig{Secrets: []payment.Secret{{}, payment.NewSecret("tooshort"), {}}, MaxBody: -1})
	for _, want := range []string{"Secrets must", "Secrets[0]", "Secrets[1]", "Inbox", "MaxBody"} {
		if !errors.Is(err, razorpay.ErrConfig) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "tooshort") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestABurst has ten thousand deliveries of a hundred events come at once, four at a time.
func TestABurst(t *testing.T) {
	box := memstore.NewInbox(nil)
	r := newReceiver(t, box, hookSecret)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 2500 {
				event := strings.Replace(captured, "1785585600", fmt.Sprint(1785585600+i%100), 1)
				if got := serve(r, delivery(event, hookSecret)); got != http.StatusOK {
					t.Errorf("HTTP %d", got)
				}
			}
		})
	}
	wg.Wait()
	if n := len(stored(t, box)); n != 100 {
		t.Errorf("%d messages", n)
	}
}

func TestEventOf(t *testing.T) {
	event := func(name, payload string) string {
		return `{"entity":"event","event":"` + name + `","payload":` + payload + `}`
	}
	const pay = `"payment":{"entity":{"id":"pay_IH3d0ara9bSsjQ","order_id":"order_IEIaMR65cu6nz3"}}`
	tests := map[string]struct {
		body string
		want razorpay.Event
		err  error
	}{
		"captured": {captured, razorpay.Event{Name: "payment.captured", OrderID: "order_IEIaMR65cu6nz3", PaymentID: "pay_IH3d0ara9bSsjQ"}, nil},
		"order paid": {event("order.paid", `{`+pay+`,"order":{"entity":{"id":"order_IEIaMR65cu6nz3"}}}`),
			razorpay.Event{Name: "order.paid", OrderID: "order_IEIaMR65cu6nz3", PaymentID: "pay_IH3d0ara9bSsjQ"}, nil},
		"refund": {event("refund.processed", `{`+pay+`,"refund":{"entity":{"id":"rfnd_IH3d0ara9bSsjQ","payment_id":"pay_IH3d0ara9bSsjQ"}}}`),
			razorpay.Event{Name: "refund.processed", OrderID: "order_IEIaMR65cu6nz3", PaymentID: "pay_IH3d0ara9bSsjQ", RefundID: "rfnd_IH3d0ara9bSsjQ"}, nil},
		"dispute": {event("payment.dispute.created", `{`+pay+`,"dispute":{"entity":{"id":"disp_IH3d0ara9bSsjQ"}}}`),
			razorpay.Event{Name: "payment.dispute.created", OrderID: "order_IEIaMR65cu6nz3", PaymentID: "pay_IH3d0ara9bSsjQ", DisputeID: "disp_IH3d0ara9bSsjQ"}, nil},
		"without an order": {event("payment.captured", `{"payment":{"entity":{"id":"pay_IH3d0ara9bSsjQ","order_id":null}}}`),
			razorpay.Event{Name: "payment.captured", PaymentID: "pay_IH3d0ara9bSsjQ"}, nil},
		"unknown kind":     {event("settlement.processed", `{"settlement":{"entity":{"id":"setl_1"}}}`), razorpay.Event{Name: "settlement.processed"}, nil},
		"downtime":         {event("payment.downtime.started", `[]`), razorpay.Event{Name: "payment.downtime.started"}, nil},
		"no payment":       {event("payment.captured", `{}`), razorpay.Event{}, razorpay.ErrEvent},
		"null payment":     {event("payment.captured", `{"payment":null}`), razorpay.Event{}, razorpay.ErrEvent},
		"empty payload":    {event("refund.created", `[]`), razorpay.Event{}, razorpay.ErrEvent},
		"two orders":       {event("order.paid", `{`+pay+`,"order":{"entity":{"id":"order_00000000000000"}}}`), razorpay.Event{}, razorpay.ErrEvent},
		"a path for an id": {event("payment.captured", `{"payment":{"entity":{"id":"pay_IH3d0ara9bSsjQ","order_id":"order_/../../../../x"}}}`), razorpay.Event{}, razorpay.ErrEvent},
		"a number":         {`7`, razorpay.Event{}, razorpay.ErrEvent},
		"half":             {captured[:100], razorpay.Event{}, razorpay.ErrEvent},
		"nothing":          {``, razorpay.Event{}, razorpay.ErrEvent},
		"no name":          {`{"entity":"event"}`, razorpay.Event{}, razorpay.ErrEvent},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := razorpay.EventOf(inbox.Message{Body: []byte(tt.body)})
			if !errors.Is(err, tt.err) || tt.err == nil && got != tt.want {
				t.Errorf("%+v, %v; want %+v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// looker notes which orders it was told to look at.
type looker struct {
	err  error
	seen []string
}

func (l *looker) RecheckGatewayOrder(_ context.Context, orderID string) (checkout.Record, error) {
	l.seen = append(l.seen, orderID)
	return checkout.Record{}, l.err
}

func TestDispatch(t *testing.T) {
	ours := "order_IEIaMR65cu6nz3"
	amountless := strings.NewReplacer(`49900`, `"a lot"`).Replace(captured) // no amount of an event is read
	tests := map[string]struct {
		events  []string
		err     error
		looked  int
		retried bool
		dead    int
	}{
		"an event":                    {[]string{captured}, nil, 1, false, 0},
		"two of an order":             {[]string{captured, strings.Replace(captured, "captured", "authorized", 1)}, nil, 1, false, 0},
		"an amount that is none":      {[]string{amountless}, nil, 1, false, 0},
		"another shop's order":        {[]string{captured}, checkout.ErrNotFound, 1, false, 0},
		"the gateway is away":         {[]string{captured}, payment.ErrUnavailable, 1, true, 0},
		"of nothing of ours":          {[]string{`{"entity":"event","event":"settlement.processed"}`}, nil, 0, false, 0},
		"no event":                    {[]string{`{}`}, nil, 0, false, 1},
		"a payment without a payment": {[]string{`{"entity":"event","event":"payment.failed","payload":{}}`}, nil, 0, false, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			clk := newClock()
			box := memstore.NewInbox(clk.Now)
			r := newReceiver(t, box, hookSecret)
			for _, e := range tt.events {
				if got := serve(r, delivery(e, hookSecret)); got != http.StatusOK {
					t.Fatalf("HTTP %d", got)
				}
			}
			look := &looker{err: tt.err}
			d, err := razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: box, Log: slog.New(slog.DiscardHandler)}, razorpay.Recheck(look))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Dispatch(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(look.seen) != tt.looked || tt.looked > 0 && look.seen[0] != ours {
				t.Errorf("looked at %v", look.seen)
			}
			clk.pass(1e10)
			if n := len(stored(t, box)); (n > 0) != tt.retried {
				t.Errorf("%d wait", n)
			}
			if dead, err := box.Dead(t.Context(), razorpay.Source, 10); err != nil || len(dead) != tt.dead {
				t.Errorf("%d dead, %v", len(dead), err)
			}
		})
	}
	if _, err := razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: memstore.NewInbox(nil)}, nil); !errors.Is(err, inbox.ErrInvalid) {
		t.Error(err)
	}
}

// FuzzReceiver: whatever is signed is stored and acknowledged, and reading it later never panics.
func FuzzReceiver(f *testing.F) {
	for _, seed := range []string{captured, "", "{}", "[]", `{"entity":"event","event":"\u0000","payload":{"payment":{"entity":[]}}}`, strings.Repeat("[", 10000)} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, event []byte, genuine bool) {
		box := memstore.NewInbox(nil)
		secret, want := hookSecret, http.StatusOK
		if !genuine {
			secret, want = oldSecret, http.StatusUnauthorized
		}
		if got := serve(newReceiver(t, box, hookSecret), delivery(string(event), secret)); got != want {
			t.Fatalf("HTTP %d, want %d", got, want)
		}
		for _, claim := range stored(t, box) {
			if e, err := razorpay.EventOf(claim.Message); err == nil && e.Name == "" {
				t.Error("an event without a name")
			}
			if !bytes.Equal(claim.Body, event) {
				t.Error("another body was stored")
			}
		}
	})
}
