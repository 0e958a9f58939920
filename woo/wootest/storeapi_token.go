package wootest

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// storeTokenLife is how long a Cart-Token of the Store API is good for, a
// signed-in customer's too (StoreApi\Utilities\CartTokenUtils).
const storeTokenLife = 48 * time.Hour

// storeClaims is the payload of a Cart-Token. The Store API writes a user's id
// as text, WooGraphQL as a number.
type storeClaims struct {
	UserID   any    `json:"user_id"`
	Expires  int64  `json:"exp"`
	Issuer   string `json:"iss"`
	IssuedAt int64  `json:"iat"`
}

// storeToken makes a Cart-Token. Two of one second are the same.
func (s *site) storeToken(customer string) string {
	now := s.now()
	return s.signStoreToken(customer, now.Add(storeTokenLife), now)
}

// signStoreToken is StoreApi\Utilities\JsonWebToken::create.
func (s *site) signStoreToken(id any, expires, issued time.Time) string {
	payload, err := json.Marshal(storeClaims{id, expires.Unix(), cartTokenIssuer, issued.Unix()})
	if err != nil { // strings and numbers always encode
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	return text + "." + encode(tokenMAC(text, s.cartSecret()))
}

// validCartToken says whether a Cart-Token is one of this store that has not
// expired.
func (s *site) validCartToken(token string) bool {
	if token == "" {
		return false
	}
	_, err := s.cartTokenCustomer(token)
	return err == nil
}
