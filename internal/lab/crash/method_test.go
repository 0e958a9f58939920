package crash_test

import (
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
		},
		"Orders": {
			reflect.TypeFor[checkout.OrderCreator](), reflect.TypeFor[checkout.StockRestorer](), reflect.TypeFor[checkout.OrderKeeper](),
			reflect.TypeFor[checkout.OrderNotes](), reflect.TypeFor[checkout.CashBook](),
		},
		"CashHistory": {reflect.TypeFor[checkout.CashHistory]()},
		"Gateway":     {reflect.TypeFor[payment.Gateway](), reflect.TypeFor[payment.Refunder]()},
		"Verifier":    {reflect.TypeFor[payment.PaymentVerifier]()},
		"Carts":       {reflect.TypeFor[cart.Store]()},
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

// TestEveryPortIsCounted holds Methods to the ports themselves: a method that is added to one must become a point.
func TestEveryPortIsCounted(t *testing.T) {
	methods, known := crash.Methods(), map[string]bool{}
	for port, types := range ports() {
		for _, face := range types {
			for i := range face.NumMethod() {
				name := port + "." + face.Method(i).Name
				known[name] = true
				if _, ok := methods[name]; !ok {
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
