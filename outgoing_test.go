package ankkor_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// calling are the names of net/http by which a package could call somebody: with a client of its own, or one that follows
// redirects wherever they lead.
var calling = []string{"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport", "Client", "Transport", "NewRequest", "NewRequestWithContext"}

// following are those that not even an adapter may use: they follow redirects with whatever they carry.
var following = []string{"Get", "Head", "Post", "PostForm", "DefaultClient"}

// sockets are packages by which somebody can be called without net/http.
var sockets = []string{"net", "net/rpc", "net/smtp", "net/textproto", "crypto/tls", "os/exec", "syscall", "net/http/httputil"}

// callers returns a sentence for each place in a file that could call an address.
func callers(file *ast.File, names, packages []string) (found []string) {
	as := ""
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if slices.Contains(packages, path) {
			found = append(found, "imports "+path)
		}
		if path == "net/http" {
			as = "http"
			if spec.Name != nil {
				as = spec.Name.Name
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if on, ok := s.X.(*ast.Ident); ok && as != "" && on.Name == as && slices.Contains(names, s.Sel.Name) {
			found = append(found, "uses http."+s.Sel.Name)
		}
		return true
	})
	return found
}

// TestOnlyAdaptersCallOut: nothing that takes a request can be made to call an address that was sent to it, for there is
// nothing in the core, or in auth, that calls at all. An adapter calls the one system that it was made for, with a client
// whose redirects it decides over; that it follows none elsewhere is tested with each.
func TestOnlyAdaptersCallOut(t *testing.T) {
	files := 0
	for _, folder := range append(slices.Clone(core), "auth", "adapters", "woo") {
		names, packages := calling, sockets
		if folder == "adapters" || folder == "woo" {
			names, packages = following, nil
		}
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				slices.ContainsFunc(strings.Split(filepath.ToSlash(filepath.Dir(path)), "/"), func(s string) bool { return strings.HasSuffix(s, "test") || s == "internal" }) {
				return err
			}
			files++
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, why := range callers(file, names, packages) {
				t.Errorf("%s %s", path, why)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 300 {
		t.Errorf("only %d files were looked at", files)
	}
}

// The test can say no.
func TestCallersAreFound(t *testing.T) {
	for source, want := range map[string]int{
		`import "net/http"; var _ = http.Get`:                          1,
		`import web "net/http"; var _ = web.Client{}`:                  1,
		`import "net"; var _ net.Conn`:                                 1,
		`import "net/http"; var _ http.Handler; var _ = http.StatusOK`: 0,
		`import "time"; var http struct{ Get int }; var _ = http.Get`:  0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x; "+source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := callers(file, calling, sockets); len(got) != want {
			t.Errorf("%s: %q", source, got)
		}
	}
}
