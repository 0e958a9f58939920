package mutants

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// planted is a mutant's own version of the files it changes, made beside the source.
type planted struct{ overlay string }

// plant makes the mutant of a source in a folder that is empty yet, and an overlay that
// has the go command take it for the source's. git takes no patch whose surroundings
// have changed.
func plant(ctx context.Context, source, folder string, m Mutant) (planted, error) {
	replaced := map[string]string{}
	for _, file := range m.Files {
		from, to := filepath.Join(source, file), filepath.Join(folder, file)
		if err := copyFile(from, to); err != nil {
			return planted{}, fmt.Errorf("does not apply: %w", err)
		}
		replaced[from] = to
	}
	if err := apply(ctx, folder, m); err != nil {
		return planted{}, err
	}
	for from, to := range replaced {
		if same(from, to) {
			return planted{}, fmt.Errorf("does not apply: %s is as before", to)
		}
	}
	text, err := json.Marshal(struct{ Replace map[string]string }{replaced})
	if err != nil {
		return planted{}, err
	}
	p := planted{filepath.Join(folder, "overlay.json")}
	return p, os.WriteFile(p.overlay, text, 0o600)
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600) //nolint:gosec // in the folder of the copies
}

func same(one, other string) bool {
	a, errA := os.ReadFile(one)
	b, errB := os.ReadFile(other)
	return errA == nil && errB == nil && slices.Equal(a, b)
}

// apply changes the files in the folder.
func apply(ctx context.Context, folder string, m Mutant) error {
	path, err := filepath.Abs(m.Path)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "git", "apply", "--whitespace=nowarn", path)
	cmd.Dir = folder
	// Within somebody's repository git would leave out what it thinks is not of the folder.
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(folder))
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("does not apply: %s", strings.TrimSpace(string(said)))
	}
	return nil
}
