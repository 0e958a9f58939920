package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// openTwin starts a stand-in that plays the real store. Its catalogue is the
// stand-in's own, so nothing may differ.
func openTwin(t *testing.T) func(string) string {
	t.Helper()
	store, err := wootest.New(wootest.Config{TrustForwardedProto: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		for _, o := range store.Orders() {
			t.Errorf("order %d is left behind, %s", o.ID, o.Status)
		}
	})
	env := map[string]string{"WOO_URL": store.URL(), "WOO_KEY": store.ConsumerKey(), "WOO_SECRET": store.ConsumerSecret()}
	return func(name string) string { return env[name] }
}

// TestTwins: a store that is the stand-in answers as the stand-in does, and
// keeps nothing of what was made.
func TestTwins(t *testing.T) {
	env := openTwin(t)
	var out bytes.Buffer
	unexpected, err := run(t.Context(), &out, env, "", true)
	if err != nil || unexpected != 0 || strings.Contains(out.String(), "allowed:") {
		t.Errorf("%d differences, %v\n%s", unexpected, err, out.String())
	}
	shop, err := liveShop(env)
	if err != nil {
		t.Fatal(err)
	}
	var left []struct {
		SKU string `json:"sku"`
	}
	if _, err := shop.read(t.Context(), "products?search=stubdiff", &left); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// TestEveryStepSucceedsOrIsMeantNotTo: a step that fails where it should not
// compares two errors and shows nothing.
func TestEveryStepSucceedsOrIsMeantNotTo(t *testing.T) {
	shop, err := liveShop(openTwin(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := shop.meet(t.Context()); err != nil {
		t.Fatal(err)
	}
	refused := []string{"no ", "a wrong key", "nobody", "bad", "broken", "too ", "that is none", "what is none", "what there is", "nothing", "without", "again", "twice", "refused", "forged", "a syntax error", "a field there is none", "a missing argument", "two operations", "settings", "as number"}
	for i, a := range shop.play(t.Context()) {
		name, ok := steps()[i].name, a.err == nil && a.status < 300
		meant := false
		for _, word := range refused {
			meant = meant || strings.Contains(name, word)
		}
		if !ok && !meant {
			t.Errorf("%s: %v %s", name, a.err, describe(a))
		}
		if unknown := strings.Contains(shop.given(steps()[i].path+steps()[i].body), "<"); unknown && i < len(steps())-1 {
			t.Errorf("%s asks for what was not learnt: %s", name, shop.given(steps()[i].path))
		}
	}
}

func TestCompare(t *testing.T) {
	answered := func(status int, body any) answer {
		return answer{status: status, header: http.Header{}, body: body, learnt: map[string]string{"order": "7"}, addresses: []string{"http://a.test"}}
	}
	object := func(members ...any) map[string]any {
		o := map[string]any{}
		for i := 0; i < len(members); i += 2 {
			o[members[i].(string)] = members[i+1]
		}
		return o
	}
	tests := map[string]struct {
		step        step
		real, stood any
		want        string
	}{
		"equal":                {step{}, object("a", "x"), object("a", "x"), ""},
		"a value":              {step{}, object("a", "x"), object("a", "y"), "a"},
		"ignored":              {step{ignore: []string{"*a"}}, object("a", "x"), object("a", "y"), ""},
		"a kind":               {step{}, object("a", "x"), object("a", true), "a"},
		"missing":              {step{}, object("a", "x", "b", nil), object("a", "x"), "b"},
		"too much":             {step{}, object("a", "x"), object("a", "x", "b", nil), "b"},
		"fewer":                {step{}, []any{"x", "y"}, []any{"x"}, ""},
		"inside a list":        {step{}, []any{object("a", "x")}, []any{object("a", "y")}, "[0].a"},
		"another address":      {step{}, object("a", "http://a.test/x"), object("a", "https://b.test/x"), ""},
		"another time":         {step{}, object("a", "2026-11-20T10:00:00"), object("a", "2026-01-02T03:04:05"), ""},
		"learnt":               {step{}, object("a", "/orders/7/x"), object("a", "/orders/9/x"), ""},
		"not learnt":           {step{}, object("a", "/orders/8/x"), object("a", "/orders/9/x"), "a"},
		"shape, values":        {step{shape: true}, object("a", "x"), object("a", "y"), ""},
		"shape, kind":          {step{shape: true}, object("a", "x"), object("a", true), ".a"},
		"shape, missing":       {step{shape: true}, []any{object("a", "x", "b", nil)}, []any{object("a", "x")}, "[].b"},
		"shape, no example":    {step{shape: true}, []any{object("a", "x")}, []any{}, ""},
		"shape, null or text":  {step{shape: true}, []any{object("a", nil), object("a", "x")}, []any{object("a", "y")}, ""},
		"shape, list of lists": {step{shape: true}, object("a", []any{object("b", true)}), object("a", []any{object("c", true)}), ".a[].b"},
	}
	for name, test := range tests {
		stood := answered(200, test.stood)
		stood.learnt, stood.addresses = map[string]string{"order": "9"}, []string{"http://b.test"}
		found := compareAnswers(test.step, answered(200, test.real), stood)
		at := ""
		if len(found) > 0 {
			at = found[0].at
		}
		if at != test.want || name == "fewer" && len(found) != 1 {
			t.Errorf("%s: differs at %q, want %q", name, at, test.want)
		}
	}
	if found := compareAnswers(step{}, answered(200, nil), answered(404, nil)); len(found) != 1 || found[0].at != "status" {
		t.Errorf("statuses: %v", found)
	}
}

// TestHeaders: what a client reads is compared, of tokens only that they are there.
func TestHeaders(t *testing.T) {
	a := answer{status: 200, header: http.Header{"Cart-Token": {"x"}, "Allow": {"GET"}, "X-Powered-By": {"PHP"}}}
	b := answer{status: 200, header: http.Header{"Cart-Token": {"y"}, "Allow": {"GET, POST"}, "Nonce": {"n"}}}
	var at []string
	for _, d := range compareAnswers(step{}, a, b) {
		at = append(at, d.at)
	}
	if strings.Join(at, ",") != "header Allow,header Nonce" {
		t.Errorf("%v", at)
	}
}

// TestExceptions hold for their step, place and version, and every one says why.
func TestExceptions(t *testing.T) {
	e := exception{"rest *", "*.id", "9.8 10.0", "because"}
	for _, test := range []struct {
		version, step, at string
		want              bool
	}{{"9.8.5", "rest a", "x.id", true}, {"10.4.3", "rest a", "x.id", false}, {"10.0.2", "graphql a", "x.id", false}, {"10.0.2", "rest a", "x.name", false}} {
		if e.covers(test.version, test.step, test.at) != test.want {
			t.Errorf("%+v", test)
		}
	}
	for _, e := range allowed() {
		if e.reason == "" || e.step == "" || e.at == "" {
			t.Errorf("%+v", e)
		}
	}
	var out bytes.Buffer
	r := report{out: &out, version: "10.4.3"}
	r.step(step{name: "rest settings"}, []difference{{"status", "200", "404"}})
	r.step(step{name: "rest orders"}, []difference{{"status", "200", "404"}})
	if r.explained != 1 || r.unexpected != 1 || !strings.Contains(out.String(), "rest orders: status") || strings.Contains(out.String(), "rest settings") {
		t.Errorf("%+v\n%s", r, out.String())
	}
}

// TestWithoutAStore says what is missing.
func TestWithoutAStore(t *testing.T) {
	_, err := run(context.Background(), &bytes.Buffer{}, func(string) string { return "" }, "", false)
	if err == nil || !strings.Contains(err.Error(), "WOO_URL") {
		t.Errorf("%v", err)
	}
}
