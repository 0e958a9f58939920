package ankkor_test

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
)

// Put it into your server: one Service, its background work, and a handler.
func Example() {
	store, err := woo.New(woo.Config{URL: os.Getenv("WOO_URL"), Key: os.Getenv("WOO_KEY"), Secret: woo.NewSecret(os.Getenv("WOO_SECRET"))})
	exitOn(err)
	guests, err := auth.NewGuests(auth.GuestConfig{Keys: []auth.Secret{auth.NewSecret(os.Getenv("COOKIE_KEY"))}})
	exitOn(err)
	gateway, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret(os.Getenv("GATEWAY_SECRET"))})
	exitOn(err)
	stock, carts := memstore.NewStock(memstore.StockConfig{}), memstore.NewCarts()
	shop, err := checkout.New(checkout.Config{
		Catalog: store, Rules: store, Orders: store, Stock: store, // WooCommerce
		Store: memstore.NewCheckouts(stock), Reserver: stock, Carts: carts, // this process's memory
		Payments: []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: gateway, Verifier: gateway}},
	})
	exitOn(err)
	go func() { exitOn(shop.Run(context.Background())) }() // finishes what a crash or a closed tab left open
	http.Handle("POST /checkout", guests.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := auth.FromContext(r.Context())
		started, err := shop.Start(r.Context(), checkout.StartRequest{Owner: checkout.Owner(who.Owner())})
		if err != nil {
			http.Error(w, "please look at your cart again", http.StatusConflict)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"id": started.Record.ID, "total": started.Record.Quote.Totals.Total})
	})))
	exitOn(http.ListenAndServe("127.0.0.1:8080", nil))
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
