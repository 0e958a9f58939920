package phpjwt_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/wootest/internal/phpjwt"
)

func key() []byte { return []byte(strings.Repeat("k", 32)) }

// TestReadAsPHP holds Read against what php-jwt made of the same tokens.
func TestReadAsPHP(t *testing.T) {
	raw, err := os.ReadFile("testdata/decode.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Token, Error string
		Claims             map[string]any
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got := map[string]any{}
			err := phpjwt.Read(c.Token, key(), &got)
			switch {
			case c.Error == "" && err != nil, c.Error != "" && (err == nil || err.Error() != c.Error):
				t.Errorf("got %v, php-jwt says %q", err, c.Error)
			case c.Error == "":
				if diff := cmp.Diff(c.Claims, got); diff != "" {
					t.Errorf("claims (-php-jwt +here)\n%s", diff)
				}
			}
		})
	}
}

// TestSign: both makers' tokens are read, and differ in their headers only.
func TestSign(t *testing.T) {
	claims := map[string]any{"iss": "http://shop", "exp": 7.0}
	for header, token := range map[string]string{
		`{"typ":"JWT","alg":"HS256"}`: phpjwt.Sign(claims, key()), `{"alg":"HS256","typ":"JWT"}`: phpjwt.SignStoreToken(claims, key()),
	} {
		var got map[string]any
		if err := phpjwt.Read(token, key(), &got); err != nil || !cmp.Equal(claims, got) {
			t.Errorf("%s: %v, %v", token, got, err)
		}
		first, _, _ := strings.Cut(token, ".")
		if raw, err := base64.RawURLEncoding.DecodeString(first); err != nil || string(raw) != header {
			t.Errorf("header %s, %v", raw, err)
		}
		if err := phpjwt.Read(token, []byte("another key"), &got); err == nil || err.Error() != "Signature verification failed" {
			t.Errorf("under another key: %v", err)
		}
	}
}

func TestTooEarly(t *testing.T) {
	const want = "Cannot handle token with nbf prior to 2026-11-20T05:00:00+0000"
	if got := phpjwt.TooEarly(1795150800).Error(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzRead: no text that was not signed here is taken for a token.
func FuzzRead(f *testing.F) {
	good := phpjwt.Sign(map[string]any{"a": 1}, key())
	for _, seed := range []string{good, "", "..", good + "=", good[:len(good)-1], strings.ToUpper(good), "bnVsbA.bnVsbA."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		var claims map[string]any
		if phpjwt.Read(token, key(), &claims) != nil {
			return
		}
		if len(claims) != 1 || claims["a"] != 1.0 {
			t.Errorf("%q says %v", token, claims)
		}
	})
}
