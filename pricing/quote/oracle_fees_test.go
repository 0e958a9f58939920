package quote_test

import (
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

// An order with a coupon and a negative fee is taxed in another way from WooCommerce 10.9 on: the same requests, with the
// answers of 10.4.3 and of 11.0.1. The arithmetic of one version must give its answer, and must not give the other's.
func TestNegativeFeesByRelease(t *testing.T) {
	other := map[string]string{"10.4.3": "10.9.0", "11.0.1": "10.8.1"}
	versions := map[string]int{}
	for _, r := range sample[restOrder](t, "negative-fees") {
		versions[r.Version]++
		for _, diff := range orderDifferences(t, &r, r.Version) {
			t.Errorf("%s in %s: %s", r.ID, r.Version, diff)
		}
		if len(orderDifferences(t, &r, other[r.Version])) == 0 {
			t.Errorf("%s: %s computes what %s answered", r.ID, other[r.Version], r.Version)
		}
	}
	if versions["10.4.3"] == 0 || versions["10.4.3"] != versions["11.0.1"] {
		t.Errorf("records of %v", versions)
	}
}

// orderDifferences tells how a version's arithmetic misses what the record's store answered.
func orderDifferences(t *testing.T, r *restOrder, version string) []string {
	t.Helper()
	in := r.input(t)
	in.Settings.Version = version
	got, err := quote.Order(in)
	if err != nil || len(got.Refused) > 0 {
		t.Fatalf("%s in %s: %v, refused %v", r.ID, version, err, got.Refused)
	}
	return r.compare(got)
}
