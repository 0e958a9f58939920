package auth_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/auth"
)

func TestNewCustomer(t *testing.T) {
	tests := map[string]struct {
		subject string
		good    bool
	}{
		"number":       {"42", true},
		"other system": {"auth0|64f0:a-b_c.d", true},
		"longest":      {strings.Repeat("x", 128), true},
		"empty":        {"", false},
		"too long":     {strings.Repeat("x", 129), false},
		"blank":        {"4 2", false},
		"line break":   {"42\r\nSet-Cookie: a=b", false},
		"NUL":          {"42\x00", false},
		"Hindi":        {"राम", false},
		"no UTF-8":     {"\xff", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			id, err := auth.NewCustomer(tt.subject)
			if (err == nil) != tt.good || err != nil && !errors.Is(err, auth.ErrInvalid) {
				t.Fatalf("NewCustomer: %v", err)
			}
			if err != nil {
				return
			}
			if len(id.Owner()) > 200 { // the longest owner of a cart
				t.Errorf("an owner of %d bytes", len(id.Owner()))
			}
			if back, err := auth.ParseOwner(id.Owner()); err != nil || back != id {
				t.Errorf("ParseOwner = %v, %v, want %v", back, err, id)
			}
		})
	}
}

func TestOwners(t *testing.T) {
	guest := auth.Identity{Kind: auth.Guest, Subject: "42"}
	customer := auth.Identity{Kind: auth.Customer, Subject: "42"}
	if guest.Owner() != "guest:42" || customer.Owner() != "customer:42" {
		t.Errorf("owners %q and %q", guest.Owner(), customer.Owner())
	}
	for _, nobody := range []auth.Identity{{}, {Kind: auth.Guest}, {Subject: "42"}} {
		if nobody.Owner() != "" || !nobody.IsZero() {
			t.Errorf("%+v owns %q", nobody, nobody.Owner())
		}
	}
}

func TestParseOwnerRefuses(t *testing.T) {
	for _, owner := range []string{"", ":", "guest", "guest:", "admin:1", "Guest:1", "customer: 1", "customer:" + strings.Repeat("1", 129)} {
		if id, err := auth.ParseOwner(owner); !errors.Is(err, auth.ErrInvalid) || !id.IsZero() {
			t.Errorf("ParseOwner(%q) = %v, %v, want an *InvalidError", owner, id, err)
		}
	}
}
