package inboxhttp

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"
)

// noSignature is said of what cannot be decoded, whatever is wrong with it.
const noSignature = "the signature is no signature"

// HexSignature decodes the one value of a header that holds an HMAC-SHA256 in hex, or says what is wrong.
func HexSignature(values []string) (signature []byte, wrong string) {
	return decode(values, hex.EncodedLen(sha256.Size), hex.Decode)
}

// Base64Signature is HexSignature for base64 with padding.
func Base64Signature(values []string) (signature []byte, wrong string) {
	encoding := base64.StdEncoding.Strict()
	return decode(values, encoding.EncodedLen(sha256.Size), encoding.Decode)
}

func decode(values []string, length int, into func(dst, src []byte) (int, error)) (signature []byte, wrong string) {
	if len(values) != 1 {
		return nil, fmt.Sprintf("%d signatures", len(values))
	}
	if len(values[0]) != length {
		return nil, noSignature
	}
	signature = make([]byte, length)
	n, err := into(signature, []byte(values[0]))
	if err != nil || n != sha256.Size {
		return nil, noSignature
	}
	return signature[:n], ""
}

// keyed is a pool of HMAC-SHA256 hashes under one secret. Keying a hash costs two blocks, a fifth of verifying a small
// body, and allocates.
type keyed struct{ pool sync.Pool }

type mac struct {
	hash.Hash
	sum [sha256.Size]byte
}

func newKeyed(s Secret) *keyed {
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
