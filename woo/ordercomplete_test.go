package woo_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

const mugPath = " /wp-json/wc/v3/orders/154"

// mugIn is the recorded order in another state.
func mugIn(status, transaction, paid string, reduced ...string) http.Handler {
	edit := []string{`"status":"pending"`, `"status":"` + status + `"`, `"transaction_id":""`, `"transaction_id":"` + transaction + `"`}
	if paid != "" {
		edit = append(edit, `"date_paid_gmt":null`, `"date_paid_gmt":"`+paid+`"`)
	}
	if len(reduced) > 0 {
		var metas []string
		for _, r := range reduced {
			metas = append(metas, `{"id":9,"key":"_reduced_stock","value":`+r+`}`)
		}
		edit = append(edit, `"meta_data":[],"sku"`, `"meta_data":[`+strings.Join(metas, ",")+`],"sku"`)
	}
	return pendingMug(edit...)
}

// writes lists what was sent to change something.
func (s *site) writes() (out []seen) {
	for _, r := range s.seen() {
		if r.method != "GET" {
			out = append(out, r)
		}
	}
	return out
}

func TestCompletePaid(t *testing.T) {
	done := mugIn("processing", "pay_1", "2026-11-20T05:20:00", `"1"`)
	site := newSite(t, map[string]http.Handler{"GET" + mugPath: inTurn(pendingMug(), done), "PUT" + mugPath: done})
	got, err := site.client(t).Complete(t.Context(), 154, checkout.Completion{Paid: true, TransactionID: "pay_1"})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Effective() || !got.Paid() || got.TransactionID != "pay_1" || got.Token != mugToken || got.Lines[0].Reduced != 1 ||
		!got.DatePaid.Equal(time.Date(2026, 11, 20, 5, 20, 0, 0, time.UTC)) {
		t.Errorf("order %+v", got)
	}
	if w := site.writes(); len(w) != 1 || string(w[0].body) != `{"transaction_id":"pay_1","set_paid":true}`+"\n" {
		t.Errorf("sent %s", w[0].body)
	}
}

func TestCompleteOtherWays(t *testing.T) {
	free := pendingMug(`"total":"499.00"`, `"total":"0.00"`)
	tests := map[string]struct {
		before http.Handler
		how    checkout.Completion
		want   string
	}{
		"cash on delivery":     {pendingMug(), checkout.Completion{Status: "processing", PaymentMethod: "cod", PaymentMethodTitle: "Cash on delivery"}, `{"status":"processing","payment_method":"cod","payment_method_title":"Cash on delivery"}`},
		"no status given":      {pendingMug(), checkout.Completion{PaymentMethod: "cod"}, `{"status":"processing","payment_method":"cod"}`},
		"waiting for a cheque": {pendingMug(), checkout.Completion{Status: "on-hold"}, `{"status":"on-hold"}`},
		"free, so never paid":  {free, checkout.Completion{Paid: true, TransactionID: "pay_1"}, `{"status":"processing","transaction_id":"pay_1"}`},
		"after a failure":      {mugIn("failed", "", ""), checkout.Completion{Paid: true, TransactionID: "pay_2"}, `{"transaction_id":"pay_2","set_paid":true}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			done := mugIn("processing", "", "")
			site := newSite(t, map[string]http.Handler{"GET" + mugPath: inTurn(test.before, done), "PUT" + mugPath: done})
			if _, err := site.client(t).Complete(t.Context(), 154, test.how); err != nil {
				t.Fatal(err)
			}
			if w := site.writes(); len(w) != 1 || strings.TrimSpace(string(w[0].body)) != test.want {
				t.Errorf("sent %s\nwant %s", w[0].body, test.want)
			}
		})
	}
}

// TestCompleteAgainSendsNothing: in parallel WooCommerce would subtract the
// stock twice, so an order that took effect is only read.
func TestCompleteAgainSendsNothing(t *testing.T) {
	for _, status := range []string{"processing", "completed", "on-hold"} {
		site := newSite(t, map[string]http.Handler{"GET" + mugPath: mugIn(status, "pay_1", "2026-11-20T05:20:00", `"1"`, `1`)})
		got, err := site.client(t).Complete(t.Context(), 154, checkout.Completion{Paid: true, TransactionID: "pay_1"})
		if err != nil || got.Status != status || got.Lines[0].Reduced != 2 {
			t.Errorf("%s: %+v, %v", status, got, err)
		}
		if n := len(site.writes()); n != 0 {
			t.Errorf("%s: %d writes", status, n)
		}
	}
}

// TestCompleteRefuses what would take money for an order that was given up.
func TestCompleteRefuses(t *testing.T) {
	tests := map[string]struct {
		before http.Handler
		code   string
	}{
		"in the trash":         {mugIn("trash", mugToken, ""), "not_pending"},
		"cancelled":            {mugIn("cancelled", mugToken, ""), "not_pending"},
		"draft of a refusal":   {mugIn("checkout-draft", mugToken, ""), "not_pending"},
		"refunded":             {mugIn("refunded", "pay_1", "2026-11-20T05:20:00"), "not_pending"},
		"paid by another":      {mugIn("processing", "pay_2", "2026-11-20T05:20:00"), "already_paid"},
		"stays in the trash":   {nil, "not_effective"},
		"there is none":        {recording("rest/order-unknown.http"), "woocommerce_rest_shop_order_invalid_id"},
		"an id of nothing yet": {nil, "invalid_request"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			trashed := mugIn("trash", "pay_1", "")
			routes := map[string]http.Handler{"GET" + mugPath: test.before, "PUT" + mugPath: trashed}
			if name == "there is none" {
				routes["PUT"+mugPath] = edited("rest/order-unknown.http", "404", "400")
			}
			if test.before == nil {
				routes["GET"+mugPath] = inTurn(pendingMug(), trashed)
			}
			id := int64(154)
			if test.code == "invalid_request" {
				id = 0
			}
			_, err := newSite(t, routes).client(t).Complete(t.Context(), id, checkout.Completion{Paid: true, TransactionID: "pay_1"})
			kind := woo.Refused
			if name == "there is none" {
				kind = woo.NotFound
			}
			if e := checkKind(t, err, kind); e.Code != test.code {
				t.Errorf("code %q, want %q", e.Code, test.code)
			}
		})
	}
}

// TestCompleteWithUnknownOutcome: the PUT went out, and nobody knows.
func TestCompleteWithUnknownOutcome(t *testing.T) {
	done := mugIn("processing", "pay_1", "2026-11-20T05:20:00")
	tests := map[string][2]http.Handler{
		"502 to the PUT":         {pendingMug(), answering(502, "<html>")},
		"no answer to the PUT":   {pendingMug(), brokenAnswers["half a body"]},
		"read back fails":        {inTurn(pendingMug(), answering(503, "")), done},
		"read back refused":      {inTurn(pendingMug(), recording("rest/no-auth.http")), done},
		"read back not readable": {inTurn(pendingMug(), answering(200, "{}")), done},
		"read back is stale":     {pendingMug(), done},
		"PUT says nothing":       {pendingMug(), answering(200, "{}")},
	}
	for name, handlers := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"GET" + mugPath: handlers[0], "PUT" + mugPath: handlers[1]})
			_, err := site.client(t).Complete(t.Context(), 154, checkout.Completion{Paid: true, TransactionID: "pay_1"})
			checkKind(t, err, woo.Unknown)
			if n := len(site.writes()); n != 1 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

// TestOrderIsReadPastCaches: every reading asks for an address of its own.
func TestOrderIsReadPastCaches(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": pendingMug()})
	client := site.client(t)
	asked := map[string]bool{}
	for range 3 {
		client.Order(t.Context(), 154)
	}
	for _, r := range site.seen() {
		asked[r.query] = true
		if r.header.Get("Cache-Control") != "no-cache" || !strings.HasPrefix(r.header.Get("User-Agent"), "Ankkor ") {
			t.Errorf("headers %v", r.header)
		}
	}
	if len(asked) != 3 {
		t.Errorf("%d different addresses for 3 readings: %v", len(asked), asked)
	}
}

func TestCancel(t *testing.T) {
	tests := map[string]struct {
		before, after string
		write         string
	}{
		"pending":    {"pending", "trash", "DELETE "},
		"failed":     {"failed", "trash", "DELETE "},
		"draft":      {"checkout-draft", "trash", "DELETE "},
		"processing": {"processing", "cancelled", `PUT {"status":"cancelled"}`},
		"on hold":    {"on-hold", "cancelled", `PUT {"status":"cancelled"}`},
		"completed":  {"completed", "cancelled", `PUT {"status":"cancelled"}`},
		"trashed":    {"trash", "trash", ""},
		"cancelled":  {"cancelled", "cancelled", ""},
		"refunded":   {"refunded", "refunded", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before, after := mugIn(test.before, "", ""), mugIn(test.after, "", "")
			reads := inTurn(before, after)
			site := newSite(t, map[string]http.Handler{"GET" + mugPath: reads, "PUT" + mugPath: after, "DELETE" + mugPath: before})
			got, err := site.client(t).Cancel(t.Context(), 154)
			if err != nil || got.Status != test.after {
				t.Errorf("status %s, %v", got.Status, err)
			}
			write := ""
			for _, w := range site.writes() {
				write += w.method + " " + strings.TrimSpace(string(w.body))
				if strings.Contains(w.query, "force") {
					t.Error("an order is deleted for good")
				}
			}
			if write != test.write {
				t.Errorf("sent %q, want %q", write, test.write)
			}
		})
	}
}

func TestCancelWhatSomebodyElseTrashed(t *testing.T) {
	gone := recording("rest/already-trashed.http")
	site := newSite(t, map[string]http.Handler{"GET" + mugPath: inTurn(pendingMug(), mugIn("trash", "", "")), "DELETE" + mugPath: gone})
	if got, err := site.client(t).Cancel(t.Context(), 154); err != nil || !got.Trashed() {
		t.Errorf("%+v, %v", got, err)
	}
}
