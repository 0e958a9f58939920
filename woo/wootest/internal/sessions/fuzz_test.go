package sessions_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// FuzzSessionHeader: whatever the header says, the store answers in GraphQL,
// opens the cart for the token it issued only, and gives everybody else a new
// one.
func FuzzSessionHeader(f *testing.F) {
	s, err := wootest.New(wootest.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() }) // the next test does not need it
	owner := &storetest.Visitor{Store: s}
	if _, _, err := owner.Try(`mutation{addToCart(input:{productId:17}){cart{isEmpty}}}`); err != nil {
		f.Fatal(err)
	}
	client := s.HTTPClient()
	parts := strings.Split(owner.Token, ".")
	for _, seed := range []string{
		"", "Session", "Session a.b.c", "Session " + parts[0] + "." + parts[1] + ".", "Session ..", "Session " + parts[0] + ".e30." + parts[2],
		"Session " + forged(`{"alg":"HS256"}`, `{"data":{"customer_id":2}}`), "garbage", "Session \u00e9.\u00e9.\u00e9",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if strings.Contains(header, parts[0]+"."+parts[1]+"."+parts[2][:4]) {
			t.Skip("may be the good token: PHP skips what is no base64 in a signature")
		}
		req, err := http.NewRequest("POST", s.GraphQLURL(), strings.NewReader(`{"query":"{cart{isEmpty}}"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("woocommerce-session", header)
		res, err := client.Do(req)
		if err != nil {
			t.Skip("no header HTTP can carry")
		}
		defer func() { _ = res.Body.Close() }() // only read from
		var out struct {
			Data struct{ Cart *struct{ IsEmpty bool } }
		}
		if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("status %d, %v", res.StatusCode, err)
		}
		if out.Data.Cart != nil && !out.Data.Cart.IsEmpty {
			t.Fatalf("%q opens somebody's cart", header)
		}
		if res.Header.Get("woocommerce-session") == "" {
			t.Fatalf("%q gets no token", header)
		}
	})
}
