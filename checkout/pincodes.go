package checkout

import (
	"context"
	"errors"
)

// ErrUnknownPincode says that a well-formed PIN is not in the directory. It is never a reason to refuse an address: new
// PINs are in use before any list has them.
var ErrUnknownPincode = errors.New("checkout: PIN not in the directory")

// Pincode is what a directory knows of an Indian postal index number.
type Pincode struct {
	PIN         string   // six digits
	Districts   []string // as India Post names them; more than one where the PIN straddles
	States      []string // WooCommerce state codes; empty when not known
	Deliverable bool     // an office of this PIN delivers
}

// PincodeDirectory answers what district and state a PIN lies in.
//
// Implementations are safe for concurrent use.
type PincodeDirectory interface {
	// Pincode looks up six digits, with or without one space in the middle. A malformed PIN is an *InvalidError; a
	// well-formed one that is not in the directory is ErrUnknownPincode. The call has no effect and may be retried.
	Pincode(ctx context.Context, pin string) (Pincode, error)
}
