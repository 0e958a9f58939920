package graphql_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func register(input string) string {
	return `mutation{registerCustomer(input:{` + input + `}){customer{databaseId username email firstName} viewer{databaseId}}}`
}

// TestRegister: an account is made with a name of its own, unless it is there.
func TestRegister(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	for i, test := range []struct{ input, want string }{
		{`email:"new@example.test",password:"p",authenticate:true`, `"username":"new"`},
		{`email:"new@other.test",password:"p",authenticate:true`, `"username":"new-1"`},
		{`email:"a.b@example.test",firstName:"Asha",lastName:"Nair",password:"p",authenticate:true`, `"username":"asha.nair"`},
		{`email:"c@example.test",username:"Chosen",password:"p",authenticate:true`, `"username":"Chosen"`},
		{`email:"d@example.test",username:"chosen",password:"p"`, "An account is already registered with that username."},
		{`email:"NEW@example.test",password:"p"`, "An account is already registered with NEW@example.test."},
		{`email:"",password:"p"`, "Please provide a valid email address."},
		{`password:"p"`, "Please provide a valid email address."},
		{`email:"e@example.test",password:""`, "A password was not provided"},
		{`email:"e",password:"p"`, "The email address you are trying to use is invalid"},
	} {
		got, a := storetest.AskAs(t, s, nil, register(test.input))
		if !strings.Contains(storetest.FirstError(got)+a.Body, test.want) {
			t.Errorf("%d %s: %s", i, test.input, a.Body)
		}
	}
	header := bearerOf(t, s, c, "asha.nair")
	if got, _ := storetest.AskAs(t, s, header, `{viewer{email name roles{nodes{name}}} customer{orderCount billing{city}}}`); string(got.Data) !=
		`{"viewer":{"email":"a.b@example.test","name":"Asha Nair","roles":{"nodes":[{"name":"customer"}]}},"customer":{"orderCount":0,"billing":{"city":null}}}` {
		t.Errorf("%s", got.Data)
	}
	if got, _ := storetest.AskAs(t, s, nil, `mutation{registerUser(input:{username:"x",email:"x@example.test"}){user{id}}}`); storetest.FirstError(got) != "User registration is currently not allowed." {
		t.Error(storetest.FirstError(got))
	}
}

// TestRegisterWithoutSigningIn: the account is there although every token in
// the answer is an error and the status is 400.
func TestRegisterWithoutSigningIn(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	got, a := storetest.AskAs(t, s, nil, `mutation{registerCustomer(input:{email:"new@example.test",password:"p"}){authToken customer{email}}}`)
	if a.Status != 400 || len(got.Errors) != 1 || a.Header.Get("Expires") != "" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if got, _ := storetest.AskAs(t, s, nil, login("new", "p")); storetest.FirstError(got) != "" {
		t.Error(storetest.FirstError(got))
	}
	if _, list := storetest.REST(t, s, "GET", "customers/4", ""); list["email"] != "new@example.test" || list["role"] != "customer" {
		t.Errorf("%v", list)
	}
}

// TestCustomerWebhooks: an account that is made or changed is told, with the
// body REST would give.
func TestCustomerWebhooks(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	r := storetest.NewReceiver(t)
	storetest.Hook(t, s, r.URL, "customer.created")
	storetest.Hook(t, s, r.URL, "customer.updated")
	r.Take()
	storetest.AskAs(t, s, nil, register(`email:"new@example.test",password:"p",authenticate:true`))
	storetest.AskAs(t, s, bearerOf(t, s, c, "priya"), `mutation{updateCustomer(input:{firstName:"P"}){customer{id}}}`)
	storetest.Deliver(t, s)
	var got []string
	for _, d := range r.Take() {
		var body map[string]any
		if err := json.Unmarshal([]byte(d.Body), &body); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(d.Header.Get("X-WC-Webhook-Topic"), " ", body["id"], " ", body["first_name"]))
	}
	if strings.Join(got, ", ") != "customer.created 4 , customer.updated 2 P" {
		t.Errorf("%q", got)
	}
}

// TestUpdateCustomer: one's own account, and other people's for staff only.
func TestUpdateCustomer(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	priya, manager := bearerOf(t, s, c, "priya"), bearerOf(t, s, c, "manager")
	const forbidden = "You do not have the appropriate capabilities to perform this action"
	for name, test := range map[string]struct {
		who         map[string]string
		input, want string
	}{
		"a stranger":      {nil, `id:"Y3VzdG9tZXI6Mg==",firstName:"X"`, forbidden},
		"another":         {priya, `id:"Y3VzdG9tZXI6Mw==",firstName:"X"`, forbidden},
		"nobody":          {manager, `id:"Y3VzdG9tZXI6OTk=",firstName:"X"`, "A user could not be updated with the provided ID"},
		"no id":           {manager, `id:"zzz",firstName:"X"`, "The user ID passed is invalid"},
		"roles":           {priya, `roles:["administrator"]`, forbidden},
		"a taken address": {priya, `email:"manager@example.test"`, "Sorry, that email address is already used!"},
		"a bad address":   {priya, `email:"x"`, "The email address you are trying to use is invalid"},
		"staff":           {manager, `id:"Y3VzdG9tZXI6Mg==",billing:{city:"Nashik"}`, `{"updateCustomer":{"customer":{"databaseId":2}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := storetest.AskAs(t, s, test.who, `mutation{updateCustomer(input:{`+test.input+`}){customer{databaseId}}}`)
			if storetest.FirstError(got) != test.want && string(got.Data) != test.want {
				t.Errorf("%s %s", storetest.FirstError(got), got.Data)
			}
		})
	}
	storetest.AskAs(t, s, priya, `mutation{updateCustomer(input:{password:"other",shippingSameAsBilling:true}){customer{id}}}`)
	if got, _ := storetest.AskAs(t, s, nil, login("priya", "other")); storetest.FirstError(got) != "" {
		t.Error(storetest.FirstError(got))
	}
	got, _ := storetest.AskAs(t, s, priya, `{customer{billing{city email} shipping{city email} role}}`)
	if string(got.Data) != `{"customer":{"billing":{"city":"Nashik","email":"priya@example.test"},"shipping":{"city":"Nashik","email":null},"role":"customer"}}` {
		t.Errorf("%s", got.Data)
	}
}

// TestWhoSeesWhom: customers see themselves, staff everybody.
func TestWhoSeesWhom(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	for _, test := range []struct{ login, query, want string }{
		{"priya", `{customer{databaseId}}`, `{"customer":{"databaseId":2}}`},
		{"priya", `{customer(customerId:2){databaseId}}`, `{"customer":{"databaseId":2}}`},
		{"priya", `{customer(customerId:3){databaseId}}`, "Not authorized to access this customer"},
		{"priya", `{customer(id:"bm9uc2Vuc2U="){databaseId}}`, "The ID input is invalid"},
		{"manager", `{customer(customerId:2){email jwtUserSecret}}`, `{"customer":{"email":"priya@example.test","jwtUserSecret":null}}`},
		{"manager", `{customer(customerId:99){email}}`, `{"customer":null}`},
		{"manager", `{customer(customerId:2){jwtAuthToken}}`, "Only the user requesting a token can get a token issued for them"},
	} {
		got, _ := storetest.AskAs(t, s, bearerOf(t, s, c, test.login), test.query)
		if storetest.FirstError(got) != test.want && string(got.Data) != test.want {
			t.Errorf("%s %s: %s %s", test.login, test.query, storetest.FirstError(got), got.Data)
		}
	}
}

// TestBearerOnREST: staff may do everything there, a customer nothing, and the
// refusal says that the customer was recognised.
func TestBearerOnREST(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	for _, test := range []struct {
		login, method, path, body string
		want                      int
	}{
		{"manager", "GET", "products/16", ``, 200},
		{"manager", "PUT", "products/16", `{"stock_quantity":3}`, 200},
		{"admin", "POST", "orders", storetest.OneMug(""), 201},
		{"priya", "GET", "products/16", ``, 403},
		{"priya", "POST", "orders", storetest.OneMug(""), 403},
	} {
		header := bearerOf(t, s, c, test.login)
		header["Content-Type"] = "application/json"
		if got := storetest.Send(t, s, test.method, "/wp-json/wc/v3/"+test.path, test.body, header); got.Status != test.want {
			t.Errorf("%s %s %s: %d %.200s", test.login, test.method, test.path, got.Status, got.Body)
		}
	}
	if got := storetest.Send(t, s, "GET", "/wp-json/wp/v2/users/me", "", nil); got.Status != 401 {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if n := len(s.Orders()); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// TestTokensInHeaders: over TLS only, and none for a secret that is revoked.
func TestTokensInHeaders(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.TLS = true })
	header := bearerOf(t, s, c, "priya")
	_, a := storetest.AskAs(t, s, header, `{viewer{databaseId}}`)
	if a.Header.Get("X-JWT-Auth") == "" || a.Header.Get("X-JWT-Refresh") == "" {
		t.Errorf("%v", a.Header)
	}
	refresh := map[string]string{"Refresh-Authorization": a.Header.Get("X-JWT-Refresh")}
	if _, a := storetest.AskAs(t, s, refresh, `{viewer{databaseId}}`); a.Header.Get("X-JWT-Auth") == "" || a.Header.Get("X-JWT-Refresh") != "" {
		t.Errorf("%v", a.Header)
	}
	if err := s.RevokeTokens("priya"); err != nil {
		t.Fatal(err)
	}
	if _, a := storetest.AskAs(t, s, header, `{viewer{databaseId}}`); a.Header.Get("X-JWT-Auth") != "" || a.Header.Get("X-JWT-Refresh") != "" {
		t.Errorf("revoked: %v", a.Header)
	}
}

// FuzzBearer: no text in the header signs anybody in or breaks the store.
func FuzzBearer(f *testing.F) {
	s, err := wootest.New(wootest.Config{JWTSecret: storetest.JWTSecret})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	for _, seed := range []string{
		"", "Bearer", "Bearer ", "Bearer x", "bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer ..",
		"Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJkYXRhIjp7InVzZXIiOnsiaWQiOiIxIn19fQ.AAAA", "Bearer \t", strings.Repeat("Bearer ", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			return // net/http sends no such header
		}
		a, err := storetest.SendRaw(s, "POST", "/graphql", `{"query":"{viewer{databaseId}}"}`, map[string]string{
			"Content-Type": "application/json", "Authorization": value, "Refresh-Authorization": value,
		})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(a.Body, `"viewer":null`) || a.Header.Get("X-JWT-Auth") != "" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	})
}
