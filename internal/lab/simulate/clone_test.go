package simulate_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ankkor/ankkor/checkout"
)

// clone copies a record as writing it down and reading it back would, in a tenth of the
// time. What has no exported fields, such as an amount, is never changed and is shared.
func clone(r checkout.Record) checkout.Record {
	return deep(reflect.ValueOf(r)).Interface().(checkout.Record)
}

var timeType = reflect.TypeFor[time.Time]()

func deep(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(deep(v.Elem()))
		return c
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(deep(v.Index(i)))
		}
		return c
	case reflect.Map:
		return deepMap(v)
	case reflect.Struct:
		return deepStruct(v)
	}
	return v
}

func deepMap(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	c := reflect.MakeMapWithSize(v.Type(), v.Len())
	for each := v.MapRange(); each.Next(); {
		c.SetMapIndex(each.Key(), deep(each.Value()))
	}
	return c
}

func deepStruct(v reflect.Value) reflect.Value {
	if v.Type() == timeType {
		return reflect.ValueOf(v.Interface().(time.Time).Round(0).UTC())
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && refers(v.Field(i).Kind()) {
			c.Field(i).Set(deep(v.Field(i)))
		}
	}
	return c
}

func refers(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Struct:
		return true
	}
	return false
}

// load answers from memory what the store would read, and now and then asks the store.
func (w *world) load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	r, ok := w.loaded[id]
	if w.loads++; !ok || w.loads%16 == 0 {
		return w.records.Load(ctx, id)
	}
	return clone(r), nil
}

// TestCloneIsWhatIsRead: a copy in memory says what the store says.
func TestCloneIsWhatIsRead(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		live(t, seed, false, sabotage{looks: func(w *world) {
			for id, r := range w.loaded {
				read, err := w.records.Load(t.Context(), id)
				must(t, err)
				if diff := cmp.Diff(read, clone(r), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("seed %d (-read +copied):\n%s", seed, diff)
				}
			}
		}})
	}
}
