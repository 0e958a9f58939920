package woo_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
)

func TestNewReportsEveryMistakeAtOnce(t *testing.T) {
	_, err := woo.New(woo.Config{
		URL: "ftp://shop.example", GraphQLURL: "https://user:canary-password@shop.example/graphql",
		Key: "ck with space", Timeout: -1, MaxBody: -1, Retries: 11, Currency: "inr",
	})
	var fields []string
	for _, e := range unjoin(err) {
		var mistake *woo.ConfigError
		if !errors.As(e, &mistake) || !errors.Is(e, woo.ErrConfig) {
			t.Fatalf("%v is no ConfigError", e)
		}
		fields = append(fields, mistake.Field)
	}
	want := "URL GraphQLURL Secret Key Timeout MaxBody Retries Currency"
	if got := strings.Join(fields, " "); got != want {
		t.Errorf("mistakes in %s, want %s", got, want)
	}
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("the error shows a password: %v", err)
	}
}

func unjoin(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

func TestNewRefusesURL(t *testing.T) {
	tests := map[string]string{
		"missing":      "",
		"no scheme":    "shop.example",
		"no host":      "https://",
		"only a port":  "https://:443",
		"query":        "https://shop.example/?x=1",
		"empty query":  "https://shop.example/?",
		"fragment":     "https://shop.example/#top",
		"credentials":  "https://ck:cs@shop.example",
		"not a URL":    "https://shop.example:notaport",
		"control":      "https://shop.example/\x00",
		"other scheme": "file:///etc/passwd",
	}
	for name, url := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := woo.New(woo.Config{URL: url}); !errors.Is(err, woo.ErrConfig) {
				t.Errorf("New gave %v, want ErrConfig", err)
			}
		})
	}
}

func TestNewRefusesCredentials(t *testing.T) {
	tests := map[string]struct{ key, secret, field string }{
		"key alone":            {"ck_1", "", "Secret"},
		"secret alone":         {"", "cs_1", "Key"},
		"line break in key":    {"ck_1\r\nX-Evil: 1", "cs_1", "Key"},
		"colon in key":         {"ck:1", "cs_1", "Key"},
		"line break in secret": {"ck_1", "cs_canary\n", "Secret"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := woo.New(woo.Config{URL: "https://shop.example", Key: test.key, Secret: woo.NewSecret(test.secret)})
			var mistake *woo.ConfigError
			if !errors.As(err, &mistake) || mistake.Field != test.field {
				t.Fatalf("New gave %v, want a mistake in %s", err, test.field)
			}
			if test.secret != "" && strings.Contains(err.Error(), test.secret) {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}

func TestNewTakesCatalogueOnlyConfig(t *testing.T) {
	for _, url := range []string{"https://shop.example", "https://shop.example/", "http://127.0.0.1:8088/shop/"} {
		if _, err := woo.New(woo.Config{URL: url}); err != nil {
			t.Errorf("New(%s): %v", url, err)
		}
	}
}
