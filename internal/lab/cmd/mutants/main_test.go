package main

import (
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/mutants"
)

// TestTake: the parts together are all, each once.
func TestTake(t *testing.T) {
	var all []mutants.Mutant
	for n := range 10 {
		all = append(all, mutants.Mutant{Name: fmt.Sprint(n)})
	}
	taken := map[string]int{}
	for k := 1; k <= 3; k++ {
		some, err := take(all, fmt.Sprintf("%d/3", k))
		if err != nil || len(some) < 3 {
			t.Errorf("part %d: %d, %v", k, len(some), err)
		}
		for _, m := range some {
			taken[m.Name]++
		}
	}
	for _, m := range all {
		if taken[m.Name] != 1 {
			t.Errorf("%s was taken %d times", m.Name, taken[m.Name])
		}
	}
	for _, part := range []string{"0/3", "4/3", "", "1", "-1/2", "x/y"} {
		if _, err := take(all, part); err == nil {
			t.Errorf("-part %q was taken", part)
		}
	}
}
