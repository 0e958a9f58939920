package checkouthttp_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// The document names the routes that there are, no more and no fewer.
func TestContractNamesTheRoutes(t *testing.T) {
	routes := newShop(t).api.Routes()
	slices.Sort(routes)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(contract(t).operations())), routes); diff != "" {
		t.Errorf("document and routes differ (-document +routes):\n%s", diff)
	}
}

// Every code is in the document, and has a status that some operation can answer with.
func TestContractNamesTheCodes(t *testing.T) {
	d := contract(t)
	var named []string
	problem := d.resolve(map[string]any{"$ref": "#/components/schemas/Problem"})
	for _, code := range d.resolve(d.resolve(problem["properties"])["code"])["enum"].([]any) {
		named = append(named, code.(string))
	}
	slices.Sort(named)
	statuses := map[string]bool{"405": true} // of no operation, but of a path
	for _, op := range d.operations() {
		for status := range d.resolve(op["responses"]) {
			statuses[status] = true
		}
	}
	var there []string
	for code, status := range checkouthttp.Codes() {
		there = append(there, string(code))
		if !statuses[strconv.Itoa(status)] {
			t.Errorf("no operation answers with %d, the status of %s", status, code)
		}
	}
	slices.Sort(there)
	if diff := cmp.Diff(named, there); diff != "" {
		t.Errorf("document and codes differ (-document +codes):\n%s", diff)
	}
}

// Every reference leads somewhere, every operation has a name of its own, and no shopper's request can carry an amount.
func TestContractHoldsTogether(t *testing.T) {
	d := contract(t)
	names := map[string]bool{}
	for route, op := range d.operations() {
		name, _ := op["operationId"].(string)
		if name == "" || names[name] {
			t.Errorf("%s: operationId %q is empty or taken", route, name)
		}
		names[name] = true
		if staff, _ := op["tags"].([]any); slices.Contains(staff, any("staff")) {
			continue
		}
		for field := range fieldsOf(d, op["requestBody"]) {
			for _, word := range []string{"price", "amount", "total", "tax", "discount", "fee", "cost"} {
				if strings.Contains(field, word) {
					t.Errorf("%s takes %s", route, field)
				}
			}
		}
	}
	for _, target := range references(d.root) {
		if d.resolve(map[string]any{"$ref": target}) == nil {
			t.Errorf("%s leads nowhere", target)
		}
	}
}

// fieldsOf are the names of all properties below a node.
func fieldsOf(d document, node any) map[string]bool {
	found := map[string]bool{}
	for name, below := range d.resolve(node) {
		if name == "properties" {
			for field, schema := range d.resolve(below) {
				found[field] = true
				maps.Copy(found, fieldsOf(d, schema))
			}
			continue
		}
		if list, ok := below.([]any); ok {
			for _, item := range list {
				maps.Copy(found, fieldsOf(d, item))
			}
		}
		maps.Copy(found, fieldsOf(d, below))
	}
	return found
}

func references(node any) (found []string) {
	switch v := node.(type) {
	case map[string]any:
		for name, below := range v {
			if target, ok := below.(string); ok && name == "$ref" {
				found = append(found, target)
			}
			found = append(found, references(below)...)
		}
	case []any:
		for _, below := range v {
			found = append(found, references(below)...)
		}
	}
	return found
}

// The validator itself can say no: every keyword the document uses is seen to refuse.
func TestValidatorRefuses(t *testing.T) {
	tests := []struct{ schema, value string }{
		{`{"type":"integer"}`, `1.5`},
		{`{"type":"integer"}`, `1e2`},
		{`{"type":"object"}`, `[]`},
		{`{"type":"array"}`, `{}`},
		{`{"type":"boolean"}`, `"true"`},
		{`{"type":"string","pattern":"^a$"}`, `"b"`},
		{`{"type":"string","maxLength":2}`, `"abc"`},
		{`{"type":"string","minLength":1}`, `""`},
		{`{"type":"integer","minimum":1}`, `0`},
		{`{"type":"integer","maximum":1}`, `2`},
		{`{"type":"string","format":"date-time"}`, `"yesterday"`},
		{`{"enum":["a"]}`, `"b"`},
		{`{"const":"a"}`, `"b"`},
		{`{"type":"array","items":{"type":"string"}}`, `[1]`},
		{`{"type":"object","required":["a"]}`, `{}`},
		{`{"type":"object","properties":{"a":{"type":"string"}}}`, `{"a":1}`},
		{`{"type":"object","properties":{},"additionalProperties":false}`, `{"a":1}`},
		{`{"oneOf":[{"type":"string"},{"type":"object"}]}`, `1`},
		{`{"oneOf":[{"type":"string"},{"enum":["a"]}]}`, `"a"`},
		{`{"colour":"red"}`, `1`},
	}
	for _, tt := range tests {
		if wrong := (document{}).validate(parse([]byte(tt.schema)), parse([]byte(tt.value)), "$"); len(wrong) == 0 {
			t.Errorf("%s takes %s", tt.schema, tt.value)
		}
	}
}

func TestServesTheContract(t *testing.T) {
	a := newShop(t).nobody().get("/openapi.json").want(200)
	if diff := cmp.Diff(parse(checkouthttp.OpenAPI()), parse(a.body)); diff != "" {
		t.Error(diff)
	}
}
