package wootest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// storeParam is one parameter in a route's schema.
type storeParam struct {
	name     string
	kind     string // integer, number, boolean, string, array, object
	items    *storeParam
	nested   []storeParam
	enum     []string
	bounds   *[2]int // lowest and highest; a highest of 0 is no limit
	date     bool
	required bool
	// late parameters have no validate_callback: WordPress looks at them only
	// while it sanitises, when the others have passed.
	late bool
	// loose parameters have a sanitize_callback and nothing else: anything goes.
	loose bool
	// check is an additional validate_callback; it answers a code and a message.
	check func(value any) (code, message string)
}

// checkStoreParams is WP_REST_Request::has_valid_params followed by
// sanitize_params.
func checkStoreParams(args map[string]any, params []storeParam) *restError {
	var missing []string
	for _, p := range params {
		if p.required && args[p.name] == nil {
			missing = append(missing, p.name)
		}
	}
	if len(missing) > 0 {
		return &restError{status: 400, code: "rest_missing_callback_param",
			message: "Missing parameter(s): " + strings.Join(missing, ", "), extra: object{{"params", missing}}}
	}
	for _, late := range []bool{false, true} {
		if err := checkPass(args, params, late); err != nil {
			return err
		}
	}
	return nil
}

func checkPass(args map[string]any, params []storeParam, late bool) *restError {
	var bad paramErrors
	for _, p := range params {
		value, ok := args[p.name]
		if !ok || p.loose || p.late != late {
			continue
		}
		if !p.validate(&bad, p.name, value) || p.check == nil {
			continue
		}
		if code, message := p.check(value); code != "" {
			bad.add(p.name, code, message, nil)
		}
	}
	return bad.err()
}

// validate is rest_validate_value_from_schema; what is wrong goes to bad.
func (p storeParam) validate(bad *paramErrors, at string, value any) bool {
	switch {
	case value == nil:
		return true
	case !p.hasKind(value):
		bad.wrongType(p.name, at, p.kind)
		return false
	case p.kind == "array":
		return p.elements(bad, at, value)
	case p.kind == "object":
		return p.members(bad, at, value)
	case p.enum != nil && !slices.Contains(p.enum, phpText(value)):
		bad.add(p.name, "rest_not_in_enum", at+" is not one of "+wordList(p.enum)+".", nil)
		return false
	case p.date && !isDate(phpText(value)):
		bad.add(p.name, "rest_invalid_date", "Invalid date.", nil)
		return false
	}
	return p.bounds == nil || p.inBounds(bad, at, phpText(value))
}

func (p storeParam) elements(bad *paramErrors, at string, value any) bool {
	for i, element := range phpList(value) {
		if p.items == nil {
			break
		}
		item := *p.items
		item.name = p.name
		if !item.validate(bad, fmt.Sprintf("%s[%d]", at, i), element) {
			return false
		}
	}
	return true
}

func (p storeParam) members(bad *paramErrors, at string, value any) bool {
	have, _ := value.(map[string]any)
	for _, n := range p.nested {
		v, ok := have[n.name]
		if !ok {
			continue
		}
		name := n.name
		n.name = p.name
		if !n.validate(bad, at+"["+name+"]", v) {
			return false
		}
	}
	return true
}

func (p storeParam) inBounds(bad *paramErrors, at, text string) bool {
	low, high := p.bounds[0], p.bounds[1]
	n, err := strconv.Atoi(text)
	switch {
	case err == nil && n >= low && (high == 0 || n <= high):
		return true
	case high == 0:
		bad.add(p.name, "rest_out_of_bounds", fmt.Sprintf("%s must be greater than or equal to %d", at, low), nil)
	default:
		bad.add(p.name, "rest_out_of_bounds", fmt.Sprintf("%s must be between %d (inclusive) and %d (inclusive)", at, low, high), nil)
	}
	return false
}

// hasKind is the type test: numbers may come as text, booleans as "true",
// "false", 0 and 1, lists as one text, and "" is an empty object.
func (p storeParam) hasKind(value any) bool {
	switch p.kind {
	case "string":
		_, ok := value.(string)
		return ok
	case "number":
		_, err := strconv.ParseFloat(phpText(value), 64) // only whether it is one
		return err == nil && !isList(value)
	case "integer":
		n, err := strconv.ParseFloat(phpText(value), 64) // only whether it is whole
		return err == nil && n == float64(int64(n)) && !isList(value)
	case "boolean":
		return slices.Contains([]string{"true", "false", "0", "1", ""}, strings.ToLower(phpText(value))) && !isList(value)
	case "object":
		_, ok := value.(map[string]any)
		return ok || value == ""
	}
	_, isMap := value.(map[string]any)
	return !isMap
}

func isList(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

func isDate(text string) bool {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}

// phpText is a scalar as PHP turns it into text; "" for anything else.
func phpText(value any) string {
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

// phpList is a list, or a text cut at commas and spaces (wp_parse_list).
func phpList(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	case map[string]any:
		return nil
	}
	var out []any
	for _, word := range strings.FieldsFunc(phpText(value), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
		out = append(out, word)
	}
	return out
}

// phpInt is PHP's (int): the digits at the beginning of a text, else 0.
func phpInt(value any) int64 {
	text := strings.TrimSpace(phpText(value))
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && (text[0] == '-' || text[0] == '+')) {
		end++
	}
	n, err := strconv.ParseInt(text[:end], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// phpDecimal is a number as it was sent. What no shop deals in, by its length
// or its exponent, counts as no number: arithmetic with it would take for ever.
func phpDecimal(text string) (decimal.Decimal, bool) {
	if len(text) > 30 {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil && d.Exponent() < 20 && d.Exponent() > -30
}

// arguments are the request's parameters: the body's over the query's.
func (c *storeCall) arguments() map[string]any {
	args := parseQuery(c.raw)
	for name, raw := range c.body {
		args[name] = decodeAny(raw)
	}
	for name, value := range c.words {
		args[name] = value
	}
	for name, id := range c.ids {
		args[name] = itoa(id)
	}
	return args
}

func decodeAny(raw json.RawMessage) any {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// parseQuery reads a query string as PHP does: a[0][b]=c is a list of objects.
func parseQuery(raw string) map[string]any {
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
