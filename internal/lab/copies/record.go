package copies

import (
	"reflect"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// Record copies a record as writing it down and reading it back would, in a fraction of the
// time. What has no exported fields, such as an amount, is never changed and is shared. A
// slice or map without elements may come back as one that is not there, or the other way
// round.
func Record(r checkout.Record) checkout.Record {
	ownRecord(reflect.ValueOf(&r).Elem())
	return r
}

var ownRecord = ownerOf(reflect.TypeFor[checkout.Record]())

// owner makes a value that was copied share nothing.
type owner func(reflect.Value)

// ownerOf is the owner of a type's values; nil where a copy shares nothing by itself. Types
// that refer to themselves have none.
func ownerOf(t reflect.Type) owner {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return ownTime
	case t.Kind() == reflect.Pointer:
		return ownPointer(ownerOf(t.Elem()))
	case t.Kind() == reflect.Slice:
		return ownSlice(ownerOf(t.Elem()))
	case t.Kind() == reflect.Map:
		return ownMap(ownerOf(t.Elem()))
	case t.Kind() == reflect.Struct:
		return ownStruct(t)
	}
	return nil
}

// ownTime leaves what JSON keeps of a time.
func ownTime(v reflect.Value) {
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		*at = at.Round(0).UTC()
	}
}

func (own owner) of(v reflect.Value) {
	if own != nil {
		own(v)
	}
}

func ownPointer(elem owner) owner {
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(v.Elem())
		elem.of(c.Elem())
		v.Set(c)
	}
}

func ownSlice(elem owner) owner {
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		if elem != nil {
			for i := range v.Len() {
				elem(c.Index(i))
			}
		}
		v.Set(c)
	}
}

func ownMap(elem owner) owner {
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		c := reflect.MakeMapWithSize(v.Type(), v.Len())
		for each := v.MapRange(); each.Next(); {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(each.Value())
			elem.of(value)
			c.SetMapIndex(each.Key(), value)
		}
		v.Set(c)
	}
}

// ownStruct looks at the exported fields whose copies would share something.
func ownStruct(t reflect.Type) owner {
	type part struct {
		at  int
		own owner
	}
	var parts []part
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			if own := ownerOf(f.Type); own != nil {
				parts = append(parts, part{i, own})
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return func(v reflect.Value) {
		for _, p := range parts {
			p.own(v.Field(p.at))
		}
	}
}
