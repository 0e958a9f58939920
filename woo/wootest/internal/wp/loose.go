package wp

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Int is PHP's (int): the number at the beginning of a text, cut to a whole one,
// else 0.
func Int(value any) int64 {
	number := leadingNumber.FindString(strings.TrimSpace(Text(value)))
	if n, err := strconv.ParseInt(number, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return n // at the end of its range when it lies beyond
	}
	d, ok := Decimal(number)
	if !ok || !d.Abs().LessThan(decimal.New(1, 18)) {
		return 0
	}
	return d.IntPart()
}

var leadingNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?`)

// Text is a scalar as PHP turns it into text; "" for anything else.
func Text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "1"
		}
	}
	return ""
}

// List is a list, or a text cut at commas and spaces (wp_parse_list).
func List(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	case map[string]any:
		return nil
	}
	var out []any
	for _, word := range strings.FieldsFunc(Text(value), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
		out = append(out, word)
	}
	return out
}

// Decimal is a number as it was sent. What no shop deals in, by its length
// or its exponent, counts as no number: arithmetic with it would take for ever.
func Decimal(text string) (decimal.Decimal, bool) {
	if len(text) > 30 {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil && d.Exponent() < 20 && d.Exponent() > -30
}

// IsList says whether a value is an array to PHP: a list or an object.
func IsList(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// DecodeAny decodes JSON and keeps numbers as they were written; nil for what is no JSON.
func DecodeAny(raw json.RawMessage) any {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// ParseQuery reads a query string as PHP does: a[0][b]=c is a list of objects.
func ParseQuery(raw string) map[string]any {
	root := map[string]any{}
	for _, pair := range strings.Split(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(key)
		text, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil || name == "" {
			continue
		}
		path := strings.FieldsFunc(strings.ReplaceAll(name, "[]", "[\x00]"), func(r rune) bool { return r == '[' || r == ']' })
		if len(path) > 0 && len(path) <= 8 {
			plant(root, path, text)
		}
	}
	for name, value := range root {
		root[name] = listed(value)
	}
	return root
}

// plant puts a value at a path of keys; an empty key is the next number.
func plant(into map[string]any, path []string, value string) {
	key := path[0]
	if key == "\x00" {
		key = strconv.Itoa(len(into))
	}
	if len(path) == 1 {
		into[key] = value
		return
	}
	below, ok := into[key].(map[string]any)
	if !ok {
		below = map[string]any{}
		into[key] = below
	}
	plant(below, path[1:], value)
}

// listed turns maps whose keys count from 0 into lists.
func listed(value any) any {
	m, ok := value.(map[string]any)
	if !ok {
		return value
	}
	list := make([]any, len(m))
	for key, v := range m {
		m[key] = listed(v)
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(list) && strconv.Itoa(i) == key {
			list[i] = m[key]
			continue
		}
		list = nil
	}
	if list == nil {
		return m
	}
	return list
}
