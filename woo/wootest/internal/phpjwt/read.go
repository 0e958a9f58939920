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
	head, err := phpDecode(parts[0], errHeaderNull)
	if err != nil {
		return err
	}
	body, err := phpDecode(parts[1], errClaimsNull)
	if err != nil {
		return err
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	_ = json.Unmarshal(head, &header) // a header that is no object has no algorithm
	claims, ok := phpObject(body)
	if !ok {
		return errNoObject
	}
	switch {
	case header.Algorithm == "":
		return errNoAlgorithm
	case !slices.Contains(jwtAlgorithms, header.Algorithm):
		return errAlgorithm
	case header.Algorithm != "HS256":
		return errWrongKey
	case !hmac.Equal(phpBase64(parts[2]), signature(parts[0]+"."+parts[1], secret)):
		return errSignature
	}
	return json.Unmarshal(claims, into)
}

// phpDecode is the JSON of one part of a token; null has its own error.
func phpDecode(part string, null error) ([]byte, error) {
	raw := bytes.TrimSpace(phpBase64(part))
	if bad := badUTF8(raw); bad >= 0 && unfinished(raw[:bad]) {
		return nil, errUTF8
	}
	switch {
	case !json.Valid(raw):
		return nil, errJSONSyntax
	case bytes.Equal(raw, []byte("null")):
		return nil, null
	}
	return raw, nil
}

// phpObject is a payload as php-jwt takes it: an object, or a list as one with the
// places for names.
func phpObject(raw []byte) ([]byte, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return raw, raw[0] == '{'
	}
	object := map[int]json.RawMessage{}
	for i, v := range list {
		object[i] = v
	}
	raw, err := json.Marshal(object)
	return raw, err == nil
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
