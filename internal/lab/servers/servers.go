// Package servers hands the tests of this module the real servers that they run
// against: a Redis, a Postgres, a browser.
//
//	func TestStore(t *testing.T) {
//		store := pgstore.New(servers.Postgres(t))
//		...
//	}
//
// They are started by `make test` (package testenv), which leaves their addresses
// in the environment. A plain `go test ./...` has none, and the tests are skipped,
// saying how to run them. Where the variable CI is set, a missing server is a
// failure instead: a green run that tested nothing would be worse than a red one.
package servers

import (
	"fmt"
	"os"
	"testing"
)

// address returns what the variable says. Without it the test ends here, skipped
// or failed.
func address(t testing.TB, variable, what string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		turnAway(t, variable, what, os.Getenv("CI") != "")
	}
	return value
}

func turnAway(t testing.TB, variable, what string, mustHave bool) {
	t.Helper()
	reason := fmt.Sprintf("needs %s, and %s is not set: run it with `make test`, which starts one", what, variable)
	if mustHave {
		t.Fatal(reason, "(skipping is not allowed where CI is set)")
	}
	t.Skip(reason)
}
