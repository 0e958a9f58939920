package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// ParamErrors collects WordPress' rest_invalid_param.
type ParamErrors struct {
	Names           []string
	Params, Details wp.Object
}

// Add notes what is wrong with a parameter.
func (p *ParamErrors) Add(name, code, message string, data any) {
	p.Names = append(p.Names, name)
	p.Params = p.Params.With(name, message)
	p.Details = p.Details.With(name, wp.Object{{"code", code}, {"message", message}, {"data", data}})
}

// Err is all that was noted as one refusal, nil for nothing.
func (p *ParamErrors) Err() *wire.Error {
	if len(p.Names) == 0 {
		return nil
	}
	return &wire.Error{Status: http.StatusBadRequest, Code: "rest_invalid_param",
		Message: "Invalid parameter(s): " + strings.Join(p.Names, ", "),
		Extra:   wp.Object{{"params", p.Params}, {"details", p.Details}}}
}

// Enum notes a value that is none of the allowed ones.
func (p *ParamErrors) Enum(name string, allowed []string) {
	p.Add(name, "rest_not_in_enum", name+" is not one of "+wp.WordList(allowed)+".", nil)
}

// WrongType notes a value of another type.
func (p *ParamErrors) WrongType(name, param, kind string) {
	p.Add(name, "rest_invalid_type", param+" is not of type "+kind+".", wp.Object{{"param", param}})
}

// bounded checks an integer of the query; a high of 0 is no limit.
func (p *ParamErrors) bounded(query url.Values, name string, low, high int) {
	text := query.Get(name)
	if text == "" {
		return
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		p.WrongType(name, name, "integer")
	case high > 0 && (n < low || n > high):
		p.Add(name, "rest_out_of_bounds", fmt.Sprintf("%s must be between %d (inclusive) and %d (inclusive)", name, low, high), nil)
	case n < low:
		p.Add(name, "rest_out_of_bounds", fmt.Sprintf("%s must be greater than or equal to %d", name, low), nil)
	}
}

// field is one writable parameter and its type in the REST schema.
type field struct {
	name   string
	kind   string // string, integer, number, boolean, array, object
	nested []field
	enum   []string
}

// check validates a body against the schema, in the schema's order.
func checkBody(body map[string]json.RawMessage, schema []field) *wire.Error {
	var bad ParamErrors
	for _, f := range schema {
		raw, ok := body[f.name]
		if !ok {
			continue
		}
		if at, kind := f.wrong(f.name, raw); at != "" {
			bad.WrongType(f.name, at, kind)
		} else if f.enum != nil && !slices.Contains(f.enum, wp.TextOf(raw)) {
			bad.Enum(f.name, f.enum)
		}
	}
	return bad.Err()
}

// wrong answers where a value has the wrong type, and the right type; "" when
// it fits. Nested values are named as WordPress does: line_items[0][total].
func (f field) wrong(at string, raw json.RawMessage) (string, string) {
	if !fitsKind(raw, f.kind) {
		return at, f.kind
	}
	if f.kind == "array" {
		return f.wrongElement(at, raw)
	}
	if f.kind == "object" {
		return wrongMember(at, raw, f.nested)
	}
	return "", ""
}

func (f field) wrongElement(at string, raw json.RawMessage) (string, string) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || f.nested == nil {
		return "", ""
	}
	for i, element := range list {
		name := fmt.Sprintf("%s[%d]", at, i)
		if !fitsKind(element, "object") {
			return name, "object"
		}
		if where, kind := wrongMember(name, element, f.nested); where != "" {
			return where, kind
		}
	}
	return "", ""
}

func wrongMember(at string, raw json.RawMessage, nested []field) (string, string) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return "", ""
	}
	for _, n := range nested {
		if value, ok := members[n.name]; ok {
			if where, kind := n.wrong(at+"["+n.name+"]", value); where != "" {
				return where, kind
			}
		}
	}
	return "", ""
}

// fitsKind is rest_validate_value_from_schema's type test: numbers may come as
// numeric strings, booleans as "true", "false", 0 and 1.
func fitsKind(raw json.RawMessage, kind string) bool {
	text := strings.TrimSpace(string(raw))
	if text == "null" {
		return true // WordPress does not validate null
	}
	switch kind {
	case "string":
		return strings.HasPrefix(text, `"`)
	case "array":
		return strings.HasPrefix(text, "[")
	case "object":
		return strings.HasPrefix(text, "{")
	case "boolean":
		return slices.Contains([]string{"true", "false", "0", "1", `"true"`, `"false"`, `"0"`, `"1"`, `""`}, text)
	}
	d, err := decimal.NewFromString(wp.TextOf(raw))
	return err == nil && (kind == "number" || d.IsInteger())
}

// text, number and flag read a parameter of a body.
func (c *Call) text(name string) (string, bool) {
	raw, ok := c.Body[name]
	return wp.TextOf(raw), ok && string(raw) != "null"
}

func (c *Call) flag(name string) bool {
	text, _ := c.text(name)
	return wp.Truthy(text)
}

// queryInt reads an integer parameter of the query.
func (c *Call) queryInt(name string) int64 {
	n, err := strconv.ParseInt(c.Query.Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
