package servers

import (
	"os"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// Chromium returns the path of the browser's program.
func Chromium(t testing.TB) string {
	t.Helper()
	path := address(t, testenv.ChromiumVariable, "Chromium")
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s: %v", testenv.ChromiumVariable, err)
	}
	return path
}
