package mutants

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// outcome is what `go test -v` printed, and whether it failed.
type outcome struct {
	said   string
	failed bool
}

// of says whether a test, or a part of one, is red. An error means that it was not run.
func (o outcome) of(test string) (red bool, err error) {
	end := " " // of the name, which for a part may go on
	if strings.Contains(test, "/") {
		end = ""
	}
	switch {
	case strings.Contains("\n"+o.said, "\npanic: "): // also one that hung
		return true, nil
	case strings.Contains(o.said, "--- FAIL: "+test+end):
		return true, nil
	case strings.Contains(o.said, "[build failed]"), strings.Contains(o.said, "[setup failed]"):
		return false, fmt.Errorf("does not compile:\n%s", tail(o.said))
	case strings.Contains(o.said, "--- SKIP: "+test+end), !strings.Contains(o.said, "--- PASS: "+test+end):
		return false, fmt.Errorf("%s was not run:\n%s", test, tail(o.said))
	case o.failed && !strings.Contains(o.said, "--- FAIL: "):
		return false, fmt.Errorf("go test failed without the test:\n%s", tail(o.said))
	}
	return false, nil
}

// complaint is what a test printed with its place, or the panic: the last few lines,
// since what it only logs comes first as a rule.
func (o outcome) complaint() string {
	var lines []string
	for line := range strings.Lines(o.said) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, ".go:") && !strings.HasPrefix(line, "/") || strings.HasPrefix(line, "panic: ") {
			lines = append(lines, line[:min(300, len(line))])
		}
	}
	return strings.Join(lines[max(0, len(lines)-4):], "\n")
}

func tail(s string) string { return s[max(0, len(s)-600):] }

// group is tests that are run at once without mutants: whole tests of a package, or
// parts of one.
type group struct{ in, pkg, top string }

func groupOf(m Mutant) group {
	top, _, parts := strings.Cut(m.Test, "/")
	if !parts {
		top = ""
	}
	return group{m.In, m.Package, top}
}

// groups are the tests that mutants name; each group runs once, when it is first asked.
func (r *runner) groups() map[group]func(context.Context) outcome {
	names := map[group][]string{}
	for _, m := range r.config.Mutants {
		g := groupOf(m)
		names[g] = append(names[g], strings.TrimPrefix(m.Test, g.top+"/"))
	}
	sound := map[group]func(context.Context) outcome{}
	for g, tests := range names {
		slices.Sort(tests)
		run := together(g.top, slices.Compact(tests))
		var once sync.Once
		var o outcome
		sound[g] = func(ctx context.Context) outcome {
			once.Do(func() { o = r.test(ctx, g.in, g.pkg, run) })
			return o
		}
	}
	return sound
}

// together is the pattern of several tests, or of several parts of one.
func together(top string, tests []string) string {
	if top == "" {
		return "^(" + strings.Join(tests, "|") + ")$"
	}
	if slices.ContainsFunc(tests, func(t string) bool { return strings.Contains(t, "/") }) {
		return "^" + top + "$" // parts of parts have no common pattern
	}
	return "^" + top + "$/^(" + strings.Join(tests, "|") + ")"
}

// anchored keeps TestX from running TestXY.
func anchored(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + p
	}
	parts[0] += "$"
	return strings.Join(parts, "/")
}
