package ankkor_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// stateful returns a sentence for each init function of a package and for each
// package-level variable that is not plainly a constant. Plainly constant is:
//
//   - an assertion (var _ Port = (*Adapter)(nil));
//   - a sentinel error;
//   - an embedded file;
//   - an unexported table, or a value made once by a call that is known to return
//     something immutable, that no statement of the package writes to.
func stateful(positions *token.FileSet, files []*ast.File) []string {
	var faults []string
	written := writtenVars(positions, files)
	for _, file := range files {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					faults = append(faults, "has an init function")
				}
			case *ast.GenDecl:
				faults = append(faults, statefulVars(d, written)...)
			}
		}
	}
	return faults
}

func statefulVars(d *ast.GenDecl, written map[string]bool) []string {
	if d.Tok != token.VAR {
		return nil
	}
	var faults []string
	for _, spec := range d.Specs {
		spec := spec.(*ast.ValueSpec) // what a var declaration consists of
		for i, name := range spec.Names {
			if why := mutable(d, spec, i, written); why != "" {
				faults = append(faults, fmt.Sprintf("var %s %s", name.Name, why))
			}
		}
	}
	return faults
}

// mutable says why the i-th variable of a declaration may change, "" if it does not.
func mutable(d *ast.GenDecl, spec *ast.ValueSpec, i int, written map[string]bool) string {
	name := spec.Names[i].Name
	switch {
	case name == "_":
		return ""
	case written[name]:
		return "is written to"
	case embedded(d) || embedded(spec):
		return ""
	case len(spec.Values) != len(spec.Names):
		return "has no value of its own"
	}
	value := spec.Values[i]
	if isSentinel(name, spec.Type, value) {
		return ""
	}
	if ast.IsExported(name) {
		return "can be written to by everybody"
	}
	if !constant(value) {
		return "may hold state"
	}
	return ""
}

func embedded(node ast.Node) bool {
	var doc *ast.CommentGroup
	switch n := node.(type) {
	case *ast.GenDecl:
		doc = n.Doc
	case *ast.ValueSpec:
		doc = n.Doc
	}
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// isSentinel recognises an error that is made on the spot, or that hides a type of
// its own behind the error interface.
func isSentinel(name string, declared, value ast.Expr) bool {
	if !strings.HasPrefix(strings.ToLower(name), "err") {
		return false
	}
	if kind, ok := declared.(*ast.Ident); ok && kind.Name == "error" {
		return constant(value)
	}
	call := calledName(value)
	return call == "errors.New" || call == "fmt.Errorf"
}

// makers return a value that cannot change, or that is computed once.
var makers = []string{
	"errors.New", "regexp.MustCompile", "strings.NewReplacer", "template.Must", "big.NewInt", "time.Date", "time.FixedZone",
	"decimal.New", "decimal.NewFromInt", "decimal.RequireFromString", "pricing.IndianFormat", "sync.OnceValue", "sync.OnceValues",
}

// constant recognises literals, tables of literals, and calls of the makers.
func constant(value ast.Expr) bool {
	switch v := value.(type) {
	case *ast.BasicLit, *ast.Ident, *ast.FuncLit, *ast.SelectorExpr:
		return true
	case *ast.CompositeLit:
		return !fromSync(v.Type)
	case *ast.UnaryExpr:
		return v.Op != token.AND && constant(v.X)
	case *ast.BinaryExpr:
		return constant(v.X) && constant(v.Y)
	case *ast.CallExpr:
		return slices.Contains(makers, calledName(v)) || isConversion(v)
	}
	return false
}

// fromSync recognises types whose very purpose is to change.
func fromSync(kind ast.Expr) bool {
	selector, ok := kind.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := selector.X.(*ast.Ident)
	return ok && (from.Name == "sync" || from.Name == "atomic")
}

// isConversion recognises []byte("text") and the like.
func isConversion(call *ast.CallExpr) bool {
	_, slice := call.Fun.(*ast.ArrayType)
	return slice && len(call.Args) == 1 && constant(call.Args[0])
}

// calledName returns "package.Function" for a call of it.
func calledName(value ast.Expr) string {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return ""
	}
	function := call.Fun
	if index, ok := function.(*ast.IndexExpr); ok {
		function = index.X // with its type argument given
	}
	selector, ok := function.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	from, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return from.Name + "." + selector.Sel.Name
}

// writtenVars collects the package-level variables that some statement assigns to,
// counts up, takes the address of, or deletes from. Types are of no interest, only
// what each name stands for, so imports are not followed.
func writtenVars(positions *token.FileSet, files []*ast.File) map[string]bool {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Error: func(error) {}, Importer: noImports{}}
	checked, _ := config.Check("p", positions, files, info) // what is imported is unknown to it
	written := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			for _, target := range targets(node) {
				if name := root(target); name != nil && checked.Scope().Lookup(name.Name) == info.Uses[name] {
					written[name.Name] = true
				}
			}
			return true
		})
	}
	return written
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not followed") }

// targets returns what a node writes to.
func targets(node ast.Node) []ast.Expr {
	switch n := node.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) {
			return n.Args[:1]
		}
	}
	return nil
}

// root returns the name that x starts from, such as a in a.b[c], or nil.
func root(x ast.Expr) *ast.Ident {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.SliceExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		default:
			return nil
		}
	}
}

// TestStateRulesBite plants each kind of hidden state, and each kind of constant
// that must not be taken for it.
func TestStateRulesBite(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"an assertion", `var _ fmt.Stringer = (*T)(nil)`, ""},
		{"a sentinel", `var ErrGone = errors.New("p: gone")`, ""},
		{"a sentinel that wraps another", `var ErrGone = fmt.Errorf("p: gone: %w", ErrInvalid)`, ""},
		{"a sentinel of a type of its own", `var ErrGone error = gone{}`, ""},
		{"an error that can be filled in", `var ErrGone = gone{}`, "var ErrGone can be written to by everybody"},
		{"an embedded file", "//go:embed pins.bin\nvar pins []byte", ""},
		{"a table", `var names = map[string]int{"a": 1}; func f(s string) int { return names[s] }`, ""},
		{"an expression", `var word = regexp.MustCompile("[a-z]+")`, ""},
		{"a value computed once", `var table = sync.OnceValue(func() int { return 1 })`, ""},
		{"a local variable of a table's name", `var names = []int{1}; func f() { names := 1; names++; _ = names }`, ""},
		{"an init function", `func init() {}`, "has an init function"},
		{"a method called init", `func (T) init() {}`, ""},
		{"a counter", `var n = 0; func f() { n++ }`, "var n is written to"},
		{"a registry", `var all = map[string]int{}; func f() { all["a"] = 1 }`, "var all is written to"},
		{"a growing list", `var all = []int{}; func f() { all = append(all, 1) }`, "var all is written to"},
		{"a cache that is emptied", `var all = map[string]int{}; func f() { clear(all) }`, "var all is written to"},
		{"a table handed out for writing", `var all = T{}; func f() *T { return &all }`, "var all is written to"},
		{"a field of a record", `var all = T{}; func f() { all.n = 1 }`, "var all is written to"},
		{"a switch for everybody", `var Debug = false`, "var Debug can be written to by everybody"},
		{"a variable to be set later", `var clock func() int`, "var clock has no value of its own"},
		{"a lock", `var mu = sync.Mutex{}`, "var mu may hold state"},
		{"a client", `var client = &http.Client{}`, "var client may hold state"},
		{"what a call made", `var cache = newCache()`, "var cache may hold state"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			positions := token.NewFileSet()
			file, err := parser.ParseFile(positions, "p.go", "package p; type T struct { n int }\n"+tt.code, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(stateful(positions, []*ast.File{file}), "; "); got != tt.want {
				t.Errorf("stateful says %q, want %q", got, tt.want)
			}
		})
	}
}
