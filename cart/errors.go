package cart

import (
	"errors"
	"fmt"
)

// The branches a caller can take. Each comes with a typed error that holds the facts.
var (
	// ErrInvalid: the request itself is wrong; the facts are an [*InvalidError]. Nothing was written.
	ErrInvalid = errors.New("cart: invalid request")
	// ErrNotFound: the owner has no cart. Only a [Store] says so; [Service] treats it as an empty cart.
	ErrNotFound = errors.New("cart: not found")
	// ErrLineNotFound: the cart has no line with that key.
	ErrLineNotFound = errors.New("cart: no such line")
	// ErrConflict: somebody else saved the cart in between; the facts are a [*ConflictError].
	ErrConflict = errors.New("cart: changed by someone else")
	// ErrNotForSale: the item is gone, not purchasable or without a price; the facts are a [*NotForSaleError].
	ErrNotForSale = errors.New("cart: item is not for sale")
	// ErrInsufficientStock: fewer pieces than asked; the facts are a [*StockError].
	ErrInsufficientStock = errors.New("cart: not enough stock")
	// ErrCatalog: the catalogue broke its contract, for example answered another item than the one asked for.
	ErrCatalog = errors.New("cart: catalogue answer cannot be used")
	// ErrMoved: the cart was moved to another owner by a merge and takes no change any more.
	ErrMoved = errors.New("cart: moved to another owner")
)

// InvalidError says which field of a request is wrong, and why. It never repeats the value.
type InvalidError struct {
	Field  string // for example "quantity", "lines[3].product_id"
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string { return fmt.Sprintf("%v: %s %s", ErrInvalid, e.Field, e.Reason) }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Unwrap() error { return ErrInvalid }

func invalid(field, reason string) *InvalidError { return &InvalidError{Field: field, Reason: reason} }

// ConflictError carries the cart that is stored instead of the one the writer had read.
type ConflictError struct {
	// Current is the stored cart; with Version 0 there is none (any more).
	Current Cart
}

// Error implements error.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%v: the stored version is %d", ErrConflict, e.Current.Version)
}

// Unwrap makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Unwrap() error { return ErrConflict }

// NotForSaleError says which item cannot be bought, and why.
type NotForSaleError struct {
	Ref    ItemRef
	Status ItemStatus
}

// Error implements error.
func (e *NotForSaleError) Error() string {
	return fmt.Sprintf("%v: product %d, variation %d: %s", ErrNotForSale, e.Ref.ProductID, e.Ref.VariationID, e.Status)
}

// Unwrap makes errors.Is(err, ErrNotForSale) true.
func (e *NotForSaleError) Unwrap() error { return ErrNotForSale }

// StockError says how many pieces were wanted in all lines that share a stock, and how many there are.
type StockError struct {
	Ref        ItemRef
	Want, Have int64
}

// Error implements error.
func (e *StockError) Error() string {
	return fmt.Sprintf("%v: product %d, variation %d: want %d, have %d",
		ErrInsufficientStock, e.Ref.ProductID, e.Ref.VariationID, e.Want, e.Have)
}

// Unwrap makes errors.Is(err, ErrInsufficientStock) true.
func (e *StockError) Unwrap() error { return ErrInsufficientStock }
