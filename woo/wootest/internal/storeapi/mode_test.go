package storeapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestReplayTokenTypes sends what was recorded with each of WooGraphQL's
// settings of the session's token.
func TestReplayTokenTypes(t *testing.T) {
	all := storetest.ReadRecordings[storetest.Recording](t, "modes-cart-token")
	for _, mode := range []wootest.SessionTokens{wootest.BothTokens, wootest.StoreTokens, wootest.LegacyTokens} {
		t.Run(string(mode), func(t *testing.T) {
			s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.SessionTokens = mode })
			k := &storeReplay{store: s, clock: c, tokens: map[string]string{}, hashes: map[string]string{}, filled: 16}
			for _, r := range all {
				if strings.HasPrefix(r.File[3:], string(mode)+"-") {
					t.Run(r.File, func(t *testing.T) { k.check(t, r) })
				}
			}
		})
	}
}

// TestTokenTypesShareTheCart: one cart over GraphQL and the Store API, whichever
// token names it.
func TestTokenTypesShareTheCart(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.SessionTokens = wootest.BothTokens })
	token := cartWith(t, s, 16, 1)
	a := storetest.Send(t, s, "POST", "/graphql", `{"query":"mutation{addToCart(input:{productId:17}){cart{contents{itemCount}}}}"}`,
		map[string]string{"Content-Type": "application/json", "Cart-Token": token})
	if !strings.Contains(a.Body, `"itemCount":2`) {
		t.Fatalf("GraphQL with a Cart-Token answered %s", a.Body)
	}
	if got := cartCount(t, s, a.Header.Get("Cart-Token")); got != 2 {
		t.Errorf("the Store API finds %d pieces under GraphQL's Cart-Token", got)
	}
	session := a.Header.Get("woocommerce-session")
	b := storetest.Send(t, s, "POST", "/graphql", `{"query":"{cart{contents{itemCount}}}"}`,
		map[string]string{"Content-Type": "application/json", "woocommerce-session": "Session " + session})
	if session == "" || !strings.Contains(b.Body, `"itemCount":2`) {
		t.Errorf("the session token of the same answer opens %s", b.Body)
	}
}

// TestUnknownTokenType: a setting that WooGraphQL does not have is refused.
func TestUnknownTokenType(t *testing.T) {
	if s, err := wootest.New(wootest.Config{SessionTokens: "jwt"}); err == nil {
		t.Error("a store with token type jwt started", s.Close())
	}
}

// cartCount is the number of pieces in a cart.
func cartCount(t *testing.T, s *wootest.Store, token string) int64 {
	t.Helper()
	a := storeSend(t, s, http.MethodGet, token, "cart", nil)
	var cart struct {
		Count int64 `json:"items_count"`
	}
	if err := json.Unmarshal([]byte(a.Body), &cart); err != nil {
		t.Fatal(err)
	}
	return cart.Count
}
