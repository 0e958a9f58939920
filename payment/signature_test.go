package payment_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/payment"
)

// The example of the signature documentation of Razorpay's SDKs; any HMAC tool gives the same.
const (
	keySecret = "EnLs21M47BllR3X8PSFtjtbd"
	orderID   = "order_IEIaMR65cu6nz3"
	paymentID = "pay_IH4NVgf4Dreq1l"
	signature = "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f"
)

func callback() payment.Callback {
	return payment.Callback{OrderID: orderID, PaymentID: paymentID, Signature: signature}
}

func newVerifier(t testing.TB, secrets ...string) *payment.SignatureVerifier {
	t.Helper()
	var hidden []payment.Secret
	for _, s := range secrets {
		hidden = append(hidden, payment.NewSecret(s))
	}
	v, err := payment.NewSignatureVerifier(hidden...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSignerAgreesWithRazorpay(t *testing.T) {
	s, err := payment.NewSigner(payment.NewSecret(keySecret))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time the hash is a used one
		if got := s.Sign(orderID, paymentID); got != signature {
			t.Errorf("Sign = %s, want %s", got, signature)
		}
	}
}

func TestVerifyPaymentAccepts(t *testing.T) {
	tests := map[string][]string{
		"the secret":                    {keySecret},
		"the old secret while rotating": {"another secret of 24 byt", keySecret},
		"the new secret while rotating": {keySecret, "another secret of 24 byt"},
	}
	for name, secrets := range tests {
		v := newVerifier(t, secrets...)
		for range 2 {
			if err := v.VerifyPayment(orderID, callback()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// sign is the plain HMAC of any message, for signatures that Razorpay gives for other things.
func sign(message string) string {
	mac := hmac.New(sha256.New, []byte(keySecret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestVerifyPaymentRefuses(t *testing.T) {
	longID := strings.Repeat("A", 100)
	tests := []struct {
		name     string
		stored   string // orderID when empty
		change   func(c *payment.Callback)
		mismatch bool
	}{
		{name: "one bit off", change: func(c *payment.Callback) { c.Signature = "1" + signature[1:] }},
		{name: "last bit off", change: func(c *payment.Callback) { c.Signature = signature[:63] + "e" }},
		{name: "63 characters", change: func(c *payment.Callback) { c.Signature = signature[:63] }},
		{name: "65 characters", change: func(c *payment.Callback) { c.Signature += "0" }},
		{name: "not hex", change: func(c *payment.Callback) { c.Signature = strings.Repeat("z", 64) }},
		{name: "capitals", change: func(c *payment.Callback) { c.Signature = strings.ToUpper(signature) }},
		{name: "no signature", change: func(c *payment.Callback) { c.Signature = "" }},
		{name: "a megabyte of signature", change: func(c *payment.Callback) { c.Signature = strings.Repeat("0", 1<<20) }},
		{name: "signed with another secret", change: func(c *payment.Callback) {
			mac := hmac.New(sha256.New, []byte("another secret of 24 byt"))
			mac.Write([]byte(orderID + "|" + paymentID))
			c.Signature = hex.EncodeToString(mac.Sum(nil))
		}},
		{name: "signed with an empty secret", change: func(c *payment.Callback) {
			mac := hmac.New(sha256.New, nil)
			mac.Write([]byte(orderID + "|" + paymentID))
			c.Signature = hex.EncodeToString(mac.Sum(nil))
		}},
		{name: "another payment", change: func(c *payment.Callback) { c.PaymentID = "pay_IH4NVgf4Dreq1m" }},
		{name: "another order's signature, our order's id", change: func(c *payment.Callback) {
			c.Signature = sign("order_CHEAPCHEAPCHEA|" + paymentID)
		}},
		{name: "a whole triple of another order", mismatch: true, change: func(c *payment.Callback) {
			c.OrderID = "order_CHEAPCHEAPCHEA"
			c.Signature = sign(c.OrderID + "|" + paymentID)
		}},
		{name: "our signature, another order's id", mismatch: true, change: func(c *payment.Callback) {
			c.OrderID = "order_CHEAPCHEAPCHEA"
		}},
		{name: "no order id", change: func(c *payment.Callback) { c.OrderID = "" }},
		{name: "no payment id", change: func(c *payment.Callback) { c.PaymentID = ""; c.Signature = sign(orderID + "|") }},
		{name: "payment and order swapped", change: func(c *payment.Callback) {
			c.OrderID, c.PaymentID = paymentID, orderID
			c.Signature = sign(paymentID + "|" + orderID)
		}},
		{name: "a short payment id", change: func(c *payment.Callback) {
			c.PaymentID = "pay_IH4NVgf4Dreq1"
			c.Signature = sign(orderID + "|" + c.PaymentID)
		}},
		{name: "an endless payment id", change: func(c *payment.Callback) {
			c.PaymentID = "pay_" + longID
			c.Signature = sign(orderID + "|" + c.PaymentID)
		}},
		{name: "a line feed after the payment id", change: func(c *payment.Callback) {
			c.PaymentID = paymentID + "\n"
			c.Signature = sign(orderID + "|" + c.PaymentID)
		}},
		{name: "a delimiter in the payment id", change: func(c *payment.Callback) {
			c.PaymentID = "pay_IH4NVgf4Dreq1l|x"
			c.Signature = sign(orderID + "|" + c.PaymentID)
		}},
		{
			name: "a payment link's signature", stored: "plink_IH3cNucfVEgV68|TSsd1989|paid",
			change: func(c *payment.Callback) {
				c.OrderID = "plink_IH3cNucfVEgV68|TSsd1989|paid"
				c.PaymentID = "pay_IH3d0ara9bSsjQ"
				c.Signature = "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b"
			},
		},
		{
			name: "a subscription's signature", stored: "pay_IDZNwZZFtnjyym",
			change: func(c *payment.Callback) {
				c.OrderID = "pay_IDZNwZZFtnjyym"
				c.PaymentID = "sub_ID6MOhgkcoHj9I"
				c.Signature = "601f383334975c714c91a7d97dd723eb56520318355863dcf3821c0d07a17693"
			},
		},
		{
			name: "an empty stored order", stored: " ",
			change: func(c *payment.Callback) { c.OrderID = " "; c.Signature = sign(" |" + paymentID) },
		},
	}
	v := newVerifier(t, keySecret)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := callback()
			test.change(&c)
			stored := test.stored
			if stored == "" {
				stored = orderID
			}
			err := v.VerifyPayment(stored, c)
			if !errors.Is(err, payment.ErrSignature) {
				t.Fatalf("VerifyPayment = %v, want ErrSignature", err)
			}
			if errors.Is(err, payment.ErrOrderMismatch) != test.mismatch {
				t.Errorf("ErrOrderMismatch is %v, want %v", !test.mismatch, test.mismatch)
			}
			if err.Error() != payment.ErrSignature.Error() {
				t.Errorf("the text %q tells the cases apart", err)
			}
		})
	}
}

// The signatures in the table above are genuine for what they were made for: the table would prove nothing otherwise.
func TestForeignSignaturesAreGenuine(t *testing.T) {
	if got := sign("plink_IH3cNucfVEgV68|TSsd1989|paid|pay_IH3d0ara9bSsjQ"); got != "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b" {
		t.Errorf("payment link: %s", got)
	}
	if got := sign("pay_IDZNwZZFtnjyym|sub_ID6MOhgkcoHj9I"); got != "601f383334975c714c91a7d97dd723eb56520318355863dcf3821c0d07a17693" {
		t.Errorf("subscription: %s", got)
	}
	if got := sign(orderID + "|" + paymentID); got != signature {
		t.Errorf("order: %s", got)
	}
}

func TestWeakSecretsAreRefused(t *testing.T) {
	tests := map[string][]payment.Secret{
		"none":            nil,
		"empty":           {payment.NewSecret("")},
		"zero":            {{}},
		"short":           {payment.NewSecret("fifteen bytes !")},
		"one of two weak": {payment.NewSecret(keySecret), payment.NewSecret("")},
	}
	for name, secrets := range tests {
		v, err := payment.NewSignatureVerifier(secrets...)
		var invalid *payment.InvalidError
		if v != nil || !errors.As(err, &invalid) || invalid.Field != "secret" || !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s: %v, %v; want an InvalidError for the secret", name, v, err)
		}
		if err != nil && strings.Contains(err.Error(), "fifteen") {
			t.Errorf("%s: the error repeats the secret", name)
		}
	}
	if _, err := payment.NewSigner(payment.Secret{}); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("NewSigner with no secret: %v", err)
	}
	if _, err := payment.NewSigner(payment.NewSecret("sixteen bytes !!")); err != nil {
		t.Errorf("NewSigner with 16 bytes: %v", err)
	}
}

func TestVerifierDoesNotPrintItsSecret(t *testing.T) {
	v := newVerifier(t, keySecret)
	_ = v.VerifyPayment(orderID, callback()) // now there is a keyed hash in the pool
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, carrier := range []any{v, *v} {
			out := fmt.Sprintf(verb, carrier)
			if strings.Contains(out, keySecret) || strings.Contains(out, hex.EncodeToString([]byte(keySecret))) {
				t.Errorf("%s prints the secret", verb)
			}
		}
	}
}

func TestVerifyPaymentConcurrently(t *testing.T) {
	v := newVerifier(t, "another secret of 24 byt", keySecret)
	wrong := callback()
	wrong.Signature = sign("something else")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if err := v.VerifyPayment(orderID, callback()); err != nil {
					t.Error(err)
				}
				if err := v.VerifyPayment(orderID, wrong); err == nil {
					t.Error("a wrong signature passed")
				}
			}
		})
	}
	wg.Wait()
}

func TestVerifyPaymentDoesNotAllocate(t *testing.T) {
	if testing.CoverMode() != "" || raceEnabled {
		t.Skip("instrumented code allocates")
	}
	v := newVerifier(t, keySecret)
	c := callback()
	wrong := callback()
	wrong.Signature = sign("something else")
	allocs := testing.AllocsPerRun(100, func() {
		_ = v.VerifyPayment(orderID, c)
		_ = v.VerifyPayment(orderID, wrong)
	})
	if allocs >= 1 {
		t.Errorf("%v allocations per call, want none", allocs)
	}
}

// What is too long is refused before it is copied anywhere.
func TestAnEndlessCallbackIsNotCopied(t *testing.T) {
	v := newVerifier(t, keySecret)
	long := strings.Repeat("0", 8<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_ = v.VerifyPayment(orderID, payment.Callback{OrderID: orderID, PaymentID: paymentID, Signature: long})
	_ = v.VerifyPayment(orderID, payment.Callback{OrderID: orderID, PaymentID: "pay_" + long, Signature: signature})
	runtime.ReadMemStats(&after)
	const own = 8<<20 + 64 // the second call's payment id, put together here
	if taken := after.TotalAlloc - before.TotalAlloc; taken > own+1<<20 {
		t.Errorf("two endless callbacks take %d bytes", taken)
	}
}

// FuzzVerifyPayment looks for a callback that passes without being exactly the one that was signed.
func FuzzVerifyPayment(f *testing.F) {
	f.Add(orderID, orderID, paymentID, signature)
	f.Add(orderID, "order_CHEAPCHEAPCHEA", paymentID, signature)
	f.Add("plink_IH3cNucfVEgV68|TSsd1989|paid", "plink_IH3cNucfVEgV68|TSsd1989|paid", "pay_IH3d0ara9bSsjQ", sign("x"))
	f.Add("", "", "", "")
	f.Add("order_\x00\xff", "order_", "pay_", strings.Repeat("g", 64))
	v := newVerifier(f, keySecret)
	f.Fuzz(func(t *testing.T, stored, order, pay, sig string) {
		err := v.VerifyPayment(stored, payment.Callback{OrderID: order, PaymentID: pay, Signature: sig})
		if err != nil {
			if err.Error() != payment.ErrSignature.Error() {
				t.Errorf("the error %q is not like the others", err)
			}
			return
		}
		if stored != order || sig != sign(stored+"|"+pay) || strings.Count(stored+pay, "|") != 0 {
			t.Errorf("accepted %q %q %q %q", stored, order, pay, sig)
		}
	})
}

func BenchmarkVerifyPayment(b *testing.B) {
	c := callback()
	b.Run("verifier", func(b *testing.B) {
		v := newVerifier(b, keySecret)
		b.ReportAllocs()
		for b.Loop() {
			if err := v.VerifyPayment(orderID, c); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain hmac", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mac := hmac.New(sha256.New, []byte(keySecret))
			mac.Write([]byte(orderID + "|" + c.PaymentID))
			want := hex.EncodeToString(mac.Sum(nil))
			if !hmac.Equal([]byte(want), []byte(c.Signature)) {
				b.Fatal("wrong signature")
			}
		}
	})
}
