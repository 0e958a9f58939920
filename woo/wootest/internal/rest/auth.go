package rest

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

const authErrorCode = "woocommerce_rest_authentication_error"

// permitted checks what a request may do with the key it was made with, nil
// for none. An unknown route needs no key, and the index is public.
func permitted(req *wire.Request, key *site.APIKey, unknownRoute bool) *wire.Error {
	if key == nil {
		if unknownRoute || strings.Trim(req.Path, "/") == strings.Trim(wire.RESTRoot, "/") {
			return nil
		}
		return anonymous(req)
	}
	return may(key, req.Method)
}

// may checks the key's permission for a method.
func may(k *site.APIKey, method string) *wire.Error {
	reading := method == http.MethodGet || method == http.MethodHead
	switch {
	case reading && !k.Read:
		return wire.Fault(http.StatusUnauthorized, authErrorCode, "The API key provided does not have read permissions.")
	case !reading && !k.Write:
		return wire.Fault(http.StatusUnauthorized, authErrorCode, "The API key provided does not have write permissions.")
	}
	return nil
}

// identify answers the key a request was made with, nil for nobody
// (WC_REST_Authentication): over TLS keys in the query, then HTTP Basic; over
// plain HTTP only OAuth 1.0a, Basic is not even looked at.
func (a *API) identify(req *wire.Request) (*site.APIKey, *wire.Error) {
	if !req.Secure {
		return a.identifyOAuth(req)
	}
	id, secret := req.Query.Get("consumer_key"), req.Query.Get("consumer_secret")
	if id == "" || secret == "" {
		id, secret = basicAuth(req.Header)
	}
	key := a.keyByID(id)
	if key == nil {
		return nil, nil
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(key.Secret)) != 1 {
		return nil, wire.Fault(http.StatusUnauthorized, authErrorCode, "Consumer secret is invalid.")
	}
	return key, nil
}

func (a *API) keyByID(id string) *site.APIKey {
	for i := range a.Options.Keys {
		if id != "" && a.Options.Keys[i].ID == id {
			return &a.Options.Keys[i]
		}
	}
	return nil
}

func basicAuth(h http.Header) (user, password string) {
	encoded, ok := strings.CutPrefix(h.Get("Authorization"), "Basic ")
	if !ok {
		return "", ""
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", ""
	}
	user, password, _ = strings.Cut(string(raw), ":")
	return user, password
}

// anonymous is the refusal of somebody without a key, in the words of the
// permission check that refuses.
func anonymous(req *wire.Request) *wire.Error {
	last := req.Path[strings.LastIndexByte(req.Path, '/')+1:]
	switch {
	case last == "batch":
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_cannot_batch", "Sorry, you are not allowed to batch manipulate this resource.")
	case req.Method == http.MethodPost && !IsNumber(last):
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources.")
	case req.Method == http.MethodDelete:
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_cannot_delete", "Sorry, you are not allowed to delete this resource.")
	case req.Method != http.MethodGet:
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource.")
	case IsNumber(last):
		return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.")
	}
	return wire.Fault(http.StatusUnauthorized, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
}

// IsNumber says whether a text is digits and nothing else.
func IsNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
