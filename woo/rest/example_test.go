package rest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
	"github.com/ankkor/ankkor/woo/wootest"
)

// exampleShop is a store with mugs, kurtas and pens.
func exampleShop() (*rest.Client, func()) {
	store, err := wootest.New(wootest.Config{TLS: true})
	if err != nil {
		panic(err)
	}
	client, err := woo.New(woo.Config{
		URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: store.HTTPClient(),
	})
	if err != nil {
		panic(err)
	}
	return rest.New(client), func() { _ = store.Close() }
}

func Example() {
	shop, done := exampleShop()
	defer done()
	ctx := context.Background()
	for product, err := range shop.Products().All(ctx, rest.Query{SKU: []string{"MUG-001"}}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(product.Name, product.RegularPrice, product.StockQuantity)
	}
	sale := rest.ProductChange{GoodsChange: rest.GoodsChange{SalePrice: new(rest.AmountOf(decimal.RequireFromString("449.50")))}}
	mug, err := shop.Products().Update(ctx, 16, sale)
	fmt.Println(mug.Price, mug.OnSale, err)
	// Output:
	// Masala Chai Mug 499 10
	// 449.50 true <nil>
}

// The store answers 200 and keeps what it has where it does not count.
func ExampleClient_SetStock() {
	shop, done := exampleShop()
	defer done()
	counted, err := shop.SetStock(context.Background(), []rest.Count{
		{Product: 16, Quantity: 12},
		{Product: 37, Variation: 38, Quantity: 4},
		{Product: 17, Quantity: 100},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range counted {
		fmt.Println(c.Product, c.Variation, errors.Is(c.Err, rest.ErrIgnored))
	}
	// Output:
	// 16 0 false
	// 37 38 false
	// 17 0 true
}
