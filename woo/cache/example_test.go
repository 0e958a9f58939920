package cache_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/cache"
	"github.com/ankkor/ankkor/woo/webhook"
	"github.com/ankkor/ankkor/woo/wootest"
)

// A product that was read once costs the store nothing more, until a webhook
// says that it changed.
func Example() {
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	client, err := woo.New(woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), HTTP: store.HTTPClient(),
		Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()),
	})
	if err != nil {
		log.Fatal(err)
	}
	shop, err := cache.New(cache.Config{Source: client})
	if err != nil {
		log.Fatal(err)
	}
	defer shop.Close()
	ctx := context.Background()
	show := func() {
		mug, err := shop.Product(ctx, "masala-chai-mug")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(mug.Name, mug.Price.Text)
	}

	show()
	if err := store.SetPrice(16, "549"); err != nil {
		log.Fatal(err)
	}
	show()
	// What webhook.NewDispatcher calls: shop.Changed.
	if err := shop.Changed(ctx, webhook.Change{Resource: webhook.Product, ID: 16, Event: webhook.Updated}); err != nil {
		log.Fatal(err)
	}
	show()
	// Output:
	// Masala Chai Mug ₹499.00
	// Masala Chai Mug ₹499.00
	// Masala Chai Mug ₹549.00
}

// A checkout reads past the cache.
func ExampleFresh() {
	s := newShelf()
	shop, err := cache.New(cache.Config{Source: s})
	if err != nil {
		log.Fatal(err)
	}
	defer shop.Close()
	for _, ctx := range []context.Context{context.Background(), context.Background(), cache.Fresh(context.Background())} {
		p, err := shop.Product(ctx, "kurta")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Name)
	}
	// Output:
	// reading 1
	// reading 1
	// reading 2
}
