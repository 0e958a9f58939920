package inventory

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// itemFault says what is wrong with an item's name, or nothing.
func itemFault(s string) string {
	if len(s) > MaxItemLength {
		return "is too long"
	}
	kind, id, ok := strings.Cut(s, ":")
	if !ok || kind == "" || id == "" {
		return "is not of the form kind:identity"
	}
	if !allBytes(kind, isNameByte) || !allBytes(id, isNameByte) {
		return "holds a character other than letters, digits and . _ ~ -"
	}
	return ""
}

// nameFault says what is wrong with a location's name, or nothing.
func nameFault(s string, limit int) string {
	switch {
	case s == "":
		return "is missing"
	case len(s) > limit:
		return "is too long"
	case !allBytes(s, isNameByte):
		return "holds a character other than letters, digits and . _ ~ -"
	}
	return ""
}

// idFault says what is wrong with a reservation's id or a move's reference.
func idFault(s string) string {
	switch {
	case s == "":
		return "is missing"
	case len(s) > MaxIDLength:
		return "is too long"
	case !allBytes(s, func(c byte) bool { return c == ':' || isNameByte(c) }):
		return "holds a character other than letters, digits and . _ ~ : -"
	}
	return ""
}

// textFault says what is wrong with text for people, which may be empty.
func textFault(s string, limit int) string {
	switch {
	case len(s) > limit:
		return "is too long"
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "holds a control character"
	}
	return ""
}

func allBytes(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

func isNameByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '.' || c == '_' || c == '~' || c == '-'
}
