package razorpay

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"hash"
	"sync"

	"github.com/ankkor/ankkor/payment"
)

// keyed is a pool of HMAC-SHA256 hashes under one secret. Keying a hash costs two blocks and allocates.
type keyed struct{ pool sync.Pool }

type mac struct {
	hash.Hash
	sum [sha256.Size]byte
}

func newKeyed(s payment.Secret) *keyed {
	k := &keyed{}
	k.pool.New = func() any { return &mac{Hash: hmac.New(sha256.New, []byte(s.Reveal()))} }
	return k
}

// matches is 1 when the signature is the body's, in constant time.
func (k *keyed) matches(body, signature []byte) int {
	m := k.pool.Get().(*mac)
	defer k.pool.Put(m)
	m.Reset()
	_, _ = m.Write(body) // never fails: hash.Hash
	return subtle.ConstantTimeCompare(m.Sum(m.sum[:0]), signature)
}
