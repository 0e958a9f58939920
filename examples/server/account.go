package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// accountConfig says whose word counts for who has signed in; without keys all shoppers are guests.
type accountConfig struct {
	keys             []secret // the one in use first
	issuer, audience string
}

// The bounds of an account's token.
const (
	accountKeyBytes = 32
	maxToken        = 4 << 10
	tokenLeeway     = time.Minute    // clocks differ; the plugin for WPGraphQL allows as much
	longestToken    = 24 * time.Hour // what lives longer is a refresh token, and opens no cart
)

// errToken says that a token is not acceptable, whatever is wrong with it.
var errToken = errors.New("the account's token cannot be accepted")

// claims are what an account's token says: a customer's id in WooCommerce, as the subject or where WPGraphQL JWT
// Authentication and Headless Login for WPGraphQL put it.
type claims struct {
	jwt.RegisteredClaims
	Data struct {
		User struct {
			ID     json.RawMessage `json:"id"`
			Secret string          `json:"user_secret"` // a refresh token has it
		} `json:"user"`
	} `json:"data"`
}

// customer reads a token and returns the customer's id in WooCommerce. One algorithm is accepted, and neither a token
// without an end nor a refresh token.
func (c accountConfig) customer(token string) (int64, error) {
	if len(token) > maxToken {
		return 0, errToken
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(c.issuer), jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithLeeway(tokenLeeway), jwt.WithStrictDecoding(),
	}
	if c.audience != "" {
		options = append(options, jwt.WithAudience(c.audience))
	}
	keys := jwt.VerificationKeySet{}
	for _, key := range c.keys {
		keys.Keys = append(keys.Keys, []byte(key.Reveal()))
	}
	var said claims
	_, err := jwt.NewParser(options...).ParseWithClaims(token, &said, func(*jwt.Token) (any, error) { return keys, nil })
	if err != nil || said.IssuedAt == nil || said.ExpiresAt.Sub(said.IssuedAt.Time) > longestToken || said.Data.User.Secret != "" {
		return 0, errToken
	}
	return said.id()
}

// id is the customer. A token that names two people names nobody.
func (c claims) id() (int64, error) {
	named := []string{c.Subject, strings.Trim(string(c.Data.User.ID), `"`)}
	named = slices.Compact(slices.DeleteFunc(named, func(s string) bool { return s == "" }))
	if len(named) != 1 || !digits(named[0], 18) || named[0][0] == '0' {
		return 0, errToken
	}
	return strconv.ParseInt(named[0], 10, 64)
}

// accounts puts the customer of a request's token into its context, around the guests' middleware. A token that is not
// acceptable is 401, and never a guest's empty cart: whoever signed in is told that the token has to be renewed. Staff's
// routes have tokens of their own.
func (s *shop) accounts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, given := bearer(r)
		if !given || len(s.config.accounts.keys) == 0 || strings.HasPrefix(r.URL.Path, "/api/operator/") {
			next.ServeHTTP(w, r)
			return
		}
		id, err := s.config.accounts.customer(token)
		if err != nil {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			problem(w, http.StatusUnauthorized, checkouthttp.CodeUnauthenticated, "The token cannot be accepted", "Renew it, or sign in again.")
			return
		}
		who, err := auth.NewCustomer(strconv.FormatInt(id, 10))
		if err != nil {
			s.log.ErrorContext(r.Context(), "a customer without a name", "error", err)
			problem(w, http.StatusInternalServerError, checkouthttp.CodeInternal, "The shop failed", "Repeat the same request later.")
			return
		}
		next.ServeHTTP(w, r.WithContext(auth.NewContext(r.Context(), who)))
	})
}

// bearer is the token of the Authorization header. The scheme may be in any case (RFC 9110, section 11.1).
func bearer(r *http.Request) (token string, given bool) {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), found && strings.EqualFold(scheme, "Bearer")
}

// customerID is WooCommerce's id of the customer who asks, 0 for a guest.
func customerID(r *http.Request) (int64, error) {
	who, ok := auth.FromContext(r.Context())
	if !ok || who.Kind != auth.Customer {
		return 0, nil
	}
	return strconv.ParseInt(who.Subject, 10, 64)
}

// signedIn is the answer to a sign-in: the customer's cart.
type signedIn struct {
	Cart cart.View `json:"cart"`
}

// signIn gives the guest's cart and checkout to the customer that the guest turned out to be, and takes the guest's cookie
// away. A storefront calls it with the customer's token once somebody has signed in; again does no harm.
func (s *shop) signIn(w http.ResponseWriter, r *http.Request) {
	who, ok := auth.FromContext(r.Context())
	if !ok || who.Kind != auth.Customer {
		problem(w, http.StatusUnauthorized, checkouthttp.CodeUnauthenticated, "Nobody has signed in", "Send the customer's token.")
		return
	}
	view, err := s.adopt(r, who)
	switch {
	case errors.Is(err, cart.ErrMoved), errors.Is(err, cart.ErrConflict), errors.Is(err, checkout.ErrBound), errors.Is(err, checkout.ErrConflict):
		problem(w, http.StatusConflict, checkouthttp.CodeConflict, "Somebody else changed it at the same time", "Repeat the request.")
	case err != nil:
		s.log.ErrorContext(r.Context(), "a guest's cart was not moved", "error", err)
		w.Header().Set("Retry-After", "5")
		problem(w, http.StatusServiceUnavailable, checkouthttp.CodeUnavailable, "Not possible right now", "Nothing was lost. Repeat the same request in a moment.")
	default:
		s.guests.Forget(w)
		answer(w, http.StatusOK, "application/json", signedIn{view})
	}
}

// adopt moves what the request's guest has, if there is one. The checkout goes first: it holds the stock of what is in
// the cart.
func (s *shop) adopt(r *http.Request, who auth.Identity) (cart.View, error) {
	customer := cart.Owner(who.Owner())
	guest, err := s.guests.Identify(r)
	if err != nil { // no cookie, or none that opens
		return s.carts.View(r.Context(), customer)
	}
	id, err := strconv.ParseInt(who.Subject, 10, 64)
	if err != nil {
		return cart.View{}, err
	}
	if err := s.checkout.Adopt(r.Context(), cart.Owner(guest.Owner()), customer, id); err != nil {
		return cart.View{}, err
	}
	view, _, err := s.carts.Merge(r.Context(), cart.Owner(guest.Owner()), customer, cart.MergeSum)
	return view, err
}
