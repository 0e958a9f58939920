package pgstore

import (
	"slices"
	"strings"
	"testing"
)

// read is how Postgres reads what array writes.
func read(s string) []string {
	var found []string
	var b strings.Builder
	quoted, escaped := false, false
	for _, r := range strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}") {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			if quoted {
				found = append(found, b.String())
				b.Reset()
			}
			quoted = !quoted
		case quoted:
			b.WriteRune(r)
		}
	}
	return found
}

func FuzzArray(f *testing.F) {
	for _, s := range []string{"", "a", `"`, `\`, `\"`, "{}", "a,b", "NULL", "आशा", "\n"} {
		f.Add(s, "b")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		if !storable(one) || !storable(two) {
			t.Skip()
		}
		want := []string{one, two, one + two}
		value, err := array(want).Value()
		if err != nil {
			t.Fatal(err)
		}
		if got := read(value.(string)); !slices.Equal(got, want) {
			t.Errorf("%q was written as %q, which reads as %q", want, value, got)
		}
	})
}

func TestEmptyArray(t *testing.T) {
	if value, err := array(nil).Value(); err != nil || value != "{}" {
		t.Errorf("got %v, %v", value, err)
	}
}
