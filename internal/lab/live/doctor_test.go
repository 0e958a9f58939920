package live_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/doctor"
)

// TestDoctor: a store made for trials has nothing that breaks, every question has
// an answer or a reason, and the versions are those the store gives.
func TestDoctor(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		var status struct {
			Environment struct {
				Version   string `json:"version"`
				WordPress string `json:"wp_version"`
			} `json:"environment"`
		}
		s.keeper.get("system_status?_fields=environment", &status)
		before := s.newestOrder()
		r := s.examine(s.client, doctor.Options{})
		for _, f := range r.Findings {
			t.Logf("%s %s %s: %s", f.Severity, f.Code, f.Subject, f.Found)
			if f.Severity == doctor.Breaks {
				t.Errorf("%s breaks", f.Code)
			}
		}
		for _, code := range doctor.Codes() {
			if slices.Contains(r.Passed, code) == (len(r.Of(code)) > 0) {
				t.Errorf("%s is neither found nor passed, or both", code)
			}
		}
		for _, code := range []doctor.Code{
			doctor.StoreReachable, doctor.StoreREST, doctor.StoreClock, doctor.KeyRead, doctor.KeyWrite, doctor.RulesReadable, doctor.SetStock,
			doctor.SetCurrency, doctor.StatesIndia, doctor.ProductPrices, doctor.GraphQLReach, doctor.CacheREST, doctor.CacheSessions,
		} {
			if !slices.Contains(r.Passed, code) {
				t.Errorf("%s did not pass: %+v", code, r.Of(code))
			}
		}
		if r.Versions.WooCommerce != status.Environment.Version || r.Versions.WordPress != status.Environment.WordPress {
			t.Errorf("versions %+v, the store says %+v", r.Versions, status.Environment)
		}
		if s.site.name == "wootest" && s.newestOrder() != before { // others may order in a real store
			t.Error("the doctor made an order")
		}
	})
}

func (s *shop) examine(c *woo.Client, o doctor.Options) doctor.Report {
	s.Helper()
	r, err := doctor.Diagnose(s.Context(), c, o)
	s.check(err)
	return r
}

// newestOrder is the highest order id, 0 for none.
func (s *shop) newestOrder() int64 {
	s.Helper()
	var list []order
	s.keeper.get("orders?per_page=1&orderby=id&order=desc&status=any", &list)
	if len(list) == 0 {
		return 0
	}
	return list[0].ID
}

// TestDoctorOnKeys: a key that is refused is told from one nobody knows.
func TestDoctorOnKeys(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		for name, c := range map[string]struct{ key, secret string }{
			"wrong secret": {s.site.key, "cs_0000000000000000000000000000000000000000"},
			"unknown key":  {"ck_0000000000000000000000000000000000000000", s.site.secret},
		} {
			client, err := woo.New(woo.Config{
				URL: s.site.url, GraphQLURL: s.site.graphql, Key: c.key, Secret: woo.NewSecret(c.secret), HTTP: &http.Client{Transport: http.DefaultTransport},
			})
			s.check(err)
			r := s.examine(client, doctor.Options{})
			if list := r.Of(doctor.KeyRead); len(list) != 1 || list[0].Severity != doctor.Breaks {
				t.Errorf("%s: %+v", name, list)
			}
			for _, f := range r.Findings {
				if f.Severity == doctor.Breaks && f.Code != doctor.KeyRead {
					t.Errorf("%s: %s breaks too: %s", name, f.Code, f.Found)
				}
			}
			for _, code := range []doctor.Code{doctor.KeyWrite, doctor.OrdersHPOS, doctor.SetStock, doctor.RulesReadable} {
				if slices.Contains(r.Passed, code) {
					t.Errorf("%s: %s passed unasked", name, code)
				}
			}
		}
	})
}

// TestDoctorOnWebhooks: one that is missing, one that is off, one that is there
// twice.
func TestDoctorOnWebhooks(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		address := "https://hooks.example.test/" + s.mark
		hook := func(topic string) int64 {
			return s.keeper.make("webhooks", map[string]any{"topic": topic, "delivery_url": address, "secret": hookSecret})
		}
		hook("order.updated")
		second := hook("order.updated")
		off := hook("product.updated")
		s.keeper.ask(t.Context(), http.MethodPut, fmt.Sprint("webhooks/", off), map[string]any{"status": "disabled"}, nil)
		r := s.examine(s.client, doctor.Options{WebhookURL: address, WebhookTopics: []string{"order.updated", "product.updated", "order.created"}})
		var got []string
		for _, f := range r.Of(doctor.HooksAlive) {
			got = append(got, fmt.Sprint(f.Severity, ": ", f.Found))
		}
		want := []string{
			"warns: there is no webhook for order.created",
			fmt.Sprintf("warns: webhook %d for product.updated is switched off", off),
			fmt.Sprintf("notes: webhook %d for order.updated is there a second time", second),
		}
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
		if len(r.Of(doctor.HooksAddress)) > 0 {
			t.Errorf("the address: %+v", r.Of(doctor.HooksAddress))
		}
	})
}
