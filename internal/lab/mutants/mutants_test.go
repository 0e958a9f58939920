package mutants_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/mutants"
)

// module is a module with one function and its test.
func module(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, "go.mod", "module example.com/sum\n\ngo 1.26\n")
	write(t, folder, "sum.go", "package sum\n\n// Sum adds.\nfunc Sum(a, b int) int {\n\treturn a + b\n}\n")
	write(t, folder, "sum_test.go", `package sum

import "testing"

func TestSum(t *testing.T) {
	if Sum(1, 2) != 3 {
		t.Error("1 and 2 make", Sum(1, 2))
	}
}

func TestNothing(t *testing.T) {}

func TestRed(t *testing.T) { t.Error("always") }

func TestSkipped(t *testing.T) { t.Skip("never") }
`)
	return folder
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func patch(test, line string) string {
	return "Fault: sums are wrong\nPackage: .\nTest: " + test + "\n\n--- a/sum.go\n+++ b/sum.go\n@@ -4,3 +4,3 @@\n" +
		" func Sum(a, b int) int {\n-\treturn a + b\n+\t" + line + "\n }\n"
}

func TestRun(t *testing.T) {
	source, patches := module(t), t.TempDir()
	want := map[string]struct {
		patch   string
		verdict mutants.Verdict
		why     string
	}{
		"killed":      {patch("TestSum", "return a - b"), mutants.Killed, ""},
		"panics":      {patch("TestSum", `panic("no")`), mutants.Killed, ""},
		"hangs":       {patch("TestSum", "select {}"), mutants.Killed, ""},
		"survives":    {patch("TestNothing", "return a - b"), mutants.Survived, "passed"},
		"equivalent":  {patch("TestSum", "return b + a"), mutants.Survived, "passed"},
		"no Go":       {patch("TestSum", "return a ++ b"), mutants.Broken, "does not compile"},
		"red anyway":  {patch("TestRed", "return a - b"), mutants.Broken, "red anyway"},
		"skipped":     {patch("TestSkipped", "return a - b"), mutants.Broken, "was not run"},
		"no test":     {patch("TestGone", "return a - b"), mutants.Broken, "was not run"},
		"out of date": {strings.Replace(patch("TestSum", "return 0"), "a + b", "a + b + 1", 1), mutants.Broken, "does not apply"},
	}
	for name, w := range want {
		write(t, patches, name+".patch", w.patch)
	}
	list, err := mutants.Load(patches)
	if err != nil || len(list) != len(want) {
		t.Fatalf("%d mutants, %v", len(list), err)
	}
	told := 0
	results, err := mutants.Run(t.Context(), mutants.Config{
		Source: source, Mutants: list, Workers: 2, Timeout: 5 * time.Second, Each: func(mutants.Result) { told++ },
	})
	if err != nil || told != len(list) {
		t.Fatalf("told of %d, %v", told, err)
	}
	for i, r := range results {
		w := want[list[i].Name]
		if r.Verdict != w.verdict || !strings.Contains(r.Why, w.why) {
			t.Errorf("%s: %s, %q; want %s, %q", list[i].Name, r.Verdict, r.Why, w.verdict, w.why)
		}
	}
	text, err := os.ReadFile(filepath.Join(source, "sum.go"))
	if err != nil || !strings.Contains(string(text), "return a + b\n") {
		t.Errorf("the source itself was changed: %s, %v", text, err)
	}
	var table strings.Builder
	mutants.Table(&table, results)
	if n := mutants.Count(results, mutants.Killed); n != 3 || strings.Count("\n"+table.String(), "\nkilled ") != n {
		t.Errorf("%d killed, and the table says\n%s", n, table.String())
	}
}

func TestHeaders(t *testing.T) {
	whole := patch("TestSum", "return 0")
	if m, err := mutants.Parse("x", whole); err != nil || m.Fault != "sums are wrong" || m.In != "." || len(m.Files) != 1 || m.Files[0] != "sum.go" {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := mutants.Parse("x", "In: internal/lab\n"+whole); err != nil || m.In != "internal/lab" {
		t.Errorf("%+v, %v", m, err)
	}
	for _, line := range []string{"Fault: sums are wrong\n", "Package: .\n", "Test: TestSum\n", "--- a/sum.go\n"} {
		if _, err := mutants.Parse("x", strings.Replace(whole, line, "", 1)); err == nil {
			t.Errorf("taken without %q", line)
		}
	}
}

// TestPatches: there are enough, each is complete, applies to the source and names a test
// that is there. That they are killed is for `make mutants` to say.
func TestPatches(t *testing.T) {
	list, err := mutants.Load(".")
	if err != nil || len(list) < 128 {
		t.Errorf("%d patches, %v; want at least 128", len(list), err)
	}
	if err := mutants.Check(t.Context(), filepath.Join("..", "..", ".."), list); err != nil {
		t.Error(err)
	}
}

// TestCheck: what does not apply, changes nothing, or names no test is told, all at once.
func TestCheck(t *testing.T) {
	source, folder := module(t), t.TempDir()
	for name, text := range map[string]string{
		"sound":       patch("TestSum", "return a - b"),
		"a part":      patch("TestSum/anything", "return a - b"),
		"no test":     patch("TestGone", "return a - b"),
		"no prefix":   patch("TestSu", "return a - b"),
		"out of date": strings.Replace(patch("TestSum", "return 0"), "a + b", "a + b + 1", 1),
		"no file":     strings.ReplaceAll(patch("TestSum", "return 0"), "sum.go", "gone.go"),
		"no package":  strings.Replace(patch("TestSum", "return 0"), "Package: .", "Package: ./gone", 1),
	} {
		write(t, folder, name+".patch", text)
	}
	list, err := mutants.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(mutants.Check(t.Context(), source, list))
	for _, want := range []string{"no test: ", "no prefix: ", "out of date: ", "no file: ", "no package: "} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing about %q in: %s", want, text)
		}
	}
	for _, name := range []string{"sound: ", "a part: "} {
		if strings.Contains("\n"+text, "\n"+name) {
			t.Errorf("%q is complained of: %s", name, text)
		}
	}
}
