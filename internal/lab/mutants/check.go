package mutants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Check says which mutants cannot be tried: those that do not apply to the source any
// more, and those whose test is gone. It runs no test.
func Check(ctx context.Context, source string, list []Mutant) error {
	folder, err := os.MkdirTemp("", "ankkor-mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if source, err = filepath.Abs(source); err != nil {
		return err
	}
	var errs []error
	for _, m := range list {
		_, err := plant(ctx, source, filepath.Join(folder, m.Name), m)
		if err == nil {
			err = named(source, m)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.Name, err))
		}
	}
	return errors.Join(errs...)
}

// named looks for the mutant's test in the files of its package.
func named(source string, m Mutant) error {
	top, _, _ := strings.Cut(m.Test, "/")
	declared, err := regexp.Compile(`(?m)^func ` + top + `\(`)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(source, m.In, m.Package, "*_test.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if declared.Match(text) {
			return nil
		}
	}
	return fmt.Errorf("there is no %s in %s of %s", top, m.Package, m.In)
}
