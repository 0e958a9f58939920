package razorpaytest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
)

// press is what checkout.js sends for a button.
func press(t *testing.T, window http.Handler, key, orderID, do string) (int, document) {
	t.Helper()
	form := url.Values{"key": {key}, "order_id": {orderID}, "do": {do}}
	r := httptest.NewRequest(http.MethodPost, "/attempt", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	window.ServeHTTP(w, r)
	var d document
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return w.Code, d
}

func TestWindow(t *testing.T) {
	a := open(t, func(c *razorpaytest.Config) { c.AutoCapture = true })
	window := a.Window(time.Hour)
	id := a.order(sale)
	for _, wrong := range [][3]string{{"rzp_test_other", id, "pay"}, {keyID, "order_00000000000000", "pay"}, {keyID, id, "steal"}} {
		if status, d := press(t, window, wrong[0], wrong[1], wrong[2]); status < 400 || d["error"] == nil {
			t.Errorf("%v: HTTP %d %v", wrong, status, d)
		}
	}
	for _, do := range []string{"fail", "late"} {
		status, d := press(t, window, keyID, id, do)
		e, _ := d["error"].(map[string]any)
		if status != 400 || e["reason"] != "payment_failed" || e["metadata"].(map[string]any)["order_id"] != id {
			t.Errorf("%s: HTTP %d %v", do, status, d)
		}
	}
	status, d := press(t, window, keyID, id, "pay")
	if paid, ok := d["razorpay_payment_id"].(string); status != 200 || !ok || d["razorpay_signature"] != a.Sign(id+"|"+paid) {
		t.Errorf("HTTP %d %v", status, d)
	}
	if status, _ := press(t, window, keyID, id, "pay"); status != 400 {
		t.Errorf("paid again: HTTP %d", status)
	}
	if told := a.Payments(id); len(told) != 3 || !told[2].Captured {
		t.Errorf("%+v", told)
	}
}

func TestTheScriptIsServed(t *testing.T) {
	w := httptest.NewRecorder()
	open(t).Window(0).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/checkout.js", nil))
	if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Type"), "javascript") || !strings.Contains(w.Body.String(), "window.Razorpay") {
		t.Errorf("HTTP %d", w.Code)
	}
}
