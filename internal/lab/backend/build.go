package backend

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// program is the server, compiled when a test first needs it; Main removes it.
var program = sync.OnceValues(build)

// built is the folder that the server was compiled into.
var built string

// Main runs the tests of a package that opens backends:
//
//	func TestMain(m *testing.M) { backend.Main(m) }
func Main(m *testing.M) {
	m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
}

// build compiles the server, with the race detector where the tests have it.
func build() (string, error) {
	source, err := source()
	if err != nil {
		return "", err
	}
	if built, err = os.MkdirTemp("", "ankkor-server-"); err != nil {
		return "", err
	}
	name := filepath.Join(built, "server")
	args := []string{"build", "-buildvcs=false", "-o", name}
	if raced {
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(context.Background(), "go", append(args, ".")...)
	cmd.Dir, cmd.Env = source, append(os.Environ(), "GOWORK=off")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, said)
	}
	return name, nil
}

// source is the server's folder, in the checkout that the tests run in.
func source() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for folder := start; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		server := filepath.Join(folder, "examples", "server")
		if _, err := os.Stat(filepath.Join(server, "go.mod")); err == nil {
			return server, nil
		}
	}
	return "", fmt.Errorf("examples/server is not above %s", start)
}
