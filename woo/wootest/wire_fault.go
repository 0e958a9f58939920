package wootest

import (
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// restError is WordPress' WP_Error as the REST API answers it.
type restError struct {
	status  int
	code    string
	message string
	data    any // replaces {"status": N} when set
	extra   wp.Object
}

// Error implements error.
func (e *restError) Error() string { return e.code + ": " + e.message }

func (e *restError) body() wp.Object {
	data := e.data
	if data == nil {
		data = append(wp.Object{{"status", e.status}}, e.extra...)
	}
	return wp.Object{{"code", e.code}, {"message", e.message}, {"data", data}}
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

// userError is an error whose text the caller may read; its field becomes
// null.
type userError string

func (e userError) Error() string { return string(e) }
