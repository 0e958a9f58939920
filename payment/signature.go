package payment

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"sync"
)

var _ PaymentVerifier = (*SignatureVerifier)(nil)

const (
	// MinSecret is the shortest key accepted, in bytes. Razorpay's have 24.
	MinSecret = 16

	signatureLen = 2 * sha256.Size // in hex
)

// Signer signs as Razorpay does: HMAC-SHA256 of "order_id|payment_id" under the key secret, in lower-case hex. Gateways
// made for tests use it; a shop needs only the verifier. Safe for concurrent use.
type Signer struct {
	macs sync.Pool
}

// NewSigner makes a signer. A secret shorter than MinSecret is an *InvalidError.
func NewSigner(s Secret) (*Signer, error) {
	if s.Len() < MinSecret {
		return nil, invalid("secret", fmt.Sprintf("want at least %d bytes", MinSecret))
	}
	signer := &Signer{}
	signer.macs.New = func() any { return newMAC(s) }
	return signer, nil
}

// Sign returns the signature of a payment for an order.
func (s *Signer) Sign(orderID, paymentID string) string {
	m := s.macs.Get().(*mac)
	defer s.macs.Put(m)
	return hex.EncodeToString(m.digest(orderID, paymentID))
}

// matches is 1 if signature, of signatureLen bytes, is the payment's, else 0: in constant time and without allocating.
func (s *Signer) matches(orderID, paymentID, signature string) int {
	m := s.macs.Get().(*mac)
	same := equalHex(m.digest(orderID, paymentID), signature)
	s.macs.Put(m)
	return same
}

// equalHex is 1 if signature, of signatureLen bytes, is sum in lower-case hex, else 0. It compares each digit as it is
// made, whether or not an earlier one differed, which takes half as long as encoding first.
func equalHex(sum []byte, signature string) int {
	const digits = "0123456789abcdef"
	var differ byte
	for i, b := range sum {
		differ |= digits[b>>4] ^ signature[2*i]
		differ |= digits[b&0x0f] ^ signature[2*i+1]
	}
	return subtle.ConstantTimeByteEq(differ, 0)
}

// mac is a keyed hash with room for one message and its digest. Keying costs as much as hashing, so macs are kept.
type mac struct {
	keyed   hash.Hash
	message []byte
	sum     []byte
}

func newMAC(s Secret) *mac {
	return &mac{
		keyed:   hmac.New(sha256.New, []byte(s.Reveal())),
		message: make([]byte, 0, 2*maxID+1),
		sum:     make([]byte, 0, sha256.Size),
	}
}

// digest returns a slice that is valid until the next call.
func (m *mac) digest(orderID, paymentID string) []byte {
	m.message = append(append(append(m.message[:0], orderID...), '|'), paymentID...)
	m.keyed.Reset()
	_, _ = m.keyed.Write(m.message) // never fails: hash.Hash
	m.sum = m.keyed.Sum(m.sum[:0])
	return m.sum
}

// SignatureVerifier is the PaymentVerifier of gateways that sign as Razorpay does. Ids are checked by their shape before
// anything is hashed: the message has no escaping, so "plink_…|ref|paid" in place of an order id would make a payment
// link's signature look like an order's.
type SignatureVerifier struct {
	signers []*Signer
}

// NewSignatureVerifier accepts signatures under any of the secrets: two of them while a key is being rotated. It takes at
// least one, each of at least MinSecret bytes; else an *InvalidError.
func NewSignatureVerifier(secrets ...Secret) (*SignatureVerifier, error) {
	if len(secrets) == 0 {
		return nil, invalid("secret", "want at least one")
	}
	v := &SignatureVerifier{}
	for _, s := range secrets {
		signer, err := NewSigner(s)
		if err != nil {
			return nil, err
		}
		v.signers = append(v.signers, signer)
	}
	return v, nil
}

// VerifyPayment implements PaymentVerifier.
func (v *SignatureVerifier) VerifyPayment(storedOrderID string, c Callback) error {
	if !wellFormed(storedOrderID, c) {
		return ErrSignature
	}
	valid := 0
	for _, s := range v.signers { // all of them: which one matched is not told by time
		valid |= s.matches(storedOrderID, c.PaymentID, c.Signature)
	}
	switch {
	case storedOrderID != c.OrderID: // not secret, and only looked at when the work is done
		return ErrOrderMismatch
	case valid != 1:
		return ErrSignature
	}
	return nil
}

func wellFormed(storedOrderID string, c Callback) bool {
	return len(c.Signature) == signatureLen && isID("pay_", c.PaymentID) &&
		isID("order_", storedOrderID) && (c.OrderID == storedOrderID || isID("order_", c.OrderID))
}

// isID reports whether s is prefix and at least 14 letters or digits, the shape of Razorpay's ids.
func isID(prefix, s string) bool {
	if len(s) > maxID || !strings.HasPrefix(s, prefix) || len(s) < len(prefix)+14 {
		return false
	}
	for i := len(prefix); i < len(s); i++ {
		if !alphanumeric(s[i]) {
			return false
		}
	}
	return true
}
