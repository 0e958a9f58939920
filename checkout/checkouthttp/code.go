package checkouthttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/replies"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// Code names what went wrong, for programs. A code keeps its meaning for good; new ones may come.
type Code string

// The codes. The facts that come with one stand behind it, see [Problem].
const (
	CodeInvalidBody     Code = "invalid_body" // errors
	CodeInvalid         Code = "invalid"      // errors
	CodeUnauthenticated Code = "unauthenticated"
	CodeForbidden       Code = "forbidden"
	CodeCrossOrigin     Code = "cross_origin"
	CodeNotFound        Code = "not_found"
	CodeMethod          Code = "method_not_allowed"
	CodeTooLarge        Code = "body_too_large"
	CodeMediaType       Code = "unsupported_media_type"
	CodeKeyRequired     Code = "idempotency_key_required"
	CodeKeyReused       Code = "idempotency_key_reused"
	CodeKeyBusy         Code = "idempotency_key_busy"
	CodeLineNotFound    Code = "line_not_found"
	CodeNotForSale      Code = "not_for_sale" // product
	CodeCartMoved       Code = "cart_moved"
	CodeCartEmpty       Code = "cart_empty"
	CodeCartChanged     Code = "cart_changed"
	CodeConflict        Code = "conflict"
	CodeOutOfStock      Code = "out_of_stock"               // shortages
	CodeQuoteChanged    Code = "quote_changed"              // quote, quote_hash, difference
	CodeCouponSpent     Code = "coupon_spent"               // coupon
	CodeNotOffered      Code = "payment_method_not_offered" // refusals
	CodeInProgress      Code = "in_progress"                // checkout, pay_by
	CodePlaced          Code = "already_placed"
	CodeClosed          Code = "checkout_closed"
	CodePaymentMismatch Code = "payment_mismatch"
	CodeRecovery        Code = "recovery_link_invalid"
	CodeRefused         Code = "refused"
	CodeOutcomeUnknown  Code = "outcome_unknown"
	CodeUnavailable     Code = "unavailable"
	CodeInternal        Code = "internal"
	CodeNotImplemented  Code = "not_implemented"
)

// How a problem is sent.
const (
	problemType  = "urn:ankkor:problem:" // followed by the code
	problemMedia = "application/problem+json"
	retryAfter   = "5" // seconds
)

// meaning is what a code stands for, for people and for HTTP.
type meaning struct {
	status        int
	title, detail string
}

// meanings of all codes. The texts are constant: nothing of a request or of another system gets into them.
func meanings() map[Code]meaning {
	return map[Code]meaning{
		CodeInvalidBody:     {400, "The request cannot be read", "Send a JSON object with the fields that the operation names, and no others."},
		CodeInvalid:         {422, "The request was refused", "Correct the fields named in errors. Nothing was changed."},
		CodeUnauthenticated: {401, "Nobody is known to ask", "Get an identity from the shop, as a guest or by signing in."},
		CodeForbidden:       {403, "For staff only", "Sign in as a member of staff who may do this."},
		CodeCrossOrigin:     {403, "Sent from another origin", "Send requests that change something from the shop's own pages."},
		CodeNotFound:        {404, "There is nothing here", "It never was here, or it belongs to somebody else."},
		CodeMethod:          {405, "Not with this method", "The Allow header names those that are."},
		CodeTooLarge:        {413, "The body is too large", "Send at most 64 KiB."},
		CodeMediaType:       {415, "Not a JSON body", "Send application/json in UTF-8, not compressed."},
		CodeKeyRequired:     {400, "An Idempotency-Key is required", "Send one Idempotency-Key header of 1 to 255 printable ASCII characters, a new one for each order."},
		CodeKeyReused:       {422, "The Idempotency-Key was used for another request", "Repeat the same request, or take a new key."},
		CodeKeyBusy:         {409, "The same request is being worked on", "Repeat it in a moment, with the same key."},
		CodeLineNotFound:    {404, "The cart has no such line", "Read the cart again."},
		CodeNotForSale:      {409, "This item cannot be bought", "Take it out of the cart."},
		CodeCartMoved:       {409, "The cart has a new owner", "Use the cart of the customer who signed in."},
		CodeCartEmpty:       {409, "There is nothing to buy", "Put something into the cart first."},
		CodeCartChanged:     {409, "The cart changed after the checkout began", "Start the checkout again from the cart."},
		CodeConflict:        {409, "Somebody else changed it at the same time", "Read it again, then repeat the request."},
		CodeOutOfStock:      {409, "Not enough stock", "Lower the quantities named in shortages."},
		CodeQuoteChanged:    {409, "The quote changed", "Show the new quote; place with its quote_hash if the shopper agrees."},
		CodeCouponSpent:     {409, "The coupon is used up", "Remove the coupon, then quote again."},
		CodeNotOffered:      {409, "This way to pay is not offered for this order", "Show the refusals, and let the shopper choose another way."},
		CodeInProgress:      {409, "Another order waits for its payment", "Resume that checkout, or cancel it."},
		CodePlaced:          {409, "Already placed", "A placed checkout cannot be edited; pay it, or cancel it."},
		CodeClosed:          {409, "The checkout is closed", "Start another one from the cart. Do not pay this one."},
		CodePaymentMismatch: {422, "The payment could not be verified", "Read the checkout again: a payment that was made is found without this call."},
		CodeRecovery:        {422, "The link cannot be used", "It has expired, or is not whole. Go on from the cart."},
		CodeRefused:         {409, "Refused", "Another system declined this; the timeline says why."},
		CodeOutcomeUnknown:  {503, "It may or may not have happened", "Repeat the same request: what was done is found, not done again."},
		CodeUnavailable:     {503, "Not possible right now", "Nothing was lost. Repeat the same request in a moment."},
		CodeInternal:        {500, "The shop failed", "Repeat the same request later."},
		CodeNotImplemented:  {501, "Not in this shop", "The shop's store cannot be asked this."},
	}
}

// What the API itself refuses.
var (
	errNobody      = errors.New("checkouthttp: nobody is known to ask")
	errNotStaff    = errors.New("checkouthttp: not a member of staff")
	errCrossOrigin = errors.New("checkouthttp: sent from another origin")
	errNoRoute     = errors.New("checkouthttp: no such route")
	errMethod      = errors.New("checkouthttp: no such method")
	errTooLarge    = errors.New("checkouthttp: body too large")
	errMediaType   = errors.New("checkouthttp: not a JSON body")
	errKeyRequired = errors.New("checkouthttp: no idempotency key")
)

// codeOf finds the code of an error. What is asked first decides where an error is several things: a shortage wraps
// ErrInsufficient of inventory and ErrOutOfStock.
func codeOf(err error) Code {
	var bad bodyError
	var busy *checkout.InProgressError
	switch {
	case errors.As(err, &bad):
		return CodeInvalidBody
	case errors.As(err, &busy):
		return CodeInProgress
	}
	for _, c := range []struct {
		code Code
		of   []error
	}{
		{CodeUnauthenticated, []error{errNobody}},
		{CodeForbidden, []error{errNotStaff}},
		{CodeCrossOrigin, []error{errCrossOrigin}},
		{CodeMethod, []error{errMethod}},
		{CodeTooLarge, []error{errTooLarge}},
		{CodeMediaType, []error{errMediaType}},
		{CodeKeyRequired, []error{errKeyRequired}},
		{CodeKeyReused, []error{checkout.ErrKeyReused, replies.ErrReused}},
		{CodeKeyBusy, []error{replies.ErrBusy}},
		{CodePaymentMismatch, []error{checkout.ErrPaymentMismatch, payment.ErrSignature}},
		{CodeRecovery, []error{checkout.ErrRecovery}},
		{CodeQuoteChanged, []error{checkout.ErrQuoteChanged}},
		{CodeCouponSpent, []error{checkout.ErrCouponSpent}},
		{CodeNotOffered, []error{checkout.ErrNotEligible}},
		{CodeOutOfStock, []error{checkout.ErrOutOfStock, cart.ErrInsufficientStock, inventory.ErrInsufficient}},
		{CodeClosed, []error{checkout.ErrClosed}},
		{CodePlaced, []error{checkout.ErrPlaced}},
		{CodeCartEmpty, []error{checkout.ErrEmptyCart}},
		{CodeCartChanged, []error{checkout.ErrCartChanged}},
		{CodeLineNotFound, []error{cart.ErrLineNotFound}},
		{CodeNotForSale, []error{cart.ErrNotForSale}},
		{CodeCartMoved, []error{cart.ErrMoved}},
		{CodeConflict, []error{checkout.ErrConflict, checkout.ErrBound, cart.ErrConflict}},
		{CodeNotFound, []error{errNoRoute, checkout.ErrNotFound}},
		{CodeInvalid, []error{checkout.ErrInvalid, cart.ErrInvalid}},
		{CodeOutcomeUnknown, []error{checkout.ErrUnknown, payment.ErrUnknown}},
		{CodeRefused, []error{checkout.ErrRefused, payment.ErrRefused}},
		{CodeNotImplemented, []error{errors.ErrUnsupported}},
		{CodeUnavailable, []error{checkout.ErrUnavailable, payment.ErrUnavailable, context.DeadlineExceeded, context.Canceled}},
	} {
		for _, target := range c.of {
			if errors.Is(err, target) {
				return c.code
			}
		}
	}
	if away(err) {
		return CodeUnavailable
	}
	return CodeInternal
}

// fault reports whether the shop, not the sender, is what failed, so that the shop's log hears of it.
func (m meaning) fault() bool { return m.status >= http.StatusInternalServerError }
