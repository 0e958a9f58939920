package woo_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
)

// TestNothingShowsTheSecret prints everything the package hands out, and every
// way a call can fail, with every verb.
func TestNothingShowsTheSecret(t *testing.T) {
	const canary = "cs_kAnArY7f3c9e51"
	withCanary := func(c *woo.Config) { c.Secret = woo.NewSecret(canary) }
	site := newSite(t, map[string]http.Handler{"*": answering(502, "<html><title>Bad Gateway</title>")})
	client := site.client(t, withCanary)
	plain := site.client(t, withCanary, func(c *woo.Config) { c.URL = "http://127.0.0.1:1" })

	shown := []any{woo.Config{URL: site.URL, Key: "ck_1", Secret: woo.NewSecret(canary)}, client, plain}
	for _, c := range []*woo.Client{client, plain} {
		_, orderErr := c.Order(t.Context(), 1)
		_, productErr := c.Product(t.Context(), "mug")
		_, rulesErr := c.Rules(t.Context())
		shown = append(shown, orderErr, productErr, rulesErr)
	}
	var out strings.Builder
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	for _, v := range shown {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
			fmt.Fprintf(&out, verb, v)
		}
		logger.Info("shown", "value", v)
		text, _ := json.Marshal(v)
		out.Write(text)
	}
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), "oauth_signature"} {
		if i := strings.Index(out.String(), form); i >= 0 {
			t.Errorf("%q is shown: …%s…", form, out.String()[max(i-80, 0):min(i+80, out.Len())])
		}
	}
}
