package main

import (
	"encoding/json"
	"net/http"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// codeTooMany is the code of a request over the limit; all others are checkouthttp's.
const codeTooMany checkouthttp.Code = "too_many_requests"

// problem answers as checkouthttp does, with problem+json (RFC 9457).
func problem(w http.ResponseWriter, status int, code checkouthttp.Code, title, detail string) {
	answer(w, status, "application/problem+json", checkouthttp.Problem{
		Type: "urn:ankkor:problem:" + string(code), Title: title, Status: status, Detail: detail, Code: code,
	})
}

func answer(w http.ResponseWriter, status int, media string, body any) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has left
}
