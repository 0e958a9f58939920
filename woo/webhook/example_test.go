package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
)

// A delivery is stored and acknowledged; what it is about is read again later.
func Example() {
	box := memstore.NewInbox(nil) // a database in production
	receiver, err := webhook.NewReceiver(webhook.Config{
		Secrets: []woo.Secret{woo.NewSecret(secret)}, Inbox: box, Site: "https://shop.example",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/webhooks/woocommerce", receiver)

	dispatcher, err := webhook.NewDispatcher(inbox.DispatcherConfig{Inbox: box}, func(_ context.Context, c webhook.Change) error {
		fmt.Println("read again:", c.Resource, c.ID, "of", c.ParentID)
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	for range 2 { // WooCommerce sends what changed twice in one go as often
		w := httptest.NewRecorder()
		req := delivery("product.updated", `{"id":31,"type":"variation","parent_id":30,"stock_quantity":4}`)
		req.URL.Path = "/webhooks/woocommerce"
		mux.ServeHTTP(w, req)
		fmt.Println("HTTP", w.Code)
	}
	_, _ = dispatcher.Dispatch(context.Background()) // Run does so until its context ends
	// Output:
	// HTTP 200
	// HTTP 200
	// read again: variation 31 of 30
}
