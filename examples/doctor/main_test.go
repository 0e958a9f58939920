package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ankkor/ankkor/woo/doctor"
	"github.com/ankkor/ankkor/woo/wootest"
)

// shop is a store and the environment that names it.
type shop struct {
	*wootest.Store
	env map[string]string
}

func openShop(t *testing.T, cfg wootest.Config) shop {
	t.Helper()
	store, err := wootest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return shop{store, map[string]string{"WOO_URL": store.URL(), "WOO_KEY": store.ConsumerKey(), "WOO_SECRET": store.ConsumerSecret()}}
}

// with is the shop with some of the environment changed.
func (s shop) with(pairs ...string) shop {
	env := maps.Clone(s.env)
	for pair := range slices.Chunk(pairs, 2) {
		env[pair[0]] = pair[1]
	}
	return shop{s.Store, env}
}

// doctor runs the program. Whatever it prints, it prints no credential.
func (s shop) doctor(t *testing.T, args ...string) (code int, out, complaints string) {
	t.Helper()
	var o, c bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return s.env[name] }, &o, &c)
	for _, secret := range []string{s.ConsumerSecret(), s.ConsumerKey()} {
		if strings.Contains(o.String()+c.String(), secret) {
			t.Error("a credential was printed")
		}
	}
	return code, o.String(), c.String()
}

func TestExitCodes(t *testing.T) {
	s := openShop(t, wootest.Config{})
	// The stand-in lists no products by tax class; that stays unchecked and is no
	// reason to fail.
	for name, c := range map[string]struct {
		shop      shop
		args      []string
		code      int
		out       string // is part of the report
		complains string
	}{
		"fine":             {s, nil, 0, "WooCommerce 10.4.3", ""},
		"webhooks":         {s, []string{"-webhook", "https://shop.example/hooks"}, 0, "there is no webhook for order.created", ""},
		"broken":           {s, []string{"-webhook", "https://127.0.0.1/hooks"}, 1, "webhooks.address: 127.0.0.1 is not a public address", ""},
		"another currency": {s, []string{"-currency", "EUR"}, 1, "the store sells in INR, expected is EUR", ""},
		"wrong secret":     {s.with("WOO_SECRET", "cs_wrong"), nil, 1, "key.read: the key is refused: Invalid signature", ""},
		"no key":           {s.with("WOO_KEY", "", "WOO_SECRET", ""), nil, 2, "no key was given", "without WOO_KEY"},
		"nobody there":     {s.with("WOO_URL", "http://127.0.0.1:1"), nil, 2, "store.reachable: no answer", "could not be asked"},
		"no GraphQL":       {s.with("WOO_GRAPHQL_URL", s.URL()+"/nowhere"), nil, 1, "graphql.reachable", ""},
		"no address":       {s.with("WOO_URL", ""), nil, 2, "", "WOO_URL is required"},
		"half a key":       {s.with("WOO_KEY", ""), nil, 2, "", "Config.Key"},
		"no such file":     {s.with("WOO_CA", "/does/not/exist"), nil, 2, "", "WOO_CA"},
		"an argument":      {s, []string{"please"}, 2, "", "unexpected argument"},
		"unknown flag":     {s, []string{"-please"}, 2, "", "-please"},
		"no time":          {s, []string{"-timeout", "0s"}, 2, "", "-timeout must be positive"},
		"little time":      {s, []string{"-timeout", "1ns"}, 2, "COULD NOT BE CHECKED", "deadline"},
		"help":             {s, []string{"-h"}, 0, "Exit code:", ""},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, complaints := c.shop.doctor(t, c.args...)
			if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(complaints, c.complains) {
				t.Errorf("exit code %d, want %d\n%s%s", code, c.code, out, complaints)
			}
			if c.complains == "" && complaints != "" {
				t.Errorf("complains: %s", complaints)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	code, out, _ := openShop(t, wootest.Config{}).doctor(t, "-json", "-currency", "EUR")
	var r doctor.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if code != 1 || r.Worst() != doctor.Breaks || r.Versions.WooCommerce != "10.4.3" || len(r.Of(doctor.SetCurrency)) != 1 {
		t.Errorf("exit code %d, %+v", code, r)
	}
}

// TestOtherMoney: a shop that sells in another currency, written otherwise, is no
// worse for it.
func TestOtherMoney(t *testing.T) {
	general := `[{"id":"woocommerce_default_country","value":"DE:BE"},{"id":"woocommerce_allowed_countries","value":"all"},
		{"id":"woocommerce_calc_taxes","value":"no"},{"id":"woocommerce_enable_coupons","value":"yes"},{"id":"woocommerce_currency","value":"EUR"},
		{"id":"woocommerce_currency_pos","value":"right_space"},{"id":"woocommerce_price_thousand_sep","value":"."},
		{"id":"woocommerce_price_decimal_sep","value":","},{"id":"woocommerce_price_num_decimals","value":"2"}]`
	files := fstest.MapFS{}
	for _, name := range []string{
		"site.json", "products.json", "variations.json", "settings_products.json", "settings_tax.json", "settings_account.json", "system_status.json",
		"countries.json", "payment_gateways.json", "tax_classes.json", "categories.json", "tags.json", "attributes.json",
	} {
		text, err := readFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	files["settings_general.json"] = &fstest.MapFile{Data: []byte(general)}
	files["currency.json"] = &fstest.MapFile{Data: []byte(`{"code":"EUR","name":"Euro","symbol":"&euro;"}`)}
	_, out, complaints := openShop(t, wootest.Config{Catalogue: files}).doctor(t, "-json")
	var r doctor.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s%s", err, out, complaints)
	}
	for _, code := range []doctor.Code{doctor.SetCurrency, doctor.SetDecimals, doctor.ProductPrices} {
		if list := r.Of(code); len(list) > 0 {
			t.Errorf("%+v", list)
		}
	}
}

func readFile(name string) ([]byte, error) {
	f, err := wootest.Catalogue().Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(f)
	return b.Bytes(), err
}

// TestRootCertificate: a store with a certificate of its own is refused, until
// its root is named.
func TestRootCertificate(t *testing.T) {
	s := openShop(t, wootest.Config{TLS: true})
	if code, out, _ := s.doctor(t); code != 2 || !strings.Contains(out, "store.tls: the store's certificate is not accepted") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	file := filepath.Join(t.TempDir(), "root.pem")
	transport := s.HTTPClient()
	defer transport.CloseIdleConnections()
	resp, err := transport.Get(s.URL() + "/wp-json/wc/v3")
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	chain := resp.TLS.PeerCertificates
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[len(chain)-1].Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, complaints := s.with("WOO_CA", file).doctor(t); code != 0 || strings.Contains(out, "store.tls") {
		t.Errorf("exit code %d\n%s%s", code, out, complaints)
	}
	if err := os.WriteFile(file, []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, complaints := s.with("WOO_CA", file).doctor(t); code != 2 || !strings.Contains(complaints, "no certificate in PEM form") {
		t.Errorf("exit code %d: %s", code, complaints)
	}
}
