package wootest

import (
	"errors"
	"net/http"
)

// ErrNotFound is returned for an id the store does not know.
var ErrNotFound = errors.New("wootest: not found")

// ErrInvalid is the branch of every refused input; errors.As finds *InvalidError.
var ErrInvalid = errors.New("wootest: invalid input")

// InvalidError says which input was refused and why.
type InvalidError struct{ Field, Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "wootest: " + e.Field + ": " + e.Reason }

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Unwrap() error { return ErrInvalid }

func invalid(field, reason string) error { return &InvalidError{Field: field, Reason: reason} }

// restError is WordPress' WP_Error as the REST API answers it.
type restError struct {
	status  int
	code    string
	message string
	data    any // replaces {"status": N} when set
	extra   object
}

// Error implements error.
func (e *restError) Error() string { return e.code + ": " + e.message }

func (e *restError) body() object {
	data := e.data
	if data == nil {
		data = append(object{{"status", e.status}}, e.extra...)
	}
	return object{{"code", e.code}, {"message", e.message}, {"data", data}}
}

// fault is an error answer in WooCommerce's own vocabulary.
func fault(status int, code, message string) *restError {
	return &restError{status: status, code: code, message: message}
}

func noRoute() *restError {
	return fault(http.StatusNotFound, "rest_no_route",
		"No route was found matching the URL and request method.")
}

// invalidID is what a controller answers for an unknown id; reads say 404,
// updates of an order 400.
func invalidID(status int, kind string) *restError {
	return fault(status, "woocommerce_rest_"+kind+"_invalid_id", "Invalid ID.")
}
