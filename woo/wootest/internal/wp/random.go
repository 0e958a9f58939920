package wp

import (
	"crypto/rand"
	"math/big"
)

// RandomText is n characters nobody can guess.
func RandomText(n int) string {
	out := make([]byte, n)
	size := big.NewInt(int64(len(orderKeyAlphabet)))
	for i := range out {
		k, err := rand.Int(rand.Reader, size)
		if err != nil { // crypto/rand does not fail on supported systems
			k = big.NewInt(0)
		}
		out[i] = orderKeyAlphabet[k.Int64()]
	}
	return string(out)
}

const orderKeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// RandomBytes are n bytes nobody can guess.
func RandomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}
