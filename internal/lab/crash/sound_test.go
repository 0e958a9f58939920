package crash_test

import (
	"testing"

	"github.com/ankkor/ankkor/internal/lab/crash"
)

// TestSound tells every story with nothing spoiled.
func TestSound(t *testing.T) {
	for _, s := range crash.Stories() {
		t.Run(s.Name, func(t *testing.T) {
			out := sound(t, func(p crash.Plan) crash.Outcome { return inMemory(t, s, p) })
			t.Logf("%d points, %d of them its recovery's", len(out.Names), len(out.Names)-out.Told)
		})
	}
}
