package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// The customer in the demo's window pays an order that the shop's own client made.
func TestPayer(t *testing.T) {
	gateway, err := openDemoGateway("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", gateway)
	mux.Handle("POST /pay/{order}", payer{gateway})
	server := httptest.NewServer(mux)
	defer server.Close()
	c := demoRazorpay(server.URL)
	w, _ := watched(t)
	client, err := openRazorpay(c, w)
	if err != nil {
		t.Fatal(err)
	}
	order, err := client.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "receipt-1", Amount: pricing.Paise(49900)})
	if err != nil {
		t.Fatal(err)
	}
	var callback payment.Callback
	if status := pay(t, server.URL, order.ID, &callback); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if err := client.VerifyPayment(order.ID, callback); err != nil {
		t.Error(err)
	}
	if status := pay(t, server.URL, "order_00000000000000", nil); status != http.StatusUnprocessableEntity {
		t.Errorf("an order nobody made: %d", status)
	}
}

func pay(t *testing.T, server, order string, into any) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"/pay/"+order, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return answer.StatusCode
}

// The demo store says how to reach it, and ends when it is told to.
func TestDemoStore(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	var out strings.Builder
	args := []string{"-woo", "127.0.0.1:0", "-razorpay", "127.0.0.1:0", "-server", "http://127.0.0.1:1"}
	if err := demoStoreCommand(ctx, args, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "export WOO_URL=http://127.0.0.1:") || !strings.Contains(out.String(), "RAZORPAY_MOCK=true") {
		t.Error(out.String())
	}
}
