package simulate_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	firstSeed = flag.Uint64("seed", 1, "the first `seed`")
	seeds     = flag.Int("seeds", 0, "`how many` seeds; 0 is what suits the way the tests were built")
	shards    = flag.Int("shards", 1, "`how many` processes share them")
	report    = flag.String("report", "", "write what came of them to a `file`")
)

// enough is how many seeds have to come to every rare moment.
const enough = 20_000

// many is how many seeds are lived through.
func many() int {
	switch {
	case *seeds > 0:
		return *seeds
	case raceEnabled:
		return 150
	}
	return 1000
}

// tally is what many seeds came to.
type tally struct {
	Failed, Steps int
	Slowest       time.Duration
	Rare          rare
}

func (a *tally) add(b tally) {
	a.Failed, a.Steps, a.Slowest = a.Failed+b.Failed, a.Steps+b.Steps, max(a.Slowest, b.Slowest)
	for what, times := range b.Rare {
		a.Rare[what] += times
	}
}

// TestSeeds lives through many seeds. One that fails is told by its number.
func TestSeeds(t *testing.T) {
	all := tally{Rare: rare{}}
	if *shards > 1 {
		share(t, &all)
	} else {
		lives(t, &all)
	}
	if *report != "" {
		text, err := json.Marshal(all)
		must(t, err)
		must(t, os.WriteFile(*report, text, 0o600))
		return
	}
	t.Logf("%d seeds, %d steps; the slowest money needed %s once everything was well", many(), all.Steps, all.Slowest)
	for _, what := range slices.Sorted(maps.Keys(all.Rare)) {
		t.Logf("%7d  %s", all.Rare[what], what)
	}
	if many() >= enough {
		for _, what := range moments {
			if all.Rare[what] == 0 {
				t.Errorf("no seed came to this: %s", what)
			}
		}
	}
}

// lives lives through the seeds in this process.
func lives(t *testing.T, all *tally) {
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	for n := range many() {
		seed := *firstSeed + uint64(n)
		r := live(t, seed, testing.Verbose() && *seeds == 1, sabotage{})
		one := tally{Steps: r.steps, Slowest: r.slowest, Rare: r.rare}
		if len(r.broken) > 0 {
			one.Failed = 1
			t.Errorf("seed %d:\n%s\ntell it again with: go test ./simulate -run TestSeeds -seed %d -seeds 1 -v",
				seed, strings.Join(r.broken[:min(5, len(r.broken))], "\n"), seed)
		}
		for _, line := range r.story {
			t.Log(line)
		}
		if all.add(one); all.Failed >= 10 {
			t.Fatal("ten seeds failed: enough")
		}
	}
}

// share lets processes like this one live through a part of the seeds each: ids come from
// random bytes that a process has only once.
func share(t *testing.T, all *tally) {
	t.Helper()
	part := many() / *shards
	folder := t.TempDir()
	var running []*exec.Cmd
	for n := range *shards {
		first := *firstSeed + uint64(n*part)
		file := filepath.Join(folder, fmt.Sprint(n))
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSeeds$",
			fmt.Sprint("-seed=", first), fmt.Sprint("-seeds=", part), "-report="+file)
		said := &strings.Builder{}
		cmd.Stdout, cmd.Stderr = said, said
		must(t, cmd.Start())
		running = append(running, cmd)
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(said)
			}
		})
	}
	for n, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Errorf("part %d: %v", n, err)
		}
		text, err := os.ReadFile(filepath.Join(folder, fmt.Sprint(n)))
		if err != nil {
			continue // it failed, which has been said
		}
		var one tally
		must(t, json.Unmarshal(text, &one))
		all.add(one)
	}
}

// TestSeedsReplay: a seed tells the same story every time.
func TestSeedsReplay(t *testing.T) {
	hashes := map[uint64]uint64{}
	for seed := uint64(1); seed <= 25; seed++ {
		first, second := live(t, seed, true, sabotage{}), live(t, seed, true, sabotage{})
		if first.hash != second.hash || first.steps != second.steps {
			n := 0
			for n < min(len(first.story), len(second.story)) && first.story[n] == second.story[n] {
				n++
			}
			t.Fatalf("seed %d went two ways at line %d:\n%q\n%q", seed, n, first.story[n:min(n+3, len(first.story))], second.story[n:min(n+3, len(second.story))])
		}
		if other, same := hashes[first.hash]; same {
			t.Errorf("seeds %d and %d are the same story", seed, other)
		}
		hashes[first.hash] = seed
	}
}
