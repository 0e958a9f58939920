package wooenv_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/examples/internal/wooenv"
	"github.com/ankkor/ankkor/woo"
)

func from(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestConfig(t *testing.T) {
	c, err := wooenv.Config(from(map[string]string{"WOO_URL": "https://shop.example", "WOO_KEY": "ck_1", "WOO_SECRET": "cs_1"}))
	if err != nil || c.URL != "https://shop.example" || c.Key != "ck_1" || c.Secret.Reveal() != "cs_1" || c.Catalogue != woo.CatalogueAutomatic {
		t.Errorf("%+v, %v", c, err)
	}
	c, err = wooenv.Config(from(map[string]string{"WOO_URL": "https://shop.example", "WOO_GRAPHQL_URL": "https://shop.example/api"}))
	if err != nil || c.GraphQLURL != "https://shop.example/api" || c.Catalogue == woo.CatalogueAutomatic {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestWrongEnvironments(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, values := range map[string]map[string]string{
		"WOO_URL":  {},
		"URL":      {"WOO_URL": "shop.example"},
		"Secret":   {"WOO_URL": "https://shop.example", "WOO_KEY": "ck_1"},
		"WOO_CA":   {"WOO_URL": "https://shop.example", "WOO_CA": filepath.Join(t.TempDir(), "missing.pem")},
		"PEM form": {"WOO_URL": "https://shop.example", "WOO_CA": empty},
		"Key":      {"WOO_URL": "https://shop.example", "WOO_SECRET": "cs_do_not_print"},
	} {
		_, err := wooenv.Config(from(values))
		if !errors.Is(err, wooenv.ErrEnvironment) || !strings.Contains(fmt.Sprint(err), name) {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "do_not_print") {
			t.Errorf("%v repeats the secret", err)
		}
	}
}

// TestCertificate: a store with a certificate of its own is trusted by name of the file.
func TestCertificate(t *testing.T) {
	store := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer store.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: store.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		ca      string
		trusted bool
	}{{"", false}, {file, true}} {
		c, err := wooenv.Config(from(map[string]string{"WOO_URL": store.URL, "WOO_CA": test.ca}))
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.HTTP.Get(store.URL)
		if err == nil {
			_ = res.Body.Close()
		}
		if (err == nil) != test.trusted {
			t.Errorf("with WOO_CA=%q: %v", test.ca, err)
		}
	}
}
