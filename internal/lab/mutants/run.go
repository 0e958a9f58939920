package mutants

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Verdict is what became of a mutant.
type Verdict string

// What becomes of mutants. Only killed is good.
const (
	Killed   Verdict = "killed"
	Survived Verdict = "SURVIVED"
	Broken   Verdict = "BROKEN"
)

// Result says what became of one mutant, and why.
type Result struct {
	Mutant  Mutant
	Verdict Verdict
	Why     string
	// Said is what the test complained of: for whoever asks whether it went red for
	// the right reason.
	Said string
	Took time.Duration
}

// Config says which mutants are made where.
type Config struct {
	// Source is the module's folder. It is read only.
	Source  string
	Mutants []Mutant
	// Workers make mutants at the same time.
	Workers int
	// Timeout bounds one test; one that hangs has noticed. 0 means two minutes.
	Timeout time.Duration
	// Each, unless nil, is told of every result as it comes, one at a time.
	Each func(Result)
}

// Run makes every mutant and returns the results in the order of the mutants. The tests
// have to be green without any: one that is red anyway proves nothing.
func Run(ctx context.Context, c Config) ([]Result, error) {
	if c.Timeout == 0 {
		c.Timeout = 2 * time.Minute
	}
	source, err := filepath.Abs(c.Source)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "ankkor-mutants-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	r := &runner{config: c, source: source, folder: folder, results: make([]Result, len(c.Mutants))}
	r.sound = r.groups()
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range max(1, c.Workers) {
		wg.Go(func() {
			for i := range jobs {
				r.results[i] = r.try(ctx, c.Mutants[i])
				r.tell(r.results[i])
			}
		})
	}
	for i := range c.Mutants {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return r.results, ctx.Err()
}

type runner struct {
	config         Config
	source, folder string
	sound          map[group]func(context.Context) outcome // how tests do without mutants
	results        []Result
	mu             sync.Mutex // held while somebody is told
}

func (r *runner) tell(result Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.config.Each != nil {
		r.config.Each(result)
	}
}

// try makes one mutant and runs its test.
func (r *runner) try(ctx context.Context, m Mutant) (result Result) {
	start := time.Now()
	result = Result{Mutant: m, Verdict: Broken}
	defer func() { result.Took = time.Since(start) }()
	if red, err := r.sound[groupOf(m)](ctx).of(m.Test); err != nil || red {
		result.Why = fmt.Sprintf("without the mutant: %v", err)
		if red {
			result.Why = "without the mutant: " + m.Test + " is red anyway"
		}
		return result
	}
	p, err := plant(ctx, r.source, filepath.Join(r.folder, m.Name), m)
	if err != nil {
		result.Why = err.Error()
		return result
	}
	o := r.test(ctx, m.In, m.Package, anchored(m.Test), "-overlay", p.overlay)
	switch red, err := o.of(m.Test); {
	case err != nil:
		result.Why = err.Error()
	case red:
		result.Verdict, result.Said = Killed, o.complaint()
	default:
		result.Verdict, result.Why = Survived, "the test passed"
	}
	return result
}

// test runs tests of a package.
func (r *runner) test(ctx context.Context, in, pkg, run string, flags ...string) outcome {
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout+time.Minute)
	defer cancel()
	args := append([]string{"test", "-ldflags=-s -w", "-count=1", "-v", "-vet=off", "-timeout", r.config.Timeout.String(), "-run", run}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, pkg)...)
	cmd.Dir = filepath.Join(r.source, in)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	return outcome{said.String(), err != nil}
}

// Table prints the results for a person.
func Table(w io.Writer, results []Result) {
	for _, r := range results {
		fmt.Fprintf(w, "%-8s  %-40s %5.1f s  %s: %s\n", r.Verdict, r.Mutant.Name, r.Took.Seconds(), r.Mutant.Package, r.Mutant.Fault)
		if r.Verdict != Killed {
			fmt.Fprintf(w, "          %s\n", strings.ReplaceAll(r.Why, "\n", "\n          "))
		}
	}
}

// Count is how many results have the verdict.
func Count(results []Result, v Verdict) int {
	n := 0
	for _, r := range results {
		if r.Verdict == v {
			n++
		}
	}
	return n
}
