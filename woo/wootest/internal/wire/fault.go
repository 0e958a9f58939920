package wire

import (
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Error is WordPress' WP_Error as the REST API answers it.
type Error struct {
	Status  int
	Code    string
	Message string
	Data    any // replaces {"status": N} when set
	Extra   wp.Object
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Body is the error as JSON.
func (e *Error) Body() wp.Object {
	data := e.Data
	if data == nil {
		data = append(wp.Object{{"status", e.Status}}, e.Extra...)
	}
	return wp.Object{{"code", e.Code}, {"message", e.Message}, {"data", data}}
}

// Fault is an error answer in WooCommerce's own vocabulary.
func Fault(status int, code, message string) *Error {
	return &Error{Status: status, Code: code, Message: message}
}

// NoRoute is what WordPress says of an address it does not know.
func NoRoute() *Error {
	return Fault(http.StatusNotFound, "rest_no_route",
		"No route was found matching the URL and request method.")
}

// InvalidID is what a controller answers for an unknown id; reads say 404,
// updates of an order 400.
func InvalidID(status int, kind string) *Error {
	return Fault(status, "woocommerce_rest_"+kind+"_invalid_id", "Invalid ID.")
}

// UserError is an error whose text the caller may read; its field becomes
// null.
type UserError string

// Error implements error.
func (e UserError) Error() string { return string(e) }
