package main

import (
	"errors"
	"net/http/httptest"
	"testing"
)

func TestOperator(t *testing.T) {
	env := good()
	env["STAFF_TOKENS"] = "asha=" + longSecret + ",ravi=" + otherSecret
	c, err := readConfig(reading(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Bearer " + longSecret: "asha", "Bearer " + otherSecret: "ravi",
		"": "", "Bearer ": "", longSecret: "", "Bearer x": "", "Basic " + longSecret + "x": "", "bearer " + longSecret: "asha", "Bearer asha=" + longSecret: "",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", header)
		if name, err := c.operator(r); name != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, errStaff) {
			t.Errorf("%q is %q, %v", header, name, err)
		}
	}
}
