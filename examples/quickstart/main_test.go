package main

import "testing"

// TestRun buys what the example buys: any step that fails is an error.
func TestRun(t *testing.T) {
	if err := run(t.Context()); err != nil {
		t.Fatal(err)
	}
}
