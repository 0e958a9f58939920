package sessions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/phpjwt"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// sessionLeeway is how much later than its end a token is still taken.
const sessionLeeway = time.Minute

// What WooGraphQL itself says about a token.
const (
	errUndecoded  phpjwt.Error = "Failed to decode session token"
	errIssuer     phpjwt.Error = "The iss do not match with this server"
	errNoCustomer phpjwt.Error = "Customer ID not found in the token"
	errCartToken  phpjwt.Error = "Invalid Cart-Token"
)

// refuseToken is a refusal with the code WooGraphQL 1.0 puts before it: the
// reason is php-jwt's text or its own.
func refuseToken(s *site.Site, code string, reason error) error {
	if s.Options.OldGraphQL {
		return reason
	}
	return fmt.Errorf("%s: %w", code, reason)
}

// sessionClaims is the payload of a woocommerce-session token.
type sessionClaims struct {
	Issuer    string `json:"iss"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	Data      struct {
		CustomerID customerID `json:"customer_id"`
	} `json:"data"`
}

// customerID names the customer of a token: text, or a number when PHP took it
// from the signed-in user.
type customerID struct {
	text   string
	number bool
}

// MarshalJSON implements json.Marshaler.
func (c customerID) MarshalJSON() ([]byte, error) {
	if c.number {
		return []byte(c.text), nil
	}
	return json.Marshal(c.text)
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *customerID) UnmarshalJSON(raw []byte) error {
	c.number = len(raw) > 0 && raw[0] != '"'
	c.text = string(bytes.Trim(raw, `"`))
	return nil
}

// cartClaims is the payload of a Store API Cart-Token.
type cartClaims struct {
	UserID   customerID `json:"user_id"`
	Expires  int64      `json:"exp"`
	Issuer   string     `json:"iss"`
	IssuedAt int64      `json:"iat"`
}

// cartTokenIssuer is the issuer of every Cart-Token.
const cartTokenIssuer = "store-api"

// mintSession makes a woocommerce-session token for a customer. Tokens of one
// customer are all good until they expire. A user's id is a number in the first
// one and text in those that follow from it (WooGraphQL compares the two without
// converting, so a number and a bearer together look like signing in again).
func mintSession(s *site.Site, customer customerID, issuer string) string {
	now := s.Now()
	claims := sessionClaims{Issuer: issuer, IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(site.LifeOf(customer.text)).Unix()}
	claims.Data.CustomerID = customer
	return phpjwt.Sign(claims, s.Secret)
}

// cartSecret signs Cart-Tokens: another key than the sessions', so neither
// token is taken for the other.
func cartSecret(s *site.Site) []byte { return append([]byte("@"), s.Secret...) }

// customerOf reads the request header woocommerce-session: "Session " and a
// token, or a bare Cart-Token. Issuer is the shop's address as the request
// reached it. An error's text is what WooGraphQL says about the token.
func customerOf(s *site.Site, header, issuer string) (customerID, error) {
	token, ok := strings.CutPrefix(header, "Session ")
	if !ok {
		id, err := CartTokenCustomer(s, header)
		if err != nil {
			return customerID{}, refuseToken(s, "invalid_cart_token", err)
		}
		return customerID{text: id}, nil
	}
	id, err := sessionCustomer(s, token, issuer)
	if err != nil {
		return customerID{}, refuseToken(s, "invalid_token", err)
	}
	return id, nil
}

// sessionCustomer is QL_Session_Handler::validate_legacy_token; of several words
// the first is the token.
func sessionCustomer(s *site.Site, text, issuer string) (customerID, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return customerID{}, errUndecoded
	}
	var claims sessionClaims
	if err := phpjwt.Read(words[0], s.Secret, &claims); err != nil {
		return customerID{}, err
	}
	now := s.Now()
	switch {
	case time.Unix(claims.NotBefore, 0).After(now.Add(sessionLeeway)):
		return customerID{}, phpjwt.TooEarly(claims.NotBefore)
	case !now.Before(time.Unix(claims.Expires, 0).Add(sessionLeeway)):
		return customerID{}, phpjwt.ErrExpired
	case claims.Issuer != issuer:
		return customerID{}, errIssuer
	case claims.Data.CustomerID.text == "":
		return customerID{}, errNoCustomer
	}
	return claims.Data.CustomerID, nil
}

// CartTokenCustomer reads a Cart-Token, as the Store API and WooGraphQL do. It
// has no leeway.
func CartTokenCustomer(s *site.Site, token string) (string, error) {
	var claims cartClaims
	if phpjwt.Read(token, cartSecret(s), &claims) != nil || claims.Issuer != cartTokenIssuer || claims.UserID.text == "" ||
		s.Now().After(time.Unix(claims.Expires, 0)) {
		return "", errCartToken
	}
	return claims.UserID.text, nil
}
