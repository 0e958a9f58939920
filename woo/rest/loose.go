package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// PHP writes one value in several JSON types: an id as 12 or "12", a flag as
// true, 1 or "yes", nothing as "", null, false or [], a list with holes as an
// object, an empty object as []. A decoder reads them all into plain Go types
// and refuses what means something else.

// FieldError says which part of an answer could not be read. It stands below a
// *woo.Error, beside woo.ErrBadAnswer.
type FieldError struct {
	Path string // for example "[3].stock_quantity"
	Want string // for example "a whole number"
}

// Error implements error.
func (e *FieldError) Error() string {
	return fmt.Sprintf("%s is not %s", cmp.Or(e.Path, "the answer"), e.Want)
}

// loosely decodes JSON into what into points to.
type loosely struct{ into any }

// UnmarshalJSON implements json.Unmarshaler.
func (l loosely) UnmarshalJSON(data []byte) error {
	tree, err := parse(data)
	if err != nil {
		return err
	}
	return decoder{}.decode(tree, l.into)
}

// parse reads JSON without making floats of its numbers.
func parse(data []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// decoder knows where in the answer it is.
type decoder struct{ path string }

// looseType reads itself from a part of an answer.
type looseType interface {
	loosely(d decoder, from any) error
}

// decode reads from into what the pointer into points to.
func (d decoder) decode(from, into any) error { return d.value(from, reflect.ValueOf(into).Elem()) }

func (d decoder) at(part string) decoder { return decoder{d.path + part} }

func (d decoder) wants(want string) error {
	return &FieldError{Path: strings.TrimPrefix(d.path, "."), Want: want}
}

func (d decoder) value(from any, v reflect.Value) error {
	if own, ok := v.Addr().Interface().(looseType); ok {
		return own.loosely(d, from)
	}
	if raw, ok := v.Addr().Interface().(*json.RawMessage); ok {
		text, err := json.Marshal(from)
		*raw = text
		return err
	}
	switch v.Kind() {
	case reflect.String:
		text, ok := scalar(from)
		v.SetString(text)
		return d.unless(ok, "a text")
	case reflect.Bool:
		flag, ok := boolean(from)
		v.SetBool(flag)
		return d.unless(ok, "yes or no")
	case reflect.Int, reflect.Int64:
		n, ok := whole(from)
		v.SetInt(n)
		return d.unless(ok, "a whole number")
	case reflect.Pointer:
		return d.pointer(from, v)
	case reflect.Slice:
		return d.slice(from, v)
	case reflect.Map:
		return d.table(from, v)
	case reflect.Struct:
		return d.fields(from, v)
	}
	return fmt.Errorf("rest: no way to read a %s", v.Type())
}

func (d decoder) unless(ok bool, want string) error {
	if ok {
		return nil
	}
	return d.wants(want)
}

// nothing reports whether a value is one of PHP's words for none.
func nothing(from any) bool {
	switch from := from.(type) {
	case nil:
		return true
	case bool:
		return !from
	case string:
		return from == ""
	case []any:
		return len(from) == 0
	}
	return false
}

func (d decoder) pointer(from any, v reflect.Value) error {
	if nothing(from) && (from != false || v.Type().Elem().Kind() != reflect.Bool) {
		v.SetZero()
		return nil
	}
	p := reflect.New(v.Type().Elem())
	v.Set(p)
	return d.value(from, p.Elem())
}

func (d decoder) slice(from any, v reflect.Value) error {
	list, ok := from.([]any)
	if holed, isObject := from.(map[string]any); isObject {
		list, ok = inOrder(holed)
	}
	if !ok && (!nothing(from) || d.path == "") {
		return d.wants("a list")
	}
	if len(list) == 0 {
		v.SetZero()
		return nil
	}
	out := reflect.MakeSlice(v.Type(), len(list), len(list))
	for i, item := range list {
		if err := d.at("["+strconv.Itoa(i)+"]").value(item, out.Index(i)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

// inOrder are the values of a PHP list with holes, by number.
func inOrder(holed map[string]any) ([]any, bool) {
	numbers := make([]int, 0, len(holed))
	for key := range holed {
		n, err := strconv.Atoi(key)
		if err != nil {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	list := make([]any, len(numbers))
	for i, n := range numbers {
		list[i] = holed[strconv.Itoa(n)]
	}
	return list, len(list) > 0
}

func (d decoder) table(from any, v reflect.Value) error {
	object, ok := from.(map[string]any)
	if !ok {
		v.SetZero()
		return d.unless(nothing(from), "an object")
	}
	out := reflect.MakeMapWithSize(v.Type(), len(object))
	for key, item := range object {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := d.at("."+key).value(item, value); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(key), value)
	}
	v.Set(out)
	return nil
}

func (d decoder) fields(from any, v reflect.Value) error {
	object, ok := from.(map[string]any)
	if !ok {
		return d.unless(nothing(from) && d.path != "", "an object")
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			if err := d.fields(from, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		item, sent := object[name]
		if !sent {
			continue
		}
		if err := d.at("."+name).value(item, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}
