package razorpaytest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
)

// An order is made as a shop makes it, paid as a person pays it, and told of as Razorpay tells it.
func Example() {
	rzp, err := razorpaytest.New(razorpaytest.Config{KeyID: keyID, KeySecret: keySecret, AutoCapture: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	heard := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		genuine := r.Header.Get("X-Razorpay-Signature") == razorpaytest.SignWebhook(hookSecret, body)
		fmt.Println("told, genuinely:", genuine)
	})
	if _, err := rzp.AddWebhook(razorpaytest.Webhook{Secret: hookSecret, Handler: heard, Events: []string{"order.paid"}}); err != nil {
		fmt.Println(err)
		return
	}
	req, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://api.razorpay.com/v1/orders", strings.NewReader(sale))
	req.SetBasicAuth(keyID, keySecret)
	answer, err := rzp.Client().Do(req) // no network
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = answer.Body.Close() }()

	order := rzp.Orders("r-1")[0]
	if _, err := rzp.Pay(order.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Status, "then", rzp.Orders("r-1")[0].Status)
	rzp.Deliver(context.Background())
	// Output:
	// created then paid
	// told, genuinely: true
}

// TestAWebhookOverTheNetwork is sent to an address.
func TestAWebhookOverTheNetwork(t *testing.T) {
	a := open(t)
	box := &inbox{status: http.StatusNoContent}
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	for _, w := range []razorpaytest.Webhook{
		{URL: server.URL}, {Secret: hookSecret}, {Secret: hookSecret, URL: server.URL}, {Secret: hookSecret, URL: server.URL, Handler: box, HTTP: server.Client()},
	} {
		if _, err := a.AddWebhook(w); err == nil {
			t.Errorf("%+v was subscribed", w)
		}
	}
	if _, err := a.AddWebhook(razorpaytest.Webhook{Secret: hookSecret, URL: server.URL, HTTP: server.Client()}); err != nil {
		t.Fatal(err)
	}
	a.pay(a.order(sale), razorpaytest.Attempt{})
	if n := a.Deliver(t.Context()); n != 1 || box.wrong > 0 {
		t.Errorf("%d accepted, %d wrong", n, box.wrong)
	}
}
