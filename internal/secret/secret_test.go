package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"log"
	"log/slog"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/internal/secret"
)

const canary = "kAnArY-7f3c9e51"

// leaks reports whether text shows the canary, plainly or in a spelling that a
// formatter may give it.
func leaks(text string) bool {
	for _, form := range []string{"%s", "%x", "%X", "%q", "%v", "% x", "%#x", "%d"} {
		shown := strings.Trim(fmt.Sprintf(form, []byte(canary)), `"[]`)
		if strings.Contains(text, shown) {
			return true
		}
	}
	return strings.Contains(text, canary)
}

type exported struct {
	Name string
	Key  secret.Secret
}

type unexported struct {
	name string
	key  secret.Secret
}

type pointing struct {
	key *secret.Secret
}

type embedding struct {
	secret.Secret
	Name string
}

// carriers is every way in which a secret travels inside something printed.
func carriers() map[string]any {
	s := secret.New(canary)
	return map[string]any{
		"value":              s,
		"pointer":            &s,
		"exported field":     exported{Name: "a", Key: s},
		"unexported field":   unexported{name: "a", key: s},
		"pointer to struct":  &unexported{name: "a", key: s},
		"unexported pointer": pointing{key: &s},
		"embedded":           embedding{Secret: s, Name: "a"},
		"map value":          map[string]secret.Secret{"a": s},
		"map of structs":     map[string]unexported{"a": {key: s}},
		"slice":              []secret.Secret{s},
		"array":              [1]unexported{{key: s}},
		"interface":          []any{s, &s, unexported{key: s}},
		"nested":             struct{ in struct{ s secret.Secret } }{in: struct{ s secret.Secret }{s: s}},
	}
}

func TestNoVerbPrintsASecret(t *testing.T) {
	verbs := []string{
		"%v", "%+v", "%#v", "%s", "%+s", "%#s", "%q", "%#q", "%+q", "%x", "%X", "% x", "%#x", "%d",
		"%c", "%U", "%t", "%b", "%o", "%O", "%e", "%g", "%p", "%T", "%w", "%z", "%20s", "%.3s", "%-40v|",
	}
	for name, carrier := range carriers() {
		for _, verb := range verbs {
			if out := fmt.Sprintf(verb, carrier); leaks(out) {
				t.Errorf("%s with %s prints %q", name, verb, out)
			}
		}
		noVerb := strings.Repeat("-", 3) // not a constant: vet knows this mistake
		if out := fmt.Sprintf(noVerb, carrier); leaks(out) {
			t.Errorf("%s as an extra operand prints %q", name, out)
		}
		if out := fmt.Sprint(carrier) + fmt.Sprintln(carrier); leaks(out) {
			t.Errorf("%s with Sprint prints %q", name, out)
		}
		if err := fmt.Errorf("failed with %v: %w", carrier, errors.New("cause")); leaks(err.Error()) {
			t.Errorf("%s in an error prints %q", name, err)
		}
	}
}

func TestNoLoggerPrintsASecret(t *testing.T) {
	for name, carrier := range carriers() {
		var out bytes.Buffer
		for _, handler := range []slog.Handler{
			slog.NewTextHandler(&out, nil),
			slog.NewJSONHandler(&out, nil),
		} {
			logger := slog.New(handler)
			logger.Info("direct", "key", carrier)
			logger.With("key", carrier).WithGroup("g").Info("with", slog.Any("again", carrier))
		}
		log.New(&out, "", 0).Println("plain", carrier)
		if leaks(out.String()) {
			t.Errorf("%s logged: %s", name, out.String())
		}
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	encoders := map[string]func(any) string{
		"json": func(v any) string { b, err := json.Marshal(v); return string(b) + fmt.Sprint(err) },
		"json indented": func(v any) string {
			b, err := json.MarshalIndent(map[string]any{"v": v}, "", " ")
			return string(b) + fmt.Sprint(err)
		},
		"xml": func(v any) string { b, err := xml.Marshal(v); return string(b) + fmt.Sprint(err) },
		"gob": func(v any) string {
			var out bytes.Buffer
			err := gob.NewEncoder(&out).Encode(v)
			return out.String() + fmt.Sprint(err)
		},
		"text/template": func(v any) string {
			var out strings.Builder
			err := texttemplate.Must(texttemplate.New("t").Parse("{{.}} {{printf \"%v\" .}} {{js .}}")).Execute(&out, v)
			return out.String() + fmt.Sprint(err)
		},
		"html/template": func(v any) string {
			var out strings.Builder
			err := template.Must(template.New("t").Parse(`<a href="{{.}}">{{.}}</a><script>x={{.}}</script>`)).Execute(&out, v)
			return out.String() + fmt.Sprint(err)
		},
	}
	for encoder, encode := range encoders {
		for name, carrier := range carriers() {
			if out := encode(carrier); leaks(out) {
				t.Errorf("%s of %s shows the secret: %q", encoder, name, out)
			}
		}
	}
}

func TestDecodingErrorsDoNotEchoASecret(t *testing.T) {
	var into exported
	err := json.Unmarshal([]byte(`{"Key":"`+canary+`"}`), &into)
	if err == nil || leaks(err.Error()) {
		t.Errorf("decoding JSON into a secret: %v, want an error without the text", err)
	}
	if !into.Key.IsZero() {
		t.Error("a secret was read from JSON, where it would have been written redacted")
	}
}

func TestGobRefusesToEncode(t *testing.T) {
	err := gob.NewEncoder(&bytes.Buffer{}).Encode(exported{Key: secret.New(canary)})
	if !errors.Is(err, secret.ErrEncode) {
		t.Errorf("gob: %v, want ErrEncode", err)
	}
}

func TestPanicValueIsRedacted(t *testing.T) {
	// The runtime prints a panic value through its String method.
	defer func() {
		if out := recover().(fmt.Stringer).String(); out != secret.Redacted {
			t.Errorf("a panic would print %q", out)
		}
	}()
	panic(secret.New(canary))
}

func TestRevealAndMeasure(t *testing.T) {
	tests := []struct {
		text string
		zero bool
	}{
		{"", true},
		{"a", false},
		{canary, false},
		{"\x00\xff", false},
	}
	for _, test := range tests {
		s := secret.New(test.text)
		if got := s.Reveal(); got != test.text {
			t.Errorf("New(%q).Reveal() = %q", test.text, got)
		}
		if s.IsZero() != test.zero || s.Len() != len(test.text) {
			t.Errorf("New(%q): IsZero %v, Len %d", test.text, s.IsZero(), s.Len())
		}
	}
	var zero secret.Secret
	if zero.Reveal() != "" || !zero.IsZero() || zero.Len() != 0 || zero.String() != secret.Redacted {
		t.Error("the zero value is not the empty secret")
	}
}

func TestEqual(t *testing.T) {
	a, b, c := secret.New(canary), secret.New(canary), secret.New("other")
	if !a.Equal(b) || a.Equal(c) || a.Equal(secret.Secret{}) || !(secret.Secret{}).Equal(secret.New("")) {
		t.Error("Equal does not compare the text")
	}
	if diff := cmp.Diff(exported{Key: a}, exported{Key: c}); diff == "" || leaks(diff) {
		t.Errorf("go-cmp shows %q, want a difference without the text", diff)
	}
}
