package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// A sealed guest is nonce, ciphertext and tag in unpadded base64url; the plain text is a version, the second of issue
// and the id. So all of them are equally long.
const (
	guestIDBytes = 20 // 160 bits
	plainBytes   = 1 + 8 + guestIDBytes
	sealedBytes  = 12 + plainBytes + 16
	sealedLength = (sealedBytes*8 + 5) / 6

	guestVersion = 1
	keyPurpose   = "ankkor guest cookie, version 1"
)

// errSealed is any reason why a text cannot be opened.
var errSealed = errors.New("auth: not a sealed guest")

// guest is what a cookie says.
type guest struct {
	id     string // guestIDBytes in hexadecimal
	issued time.Time
	// stale: sealed with another key than the first.
	stale bool
}

// sealer seals with the first key and opens with all of them.
type sealer struct {
	keys []cipher.AEAD
	// bound is what a sealed text belongs to; one that was made for another cookie does not open.
	bound []byte
}

func newSealer(keys []Secret, bound string) (*sealer, error) {
	s := &sealer{bound: []byte(bound)}
	for _, k := range keys {
		aead, err := newAEAD(k)
		if err != nil {
			return nil, fmt.Errorf("auth: prepare key: %w", err)
		}
		s.keys = append(s.keys, aead)
	}
	return s, nil
}

// newAEAD derives a key of this purpose, so that the host's secret can serve others too.
func newAEAD(k Secret) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(k.Reveal()), nil, keyPurpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *sealer) seal(g guest) (string, error) {
	id, err := hex.DecodeString(g.id)
	if err != nil || len(id) != guestIDBytes {
		return "", errSealed
	}
	plain := append(make([]byte, 0, plainBytes), guestVersion)
	plain = binary.BigEndian.AppendUint64(plain, uint64(g.issued.Unix()))
	plain = append(plain, id...)
	sealed := s.keys[0].Seal(nil, nil, plain, s.bound) //nolint:gosec // it makes its nonce: NewGCMWithRandomNonce
	return encoding().EncodeToString(sealed), nil
}

// open refuses any text of another length before it looks at it.
func (s *sealer) open(text string) (guest, error) {
	if len(text) != sealedLength {
		return guest{}, errSealed
	}
	sealed, err := encoding().DecodeString(text)
	if err != nil {
		return guest{}, errSealed
	}
	for i, key := range s.keys {
		if plain, err := key.Open(nil, nil, sealed, s.bound); err == nil {
			return readGuest(plain, i > 0)
		}
	}
	return guest{}, errSealed
}

func readGuest(plain []byte, stale bool) (guest, error) {
	if len(plain) != plainBytes || plain[0] != guestVersion {
		return guest{}, errSealed
	}
	return guest{
		id:     hex.EncodeToString(plain[9:]),
		issued: time.Unix(int64(binary.BigEndian.Uint64(plain[1:9])), 0),
		stale:  stale,
	}, nil
}

// encoding has exactly one text for each sealed guest.
func encoding() *base64.Encoding { return base64.RawURLEncoding.Strict() }
