package checkouthttp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// document is the OpenAPI file, with as much of JSON Schema 2020-12 as it uses.
type document struct{ root map[string]any }

func contract(t testing.TB) document {
	t.Helper()
	if parsed().root == nil {
		t.Fatal("openapi.json is not an object")
	}
	return parsed()
}

var parsed = sync.OnceValue(func() document {
	root, _ := parse(checkouthttp.OpenAPI()).(map[string]any)
	return document{root}
})

func parse(data []byte) any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// resolve follows references.
func (d document) resolve(v any) map[string]any {
	node, _ := v.(map[string]any)
	for {
		target, ok := node["$ref"].(string)
		if !ok {
			return node
		}
		node = d.root
		for _, step := range strings.Split(strings.TrimPrefix(target, "#/"), "/") {
			node, _ = node[step].(map[string]any)
		}
	}
}

// operations are the operations by "METHOD /path".
func (d document) operations() map[string]map[string]any {
	found := map[string]map[string]any{}
	for path, item := range d.resolve(d.root["paths"]) {
		for method, op := range d.resolve(item) {
			found[strings.ToUpper(method)+" "+path] = d.resolve(op)
		}
	}
	return found
}

// hold checks one exchange: the answer is one that the document names for the operation, and a body that was accepted is
// one that it allows.
func (d document) hold(t testing.TB, r *http.Request, body []byte, a answer) {
	t.Helper()
	op := d.operation(r.Method, r.URL.Path)
	if op == nil {
		if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
			t.Errorf("%s %s is in no contract, and is answered with %d", r.Method, r.URL.Path, a.status)
		}
		return
	}
	response := d.resolve(d.resolve(op["responses"])[fmt.Sprint(a.status)])
	if response == nil {
		t.Errorf("%s %s: status %d is not in the contract: %s", r.Method, r.URL.Path, a.status, a.body)
		return
	}
	for _, wrong := range d.content(response["content"], a.header.Get("Content-Type"), a.body) {
		t.Errorf("answer of %s %s: %s\n%s", r.Method, r.URL.Path, wrong, a.body)
	}
	if sent := d.resolve(op["requestBody"]); sent != nil && a.status < 400 {
		for _, wrong := range d.content(sent["content"], r.Header.Get("Content-Type"), body) {
			t.Errorf("accepted by %s %s: %s\n%s", r.Method, r.URL.Path, wrong, body)
		}
	}
}

// operation finds what a path is about; a fixed path comes before one with a parameter.
func (d document) operation(method, path string) map[string]any {
	operations := d.operations()
	if op, ok := operations[method+" "+path]; ok {
		return op
	}
	for name, op := range operations {
		if fits(name, method+" "+path) {
			return op
		}
	}
	return nil
}

// fits reports whether a path is one of a template's, whose parameters are whole segments.
func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") && g != "" })
}

func (d document) content(kinds any, kind string, body []byte) []string {
	kind, _, _ = mime.ParseMediaType(kind)
	media, _ := d.resolve(kinds)[kind].(map[string]any)
	switch {
	case len(d.resolve(kinds)) == 0 || kind == "application/x-www-form-urlencoded":
		return nil
	case media == nil:
		return []string{"media type " + kind + " is not in the contract"}
	}
	return d.validate(media["schema"], parse(body), "$")
}

// validate returns what is wrong with a value.
func (d document) validate(schema, v any, at string) []string {
	s := d.resolve(schema)
	var wrong []string
	add := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	for keyword, want := range s {
		switch keyword {
		case "type":
			if !isType(want.(string), v) {
				add("%v is not of type %v", v, want)
			}
		case "const":
			if !reflect.DeepEqual(want, v) {
				add("is not %v", want)
			}
		case "enum":
			if !slices.Contains(want.([]any), v) {
				add("%v is none of %v", v, want)
			}
		case "oneOf":
			if n := d.matches(want.([]any), v); n != 1 {
				add("fits %d of its forms", n)
			}
		case "properties", "required", "additionalProperties":
			if fields, ok := v.(map[string]any); ok && keyword != "additionalProperties" {
				wrong = append(wrong, d.fields(keyword, s, fields, at)...)
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				wrong = append(wrong, d.validate(want, item, fmt.Sprintf("%s[%d]", at, i))...)
			}
		case "description", "$ref":
		default:
			wrong = append(wrong, scalar(keyword, want, v, at)...)
		}
	}
	return wrong
}

func (d document) matches(forms []any, v any) (n int) {
	for _, form := range forms {
		if len(d.validate(form, v, "")) == 0 {
			n++
		}
	}
	return n
}

func (d document) fields(keyword string, s, fields map[string]any, at string) []string {
	var wrong []string
	if keyword == "required" {
		for _, name := range s["required"].([]any) {
			if _, ok := fields[name.(string)]; !ok {
				wrong = append(wrong, at+": "+name.(string)+" is missing")
			}
		}
		return wrong
	}
	known := d.resolve(s["properties"])
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		switch schema, ok := known[name]; {
		case ok:
			wrong = append(wrong, d.validate(schema, fields[name], at+"."+name)...)
		case s["additionalProperties"] == false:
			wrong = append(wrong, at+": "+name+" is not in the contract")
		}
	}
	return wrong
}

// scalar checks the keywords of texts and numbers. One that it does not know is a mistake in the document.
func scalar(keyword string, want, v any, at string) []string {
	text, isText := v.(string)
	limit := func() int64 { n, _ := want.(json.Number).Int64(); return n }
	number := func() int64 { n, _ := v.(json.Number); i, _ := n.Int64(); return i }
	var ok bool
	switch keyword {
	case "pattern":
		ok = !isText || regexp.MustCompile(want.(string)).MatchString(text)
	case "minLength":
		ok = !isText || int64(len(text)) >= limit()
	case "maxLength":
		ok = !isText || int64(len(text)) <= limit()
	case "minimum":
		ok = number() >= limit()
	case "maximum":
		ok = number() <= limit()
	case "format":
		_, err := time.Parse(time.RFC3339Nano, text)
		ok = want == "date-time" && err == nil
	default:
		return []string{at + ": keyword " + keyword + " is not understood"}
	}
	if !ok {
		return []string{fmt.Sprintf("%s: %v breaks %s %v", at, v, keyword, want)}
	}
	return nil
}

func isType(name string, v any) (ok bool) {
	switch name {
	case "object":
		_, ok = v.(map[string]any)
	case "array":
		_, ok = v.([]any)
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "integer":
		n, isNumber := v.(json.Number)
		ok = isNumber && !strings.ContainsAny(string(n), ".eE")
	}
	return ok
}
