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
	// Workers make mutants at the same time, each in a copy of its own.
	Workers int
	// Timeout bounds one test; one that hangs has noticed. 0 means two minutes.
	Timeout time.Duration
	// Each, unless nil, is told of every result as it comes, one at a time.
	Each func(Result)
}

// Run makes every mutant and returns the results in the order of the mutants. First
// it runs the tests without any: one that is red anyway proves nothing.
func Run(ctx context.Context, c Config) ([]Result, error) {
	if c.Timeout == 0 {
		c.Timeout = 2 * time.Minute
	}
	folder, err := os.MkdirTemp("", "ankkor-mutants-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	r := &runner{config: c, sound: map[string]func() error{}, results: make([]Result, len(c.Mutants))}
	shops := make([]*workshop, max(1, c.Workers))
	for n := range shops {
		if shops[n], err = newWorkshop(c.Source, filepath.Join(folder, fmt.Sprint(n))); err != nil {
			return nil, err
		}
	}
	jobs := make(chan int)
	var wg sync.WaitGroup
	for _, w := range shops {
		wg.Go(func() {
			for i := range jobs {
				r.results[i] = r.try(ctx, w, c.Mutants[i])
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
	config  Config
	results []Result

	mu    sync.Mutex
	sound map[string]func() error // by test: how it does without mutants
}

func (r *runner) tell(result Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.config.Each != nil {
		r.config.Each(result)
	}
}

// try makes one mutant, runs its test, and undoes it.
func (r *runner) try(ctx context.Context, w *workshop, m Mutant) (result Result) {
	start := time.Now()
	result = Result{Mutant: m, Verdict: Broken}
	defer func() { result.Took = time.Since(start) }()
	if err := r.soundly(ctx, w, m)(); err != nil {
		result.Why = "without the mutant: " + err.Error()
		return result
	}
	if err := w.apply(ctx, m); err != nil {
		result.Why = err.Error()
		return result
	}
	said, red, err := r.test(ctx, w, m)
	switch {
	case err != nil:
		result.Why = err.Error()
	case red:
		result.Verdict, result.Said = Killed, complaint(said)
	default:
		result.Verdict, result.Why = Survived, "the test passed"
	}
	if err := w.restore(m); err != nil {
		result.Verdict, result.Why = Broken, err.Error()
	}
	return result
}

// soundly runs the test without any mutant, once for all that name it.
func (r *runner) soundly(ctx context.Context, w *workshop, m Mutant) func() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := m.In + " " + m.Package + " " + m.Test
	if r.sound[key] == nil {
		r.sound[key] = sync.OnceValue(func() error {
			_, red, err := r.test(ctx, w, m)
			if red {
				return fmt.Errorf("%s is red anyway", m.Test)
			}
			return err
		})
	}
	return r.sound[key]
}

// test runs the mutant's test and says whether it failed. An error means that it was
// not run.
func (r *runner) test(ctx context.Context, w *workshop, m Mutant) (output string, red bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout+time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-trimpath", "-ldflags=-s -w", "-count=1", "-v", "-vet=off",
		"-timeout", r.config.Timeout.String(), "-run", anchored(m.Test), m.Package)
	cmd.Dir = filepath.Join(w.folder, m.In)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	failed := cmd.Run() != nil
	if strings.Contains(said.String(), "panic: test timed out") {
		return said.String(), true, nil
	}
	red, err = read(said.String(), first(m.Test), failed)
	return said.String(), red, err
}

// first is the name of the test that the path begins with.
func first(test string) string { name, _, _ := strings.Cut(test, "/"); return name }

// anchored keeps TestX from running TestXY.
func anchored(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + p
	}
	parts[0] += "$"
	return strings.Join(parts, "/")
}

// read says how the test ended from what `go test -v` printed.
func read(said, test string, failed bool) (red bool, err error) {
	switch {
	case strings.Contains(said, "--- FAIL: "+test+" "), strings.Contains(said, "panic: "):
		return true, nil
	case strings.Contains(said, "[build failed]"), strings.Contains(said, "[setup failed]"):
		return false, fmt.Errorf("does not compile:\n%s", tail(said))
	case strings.Contains(said, "--- SKIP: "+test), !strings.Contains(said, "--- PASS: "+test+" "):
		return false, fmt.Errorf("%s was not run:\n%s", test, tail(said))
	case failed:
		return false, fmt.Errorf("go test failed without the test:\n%s", tail(said))
	}
	return false, nil
}

// complaint is what a test printed with its place, or the panic: the last few lines,
// since what it only logs comes first as a rule.
func complaint(said string) string {
	var lines []string
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, ".go:") && !strings.HasPrefix(line, "/") || strings.HasPrefix(line, "panic: ") {
			lines = append(lines, line[:min(300, len(line))])
		}
	}
	return strings.Join(lines[max(0, len(lines)-4):], "\n")
}

func tail(s string) string { return s[max(0, len(s)-600):] }

// Table prints the results for a person.
func Table(w io.Writer, results []Result) {
	for _, r := range results {
		fmt.Fprintf(w, "%-8s  %-34s %5.1f s  %s: %s\n", r.Verdict, r.Mutant.Name, r.Took.Seconds(), r.Mutant.Package, r.Mutant.Fault)
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
