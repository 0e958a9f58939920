package crash_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/internal/lab/crash"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/payment"
)

// ports are the interfaces that a Service calls, optional ones too, by the name their methods have in crash.Methods.
func ports() map[string][]reflect.Type {
	return map[string][]reflect.Type{
		"Store": {
			reflect.TypeFor[checkout.Store](), reflect.TypeFor[checkout.Outbox](), reflect.TypeFor[checkout.Register](),
			reflect.TypeFor[reseed.Books](), reflect.TypeFor[inventory.Ledger](),
		},
		"Reserver": {
			reflect.TypeFor[inventory.Reserver](), reflect.TypeFor[inventory.Forgetful](), reflect.TypeFor[checkout.LowStock](),
			reflect.TypeFor[inventory.Concluder](),
		},
		"Orders": {
			reflect.TypeFor[checkout.OrderCreator](), reflect.TypeFor[checkout.StockRestorer](), reflect.TypeFor[checkout.OrderKeeper](),
			reflect.TypeFor[checkout.OrderNotes](), reflect.TypeFor[checkout.CashBook](),
		},
		"CashHistory": {reflect.TypeFor[checkout.CashHistory]()},
		"Gateway":     {reflect.TypeFor[payment.Gateway](), reflect.TypeFor[payment.Refunder]()},
		"Verifier":    {reflect.TypeFor[payment.PaymentVerifier]()},
		"Carts":       {reflect.TypeFor[cart.Store](), reflect.TypeFor[checkout.Beside]()},
		"Catalog":     {reflect.TypeFor[cart.Catalog]()},
		"Rules":       {reflect.TypeFor[checkout.Rulebook]()},
		"Stock":       {reflect.TypeFor[inventory.StockSource]()},
		"Notifier":    {reflect.TypeFor[checkout.Notifier]()},
		"Publisher":   {reflect.TypeFor[checkout.Publisher]()},
		"Shipper":     {reflect.TypeFor[checkout.Shipper]()},
		"Inbox":       {reflect.TypeFor[inbox.Inbox]()},
		"Quoter":      {reflect.TypeFor[checkout.Quoter]()},
		"Pincodes":    {reflect.TypeFor[checkout.PincodeDirectory]()},
		"Warehouses":  {reflect.TypeFor[warehouse.Chooser]()},
	}
}

// apart are fields of checkout.Config that are no port to the outside, and why.
func apart() map[string]string {
	return map[string]string{
		"Observer": "is told, and decides nothing",
	}
}

// within are methods of ports that call nothing outside, and why.
func within() map[string]string {
	return map[string]string{
		"Carts.Beside": "says in the process what is configured",
	}
}

// TestEveryPortIsCounted holds Methods to the ports themselves: a method that is added to one must become a point.
func TestEveryPortIsCounted(t *testing.T) {
	methods, known := crash.Methods(), map[string]bool{}
	for port, types := range ports() {
		for _, face := range types {
			for i := range face.NumMethod() {
				name := port + "." + face.Method(i).Name
				known[name] = true
				if _, ok := methods[name]; !ok && within()[name] == "" {
					t.Errorf("%s is no point", name)
				}
			}
		}
	}
	for name := range methods {
		if !known[name] {
			t.Errorf("%s is of no port", name)
		}
	}
	config := reflect.TypeFor[checkout.Config]()
	for i := range config.NumField() {
		f := config.Field(i)
		_, excused := apart()[f.Name]
		named := slices.ContainsFunc(ports()[f.Name], func(p reflect.Type) bool { return p == f.Type })
		if f.Type.Kind() == reflect.Interface && !named && !excused {
			t.Errorf("checkout.Config.%s is a port that is not wrapped", f.Name)
		}
	}
}

// asserted are the interfaces that the source of package checkout asks its ports for, by file and line.
func asserted(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../../checkout/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the source of package checkout is not found: %v", err)
	}
	where, set := map[string]string{}, token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if a, ok := n.(*ast.TypeAssertExpr); ok && a.Type != nil {
				face := types.ExprString(a.Type)
				if strings.HasPrefix(face, "*") {
					return true // a pointer is no port
				}
				if !strings.Contains(face, ".") {
					face = "checkout." + face
				}
				where[face] = set.Position(a.Pos()).String()
			}
			return true
		})
	}
	return where
}

// TestEveryOptionalPortIsCounted: what package checkout finds out by a type assertion is wrapped too.
func TestEveryOptionalPortIsCounted(t *testing.T) {
	wrapped := map[string]string{"payment.Deferrer": "what is due on delivery is derived in the process"}
	for port, faces := range ports() {
		for _, face := range faces {
			wrapped[face.String()] = port
			for _, part := range parts(face) {
				wrapped[part.String()] = port
			}
		}
	}
	found := asserted(t)
	for face, at := range found {
		if wrapped[face] == "" {
			t.Errorf("%s: %s is a port that is not wrapped", at, face)
		}
	}
	if len(found) < 10 {
		t.Errorf("only %d assertions were found: %v", len(found), found)
	}
}

// parts are interfaces that are asked for by a name of their own, and are within those of ports.
func parts(face reflect.Type) []reflect.Type {
	var within []reflect.Type
	for _, part := range []reflect.Type{reflect.TypeFor[inventory.Levels](), reflect.TypeFor[inventory.Standings]()} {
		if face.Implements(part) {
			within = append(within, part)
		}
	}
	return within
}

// TestEveryModeIsAccountedFor wants a reason for every mode that a method does not suffer, and none twice.
func TestEveryModeIsAccountedFor(t *testing.T) {
	for name, m := range crash.Methods() {
		suffered := 0
		for _, mode := range crash.Modes() {
			why, ok := m.Suffers(mode)
			if ok {
				suffered++
			}
			if ok == (why != "") {
				t.Errorf("%s, %s: suffered %v, because %q", name, mode, ok, why)
			}
			if why, same := m.Alike(mode); same && (why == "" || !ok) {
				t.Errorf("%s, %s: alike because %q, suffered %v", name, mode, why, ok)
			}
		}
		if want := 6; !strings.HasPrefix(name, "Verifier.") && name != "Shipper.Ship" && suffered != want {
			t.Errorf("%s suffers %d modes, want %d", name, suffered, want)
		}
	}
}
