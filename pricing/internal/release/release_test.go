package release_test

import (
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing/internal/release"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want release.Release
		ok   bool
	}{
		{"10.4.3", release.Release{Major: 10, Minor: 4}, true},
		{"9.8", release.Release{Major: 9, Minor: 8}, true},
		{"11", release.Release{Major: 11}, true},
		{"10.0.0-rc.1", release.Release{Major: 10}, true},
		{"10.5-beta.1", release.Release{Major: 10, Minor: 5}, true},
		{"10.10.1", release.Release{Major: 10, Minor: 10}, true},
		{"", release.Newest(), true},
		{"latest", release.Release{}, false},
		{"10.", release.Release{Major: 10}, false},
		{"10.x", release.Release{Major: 10}, false},
		{"-1.2", release.Release{}, false},
		{"+10.4", release.Release{}, false},
		{"99999999999", release.Release{}, false},
		{strings.Repeat("1", 33), release.Release{}, false},
		{"1" + strings.Repeat(".1", 16), release.Release{}, false},
	}
	for _, tt := range tests {
		got, ok := release.Parse(tt.text)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%q: %+v, %t; want %+v, %t", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFrom(t *testing.T) {
	r := release.Release{Major: 10, Minor: 4}
	for _, tt := range []struct {
		major, minor int
		want         bool
	}{{10, 4, true}, {10, 3, true}, {9, 9, true}, {10, 5, false}, {10, 10, false}, {11, 0, false}} {
		if got := r.From(tt.major, tt.minor); got != tt.want {
			t.Errorf("10.4 from %d.%d is %t", tt.major, tt.minor, got)
		}
	}
}
