package storetest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var cookieParts = regexp.MustCompile(`^([^=]+)=([^;]*)(.*)$`)

// sameCookie compares names, ways and lives. Values are the store's own.
func sameCookie(want, got string) bool {
	w, g := cookieParts.FindStringSubmatch(want), cookieParts.FindStringSubmatch(got)
	mask := func(s string) string {
		return regexp.MustCompile(`expires=[^;]+`).ReplaceAllString(hashForm.ReplaceAllString(s, "*"), "expires=*")
	}
	wiped := func(v string) bool { return v == "%20" || v == "deleted" }
	whose := func(v string) string { return guestForm.ReplaceAllString(strings.SplitN(v, "%7C", 2)[0], "t_") }
	return len(w) == 4 && len(g) == 4 && mask(w[1]) == mask(g[1]) && mask(w[3]) == mask(g[3]) && wiped(w[2]) == wiped(g[2]) &&
		(strings.Contains(w[1], "cart_hash") || whose(w[2]) == whose(g[2]))
}

var (
	jwtForm   = regexp.MustCompile(`eyJ[\w-]+\.([\w-]+)\.([\w-]+)`)
	keyForm   = regexp.MustCompile(`wc_order_\w{13}`)
	nonceForm = regexp.MustCompile(`\b[0-9a-f]{10}\b`)
	guestForm = regexp.MustCompile(`t_[0-9a-f]{28,30}`)
	hashForm  = regexp.MustCompile(`[0-9a-f]{32}`)
)

// Claims are what tokens of every kind say.
type Claims struct {
	Issuer   string `json:"iss"`
	IssuedAt int64  `json:"iat"`
	Before   int64  `json:"nbf,omitempty"`
	Expires  int64  `json:"exp"`
	UserID   any    `json:"user_id,omitempty"`
	Data     *struct {
		Customer any `json:"customer_id,omitempty"`
		User     *struct {
			ID     string `json:"id"`
			Secret string `json:"user_secret,omitempty"`
		} `json:"user,omitempty"`
	} `json:"data,omitempty"`
}

// ReadClaims reads what a token says; its signature is not looked at.
func ReadClaims(t *testing.T, token string) Claims {
	t.Helper()
	var c Claims
	raw, err := base64.RawURLEncoding.DecodeString(jwtForm.FindStringSubmatch(token)[1])
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		t.Fatalf("token: %v", err)
	}
	return c
}

// sameToken compares what two tokens say: moments may differ by the seconds in
// which the requests ran, and a user's id is text here and a number there.
func (r *Retelling) sameToken(t *testing.T, want, got string) bool {
	t.Helper()
	w, g := ReadClaims(t, want), ReadClaims(t, got)
	near := func(a, b int64) bool { return a-b <= 2 && b-a <= 2 }
	if (Recording{}).Moved(r.Store, w.Issuer) != g.Issuer || !near(w.IssuedAt, g.IssuedAt) || !near(w.Before, g.Before) || !near(w.Expires, g.Expires) {
		t.Errorf("token says %+v, recorded %+v", g, w)
	}
	r.Learnt[want] = got
	switch {
	case w.Data == nil || g.Data == nil:
		return (w.Data == nil) == (g.Data == nil)
	case w.Data.User != nil:
		return g.Data.User != nil && w.Data.User.ID == g.Data.User.ID && (w.Data.User.Secret == "") == (g.Data.User.Secret == "")
	}
	theirs, ours := fmt.Sprint(w.Data.Customer), fmt.Sprint(g.Data.Customer)
	r.Tokens[ours] = got
	if strings.HasPrefix(theirs, "t_") && strings.HasPrefix(ours, "t_") {
		r.Learnt[theirs] = ours
		return true
	}
	return theirs == ours
}

// PayloadOf is the payload of a JWT.
func PayloadOf(t *testing.T, token string) []byte {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no token: %q", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
