package wootest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// signToken makes an HS256 JWT.
func signToken(claims any, secret []byte) string {
	payload, err := json.Marshal(claims)
	if err != nil { // strings and numbers always encode
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode(payload)
	return text + "." + encode(tokenMAC(text, secret))
}

func tokenMAC(text string, secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// tokenError is an error in the words of php-jwt or WooGraphQL.
type tokenError string

func (t tokenError) Error() string { return string(t) }
