package auth_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/auth"
)

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	g, err := auth.NewGuests(auth.GuestConfig{
		Keys: []auth.Secret{
			auth.NewSecret(firstKey), auth.NewSecret("hunter2"), {}, auth.NewSecret(firstKey),
		},
		MaxAge:         time.Second,
		TrustedOrigins: []string{"https://www.example.in", "www.example.in", "https://www.example.in/path"},
	})
	if g != nil || err == nil {
		t.Fatalf("NewGuests = %v, %v, want an error only", g, err)
	}
	for _, want := range []string{
		"Keys[1] is shorter", "Keys[2] is shorter", "Keys[3] is given twice", "MaxAge", "TrustedOrigins[1]", "TrustedOrigins[2]",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), firstKey) {
		t.Error("the error shows a key")
	}
	var invalid *auth.InvalidError
	if !errors.As(err, &invalid) || !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("%T is no *InvalidError", err)
	}
}

func TestConfigOneByOne(t *testing.T) {
	key := auth.NewSecret(firstKey)
	var nine []auth.Secret
	for i := range 9 {
		nine = append(nine, auth.NewSecret(fmt.Sprintf("%032d", i)))
	}
	tests := map[string]struct {
		config auth.GuestConfig
		field  string
	}{
		"zero":         {auth.GuestConfig{}, "Keys"},
		"nine keys":    {auth.GuestConfig{Keys: nine}, "Keys"},
		"eight keys":   {auth.GuestConfig{Keys: nine[:8]}, ""},
		"31 bytes":     {auth.GuestConfig{Keys: []auth.Secret{auth.NewSecret(firstKey[1:])}}, "Keys[0]"},
		"32 bytes":     {auth.GuestConfig{Keys: []auth.Secret{key}}, ""},
		"negative age": {auth.GuestConfig{Keys: []auth.Secret{key}, MaxAge: -time.Hour}, "MaxAge"},
		"401 days":     {auth.GuestConfig{Keys: []auth.Secret{key}, MaxAge: 401 * 24 * time.Hour}, "MaxAge"},
		"400 days":     {auth.GuestConfig{Keys: []auth.Secret{key}, MaxAge: 400 * 24 * time.Hour}, ""},
		"null origin":  {auth.GuestConfig{Keys: []auth.Secret{key}, TrustedOrigins: []string{"null"}}, "TrustedOrigins[0]"},
		"good origin":  {auth.GuestConfig{Keys: []auth.Secret{key}, TrustedOrigins: []string{"https://a.example"}}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := auth.NewGuests(tt.config)
			var invalid *auth.InvalidError
			switch {
			case tt.field == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.field != "" && (!errors.As(err, &invalid) || invalid.Field != tt.field):
				t.Errorf("got %v, want an *InvalidError of %s", err, tt.field)
			}
		})
	}
}

// A configuration that is printed by mistake shows no key.
func TestConfigShowsNoKey(t *testing.T) {
	config := auth.GuestConfig{Keys: []auth.Secret{auth.NewSecret(firstKey)}}
	guests, err := auth.NewGuests(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{config, &config, guests, *guests} {
			if got := fmt.Sprintf(verb, value); strings.Contains(got, firstKey) || strings.Contains(got, fmt.Sprintf("%x", firstKey)) {
				t.Errorf("%s of %T shows the key", verb, value)
			}
		}
	}
}
