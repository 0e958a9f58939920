package wp

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Member is one key of an object. Its type has no name, so that an object is
// written object{{"id", 7}, {"name", "Shirt"}} wherever one is made.
type Member = struct {
	Key   string
	Value any
}

// Object is a JSON object that keeps the order of its keys, as PHP does.
type Object []Member

// MarshalJSON implements json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(m.Key))
		b.WriteByte(':')
		v, err := PlainJSON(m.Value)
		if err != nil {
			return nil, err
		}
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// With returns the object with one more key at the end.
func (o Object) With(key string, value any) Object {
	return append(o, Member{key, value})
}

// Get answers the value of a key.
func (o Object) Get(key string) (any, bool) {
	for _, m := range o {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

// PlainJSON encodes without Go's HTML escaping.
func PlainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// JSON encodes as PHP's json_encode does with its default flags: slashes
// and everything outside ASCII are escaped.
func JSON(v any) ([]byte, error) {
	plain, err := PlainJSON(v)
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

// FilterFields applies the `_fields` parameter: names, or dotted paths into
// nested objects. Keys that always answer (`_links` of a single object) are
// added by the caller.
func FilterFields(o Object, fields []string) Object {
	if len(fields) == 0 {
		return o
	}
	out := Object{}
	for _, m := range o {
		if v, ok := fieldValue(m, fields); ok {
			out = append(out, Member{m.Key, v})
		}
	}
	return out
}

func fieldValue(m Member, fields []string) (any, bool) {
	var nested []string
	for _, f := range fields {
		f = strings.TrimSpace(f)
		if f == m.Key {
			return m.Value, true
		}
		if rest, ok := strings.CutPrefix(f, m.Key+"."); ok {
			nested = append(nested, rest)
		}
	}
	sub, ok := m.Value.(Object)
	if len(nested) == 0 || !ok {
		return nil, false
	}
	return FilterFields(sub, nested), true
}

// DecodeObject reads a JSON object and keeps its order, nested objects too.
func DecodeObject(raw []byte) (Object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	out := Object{}
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
		out = append(out, Member{name, nestedValue(value)})
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	return out, nil
}

func nestedValue(raw json.RawMessage) any {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '{' {
		if o, err := DecodeObject(trimmed); err == nil {
			return o
		}
	}
	return raw
}
