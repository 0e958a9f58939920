// Package suitetest shows that a conformance suite rejects an implementation
// with a planted fault, and for the right reason.
//
// A suite such as pricingtest takes a plain *testing.T, so a fault makes the
// real test fail. Rejects therefore runs the calling test a second time in a
// process of its own: there the suite meets the fault, here its verdict is
// read.
//
//	func TestRejects(t *testing.T) {
//		for name, fault := range faults {
//			t.Run(name, func(t *testing.T) {
//				suitetest.Rejects(t, fault.promise, func(t *testing.T) {
//					pricingtest.Run(t, fault.new)
//				})
//			})
//		}
//	}
//
// Everything works in the second process that works in a test: subtests,
// parallel tests, the race detector, testing/synctest.
package suitetest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// marker tells the second process which test it is to run the suite in.
const marker = "ANKKOR_SUITETEST"

// Rejects fails unless suite fails in a subtest whose name contains promise.
// It is called once per test or subtest, and nothing of the caller's test
// may fail by itself. The suite has three minutes.
func Rejects(t *testing.T, promise string, suite func(t *testing.T)) {
	t.Helper()
	if inSecondProcess(t) {
		suite(t)
		return
	}
	output, err := again(t)
	if err := verdict(output, err, t.Name(), promise); err != nil {
		t.Errorf("%v\n--- the suite's own output:\n%s", err, output)
	}
}

func inSecondProcess(t *testing.T) bool { return os.Getenv(marker) == t.Name() }

// again runs the current test, and nothing else, in a new process.
func again(t *testing.T) (string, error) {
	cmd := exec.CommandContext(t.Context(), os.Args[0],
		"-test.run="+pattern(t.Name()), "-test.v", "-test.count=1", "-test.timeout=3m")
	noSleep := "GORACE=atexit_sleep_ms=0 " + os.Getenv("GORACE")
	cmd.Env = append(os.Environ(), marker+"="+t.Name(), noSleep)
	output, err := cmd.CombinedOutput()
	return string(output), err
}

// pattern selects exactly the test of that name and all its subtests.
func pattern(name string) string {
	elements := strings.Split(name, "/")
	for i, element := range elements {
		elements[i] = "^" + regexp.QuoteMeta(element) + "$"
	}
	return strings.Join(elements, "/")
}

// verdict is nil when the process ended as a test that failed at promise,
// below the given test.
func verdict(output string, err error, test, promise string) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return errors.New("the suite accepts the fault")
	case !errors.As(err, &exit):
		return fmt.Errorf("the suite did not run: %w", err)
	case !failedAt(output, test, promise):
		return fmt.Errorf("the suite fails, but not at %q", promise)
	}
	return nil
}

// failedAt looks for the line that reports a failed subtest of the test.
func failedAt(output, test, promise string) bool {
	name := strings.ReplaceAll(promise, " ", "_")
	for line := range strings.Lines(output) {
		_, subtest, failed := strings.Cut(line, "--- FAIL: "+test+"/")
		if failed && strings.Contains(subtest, name) {
			return true
		}
	}
	return false
}
