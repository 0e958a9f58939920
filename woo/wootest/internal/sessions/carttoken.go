package sessions

import (
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/phpjwt"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
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

// NewCartToken makes a Cart-Token. Two of one second are the same.
func NewCartToken(s *site.Site, customer string) string {
	now := s.Now()
	return cartTokenUntil(s, customer, now.Add(storeTokenLife), now)
}

// cartTokenUntil makes a Cart-Token with its own end and id.
func cartTokenUntil(s *site.Site, id any, expires, issued time.Time) string {
	return phpjwt.SignStoreToken(storeClaims{id, expires.Unix(), cartTokenIssuer, issued.Unix()}, cartSecret(s))
}

// ValidCartToken says whether a Cart-Token is one of this store that has not
// expired.
func ValidCartToken(s *site.Site, token string) bool {
	if token == "" {
		return false
	}
	_, err := CartTokenCustomer(s, token)
	return err == nil
}
