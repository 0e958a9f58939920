package testenv

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
}

// testID names a test among all packages.
type testID struct{ pkg, test string }

func (id testID) String() string {
	if id.test == "" {
		return id.pkg
	}
	return id.pkg + "." + id.test
}

// outcome is a test that did not simply pass, and what it printed.
type outcome struct {
	id   testID
	said string
}

// Tally reads the output of `go test -json` runs, passes on what a person wants
// to see (each package's closing line, everything a failed test printed) and
// counts tests and subtests. It is an [io.Writer] for one writer at a time.
type Tally struct {
	out     io.Writer
	line    []byte // the unfinished last line
	said    map[testID]*strings.Builder
	passed  int
	failed  []outcome
	skipped []outcome
	// failedTests counts failed tests per package: a package that failed without
	// any has crashed, run out of time, or did not build.
	failedTests map[string]int
}

// NewTally returns a Tally that prints to out.
func NewTally(out io.Writer) *Tally {
	return &Tally{out: out, said: map[testID]*strings.Builder{}, failedTests: map[string]int{}}
}

// Write takes a piece of the stream. It never fails: what is no event is printed
// as it is.
func (t *Tally) Write(b []byte) (int, error) {
	t.line = append(t.line, b...)
	for {
		end := bytes.IndexByte(t.line, '\n')
		if end < 0 {
			return len(b), nil
		}
		t.readLine(t.line[:end+1])
		t.line = t.line[end+1:]
	}
}

func (t *Tally) readLine(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Action == "" {
		_, _ = t.out.Write(line)
		return
	}
	t.take(e)
}

func (t *Tally) take(e event) {
	id := testID{e.Package, e.Test}
	switch e.Action {
	case "output":
		t.hear(id, e.Output)
	case "build-output":
		fmt.Fprint(t.out, e.Output)
	case "pass", "fail", "skip":
		t.close(id, e.Action)
	}
}

// hear keeps what a test said until its end, and prints a package's own closing
// line at once.
func (t *Tally) hear(id testID, text string) {
	if id.test == "" && isClosingLine(text) {
		fmt.Fprint(t.out, text)
		return
	}
	b := t.said[id]
	if b == nil {
		b = &strings.Builder{}
		t.said[id] = b
	}
	b.WriteString(text)
}

func isClosingLine(text string) bool {
	return strings.HasPrefix(text, "ok  \t") || strings.HasPrefix(text, "FAIL\t")
}

// close records how a test, or a package, ended.
func (t *Tally) close(id testID, action string) {
	said := ""
	if b := t.said[id]; b != nil {
		said = b.String()
		delete(t.said, id)
	}
	switch {
	case id.test == "" && action == "fail":
		t.closeFailedPackage(id, said)
	case id.test == "": // a package that passed, or has no tests
	case action == "pass":
		t.passed++
	case action == "skip":
		t.skipped = append(t.skipped, outcome{id, said})
	default:
		t.failedTests[id.pkg]++
		t.fail(id, said)
	}
}

// closeFailedPackage counts the package itself when none of its tests explains
// why it failed, and shows the output of the tests that it cut short.
func (t *Tally) closeFailedPackage(id testID, said string) {
	if t.failedTests[id.pkg] != 0 {
		return
	}
	for open, b := range t.said {
		if open.pkg == id.pkg {
			said += b.String()
			delete(t.said, open)
		}
	}
	t.fail(id, said)
}

func (t *Tally) fail(id testID, said string) {
	t.failed = append(t.failed, outcome{id, said})
	if said != "" { // the compiler's words were passed on already
		fmt.Fprintf(t.out, "\n%s failed:\n%s\n", id, said)
	}
}

// Blame counts a failure that no test reported, such as a command that could not
// be run.
func (t *Tally) Blame(what string, err error) {
	t.fail(testID{what, ""}, err.Error()+"\n")
}

// Failed is the number of failures so far.
func (t *Tally) Failed() int { return len(t.failed) }

// Close prints the skipped and the failed tests and, as the last line, the
// counts. A run in which no test ran is a failure. It returns whether all is well.
func (t *Tally) Close() bool {
	if t.passed+len(t.failed) == 0 {
		t.Blame("testenv", fmt.Errorf("no test ran"))
	}
	t.listSkipped()
	t.listFailed()
	fmt.Fprintf(t.out, "%d passed, %d failed, %d skipped\n", t.passed, len(t.failed), len(t.skipped))
	return len(t.failed) == 0
}

// listSkipped prints one line per package and reason: a suite that leaves out what
// an implementation does not offer would fill pages otherwise.
func (t *Tally) listSkipped() {
	if len(t.skipped) == 0 {
		return
	}
	type group struct{ pkg, reason string }
	var order []group
	tests := map[group][]string{}
	for _, o := range t.skipped {
		g := group{o.id.pkg, reasonOf(o.said)}
		if tests[g] == nil {
			order = append(order, g)
		}
		tests[g] = append(tests[g], o.id.test)
	}
	fmt.Fprintln(t.out, "\nskipped:")
	for _, g := range order {
		more := ""
		if n := len(tests[g]); n > 1 {
			more = fmt.Sprintf(" and %d more", n-1)
		}
		fmt.Fprintf(t.out, "  %s.%s%s: %s\n", g.pkg, tests[g][0], more, g.reason)
	}
	fmt.Fprintln(t.out)
}

func (t *Tally) listFailed() {
	if len(t.failed) == 0 {
		return
	}
	fmt.Fprintln(t.out, "\nfailed:")
	for _, o := range t.failed {
		fmt.Fprintf(t.out, "  %s\n", o.id)
	}
	fmt.Fprintln(t.out)
}

// reasonOf finds what a skipped test gave as its reason: the line between
// "=== RUN" and "--- SKIP".
func reasonOf(said string) string {
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			return line
		}
	}
	return "it does not say why"
}
