package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

// Differ collects where two JSON values differ.
type Differ struct {
	Found []string
	Same  func(path string, want, got any) bool // what more counts as no difference
}

// Compare notes every difference between two decoded values below a path.
func (d *Differ) Compare(path string, want, got any) {
	if kind(want) != kind(got) {
		d.Note(path, "is %s %v, recorded %s %v", kind(got), short(got), kind(want), short(want))
		return
	}
	switch w := want.(type) {
	case map[string]any:
		d.members(path, w, got.(map[string]any))
	case []any:
		d.elements(path, w, got.([]any))
	default:
		if want != got && !d.free(path, want, got) {
			d.Note(path, "is %v, recorded %v", short(got), short(want))
		}
	}
}

// Note keeps a difference found at a path.
func (d *Differ) Note(path, format string, args ...any) {
	d.Found = append(d.Found, path+": "+fmt.Sprintf(format, args...))
}

func (d *Differ) members(path string, want, got map[string]any) {
	keys := make([]string, 0, len(want))
	for k := range want {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		v, ok := got[k]
		if !ok {
			d.Note(path, "has no %q, recorded %v", k, short(want[k]))
			continue
		}
		d.Compare(path+"."+k, want[k], v)
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			d.Note(path, "has %q = %v, not recorded", k, short(got[k]))
		}
	}
}

func (d *Differ) elements(path string, want, got []any) {
	if isUndetermined(path) {
		return
	}
	if len(want) != len(got) {
		d.Note(path, "has %d elements, recorded %d: %v", len(got), len(want), short(got))
	}
	for i := range min(len(want), len(got)) {
		d.Compare(fmt.Sprintf("%s[%d]", path, i), want[i], got[i])
	}
}

// free says whether a difference is not one: a value nothing fixes, or the
// same moment give or take the second in which the request ran.
func (d *Differ) free(path string, want, got any) bool {
	return isUndetermined(path) || isMetaID(path) || isSessionValue(path) || sameMoment(want, got) ||
		d.Same != nil && d.Same(path, want, got)
}

func isUndetermined(path string) bool {
	return slices.ContainsFunc(undetermined, func(name string) bool {
		return strings.HasSuffix(path, "."+name) || strings.Contains(path, "."+name+".")
	})
}

// isMetaID: ids of meta rows are counted together with rows the API never shows.
func isMetaID(path string) bool {
	return strings.HasSuffix(path, ".id") && strings.Contains(path, "meta_data[")
}

// isSessionValue: Customer.session shows WooCommerce's own serialised rows,
// with hashes in them.
func isSessionValue(path string) bool {
	return strings.Contains(path, ".session[") && strings.HasSuffix(path, ".value")
}

func sameMoment(want, got any) bool {
	w, ok1 := want.(string)
	g, ok2 := got.(string)
	if !ok1 || !ok2 {
		return false
	}
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339} {
		a, err1 := time.Parse(layout, w)
		b, err2 := time.Parse(layout, g)
		if err1 == nil && err2 == nil {
			return a.Sub(b).Abs() <= 2*time.Second
		}
	}
	return false
}

// checkCookie compares a cookie but for what is in brackets: hashes, values.
func checkCookie(t *testing.T, have []string, want string) {
	t.Helper()
	parts := strings.FieldsFunc(want, func(r rune) bool { return r == '(' || r == ')' })
	if !slices.ContainsFunc(have, func(text string) bool {
		return strings.HasPrefix(text, parts[0]) && (len(parts) < 3 || strings.HasSuffix(text, parts[2]) || parts[2] == "=")
	}) {
		t.Errorf("cookies %q, recorded %q", have, want)
	}
}

// Decode decodes JSON and keeps numbers as they were written.
func Decode(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return v
}

// kind is a value's JSON type.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func short(v any) string {
	text := fmt.Sprint(v)
	return text[:min(len(text), 160)]
}

// undetermined are members whose value the recording does not fix: random,
// or counted by things outside the recorded requests. Their type is compared.
var undetermined = []string{
	"order_key", "payment_url", "related_ids", "related", "orderKey", "redirect", "cartHash", "sessionToken", "authToken",
}
