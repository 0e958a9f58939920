package companion_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/companion"
)

// php finds the interpreter: the one that `make test` names, else one on the PATH.
func php(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("ANKKOR_TEST_PHP"); path != "" {
		return path
	}
	path, err := exec.LookPath("php")
	if err != nil {
		t.Skip("there is no php on this machine; make test brings it")
	}
	return path
}

// run tries the cases on a plugin file, all of them or one, and returns what
// failed, by name.
func run(t *testing.T, plugin string, one ...string) (passed []string, failed map[string]string) {
	t.Helper()
	args := append([]string{filepath.Join("testdata", "cases.php"), plugin}, one...)
	out, err := exec.CommandContext(t.Context(), php(t), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("php: %v\n%s", err, out)
	}
	failed = map[string]string{}
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "ok "); ok {
			passed = append(passed, name)
			continue
		}
		rest, ok := strings.CutPrefix(line, "not ok ")
		if !ok {
			t.Fatalf("php said %q\n%s", line, out)
		}
		name, reason, _ := strings.Cut(rest, ": ")
		failed[name] = reason
	}
	return passed, failed
}

func TestSyntax(t *testing.T) {
	for _, file := range []string{"ankkor-companion.php", "testdata/wordpress.php", "testdata/cases.php"} {
		if out, err := exec.CommandContext(t.Context(), php(t), "-l", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
}

func TestPlugin(t *testing.T) {
	passed, failed := run(t, "ankkor-companion.php")
	for _, name := range passed {
		t.Run(name, func(*testing.T) {})
	}
	for name, reason := range failed {
		t.Run(name, func(t *testing.T) { t.Error(reason) })
	}
	if len(passed) < 27 {
		t.Errorf("%d cases passed, want 27", len(passed))
	}
}

// TestCasesBite plants one mistake at a time; the case that is there for it goes
// red.
func TestCasesBite(t *testing.T) {
	faults := map[string]struct{ old, new, caught string }{
		"the order is not noted":           {"if ( $id ) {", "if ( false ) {", "test_another_body_is_refused"},
		"no lock is taken":                 {"if ( ! $this->lock( $key ) ) {", "if ( false ) {", "test_a_key_in_use_waits_and_then_says_so"},
		"the lock is kept":                 {"} finally {\n\t\t\t\t$this->unlock( $key );", "} finally {\n\t\t\t\tunset( $key );", "test_an_exception_leaves_no_lock"},
		"another body counts as the same":  {"! hash_equals( $row->request_hash, $hash )", "false", "test_another_body_is_refused"},
		"the signature is part of the key": {"is_array( $json ) ? $json : $request->get_body_params()", "array( microtime() )", "test_a_key_makes_one_order"},
		"a trashed order is answered":      {"$order && 'trash' !== $order->get_status()", "$order", "test_a_trashed_order_frees_its_key"},
		"a deleted order is made again":    {"if ( $row && ! $order ) {", "if ( false ) {", "test_a_deleted_order_does_not"},
		"a refusal leaves its order":       {"$left->delete( false );", "", "test_what_a_refusal_leaves_is_trashed"},
		"only the table is asked":          {": $this->unrecorded_order( $key, false );", ": false;", "test_an_order_nobody_noted_is_found"},
		"any text is a key":                {"is_string( $value ) && 1 === preg_match", "true || 1 === preg_match", "test_bad_keys_are_refused"},
		"anybody may look up":              {"if ( wc_rest_check_post_permissions( 'shop_order', 'read' ) ) {", "if ( true ) {", "test_lookup_needs_the_right_to_read_orders"},
		"any key opens the order":          {"&& hash_equals( $order->get_order_key(), $given )", "", "test_who_holds_the_order_key_may_pay"},
		"any order opens":                  {"&& '' !== (string) $order->get_meta( self::TOKEN_META )", "", "test_only_orders_of_ours_open_without_login"},
		"a stranger's account pays":        {"&& empty( $args[1] )", "", "test_who_holds_the_order_key_may_pay"},
		"every visitor is a guest":         {"! WC()->cart->is_empty()", "true", "test_a_handed_over_cart_needs_no_account"},
		"revisions stand still":            {"revision = revision + 1\", $id ) );", "revision = revision\", 0 ) );", "test_stock_revision_grows"},
		"the quantity is read first": {
			"$revision = (int) $wpdb->get_var", "$wpdb->get_var( $wpdb->prepare( 'SELECT meta_value', $counted ) );\n\t\t\t$revision = (int) $wpdb->get_var",
			"test_quantity_is_read_after_the_revision",
		},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			if strings.Count(companion.Source(), f.old) != 1 {
				t.Fatalf("%q stands %d times in the plugin", f.old, strings.Count(companion.Source(), f.old))
			}
			file := filepath.Join(t.TempDir(), "plugin.php")
			if err := os.WriteFile(file, []byte(strings.Replace(companion.Source(), f.old, f.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, failed := run(t, file, f.caught); failed[f.caught] == "" {
				t.Errorf("%s passed; failed are %v", f.caught, failed)
			}
		})
	}
}

func TestVersionIsThePlugins(t *testing.T) {
	for _, line := range []string{" * Version:           " + companion.Version + "\n", "VERSION     = '" + companion.Version + "';"} {
		if !strings.Contains(companion.Source(), line) {
			t.Errorf("the plugin has no line %q", line)
		}
	}
}
