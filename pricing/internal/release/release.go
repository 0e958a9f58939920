// Package release reads WooCommerce version numbers, for the packages whose arithmetic changed between them.
package release

import (
	"cmp"
	"strconv"
	"strings"
)

// A Release is a version of WooCommerce as far as its arithmetic can depend on it. WooCommerce changes totals in minor
// releases (10.0 to 10.1), never within one.
type Release struct{ Major, Minor int }

// maxLength is more than a version with a suffix is long: 10.0.0-rc.1.
const maxLength = 32

// Parse reads "10.4.3", "10.4" or "11.0.0-beta.1". An empty text is Newest. It is not ok when there is no number in
// front.
func Parse(text string) (r Release, ok bool) {
	if text == "" {
		return Newest(), true
	}
	if len(text) > maxLength {
		return Release{}, false
	}
	major, rest, more := strings.Cut(text, ".")
	n, err := strconv.ParseUint(major, 10, 16)
	if err != nil {
		return Release{}, false
	}
	r.Major = int(n)
	if !more {
		return r, true
	}
	minor, _, _ := strings.Cut(rest, ".")
	minor, _, _ = strings.Cut(minor, "-")
	n, err = strconv.ParseUint(minor, 10, 16)
	r.Minor = int(n)
	return r, err == nil
}

// Newest is the newest release that was measured; what is newer counts as it.
func Newest() Release { return Release{11, 0} }

// From tells whether r is this release or a later one.
func (r Release) From(major, minor int) bool {
	return cmp.Or(cmp.Compare(r.Major, major), cmp.Compare(r.Minor, minor)) >= 0
}
