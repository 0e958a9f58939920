package rest

import (
	"encoding/json"
	"strconv"
	"strings"
)

// scalar is a value as text. What is no scalar is none, unless it is empty.
func scalar(from any) (string, bool) {
	switch from := from.(type) {
	case string:
		return from, true
	case json.Number:
		return from.String(), true
	case bool:
		if from {
			return "true", true
		}
		return "", true
	}
	return "", nothing(from)
}

// boolean reads WordPress's ways to say yes and no.
func boolean(from any) (flag, ok bool) {
	text, ok := scalar(from)
	switch strings.ToLower(text) {
	case "true", "1", "yes", "on":
		return true, ok
	case "", "false", "0", "no", "off":
		return false, ok
	}
	return false, false
}

// whole reads a whole number, also one written 12.0 or "12".
func whole(from any) (int64, bool) {
	text, ok := scalar(from)
	if text == "" || !ok {
		return 0, ok
	}
	digits, fraction, _ := strings.Cut(text, ".")
	if strings.Trim(fraction, "0") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}
