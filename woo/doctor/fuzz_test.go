package doctor_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/doctor"
)

// anything answers every request alike.
type anything struct {
	status int
	body   string
	header http.Header
}

func (a anything) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Header: a.header.Clone(), Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1, Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// FuzzDiagnose: whatever a store answers, the report is whole and comes back.
func FuzzDiagnose(f *testing.F) {
	f.Add(200, `{}`, "Age", "1")
	f.Add(200, `[]`, "Date", "Fri, 20 Nov 2026 10:30:00 GMT")
	f.Add(200, `null`, "Date", "yesterday")
	f.Add(200, `[{"id":"woocommerce_currency","value":{}},{"id":"woocommerce_calc_taxes","value":["yes"]},{"slug":"standard"}]`, "X-Cache", "HIT")
	f.Add(200, `{"environment":{"home_url":"::","version":"99999999999999999999.1","php_max_execution_time":-5},"settings":{},"version":"x"}`, "X-Varnish", "1 2")
	f.Add(200, "<b>Notice</b>{[{\n{\"data\":{\"products\":{}}}", "Cart-Token", "same")
	f.Add(200, `{}`, "X-Cache", "HIT \xf6\x1b[31m")
	f.Add(301, ``, "Location", "http://[::1")
	f.Add(401, `{"code":"woocommerce_rest_cannot_view","message":"No."}`, "", "")
	f.Add(404, `{"code":"rest_no_route","message":"No."}`, "", "")
	f.Fuzz(func(t *testing.T, status int, body, name, value string) {
		if status < 200 || status > 599 || strings.ContainsAny(name+value, "\r\n\x00") {
			t.Skip("no answer of HTTP")
		}
		h := http.Header{}
		if name != "" {
			h.Set(name, value)
		}
		client, err := woo.New(woo.Config{
			URL: "https://shop.example", Key: "ck_1", Secret: woo.NewSecret("cs_1"), Retries: -1, HTTP: &http.Client{Transport: anything{status, body, h}},
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := doctor.Diagnose(t.Context(), client, doctor.Options{WebhookURL: value})
		if err == nil && len(r.Findings) == 0 {
			t.Error("nothing the matter with a store that answers everything alike")
		}
		whole(t, r)
	})
}
