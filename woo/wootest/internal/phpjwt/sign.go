package phpjwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// The headers of a token, by who makes it: their members are the same and their
// order is not.
const (
	headerByFirebase = `{"typ":"JWT","alg":"HS256"}`
	headerByStoreAPI = `{"alg":"HS256","typ":"JWT"}`
)

// Sign makes an HS256 token as php-jwt does (Firebase\JWT\JWT::encode).
func Sign(claims any, secret []byte) string { return sign(headerByFirebase, claims, secret) }

// SignStoreToken makes one as the Store API does
// (StoreApi\Utilities\JsonWebToken::create).
func SignStoreToken(claims any, secret []byte) string { return sign(headerByStoreAPI, claims, secret) }

func sign(header string, claims any, secret []byte) string {
	payload, err := json.Marshal(claims)
	if err != nil { // strings and numbers always encode
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode(payload)
	return text + "." + encode(signature(text, secret))
}

// signature is the signature of a text: HMAC-SHA256.
func signature(text string, secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Error is an error in the words of php-jwt or WooGraphQL.
type Error string

// Error implements error.
func (t Error) Error() string { return string(t) }
