package sessions_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

const cartQuery = `{"query":"{cart{isEmpty}}"}`

// askWith sends a query with a raw session header.
func askWith(t *testing.T, s *wootest.Store, header, query string) (message, token string) {
	t.Helper()
	headers := map[string]string{"Content-Type": "application/json"}
	if header != "" {
		headers["woocommerce-session"] = header
	}
	a := storetest.Send(t, s, "POST", "/graphql", query, headers)
	var out storetest.Answer
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Errors) > 0 {
		message = out.Errors[0].Message
	}
	return message, a.Header.Get("woocommerce-session")
}

// forged is a token signed with another key.
func forged(header, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode([]byte(payload))
	mac := hmac.New(sha256.New, []byte("another key"))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil))
}

// TestSessionTokens: what is said about tokens that are not taken, and that a
// new guest's token comes with it. The texts were compared with a real store's.
func TestSessionTokens(t *testing.T) {
	const hs256 = `{"typ":"JWT","alg":"HS256"}`
	tests := map[string]struct {
		header func(good string) string
		want   string
	}{
		"good":             {func(g string) string { return "Session " + g }, ""},
		"spaces":           {func(g string) string { return "Session   " + g }, ""},
		"a second word":    {func(g string) string { return "Session " + g + " more" }, ""},
		"no prefix":        {func(g string) string { return g }, "invalid_cart_token: Invalid Cart-Token"},
		"another prefix":   {func(g string) string { return "Bearer " + g }, "invalid_cart_token: Invalid Cart-Token"},
		"small letters":    {func(g string) string { return "session " + g }, "invalid_cart_token: Invalid Cart-Token"},
		"one part":         {func(string) string { return "Session abc" }, "invalid_token: Wrong number of segments"},
		"four parts":       {func(string) string { return "Session a.b.c.d" }, "invalid_token: Wrong number of segments"},
		"no JSON":          {func(string) string { return "Session !!.??.**" }, "invalid_token: Syntax error, malformed JSON"},
		"no text":          {func(string) string { return "Session not.a.jwt" }, "invalid_token: Malformed UTF-8 characters"},
		"no object":        {func(string) string { return "Session MQ.MQ.MQ" }, "invalid_token: Payload must be a JSON object"},
		"null header":      {func(string) string { return "Session " + forged("null", "{}") }, "invalid_token: Invalid header encoding"},
		"null claims":      {func(string) string { return "Session " + forged(hs256, "null") }, "invalid_token: Invalid claims encoding"},
		"no algorithm":     {func(string) string { return "Session " + forged("{}", "{}") }, "invalid_token: Empty algorithm"},
		"alg none":         {func(string) string { return "Session " + forged(`{"alg":"none"}`, "{}") }, "invalid_token: Algorithm not supported"},
		"other algorithm":  {func(string) string { return "Session " + forged(`{"alg":"RS256"}`, "{}") }, "invalid_token: Incorrect key for this algorithm"},
		"another key":      {func(string) string { return "Session " + forged(hs256, `{"exp":9999999999}`) }, "invalid_token: Signature verification failed"},
		"signature cut":    {func(g string) string { return "Session " + g[:len(g)-6] }, "invalid_token: Signature verification failed"},
		"payload replaced": {func(g string) string { return "Session " + strings.Replace(g, strings.Split(g, ".")[1], "e30", 1) }, "invalid_token: Signature verification failed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			_, good := askWith(t, s, "", cartQuery)
			message, token := askWith(t, s, test.header(good), cartQuery)
			if message != test.want || (token != "") != (test.want != "") {
				t.Errorf("%q with token %t, want %q", message, token != "", test.want)
			}
			if test.want == "" {
				return
			}
			if message, again := askWith(t, s, "Session "+token, cartQuery); message != "" || again != "" {
				t.Errorf("the new token is answered %q, token %t", message, again != "")
			}
		})
	}
}

// TestSessionErrorsReach: cart fields and cart mutations fail with a bad token;
// products, the customer and a checkout do not look at it.
func TestSessionErrorsReach(t *testing.T) {
	const bad = "invalid_token: Wrong number of segments"
	tests := map[string]string{
		`{cart{isEmpty}}`: bad,
		`mutation{addToCart(input:{productId:17}){cart{isEmpty}}}`:                             bad,
		`mutation{emptyCart(input:{}){cart{isEmpty}}}`:                                         bad,
		`mutation{updateSession(input:{sessionData:[{key:\"a\",value:\"b\"}]}){session{key}}}`: bad,
		`mutation{forgetSession(input:{}){session{key}}}`:                                      bad,
		`mutation{updateCustomer(input:{billing:{city:\"Pune\"}}){customer{id}}}`:              "",
		`mutation{checkout(input:{paymentMethod:\"cod\"}){result}}`:                            "Sorry, no session found.",
		`{customer{id}}`:                     "",
		`{products(first:1){nodes{id}}}`:     "",
		`{product(id:\"1\",idType:SKU){id}}`: "No product ID was found corresponding to the sku: 1",
	}
	for query, want := range tests {
		t.Run(query, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			message, token := askWith(t, s, "Session nonsense", `{"query":"`+query+`"}`)
			if message != want || token == "" {
				t.Errorf("%q, token %t", message, token != "")
			}
		})
	}
}

// TestSessionTimes: a token is taken until a minute after its end, and a cart
// until two days after it was last changed.
func TestSessionTimes(t *testing.T) {
	tests := map[string]struct {
		later   time.Duration
		message string
	}{
		"new":        {0, ""},
		"two days":   {48 * time.Hour, ""},
		"leeway":     {48*time.Hour + 59*time.Second, ""},
		"expired":    {48*time.Hour + time.Minute, "invalid_token: Expired token"},
		"not yet":    {-59 * time.Second, ""},
		"much later": {1000 * time.Hour, "invalid_token: Expired token"},
		"too early":  {-2 * time.Minute, "invalid_token: Cannot handle token with nbf prior to 2026-11-20T05:00:00+0000"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, c := storetest.NewStore(t, nil)
			_, token := askWith(t, s, "", cartQuery)
			c.Set(storetest.Seeded().Add(test.later))
			if message, _ := askWith(t, s, "Session "+token, cartQuery); message != test.message {
				t.Errorf("%q, want %q", message, test.message)
			}
		})
	}
}

// TestSessionRow: a cart outlives the token it was filled with, when a newer
// one was issued, and not its row.
func TestSessionRow(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 1)
	old := p.Token
	c.Set(storetest.Seeded().Add(40 * time.Hour))
	p.Add(t, 17, 1)
	if p.Token == old {
		t.Error("the mutation issued the same token a day later")
	}
	c.Set(storetest.Seeded().Add(47 * time.Hour))
	if got := (&storetest.Visitor{Store: s, Token: old}).Must(t, `{cart{contents{itemCount}}}`); got != `{"cart":{"contents":{"itemCount":2}}}` {
		t.Errorf("the older token: %s", got)
	}
	c.Set(storetest.Seeded().Add(80 * time.Hour))
	if got := p.Must(t, `{cart{contents{itemCount}}}`); got != `{"cart":{"contents":{"itemCount":2}}}` {
		t.Errorf("40 hours after the last change: %s", got)
	}
}

// TestSessionLivesOn: a token read from the customer is good for two days more,
// and so is the cart: every request keeps the row.
func TestSessionLivesOn(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 1)
	for day := range 4 {
		c.Set(storetest.Seeded().Add(time.Duration(day) * 40 * time.Hour))
		var out struct{ Customer struct{ SessionToken string } }
		if err := json.Unmarshal([]byte(p.Must(t, `{customer{sessionToken}}`)), &out); err != nil {
			t.Fatal(err)
		}
		p.Token = out.Customer.SessionToken
	}
	if got := p.Must(t, `{cart{isEmpty}}`); got != `{"cart":{"isEmpty":false}}` {
		t.Errorf("five days later: %s", got)
	}
}

// TestSessionIssuer: a token is for the address it was issued under.
func TestSessionIssuer(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	_, token := askWith(t, s, "", cartQuery)
	other, _ := storetest.NewStore(t, nil)
	if message, _ := askWith(t, other, "Session "+token, cartQuery); message != "invalid_token: Signature verification failed" {
		t.Errorf("another store said %q", message)
	}
	a := storetest.Send(t, s, "POST", "/graphql", cartQuery, map[string]string{
		"Content-Type": "application/json", "woocommerce-session": "Session " + token, "X-Forwarded-Proto": "https",
	})
	if !strings.Contains(a.Body, "invalid_token: The iss do not match with this server") {
		t.Errorf("over TLS: %s", a.Body)
	}
}

// TestTokensOnMutations: a token comes with mutations that succeed, and with
// none that fails.
func TestTokensOnMutations(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 1)
	for i, test := range []struct {
		query  string
		issues bool
	}{
		{`{cart{total}}`, false},
		{`{customer{sessionToken}}`, false},
		{`mutation{addToCart(input:{productId:25}){cart{isEmpty}}}`, false},
		{`mutation{addToCart(input:{productId:16}){cart{isEmpty}}}`, true},
		{`mutation{applyCoupon(input:{code:"nope"}){cart{isEmpty}}}`, false},
		{`mutation{updateCustomer(input:{billing:{city:"Pune"}}){customer{id}}}`, true},
		{`mutation{updateCustomer(input:{billing:{email:"nope"}}){customer{id}}}`, false},
		{`mutation{updateSession(input:{sessionData:[{key:"a",value:"b"}]}){session{key}}}`, true},
		{`mutation{checkout(input:{paymentMethod:"nope"}){result}}`, false},
		{`mutation{x:addToCart(input:{productId:25}){cart{isEmpty}} y:addToCart(input:{productId:16}){cart{isEmpty}}}`, true},
		{`mutation{checkout(input:{paymentMethod:"cod"}){result}}`, false},
		{`mutation{emptyCart(input:{}){cart{isEmpty}}}`, false},
	} {
		c.Set(storetest.Seeded().Add(time.Duration(i+1) * time.Second))
		before := p.Token
		p.Ask(t, test.query)
		if issued := p.Token != before; issued != test.issues {
			t.Errorf("%s: token %t", test.query, issued)
		}
	}
}

// TestGuestCustomer: what a guest's session knows; sequences compared with a
// real store.
func TestGuestCustomer(t *testing.T) {
	tests := map[string][]storetest.Step{
		"nobody yet": {
			{Query: `{customer{id databaseId email billing{country state city} shipping{country state}}}`, Want: `{"customer":{"id":"guest","databaseId":null,"email":null,"billing":{"country":"IN","state":"MH","city":null},"shipping":{"country":"IN","state":"MH"}}}`},
		},
		"shipping as it was billed before": {
			{Query: `mutation{updateCustomer(input:{billing:{firstName:"A",city:"Pune"},shipping:{firstName:"B",city:"Delhi"},shippingSameAsBilling:true}){customer{billing{firstName city} shipping{firstName city state}}}}`, Want: `{"updateCustomer":{"customer":{"billing":{"firstName":"A","city":"Pune"},"shipping":{"firstName":null,"city":null,"state":"MH"}}}}`},
			{Query: `mutation{updateCustomer(input:{shippingSameAsBilling:true}){customer{shipping{firstName city}}}}`, Want: `{"updateCustomer":{"customer":{"shipping":{"firstName":"A","city":"Pune"}}}}`},
		},
		"only what is sent changes": {
			{Query: `mutation{updateCustomer(input:{billing:{firstName:"A",city:"Pune"}}){customer{billing{firstName city}}}}`, Want: `{"updateCustomer":{"customer":{"billing":{"firstName":"A","city":"Pune"}}}}`},
			{Query: `mutation{updateCustomer(input:{billing:{city:"Delhi"}}){customer{billing{firstName city}}}}`, Want: `{"updateCustomer":{"customer":{"billing":{"firstName":"A","city":"Delhi"}}}}`},
			{Query: `mutation{updateCustomer(input:{billing:{lastName:"Z",overwrite:true}}){customer{billing{firstName lastName city country state}}}}`, Want: `{"updateCustomer":{"customer":{"billing":{"firstName":null,"lastName":"Z","city":null,"country":null,"state":null}}}}`},
			{Query: `{customer{billing{lastName country state}}}`, Want: `{"customer":{"billing":{"lastName":"Z","country":"IN","state":"MH"}}}`},
		},
		"a bad e-mail changes nothing": {
			{Query: `mutation{updateCustomer(input:{billing:{firstName:"A",email:"nope"}}){customer{id}}}`, Want: `Internal server error`},
			{Query: `{customer{billing{firstName email}}}`, Want: `{"customer":{"billing":{"firstName":null,"email":null}}}`},
		},
		"the session's own keys": {
			{Query: `mutation{updateSession(input:{sessionData:[{key:"a",value:"1"},{key:"b",value:"2"}]}){session{key value} customer{id}}}`, Want: `{"updateSession":{"session":[{"key":"a","value":"1"},{"key":"b","value":"2"}],"customer":{"id":"guest"}}}`},
			{Query: `mutation{updateSession(input:{sessionData:[{key:"a",value:"3"}]}){session{key value}}}`, Want: `{"updateSession":{"session":[{"key":"a","value":"3"},{"key":"b","value":"2"}]}}`},
			{Query: `mutation{updateSession(input:{sessionData:[{key:"b",value:""}]}){session{key value}}}`, Want: `{"updateSession":{"session":[{"key":"a","value":"3"},{"key":"b","value":null}]}}`},
			{Query: `mutation{updateSession(input:{sessionData:[]}){session{key}}}`, Want: `No session data provided`},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			storetest.RunSteps(t, &storetest.Visitor{Store: s}, steps)
		})
	}
}

// TestForgetSession: the request goes on with nobody's session, and the row
// stays as it was.
func TestForgetSession(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 31, 1)
	token := p.Token
	if got := p.Must(t, `mutation{forgetSession(input:{}){session{key}}}`); got != `{"forgetSession":{"session":[{"key":"cart_totals"},{"key":"cart"}]}}` {
		t.Error(got)
	}
	if got := (&storetest.Visitor{Store: s, Token: token}).Must(t, `{cart{isEmpty}}`); p.Token != token || got != `{"cart":{"isEmpty":false}}` {
		t.Errorf("afterwards %s, same token %t", got, p.Token == token)
	}
}

// TestWooGraphQL21: what the older plugin does differently with sessions.
func TestWooGraphQL21(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.WooGraphQL = wootest.WooGraphQL21 })
	_, token := askWith(t, s, "", cartQuery)
	c.Set(storetest.Seeded().Add(72 * time.Hour))
	if message, _ := askWith(t, s, "Session "+token, cartQuery); message != "Expired token" {
		t.Errorf("expired: %q", message)
	}
	for query, want := range map[string]string{
		`{cart{taxLines{name}}}`:                                             `Cannot query field "taxLines" on type "Cart".`,
		`{cart{availableShippingMethods{rates{subtotal}}}}`:                  `Cannot query field "subtotal" on type "ShippingRate".`,
		`{cart{availableShippingMethods{rates{cost(format:RAW)}}}}`:          `Unknown argument "format" on field "ShippingRate.cost".`,
		`{productsWithVariations{nodes{id}}}`:                                `Cannot query field "productsWithVariations" on type "RootQuery".`,
		`mutation{createRefund(input:{orderId:\"1\",amount:1}){refund{id}}}`: `Cannot query field "createRefund" on type "RootMutation".`,
		`{cart{availableShippingMethods{rates{cost}}}}`:                      "",
	} {
		if message, _ := askWith(t, s, "", `{"query":"`+query+`"}`); !strings.HasPrefix(message, want) || want == "" && message != "" {
			t.Errorf("%s: %q, want %q", query, message, want)
		}
	}
}
