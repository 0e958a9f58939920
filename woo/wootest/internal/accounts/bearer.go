package accounts

import (
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/phpjwt"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// What WPGraphQL JWT Authentication gives out: a token for a request lives
// five minutes, one to refresh it a year. php-jwt's leeway is a minute.
const (
	AuthLife    = 300 * time.Second
	refreshLife = 365 * 24 * time.Hour
	authLeeway  = time.Minute
)

// authClaims is the payload of both tokens; a refresh token carries the user's
// secret as well.
type authClaims struct {
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	Data      authData `json:"data"`
}

type authData struct {
	User struct {
		ID     string `json:"id"`
		Secret string `json:"user_secret,omitempty"`
	} `json:"user"`
}

// What is said about a bearer that is not taken. The texts are php-jwt's and
// the plugin's; a caller sees them with GRAPHQL_DEBUG only.
var (
	errBearerExpired = errors.New("Expired token")
	errBearerEarly   = errors.New("Cannot handle token prior to its start")
	errBearerIssuer  = errors.New("The iss do not match with this server")
	errBearerUser    = errors.New("User ID not found in the token")
	errBearerSecret  = errors.New("The User Secret does not match or has been revoked for this user")
)

// What a caller is told about a token that is not given out.
const (
	ErrOnlyYourself = wire.UserError("Only the user requesting a token can get a token issued for them")
	ErrTokenRevoked = wire.UserError("The JWT token cannot be issued for this user")
)

// jwtSecret signs sign-in tokens (GRAPHQL_JWT_AUTH_SECRET_KEY): never the key
// of the session tokens.
func jwtSecret(s *site.Site) []byte {
	if s.Options.JWTSecret != "" {
		return []byte(s.Options.JWTSecret)
	}
	return append([]byte("jwt-auth:"), s.Secret...)
}

// MintBearer makes a bearer token for a user; issuer is the shop's address as
// the request reached it.
func MintBearer(s *site.Site, u *site.User, issuer string, at time.Time) string {
	return phpjwt.Sign(newAuthClaims(u, issuer, at, AuthLife), jwtSecret(s))
}

// MintRefresh makes a refresh token. It may be used any number of times until
// it expires or the user's secret is revoked.
func MintRefresh(s *site.Site, u *site.User, issuer string, at time.Time) string {
	claims := newAuthClaims(u, issuer, at, refreshLife)
	claims.Data.User.Secret = u.Secret
	return phpjwt.Sign(claims, jwtSecret(s))
}

func newAuthClaims(u *site.User, issuer string, at time.Time, life time.Duration) authClaims {
	c := authClaims{Issuer: issuer, IssuedAt: at.Unix(), NotBefore: at.Unix(), Expires: at.Add(life).Unix()}
	c.Data.User.ID = wp.Itoa(u.ID)
	return c
}

// NewUserSecret is uniqid("graphql_jwt_"): the prefix and 13 hex digits.
func NewUserSecret() string { return "graphql_jwt_" + hex.EncodeToString(wp.RandomBytes(7))[:13] }

// ReadBearer checks a bearer or refresh token and answers its user's id. It does
// not look whether the user still exists: neither does the plugin. The
// plugin's own refusals are answered with status 401, php-jwt's are not.
func ReadBearer(s *site.Site, st *site.State, token, issuer string) (id int64, status int, err error) {
	var claims authClaims
	if err := phpjwt.Read(token, jwtSecret(s), &claims); err != nil {
		return 0, 0, err
	}
	now := s.Now()
	switch {
	case now.Add(authLeeway).Before(time.Unix(claims.NotBefore, 0)):
		return 0, 0, errBearerEarly
	case !now.Add(-authLeeway).Before(time.Unix(claims.Expires, 0)):
		return 0, 0, errBearerExpired
	case claims.Issuer != issuer:
		return 0, 401, errBearerIssuer
	}
	id, err = strconv.ParseInt(claims.Data.User.ID, 10, 64)
	if err != nil {
		return 0, 401, errBearerUser
	}
	if u := st.Users[id]; claims.Data.User.Secret != "" && u != nil && u.Revoked {
		return 0, 401, errBearerSecret
	}
	return id, 0, nil
}
