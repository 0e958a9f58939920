package wootest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// member is one key of an object. Its type has no name, so that an object is
// written object{{"id", 7}, {"name", "Shirt"}} wherever one is made.
type member = struct {
	key   string
	value any
}

// object is a JSON object that keeps the order of its keys, as PHP does.
type object []member

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(m.key))
		b.WriteByte(':')
		v, err := plainJSON(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// with returns the object with one more key at the end.
func (o object) with(key string, value any) object {
	return append(o, member{key, value})
}

// get answers the value of a key.
func (o object) get(key string) (any, bool) {
	for _, m := range o {
		if m.key == key {
			return m.value, true
		}
	}
	return nil, false
}

// plainJSON encodes without Go's HTML escaping.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// phpJSON encodes as PHP's json_encode does with its default flags: slashes
// and everything outside ASCII are escaped.
func phpJSON(v any) ([]byte, error) {
	plain, err := plainJSON(v)
	if err != nil {
		return nil, err
	}
	return phpEscape(plain), nil
}

func phpEscape(plain []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(plain) + len(plain)/8)
	for i := 0; i < len(plain); {
		c := plain[i]
		switch {
		case c == '\\':
			b.Write(plain[i : i+2])
			i += 2
		case c == '/':
			b.WriteString(`\/`)
			i++
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			i++
		default:
			r, n := utf8.DecodeRune(plain[i:])
			writeEscaped(&b, r)
			i += n
		}
	}
	return b.Bytes()
}

func writeEscaped(b *bytes.Buffer, r rune) {
	if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
		writeUnit(b, hi)
		writeUnit(b, lo)
		return
	}
	writeUnit(b, r)
}

func writeUnit(b *bytes.Buffer, r rune) {
	hex := strconv.FormatInt(int64(r), 16)
	b.WriteString(`\u`)
	b.WriteString(strings.Repeat("0", 4-len(hex)))
	b.WriteString(hex)
}

// filterFields applies the `_fields` parameter: names, or dotted paths into
// nested objects. Keys that always answer (`_links` of a single object) are
// added by the caller.
func filterFields(o object, fields []string) object {
	if len(fields) == 0 {
		return o
	}
	out := object{}
	for _, m := range o {
		if v, ok := fieldValue(m, fields); ok {
			out = append(out, member{m.key, v})
		}
	}
	return out
}

func fieldValue(m member, fields []string) (any, bool) {
	var nested []string
	for _, f := range fields {
		f = strings.TrimSpace(f)
		if f == m.key {
			return m.value, true
		}
		if rest, ok := strings.CutPrefix(f, m.key+"."); ok {
			nested = append(nested, rest)
		}
	}
	sub, ok := m.value.(object)
	if len(nested) == 0 || !ok {
		return nil, false
	}
	return filterFields(sub, nested), true
}

// decodeObject reads a JSON object and keeps its order, nested objects too.
func decodeObject(raw []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	out := object{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		name, _ := key.(string)
		out = append(out, member{name, nestedValue(value)})
	}
	return out, nil
}

func nestedValue(raw json.RawMessage) any {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '{' {
		if o, err := decodeObject(trimmed); err == nil {
			return o
		}
	}
	return raw
}
