// Package rivals_test measures Ankkor against libraries that do the same thing.
package rivals_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"github.com/razorpay/razorpay-go/utils" //nolint:depguard // the rival itself

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/payment"
)

const (
	keySecret = "EnLs21M47BllR3X8PSFtjtbd"
	orderID   = "order_IEIaMR65cu6nz3"
	paymentID = "pay_IH4NVgf4Dreq1l"
)

func sign(message string) string {
	mac := hmac.New(sha256.New, []byte(keySecret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func newClient(t testing.TB) *razorpay.Client {
	t.Helper()
	c, err := razorpay.New(razorpay.Config{KeyID: "rzp_test_1DP5mmOlF5G5ag", KeySecret: payment.NewSecret(keySecret)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func theirs(order, pay, signature string) bool {
	return utils.VerifyPaymentSignature(map[string]any{
		"razorpay_order_id": order, "razorpay_payment_id": pay,
	}, signature, keySecret)
}

// TestWhatRazorpayGoAccepts is why the verifier is our own: signatures of other products pass for a payment of an order.
func TestWhatRazorpayGoAccepts(t *testing.T) {
	c := newClient(t)
	for name, ids := range map[string][2]string{
		"a payment link's": {"plink_IH3cNucfVEgV68|TSsd1989|paid", "pay_IH3d0ara9bSsjQ"},
		"a subscription's": {"pay_IDZNwZZFtnjyym", "sub_ID6MOhgkcoHj9I"},
	} {
		signature := sign(ids[0] + "|" + ids[1])
		if !theirs(ids[0], ids[1], signature) {
			t.Errorf("razorpay-go refuses %s signature by now: say so where we claim otherwise", name)
		}
		if c.VerifyPayment(ids[0], payment.Callback{OrderID: ids[0], PaymentID: ids[1], Signature: signature}) == nil {
			t.Errorf("%s signature passes for a payment", name)
		}
	}
}

// BenchmarkVerify checks callbacks, ours and theirs by turns of a hundred, and reports the median of how many times as
// fast ours are. Ours also look at the ids and compare in constant time.
func BenchmarkVerify(b *testing.B) {
	const turn = 100
	c, signature := newClient(b), sign(orderID+"|"+paymentID)
	callback := payment.Callback{OrderID: orderID, PaymentID: paymentID, Signature: signature}
	var ratios []float64
	for b.Loop() {
		start := time.Now()
		for range turn {
			if err := c.VerifyPayment(orderID, callback); err != nil {
				b.Fatal(err)
			}
		}
		ours := time.Since(start)
		start = time.Now()
		for range turn {
			if !theirs(orderID, paymentID, signature) {
				b.Fatal("wrong signature")
			}
		}
		ratios = append(ratios, float64(time.Since(start))/float64(ours))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ours/rival")
	b.ReportMetric(0, "ns/op")
}
