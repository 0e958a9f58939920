package storetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// Visitor sends GraphQL requests of one session and keeps its newest token.
type Visitor struct {
	Store *wootest.Store
	Token string
}

// Add puts a product in the cart.
func (p *Visitor) Add(t *testing.T, product, quantity int) {
	t.Helper()
	p.Must(t, fmt.Sprintf(`mutation{addToCart(input:{productId:%d,quantity:%d}){cart{isEmpty}}}`, product, quantity))
}

// Ask sends one document and answers it with the errors' texts. A token that
// is issued replaces the one before.
func (p *Visitor) Ask(t *testing.T, query string) (data string, errs []string) {
	t.Helper()
	data, errs, err := p.Try(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return data, errs
}

// Must sends a document that has to succeed.
func (p *Visitor) Must(t *testing.T, query string) string {
	t.Helper()
	data, errs := p.Ask(t, query)
	if len(errs) > 0 {
		t.Fatalf("%s: %q", query, errs)
	}
	return data
}

// Try is ask for answers that may get lost.
func (p *Visitor) Try(query string) (data string, errs []string, err error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return "", nil, err
	}
	header := map[string]string{"Content-Type": "application/json"}
	if p.Token != "" {
		header["woocommerce-session"] = "Session " + p.Token
	}
	a, err := SendRaw(p.Store, "POST", "/graphql", string(body), header)
	if err != nil {
		return "", nil, err
	}
	if a.Status != http.StatusOK {
		return "", nil, fmt.Errorf("status %d: %s", a.Status, a.Body)
	}
	if token := a.Header.Get("woocommerce-session"); token != "" {
		p.Token = token
	}
	var out Answer
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil {
		return "", nil, err
	}
	for _, e := range out.Errors {
		errs = append(errs, e.Message)
	}
	return strings.NewReplacer(`\u20b9`, "₹", `\u00d7`, "×", `\/`, "/").Replace(string(out.Data)), errs, nil
}

// Step is a document and what it is answered: an error's text, or data.
type Step struct{ Query, Want string }

// RunSteps sends documents one after the other and holds each to what is wanted.
func RunSteps(t *testing.T, p *Visitor, steps []Step) {
	t.Helper()
	for i, s := range steps {
		data, errs := p.Ask(t, s.Query)
		got := data
		if len(errs) > 0 {
			got = strings.Join(errs, "|")
		}
		if want := strings.ReplaceAll(s.Want, "BASE", p.Store.URL()); got != want {
			t.Errorf("step %d, %s:\n got %s\nwant %s", i, s.Query, got, want)
		}
	}
}
