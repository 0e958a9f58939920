package quote_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

func TestEvidenceFor(t *testing.T) {
	tests := []struct {
		version string
		want    quote.Evidence
		err     error
	}{
		{"9.8.5", quote.Measured, nil},
		{"10.4", quote.Measured, nil},
		{"11.0.1", quote.Measured, nil},
		{"9.9.5", quote.Measured, nil},
		{"10.0.2", quote.Measured, nil},
		{"10.1.0", quote.Compared, nil},
		{"10.5.3", quote.Compared, nil},
		{"10.9.4", quote.Compared, nil},
		{"11.1.0", quote.Assumed, nil},
		{"12.0", quote.Assumed, nil},
		{"", quote.Assumed, nil},
		{"9.7.1", "", quote.ErrUnsupported},
		{"latest", "", quote.ErrInvalid},
	}
	for _, tt := range tests {
		got, err := quote.EvidenceFor(tt.version)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: %q, %v; want %q, %v", tt.version, got, err, tt.want, tt.err)
		}
	}
}

// A version that nobody measured is computed like the newest, and the trace says so; others have no such note.
func TestTraceNotesAssumedVersions(t *testing.T) {
	for version, want := range map[string]string{
		"":       "does not tell",
		"11.3.2": "WooCommerce 11.3.2 is newer",
		"11.0.1": "",
		"10.2.0": "",
		"9.8.5":  "",
	} {
		in := shop(t)
		in.Settings.Version, in.Explain = version, true
		first := calculate(t, in).Trace[0]
		if noted := first.Subject == "settings.version"; noted != (want != "") || !strings.Contains(first.Rule, want) {
			t.Errorf("%q: %+v, want %q", version, first, want)
		}
	}
}

// What changed from one version to the next, each with the version that brought it.
func TestVersionsDiffer(t *testing.T) {
	tests := []struct {
		name          string
		last, first   string // the last version with the old arithmetic, the first with the new one
		change        func(*quote.Input)
		before, after string // the cart's shipping and total
	}{
		{"shipping keeps its fractions", "9.8.5", "9.9.0", func(in *quote.Input) {
			in.Settings.TaxEnabled = false
			in.Shipping = flat("60.004")
		}, "60 1058.00", "60.004 1058.00"},
		{"untaxed shipping of a class without shipping rates", "10.0.4", "10.1.0", func(in *quote.Input) {
			for i := range in.Rates {
				in.Rates[i].Shipping = in.Rates[i].Class == ""
			}
			in.Lines[0].TaxClass = "gst-18"
			in.Shipping = flat("100")
		}, "100 1110.00", "100 1098.00"},
	}
	for _, tt := range tests {
		for version, want := range map[string]string{tt.last: tt.before, tt.first: tt.after} {
			in := shop(t)
			tt.change(&in)
			in.Settings.Version = version
			c, err := quote.Cart(in)
			if err != nil {
				t.Errorf("%s in %s: %v", tt.name, version, err)
				continue
			}
			if got := c.Totals.ShippingTotal.String() + " " + c.Totals.Total.StringFixed(2); got != want {
				t.Errorf("%s in %s: %s, want %s", tt.name, version, got, want)
			}
		}
	}
}
