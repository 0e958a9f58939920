package shipping

import (
	"cmp"
	"slices"
	"strings"
)

// ZoneFor is the zone that serves the request's destination (WC_Shipping_Zones::get_zone_matching_package). It reports
// false when none does, which in a store cannot be: zone 0 serves the rest of the world.
func ZoneFor(zones []Zone, req Request) (Zone, bool) {
	if i := findZone(zones, &req); i >= 0 {
		return zones[i], true
	}
	return Zone{}, false
}

// findZone is the index of the zone that serves the request: the first in the store's order that matches, else the
// rest of the world; -1 when there is not even that.
func findZone(zones []Zone, req *Request) int {
	order := make([]int, 0, len(zones))
	rest := -1
	for i := range zones {
		if zones[i].ID == 0 {
			rest = i
			continue
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(zones[a].Order, zones[b].Order), cmp.Compare(zones[a].ID, zones[b].ID))
	})
	for _, i := range order {
		if zones[i].serves(req) {
			return i
		}
	}
	return rest
}

// serves: one of the zone's countries, states or continents is the destination's, or it has none; and so for its postcodes.
func (z *Zone) serves(req *Request) bool {
	regions, region, postcodes, postcode := false, false, false, false
	for _, l := range z.Locations {
		if l.Type == PostcodeLocation {
			postcodes = true
			postcode = postcode || l.coversPostcode(req.Postcode)
			continue
		}
		regions = true
		region = region || l.coversRegion(req)
	}
	return (!regions || region) && (!postcodes || postcode)
}

func (l ZoneLocation) coversRegion(req *Request) bool {
	country, state := strings.ToUpper(req.Country), strings.ToUpper(req.State)
	switch l.Type {
	case CountryLocation:
		return country != "" && l.Code == country
	case StateLocation:
		return l.Code == country+":"+state
	case ContinentLocation:
		return country != "" && l.Code == continentOf(country)
	}
	return false
}
