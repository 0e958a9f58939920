package paymenttest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/payment"
)

func verifyPromises() []promise {
	const needs = needsCustomer | needsVerifier
	return []promise{
		{"a genuine callback is accepted", needs, genuineCallback},
		{"a callback proves its own order only", needs, callbackOfAnotherOrder},
		{"a callback proves its own payment only", needs, callbackOfAnotherPayment},
		{"an altered signature is refused", needs, alteredSignature},
		{"ids are checked by their shape before anything is hashed", needsVerifier | needsSign, idShapes},
		{"every refusal reads the same", needs, refusalsReadTheSame},
	}
}

func genuineCallback(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	if callback.OrderID != o.ID {
		t.Fatalf("the callback is for order %s, want %s", callback.OrderID, o.ID)
	}
	for range 2 {
		if err := s.Verifier.VerifyPayment(o.ID, callback); err != nil {
			t.Errorf("VerifyPayment: %v", err)
		}
	}
}

func callbackOfAnotherOrder(t *testing.T, s *shop) {
	_, cheap := s.authorized(t, "receipt-1")
	dear := s.order(t, "receipt-2")
	err := s.Verifier.VerifyPayment(dear.ID, cheap)
	if !errors.Is(err, payment.ErrOrderMismatch) || !errors.Is(err, payment.ErrSignature) {
		t.Errorf("another order's callback: %v, want ErrOrderMismatch, which is an ErrSignature", err)
	}
	cheap.OrderID = dear.ID
	refuses(t, s, "another order's signature under this order's id", dear.ID, cheap)
}

func callbackOfAnotherPayment(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	_, other := s.authorized(t, "receipt-2")
	callback.PaymentID = other.PaymentID
	refuses(t, s, "another payment under this signature", o.ID, callback)
}

func alteredSignature(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	genuine := callback.Signature
	for i := range len(genuine) {
		altered := []byte(genuine)
		altered[i] ^= 1
		callback.Signature = string(altered)
		refuses(t, s, fmt.Sprintf("character %d altered by a bit", i), o.ID, callback)
	}
	for name, signature := range map[string]string{
		"no signature": "", "a signature cut by one": genuine[:len(genuine)-1], "half a signature": genuine[:len(genuine)/2],
		"a signature and a zero": genuine + "0", "a signature twice": genuine + genuine, "a space before": " " + genuine,
		"no hex": strings.Repeat("z", len(genuine)), "a megabyte": strings.Repeat("0", 1<<20),
	} {
		callback.Signature = signature
		refuses(t, s, name, o.ID, callback)
	}
}

// Under one secret a gateway signs other things too: payment links, subscriptions. Their messages have more parts, put
// together with the same delimiter.
func idShapes(t *testing.T, s *shop) {
	for _, ids := range [][2]string{
		{"plink_IH3cNucfVEgV68|TSsd1989|paid", "pay_IH3d0ara9bSsjQ"},
		{"pay_IDZNwZZFtnjyym", "sub_ID6MOhgkcoHj9I"},
		{"pay_IH3d0ara9bSsjQ", "order_IEIaMR65cu6nz3"},
		{"order_IEIaMR65cu6nz3|pay_IH3d0ara9bSsjQ", "pay_IH3d0ara9bSsjQ"},
		{"order_IEIaMR65cu6nz3", "pay_IH3d0ara9bSsjQ\n"},
		{"order_IEIaMR65cu6nz3", "pay_" + strings.Repeat("A", 1<<16)},
		{"order_IEIaMR65cu6nz3", ""},
		{"", "pay_IH3d0ara9bSsjQ"},
		{"", ""},
	} {
		callback := payment.Callback{OrderID: ids[0], PaymentID: ids[1], Signature: s.Sign(ids[0] + "|" + ids[1])}
		refuses(t, s, fmt.Sprintf("a genuine signature of %.40q and %.40q", ids[0], ids[1]), ids[0], callback)
	}
}

func refusalsReadTheSame(t *testing.T, s *shop) {
	o, callback := s.authorized(t, "receipt-1")
	other := s.order(t, "receipt-2")
	wrong, malformed := callback, callback
	wrong.Signature = strings.Repeat("0", len(callback.Signature))
	malformed.PaymentID = "../../etc/passwd"
	texts := map[string]string{}
	for name, err := range map[string]error{
		"wrong":         s.Verifier.VerifyPayment(o.ID, wrong),
		"malformed":     s.Verifier.VerifyPayment(o.ID, malformed),
		"another order": s.Verifier.VerifyPayment(other.ID, callback),
	} {
		if err == nil {
			t.Fatalf("a callback that is %s was accepted", name)
		}
		texts[err.Error()] = name
	}
	if len(texts) != 1 {
		t.Errorf("the refusals can be told apart: %v", texts)
	}
}

func refuses(t *testing.T, s *shop, what, storedOrderID string, c payment.Callback) {
	t.Helper()
	if err := s.Verifier.VerifyPayment(storedOrderID, c); !errors.Is(err, payment.ErrSignature) {
		t.Errorf("%s: %v, want ErrSignature", what, err)
	}
}
