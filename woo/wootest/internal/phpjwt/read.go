package phpjwt

import (
	"bytes"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What php-jwt says about a token that it does not take, in its own words and
// the order it looks (Firebase\JWT\JWT::decode).
const (
	errSegments    Error = "Wrong number of segments"
	errUTF8        Error = "Malformed UTF-8 characters"
	errJSONSyntax  Error = "Syntax error, malformed JSON"
	errHeaderNull  Error = "Invalid header encoding"
	errClaimsNull  Error = "Invalid claims encoding"
	errNoObject    Error = "Payload must be a JSON object"
	errNoAlgorithm Error = "Empty algorithm"
	errAlgorithm   Error = "Algorithm not supported"
	errWrongKey    Error = "Incorrect key for this algorithm"
	errSignature   Error = "Signature verification failed"
	ErrExpired     Error = "Expired token"
)

// TooEarly is what php-jwt says about a token whose time has not come.
func TooEarly(at int64) error {
	return Error("Cannot handle token with nbf prior to " + time.Unix(at, 0).UTC().Format("2006-01-02T15:04:05-0700"))
}

// jwtAlgorithms are those php-jwt knows; this store's keys are for HS256.
var jwtAlgorithms = []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES256K", "EdDSA"}

// Read checks a token and decodes its payload. It looks at no time.
func Read(token string, secret []byte, into any) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errSegments
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if err := phpDecode(parts[0], &header, errHeaderNull); err != nil {
		return err
	}
	claims := map[string]any{}
	if err := phpDecode(parts[1], &claims, errClaimsNull); err != nil {
		return err
	}
	switch {
	case header.Algorithm == "":
		return errNoAlgorithm
	case !slices.Contains(jwtAlgorithms, header.Algorithm):
		return errAlgorithm
	case header.Algorithm != "HS256":
		return errWrongKey
	case !hmac.Equal(phpBase64(parts[2]), MAC(parts[0]+"."+parts[1], secret)):
		return errSignature
	}
	return json.Unmarshal(phpBase64(parts[1]), into)
}

// phpDecode decodes one part of a token, which must be a JSON object; null has
// its own error.
func phpDecode(part string, into any, null error) error {
	raw := phpBase64(part)
	if bad := badUTF8(raw); bad >= 0 && unfinished(raw[:bad]) {
		return errUTF8
	}
	if !json.Valid(raw) {
		return errJSONSyntax
	}
	switch trimmed := bytes.TrimSpace(raw); {
	case bytes.Equal(trimmed, []byte("null")):
		return null
	case trimmed[0] != '{' || json.Unmarshal(raw, into) != nil:
		return errNoObject
	}
	return nil
}

// badUTF8 is where the first byte stands that is no UTF-8, -1 for none.
func badUTF8(raw []byte) int {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// unfinished says whether a text is JSON as far as it goes.
func unfinished(raw []byte) bool {
	var v any
	var syntax *json.SyntaxError
	err := json.Unmarshal(raw, &v)
	return err == nil || errors.As(err, &syntax) && syntax.Offset >= int64(len(raw)) && strings.Contains(syntax.Error(), "end of JSON")
}

// phpBase64 decodes base64url the way PHP does: what is no digit is skipped,
// what is left over dropped.
func phpBase64(text string) []byte {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(text)
	digits := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, text)
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1]
	}
	raw, err := base64.RawURLEncoding.DecodeString(digits)
	if err != nil { // only digits are left
		return nil
	}
	return raw
}
