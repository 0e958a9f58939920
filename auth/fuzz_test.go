package auth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/auth"
)

// A cookie that was sealed with firstKey when the clock of these tests began, and whose it is. That it still opens is a
// promise too: a release that cannot read the cookies of the last one empties every guest's cart.
const (
	sealedGuest   = "I44GNJZya24VDYtlECabUAfNSX7g2lWDt6H9Y3R7ZVS3zqwXtyECjJF3-jJNkPszS9l11MoyIXqG"
	sealedSubject = "816dae58edcfe2ae618e821f4d935b4037a44174"
)

func TestOldCookiesStayGood(t *testing.T) {
	g := newGuests(t, newClock(), secondKey, firstKey)
	id, err := g.Identify(with(named(auth.GuestCookie, sealedGuest)))
	if err != nil || id.Subject != sealedSubject {
		t.Errorf("Identify = %v, %v, want %s", id, err, sealedSubject)
	}
}

// FuzzIdentify opens arbitrary Cookie headers: nothing but a cookie that was given out may be accepted.
func FuzzIdentify(f *testing.F) {
	clock := newClock()
	config := auth.GuestConfig{Keys: []auth.Secret{auth.NewSecret(firstKey), auth.NewSecret(secondKey)}, Now: clock.now}
	g, err := auth.NewGuests(config)
	if err != nil {
		f.Fatal(err)
	}
	good, id := sealedGuest, auth.Identity{Kind: auth.Guest, Subject: sealedSubject}
	for _, seed := range []string{
		"", "=", ";;;", auth.GuestCookie, auth.GuestCookie + "=", auth.GuestCookie + "=" + good,
		auth.GuestCookie + "=" + good + "; " + auth.GuestCookie + "=" + good, auth.GuestCookie + `="` + good + `"`,
		"a=b; " + auth.GuestCookie + "=" + good[1:], auth.GuestCookiePlain + "=" + good,
		auth.GuestCookie + "=" + strings.Repeat("A", len(good)), auth.GuestCookie + "=" + strings.Repeat("=", 8192),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got, err := g.Identify(&http.Request{Header: http.Header{"Cookie": {header}}})
		switch {
		case err == nil && (got != id || !strings.Contains(header, good)):
			t.Errorf("accepted %q as %v", header, got)
		case err != nil && !errors.Is(err, auth.ErrCookie) && !errors.Is(err, auth.ErrNoIdentity):
			t.Errorf("an error of another kind: %v", err)
		case err != nil && !got.IsZero():
			t.Errorf("an identity beside the error: %v", got)
		}
	})
}
