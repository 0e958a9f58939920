package canary

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write registry.go anew")

// TestRegistry fails when there is an exported type that registry.go does not know.
func TestRegistry(t *testing.T) {
	list, err := declarations("../../..")
	if err != nil {
		t.Fatal(err)
	}
	source, err := registry(list)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("registry.go", source, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	written, err := os.ReadFile("registry.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(source, written) {
		known := types()
		for _, d := range list {
			if known[d.Package+"."+d.Name] == nil && !d.Generic {
				t.Errorf("%s is not looked at", d)
			}
		}
		t.Error("registry.go is not what the source declares: go test ./canary -run TestRegistry -update")
	}
}

const (
	secretMark = "sEcReT-7d1f0a5cK"
	personMark = "pErSoN-3b9e2f8dQ"
)

func marks() (secrets, persons finder) {
	return Marks{"a secret": secretMark}.finder(), Marks{"a person": personMark}.finder()
}

// filler knows of what fields hold although their names do not say so.
func filler() Filler {
	return Filler{Secret: secretMark, Person: personMark, Of: map[string][]string{
		"mail.Letter":   {"To", "HTML", "Text"},
		"inbox.Message": {"Body"},
		"resend.Draft":  {"Body"},
		"cart.Cart":     {"Note"},
		"cart.Change":   {"Note"},
		"session.Order": {"Note"},
		"rest.Query":    {"Search"},
		"cart.ItemRef":  nil, // Data is what was engraved: shown on every page and parcel
	}}
}

// recordings says of a type that it reads what was recorded of a test store: there is no shopper in it.
func recordings(name string) bool { return strings.HasPrefix(name, module+"/pricing/quote/record.") }

// sent says of a type that its JSON is sent with a secret in it, to the system whose secret it becomes.
func sent(name string) bool {
	return slices.Contains([]string{module + "/woo/rest.WebhookChange", module + "/woo/rest.CustomerChange"}, name)
}

// TestTypes prints every exported type, filled, in every way.
func TestTypes(t *testing.T) {
	secrets, persons := marks()
	var all []string
	for name, typ := range types() {
		if recordings(name) {
			continue
		}
		v := filler().New(typ)
		for _, l := range leaks(name, secrets, persons, v) {
			if sent(name) && (l.How == "json" || l.How == "xml" || strings.HasPrefix(l.How, "slog JSON in ")) {
				continue
			}
			all = append(all, fmt.Sprintf("%s shows %s with %s", strings.TrimPrefix(l.Type, module+"/"), strings.Join(l.What, ", "), l.How))
		}
	}
	slices.Sort(all)
	for _, l := range all {
		t.Error(l)
	}
}

// careless is a type as somebody may write it one day.
type careless struct {
	Who struct{ Email string }
}

// TestAPlantedLeakIsSeen: a type that prints what it holds, and one that keeps it but hands it to a logger.
func TestAPlantedLeakIsSeen(t *testing.T) {
	secrets, persons := marks()
	var seen []string
	for _, l := range leaks("careless", secrets, persons, filler().New(reflect.TypeFor[careless]())) {
		seen = append(seen, l.How)
	}
	for _, how := range []string{"%v ", "%+v &", "%x ", "% x ", "%d ", "%q in a list", "%s in a map", "slog JSON ", "slog text ", "in an error"} {
		if !slices.Contains(seen, how) {
			t.Errorf("it is not seen with %s: %q", how, seen)
		}
	}
	if slices.Contains(seen, "json") {
		t.Error("personal data in JSON is no leak")
	}
	type keeper struct{ Password string }
	if found := leaks("keeper", secrets, persons, filler().New(reflect.TypeFor[keeper]())); !slices.ContainsFunc(found, func(l Leak) bool { return l.How == "json" }) {
		t.Errorf("a secret in JSON is not seen: %v", found)
	}
}

// TestEverySpellingIsFound: what an encoder makes of a mark is still the mark.
func TestEverySpellingIsFound(t *testing.T) {
	m := Marks{"mark": "kanari/7 ü-x"}
	for _, text := range []string{
		"a kanari/7 ü-x b", "KANARI/7 Ü-X", "%61", // the last one is none
		fmt.Sprintf("%x", "..kanari/7 ü-x.."), fmt.Sprintf("% X", "..kanari/7 ü-x.."), "107 97 110 97 114 105 47 55 32 195 188 45 120",
		url.QueryEscape("q=kanari/7 ü-x"), url.PathEscape("kanari/7 ü-x"),
		base64.StdEncoding.EncodeToString([]byte("kanari/7 ü-x")), base64.StdEncoding.EncodeToString([]byte("1kanari/7 ü-x1")),
		base64.RawURLEncoding.EncodeToString([]byte("12kanari/7 ü-x12")),
	} {
		if want, got := text != "%61", len(m.Find(text)) > 0; got != want {
			t.Errorf("%q: found %v", text, got)
		}
	}
}
