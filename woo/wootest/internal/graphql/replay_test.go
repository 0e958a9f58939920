package graphql_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// The recordings of carts and checkouts name sessions by the customer id and
// the second of the token that was sent: "Session (t_f0606f… 1795151531)".
// shoppers keeps the tokens this store issued in their place.
type shoppers struct {
	store  *wootest.Store
	clock  *storetest.Clock
	tokens map[string]string // "(customer second)" -> token
	keys   map[string]string // recorded order key -> this store's
}

// shopping are the carts that the recorded store's sessions held before the
// recording, by the customer id's beginning. Everybody else holds one pen.
var shopping = map[string]string{
	"t_9cd3": `{productId:16,quantity:2}|{productId:37,variationId:43}`,
	"t_3f69": `{productId:20}`,
	"t_527f": `{productId:20}`,
	"t_71c9": `{productId:20}`,
	"t_bd2b": `{productId:17}|{productId:17}`,
}

// together are recorded requests that were sent at the same time; the first
// names the number of them.
var together = map[string]int{"07-concurrent-add-1": 4, "19-double-submit-b": 2}

// asOne are sessions that were filled before the first of them was used.
var asOne = map[string][]string{"21-stock-race-1": {"(t_527fdf2392c5d3a2420a6ba2559c6a 1795151544)", "(t_71c9eda38ee0b995f03551837f19fe 1795151544)"}}

// TestReplayCarts sends the recorded cart and checkout requests to one store,
// as they were recorded from one.
func TestReplayCarts(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = storetest.BulkCatalogue(t) })
	known := &shoppers{s, c, map[string]string{}, map[string]string{}}
	for _, group := range []string{"graphql-cart", "graphql-checkout", "graphql-session-extra"} {
		t.Run(group, func(t *testing.T) {
			list := storetest.ReadRecordings[storetest.Recording](t, group)
			for i := 0; i < len(list); {
				n := max(1, together[list[i].File])
				known.replay(t, list[i:i+n])
				i += n
			}
		})
	}
}

// replay sends requests that were sent together.
func (k *shoppers) replay(t *testing.T, list []storetest.Recording) {
	for _, token := range asOne[list[0].File] {
		k.token(t, token)
	}
	for i := range list {
		list[i].Headers = k.headers(t, list[i].Headers)
		for recorded, own := range k.keys {
			*list[i].Body = strings.ReplaceAll(*list[i].Body, recorded, own)
		}
	}
	k.clock.Set(list[0].At)
	if len(list) > 1 {
		if err := k.store.Faults().Arm(wootest.Fault{Kind: wootest.Overlap, Path: "/graphql", Times: len(list), Delay: time.Minute}); err != nil {
			t.Fatal(err)
		}
	}
	answers := make([]storetest.Reply, len(list))
	var wg sync.WaitGroup
	for i, r := range list {
		wg.Go(func() {
			a, err := r.Send(k.store)
			if err != nil {
				t.Error(err)
			}
			answers[i] = a
		})
	}
	wg.Wait()
	if len(list) > 1 {
		sortOrders(answers)
	}
	for i, r := range list {
		t.Run(r.File, func(t *testing.T) {
			r.Compare(t, k.store, answers[i])
			k.learn(r, answers[i])
		})
	}
}

// sortOrders puts answers to requests sent together in the order of the orders
// they made.
func sortOrders(answers []storetest.Reply) {
	number := func(a storetest.Reply) string {
		_, rest, _ := strings.Cut(a.Body, `"orderNumber":`)
		text, _, _ := strings.Cut(rest, ",")
		return text
	}
	slices.SortFunc(answers, func(a, b storetest.Reply) int { return strings.Compare(number(a), number(b)) })
}

// headers puts this store's tokens where the recorded store's were.
func (k *shoppers) headers(t *testing.T, recorded map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range recorded {
		if name == "woocommerce-session" {
			prefix, token, found := strings.Cut(value, "(")
			if found {
				value = prefix + k.token(t, "("+token)
			}
		}
		out[name] = value
	}
	return out
}

// token is this store's token for a recorded one. For one that was issued
// before the recordings began the session is made as it was then.
func (k *shoppers) token(t *testing.T, recorded string) string {
	t.Helper()
	if cut, ok := strings.CutSuffix(recorded, " tampered)"); ok {
		good := k.token(t, cut+")")
		return good[:len(good)-4] + "AAAA"
	}
	if known, ok := k.tokens[recorded]; ok {
		return known
	}
	switch recorded {
	case "(unknown)":
		return k.fresh(t, "{cart{isEmpty}}")
	case "(expired)":
		k.clock.Set(time.Unix(1795147946, 0).Add(-48 * time.Hour))
		return k.fresh(t, "{cart{isEmpty}}")
	}
	id, second, _ := strings.Cut(strings.Trim(recorded, "()"), " ")
	at, err := strconv.ParseInt(second, 10, 64)
	if err != nil {
		t.Fatalf("token %s: %v", recorded, err)
	}
	k.clock.Set(time.Unix(at, 0))
	items := shopping[id[:6]]
	if items == "" {
		items = "{productId:17}"
	}
	first := ""
	for i, item := range strings.Split(items, "|") {
		header := map[string]string{"Content-Type": "application/json"}
		if i > 0 {
			header["woocommerce-session"] = "Session " + first
		}
		a := storetest.Send(t, k.store, "POST", "/graphql", string(storetest.MustJSON(t, map[string]string{
			"query": "mutation{addToCart(input:" + item + "){cart{isEmpty}}}"})), header)
		if strings.Contains(a.Body, `"errors"`) {
			t.Fatalf("%s: %s", item, a.Body)
		}
		if i == 0 {
			first = a.Header.Get("woocommerce-session")
		}
	}
	k.tokens[recorded] = first
	return first
}

// fresh is the token a query without one is answered.
func (k *shoppers) fresh(t *testing.T, query string) string {
	t.Helper()
	a := storetest.Send(t, k.store, "POST", "/graphql", string(storetest.MustJSON(t, map[string]string{"query": query})), map[string]string{"Content-Type": "application/json"})
	return a.Header.Get("woocommerce-session")
}

// learn keeps the tokens an answer issued.
func (k *shoppers) learn(r storetest.Recording, got storetest.Reply) {
	for _, h := range r.AnswerHeaders {
		if h[0] == "woocommerce-session" {
			k.tokens[h[1]] = got.Header.Get("woocommerce-session")
		}
	}
	if recorded, own := orderKeyIn(r.Answer), orderKeyIn(got.Body); recorded != "" && own != "" {
		k.keys[recorded] = own
	}
}

// orderKeyIn is the key in the address a checkout sends the shopper to.
func orderKeyIn(body string) string {
	_, rest, _ := strings.Cut(body, "?key=")
	key, _, _ := strings.Cut(rest, `"`)
	return key
}

// TestReplayedTokens: the tokens of one customer name that customer.
func TestReplayedTokens(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	jsonType := map[string]string{"Content-Type": "application/json"}
	a := storetest.Send(t, s, "POST", "/graphql", `{"query":"mutation{addToCart(input:{productId:17}){cart{isEmpty}}}"}`, jsonType)
	jsonType["woocommerce-session"] = "Session " + a.Header.Get("woocommerce-session")
	b := storetest.Send(t, s, "POST", "/graphql", `{"query":"mutation{addToCart(input:{productId:17}){cart{contents{itemCount}}}}"}`, jsonType)
	if !strings.Contains(b.Body, `"itemCount":2`) {
		t.Fatal(b.Body)
	}
	if one, two := customerIn(t, a.Header), customerIn(t, b.Header); one != two || !strings.HasPrefix(fmt.Sprint(one), "t_") {
		t.Errorf("customers %v and %v", one, two)
	}
}

// customerIn is the customer id in an answered session token.
func customerIn(t *testing.T, header http.Header) any {
	t.Helper()
	var claims struct {
		Data struct {
			CustomerID any `json:"customer_id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(storetest.PayloadOf(t, header.Get("woocommerce-session")), &claims); err != nil {
		t.Fatal(err)
	}
	return claims.Data.CustomerID
}
