package doctor_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/doctor"
	"github.com/ankkor/ankkor/woo/wootest"
)

// A program looks at the store when it starts, and does not sell where something
// is broken.
func ExampleDiagnose() {
	store, err := wootest.New(wootest.Config{TLS: true, Keys: []wootest.APIKey{{
		Key: "ck_0000000000000000000000000000000000000000", Secret: "cs_1111111111111111111111111111111111111111", Permissions: wootest.Read,
	}}})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	client, err := woo.New(woo.Config{
		URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: store.HTTPClient(),
	})
	if err != nil {
		log.Fatal(err)
	}

	report, err := doctor.Diagnose(context.Background(), client, doctor.Options{WebhookURL: "https://shop.example/webhooks"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("WooCommerce", report.Versions.WooCommerce, "worst:", report.Worst())
	for _, f := range report.Of(doctor.KeyWrite) {
		fmt.Println(f.Found)
	}
	// Output:
	// WooCommerce 10.4.3 worst: breaks
	// the key may not write orders: The API key provided does not have write permissions.
	// the key may not write products: The API key provided does not have write permissions.
}

func ExampleExplain() {
	e, _ := doctor.Explain(doctor.CacheREST)
	fmt.Println(e.Asks)
	fmt.Println(e.Breaks)
	// Output:
	// REST answers are not kept by a cache.
	// Stock, prices and orders are read as they were: sold out shows as in stock, a lost order is not found.
}
