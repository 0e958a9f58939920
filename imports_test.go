package ankkor_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/ankkor/ankkor"

// rule says what the packages at and below a folder may link, besides the standard
// library, themselves, and the packages in internal. The longest folder that fits
// a package holds for it.
type rule struct {
	folder string
	// ours are folders of this module.
	ours []string
	// others are modules of other people.
	others []string
}

const (
	decimal = "github.com/shopspring/decimal"
	goCmp   = "github.com/google/go-cmp"
	otter   = "github.com/maypok86/otter/v2"
	jwt     = "github.com/golang-jwt/jwt/v5"
)

// The core is what a shop's server links in any case: arithmetic and the journey,
// on the standard library and a decimal type. The checkout knows no auth: an owner
// is an opaque word that the host chooses.
var core = []string{"pricing", "inventory", "payment", "cart", "checkout"}

// rules is the import direction of the module. A new dependency, or a new arrow
// between packages, is a decision that is made here.
func rules() []rule {
	domain := append(slices.Clone(core), "auth")
	return []rule{
		{folder: "internal"},
		{folder: "pricing", others: []string{decimal}},
		{folder: "inventory", others: []string{decimal}},
		{folder: stockhttp, ours: []string{"inventory"}, others: []string{decimal, jwt}},
		{folder: "payment", ours: []string{"pricing"}, others: []string{decimal}},
		{folder: "cart", ours: []string{"pricing"}, others: []string{decimal}},
		{folder: "checkout", ours: core, others: []string{decimal}},
		{folder: "auth"},
		{folder: "woo", ours: domain, others: []string{decimal,
			"github.com/hasura/go-graphql-client", "github.com/coder/websocket", "github.com/google/uuid",
			"github.com/sony/gobreaker/v2", "github.com/cenkalti/backoff/v5", "golang.org/x/sync", otter}},
		// The WooCommerce to test against shares no code with the client it tests;
		// the arithmetic of carts, held against a real store's, it may use.
		{folder: "woo/wootest", ours: []string{"pricing"}, others: []string{decimal, jwt,
			"github.com/vektah/gqlparser/v2", "github.com/agnivade/levenshtein"}},
		{folder: "adapters", ours: domain, others: []string{decimal}},
		// A client of a payment gateway needs no driver and no client library; the gateway to test against shares no code
		// with it, nor with anything else here.
		{folder: "adapters/razorpay", ours: core, others: []string{decimal}},
		{folder: "adapters/razorpay/razorpaytest"},
		{folder: "adapters/redisstore", ours: domain, others: []string{decimal,
			"github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys"}},
		// The driver is the host's. What goose links for its migrations is behind it.
		{folder: "adapters/pgstore", ours: domain, others: []string{decimal, "github.com/jmoiron/sqlx",
			"github.com/pressly/goose/v3", "github.com/mfridman/interpolate", "github.com/sethvargo/go-retry",
			"go.uber.org/multierr", "golang.org/x/sync"}},
	}
}

// unlinkable may be linked by no package but a suite, whatever else it may link.
// A host's program has no use for the testing package's flags, nor the core for a
// network: only its handlers link it.
func unlinkable(folder string) []string {
	packages := []string{"testing"}
	if slices.Contains(core, top(folder)) && !isHandler(folder) {
		packages = append(packages, "net/http")
	}
	return packages
}

// isHandler recognises the packages where the core meets the network, by their name:
// handlers that hosts mount and adapters build on, and which nothing else in the core
// links.
func isHandler(folder string) bool {
	return slices.Contains(core, top(folder)) && strings.HasSuffix(folder, "http")
}

// stockhttp takes what a scheduler signed as a JWT.
const stockhttp = "inventory/stockhttp"

// linked is a package as `go list` describes it.
type linked struct {
	ImportPath string
	ForTest    string
	Standard   bool
	Deps       []string
}

// TestImportDirection holds the rules for everything that a package links, not
// only for what it imports itself.
func TestImportDirection(t *testing.T) {
	for _, v := range violations(list(t)) {
		t.Error(v)
	}
}

// list asks the go command about all packages of the module, their test binaries,
// and what they link. What does not compile is the compiler's to report (-e).
func list(t *testing.T) []linked {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-test",
		"-json=ImportPath,ForTest,Standard,Deps", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var packages []linked
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p linked
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// violations returns a sentence for each arrow that should not be there.
func violations(packages []linked) []string {
	standard := map[string]bool{}
	for _, p := range packages {
		standard[p.ImportPath] = p.Standard
	}
	var found []string
	for _, p := range packages {
		folder, ok := folderOf(p.ImportPath)
		if !ok || strings.Contains(p.ImportPath, " [") {
			continue // somebody else's, or a package once more as its tests see it
		}
		if tested, ok := strings.CutSuffix(folder, ".test"); ok {
			found = append(found, testViolations(tested, p.Deps, standard)...)
			continue
		}
		found = append(found, packageViolations(folder, p.Deps, standard)...)
	}
	return found
}

// packageViolations looks at one package and what it links.
func packageViolations(folder string, deps []string, standard map[string]bool) []string {
	r, ok := ruleFor(folder)
	if !ok {
		return nil
	}
	var found []string
	for _, dep := range deps {
		target, ours := folderOf(dep)
		switch {
		case ours && !r.allowsOurs(folder, target):
			found = append(found, fmt.Sprintf("%s links %s", folder, target))
		case !ours && !standard[dep] && !r.allowsOther(folder, dep):
			found = append(found, fmt.Sprintf("%s links %s", folder, dep))
		case !isSuite(folder) && slices.Contains(unlinkable(folder), dep):
			found = append(found, fmt.Sprintf("%s links %s", folder, dep))
		}
	}
	return found
}

// testViolations looks at the core's test binaries. What they link, a consumer's
// `go mod tidy` resolves too: an adapter with a driver would bring the driver.
func testViolations(tested string, deps []string, standard map[string]bool) []string {
	if !slices.Contains(core, top(tested)) {
		return nil
	}
	var found []string
	for _, dep := range deps {
		dep, _, _ = strings.Cut(dep, " [")
		if tested == stockhttp && within(dep, jwt) {
			continue
		}
		if _, ours := folderOf(dep); !ours && !standard[dep] && !within(dep, decimal) && !within(dep, goCmp) {
			found = append(found, fmt.Sprintf("the tests of %s link %s", tested, dep))
		}
	}
	return found
}

func ruleFor(folder string) (best rule, ok bool) {
	for _, r := range rules() {
		if within(folder, r.folder) && len(r.folder) > len(best.folder) {
			best, ok = r, true
		}
	}
	return best, ok
}

// allowsOurs says whether the package in folder may link the one in target.
func (r rule) allowsOurs(folder, target string) bool {
	if isSuite(target) && !isSuite(folder) {
		return false
	}
	if r.folder == "adapters" && top(target) == "adapters" {
		return adapterOf(folder) == adapterOf(target)
	}
	if isHandler(target) && slices.Contains(core, top(folder)) && !isHandler(folder) && !isSuite(folder) {
		return false
	}
	return within(target, r.folder) || within(target, "internal") ||
		slices.ContainsFunc(r.ours, func(f string) bool { return within(target, f) })
}

func (r rule) allowsOther(folder, dep string) bool {
	if isSuite(folder) && within(dep, goCmp) {
		return true
	}
	return slices.ContainsFunc(r.others, func(m string) bool { return within(dep, m) })
}

// folderOf returns a package's folder in this module, "." for the root.
func folderOf(importPath string) (folder string, ours bool) {
	rest, ours := strings.CutPrefix(importPath, module)
	if !ours || rest != "" && rest[0] != '/' && rest[0] != '.' {
		return "", false
	}
	return path.Clean("./" + strings.TrimPrefix(rest, "/")), true
}

// within says whether p is folder or below it.
func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

func top(folder string) string { first, _, _ := strings.Cut(folder, "/"); return first }

// adapterOf names the adapter that a package below adapters is part of.
func adapterOf(folder string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(folder, "adapters/"), "/")
	return name
}

// isSuite recognises the packages that exist for tests, by their name.
func isSuite(folder string) bool { return strings.HasSuffix(path.Base(folder), "test") }

// TestImportRulesBite plants each kind of wrong arrow.
func TestImportRulesBite(t *testing.T) {
	const other = "example.com/driver"
	tests := []struct {
		name  string
		of    string
		links string
		want  []string
	}{
		{"the core links its own", "checkout", module + "/pricing/quote", nil},
		{"the core links a mechanism in internal", "payment", module + "/internal/secret", nil},
		{"the core links decimal", "pricing", decimal, nil},
		{"the core links WooCommerce", "checkout", module + "/woo", []string{"checkout links woo"}},
		{"a sub-package of the core links an adapter", "pricing/quote", module + "/adapters/memstore",
			[]string{"pricing/quote links adapters/memstore"}},
		{"the checkout links auth", "checkout", module + "/auth", []string{"checkout links auth"}},
		{"the cart links stock", "cart", module + "/inventory", []string{"cart links inventory"}},
		{"auth links ours", "auth", module + "/cart", []string{"auth links cart"}},
		{"internal links a package above it", "internal/secret", module + "/pricing",
			[]string{"internal/secret links pricing"}},
		{"the core links a driver", "inventory", other, []string{"inventory links " + other}},
		{"the core links the testing package", "cart", "testing", []string{"cart links testing"}},
		{"the API links a network", "checkout/checkouthttp", "net/http", nil},
		{"the journey links a network", "checkout", "net/http", []string{"checkout links net/http"}},
		{"the core links a network", "cart", "net/http", []string{"cart links net/http"}},
		{"the stock's handlers link a network", stockhttp, "net/http", nil},
		{"the stock's handlers link WooCommerce", stockhttp, module + "/woo", []string{"inventory/stockhttp links woo"}},
		{"reconciliation links a network", "inventory/reconcile", "net/http", []string{"inventory/reconcile links net/http"}},
		{"an adapter links a handler of the core", "adapters/razorpay", module + "/checkout/inbox/inboxhttp", nil},
		{"the inbox links its handler", "checkout/inbox", module + "/checkout/inbox/inboxhttp",
			[]string{"checkout/inbox links checkout/inbox/inboxhttp"}},
		{"stock links its handlers", "inventory", module + "/inventory/stockhttp", []string{"inventory links inventory/stockhttp"}},
		{"woo links the testing package", "woo", "testing", []string{"woo links testing"}},
		{"the core links a suite", "cart", module + "/cart/carttest", []string{"cart links cart/carttest"}},
		{"a suite links testing", "cart/carttest", "testing", nil},
		{"a suite links go-cmp", "cart/carttest", goCmp + "/cmp", nil},
		{"the core links go-cmp", "cart", goCmp + "/cmp", []string{"cart links " + goCmp + "/cmp"}},
		{"a suite links an assertion library", "cart/carttest", other, []string{"cart/carttest links " + other}},
		{"an adapter links the core", "adapters/memstore", module + "/checkout", nil},
		{"an adapter links its own sub-package", "adapters/pgstore", module + "/adapters/pgstore/migrate", nil},
		{"an adapter links another", "adapters/pgstore", module + "/adapters/memstore",
			[]string{"adapters/pgstore links adapters/memstore"}},
		{"the Postgres adapter links its migrations", "adapters/pgstore", "github.com/pressly/goose/v3", nil},
		{"the Postgres adapter links a driver", "adapters/pgstore", "github.com/jackc/pgx/v5/stdlib",
			[]string{"adapters/pgstore links github.com/jackc/pgx/v5/stdlib"}},
		{"an adapter links WooCommerce", "adapters/pgstore", module + "/woo", []string{"adapters/pgstore links woo"}},
		{"woo links an adapter", "woo", module + "/adapters/memstore", []string{"woo links adapters/memstore"}},
		{"the stand-in links the client", "woo/wootest", module + "/woo", []string{"woo/wootest links woo"}},
		{"the stand-in links the journey", "woo/wootest", module + "/checkout", []string{"woo/wootest links checkout"}},
		{"the stand-in links the arithmetic of carts", "woo/wootest", module + "/pricing/quote", nil},
		{"the payment client links auth", "adapters/razorpay", module + "/auth", []string{"adapters/razorpay links auth"}},
		{"the gateway to test against links the client", "adapters/razorpay/razorpaytest", module + "/adapters/razorpay",
			[]string{"adapters/razorpay/razorpaytest links adapters/razorpay"}},
		{"the gateway to test against links payment", "adapters/razorpay/razorpaytest", module + "/payment",
			[]string{"adapters/razorpay/razorpaytest links payment"}},
		{"an example links anything", "examples/storefront", other, nil},
		{"the core's tests link an adapter without a driver", "checkout.test", module + "/adapters/memstore", nil},
		{"the core's tests link a driver", "checkout.test", other, []string{"the tests of checkout link " + other}},
		{"an adapter's tests link its driver", "adapters/pgstore.test", other, nil},
		{"a module whose name begins as ours does", "checkout", module + "-extras", []string{"checkout links " + module + "-extras"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			packages := []linked{
				{ImportPath: "testing", Standard: true}, {ImportPath: "net/http", Standard: true},
				{ImportPath: module + "/" + tt.of, Deps: []string{tt.links}},
			}
			if diff := cmp.Diff(tt.want, violations(packages)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
