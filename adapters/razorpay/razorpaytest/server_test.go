package razorpaytest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
)

const (
	keyID     = "rzp_test_1DP5mmOlF5G5ag"
	keySecret = "EnLs21M47BllR3X8PSFtjtbd"
	sale      = `{"amount":49900,"currency":"INR","receipt":"r-1"}`
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// account is a Razorpay with a hand on its clock, called as curl would.
type account struct {
	*razorpaytest.Server
	t   *testing.T
	mu  sync.Mutex
	now time.Time
}

func open(t *testing.T, change ...func(*razorpaytest.Config)) *account {
	t.Helper()
	a := &account{t: t, now: noon}
	c := razorpaytest.Config{KeyID: keyID, KeySecret: keySecret, Now: a.clock}
	for _, f := range change {
		f(&c)
	}
	var err error
	if a.Server, err = razorpaytest.New(c); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *account) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

func (a *account) pass(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

type document map[string]any

// call sends one request and reads the answer.
func (a *account) call(method, path, body string, headers ...string) (int, document) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, "https://api.razorpay.com/v1"+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	r.SetBasicAuth(keyID, keySecret)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := a.Client().Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	var d document
	decoder := json.NewDecoder(bytes.NewReader(read))
	decoder.UseNumber()
	if err := decoder.Decode(&d); err != nil {
		a.t.Fatalf("%s %s: %q: %v", method, path, read, err)
	}
	return answer.StatusCode, d
}

// order makes one and returns its id.
func (a *account) order(body string) string {
	a.t.Helper()
	status, d := a.call("POST", "/orders", body)
	if status != http.StatusOK {
		a.t.Fatalf("HTTP %d: %v", status, d)
	}
	return d["id"].(string)
}

func (a *account) pay(orderID string, at razorpaytest.Attempt) string {
	a.t.Helper()
	c, err := a.Attempt(orderID, at)
	if c.PaymentID == "" {
		a.t.Fatal(err)
	}
	return c.PaymentID
}

// field is a value of an entity, as text.
func (a *account) field(path, name string) string {
	a.t.Helper()
	status, d := a.call("GET", path, "")
	if status != http.StatusOK {
		a.t.Fatalf("HTTP %d: %v", status, d)
	}
	encoded, err := json.Marshal(d[name])
	if err != nil {
		a.t.Fatal(err)
	}
	return strings.Trim(string(encoded), `"`)
}

// want fails unless the answer is a refusal in Razorpay's envelope.
func (a *account) refuses(status int, method, path, body string, headers ...string) document {
	a.t.Helper()
	got, d := a.call(method, path, body, headers...)
	e, ok := d["error"].(map[string]any)
	if got != status || !ok || e["code"] != "BAD_REQUEST_ERROR" || e["description"] == "" || e["metadata"] == nil {
		a.t.Errorf("%s %s %s: HTTP %d %v, want %d and an error", method, path, body, got, d, status)
	}
	return e
}

func TestAnOrder(t *testing.T) {
	a := open(t)
	status, d := a.call("POST", "/orders", sale)
	encoded, err := json.Marshal(d)
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	want := regexp.MustCompile(`^\{"amount":49900,"amount_due":49900,"amount_paid":0,"attempts":0,"created_at":1785585600,"currency":"INR","entity":"order",` +
		`"id":"order_[0-9A-Za-z]{14}","notes":\[\],"offer_id":null,"receipt":"r-1","status":"created"\}$`)
	if !want.Match(encoded) {
		t.Errorf("%s", encoded)
	}
	_, d = a.call("POST", "/orders", `{"amount":49900,"currency":"INR","notes":{"a":"b"}}`)
	if d["receipt"] != nil || d["notes"].(map[string]any)["a"] != "b" {
		t.Errorf("%v", d)
	}
}

func TestOrdersThatAreRefused(t *testing.T) {
	a := open(t)
	for field, bodies := range map[string][]string{
		"amount":   {`{"currency":"INR"}`, `{"amount":99,"currency":"INR"}`, `{"amount":499.5,"currency":"INR"}`, `{"amount":"49900","currency":"INR"}`, `{"amount":-1,"currency":"USD"}`},
		"currency": {`{"amount":49900}`},
		"receipt":  {`{"amount":49900,"currency":"INR","receipt":"` + strings.Repeat("r", 41) + `"}`},
		"notes":    {`{"amount":49900,"currency":"INR","notes":{"n":"` + strings.Repeat("n", 257) + `"}}`, `{"amount":49900,"currency":"INR","notes":7}`},
		"colour":   {`{"amount":49900,"currency":"INR","colour":"red"}`},
	} {
		for _, body := range bodies {
			if e := a.refuses(400, "POST", "/orders", body); e["field"] != field {
				t.Errorf("%s is about %v, want %s", body, e["field"], field)
			}
		}
	}
	a.refuses(400, "POST", "/orders", `{`)
	a.refuses(400, "GET", "/orders/order_00000000000000", "")
	a.refuses(400, "GET", "/orders/order_00000000000000/payments", "")
	a.refuses(400, "GET", "/payments/pay_00000000000000", "")
	a.refuses(404, "GET", "/elsewhere", "")
	a.refuses(401, "GET", "/orders", "", "Authorization", "Basic eDp5")
	a.refuses(400, "GET", "/orders?count=101", "")
	a.refuses(400, "GET", "/orders?skip=-1", "")
}

// TestLists are newest first, ten at a time.
func TestLists(t *testing.T) {
	a := open(t)
	var ids []string
	for range 12 {
		ids = append(ids, a.order(sale)) // and the same receipt makes another order each time
	}
	a.order(`{"amount":49900,"currency":"INR","receipt":"r-10"}`)
	list := func(query string) []any {
		_, d := a.call("GET", "/orders?receipt=r-1"+query, "")
		items := d["items"].([]any)
		if d["entity"] != "collection" || d["count"] != json.Number(itoa(len(items))) {
			t.Errorf("%v", d)
		}
		return items
	}
	if items := list(""); len(items) != 10 || items[0].(map[string]any)["id"] != ids[11] {
		t.Errorf("%d items", len(items))
	}
	if items := list("&count=100&skip=10"); len(items) != 2 || items[1].(map[string]any)["id"] != ids[0] {
		t.Errorf("%d items", len(items))
	}
	if items := list("&skip=100"); len(items) != 0 {
		t.Errorf("%d items", len(items))
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// TestAPaymentsLife: created, attempted, paid; failed, authorised, captured.
func TestAPaymentsLife(t *testing.T) {
	a := open(t)
	id := a.order(sale)
	failed := a.pay(id, razorpaytest.Attempt{Fails: true})
	if got := a.field("/orders/"+id, "status") + " " + a.field("/payments/"+failed, "status") + " " + a.field("/payments/"+failed, "error_reason"); got != "attempted failed payment_failed" {
		t.Error(got)
	}
	paid := a.pay(id, razorpaytest.Attempt{})
	if got := a.field("/orders/"+id, "status") + " " + a.field("/payments/"+paid, "status") + " " + a.field("/payments/"+paid, "fee"); got != "attempted authorized null" {
		t.Error(got)
	}
	if _, err := a.Pay(id); err != razorpaytest.ErrClosed {
		t.Errorf("a second payment while one is authorised: %v", err)
	}
	capture := "/payments/" + paid + "/capture"
	a.refuses(400, "POST", capture, `{"amount":49899,"currency":"INR"}`)
	a.refuses(400, "POST", capture, `{"amount":49900,"currency":"USD"}`)
	a.refuses(400, "POST", capture, `{"currency":"INR"}`)
	a.refuses(400, "POST", "/payments/"+failed+"/capture", `{"amount":49900,"currency":"INR"}`)
	if status, d := a.call("POST", capture, `{"amount":49900,"currency":"INR"}`); status != 200 || d["status"] != "captured" || d["captured"] != true || d["fee"] == nil {
		t.Errorf("HTTP %d %v", status, d)
	}
	a.refuses(400, "POST", capture, `{"amount":49900,"currency":"INR"}`)
	if got := a.field("/orders/"+id, "status") + a.field("/orders/"+id, "amount_due") + a.field("/orders/"+id, "attempts"); got != "paid02" {
		t.Error(got)
	}
}

// TestCaptureSettings: the order's own, in both spellings, before the account's.
func TestCaptureSettings(t *testing.T) {
	for _, tt := range []struct {
		account bool
		order   string
		want    string
	}{
		{false, ``, "authorized"}, {true, ``, "captured"},
		{false, `,"payment_capture":1`, "captured"}, {true, `,"payment_capture":false`, "authorized"},
		{false, `,"payment":{"capture":"automatic"}`, "captured"}, {true, `,"payment":{"capture":"manual"}`, "authorized"},
	} {
		a := open(t, func(c *razorpaytest.Config) { c.AutoCapture = tt.account })
		id := a.order(`{"amount":49900,"currency":"INR"` + tt.order + `}`)
		if got := a.field("/payments/"+a.pay(id, razorpaytest.Attempt{}), "status"); got != tt.want {
			t.Errorf("account %v, order %q: %s, want %s", tt.account, tt.order, got, tt.want)
		}
	}
}

// TestLateAuthorisation: failed is not final; on an order that was paid meanwhile the money goes back.
func TestLateAuthorisation(t *testing.T) {
	a := open(t)
	id := a.order(sale)
	first := a.pay(id, razorpaytest.Attempt{Fails: true, LateBy: time.Hour})
	a.pass(59 * time.Minute)
	if got := a.field("/payments/"+first, "status"); got != "failed" {
		t.Error(got)
	}
	a.pass(time.Minute)
	if got := a.field("/payments/"+first, "status") + a.field("/payments/"+first, "error_code"); got != "authorizednull" {
		t.Error(got)
	}
	other := a.order(sale)
	late := a.pay(other, razorpaytest.Attempt{Fails: true, LateBy: time.Hour})
	paid := a.pay(other, razorpaytest.Attempt{})
	if status, _ := a.call("POST", "/payments/"+paid+"/capture", `{"amount":49900,"currency":"INR"}`); status != 200 {
		t.Fatal(status)
	}
	a.pass(2 * time.Hour)
	if got := a.field("/payments/"+late, "status") + a.field("/payments/"+late, "captured"); got != "refundedfalse" {
		t.Error(got)
	}
}

// TestUncapturedGoesBack after five days, or what the order says.
func TestUncapturedGoesBack(t *testing.T) {
	a := open(t)
	short := a.order(`{"amount":49900,"currency":"INR","payment":{"capture":"manual","capture_options":{"manual_expiry_period":720}}}`)
	for id, after := range map[string]time.Duration{short: 12 * time.Hour, a.order(sale): 5 * 24 * time.Hour} {
		p := a.pay(id, razorpaytest.Attempt{})
		start := a.clock()
		a.pass(after - time.Second)
		if got := a.field("/payments/"+p, "status"); got != "authorized" {
			t.Error(got)
		}
		a.pass(time.Second)
		if got := a.field("/payments/"+p, "status"); got != "refunded" {
			t.Errorf("%s after %s", got, a.clock().Sub(start))
		}
		a.refuses(400, "POST", "/payments/"+p+"/capture", `{"amount":49900,"currency":"INR"}`)
	}
}

func TestRefunds(t *testing.T) {
	a := open(t, func(c *razorpaytest.Config) { c.AutoCapture = true })
	p := a.pay(a.order(sale), razorpaytest.Attempt{})
	path, key := "/payments/"+p+"/refund", "refund-key-1"
	status, first := a.call("POST", path, `{"amount":10000,"notes":{"a":"b"}}`, "X-Refund-Idempotency", key)
	if status != 200 || first["status"] != "processed" || first["payment_id"] != p {
		t.Fatalf("HTTP %d %v", status, first)
	}
	if _, again := a.call("POST", path, `{"amount":10000,"notes":{"a":"b"}}`, "X-Refund-Idempotency", key); again["id"] != first["id"] {
		t.Errorf("%v", again)
	}
	if got := a.field("/payments/"+p, "status") + a.field("/payments/"+p, "refund_status") + a.field("/payments/"+p, "amount_refunded"); got != "capturedpartial10000" {
		t.Error(got)
	}
	a.refuses(400, "POST", path, `{"amount":10001}`, "X-Refund-Idempotency", key)
	a.refuses(400, "POST", path, `{"amount":10001}`, "X-Refund-Idempotency", "short")
	a.refuses(400, "POST", path, `{"amount":39901}`)
	if status, rest := a.call("POST", path, `{}`); status != 200 || rest["amount"] != json.Number("39900") {
		t.Errorf("HTTP %d %v", status, rest)
	}
	if got := a.field("/payments/"+p, "status") + a.field("/payments/"+p, "refund_status") + a.field("/payments/"+p, "captured"); got != "refundedfulltrue" {
		t.Error(got)
	}
	a.refuses(400, "POST", path, `{}`)
	_, list := a.call("GET", "/payments/"+p+"/refunds", "")
	if list["count"] != json.Number("2") || a.field("/refunds/"+first["id"].(string), "amount") != "10000" {
		t.Errorf("%v", list)
	}
	authorized := a.pay(a.order(`{"amount":49900,"currency":"INR","payment_capture":0}`), razorpaytest.Attempt{})
	a.refuses(400, "POST", "/payments/"+authorized+"/refund", `{}`)
}

func TestFaultsFitTheirCalls(t *testing.T) {
	a := open(t)
	if n := len(razorpaytest.Kinds()); n < 25 {
		t.Errorf("%d kinds", n)
	}
	for _, f := range []razorpaytest.Fault{
		{Op: razorpaytest.OpPay, Kind: razorpaytest.LoseReply}, {Op: razorpaytest.OpCapture, Kind: razorpaytest.PayShort},
		{Op: razorpaytest.OpWebhook, Kind: razorpaytest.Hang}, {Op: "nothing", Kind: razorpaytest.Refuse}, {Op: razorpaytest.OpCapture, Kind: "nonsense"},
	} {
		if a.Plant(f) == nil {
			t.Errorf("%v was planted", f)
		}
	}
	for _, kind := range razorpaytest.Kinds() {
		fits := 0
		for _, op := range []razorpaytest.Op{razorpaytest.OpCreateOrder, razorpaytest.OpFindOrder, razorpaytest.OpPay, razorpaytest.OpWebhook} {
			if a.Plant(razorpaytest.Fault{Op: op, Kind: kind}) == nil {
				fits++
			}
		}
		if fits == 0 {
			t.Errorf("%s fits nowhere", kind)
		}
	}
}

// TestWhatTheCustomerMayDoWrong: amounts that Razorpay's window does not take, which the money still comes in.
func TestWhatTheCustomerMayDoWrong(t *testing.T) {
	for kind, want := range map[razorpaytest.Kind]string{
		razorpaytest.PayShort: "INR 49800 authorized", razorpaytest.PayOver: "INR 50000 authorized", razorpaytest.PayForeign: "USD 49900 authorized",
	} {
		a := open(t)
		if err := a.Plant(razorpaytest.Fault{Op: razorpaytest.OpPay, Kind: kind, By: 100}); err != nil {
			t.Fatal(err)
		}
		p := "/payments/" + a.pay(a.order(sale), razorpaytest.Attempt{})
		if got := a.field(p, "currency") + " " + a.field(p, "amount") + " " + a.field(p, "status"); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
	a := open(t, func(c *razorpaytest.Config) { c.AutoCapture = true })
	if err := a.Plant(razorpaytest.Fault{Op: razorpaytest.OpPay, Kind: razorpaytest.CaptureTwice}); err != nil {
		t.Fatal(err)
	}
	id := a.order(sale)
	a.pay(id, razorpaytest.Attempt{})
	if told := a.Payments(id); len(told) != 2 || !told[0].Captured || !told[1].Captured {
		t.Errorf("%+v", told)
	}
}
