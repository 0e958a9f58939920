package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// results are the metrics of benchmarks, by package and name: all values that several
// runs reported.
type results map[string]map[string][]float64

// processors is what go test adds to a name.
var processors = regexp.MustCompile(`-\d+$`)

// read reads what go test printed; what is no benchmark is skipped.
func (r results) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	pkg := ""
	for lines.Scan() {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = path.Base(strings.TrimSpace(name))
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(processors.ReplaceAllString(fields[0], ""), "Benchmark")
		if err := r.add(pkg+" "+strings.ReplaceAll(name, "/", " "), fields[2:]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return lines.Err()
}

// add notes values and their units.
func (r results) add(name string, fields []string) error {
	if r[name] == nil {
		r[name] = map[string][]float64{}
	}
	for i := 0; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return fmt.Errorf("%q is no number", fields[i])
		}
		r[name][fields[i+1]] = append(r[name][fields[i+1]], value)
	}
	return nil
}

// median is the middle of what was reported, and whether anything was.
func (r results) median(name, unit string) (float64, bool) {
	values := slices.Sorted(slices.Values(r[name][unit]))
	if len(values) == 0 {
		return 0, false
	}
	return values[len(values)/2], true
}
