package cart

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxJSON is the longest body that is decoded, in bytes: room for a full cart, and the most that a request should
// be allowed to send.
const MaxJSON = 1 << 20

// reader decodes JSON by an exact list of fields. Unlike encoding/json it refuses null, unknown fields, fields that
// differ in case, fields given twice, and invalid UTF-8; it nests only as deep as what it decodes.
type reader struct {
	dec tokens
	// local refuses the fields that only a store may know.
	local bool
}

// field decodes the value of one field; path names it in errors.
type field func(path string) error

// read decodes a body that is one value.
func read(data []byte, local bool, value func(*reader) error) error {
	switch {
	case len(data) > MaxJSON:
		return invalid("body", fmt.Sprintf("is longer than %d bytes", MaxJSON))
	case !utf8.Valid(data):
		return invalid("body", "is not valid UTF-8")
	case !json.Valid(data):
		return invalid("body", "is not JSON")
	}
	return value(&reader{dec: tokens{text: data}, local: local})
}

// object decodes an object with these fields and no others; the required ones must be there.
func (r *reader) object(path string, fields map[string]field, required ...string) error {
	if err := r.open(path, '{', "an object"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for r.dec.More() {
		if err := r.member(path, fields, seen); err != nil {
			return err
		}
	}
	for _, name := range required {
		if !seen[name] {
			return invalid(join(path, name), "is missing")
		}
	}
	return r.close()
}

func (r *reader) member(path string, fields map[string]field, seen map[string]bool) error {
	name, err := r.token()
	if err != nil {
		return err
	}
	key, _ := name.(string)
	decode, ok := fields[key]
	if !ok {
		return invalid(join(path, plainName(key)), "is not a field that can be given")
	}
	if seen[key] {
		return invalid(join(path, key), "is given twice")
	}
	seen[key] = true
	return decode(join(path, key))
}

// pairs decodes an object of texts.
func (r *reader) pairs(into *map[string]string) field {
	return func(path string) error {
		if err := r.open(path, '{', "an object of texts"); err != nil {
			return err
		}
		out := map[string]string{}
		for r.dec.More() {
			if err := r.pair(path, out); err != nil {
				return err
			}
		}
		if len(out) > 0 {
			*into = out
		}
		return r.close()
	}
}

func (r *reader) pair(path string, out map[string]string) error {
	token, err := r.token()
	if err != nil {
		return err
	}
	name, _ := token.(string)
	if _, twice := out[name]; twice {
		return invalid(path, "name an entry twice")
	}
	if len(out) >= maxPairs {
		return tooMany(path, maxPairs)
	}
	var value string
	if err := r.text(&value)(path); err != nil {
		return err
	}
	out[name] = value
	return nil
}

// array decodes a list of up to most values.
func (r *reader) array(most int, each field) field {
	return func(path string) error {
		if err := r.open(path, '[', "a list"); err != nil {
			return err
		}
		for i := 0; r.dec.More(); i++ {
			if i >= most {
				return tooMany(path, most)
			}
			if err := each(fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return r.close()
	}
}

func (r *reader) texts(most int, into *[]string) field {
	return r.array(most, func(path string) error {
		var s string
		if err := r.text(&s)(path); err != nil {
			return err
		}
		*into = append(*into, s)
		return nil
	})
}

func (r *reader) text(into *string) field {
	return func(path string) error {
		token, err := r.token()
		if err != nil {
			return err
		}
		s, ok := token.(string)
		if !ok {
			return wrong(path, token, "a text")
		}
		*into = s
		return nil
	}
}

// integer decodes a whole number written as digits: no fraction, no exponent, no quotes.
func (r *reader) integer(into *int64) field {
	return func(path string) error {
		token, err := r.token()
		if err != nil {
			return err
		}
		number, ok := token.(json.Number)
		if !ok {
			return wrong(path, token, "a whole number")
		}
		n, err := strconv.ParseInt(string(number), 10, 64)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return invalid(path, "is out of range")
		case err != nil:
			return invalid(path, "is not a whole number")
		}
		*into = n
		return nil
	}
}

func (r *reader) instant(into *time.Time) field {
	return func(path string) error {
		var s string
		if err := r.text(&s)(path); err != nil {
			return err
		}
		t, err := time.Parse(time.RFC3339Nano, s)
		if t = t.UTC(); err != nil || t.Year() < 1 || t.Year() > 9999 {
			return invalid(path, "is not a time in RFC 3339")
		}
		*into = t
		return nil
	}
}

func (r *reader) open(path string, delim json.Delim, what string) error {
	token, err := r.token()
	if err != nil {
		return err
	}
	if token != delim {
		return wrong(path, token, what)
	}
	return nil
}

func (r *reader) close() error {
	_, err := r.token()
	return err
}

func (r *reader) token() (json.Token, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, invalid("body", "is not JSON")
	}
	return token, nil
}

func wrong(path string, token json.Token, what string) error {
	if path == "" {
		path = "body"
	}
	if token == nil {
		return invalid(path, "is null")
	}
	return invalid(path, "is not "+what)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// within names the place of an invalid field.
func within(path string, err error) error {
	var bad *InvalidError
	if !errors.As(err, &bad) {
		return err
	}
	return invalid(join(path, bad.Field), bad.Reason)
}

// plainName repeats the name of an unknown field only if it is a short plain word.
func plainName(name string) string {
	if len(name) > 32 || strings.ContainsFunc(name, func(r rune) bool { return !isWordRune(r) }) {
		return "(unknown)"
	}
	return name
}
