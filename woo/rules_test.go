package woo_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo"
)

// ruleRoutes is a store with the recorded rules.
func ruleRoutes() map[string]http.Handler {
	const root = "GET /wp-json/wc/v3/"
	return map[string]http.Handler{
		root + "settings/general":           recording("rules/settings-general.http"),
		root + "settings/tax":               recording("rules/settings-tax.http"),
		root + "settings/shipping":          answering(200, `[{"id":"woocommerce_shipping_hide_rates_when_free","value":"yes"}]`),
		root + "system_status":              recording("rules/system-status.http"),
		root + "taxes":                      recording("rules/taxes.http"),
		root + "taxes/classes":              recording("rules/tax-classes.http"),
		root + "coupons":                    recording("rules/coupons.http"),
		root + "data/countries/in":          recording("rules/country-in.http"),
		root + "shipping/zones":             recording("rules/zones.http"),
		root + "shipping/zones/0/locations": answering(200, `[]`),
		root + "shipping/zones/0/methods":   answering(200, `[]`),
		root + "shipping/zones/1/locations": recording("rules/zone-1-locations.http"),
		root + "shipping/zones/1/methods":   recording("rules/zone-1-methods.http"),
		root + "products/shipping_classes":  answering(200, `[{"id":61,"slug":"bulky"},{"id":62,"slug":"fragile"}]`),
	}
}

// ruleSite is ruleRoutes with some of them replaced.
func ruleSite(t *testing.T, replaced map[string]http.Handler) *site {
	routes := ruleRoutes()
	for path, handler := range replaced {
		routes["GET /wp-json/wc/v3/"+path] = handler
	}
	return newSite(t, routes)
}

func TestRules(t *testing.T) {
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	got, err := ruleSite(t, nil).client(t, func(c *woo.Config) { c.Now = func() time.Time { return now } }).Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := quote.Settings{
		Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "MH",
		TaxBasedOn: quote.BasedOnShipping, CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		Version: "10.4.3", TaxClasses: []string{"gst-12", "gst-18", "gst-5", "reduced-rate", "zero-rate"},
	}
	if diff := cmp.Diff(want, got.Settings); diff != "" {
		t.Errorf("settings (-want +got)\n%s", diff)
	}
	if len(got.TaxRates) != 12 || got.TaxRates[0].ID != 1 {
		t.Errorf("%d tax rates", len(got.TaxRates))
	}
	first := quote.TaxRate{ID: 1, Country: "IN", State: "MH", Name: "CGST", Rate: dec("9"), Priority: 1, Shipping: true}
	if diff := cmp.Diff(first, got.TaxRates[0]); diff != "" {
		t.Errorf("tax rate (-want +got)\n%s", diff)
	}
	zones := []shipping.Zone{
		{ID: 0, Name: "Locations not covered by your other zones"},
		{ID: 1, Name: "India", Order: 1, Locations: []shipping.ZoneLocation{{Type: shipping.CountryLocation, Code: "IN"}}, Methods: []shipping.Method{
			{InstanceID: 1, Kind: shipping.FlatRate, Enabled: true, Order: 1, Title: "Flat rate", Taxable: true, Cost: "49"},
			{InstanceID: 2, Kind: shipping.FreeShipping, Enabled: true, Order: 2, Title: "Free shipping", Requires: shipping.RequireMinAmount, MinAmount: dec("999")},
			{InstanceID: 3, Kind: shipping.LocalPickup, Enabled: true, Order: 3, Title: "Local pickup", Taxable: true, Cost: "0"},
		}},
	}
	if diff := cmp.Diff(zones, got.Zones); diff != "" {
		t.Errorf("zones (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"IN"}, got.Countries); diff != "" {
		t.Errorf("countries (-want +got)\n%s", diff)
	}
	if states := got.States["IN"]; len(got.States) != 1 || len(states) < 36 || states[0] != (checkout.State{Code: "AN", Name: "Andaman and Nicobar Islands"}) {
		t.Errorf("states of IN: %v", states)
	}
	if !got.HideRatesWhenFree || !got.At.Equal(now) || len(got.Version) != 64 {
		t.Errorf("hide %v, at %v, version %q", got.HideRatesWhenFree, got.At, got.Version)
	}
}

func TestRuleCoupons(t *testing.T) {
	got, err := ruleSite(t, nil).client(t).Rules(t.Context())
	if err != nil || len(got.Coupons) != 6 {
		t.Fatalf("%d coupons, %v", len(got.Coupons), err)
	}
	expiry := time.Date(2023, 12, 31, 18, 30, 0, 0, time.UTC)
	want := quote.Coupon{ID: 152, Code: "expired", Type: quote.PercentCoupon, Amount: dec("20"), Status: "publish", Expires: &expiry}
	if diff := cmp.Diff(want, got.Coupons["expired"]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if once := got.Coupons["once"]; !once.IndividualUse || once.UsageLimit != 1 || once.UsageLimitPerUser != 0 {
		t.Errorf("once is %+v", once)
	}
	off, err := ruleSite(t, map[string]http.Handler{
		"settings/general": edited("rules/settings-general.http", `"woocommerce_enable_coupons","value":"yes"`, `"woocommerce_enable_coupons","value":"no"`),
		"coupons":          answering(500, ""),
	}).client(t).Rules(t.Context())
	if err != nil || len(off.Coupons) != 0 {
		t.Errorf("coupons switched off: %d, %v", len(off.Coupons), err)
	}
}

func TestFlatRateClassCosts(t *testing.T) {
	methods := `[{"instance_id":"4","method_id":"flat_rate","title":"Courier &amp; more","order":"2","enabled":false,"settings":{` +
		`"tax_status":{"value":"none"},"cost":{"value":""},"class_cost_61":{"value":"100 * [qty]"},"class_cost_62":{"value":""},` +
		`"class_cost_old-slug":{"value":"7"},"no_class_cost":{"value":"25"},"type":{"value":"order"}}},` +
		`{"instance_id":5,"method_id":"shipmondo","title":"Drone","order":3,"enabled":true,"settings":[]}]`
	got, err := ruleSite(t, map[string]http.Handler{"shipping/zones/1/methods": answering(200, methods)}).client(t).Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []shipping.Method{
		{InstanceID: 4, Kind: shipping.FlatRate, Order: 2, Title: "Courier & more", NoClassCost: "25", ClassType: shipping.PerOrder, ClassCosts: map[string]string{"bulky": "100 * [qty]", "old-slug": "7"}},
		{InstanceID: 5, Kind: "shipmondo", Enabled: true, Order: 3, Title: "Drone"},
	}
	if diff := cmp.Diff(want, got.Zones[1].Methods); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCountries(t *testing.T) {
	const all = `[{"code":"AE","states":[]},{"code":"IN","states":[{"code":"KA","name":"Karnataka"}]},{"code":"US","states":[{"code":"CA","name":"California"}]}]`
	settings := func(allowed, except string) http.Handler {
		return edited("rules/settings-general.http", `"woocommerce_allowed_countries","value":"specific"`, `"woocommerce_allowed_countries","value":"`+allowed+`"`,
			`"woocommerce_all_except_countries","value":""`, `"woocommerce_all_except_countries","value":`+except)
	}
	tests := map[string]struct {
		settings http.Handler
		want     []string
	}{
		"all":        {settings("all", `""`), nil},
		"all except": {settings("all_except", `["US"]`), []string{"AE", "IN"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			site := ruleSite(t, map[string]http.Handler{"settings/general": test.settings, "data/countries": answering(200, all)})
			got, err := site.client(t).Rules(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.Countries); diff != "" {
				t.Errorf("countries (-want +got)\n%s", diff)
			}
			states := map[string][]checkout.State{"IN": {{Code: "KA", Name: "Karnataka"}}, "US": {{Code: "CA", Name: "California"}}}
			if diff := cmp.Diff(states, got.States); diff != "" {
				t.Errorf("states (-want +got)\n%s", diff)
			}
		})
	}
}

// TestRulesThatCannotBeUsed: no rules are better than wrong ones.
func TestRulesThatCannotBeUsed(t *testing.T) {
	tests := map[string]struct {
		replaced map[string]http.Handler
		field    string
	}{
		"other currency":    {map[string]http.Handler{"settings/general": edited("rules/settings-general.http", `"INR"`, `"USD"`)}, "woocommerce_currency"},
		"no currency":       {map[string]http.Handler{"settings/general": answering(200, `[]`)}, "woocommerce_currency"},
		"decimals":          {map[string]http.Handler{"settings/general": edited("rules/settings-general.http", `"woocommerce_price_num_decimals","value":"2"`, `"woocommerce_price_num_decimals","value":"two"`)}, "woocommerce_price_num_decimals"},
		"rate by postcode":  {map[string]http.Handler{"taxes": edited("rules/taxes.http", `"postcodes":[]`, `"postcodes":["560001"]`)}, "taxes[1]"},
		"rate by city":      {map[string]http.Handler{"taxes": edited("rules/taxes.http", `"city":""`, `"city":"MUMBAI"`)}, "taxes[1]"},
		"rate missing":      {map[string]http.Handler{"taxes": edited("rules/taxes.http", `"rate":"9.0000"`, `"rate":""`)}, "taxes[1]"},
		"minimum no amount": {map[string]http.Handler{"shipping/zones/1/methods": edited("rules/zone-1-methods.http", `"value":"999"`, `"value":"9,99"`)}, "shipping method 2: min_amount"},
		"coupon expiry":     {map[string]http.Handler{"coupons": edited("rules/coupons.http", `"2023-12-31T18:30:00"`, `"soon"`)}, "coupons[152]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ruleSite(t, test.replaced).client(t).Rules(t.Context())
			if e := checkKind(t, err, woo.Unavailable); e.Field != test.field || got.Version != "" {
				t.Errorf("field %q, want %q; rules %q", e.Field, test.field, got.Version)
			}
			if strings.HasPrefix(name, "rate by") && !errors.Is(err, quote.ErrUnsupported) {
				t.Errorf("%v is not ErrUnsupported", err)
			}
		})
	}
}

// TestHalfReadRulesAreNone: each part failing alone means no rules.
func TestHalfReadRulesAreNone(t *testing.T) {
	optional := map[string]bool{"settings/shipping": true, "system_status": true}
	for route := range ruleRoutes() {
		path := strings.TrimPrefix(route, "GET /wp-json/wc/v3/")
		for name, answer := range map[string]http.Handler{
			"unavailable": answering(503, ""), "HTML": answering(200, "<html>"), "breaks off": answering(200, `[{"id":`), "wrong shape": answering(200, `7`),
			"not found": answering(404, `{"code":"rest_setting_setting_group_invalid","message":"Invalid setting group.","data":{"status":404}}`),
		} {
			got, err := ruleSite(t, map[string]http.Handler{path: answer}).client(t, func(c *woo.Config) { c.Retries = -1 }).Rules(t.Context())
			if optional[path] && name == "not found" {
				if err != nil {
					t.Errorf("%s missing: %v", path, err)
				}
				continue
			}
			if err == nil || got.Version != "" {
				t.Errorf("%s %s: rules %q", path, name, got.Version)
			}
			if name != "not found" && !errors.Is(err, checkout.ErrUnavailable) {
				t.Errorf("%s %s: %v does not wrap checkout.ErrUnavailable", path, name, err)
			}
		}
	}
}

// TestChangeWhileReading: two readings must agree, so settings of one moment
// never meet the tax rates of another.
func TestChangeWhileReading(t *testing.T) {
	inclusive := recording("rules/settings-tax.http")
	exclusive := edited("rules/settings-tax.http", `"woocommerce_prices_include_tax","value":"yes"`, `"woocommerce_prices_include_tax","value":"no"`)
	oldRate := recording("rules/taxes.http")
	newRate := edited("rules/taxes.http", `"rate":"9.0000"`, `"rate":"14.0000"`)
	site := ruleSite(t, map[string]http.Handler{"settings/tax": inTurn(inclusive, exclusive), "taxes": newRate})
	got, err := site.client(t).Rules(t.Context())
	if err != nil || got.Settings.PricesIncludeTax || !got.TaxRates[0].Rate.Equal(dec("14")) {
		t.Errorf("include tax %v, rate %v, %v: a mixture", got.Settings.PricesIncludeTax, got.TaxRates[0].Rate, err)
	}
	restless := ruleSite(t, map[string]http.Handler{"taxes": inTurn(oldRate, newRate, oldRate, newRate, oldRate, newRate, oldRate, newRate)})
	_, err = restless.client(t).Rules(t.Context())
	checkKind(t, err, woo.Unavailable)
}

// TestCouponUseIsNoChange of the rules' sense, but of their version.
func TestCouponUseIsNoChange(t *testing.T) {
	used := edited("rules/coupons.http", `"usage_count":0`, `"usage_count":3`)
	site := ruleSite(t, map[string]http.Handler{"coupons": inTurn(recording("rules/coupons.http"), used)})
	now := time.Now()
	client := site.client(t, func(c *woo.Config) { c.Now = func() time.Time { return now } })
	first, err := client.Rules(t.Context())
	if err != nil || first.Coupons["once"].UsageCount != 3 {
		t.Fatalf("count %d, %v", first.Coupons["once"].UsageCount, err)
	}
	fresh, err := ruleSite(t, nil).client(t).Rules(t.Context())
	if err != nil || fresh.Version == first.Version {
		t.Errorf("version %q with and without uses, %v", fresh.Version, err)
	}
}

func TestRulesAreKeptForAMinute(t *testing.T) {
	var down atomic.Bool
	routes := ruleRoutes()
	guarded := maps.Clone(routes)
	for path, handler := range routes {
		guarded[path] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if down.Load() {
				w.WriteHeader(503)
				return
			}
			handler.ServeHTTP(w, r)
		})
	}
	site := newSite(t, guarded)
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	client := site.client(t, func(c *woo.Config) { c.Now, c.Retries = func() time.Time { return now }, -1 })
	first, err := client.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A reading that fails never gets as far as a zone's methods.
	readings := func() (n int) {
		for _, r := range site.seen() {
			if strings.HasSuffix(r.path, "zones/1/methods") {
				n++
			}
		}
		return n
	}
	step := func(d time.Duration, wantReadings int, wantErr error) checkout.Rules {
		t.Helper()
		now = now.Add(d)
		before := readings()
		rules, err := client.Rules(t.Context())
		if !errors.Is(err, wantErr) || err == nil && rules.Version != first.Version {
			t.Errorf("after %v: version %q, %v", d, rules.Version, err)
		}
		if n := readings() - before; n != wantReadings {
			t.Errorf("after %v: %d readings, want %d", d, n, wantReadings)
		}
		return rules
	}
	step(59*time.Second, 0, nil)
	if again := step(2*time.Second, 1, nil); !again.At.Equal(now) { // unchanged: read once
		t.Errorf("rules are of %v, want %v", again.At, now)
	}
	down.Store(true)
	if stale := step(30*time.Minute, 0, nil); stale.At.Equal(now) {
		t.Error("stale rules look fresh")
	}
	asked := len(site.seen())
	step(14*time.Second, 0, nil)
	if n := len(site.seen()) - asked; n != 0 {
		t.Errorf("the store was asked %d times while it rests", n)
	}
	step(2*time.Second, 0, nil)
	if len(site.seen()) == asked {
		t.Error("the store was not asked after its rest")
	}
	step(31*time.Minute, 0, checkout.ErrUnavailable)
	down.Store(false)
	step(time.Second, 1, nil)
}

// TestManyCallersFailOnce: whoever waited for a reading that failed shares the
// failure instead of asking a store that hangs once more each.
func TestManyCallersFailOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		client := timed(t, func(r *http.Request) (*http.Response, error) {
			requests.Add(1)
			return hanging(r)
		})
		start := time.Now()
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				_, err := client.Rules(t.Context())
				checkTyped(t, err)
			})
		}
		wg.Wait()
		one := time.Duration(1+woo.DefaultRetries) * woo.DefaultTimeout
		if took := time.Since(start); took > one+5*time.Second {
			t.Errorf("50 callers took %v, one reading takes %v", took, one)
		}
		if n := requests.Load(); n > 3*(1+woo.DefaultRetries) {
			t.Errorf("%d requests", n)
		}
	})
}

// TestManyCallersReadOnce: one reads, the others get its snapshot, and a
// context can give up waiting.
func TestManyCallersReadOnce(t *testing.T) {
	release := make(chan struct{})
	routes := ruleRoutes()
	general := routes["GET /wp-json/wc/v3/settings/general"]
	routes["GET /wp-json/wc/v3/settings/general"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-release
		general.ServeHTTP(w, r)
	})
	site := newSite(t, routes)
	client := site.client(t)
	var wg sync.WaitGroup
	versions := make([]string, 50)
	for i := range versions {
		wg.Go(func() {
			rules, err := client.Rules(t.Context())
			if err != nil {
				t.Error(err)
			}
			versions[i] = rules.Version
		})
	}
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Rules(impatient); !errors.Is(err, checkout.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled caller got %v", err)
	}
	close(release)
	wg.Wait()
	for _, v := range versions {
		if v == "" || v != versions[0] {
			t.Fatalf("versions %q", versions)
		}
	}
	if n := len(site.seen()); n != 2*len(routes) {
		t.Errorf("%d requests for 50 callers, want %d", n, 2*len(routes))
	}
}
