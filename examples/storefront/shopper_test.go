package main

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The recorded store's products that the tests buy.
const (
	mug      = "masala-chai-mug" // ₹499, ten pieces
	necklace = "22k-gold-necklace"
	kurta    = "handblock-kurta"
	bangle   = "brass-bangle"
)

// open starts a shop with its pages.
func open(t *testing.T) (*shop, *httptest.Server) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := openShop(t.Context(), 20*time.Second, keys{}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	handler, err := newServer(s, log)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return s, server
}

// shopper is somebody with a browser that runs no scripts: pages, forms, cookies.
type shopper struct {
	t      *testing.T
	base   string
	client *http.Client
}

func newShopper(t *testing.T, server *httptest.Server) *shopper {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &shopper{t: t, base: server.URL, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// page is what the shopper sees.
type page struct {
	t      *testing.T
	status int
	path   string
	body   string
}

func (s *shopper) get(path string) page {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(req)
}

func (s *shopper) post(path string, form url.Values) page {
	s.t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), http.MethodPost, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(req)
}

func (s *shopper) do(req *http.Request) page {
	s.t.Helper()
	answer, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return page{t: s.t, status: answer.StatusCode, path: answer.Request.URL.Path, body: string(body)}
}

// submit sends a form of the page as a browser would, with some fields filled in.
func (s *shopper) submit(p page, action string, fields map[string]string) page {
	s.t.Helper()
	form := p.form(action)
	for name, value := range fields {
		form.Set(name, value)
	}
	return s.post(action, form)
}

var (
	forms  = regexp.MustCompile(`(?s)<form[^>]*>.*?</form>`)
	inputs = regexp.MustCompile(`(?s)<input[^>]*>`)
)

func attribute(tag, name string) string {
	m := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// form reads the first form with that action: hidden fields, texts, and what is chosen.
func (p page) form(action string) url.Values {
	p.t.Helper()
	for _, form := range forms.FindAllString(p.body, -1) {
		if attribute(form[:strings.Index(form, ">")+1], "action") != action {
			continue
		}
		values := url.Values{}
		for _, tag := range inputs.FindAllString(form, -1) {
			kind := attribute(tag, "type")
			if name := attribute(tag, "name"); name != "" && ((kind != "radio" && kind != "checkbox") || strings.Contains(tag, " checked")) {
				values.Set(name, attribute(tag, "value"))
			}
		}
		return values
	}
	p.t.Fatalf("%s has no form for %s:\n%s", p.path, action, p.text())
	return nil
}

// text is the page without its tags.
func (p page) text() string {
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(p.body, " "))), " ")
}

func (p page) want(status int, path string) page {
	p.t.Helper()
	if p.status != status || !strings.HasPrefix(p.path, path) {
		p.t.Fatalf("got %d %s, want %d %s…:\n%s", p.status, p.path, status, path, p.text())
	}
	return p
}

func (p page) says(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.text(), text) {
			p.t.Fatalf("%s does not say %q:\n%s", p.path, text, p.text())
		}
	}
	return p
}

func (p page) saysNot(text string) page {
	p.t.Helper()
	if strings.Contains(p.text(), text) {
		p.t.Fatalf("%s says %q:\n%s", p.path, text, p.text())
	}
	return p
}

// element is the text of the element with that id.
func (p page) element(id string) string {
	p.t.Helper()
	m := regexp.MustCompile(`id="` + id + `"[^>]*>([^<]*)<`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("%s has no %s:\n%s", p.path, id, p.text())
	}
	return html.UnescapeString(m[1])
}

// put puts a product into the cart.
func (s *shopper) put(slug, quantity string) page {
	s.t.Helper()
	return s.submit(s.get("/products/"+slug), "/cart/add", map[string]string{"quantity": quantity})
}

// address is one that nothing is wrong with.
func address() map[string]string {
	return map[string]string{
		"first_name": "Asha", "last_name": "Rao", "email": "asha@example.in", "phone": "98450 12345", "postcode": "560 001",
		"address_1": "12 MG Road", "city": "Bengaluru",
	}
}

// toReview goes from the cart to the review page of a checkout.
func (s *shopper) toReview(fields map[string]string) page {
	s.t.Helper()
	form := s.submit(s.get("/cart"), "/checkout", nil).want(http.StatusOK, "/checkout/")
	return s.submit(form, form.path, fields).want(http.StatusOK, strings.TrimSuffix(form.path, "address")+"review")
}

// pays chooses how to pay on the review page.
func (s *shopper) pays(review page, method string) page {
	s.t.Helper()
	action := strings.TrimSuffix(review.path, "review") + "payment"
	return s.submit(review, action, map[string]string{"method": method}).want(http.StatusOK, review.path)
}

// places presses the order button.
func (s *shopper) places(review page) page {
	s.t.Helper()
	return s.submit(review, strings.TrimSuffix(review.path, "review")+"place", nil)
}

// idOfPage is the checkout a page is about.
func idOfPage(p page) string {
	parts := strings.Split(p.path, "/")
	return parts[2]
}
