package session

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo"
)

// maxToken caps what is taken for a token: WooCommerce's have some 250 bytes,
// and the store's web server cuts off headers over 8 kB.
const maxToken = 4096

// claims are the parts of a session token that we look at: WooGraphQL's
// (data.customer_id) or the Store API's Cart-Token (user_id). The signature is
// the store's to check. A wrong claim here can only make us refuse a cart.
type claims struct {
	Expires  json.Number `json:"exp"`
	UserID   anyID       `json:"user_id"`
	Customer struct {
		ID anyID `json:"customer_id"`
	} `json:"data"`
}

// anyID is a guest's id ("t_…") or a user's, as a string or a number.
type anyID string

// UnmarshalJSON implements json.Unmarshaler.
func (id *anyID) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*id = anyID(text)
		return nil
	}
	var number json.Number
	err := json.Unmarshal(data, &number)
	*id = anyID(number.String())
	return err
}

// readClaims opens a token; false means that it is none.
func readClaims(token woo.Secret) (claims, bool) {
	text := token.Reveal()
	parts := strings.Split(text, ".")
	if len(text) > maxToken || len(parts) != 3 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return claims{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return claims{}, false
	}
	var c claims
	if json.Unmarshal(payload, &c) != nil {
		return claims{}, false
	}
	return c, c.holder() != ""
}

// holder is whose cart it is: the guest's or the user's id.
func (c claims) holder() string {
	if c.Customer.ID != "" {
		return string(c.Customer.ID)
	}
	return string(c.UserID)
}

// cartToken reports whether the token is one of the Store API's.
func (c claims) cartToken() bool { return c.Customer.ID == "" && c.UserID != "" }

func (c claims) expires() time.Time {
	seconds, err := c.Expires.Int64()
	if err != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}
