package doctor_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/doctor"
)

// TestHealthy: a store that is as it should be has no finding at all. Every other
// test breaks one thing of this store.
func TestHealthy(t *testing.T) {
	r, err := ward{}.examine(t)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, r)
	if diff := cmp.Diff([]doctor.Finding{}, r.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if !slices.Equal(r.Passed, doctor.Codes()) || r.Worst() != "" {
		t.Errorf("passed %v, worst %q", r.Passed, r.Worst())
	}
	wantVersions := doctor.Versions{
		WordPress: "6.9.7", WooCommerce: "10.4.3", WPGraphQL: "2.20.0", WooGraphQL: "1.0.2", JWT: "0.7.0", Companion: "1.0.0", PHP: "8.2.35",
		Arithmetic: "measured",
	}
	if diff := cmp.Diff(wantVersions, r.Versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	wantSettings := doctor.Settings{
		Currency: "INR", Decimals: "2", BaseCountry: "IN:MH", SellsTo: "specific", Countries: []string{"IN"}, Taxes: "yes",
		PricesIncludeTax: "yes", TaxBasedOn: "shipping", RoundAtSubtotal: "no", ShopShowsTax: "incl", CartShowsTax: "incl", ManageStock: "yes",
		HoldStockMinutes: "60", GuestCheckout: "yes", Coupons: "yes", HPOS: "yes", MaxExecution: "30",
	}
	if diff := cmp.Diff(wantSettings, r.Settings); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}
