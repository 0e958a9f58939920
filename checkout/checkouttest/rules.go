package checkouttest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// RulebookHarness is a rulebook and a way to change what it says.
type RulebookHarness struct {
	Rules checkout.Rulebook
	// Change alters a tax rate, a setting or a zone in the store, so that the next snapshot differs.
	Change func()
}

// RunRulebook checks a [checkout.Rulebook].
func RunRulebook(t *testing.T, fresh func(t *testing.T) RulebookHarness) {
	read := func(t *testing.T, h RulebookHarness) checkout.Rules {
		t.Helper()
		rules, err := h.Rules.Rules(t.Context())
		if err != nil {
			t.Fatalf("Rules: %v", err)
		}
		return rules
	}
	t.Run("a snapshot can be calculated with", func(t *testing.T) {
		rules := read(t, fresh(t))
		if _, err := pricing.ParseCurrency(string(rules.Settings.Currency)); err != nil || rules.Version == "" {
			t.Errorf("currency %q, version %q", rules.Settings.Currency, rules.Version)
		}
	})
	t.Run("the same rules have the same version", func(t *testing.T) {
		h := fresh(t)
		if a, b := read(t, h), read(t, h); a.Version != b.Version {
			t.Errorf("versions %q and %q", a.Version, b.Version)
		}
	})
	t.Run("changed rules have another version", func(t *testing.T) {
		h := fresh(t)
		before := read(t, h)
		h.Change()
		if after := read(t, h); after.Version == before.Version {
			t.Errorf("still version %q", after.Version)
		}
	})
	t.Run("a done context is an error", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := fresh(t).Rules.Rules(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Rules: %v", err)
		}
	})
}

// PincodeHarness is a directory and two PINs it knows of.
type PincodeHarness struct {
	Directory checkout.PincodeDirectory
	Known     checkout.Pincode // as the directory should answer
	Unknown   string           // well-formed, not in the directory
}

// RunPincodeDirectory checks a [checkout.PincodeDirectory].
func RunPincodeDirectory(t *testing.T, fresh func(t *testing.T) PincodeHarness) {
	t.Run("a known PIN is answered", func(t *testing.T) {
		h := fresh(t)
		for _, pin := range []string{h.Known.PIN, h.Known.PIN[:3] + " " + h.Known.PIN[3:]} {
			got, err := h.Directory.Pincode(t.Context(), pin)
			if diff := cmp.Diff(h.Known, got); err != nil || diff != "" {
				t.Errorf("%q: %v (-want +got):\n%s", pin, err, diff)
			}
		}
	})
	t.Run("an unknown PIN is ErrUnknownPincode", func(t *testing.T) {
		h := fresh(t)
		_, err := h.Directory.Pincode(t.Context(), h.Unknown)
		if !errors.Is(err, checkout.ErrUnknownPincode) || errors.Is(err, checkout.ErrInvalid) {
			t.Errorf("%v", err)
		}
	})
	t.Run("a malformed PIN is refused", func(t *testing.T) {
		h := fresh(t)
		for _, pin := range []string{"", "00000", "012345", "5600011", "ABCDEF", "56 0001", "५६०००१", "560001\x00", " 560001"} {
			if _, err := h.Directory.Pincode(t.Context(), pin); !errors.Is(err, checkout.ErrInvalid) {
				t.Errorf("%q: %v", pin, err)
			}
		}
	})
}
