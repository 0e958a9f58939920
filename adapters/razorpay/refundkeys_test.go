package razorpay_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// keeper answers that every payment is captured, loses every refund, and keeps its idempotency key.
type keeper struct{ keys []string }

func (k *keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, `{"id":"`+r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]+`","entity":"payment","amount":49900,`+
		`"currency":"INR","status":"captured","captured":true,"order_id":"order_IEIaMR65cu6nz3","amount_refunded":0,"created_at":1785585600}`
	if r.Method == http.MethodPost {
		k.keys = append(k.keys, r.Header.Get("X-Refund-Idempotency"))
		status, body = http.StatusInternalServerError, `{}`
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// TestRefundsCarryAKey: the same refund has the same key whenever it is sent, and no other has it. Razorpay's keys are one
// account's, ours are one payment's.
func TestRefundsCarryAKey(t *testing.T) {
	k := &keeper{}
	c := mustClient(t, razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: &http.Client{Transport: k}})
	for _, r := range []struct{ payment, key string }{
		{"pay_IH3d0ara9bSsjQ", "refund-key-1"}, {"pay_IH3d0ara9bSsjQ", "refund-key-1"},
		{"pay_IH3d0ara9bSsjQ", "refund-key-2"}, {"pay_IH3d0ara9bSsjR", "refund-key-1"},
	} {
		_, err := c.Refund(t.Context(), payment.RefundRequest{PaymentID: r.payment, Amount: pricing.Paise(100), Key: r.key})
		wantOutcome(t, err, payment.ErrUnknown)
	}
	if len(k.keys) != 4 || k.keys[0] != k.keys[1] || k.keys[0] == k.keys[2] || k.keys[0] == k.keys[3] || k.keys[2] == k.keys[3] {
		t.Errorf("keys %q", k.keys)
	}
	for _, key := range k.keys {
		if len(key) < 10 {
			t.Errorf("key %q is shorter than Razorpay takes", key)
		}
	}
}
