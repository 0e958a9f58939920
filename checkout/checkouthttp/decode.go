package checkouthttp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep a body may nest.
const MaxDepth = 32

// FieldError names one field of a request that was refused, and why. It never repeats the value.
type FieldError struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// bodyError says that a body cannot be read as what the operation takes.
type bodyError []FieldError

// Error implements error.
func (e bodyError) Error() string {
	return fmt.Sprintf("checkouthttp: %d fields cannot be read", len(e))
}

func invalidBody(field, reason string) error { return bodyError{{Field: field, Reason: reason}} }

// form is an object that was sent, taken apart field by field. What is left over at the end was no field.
type form struct {
	path   string
	fields map[string]any
	errs   *bodyError
}

// parseForm reads one JSON object and nothing else.
func parseForm(data []byte) (*form, error) {
	switch {
	case !utf8.Valid(data):
		return nil, invalidBody("body", "is not valid UTF-8")
	case !json.Valid(data):
		return nil, invalidBody("body", "is not JSON")
	}
	p := parser{json.NewDecoder(bytes.NewReader(data))}
	p.UseNumber()
	value, err := p.value("", 1)
	if err != nil {
		return nil, err
	}
	fields, isObject := value.(map[string]any)
	if !isObject {
		return nil, invalidBody("body", "is not an object")
	}
	return &form{fields: fields, errs: &bodyError{}}, nil
}

// text takes a text field; one that is not given is empty.
func (f *form) text(name string) string {
	s, _ := take[string](f, name, "a text")
	return s
}

// needText is text for a field that must be given and say something.
func (f *form) needText(name string) string {
	s, given := take[string](f, name, "a text")
	if s == "" && (given || !f.complained(name)) {
		f.complain(name, "is required")
	}
	return s
}

// whole takes a whole number, which must be given.
func (f *form) whole(name string) int64 {
	number, given := take[json.Number](f, name, "a whole number")
	if !given {
		if !f.complained(name) {
			f.complain(name, "is required")
		}
		return 0
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		f.complain(name, "is not a whole number, or out of range")
	}
	return n
}

// object takes an object; one that is not given is empty.
func (f *form) object(name string) (inner *form, given bool) {
	fields, given := take[map[string]any](f, name, "an object")
	return &form{path: join(f.path, name), fields: fields, errs: f.errs}, given
}

// take removes a field and returns it as a T.
func take[T any](f *form, name, want string) (value T, given bool) {
	raw, present := f.fields[name]
	delete(f.fields, name)
	value, given = raw.(T)
	if present && !given {
		f.complain(name, "is not "+want)
	}
	return value, given
}

func (f *form) complain(name, reason string) {
	*f.errs = append(*f.errs, FieldError{Field: join(f.path, name), Reason: reason})
}

func (f *form) complained(name string) bool {
	for _, e := range *f.errs {
		if e.Field == join(f.path, name) {
			return true
		}
	}
	return false
}

// done refuses what is left over, and returns all that was wrong.
func (f *form) done() error {
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		f.complain(plainName(name), "is not a field that can be given")
	}
	if len(*f.errs) > 0 {
		return *f.errs
	}
	return nil
}

// parser reads JSON that is known to be valid, more strictly than encoding/json does.
type parser struct{ *json.Decoder }

func (p parser) value(path string, depth int) (any, error) {
	token, err := p.Token()
	if err != nil {
		return nil, invalidBody("body", "is not JSON")
	}
	if _, opens := token.(json.Delim); opens && depth > MaxDepth {
		return nil, invalidBody("body", fmt.Sprintf("nests deeper than %d levels", MaxDepth))
	}
	switch token {
	case nil:
		return nil, invalidBody(orBody(path), "is null")
	case json.Delim('{'):
		return p.object(path, depth)
	case json.Delim('['):
		return p.list(path, depth)
	}
	return token, nil
}

func (p parser) object(path string, depth int) (any, error) {
	fields := map[string]any{}
	for p.More() {
		token, err := p.Token()
		if err != nil {
			return nil, invalidBody("body", "is not JSON")
		}
		name, _ := token.(string)
		at := join(path, plainName(name))
		if _, twice := fields[name]; twice {
			return nil, invalidBody(at, "is given twice")
		}
		if fields[name], err = p.value(at, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := p.Token()
	return fields, err
}

func (p parser) list(path string, depth int) (any, error) {
	items := []any{}
	for p.More() {
		item, err := p.value(fmt.Sprintf("%s[%d]", path, len(items)), depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := p.Token()
	return items, err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

// plainName repeats the name of a field only if it is a short plain word.
func plainName(name string) string {
	plain := func(r rune) bool {
		return r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
	}
	if name == "" || len(name) > 32 || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		return "(unknown)"
	}
	return name
}
