package main

import (
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ankkor/ankkor/auth"
)

const storeURL = "https://store.example.in"

// minted signs claims as an identity provider would, with changes to what is good.
func minted(t *testing.T, key string, method jwt.SigningMethod, change func(jwt.MapClaims)) string {
	t.Helper()
	now := time.Now()
	said := jwt.MapClaims{"iss": storeURL, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "sub": "7"}
	if change != nil {
		change(said)
	}
	var with any = []byte(key)
	if method == jwt.SigningMethodNone {
		with = jwt.UnsafeAllowNoneSignatureType
	}
	token, err := jwt.NewWithClaims(method, said).SignedString(with)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// asThePlugin is the shape of WPGraphQL JWT Authentication's tokens.
func asThePlugin(id any, secret string) func(jwt.MapClaims) {
	return func(c jwt.MapClaims) {
		delete(c, "sub")
		user := map[string]any{"id": id}
		if secret != "" {
			user["user_secret"] = secret
		}
		c["data"] = map[string]any{"user": user}
	}
}

func TestCustomer(t *testing.T) {
	c := accountConfig{keys: []secret{auth.NewSecret(longSecret), auth.NewSecret(otherSecret)}, issuer: storeURL}
	set := func(name string, value any) func(jwt.MapClaims) { return func(m jwt.MapClaims) { m[name] = value } }
	without := func(name string) func(jwt.MapClaims) { return func(m jwt.MapClaims) { delete(m, name) } }
	hs256 := jwt.SigningMethodHS256
	now := time.Now()
	for name, tt := range map[string]struct {
		token string
		want  int64
	}{
		"a subject":             {minted(t, longSecret, hs256, nil), 7},
		"the key before":        {minted(t, otherSecret, hs256, nil), 7},
		"the plugin's":          {minted(t, longSecret, hs256, asThePlugin("42", "")), 42},
		"the plugin's number":   {minted(t, longSecret, hs256, asThePlugin(42, "")), 42},
		"both, the same":        {minted(t, longSecret, hs256, set("data", map[string]any{"user": map[string]any{"id": "7"}})), 7},
		"both, two people":      {minted(t, longSecret, hs256, set("data", map[string]any{"user": map[string]any{"id": "8"}})), 0},
		"a clock that is ahead": {minted(t, longSecret, hs256, set("iat", now.Add(30*time.Second).Unix())), 7},
		"a refresh token":       {minted(t, longSecret, hs256, asThePlugin("42", "graphql_jwt_1")), 0},
		"good for a year":       {minted(t, longSecret, hs256, set("exp", now.Add(365*24*time.Hour).Unix())), 0},
		"expired":               {minted(t, longSecret, hs256, set("exp", now.Add(-2*time.Minute).Unix())), 0},
		"for ever":              {minted(t, longSecret, hs256, without("exp")), 0},
		"from some time":        {minted(t, longSecret, hs256, without("iat")), 0},
		"from the future":       {minted(t, longSecret, hs256, set("iat", now.Add(time.Hour).Unix())), 0},
		"not yet":               {minted(t, longSecret, hs256, set("nbf", now.Add(time.Hour).Unix())), 0},
		"of another site":       {minted(t, longSecret, hs256, set("iss", "https://elsewhere.example")), 0},
		"of nobody's site":      {minted(t, longSecret, hs256, without("iss")), 0},
		"another key":           {minted(t, strings.Repeat("k", 40), hs256, nil), 0},
		"no key":                {minted(t, "", hs256, nil), 0},
		"another algorithm":     {minted(t, longSecret, jwt.SigningMethodHS512, nil), 0},
		"none at all":           {minted(t, "", jwt.SigningMethodNone, nil), 0},
		"nobody":                {minted(t, longSecret, hs256, without("sub")), 0},
		"a guest's session":     {minted(t, longSecret, hs256, set("sub", "t_0123456789")), 0},
		"zero":                  {minted(t, longSecret, hs256, set("sub", "0")), 0},
		"zero in front":         {minted(t, longSecret, hs256, set("sub", "07")), 0},
		"below zero":            {minted(t, longSecret, hs256, set("sub", "-7")), 0},
		"too large":             {minted(t, longSecret, hs256, set("sub", "9223372036854775808")), 0},
		"long":                  {minted(t, longSecret, hs256, set("x", strings.Repeat("x", maxToken))), 0},
		"no token":              {"", 0},
		"words":                 {"hello.there.you", 0},
		"cut":                   {strings.TrimSuffix(minted(t, longSecret, hs256, nil), "A")[:60], 0},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := c.customer(tt.token)
			if id != tt.want || (err == nil) != (tt.want != 0) || err != nil && !errors.Is(err, errToken) {
				t.Errorf("customer %d, %v; want %d", id, err, tt.want)
			}
		})
	}
	c.audience = "shop"
	for audience, good := range map[string]bool{"shop": true, "blog": false} {
		if _, err := c.customer(minted(t, longSecret, hs256, set("aud", audience))); (err == nil) != good {
			t.Errorf("for %s: %v", audience, err)
		}
	}
	if _, err := c.customer(minted(t, longSecret, hs256, nil)); err == nil {
		t.Error("a token for nobody in particular")
	}
}

// One bit of a token changed, anywhere, and it is none.
func FuzzCustomer(f *testing.F) {
	c := accountConfig{keys: []secret{auth.NewSecret(longSecret)}, issuer: storeURL}
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"7","iss":"`+storeURL+`","exp":9999999999,"iat":1}`)) + ".")
	f.Fuzz(func(t *testing.T, token string) {
		if id, err := c.customer(token); err == nil {
			t.Errorf("customer %d by %q", id, token)
		}
	})
}

func TestBearer(t *testing.T) {
	for header, want := range map[string]string{"Bearer x": "x", "bearer x": "x", "BEARER  x ": "x", "Basic x": "", "Bearer": "", "": "", "Bearerx": ""} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", header)
		token, given := bearer(r)
		if !given {
			token = ""
		}
		if token != want {
			t.Errorf("%q carries %q, want %q", header, token, want)
		}
	}
}
