package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// asCommand makes this test binary be the command itself.
const asCommand = "ANKKOR_BE_TESTENV"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// command prepares testenv to run in a process of its own, with its temporary
// folder below the test's and none of the servers that the test itself was given.
func command(t *testing.T, args ...string) (cmd *exec.Cmd, tmp string) {
	t.Helper()
	tmp = t.TempDir()
	// Postgres runs as another user and has to pass through.
	for _, dir := range []string{tmp, filepath.Dir(tmp)} {
		if err := os.Chmod(dir, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "TMPDIR="+tmp,
		testenv.RedisVariable+"=", testenv.PostgresVariable+"=", testenv.ChromiumVariable+"=")
	return cmd, tmp
}

// needServers ends the test unless the machine has them.
func needServers(t *testing.T) {
	t.Helper()
	servers.Redis(t)
	servers.PostgresURL(t)
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err == nil {
		return 0
	}
	return exit.ExitCode()
}

func TestRunsTheCommandInEachFolder(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	cmd, _ := command(t, "-with", "", "-in", one, "-in", two, "pwd")
	out, err := cmd.Output()
	if want := one + "\n" + two + "\n"; err != nil || string(out) != want {
		t.Errorf("printed %q, %v; want %q", out, err, want)
	}
}

func TestExitCodes(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want int
	}{
		{"the command passes", []string{"-with", "", "true"}, exitOK},
		{"the command fails", []string{"-with", "", "false"}, exitFailed},
		{"the command is not there", []string{"-with", "", "no-such-program"}, exitFailed},
		{"a flag is unknown", []string{"-without", "redis", "true"}, exitUnusable},
		{"a need is unknown", []string{"-with", "mysql", "true"}, exitUnusable},
		{"no test ran", []string{"-with", "", "-tally", "true"}, exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd, tmp := command(t, tt.args...)
			out, err := cmd.CombinedOutput()
			if got := exitCode(t, err); got != tt.want {
				t.Errorf("exit code %d, want %d; it said:\n%s", got, tt.want, out)
			}
			checkEmpty(t, tmp)
		})
	}
}

func TestOneFailedFolderDoesNotHideTheNext(t *testing.T) {
	bad, good := t.TempDir(), t.TempDir()
	cmd, _ := command(t, "-with", "", "-in", bad, "-in", good, "sh", "-c", `pwd; test "$PWD" = "`+good+`"`)
	out, err := cmd.Output()
	if got := exitCode(t, err); got != exitFailed || !strings.Contains(string(out), good) {
		t.Errorf("exit code %d after %q; want %d, and the second folder visited", got, out, exitFailed)
	}
}

func TestTallyPrintsTheCountsLast(t *testing.T) {
	stream := filepath.Join(t.TempDir(), "stream")
	text := `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"pass","Package":"p"}` + "\n"
	if err := os.WriteFile(stream, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, _ := command(t, "-with", "", "-tally", "cat", stream)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "1 passed, 0 failed, 0 skipped\n") {
		t.Errorf("printed %q, %v", out, err)
	}
}

// A command that fails without a failed test, as `go test` does over a broken
// go.mod, must not end in a line that reads like success.
func TestTallyCountsACommandThatFailsWithoutATest(t *testing.T) {
	cmd, _ := command(t, "-with", "", "-tally", "false")
	out, err := cmd.Output()
	if got := exitCode(t, err); got != exitFailed || !strings.HasSuffix(string(out), "0 passed, 1 failed, 0 skipped\n") {
		t.Errorf("exit code %d after %q", got, out)
	}
}

func TestServersAreGoneAfterwards(t *testing.T) {
	needServers(t)
	for _, program := range []string{"true", "false"} {
		t.Run("after "+program, func(t *testing.T) {
			cmd, tmp := command(t, "-with", "redis,postgres", program)
			out, _ := cmd.CombinedOutput()
			checkEnded(t, pidsIn(t, string(out), 2))
			checkEmpty(t, tmp)
		})
	}
}

func TestNothingSurvivesAnInterrupt(t *testing.T) {
	needServers(t)
	tests := []struct {
		name string
		sig  syscall.Signal
		trap string
	}{
		{"from the keyboard", syscall.SIGINT, ""},
		{"by a closed terminal", syscall.SIGHUP, ""},
		{"of a command that ignores it", syscall.SIGTERM, "trap '' INT TERM; "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, tt.trap+"sleep 600 & echo process $!; echo process $$; wait", 4)
			if err := r.cmd.Process.Signal(tt.sig); err != nil {
				t.Fatal(err)
			}
			if got := exitCode(t, r.cmd.Wait()); got != exitInterrupted {
				t.Errorf("exit code %d, want %d", got, exitInterrupted)
			}
			checkEnded(t, r.pids[:2]) // the servers are named first
			checkGone(t, r.pids)
			checkEmpty(t, r.tmp)
		})
	}
}

// A child of a command that ended by itself is ended too.
func TestNothingSurvivesTheCommand(t *testing.T) {
	cmd, _ := command(t, "-with", "", "sh", "-c", "sleep 600 >/dev/null 2>&1 & echo process $!")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	checkGone(t, pidsIn(t, string(out), 1))
}

// Nothing can be tidied by a process that is killed outright, but Linux ends what
// it started.
func TestServersFollowAKilledRunner(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a child with its parent")
	}
	needServers(t)
	r := start(t, "echo process $$; exec sleep 600", 3)
	if err := r.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.cmd.Wait() // it was killed
	checkGone(t, r.pids)
}

// running is a testenv with servers and a shell that has said it is ready.
type running struct {
	cmd  *exec.Cmd
	tmp  string
	pids []int
}

// start runs script under testenv and returns once it has named as many processes
// as there should be.
func start(t *testing.T, script string, processes int) running {
	t.Helper()
	cmd, tmp := command(t, "-with", "redis,postgres", "sh", "-c", script)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&said, lines.Text())
		if len(processLine.FindAll(said.Bytes(), -1)) == processes {
			break
		}
	}
	return running{cmd, tmp, pidsIn(t, said.String(), processes)}
}

var processLine = regexp.MustCompile(`(?m)process (\d+)$`)

func pidsIn(t *testing.T, said string, want int) []int {
	t.Helper()
	var pids []int
	for _, m := range processLine.FindAllStringSubmatch(said, -1) {
		pid, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if len(pids) != want {
		t.Fatalf("want %d processes named in:\n%s", want, said)
	}
	return pids
}

// checkEnded fails for a process that still runs: the runner is to wait for its
// servers' end and not to leave that to the kernel.
func checkEnded(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("server process %d outlived the runner", pid)
		}
	}
}

// checkGone waits, far longer than it ever takes, until none of the processes runs.
func checkGone(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		deadline := time.Now().Add(20 * time.Second)
		for alive(pid) && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond) // the kernel tells nobody but the parent
		}
		if alive(pid) {
			t.Errorf("process %d still runs", pid)
		}
	}
}

// alive says whether the process runs. One that has ended and waits for its
// parent to notice does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return runtime.GOOS != "linux"
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

func checkEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("left behind: %s", entry.Name())
	}
}
