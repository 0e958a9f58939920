package doctor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/doctor"
)

// TestCodes: each code is there once, explained, and written as codes are. The
// list is held here because programs branch on it: a code may be added, never
// renamed.
func TestCodes(t *testing.T) {
	want := strings.Fields(`store.reachable store.tls store.rest store.address store.php-output store.clock store.timers store.execution-time
		key.read key.write version.wordpress version.woocommerce version.php version.wpgraphql version.woographql companion orders.hpos
		rules.readable settings.currency settings.decimals settings.taxes settings.tax-basis settings.stock settings.hold-stock
		settings.guest-checkout settings.coupons settings.countries states.india tax.classes payment.gateways products.types products.prices
		graphql.reachable graphql.introspection graphql.debug cache.rest cache.sessions webhooks.alive webhooks.address`)
	var got []string
	for _, code := range doctor.Codes() {
		got = append(got, string(code))
		e, ok := doctor.Explain(code)
		if !ok || e.Asks == "" || e.Breaks == "" || e.Mend == "" {
			t.Errorf("%s is not explained: %+v", code, e)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
	if _, ok := doctor.Explain("no.such"); ok {
		t.Error("an unknown code is explained")
	}
}

func sample() doctor.Report {
	return doctor.Report{
		Store: "https://shop.example", CheckedAt: time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC),
		Versions: doctor.Versions{WooCommerce: "10.4.3", PHP: "8.2.35"},
		Settings: doctor.Settings{Countries: []string{"IN"}, Currency: "INR"},
		Findings: []doctor.Finding{
			{Severity: doctor.Breaks, Code: doctor.SetStock, Found: "stock is not counted.", Breaks: "Oversold.", Mend: "Tick it."},
			{Severity: doctor.Unchecked, Code: doctor.KeyWrite, Subject: "orders", Found: "could not be checked: no answer", Breaks: "b", Mend: "m"},
			{Severity: doctor.Unchecked, Code: doctor.KeyWrite, Subject: "products", Found: "could not be checked: no answer", Breaks: "b", Mend: "m"},
			{Severity: doctor.Unchecked, Code: doctor.CacheREST, Found: "could not be checked: no answer", Breaks: "b", Mend: "m"},
			{Severity: doctor.Unchecked, Code: doctor.HooksAlive, Found: "could not be checked: no address", Breaks: "b", Mend: "m"},
		},
		Passed: []doctor.Code{doctor.StoreReachable},
	}
}

func TestText(t *testing.T) {
	var out strings.Builder
	if err := sample().WriteText(&out); err != nil {
		t.Fatal(err)
	}
	want := `https://shop.example, looked at on 20 November 2026 10:30 UTC

WooCommerce 10.4.3, PHP 8.2.35

BROKEN: this loses orders, money or stock, or stops the shop

  settings.stock: stock is not counted.
    Effect: Oversold.
    Mend:   Tick it.

COULD NOT BE CHECKED

  key.write, cache.rest
    could not be checked: no answer

  webhooks.alive
    could not be checked: no address

39 questions asked, 1 of them without a finding.
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if err := sample().WriteText(brokenPipe{}); !errors.Is(err, errPipe) {
		t.Errorf("a failed write gives %v", err)
	}
}

var errPipe = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

// TestJSON holds the names that programs read.
func TestJSON(t *testing.T) {
	text, err := json.Marshal(sample())
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	var findings []map[string]string
	if err := errors.Join(json.Unmarshal(text, &top), json.Unmarshal(top["findings"], &findings)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"checked_at", "findings", "passed", "settings", "store", "versions"}, names(top)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	want := map[string]string{"severity": "breaks", "code": "settings.stock", "found": "stock is not counted.", "breaks": "Oversold.", "mend": "Tick it."}
	if diff := cmp.Diff(want, findings[0]); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	for part, want := range map[string]string{
		"versions": "arithmetic companion php woocommerce woographql wordpress wpgraphql wpgraphql_jwt",
		"settings": "base_country countries coupons currency decimals guest_checkout hold_stock_minutes hpos manage_stock max_execution_seconds " +
			"prices_include_tax round_at_subtotal sells_to tax_based_on tax_display_cart tax_display_shop taxes",
	} {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(top[part], &fields); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(names(fields), " "); got != want {
			t.Errorf("%s has %q, want %q", part, got, want)
		}
	}
}

func names[T any](m map[string]T) []string {
	var list []string
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestWorst(t *testing.T) {
	r := sample()
	if r.Worst() != doctor.Breaks {
		t.Errorf("worst %q", r.Worst())
	}
	r.Findings = r.Findings[1:]
	if r.Worst() != doctor.Unchecked || len(r.Of(doctor.KeyWrite)) != 2 {
		t.Errorf("worst %q, %d findings of key.write", r.Worst(), len(r.Of(doctor.KeyWrite)))
	}
}

// TestCancelled: a context that ends is its own error, and the report says that
// nothing could be asked.
func TestCancelled(t *testing.T) {
	client, _ := ward{}.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := doctor.Diagnose(ctx, client, doctor.Options{})
	if !errors.Is(err, context.Canceled) || errors.Is(err, doctor.ErrNotAsked) {
		t.Errorf("error %v", err)
	}
	whole(t, r)
	if r.Worst() != doctor.Unchecked || len(r.Passed) > 0 {
		t.Errorf("worst %q, passed %v", r.Worst(), r.Passed)
	}
}

// TestGivenUpHalfway: a store that hangs after the first answers does not pass
// for a healthy one.
func TestGivenUpHalfway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client, _ := ward{front: at("/wc/v3/orders/batch", func(*http.Request, *http.Response) { cancel() })}.open(t)
	r, err := doctor.Diagnose(ctx, client, doctor.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	whole(t, r)
	if len(r.Of(doctor.RulesReadable)) == 0 || !slices.Contains(r.Passed, doctor.StoreReachable) {
		t.Errorf("passed %v", r.Passed)
	}
}

// TestPlainText: what a store says cannot steer a terminal, nor fill it.
func TestPlainText(t *testing.T) {
	r, err := file("system_status.json", `"wp_version": "6.9.7"`, `"wp_version": "6.9.7\u001b[2J\n\r`+strings.Repeat("x", 5000)+`"`).examine(t)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\r") || len(r.Versions.WordPress) > 200 || !strings.HasPrefix(r.Versions.WordPress, "6.9.7 [2J x") {
		t.Errorf("WordPress %.40q in %q", r.Versions.WordPress, out.String())
	}
}

// TestNothingShowsTheSecret examines a well store, one that repeats what it was
// sent, and one that is not there.
func TestNothingShowsTheSecret(t *testing.T) {
	const canary = "cs_kAnArY7f3c9e51"
	var out bytes.Buffer
	for _, w := range []ward{
		{woo: func(c *woo.Config) { c.Key, c.Secret = "ck_"+canary, woo.NewSecret(canary) }},
		{woo: func(c *woo.Config) {
			c.URL, c.Key, c.Secret = "http://127.0.0.1:1", "ck_"+canary, woo.NewSecret(canary)
		}},
	} {
		r, err := w.examine(t)
		fmt.Fprintf(&out, "%v %+v %#v\n", r, r, err)
		if err := errors.Join(r.WriteText(&out), json.NewEncoder(&out).Encode(r)); err != nil {
			t.Fatal(err)
		}
	}
	for _, form := range []string{canary, "oauth_signature", "Authorization: ", hookSecret} {
		if strings.Contains(out.String(), form) {
			t.Errorf("%q is shown", form)
		}
	}
}
