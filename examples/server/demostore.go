package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/woo/wootest"
)

// The demo's keys are no secrets: they open a store and an account that exist on one machine, for an afternoon.
const (
	demoGateway        = "http://127.0.0.1:8092"
	demoKeyID          = "rzp_test_AnkkorDemoKey"
	demoKeySecret      = "ankkor-demo-key-secret"     //nolint:gosec // see above
	demoRazorpaySecret = "ankkor-demo-webhook-secret" //nolint:gosec // see above
	demoWooKey         = "ck_00000000000000000000000000000000000000d1"
	demoWooSecret      = "cs_00000000000000000000000000000000000000d2"
)

// demoRazorpay is how the server reaches demostore's Razorpay: RAZORPAY_MOCK.
func demoRazorpay(url string) razorpayConfig {
	if url == "" {
		url = demoGateway
	}
	return razorpayConfig{
		url: url, keyID: demoKeyID, secret: auth.NewSecret(demoKeySecret), webhooks: []secret{auth.NewSecret(demoRazorpaySecret)},
	}
}

// demoStoreCommand runs a WooCommerce and a Razorpay in one process, which know nothing of the last time they ran: empty
// the server's database together with them. They listen on loopback only.
func demoStoreCommand(ctx context.Context, args []string, _ func(string) string, out, logTo io.Writer) error {
	var wooAddr, rzpAddr, server string
	define := func(set *flag.FlagSet) {
		set.StringVar(&wooAddr, "woo", "127.0.0.1:8091", "where the WooCommerce listens")
		set.StringVar(&rzpAddr, "razorpay", "127.0.0.1:8092", "where the Razorpay listens")
		set.StringVar(&server, "server", "http://127.0.0.1:8080", "where webhooks are sent")
	}
	if err := flags("demostore", args, logTo, define); err != nil {
		return err
	}
	store, err := wootest.New(wootest.Config{Addr: wooAddr, Keys: []wootest.APIKey{{Key: demoWooKey, Secret: demoWooSecret, Permissions: wootest.ReadWrite}}})
	if err != nil {
		return err
	}
	gateway, err := openDemoGateway(server)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	fmt.Fprintf(out, "export WOO_URL=%s WOO_KEY=%s WOO_SECRET=%s RAZORPAY_MOCK=true\n", store.URL(), demoWooKey, demoWooSecret)
	fmt.Fprintf(out, "pay: curl -X POST http://%s/pay/order_…\n", rzpAddr)
	return errors.Join(serveDemo(ctx, rzpAddr, store, gateway), store.Close())
}

func openDemoGateway(server string) (*razorpaytest.Server, error) {
	gateway, err := razorpaytest.New(razorpaytest.Config{KeyID: demoKeyID, KeySecret: demoKeySecret})
	if err != nil {
		return nil, err
	}
	_, err = gateway.AddWebhook(razorpaytest.Webhook{Secret: demoRazorpaySecret, URL: server + razorpayPath, HTTP: &http.Client{Timeout: 5 * time.Second}})
	return gateway, err
}

// serveDemo serves the Razorpay, and sends both systems' webhooks once a second.
func serveDemo(ctx context.Context, addr string, store *wootest.Store, gateway *razorpaytest.Server) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", gateway)
	mux.Handle("POST /pay/{order}", payer{gateway})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case err := <-served:
			return err
		case <-ctx.Done():
			return server.Close()
		case <-second.C:
			gateway.Deliver(ctx)
			_, _ = store.DeliverWebhooks(ctx) // its error is that of the context
		}
	}
}

// payer is the customer in the payment window: it pays an order, and answers what the window gives the browser.
type payer struct{ gateway *razorpaytest.Server }

func (p payer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	callback, err := p.gateway.Pay(r.PathValue("order"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(callback)
}
