package canary

import (
	"reflect"
	"strings"
	"time"
	"unsafe"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/internal/secret"
)

// maxDepth bounds types that hold themselves.
const maxDepth = 12

// Filler makes values that have something in every field, and marks in those that are a secret's or a person's.
type Filler struct {
	// Secret and Person are what is put into fields that say by their name, or by their type, what they hold.
	Secret, Person string
	// Of names fields of a type that hold a person's data although their names do not say so: "mail.Letter" → "To".
	Of map[string][]string
}

// secretive are names of fields that hold a secret whatever their type.
var secretive = words("secret keysecret previouskeysecret password passphrase refreshtoken accesstoken authtoken bearer sessiontoken carttoken " +
	"jwtsecret authorization resetkey consumersecret apikey privatekey cookie nonce")

// personal are names of fields that hold what somebody wrote about themselves. A city or a PIN alone is nobody. A payment
// callback's signature travels and is stored as they do, and has no place in a log either.
var personal = words("firstname lastname company address1 address2 email phone contact vpa customernote username displayname " +
	"billingemail recipient ipaddress useragent nicename engraving signature")

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// New makes a value of the type, filled. Fields that are not exported are filled, too: they print.
func (f Filler) New(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	f.fill(v, "", "", 0)
	return v
}

// fill fills one value. Name is the field it is in, of the type that has it.
func (f Filler) fill(v reflect.Value, name, of string, depth int) {
	if depth > maxDepth || f.special(v) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text(name, of))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Pointer:
		if fillable(v.Type().Elem()) {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), name, of, depth+1)
		}
	case reflect.Slice:
		f.slice(v, name, of, depth)
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), name, of, depth+1)
		}
	case reflect.Map:
		f.mapping(v, name, of, depth)
	case reflect.Struct:
		f.fields(v, depth)
	}
}

// special fills types whose inside is not ours, or which are marked by what they are.
func (f Filler) special(v reflect.Value) bool {
	switch v.Interface().(type) {
	case secret.Secret:
		v.Set(reflect.ValueOf(secret.New(f.Secret)))
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)))
	case time.Duration:
		v.SetInt(int64(time.Second))
	case decimal.Decimal:
		v.Set(reflect.ValueOf(decimal.NewFromInt(7)))
	case reflect.Value:
	default:
		return !fillable(v.Type())
	}
	return true
}

// fillable says whether a type's inside is data of ours: not a lock, a client or a clock of the standard library.
func fillable(t reflect.Type) bool {
	if t.Kind() == reflect.Struct && t.PkgPath() != "" {
		return strings.HasPrefix(t.PkgPath(), module)
	}
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		return false
	}
	return true
}

const module = "github.com/ankkor/ankkor"

func (f Filler) text(name, of string) string {
	folded := strings.ToLower(name)
	for _, own := range f.Of[of] {
		if own == name {
			return f.Person
		}
	}
	switch {
	case secretive[folded]:
		return f.Secret
	case personal[folded]:
		return f.Person
	}
	return "x"
}

func (f Filler) slice(v reflect.Value, name, of string, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes([]byte(f.text(name, of)))
		return
	}
	if !fillable(v.Type().Elem()) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	f.fill(v.Index(0), name, of, depth+1)
}

func (f Filler) mapping(v reflect.Value, name, of string, depth int) {
	if !fillable(v.Type().Elem()) || !fillable(v.Type().Key()) {
		return
	}
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	f.fill(key, "", "", depth+1)
	f.fill(value, name, of, depth+1)
	v.Set(reflect.MakeMap(v.Type()))
	v.SetMapIndex(key, value)
}

func (f Filler) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if !field.IsExported() {
			value = reflect.NewAt(value.Type(), unsafe.Pointer(value.UnsafeAddr())).Elem() //nolint:gosec // to see what it prints
		}
		f.fill(value, field.Name, typeName(v.Type()), depth+1)
	}
}

// typeName is a type's name as its users write it: "checkout.Address".
func typeName(t reflect.Type) string { return t.String() }
