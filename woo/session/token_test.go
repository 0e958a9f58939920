package session_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// TestTokenOverGraphQL: the prefix goes out and does not come back; a newer
// token is kept, and without one the old stays.
func TestTokenOverGraphQL(t *testing.T) {
	first, second := graphToken("t_1", 0), graphToken("t_1", 1)
	script := newScript(t,
		answer{token: first, body: recorded(t, "graphql/empty.json")},
		answer{token: second, body: recorded(t, "graphql/read.json")},
		answer{body: recorded(t, "graphql/read.json")},
		answer{body: recorded(t, "graphql/read.json")},
	)
	s := session.New(script.graphQL(), session.Options{})
	if !s.Token().IsZero() || !s.Expires().IsZero() {
		t.Error("a session that has sent nothing has a token")
	}
	for range 4 {
		ok(t)(s.Cart(t.Context()))
	}
	want := []string{"", "Session " + first.Reveal(), "Session " + second.Reveal(), "Session " + second.Reveal()}
	for i, r := range script.seen() {
		if r.token != want[i] {
			t.Errorf("request %d carried %q, want %q", i, r.token, want[i])
		}
	}
	if !s.Token().Equal(second) || !s.Expires().Equal(time.Unix(1795324347, 0)) {
		t.Errorf("the token is not the last one sent; it expires %v", s.Expires())
	}
}

// TestCartTokenOverGraphQL: WooGraphQL reads the Store API's tokens where they
// come without the prefix.
func TestCartTokenOverGraphQL(t *testing.T) {
	with := cartToken("t_1", 0)
	script := newScript(t,
		answer{body: recorded(t, "graphql/read.json"), header: http.Header{"Cart-Token": {cartToken("t_1", 1).Reveal()}}},
		answer{token: graphToken("t_1", 2), body: recorded(t, "graphql/read.json")},
		answer{body: recorded(t, "graphql/read.json")},
	)
	s := resume(t, script.graphQL(), with)
	for range 3 {
		ok(t)(s.Cart(t.Context()))
	}
	want := []string{with.Reveal(), cartToken("t_1", 1).Reveal(), "Session " + graphToken("t_1", 2).Reveal()}
	for i, r := range script.seen() {
		if r.token != want[i] {
			t.Errorf("request %d carried %q, want %q", i, r.token, want[i])
		}
	}
}

// TestTokenOverTheStoreAPI: every answer has a new one; no API key goes with it.
func TestTokenOverTheStoreAPI(t *testing.T) {
	script := newScript(t,
		answer{token: cartToken("t_1", 0), body: recorded(t, "storeapi/empty.json")},
		answer{token: cartToken("t_1", 1), body: recorded(t, "storeapi/read.json")},
	)
	s := session.New(script.storeAPI(), session.Options{})
	ok(t)(s.Add(t.Context(), mug(1)))
	got := script.seen()
	if len(got) != 2 || got[0].method != "GET" || got[0].token != "" || got[1].method != "POST" || got[1].token != cartToken("t_1", 0).Reveal() {
		t.Fatalf("%d requests: a change must begin with a cart that can be read again", len(got))
	}
	for _, r := range got {
		if r.header.Get("Authorization") != "" || strings.Contains(r.path, "oauth") {
			t.Error("a shopper's request carries the shop's key")
		}
	}
	if !s.Token().Equal(cartToken("t_1", 1)) {
		t.Error("the newer token was not kept")
	}
}

// TestTokensOfErrorsAreNotKept: with an error the store sends the token of a new
// cart, which would take the place of the shopper's.
func TestTokensOfErrorsAreNotKept(t *testing.T) {
	tests := map[string]struct {
		answer answer
		door   func(*script) session.Door
		with   woo.Secret
	}{
		"WooGraphQL refuses":      {answer{token: graphToken("t_1", 9), body: `{"errors":[{"message":"no","path":["addToCart"]}],"data":{"addToCart":null}}`}, (*script).graphQL, graphToken("t_1", 0)},
		"WooGraphQL, other cart":  {answer{token: graphToken("t_2", 9), body: `{"errors":[{"message":"no","path":["addToCart"]}],"data":{"addToCart":null}}`}, (*script).graphQL, graphToken("t_1", 0)},
		"the Store API refuses":   {answer{status: 400, token: cartToken("t_2", 9), body: recorded(t, "storeapi/sold-out.json")}, (*script).storeAPI, cartToken("t_1", 0)},
		"the Store API conflicts": {answer{status: 409, token: cartToken("t_2", 9), body: recorded(t, "storeapi/bad-key.json")}, (*script).storeAPI, cartToken("t_1", 0)},
		"an HTML page":            {answer{token: cartToken("t_1", 9), body: `<html><title>Just a moment</title></html>`}, (*script).storeAPI, cartToken("t_1", 0)},
		"no cart in it":           {answer{token: graphToken("t_1", 9), body: `{"data":{"addToCart":{"cart":null}}}`}, (*script).graphQL, graphToken("t_1", 0)},
		"a token that is none":    {answer{status: 201, token: woo.NewSecret("nonsense"), body: recorded(t, "storeapi/read.json")}, (*script).storeAPI, cartToken("t_1", 0)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			script := newScript(t, test.answer)
			s := resume(t, test.door(script), test.with)
			_, err := s.Add(t.Context(), mug(1))
			if (err == nil) != (name == "a token that is none") {
				t.Errorf("%v", err)
			}
			if !s.Token().Equal(test.with) {
				t.Error("the session has another token now")
			}
			if len(script.seen()) != 1 {
				t.Errorf("%d requests for one change", len(script.seen()))
			}
		})
	}
}

// TestLostCarts: every way a store tells that a token leads nowhere, as recorded
// from WooGraphQL 1.0 and the Store API, and in the words of WooGraphQL 0.21.
func TestLostCarts(t *testing.T) {
	const before, after = "Thu, 01 Jan 2026 00:00:00 GMT", "Fri, 01 Jan 2027 00:00:00 GMT"
	graph := func(file string) answer { return answer{token: graphToken("t_9", 0), body: recorded(t, file)} }
	old := func(message string) answer {
		return answer{token: graphToken("t_9", 0), body: `{"errors":[{"message":"` + message + `","path":["cart"]}],"data":{"cart":null}}`}
	}
	tests := map[string]struct {
		answer answer
		how    session.Loss
		write  bool
	}{
		"expired":                        {graph("graphql/expired.json"), session.Expired, false},
		"malformed":                      {graph("graphql/malformed.json"), session.Rejected, false},
		"signature":                      {graph("graphql/signature.json"), session.Rejected, true},
		"another site's":                 {graph("graphql/other-site.json"), session.Rejected, false},
		"a cart token":                   {graph("graphql/cart-token.json"), session.Rejected, false},
		"expired, 0.21":                  {old("Expired token"), session.Expired, true},
		"signature, 0.21":                {old("Signature verification failed"), session.Rejected, false},
		"another site's, 0.21":           {old("The iss do not match with this server"), session.Rejected, false},
		"before its time":                {old("Cannot handle token prior to 2026-11-20T05:12:55+0000"), session.Rejected, false},
		"the Store API, POST":            {answer{status: 401, token: cartToken("t_9", 0), body: recorded(t, "storeapi/bad-token.json"), header: http.Header{"Date": {before}}}, session.Rejected, true},
		"the Store API, POST, expired":   {answer{status: 401, token: cartToken("t_9", 0), body: recorded(t, "storeapi/bad-token.json"), header: http.Header{"Date": {after}}}, session.Expired, true},
		"the Store API, another cart":    {answer{token: cartToken("t_9", 0), body: recorded(t, "storeapi/cart-bad-token.json"), header: http.Header{"Date": {before}}}, session.Rejected, false},
		"the Store API, expired":         {answer{token: cartToken("t_9", 0), body: recorded(t, "storeapi/cart-bad-token.json"), header: http.Header{"Date": {after}}}, session.Expired, false},
		"WooGraphQL answers another one": {answer{token: graphToken("t_9", 0), body: recorded(t, "graphql/read.json")}, session.Replaced, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			script := newScript(t, test.answer)
			door, with := script.graphQL(), graphToken("t_1", 0)
			if strings.HasPrefix(name, "the Store API") {
				door, with = script.storeAPI(), cartToken("t_1", 0)
			}
			s := resume(t, door, with)
			call := func() error {
				_, err := s.Cart(t.Context())
				if test.write {
					_, err = s.Add(t.Context(), mug(1))
				}
				return err
			}
			if test.write {
				call = func() error { _, err := s.Add(t.Context(), mug(1)); return err }
			}
			var lost *session.LostError
			if err := call(); !errors.As(err, &lost) || lost.How != test.how || !errors.Is(err, session.ErrLost) || !errors.Is(err, woo.ErrRefused) || errors.Is(err, woo.ErrUnknown) {
				t.Fatalf("%v; want %s", err, test.how)
			}
			if err := call(); !errors.Is(err, session.ErrLost) || len(script.seen()) != 1 {
				t.Errorf("%v, %d requests: a lost cart must not be asked for again, a new one would answer", err, len(script.seen()))
			}
			if !s.Token().Equal(with) {
				t.Error("the new cart's token was kept")
			}
		})
	}
}

// TestResumeRefuses: what can be no token never reaches a header.
func TestResumeRefuses(t *testing.T) {
	script := newScript(t, answer{body: recorded(t, "graphql/read.json")})
	for _, text := range []string{
		"", "x", "a.b", "a.b.c", "a..c", strings.Repeat("a.", 3000), graphToken("t_1", 0).Reveal() + "\r\nX-Evil: 1",
		"Session " + graphToken("t_1", 0).Reveal(), token(`{}`).Reveal(), token(`[]`).Reveal(), token(`{"data":{"customer_id":[]}}`).Reveal(),
		token(`{"user_id":"` + strings.Repeat("x", 5000) + `"}`).Reveal(),
	} {
		if _, err := session.Resume(script.graphQL(), woo.NewSecret(text), session.Options{}); !errors.Is(err, session.ErrLost) {
			t.Errorf("%.40q was accepted: %v", text, err)
		}
	}
	for _, payload := range []string{`{"data":{"customer_id":7},"exp":1795324346}`, `{"data":{"customer_id":"t_1"}}`, `{"user_id":7}`} {
		if _, err := session.Resume(script.graphQL(), token(payload), session.Options{}); err != nil {
			t.Errorf("%s: %v", payload, err)
		}
	}
	s := resume(t, script.storeAPI(), graphToken("t_1", 0))
	var lost *session.LostError
	if _, err := s.Cart(t.Context()); !errors.As(err, &lost) || lost.How != session.OtherDoor {
		t.Errorf("WooGraphQL's token over the Store API: %v", err)
	}
	if n := len(script.seen()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
