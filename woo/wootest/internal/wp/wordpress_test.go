package wp_test

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// answers are what a function of WordPress or PHP answered: value and answer.
func answers(t *testing.T, function string) [][2]json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile("testdata/wordpress.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][2]json.RawMessage{}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if len(all[function]) == 0 {
		t.Fatalf("nothing of %s", function)
	}
	return all[function]
}

// same holds a function here against what WordPress answered.
func same[In, Out any](t *testing.T, function string, here func(In) Out) {
	t.Helper()
	for _, pair := range answers(t, function) {
		var value In
		var want Out
		if err := json.Unmarshal(pair[0], &value); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(pair[1], &want); err != nil {
			t.Fatal(err)
		}
		if got := here(value); !reflect.DeepEqual(got, want) {
			t.Errorf("%s(%#v) is %#v, WordPress says %#v", function, value, got, want)
		}
	}
}

func TestAsWordPress(t *testing.T) {
	t.Run("esc_html", func(t *testing.T) { same(t, "esc_html", wp.EscHTML) })
	t.Run("wp_strip_all_tags", func(t *testing.T) { same(t, "wp_strip_all_tags", wp.WithoutTags) })
	t.Run("sanitize_title", func(t *testing.T) { same(t, "sanitize_title", wp.SanitizeTitle) })
	t.Run("is_email", func(t *testing.T) { same(t, "is_email", wp.IsEmail) })
	t.Run("wp_sprintf", func(t *testing.T) { same(t, "wp_sprintf", wp.WordList) })
}

func TestAsPHP(t *testing.T) {
	t.Run("int", func(t *testing.T) { same(t, "int", func(text string) int64 { return wp.Int(text) }) })
	t.Run("json_encode", func(t *testing.T) {
		same(t, "json_encode", func(text string) string {
			raw, err := wp.JSON(text)
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		})
	})
	t.Run("wp_parse_list", func(t *testing.T) {
		same(t, "wp_parse_list", func(text string) []any { return append([]any{}, wp.List(text)...) })
	})
}

// TestParseQuery is parse_str, whose empty answer is a list.
func TestParseQuery(t *testing.T) {
	for _, pair := range answers(t, "parse_str") {
		var query string
		if err := json.Unmarshal(pair[0], &query); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{}
		if string(pair[1]) != "[]" {
			if err := json.Unmarshal(pair[1], &want); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, wp.ParseQuery(query)); diff != "" {
			t.Errorf("%s (-PHP +here)\n%s", query, diff)
		}
	}
}
