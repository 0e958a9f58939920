package ankkor_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTopLevel keeps the front page of the repository readable: the packages a user
// asked for, and what every Go repository has.
func TestTopLevel(t *testing.T) {
	folders := append(slices.Clone(core), "auth", "woo", "adapters", "examples", "internal")
	allowed := append(folders,
		"go.mod", "go.sum", "doc.go", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
		"Makefile", ".golangci.yml", ".gitignore", ".editorconfig", ".gitattributes", ".github", ".ci",
		"imports_test.go", "layout_test.go", "outgoing_test.go", "state_test.go", "example_test.go",
		// What git keeps for itself, and what .gitignore names.
		".git", ".cache", "bin", "coverage.out")
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !slices.Contains(allowed, name) && !slices.Contains([]string{".test", ".prof"}, filepath.Ext(name)) {
			t.Errorf("%s does not belong at the top", name)
		}
	}
	for _, folder := range folders {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			t.Errorf("folder %s: %v", folder, err)
		}
	}
}

// folder is one package of this module as its source shows it.
type folder struct {
	path      string
	files     []*ast.File // without tests
	tests     []*ast.File
	positions *token.FileSet
}

// TestPackagesAreDocumented wants one comment over each package that says what it
// is for.
func TestPackagesAreDocumented(t *testing.T) {
	for _, f := range parse(t) {
		comments := 0
		for _, file := range f.files {
			if file.Doc == nil {
				continue
			}
			comments++
			if text := file.Doc.Text(); file.Name.Name != "main" && !strings.HasPrefix(text, "Package "+file.Name.Name+" ") {
				t.Errorf("%s: its comment begins %.40q, want \"Package %s ...\"", f.path, text, file.Name.Name)
			}
		}
		if comments != 1 {
			t.Errorf("%s has %d package comments, want one", f.path, comments)
		}
	}
}

// TestNoHiddenState refuses what lets two users of a package in one process get in
// each other's way, and what happens merely because a package is linked.
func TestNoHiddenState(t *testing.T) {
	for _, f := range parse(t) {
		if within(f.path, "examples") {
			continue // a program may
		}
		for _, fault := range stateful(f.positions, f.files) {
			t.Errorf("%s: %s", f.path, fault)
		}
	}
}

// TestNothingSleeps holds that a test waits in simulated time only: a file that calls
// time.Sleep works in a bubble of testing/synctest. Other code does not sleep at all.
func TestNothingSleeps(t *testing.T) {
	for _, f := range parse(t) {
		for _, file := range slices.Concat(f.files, f.tests) {
			if uses(file, "time", "Sleep") && !imports(file, "testing/synctest") {
				t.Errorf("%s sleeps for real", f.positions.File(file.Package).Name())
			}
		}
	}
}

// uses says whether the file names a package's function.
func uses(file *ast.File, from, name string) bool {
	found := false
	ast.Inspect(file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if ok && selector.Sel.Name == name {
			x, ok := selector.X.(*ast.Ident)
			found = found || ok && x.Name == from
		}
		return !found
	})
	return found
}

func imports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(path) })
}

// parse reads the source of every package of the module.
func parse(t *testing.T) []folder {
	t.Helper()
	var found []folder
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if skipped(path, entry.Name()) {
			return fs.SkipDir
		}
		f, err := parseFolder(path)
		if len(f.files) > 0 {
			found = append(found, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// skipped says whether a folder holds no package of this module.
func skipped(path, name string) bool {
	if path == "." {
		return false
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return true // a module of its own
	}
	return name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func parseFolder(path string) (folder, error) {
	f := folder{path: filepath.ToSlash(path), positions: token.NewFileSet()}
	names, err := filepath.Glob(filepath.Join(path, "*.go"))
	if err != nil {
		return f, err
	}
	for _, name := range names {
		file, err := parser.ParseFile(f.positions, name, nil, parser.ParseComments)
		if err != nil {
			return f, err
		}
		if strings.HasSuffix(name, "_test.go") {
			f.tests = append(f.tests, file)
		} else {
			f.files = append(f.files, file)
		}
	}
	return f, nil
}

// TestReadmeShowsTheExample holds the README's server to the Example that compiles.
func TestReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```go\n")
	shown, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("README.md has no Go block")
	}
	_, body, found := strings.Cut(string(source), "func Example() {\n")
	body, _, closed = strings.Cut(body, "\n}\n")
	if !found || !closed {
		t.Fatal("example_test.go has no Example")
	}
	for line := range strings.Lines(body + "\n") {
		want := strings.TrimPrefix(line, "\t")
		got, after, _ := strings.Cut(shown, "\n")
		if got+"\n" != want {
			t.Fatalf("README.md shows\n%s\nwhere the Example has\n%s", got, want)
		}
		shown = after
	}
	if shown != "" {
		t.Errorf("README.md goes on with\n%s", shown)
	}
}
