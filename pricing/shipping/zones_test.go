package shipping_test

import (
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/pricing/shipping"
)

func zone(id int64, order int, locations ...shipping.ZoneLocation) shipping.Zone {
	return shipping.Zone{ID: id, Order: order, Locations: locations, Methods: []shipping.Method{
		{InstanceID: id, Kind: shipping.FlatRate, Enabled: true, Cost: "1"},
	}}
}

func loc(kind shipping.LocationType, code string) shipping.ZoneLocation {
	return shipping.ZoneLocation{Type: kind, Code: code}
}

func TestZones(t *testing.T) {
	zones := []shipping.Zone{
		zone(0, 0),
		zone(5, 9, loc(shipping.ContinentLocation, "AS")),
		zone(4, 3, loc(shipping.CountryLocation, "IN")),
		zone(3, 2, loc(shipping.StateLocation, "IN:KA"), loc(shipping.StateLocation, "IN:TN")),
		zone(2, 1, loc(shipping.CountryLocation, "IN"), loc(shipping.PostcodeLocation, "400001...400099"), loc(shipping.PostcodeLocation, "5600*"), loc(shipping.PostcodeLocation, "110 001")),
		zone(6, 4, loc(shipping.CountryLocation, "GB"), loc(shipping.PostcodeLocation, "SW1*"), loc(shipping.PostcodeLocation, "EC1A 1BB"), loc(shipping.PostcodeLocation, "PE1...PE9")),
		zone(7, 1, loc(shipping.PostcodeLocation, "00100")),
	}
	cases := []struct {
		country, state, postcode string
		zone                     int64
	}{
		{"IN", "MH", "400001", 2}, {"IN", "MH", "400099", 2}, {"IN", "MH", "400100", 4}, {"IN", "MH", "400 050", 2}, {"IN", "MH", "400-050", 2},
		{"IN", "KA", "560001", 2}, {"IN", "KA", "560100", 3}, {"IN", "TN", "600001", 3}, {"in", "ka", "560100", 3},
		{"IN", "DL", "110001", 2}, {"IN", "DL", "110002", 4}, {"IN", "", "", 4},
		{"LK", "", "00200", 5}, {"LK", "", "00100", 7}, {"CY", "", "", 5}, {"TR", "", "", 0},
		{"GB", "", "sw1a 1aa", 6}, {"GB", "", "EC1A1BB", 6}, {"GB", "", "EC1A 1BC", 0}, {"GB", "", "PE3 6AA", 6}, {"GB", "", "PF3 6AA", 0}, {"GB", "", "PE", 0},
		{"US", "KA", "90210", 0}, {"", "", "", 0}, {"AS", "", "", 0}, {"N A", "", "", 0},
	}
	for _, c := range cases {
		req := request()
		req.Country, req.State, req.Postcode = c.country, c.state, c.postcode
		rates, err := shipping.Rates(zones, req)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("flat_rate:%d", c.zone); rates[0].ID != want {
			t.Errorf("%s %s %s: %s, want %s", c.country, c.state, c.postcode, rates[0].ID, want)
		}
	}
}

func TestZoneFor(t *testing.T) {
	zones := []shipping.Zone{zone(0, 0), zone(4, 1, loc(shipping.CountryLocation, "IN"))}
	for country, want := range map[string]int64{"IN": 4, "US": 0} {
		req := request()
		req.Country = country
		if z, ok := shipping.ZoneFor(zones, req); !ok || z.ID != want {
			t.Errorf("%s: zone %d, %v", country, z.ID, ok)
		}
	}
	if z, ok := shipping.ZoneFor(nil, request()); ok {
		t.Errorf("zone %d of no zones", z.ID)
	}
}

func TestZonesOfEqualOrderGoById(t *testing.T) {
	zones := []shipping.Zone{zone(2, 1, loc(shipping.CountryLocation, "IN")), zone(1, 1, loc(shipping.CountryLocation, "IN"))}
	rates, err := shipping.Rates(zones, request())
	if err != nil || rates[0].InstanceID != 1 {
		t.Errorf("%+v, %v", rates, err)
	}
}

func TestNoZoneServes(t *testing.T) {
	rates, err := shipping.Rates([]shipping.Zone{zone(1, 1, loc(shipping.CountryLocation, "GB"))}, request())
	if rates != nil || err != nil {
		t.Errorf("%+v, %v", rates, err)
	}
}
