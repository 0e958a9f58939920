package browser_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// build compiles the storefront into a folder of the test.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "storefront")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./examples/storefront")
	cmd.Dir = filepath.Join("..", "..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the storefront: %v\n%s", err, out)
	}
	return program
}

// serveWithin is how soon after its start the shop must be open.
const serveWithin = 5 * time.Second

// start runs the storefront until the test ends and returns its address. It must end by itself when it is told to.
func start(t *testing.T, program string) string {
	t.Helper()
	cmd := exec.Command(program, "-addr", "127.0.0.1:0", "-late", "1s")
	cmd.Stderr = os.Stderr
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(out).ReadString('\n')
		line <- text
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		late := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		defer late.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the storefront did not end well: %v", err)
		}
	})
	select {
	case text := <-line:
		address, ok := strings.CutPrefix(strings.TrimSpace(text), "The shop is open at ")
		if !ok {
			t.Fatalf("the storefront printed %q", text)
		}
		return address
	case <-time.After(serveWithin):
		t.Fatal("the storefront is not open after ", serveWithin)
	}
	return ""
}
