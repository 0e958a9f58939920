package warehouse

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/inventory"
)

// Nearest takes from where the destination is close by, as its PIN says: of an Indian PIN the first digit is the postal zone,
// the first two the sub-zone, the first three the sorting district (India Post). In this order:
//
//  1. the same PIN, sorting district or sub-zone, the longest first
//  2. the same state
//  3. the same zone
//  4. a zone that borders on it
//  5. anywhere in the country
//  6. another country
//
// Among equals priority decides. Where the PIN is not known, or outside India, only state and country count; for a zero
// Destination it is as [Priority].
type Nearest struct{}

// Choose implements [Chooser].
func (Nearest) Choose(_ context.Context, req Request) ([]inventory.Location, error) {
	list := slices.Clone(req.From)
	slices.SortFunc(list, func(a, b Warehouse) int {
		return cmp.Or(cmp.Compare(distance(req.To, a.address()), distance(req.To, b.address())), before(a, b))
	})
	return locations(list), nil
}

// The ranks of nearness; small is near.
const (
	samePIN = iota
	sameDistrict
	sameSubZone
	sameState
	sameZone
	nextZone
	sameCountry
	abroad
)

func distance(to, from Destination) int {
	if to == (Destination{}) {
		return sameCountry
	}
	if to.country() != from.country() {
		return abroad
	}
	state := to.State != "" && strings.EqualFold(to.State, from.State)
	a, b := pin(to.PIN), pin(from.PIN)
	if !to.india() || a == "" || b == "" {
		if state {
			return sameState
		}
		return sameCountry
	}
	switch {
	case a == b:
		return samePIN
	case a[:3] == b[:3]:
		return sameDistrict
	case a[:2] == b[:2]:
		return sameSubZone
	case state:
		return sameState
	case a[0] == b[0]:
		return sameZone
	case strings.IndexByte(borders(a[0]), b[0]) >= 0:
		return nextZone
	}
	return sameCountry
}

// borders lists the postal zones that share a land border with a zone. Zone 9 is the army's and lies everywhere.
func borders(zone byte) string {
	switch zone {
	case '1': // Delhi, Haryana, Punjab, Himachal Pradesh, Jammu and Kashmir, Ladakh, Chandigarh
		return "23"
	case '2': // Uttar Pradesh, Uttarakhand
		return "1348"
	case '3': // Rajasthan, Gujarat, Dadra and Nagar Haveli and Daman and Diu
		return "124"
	case '4': // Maharashtra, Goa, Madhya Pradesh, Chhattisgarh
		return "23578"
	case '5': // Andhra Pradesh, Telangana, Karnataka
		return "467"
	case '6': // Tamil Nadu, Kerala, Puducherry, Lakshadweep
		return "5"
	case '7': // West Bengal, Odisha, the north-east, Andaman and Nicobar
		return "458"
	case '8': // Bihar, Jharkhand
		return "247"
	}
	return ""
}

// pin is the six digits, or nothing.
func pin(s string) string {
	if len(s) == 7 && s[3] == ' ' {
		s = s[:3] + s[4:]
	}
	if len(s) != 6 || s[0] == '0' || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}
