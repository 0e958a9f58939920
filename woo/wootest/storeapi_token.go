package wootest

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// storeTokenLife is how long a Cart-Token of the Store API is good for, a
// signed-in customer's too (StoreApi\Utilities\CartTokenUtils).
const storeTokenLife = 48 * time.Hour

// storeClaims is the payload of a Cart-Token as the Store API makes it: the
// user's id is always text.
type storeClaims struct {
	UserID   string `json:"user_id"`
	Expires  int64  `json:"exp"`
	Issuer   string `json:"iss"`
	IssuedAt int64  `json:"iat"`
}

// storeToken makes a Cart-Token. Two of one second are the same.
func (s *Store) storeToken(customer string) string {
	now := s.now()
	payload, err := json.Marshal(storeClaims{customer, now.Add(storeTokenLife).Unix(), cartTokenIssuer, now.Unix()})
	if err != nil { // strings and numbers always encode
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	return text + "." + encode(tokenMAC(text, s.cartSecret()))
}

// validCartToken says whether a Cart-Token is one of this store that has not
// expired.
func (s *Store) validCartToken(token string) bool {
	if token == "" {
		return false
	}
	_, err := s.cartTokenCustomer(token)
	return err == nil
}
