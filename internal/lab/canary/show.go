package canary

import (
	"bytes"
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"reflect"
)

// shown is what came of a value in one way of showing it.
type shown struct {
	how  string
	text string
	// lawful says that personal data may be there: a form that is meant to be read back, also where a handler of slog
	// encodes what a value is nested in, or a field that is not exported, where package fmt calls no method of the value
	// in it. A secret keeps to itself even there.
	lawful bool
}

// verbs are those with which anybody prints anything.
var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%08v"}

// ownField is a field of somebody's type that only they can name.
const ownField = "in a field not exported"

// show shows a value in every way: alone, pointed to, inside of other values and in an error. What is only handed
// around by its pointer, an error or something with a lock, is shown through that alone.
func show(v reflect.Value) []shown {
	value, pointer := v.Interface(), v.Addr().Interface()
	if _, isError := pointer.(error); isError || locked(v.Type(), 0) {
		value = pointer
	}
	var list []shown
	for name, v := range map[string]any{
		"": value, "&": pointer, "in a struct": struct{ V any }{value}, ownField: struct{ v any }{value},
		"in a list": []any{value}, "in a map": map[string]any{"v": value},
	} {
		for _, verb := range verbs {
			list = append(list, shown{how: verb + " " + name, text: printed(verb, v), lawful: name == ownField})
		}
		nested := name != "" && name != "&" // encoded, not printed
		list = append(list, logged("slog JSON "+name, v, nested, func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }),
			logged("slog text "+name, v, name == ownField, func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }))
	}
	list = append(list, shown{how: "in an error", text: fmt.Errorf("it failed: %v", value).Error()})
	return append(list, encoded(value, pointer)...)
}

// locked says whether a type holds a lock.
func locked(t reflect.Type, depth int) bool {
	if t.Kind() != reflect.Struct || depth > maxDepth {
		return false
	}
	if t.PkgPath() == "sync" || t.PkgPath() == "sync/atomic" {
		return true
	}
	for i := range t.NumField() {
		if locked(t.Field(i).Type, depth+1) {
			return true
		}
	}
	return false
}

// printed prints with a verb; what panics says so itself, and is searched like the rest.
func printed(verb string, v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint("panic: ", r)
		}
	}()
	return fmt.Sprintf(verb, v)
}

func logged(how string, v any, lawful bool, handler func(io.Writer) slog.Handler) shown {
	var out bytes.Buffer
	slog.New(handler(&out)).Error("it failed", "value", v)
	return shown{how: how, text: out.String(), lawful: lawful}
}

// encoded is a value in the forms that are read back. An error is searched, too.
func encoded(value, pointer any) []shown {
	var list []shown
	add := func(how string, data []byte, err error) {
		list = append(list, shown{how: how, text: string(data), lawful: true}, shown{how: "the error of " + how, text: fmt.Sprint(err)})
	}
	data, err := json.Marshal(pointer)
	add("json", data, err)
	data, err = xml.Marshal(pointer)
	add("xml", data, err)
	for _, v := range []any{value, pointer} {
		if m, ok := v.(encoding.TextMarshaler); ok {
			data, err = m.MarshalText()
			add("text", data, err)
		}
	}
	return list
}

// Leak is a mark where it must not be.
type Leak struct {
	Type, How string
	What      []string
}

// leaks shows a value in every way and returns where marks are seen.
func leaks(name string, secrets, persons finder, v reflect.Value) []Leak {
	var found []Leak
	for _, s := range show(v) {
		what := secrets.find(s.text)
		if !s.lawful {
			what = append(what, persons.find(s.text)...)
		}
		if len(what) > 0 {
			found = append(found, Leak{Type: name, How: s.how, What: what})
		}
	}
	return found
}
