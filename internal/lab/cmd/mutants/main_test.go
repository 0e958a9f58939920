package main

import (
	"fmt"
	"strings"
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
	for _, part := range []string{"0/3", "0/0", "1/", strings.Repeat("e", 39) + "/3", "4/3", "", "1", "-1/2", "x/y"} {
		if _, err := take(all, part); err == nil {
			t.Errorf("-part %q was taken", part)
		}
	}
}

// TestTakeByCommit: a commit takes one of the parts, always the same, and others take others.
func TestTakeByCommit(t *testing.T) {
	all := []mutants.Mutant{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	taken := map[string]bool{}
	for n := range 64 {
		commit := fmt.Sprintf("%040x/3", n)
		first, err := take(all, commit)
		again, _ := take(all, commit)
		if err != nil || len(first) != 1 || first[0].Name != again[0].Name {
			t.Fatalf("%s: %v and %v, %v", commit, first, again, err)
		}
		taken[first[0].Name] = true
	}
	if len(taken) != 3 {
		t.Errorf("64 commits took %v of 3 parts", taken)
	}
}
