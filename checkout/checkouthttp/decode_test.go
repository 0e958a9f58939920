package checkouthttp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// What a body may not be, and what is said of it.
func TestBody(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a good one", `{"name":"a","count":1}`, ""},
		{"another order and spaces", " {\"count\" : -7 , \"name\":\"a\"}\n", ""},
		{"32 levels", `{"name":` + strings.Repeat(`[`, 31) + strings.Repeat(`]`, 31) + `,"count":1}`, "name is not a text"},
		{"33 levels", `{"name":` + strings.Repeat(`[`, 32) + strings.Repeat(`]`, 32) + `,"count":1}`, "body nests deeper than 32 levels"},
		{"null", `{"name":null,"count":1}`, "name is null"},
		{"null within", `{"name":[{"a":null}],"count":1}`, "name[0].a is null"},
		{"only null", `null`, "body is null"},
		{"a field twice", `{"name":"a","name":"a","count":1}`, "name is given twice"},
		{"a field twice within", `{"name":{"a":1,"a":1},"count":1}`, "name.a is given twice"},
		{"a field twice, once escaped", `{"name":"a","n\u0061me":"a","count":1}`, "name is given twice"},
		{"another field", `{"name":"a","count":1,"total":1}`, "total is not a field that can be given"},
		{"a field with markup", `{"name":"a","count":1,"<b>":1}`, "(unknown) is not a field that can be given"},
		{"all that is wrong", `{"count":1.5,"total":1}`, "name is required; count is not a whole number, or out of range; total is not a field that can be given"},
		{"empty", `{"name":"","count":1}`, "name is required"},
		{"a text for a number", `{"name":"a","count":"1"}`, "count is not a whole number"},
		{"a number for a text", `{"name":1,"count":1}`, "name is not a text"},
		{"a text alone", `"a"`, "body is not an object"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := checkouthttp.ParseBody([]byte(tt.body))
			if got := said(err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// said is what an answer would say of an error's fields.
func said(err error) string {
	var list []string
	for _, e := range checkouthttp.FieldErrorsOf(err) {
		list = append(list, e.Field+" "+e.Reason)
	}
	if err != nil && len(list) == 0 {
		return errors.Unwrap(err).Error()
	}
	return strings.Join(list, "; ")
}
