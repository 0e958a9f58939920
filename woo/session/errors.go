package session

import (
	"errors"

	"github.com/ankkor/ankkor/woo"
)

// Sentinels to branch on with errors.Is. What the store refuses, and what it
// leaves unclear, are [woo.ErrRefused] and [woo.ErrUnknown].
var (
	// ErrLost is matched by a *LostError: there is no cart behind the token.
	ErrLost = errors.New("session: the cart is lost")
	// ErrConflict is matched by a *ConflictError: the cart is not what the
	// caller believed.
	ErrConflict = errors.New("session: the cart is not what it was")
	// ErrNoSuchLine says that the cart has no line of that key. Nothing was done.
	ErrNoSuchLine = errors.New("session: no such line in the cart")
)

// Loss is how a cart was lost.
type Loss string

// The ways to lose a cart.
const (
	// Expired: nobody touched the cart for too long (48 hours for guests).
	Expired Loss = "expired"
	// Rejected: the token was changed on the way, or comes from another store or
	// from before its keys were renewed.
	Rejected Loss = "rejected"
	// Replaced: the store answered with another shopper's cart, a new one most
	// likely.
	Replaced Loss = "replaced"
	// OtherDoor: the token is one of WooGraphQL's, which the Store API cannot read.
	OtherDoor Loss = "other door"
)

// LostError says that a token no longer leads to its cart. Nothing was done,
// and no call with this token will do anything: drop it, start a new session,
// put the items back from what the storefront remembers, and tell the shopper.
type LostError struct {
	How Loss
	// Cause is the store's own answer, nil where it gave a cart instead.
	Cause error
}

// Error implements error. It never repeats the token.
func (e *LostError) Error() string {
	return "session: the cart is lost (" + string(e.How) + "): start a new session and add the items again"
}

// Unwrap gives ErrLost, the kind of the port for what was refused, and the cause.
func (e *LostError) Unwrap() []error {
	errs := []error{ErrLost, woo.ErrRefused}
	if e.Cause != nil {
		errs = append(errs, e.Cause)
	}
	return errs
}

// ConflictError says that the store did not do what was asked because the cart
// is not what the caller believed: a line that is gone, pieces that were sold,
// an empty cart at checkout. Cart is the cart as it is now: show it.
type ConflictError struct {
	Cart  Cart
	Cause *woo.Error
}

// Error implements error.
func (e *ConflictError) Error() string {
	return "session: the cart is not what it was: " + e.Cause.Error()
}

// Unwrap gives ErrConflict, ErrNoSuchLine where that is what is wrong, and the
// store's answer.
func (e *ConflictError) Unwrap() []error {
	errs := []error{ErrConflict, e.Cause}
	if e.Cause.Code == "woocommerce_rest_cart_invalid_key" {
		errs = append(errs, ErrNoSuchLine)
	}
	return errs
}
