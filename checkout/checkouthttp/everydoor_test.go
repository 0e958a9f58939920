package checkouthttp_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/inventory"
)

// world is everything that a request could change, in one text.
func (s *shop) world() string {
	s.t.Helper()
	var b strings.Builder
	records, err := s.store.All()
	s.check(err)
	for _, r := range records {
		_, _ = fmt.Fprintf(&b, "checkout %s at version %d\n", r.ID, r.Version)
	}
	for _, shopper := range []string{asha, ravi} {
		_, _ = fmt.Fprintf(&b, "cart %s\n", s.as(shopper).get("/cart").want(http.StatusOK).body)
	}
	levels, err := s.service.Levels(s.t.Context(), "product:11")
	s.check(err)
	entries, err := s.stock.Entries(s.t.Context(), inventory.LedgerQuery{})
	s.check(err)
	_, _ = fmt.Fprintf(&b, "stock %+v, %d entries\n%d orders\n", levels, len(entries), len(s.orders.All()))
	for _, op := range []fakegateway.Op{fakegateway.OpCreateOrder, fakegateway.OpFindOrder, fakegateway.OpPayments, fakegateway.OpCapture, fakegateway.OpRefund} {
		_, _ = fmt.Fprintf(&b, "%s: %d calls\n", op, s.gateway.Calls(op))
	}
	return b.String()
}

// still ends the test if something has changed since.
func (s *shop) still(before string) {
	s.t.Helper()
	if after := s.world(); after != before {
		s.t.Fatalf("was\n%s\nand is\n%s", before, after)
	}
}

// changing are the routes whose requests have a JSON body, each with who asks and the id of a checkout of theirs.
func (s *shop) changing() map[string]func(body string, header ...string) answer {
	s.t.Helper()
	open, paid := s.as(asha).started("2").ID, s.as(ravi).paid("1").ID
	ask := map[string]func(string, ...string) answer{}
	for _, route := range s.api.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodGet || strings.HasSuffix(route, "/return") {
			continue
		}
		who, id := s.as(asha), open
		if strings.Contains(route, "/operator/") {
			who, id = s.staff(), paid
		}
		ask[route] = func(body string, header ...string) answer {
			s.t.Helper()
			c := who.with("Idempotency-Key", "every-door")
			for i := 0; i < len(header); i += 2 {
				c = c.with(header[i], header[i+1])
			}
			return c.send(method, strings.ReplaceAll(path, "{id}", id), body)
		}
	}
	return ask
}

// good is a body that the route takes.
func good(route string) string {
	if body := bodies()[route]; body != "" {
		return body
	}
	if route == "POST /cart/recover" {
		return `{"token":"a"}`
	}
	return `{}`
}

// and is a body with one more field.
func and(body, field string) string {
	inner := strings.TrimSuffix(strings.TrimPrefix(body, "{"), "}")
	if inner != "" {
		inner += ","
	}
	return "{" + inner + field + "}"
}

// bomb is a mebibyte of JSON in a kibibyte of gzip.
func bomb(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(`{"note":"` + strings.Repeat("x", 1<<20) + `"}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil || b.Len() > 4096 {
		t.Fatalf("%d bytes, %v", b.Len(), err)
	}
	return b.String()
}

// What no operation takes, whoever asks and whatever it is about.
func TestEveryOperationRefuses(t *testing.T) {
	const invalid, large, media = checkouthttp.CodeInvalidBody, checkouthttp.CodeTooLarge, checkouthttp.CodeMediaType
	s, zipped := newShop(t), bomb(t)
	tests := []struct {
		name   string
		body   func(good string) string
		code   checkouthttp.Code
		header []string
	}{
		{"nothing", func(string) string { return "" }, invalid, nil},
		{"null", func(string) string { return "null" }, invalid, nil},
		{"a list", func(g string) string { return "[" + g + "]" }, invalid, nil},
		{"a text", func(string) string { return `"` + marked + `"` }, invalid, nil},
		{"two bodies", func(g string) string { return g + g }, invalid, nil},
		{"one that ends early", func(g string) string { return g[:len(g)-1] }, invalid, nil},
		{"a comma too many", func(g string) string { return strings.TrimSuffix(g, "}") + ",}" }, invalid, nil},
		{"a byte order mark", func(g string) string { return "\ufeff" + g }, invalid, nil},
		{"invalid UTF-8", func(g string) string { return and(g, "\"note\":\"\xff\"") }, invalid, nil},
		{"NUL", func(g string) string { return g + "\x00" }, invalid, nil},
		{"null in a field", func(g string) string { return and(g, `"note":null`) }, invalid, nil},
		{"33 levels", func(g string) string { return and(g, `"a":`+strings.Repeat("[", 32)+strings.Repeat("]", 32)) }, invalid, nil},
		{"9,999 levels", func(g string) string { return and(g, `"a":`+strings.Repeat("[", 9_998)+strings.Repeat("]", 9_998)) }, invalid, nil},
		{"10,001 levels", func(g string) string { return and(g, `"a":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)) }, invalid, nil},
		{"a price", func(g string) string { return and(g, `"price":"1.00"`) }, invalid, nil},
		{"a total", func(g string) string { return and(g, `"total":1`) }, invalid, nil},
		{"a tax", func(g string) string { return and(g, `"tax":0`) }, invalid, nil},
		{"a discount", func(g string) string { return and(g, `"discount":1e2`) }, invalid, nil},
		{"an owner", func(g string) string { return and(g, `"owner":"`+ravi+`"`) }, invalid, nil},
		{"a byte more than 64 KiB", func(g string) string { return g + strings.Repeat(" ", checkouthttp.MaxBody+1-len(g)) }, large, nil},
		{"a byte more than a mebibyte", func(g string) string { return g + strings.Repeat(" ", 1<<20+1-len(g)) }, large, nil},
		{"a gzip bomb", func(string) string { return zipped }, media, []string{"Content-Encoding", "gzip"}},
		{"a gzip bomb in disguise", func(string) string { return zipped }, invalid, nil},
		{"another site's", func(g string) string { return g }, checkouthttp.CodeCrossOrigin, []string{"Origin", "https://evil.example"}},
		{"no site's", func(g string) string { return g }, checkouthttp.CodeCrossOrigin, []string{"Origin", "null"}},
	}
	routes := s.changing()
	if len(routes) < 20 {
		t.Fatalf("only %d routes", len(routes))
	}
	before := s.world()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for route, ask := range routes {
				a := ask(tt.body(good(route)), tt.header...)
				p := a.problem(tt.code)
				if bytes.Contains(a.body, []byte(marked)) {
					t.Errorf("%s repeats what was sent: %s", route, a.body)
				}
				if why := p.Errors; strings.HasSuffix(tt.name, "levels") && (len(why) != 1 || !strings.Contains(why[0].Reason, "32 levels") && !strings.Contains(why[0].Reason, "not JSON")) {
					t.Errorf("%s refuses it for something else: %+v", route, why)
				}
			}
			s.still(before)
		})
	}
}

// A request whose client has gone changes nothing, whichever it is.
func TestEveryEndedRequest(t *testing.T) {
	s := newShop(t)
	open, paid := s.as(asha).started("2").ID, s.as(ravi).paid("1").ID
	before := s.world()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, route := range s.api.Routes() {
		t.Run(route, func(t *testing.T) {
			method, path, _ := strings.Cut(route, " ")
			id := open
			if strings.Contains(route, "/operator/") {
				id = paid
			}
			body := good(route)
			r := httptest.NewRequestWithContext(ended, method, strings.ReplaceAll(path, "{id}", id), strings.NewReader(body))
			r.Header = http.Header{
				"Content-Type": {"application/json"}, "Idempotency-Key": {"ended"}, "X-Test-Shopper": {asha}, "X-Test-Staff": {"meera"},
			}
			if strings.HasSuffix(route, "/return") {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			w := httptest.NewRecorder()
			s.api.ServeHTTP(w, r)
			if method != http.MethodGet && w.Code < 300 {
				t.Errorf("HTTP %d %s", w.Code, w.Body)
			}
			s.still(before)
		})
	}
}
