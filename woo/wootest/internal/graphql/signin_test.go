package graphql_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// bearerOf are the headers of a user's request.
func bearerOf(t *testing.T, s *wootest.Store, c *storetest.Clock, login string) map[string]string {
	t.Helper()
	token, err := s.BearerToken(login, c.Now())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"Authorization": "Bearer " + token}
}

func login(name, password string) string {
	return fmt.Sprintf(`mutation{login(input:{username:%q,password:%q}){authToken refreshToken user{databaseId}}}`, name, password)
}

// TestSignInRefused: who is refused, and in which words. They tell an unknown
// name from a wrong password, as WordPress does.
func TestSignInRefused(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for name, test := range map[string]struct{ user, password, want string }{
		"no name":          {"", "x", "&lt;strong&gt;Error:&lt;/strong&gt; The username field is empty."},
		"no password":      {"priya", "", "&lt;strong&gt;Error:&lt;/strong&gt; The password field is empty."},
		"blank password":   {"priya", "  ", "&lt;strong&gt;Error:&lt;/strong&gt; The password field is empty."},
		"unknown address":  {"a@b.test", "x", "Unknown email address. Check again or try your username."},
		"wrong, by e-mail": {"priya@example.test", "x", "&lt;strong&gt;Error:&lt;/strong&gt; The password you entered for the email address &lt;strong&gt;priya@example.test&lt;/strong&gt; is incorrect. "},
		"markup in a name": {"<b>", "x", "&lt;strong&gt;Error:&lt;/strong&gt; The username field is empty."},
		"another's":        {"manager", "priya-pass-1", "&lt;strong&gt;Error:&lt;/strong&gt; The password you entered for the username"},
	} {
		t.Run(name, func(t *testing.T) {
			got, a := storetest.AskAs(t, s, nil, login(test.user, test.password))
			if !strings.HasPrefix(storetest.FirstError(got), test.want) || a.Header.Get("Expires") != "" {
				t.Errorf("%q %v", storetest.FirstError(got), a.Header)
			}
			if strings.Contains(a.Body, "eyJ") {
				t.Errorf("a refused sign-in answers a token: %s", a.Body)
			}
		})
	}
	for _, name := range []string{"priya", "PRIYA", " priya ", "Priya@Example.test"} {
		if got, _ := storetest.AskAs(t, s, nil, login(name, " priya-pass-1 ")); storetest.FirstError(got) != "" {
			t.Errorf("%q: %s", name, storetest.FirstError(got))
		}
	}
}

// TestBearerLife: five minutes and one of leeway, and not a second before its
// time. The clock is the store's.
func TestBearerLife(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	start := c.Now()
	header := bearerOf(t, s, c, "priya")
	for _, test := range []struct {
		after time.Duration
		want  string
	}{
		{-61 * time.Second, ""}, {-60 * time.Second, "2"}, {0, "2"}, {359 * time.Second, "2"}, {360 * time.Second, ""}, {24 * time.Hour, ""},
	} {
		c.Set(start.Add(test.after))
		got, _ := storetest.AskAs(t, s, header, `{viewer{databaseId}}`)
		want := `{"viewer":null}`
		if test.want != "" {
			want = `{"viewer":{"databaseId":2}}`
		}
		if string(got.Data) != want || (storetest.FirstError(got) == "Internal server error") != (test.want == "") {
			t.Errorf("after %v: %s %+v", test.after, got.Data, got.Errors)
		}
	}
	if _, err := s.BearerToken("nobody", start); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
}

// TestForgedBearers: nothing but the store's own signature signs anybody in,
// and what is not taken changes nothing.
func TestForgedBearers(t *testing.T) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.JWTSecret = storetest.JWTSecret })
	token := strings.TrimPrefix(bearerOf(t, s, c, "admin")["Authorization"], "Bearer ")
	head, rest, _ := strings.Cut(token, ".")
	payload, _, _ := strings.Cut(rest, ".")
	_, session := storetest.AskAs(t, s, nil, `{viewer{databaseId}}`)
	for name, forged := range map[string]string{
		"no signature":   head + "." + payload + ".",
		"cut short":      token[:len(token)-2],
		"alg none":       "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0." + payload + ".",
		"other key":      storetest.Bearer(t, storetest.ReadClaims(t, token), "other"),
		"empty key":      storetest.Bearer(t, storetest.ReadClaims(t, token), ""),
		"session token":  session.Header.Get("woocommerce-session"),
		"dots":           strings.Repeat(".", 100_000),
		"two words":      "x y",
		"not base64":     "%.%.%",
		"another issuer": storetest.Bearer(t, func() storetest.Claims { c := storetest.ReadClaims(t, token); c.Issuer = "http://127.0.0.1"; return c }(), storetest.JWTSecret),
	} {
		t.Run(name, func(t *testing.T) {
			header := map[string]string{"Authorization": "Bearer " + forged}
			got, a := storetest.AskAs(t, s, header, `mutation{createOrder(input:{status:PROCESSING}){orderId}}`)
			if storetest.FirstError(got) != "Internal server error" || string(got.Data) != `{"createOrder":null}` {
				t.Errorf("%s", a.Body)
			}
			if got, _ := storetest.AskAs(t, s, header, `{viewer{databaseId} products{nodes{id}}}`); len(got.Errors) != 2 {
				t.Errorf("%+v", got)
			}
			if n := len(s.Orders()); n != 0 {
				t.Errorf("%d orders", n)
			}
		})
	}
	again := storetest.Bearer(t, storetest.ReadClaims(t, token), storetest.JWTSecret)
	if got, _ := storetest.AskAs(t, s, map[string]string{"Authorization": "Bearer " + again}, `{viewer{databaseId}}`); string(got.Data) != `{"viewer":{"databaseId":1}}` {
		t.Errorf("the same claims under the right key: %+v", got)
	}
}

// TestRefresh: a refresh token works as often as wanted, as a bearer too, until
// the user's secret is revoked; a bearer that was given out lives on.
func TestRefresh(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	var tokens struct {
		Login struct{ AuthToken, RefreshToken string }
	}
	got, _ := storetest.AskAs(t, s, nil, login("priya", "priya-pass-1"))
	storetest.ReadData(t, got, &tokens)
	refresh := fmt.Sprintf(`mutation{refreshJwtAuthToken(input:{jwtRefreshToken:%q}){authToken}}`, tokens.Login.RefreshToken)
	c.Set(c.Now().Add(300 * 24 * time.Hour))
	for range 2 {
		if got, _ := storetest.AskAs(t, s, nil, refresh); storetest.FirstError(got) != "" {
			t.Fatal(storetest.FirstError(got))
		}
	}
	asBearer := map[string]string{"Authorization": "Bearer " + tokens.Login.RefreshToken}
	if got, _ := storetest.AskAs(t, s, asBearer, `{viewer{databaseId}}`); string(got.Data) != `{"viewer":{"databaseId":2}}` {
		t.Errorf("refresh token as a bearer: %s", got.Data)
	}
	live := bearerOf(t, s, c, "priya")
	if err := s.RevokeTokens("priya"); err != nil {
		t.Fatal(err)
	}
	if got, a := storetest.AskAs(t, s, nil, refresh); storetest.FirstError(got) != "The provided refresh token is invalid" || a.Status != http.StatusUnauthorized {
		t.Errorf("%d %s", a.Status, storetest.FirstError(got))
	}
	if got, a := storetest.AskAs(t, s, asBearer, `{viewer{databaseId}}`); storetest.FirstError(got) != "Internal server error" || a.Status != http.StatusUnauthorized {
		t.Errorf("%d %+v", a.Status, got)
	}
	if got, _ := storetest.AskAs(t, s, nil, login("priya", "priya-pass-1")); storetest.FirstError(got) != "The JWT token cannot be issued for this user" {
		t.Error(storetest.FirstError(got))
	}
	if got, _ := storetest.AskAs(t, s, live, `{viewer{isJwtAuthSecretRevoked}}`); string(got.Data) != `{"viewer":{"isJwtAuthSecretRevoked":true}}` {
		t.Errorf("%+v", got)
	}
	if err := s.RevokeTokens("nobody"); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
	c.Set(c.Now().Add(66 * 24 * time.Hour))
	if got, _ := storetest.AskAs(t, s, nil, refresh); storetest.FirstError(got) == "" {
		t.Error("a refresh token of a year and a day is taken")
	}
}

// TestTokensStayOneKind: bearer and session token are signed with keys of their
// own, so neither is taken for the other.
func TestTokensStayOneKind(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	header := bearerOf(t, s, c, "priya")
	header["woocommerce-session"] = "Session " + strings.TrimPrefix(header["Authorization"], "Bearer ")
	delete(header, "Authorization")
	got, _ := storetest.AskAs(t, s, header, `{cart{isEmpty}}`)
	if !strings.HasPrefix(storetest.FirstError(got), "invalid_token: ") {
		t.Errorf("%+v", got)
	}
}

// TestPasswordReset: the mail's key works once, for a day, for its user; what
// is asked for strangers looks the same.
func TestPasswordReset(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	const send = `mutation{sendPasswordResetEmail(input:{username:%q}){success}}`
	if _, err := s.MailedResetKey("priya"); !errors.Is(err, wootest.ErrNotFound) {
		t.Error(err)
	}
	for _, name := range []string{"nobody", "nobody@example.test", "priya"} {
		if got, _ := storetest.AskAs(t, s, nil, fmt.Sprintf(send, name)); string(got.Data) != `{"sendPasswordResetEmail":{"success":true}}` {
			t.Errorf("%s: %+v", name, got)
		}
	}
	old, err := s.MailedResetKey("priya")
	if err != nil {
		t.Fatal(err)
	}
	reset := func(key, login, password string) string {
		got, _ := storetest.AskAs(t, s, nil, fmt.Sprintf(`mutation{resetUserPassword(input:{key:%q,login:%q,password:%q}){user{databaseId}}}`, key, login, password))
		return storetest.FirstError(got) + string(got.Data)
	}
	const refused = `{"resetUserPassword":null}`
	for name, got := range map[string]string{
		"Password reset link is invalid.":   reset("wrong", "priya", "new"),
		"Password reset link is invalid. ":  reset(old, "manager", "new"),
		"A password reset key is required.": reset("", "priya", "new"),
		"A user login is required.":         reset(old, "", "new"),
		"A new password is required.":       reset(old, "priya", ""),
	} {
		if got != strings.TrimSpace(name)+refused {
			t.Errorf("%s: %s", name, got)
		}
	}
	c.Set(c.Now().Add(25 * time.Hour))
	if got := reset(old, "priya", "new"); got != "Password reset link has expired."+refused {
		t.Error(got)
	}
	if got, _ := storetest.AskAs(t, s, nil, fmt.Sprintf(send, "priya@example.test")); storetest.FirstError(got) != "" {
		t.Error(storetest.FirstError(got))
	}
	key, _ := s.MailedResetKey("priya")
	if got := reset(key, "priya", "new-pass"); got != `{"resetUserPassword":{"user":{"databaseId":2}}}` {
		t.Error(got)
	}
	if got := reset(key, "priya", "newer"); got != "Password reset link is invalid."+refused {
		t.Error(got)
	}
	for password, want := range map[string]bool{"priya-pass-1": false, "new-pass": true} {
		if got, _ := storetest.AskAs(t, s, nil, login("priya", password)); (storetest.FirstError(got) == "") != want {
			t.Errorf("%s: %s", password, storetest.FirstError(got))
		}
	}
}
