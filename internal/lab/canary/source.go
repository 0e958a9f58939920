package canary

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Declared is an exported type of the module that has data.
type Declared struct {
	Package string // import path
	Base    string // the package's name
	Name    string
	Generic bool
}

// String is the type's name as its users write it.
func (d Declared) String() string { return d.Base + "." + d.Name }

// declarations lists the exported types that have data, of every package below root that others can import. What a test
// uses (a suite, a stand-in) is left out: there is no shopper in it.
func declarations(root string) ([]Declared, error) {
	var found []Declared
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name != root && unseen(name, entry.Name()) {
			return fs.SkipDir
		}
		folder, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		list, err := inFolder(name, path.Join(module, filepath.ToSlash(folder)))
		found = append(found, list...)
		return err
	})
	slices.SortFunc(found, func(a, b Declared) int { return strings.Compare(a.Package+"."+a.Name, b.Package+"."+b.Name) })
	return found, err
}

func unseen(folder, name string) bool {
	if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
		return true
	}
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"testdata", "internal", "examples"}, name) || strings.HasSuffix(name, "test")
}

func inFolder(folder, importPath string) ([]Declared, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var found []Declared
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if file.Name.Name != "main" {
			found = append(found, inFile(file, importPath)...)
		}
	}
	return found, nil
}

func inFile(file *ast.File, importPath string) []Declared {
	var found []Declared
	for _, d := range file.Decls {
		general, ok := d.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, s := range general.Specs {
			spec, ok := s.(*ast.TypeSpec)
			if ok && spec.Name.IsExported() && spec.Assign == 0 && hasData(spec.Type) {
				found = append(found, Declared{Package: importPath, Base: file.Name.Name, Name: spec.Name.Name, Generic: spec.TypeParams != nil})
			}
		}
	}
	return found
}

// hasData says whether a type holds anything: an interface, a function and a channel do not.
func hasData(e ast.Expr) bool {
	switch e.(type) {
	case *ast.InterfaceType, *ast.FuncType, *ast.ChanType:
		return false
	}
	return true
}

// registry writes the Go source of registry.go.
func registry(list []Declared) ([]byte, error) {
	var b strings.Builder
	b.WriteString("// Code generated from the exported types of the module; DO NOT EDIT.\n\n// TestRegistry writes this file, and compares it with the source.\n\npackage canary\n\nimport (\n\t\"reflect\"\n\n")
	alias := map[string]string{}
	for _, d := range list {
		if alias[d.Package] == "" && !d.Generic {
			alias[d.Package] = fmt.Sprintf("p%d", len(alias))
			fmt.Fprintf(&b, "\t%s %q\n", alias[d.Package], d.Package)
		}
	}
	b.WriteString(")\n\n// types are the exported types that have data, by package and name.\nfunc types() map[string]reflect.Type {\n\treturn map[string]reflect.Type{\n")
	for _, d := range list {
		if !d.Generic {
			fmt.Fprintf(&b, "\t\t%q: reflect.TypeFor[%s.%s](),\n", d.Package+"."+d.Name, alias[d.Package], d.Name)
		}
	}
	b.WriteString("\t}\n}\n")
	return format.Source([]byte(b.String()))
}
