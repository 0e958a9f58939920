package mutants

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Mutant is one fault and the test that has to notice it.
type Mutant struct {
	Name string // the file's, without .patch
	// Fault says what is broken, in a few words.
	Fault string
	// In is the folder of the module that the package belongs to, "." if left out.
	In string
	// Package and Test are what `go test -run` is given.
	Package, Test string
	// Files are the paths the patch changes.
	Files []string
	// Path is where the patch lies.
	Path string
}

// Load reads the patches of a folder, in the order of their names. All that is wrong
// with them is reported at once.
func Load(folder string) ([]Mutant, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.patch"))
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var mutants []Mutant
	var errs []error
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		m, err := Parse(strings.TrimSuffix(filepath.Base(path), ".patch"), string(text))
		m.Path = path
		mutants, errs = append(mutants, m), append(errs, err)
	}
	return mutants, errors.Join(errs...)
}

// Parse reads one patch file.
func Parse(name, text string) (Mutant, error) {
	m := Mutant{Name: name, In: "."}
	fields := map[string]*string{"Fault": &m.Fault, "In": &m.In, "Package": &m.Package, "Test": &m.Test}
	header := true
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if path, ok := strings.CutPrefix(line, "--- a/"); ok {
			header = false
			m.Files = append(m.Files, path)
		}
		key, value, ok := strings.Cut(line, ": ")
		if field := fields[key]; header && ok && field != nil {
			*field = value
		}
	}
	for key, field := range fields {
		if *field == "" {
			return m, fmt.Errorf("%s: its header has no %s", name, key)
		}
	}
	if len(m.Files) == 0 {
		return m, fmt.Errorf("%s: it changes no file", name)
	}
	return m, nil
}
