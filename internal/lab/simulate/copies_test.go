package simulate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ankkor/ankkor/checkout"
)

// TestCopiesAreWhatIsRead: a copy in memory says what the store says.
func TestCopiesAreWhatIsRead(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		live(t, seed, false, sabotage{looks: func(w *world) {
			must(t, w.records.Each(t.Context(), func(copied, read checkout.Record) {
				if diff := cmp.Diff(read, copied, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("seed %d (-read +copied):\n%s", seed, diff)
				}
			}))
		}})
	}
}
