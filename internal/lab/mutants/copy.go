package mutants

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// workshop is a copy of the source in which one mutant at a time is made.
type workshop struct{ source, folder string }

// newWorkshop copies the source, without what git and make keep beside it.
func newWorkshop(source, folder string) (*workshop, error) {
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && (name == ".git" || name == ".cache"):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(folder, name), 0o755)
		case !entry.Type().IsRegular():
			return nil
		}
		return copyFile(path, filepath.Join(folder, name))
	})
	return &workshop{source, folder}, err
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644) //nolint:gosec // within the copy
}

// apply makes the mutant. git takes no patch whose surroundings have changed.
func (w *workshop) apply(ctx context.Context, m Mutant) error {
	path, err := filepath.Abs(m.Path)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "git", "apply", "--whitespace=nowarn", path)
	cmd.Dir = w.folder
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(w.folder))
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("does not apply: %s", strings.TrimSpace(string(said)))
	}
	return nil
}

// restore undoes the mutant.
func (w *workshop) restore(m Mutant) error {
	for _, file := range m.Files {
		if err := copyFile(filepath.Join(w.source, file), filepath.Join(w.folder, file)); err != nil {
			return err
		}
	}
	return nil
}
