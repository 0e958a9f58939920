package suitetest

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// run is a suite of two promises, for implementations that are one bool each.
func run(t *testing.T, adds, subtracts bool) {
	t.Run("it adds", func(t *testing.T) {
		if !adds {
			t.Error("1 + 1 is not 2")
		}
	})
	t.Run("it subtracts", func(t *testing.T) {
		t.Parallel()
		if !subtracts {
			t.Fatal("1 - 1 is not 0")
		}
	})
}

func TestRejects(t *testing.T) {
	t.Run("a fault, by name (1+1)", func(t *testing.T) {
		Rejects(t, "it adds", func(t *testing.T) { run(t, false, true) })
	})
	t.Run("a fault in a parallel test", func(t *testing.T) {
		t.Parallel()
		Rejects(t, "it subtracts", func(t *testing.T) { run(t, true, false) })
	})
}

// The three ways in which Rejects itself must fail are looked at from
// outside, through a Rejects that expects them.
func TestRejectsFails(t *testing.T) {
	failures := map[string]func(t *testing.T){
		"when the suite accepts":       func(t *testing.T) { run(t, true, true) },
		"when another promise breaks":  func(t *testing.T) { run(t, true, false) },
		"when the suite ends by panic": func(*testing.T) { panic("no verdict") },
	}
	for name, suite := range failures {
		t.Run(name, func(t *testing.T) {
			output, err := againAs(t, suite)
			if verdict(output, err, t.Name(), "it adds") == nil {
				t.Errorf("taken for a rejection:\n%s", output)
			}
		})
	}
}

// againAs is Rejects without its verdict.
func againAs(t *testing.T, suite func(t *testing.T)) (string, error) {
	var output string
	var err error
	if inSecondProcess(t) {
		suite(t)
	} else {
		output, err = again(t)
	}
	return output, err
}

func TestVerdict(t *testing.T) {
	exit := &exec.ExitError{}
	tests := []struct {
		name   string
		output string
		err    error
		want   string // part of the error; empty for a rejection
	}{
		{"right reason", "=== RUN\n    --- FAIL: TestRejects/x/it_adds (0.00s)\n", exit, ""},
		{"right reason in a subtest", "        --- FAIL: TestRejects/x/it_adds/small_numbers (0.00s)\n", exit, ""},
		{"accepted", "--- PASS: TestRejects/x/it_adds\nPASS\n", nil, "accepts the fault"},
		{"wrong reason", "--- FAIL: TestRejects/x/it_subtracts\n--- PASS: TestRejects/x/it_adds\n", exit, "not at"},
		{"only in the name of the test", "--- FAIL: TestRejects/x (0.00s)\n    --- FAIL: TestOther/it_adds\n", exit, "not at"},
		{"panic elsewhere", "panic: it_adds\n", exit, "not at"},
		{"no process", "", errors.New("no such file"), "did not run"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := verdict(tt.output, tt.err, "TestRejects/x", "it adds")
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestPattern(t *testing.T) {
	const want = `^TestRejects$/^a\+b$`
	if got := pattern("TestRejects/a+b"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
