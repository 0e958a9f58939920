package webhook_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/woo/webhook"
)

// FuzzReceiver: nothing but what is signed with the secret, and pings, is
// answered 200, whatever the headers say; and nothing panics.
func FuzzReceiver(f *testing.F) {
	f.Add("POST", "application/json", "product.updated", sign(secret, product), []byte(product))
	f.Add("POST", "application/x-www-form-urlencoded", "", "", []byte("webhook_id=1"))
	f.Add("POST", "application/json", "order.created", sign(another, product), []byte(product))
	f.Add("GET", "", "", "====", []byte{0xff})
	f.Fuzz(func(t *testing.T, method, kind, topic, signature string, body []byte) {
		r, box := newReceiver(t)
		req := (&http.Request{Method: method, Header: http.Header{}, ContentLength: int64(len(body))}).WithContext(t.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
		req.Header.Set("Content-Type", kind)
		req.Header["X-Wc-Webhook-Topic"], req.Header["X-Wc-Webhook-Signature"] = []string{topic}, []string{signature}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		signed := signature == sign(secret, string(body))
		claims := stored(t, box)
		if len(claims) > 0 && (!signed || method != http.MethodPost) {
			t.Errorf("stored what nobody signed: %v", claims[0].Message)
		}
		for _, c := range claims {
			if !bytes.Equal(c.Body, body) {
				t.Errorf("stored %q, was sent %q", c.Body, body)
			}
			if change, err := webhook.ChangeOf(c.Message); err == nil && change.ID <= 0 {
				t.Errorf("a change without an id: %v", change)
			}
		}
	})
}

// FuzzChangeOf: whatever a signed body holds, it names one thing or is an error.
func FuzzChangeOf(f *testing.F) {
	f.Add("product.updated", []byte(product))
	f.Add("order.updated", []byte(`{"id":"12"}`))
	f.Add("coupon.deleted", []byte(`{"id":1e3,"code":"x"}`))
	f.Fuzz(func(t *testing.T, topic string, body []byte) {
		c, err := webhook.ChangeOf(inbox.Message{Topic: topic, Body: body})
		if err == nil && (c.ID <= 0 || c.Resource == "") {
			t.Errorf("%q of %q is %v", body, topic, c)
		}
	})
}
