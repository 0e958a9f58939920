package wootest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// sessionLife is how long a guest's session token is good for, sessionLeeway
// how much later it is still taken.
const (
	sessionLife   = 48 * time.Hour
	sessionLeeway = time.Minute
)

// sessionClaims is the payload of a woocommerce-session token.
type sessionClaims struct {
	Issuer    string `json:"iss"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	Data      struct {
		CustomerID string `json:"customer_id"`
	} `json:"data"`
}

// mintSession makes a token for a new guest. Every request without a token
// gets one, whatever it asks.
func (s *Store) mintSession() string {
	now := s.now()
	claims := sessionClaims{Issuer: s.shop.url, IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(sessionLife).Unix()}
	claims.Data.CustomerID = "t_" + hex.EncodeToString(randomBytes(15))
	payload, err := json.Marshal(claims)
	if err != nil { // strings and numbers always encode
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode(payload)
	return text + "." + encode(s.sessionMAC(text))
}

func (s *Store) sessionMAC(text string) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// validSession checks a request's header "Session <token>". The prefix is
// needed here, although the response header comes without it.
func (s *Store) validSession(header string) bool {
	token, ok := strings.CutPrefix(header, "Session ")
	text, signature, found := cutLast(token, ".")
	if !ok || !found {
		return false
	}
	mac, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(mac, s.sessionMAC(text)) {
		return false
	}
	_, payload, _ := strings.Cut(text, ".")
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	var claims sessionClaims
	if err != nil || json.Unmarshal(raw, &claims) != nil || claims.Issuer != s.shop.url {
		return false
	}
	now := s.now()
	return now.Before(time.Unix(claims.Expires, 0).Add(sessionLeeway)) && now.After(time.Unix(claims.NotBefore, 0).Add(-sessionLeeway))
}
