package storeapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// param is one parameter in a route's schema.
type param struct {
	name     string
	kind     string // integer, number, boolean, string, array, object
	items    *param
	nested   []param
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

// checkParams is WP_REST_Request::has_valid_params followed by
// sanitize_params.
func checkParams(args map[string]any, params []param) *wire.Error {
	var missing []string
	for _, p := range params {
		if p.required && args[p.name] == nil {
			missing = append(missing, p.name)
		}
	}
	if len(missing) > 0 {
		return &wire.Error{Status: 400, Code: "rest_missing_callback_param",
			Message: "Missing parameter(s): " + strings.Join(missing, ", "), Extra: wp.Object{{"params", missing}}}
	}
	for _, late := range []bool{false, true} {
		if err := checkPass(args, params, late); err != nil {
			return err
		}
	}
	return nil
}

func checkPass(args map[string]any, params []param, late bool) *wire.Error {
	var bad rest.ParamErrors
	for _, p := range params {
		value, ok := args[p.name]
		if !ok || p.loose || p.late != late {
			continue
		}
		if !p.validate(&bad, p.name, value) || p.check == nil {
			continue
		}
		if code, message := p.check(value); code != "" {
			bad.Add(p.name, code, message, nil)
		}
	}
	return bad.Err()
}

// validate is rest_validate_value_from_schema; what is wrong goes to bad.
func (p param) validate(bad *rest.ParamErrors, at string, value any) bool {
	switch {
	case value == nil:
		return true
	case !p.hasKind(value):
		bad.WrongType(p.name, at, p.kind)
		return false
	case p.kind == "array":
		return p.elements(bad, at, value)
	case p.kind == "object":
		return p.members(bad, at, value)
	case p.enum != nil && !slices.Contains(p.enum, wp.Text(value)):
		bad.Add(p.name, "rest_not_in_enum", at+" is not one of "+wp.WordList(p.enum)+".", nil)
		return false
	case p.date && !isDate(wp.Text(value)):
		bad.Add(p.name, "rest_invalid_date", "Invalid date.", nil)
		return false
	}
	return p.bounds == nil || p.inBounds(bad, at, wp.Text(value))
}

func (p param) elements(bad *rest.ParamErrors, at string, value any) bool {
	for i, element := range wp.List(value) {
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

func (p param) members(bad *rest.ParamErrors, at string, value any) bool {
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

func (p param) inBounds(bad *rest.ParamErrors, at, text string) bool {
	low, high := p.bounds[0], p.bounds[1]
	n, err := strconv.Atoi(text)
	switch {
	case err == nil && n >= low && (high == 0 || n <= high):
		return true
	case high == 0:
		bad.Add(p.name, "rest_out_of_bounds", fmt.Sprintf("%s must be greater than or equal to %d", at, low), nil)
	default:
		bad.Add(p.name, "rest_out_of_bounds", fmt.Sprintf("%s must be between %d (inclusive) and %d (inclusive)", at, low, high), nil)
	}
	return false
}

// hasKind is the type test: numbers may come as text, booleans as "true",
// "false", 0 and 1, lists as one text, and "" is an empty object.
func (p param) hasKind(value any) bool {
	switch p.kind {
	case "string":
		_, ok := value.(string)
		return ok
	case "number":
		_, err := strconv.ParseFloat(wp.Text(value), 64) // only whether it is one
		return err == nil && !wp.IsList(value)
	case "integer":
		n, err := strconv.ParseFloat(wp.Text(value), 64) // only whether it is whole
		return err == nil && n == float64(int64(n)) && !wp.IsList(value)
	case "boolean":
		return slices.Contains([]string{"true", "false", "0", "1", ""}, strings.ToLower(wp.Text(value))) && !wp.IsList(value)
	case "object":
		_, ok := value.(map[string]any)
		return ok || value == ""
	}
	_, isMap := value.(map[string]any)
	return !isMap
}

func isDate(text string) bool {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}

// arguments are the request's parameters: the body's over the query's.
func (c *Call) arguments() map[string]any {
	args := wp.ParseQuery(c.Raw)
	for name, raw := range c.Body {
		args[name] = wp.DecodeAny(raw)
	}
	for name, value := range c.Words {
		args[name] = value
	}
	for name, id := range c.IDs {
		args[name] = wp.Itoa(id)
	}
	return args
}
