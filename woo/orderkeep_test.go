package woo_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// says answers everything with one status and body, and keeps what was sent.
type says struct {
	status int
	body   string

	mu   sync.Mutex
	sent []string
}

func (s *says) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what broke off is what was sent
	s.mu.Lock()
	s.sent = append(s.sent, r.Method+" "+string(body))
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.body)
}

func aRefund() checkout.StoreRefundRequest {
	return checkout.StoreRefundRequest{
		Key: "ankkor-part-0123456789", Reason: "cracked (ref 0123456789)", Amount: pricing.Paise(49900), Restock: true,
		Lines: []checkout.StoreRefundPart{{
			Line: 9, Quantity: 1, Total: decimal.RequireFromString("445.54"), Taxes: []checkout.StoreLineTax{{Rate: 7, Total: decimal.RequireFromString("53.46")}},
		}},
	}
}

// TestOnlyWooCommerceSaysGone: an order is gone when WooCommerce says so, and not when something in between has lost a page.
func TestOnlyWooCommerceSaysGone(t *testing.T) {
	for name, test := range map[string]struct {
		answer *says
		gone   bool
	}{
		"by WooCommerce":    {&says{status: 404, body: `{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}`}, true},
		"the plugin is off": {&says{status: 404, body: `{"code":"rest_no_route","message":"No route was found","data":{"status":404}}`}, false},
		"a page":            {&says{status: 404, body: `<html>Not found</html>`}, false},
		"nothing":           {&says{status: 404}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newSite(t, map[string]http.Handler{"*": test.answer}).client(t).ReadOrder(t.Context(), 154)
			if err == nil || errors.Is(err, checkout.ErrNotFound) != test.gone {
				t.Errorf("ReadOrder: %v", err)
			}
		})
	}
}

// TestRefundOutcomes: the refunds controller answers 500 to what it refuses, which is told from a crash; what is unknown
// is sent once.
func TestRefundOutcomes(t *testing.T) {
	for name, test := range map[string]struct {
		answer *says
		want   error
	}{
		"too much":       {&says{status: 500, body: `{"code":"woocommerce_rest_cannot_create_order_refund","message":"Invalid refund amount.","data":500}`}, checkout.ErrRefused},
		"no such order":  {&says{status: 500, body: `{"code":"woocommerce_rest_invalid_order_id","message":"Invalid order ID.","data":404}`}, checkout.ErrRefused},
		"a crash":        {&says{status: 500, body: `{"code":"internal_server_error","message":"There has been a critical error","data":{"status":500}}`}, checkout.ErrUnknown},
		"a page":         {&says{status: 502, body: `<html>Bad gateway</html>`}, checkout.ErrUnknown},
		"not understood": {&says{status: 201, body: `{"id":`}, checkout.ErrUnknown},
		"no key":         {&says{status: 401, body: `{"code":"woocommerce_rest_cannot_create","message":"Sorry","data":{"status":401}}`}, woo.ErrUnauthorised},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newSite(t, map[string]http.Handler{"*": test.answer}).client(t).AddRefund(t.Context(), 154, aRefund())
			if !errors.Is(err, test.want) || test.want == checkout.ErrRefused && errors.Is(err, checkout.ErrUnknown) {
				t.Errorf("AddRefund: %v, want %v", err, test.want)
			}
			posts := 0
			for _, sent := range test.answer.sent {
				if strings.HasPrefix(sent, "POST") {
					posts++
				}
			}
			if posts != 1 {
				t.Errorf("sent %d times", posts)
			}
		})
	}
}

// TestRefundNeverAsksTheGateway: api_refund left out would be true, and so would a text.
func TestRefundNeverAsksTheGateway(t *testing.T) {
	answer := &says{status: 500, body: `{}`}
	_, _ = newSite(t, map[string]http.Handler{"*": answer}).client(t).AddRefund(t.Context(), 154, aRefund())
	var sent map[string]any
	if err := json.Unmarshal([]byte(strings.TrimPrefix(answer.sent[0], "POST ")), &sent); err != nil {
		t.Fatal(err)
	}
	line := sent["line_items"].([]any)[0].(map[string]any)
	if sent["api_refund"] != false || sent["api_restock"] != true || sent["amount"] != "499.00" || line["refund_total"] != "445.54" || line["quantity"] != 1.0 {
		t.Errorf("sent %v", sent)
	}
}

func TestKeeperRefusesNonsense(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": &says{status: 500}})
	client := site.client(t)
	without := aRefund()
	without.Key = ""
	negative := aRefund()
	negative.Amount = pricing.Paise(-1)
	for name, err := range map[string]error{
		"order 0":         errorOf(client.ReadOrder(t.Context(), 0)),
		"a negative id":   errorOf(client.Tell(t.Context(), -1, checkout.OrderNews{Told: checkout.StatusShipped})),
		"nothing to tell": errorOf(client.Tell(t.Context(), 1, checkout.OrderNews{})),
		"no key":          errorOf(client.AddRefund(t.Context(), 1, without)),
		"less than none":  errorOf(client.AddRefund(t.Context(), 1, negative)),
	} {
		if !errors.Is(err, checkout.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func errorOf[T any](_ T, err error) error { return err }

// TestRefundInTheStore: a refund carries its key and its mark, and puts its pieces back once.
func TestRefundInTheStore(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	harness := orderHarnessOf(t, client)
	harness.Request.Token = "ank_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	o, err := client.CreatePending(t.Context(), harness.Request)
	if err == nil {
		o, err = client.Complete(t.Context(), o.ID, checkout.Completion{Paid: true, TransactionID: "pay_1"})
	}
	if err != nil {
		t.Fatal(err)
	}
	req := aRefund()
	req.Lines[0].Line = o.Lines[0].ID
	before, err := store.Stock(o.Lines[0].ProductID)
	if err != nil {
		t.Fatal(err)
	}
	after, err := client.AddRefund(t.Context(), o.ID, req)
	if err != nil || len(after.Refunds) != 1 || after.Refunds[0].Reason != req.Reason || after.Refunds[0].Key != req.Key || after.Lines[0].Reduced != o.Lines[0].Reduced-1 {
		t.Fatalf("%+v, %v", after, err)
	}
	if now, err := store.Stock(o.Lines[0].ProductID); err != nil || now.Quantity != before.Quantity+1 {
		t.Errorf("%+v became %+v, %v", before, now, err)
	}
}
