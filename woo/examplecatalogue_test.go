package woo_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// exampleShop is a store and a client that finds out by itself where the
// catalogue is.
func exampleShop() (client *woo.Client, leave func() error, err error) {
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		return nil, nil, err
	}
	client, err = woo.New(woo.Config{URL: store.URL(), Catalogue: woo.CatalogueAutomatic})
	return client, store.Close, err
}

func ExampleClient_ProductPage() {
	client, leave, err := exampleShop()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leave()
	cheap := woo.ProductFilter{Category: "kitchen-dining", Sort: woo.CheapFirst, PageSize: 3}
	first, err := client.ProductPage(context.Background(), cheap, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first.Total, "products")
	for _, p := range first.Products {
		fmt.Println(p.Name, p.Price.Text)
	}
	second, err := client.ProductPage(context.Background(), cheap, first.Next)
	fmt.Println(len(second.Products), "more", err)
	// Output:
	// 5 products
	// Loose Tea 33.33 ₹33.33
	// Fresh Milk ₹60.00
	// चाय मसाला ☕ ₹120.00
	// 2 more <nil>
}

func ExampleClient_Facets() {
	client, leave, err := exampleShop()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leave()
	sizes := []woo.AttributeFilter{{Name: "pa_size", Values: []string{"s", "l"}}}
	facets, err := client.Facets(context.Background(), woo.ProductFilter{Attributes: sizes}, "pa_size")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(facets.MinPrice.Decimal, "to", facets.MaxPrice.Decimal)
	for _, v := range facets.Attributes[0].Values {
		fmt.Println(v.Label, v.Count)
	}
	// Output:
	// 450 to 1399
	// S 2
	// M 1
	// L 2
}

func ExampleClient_CategoryTree() {
	client, leave, err := exampleShop()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leave()
	tree, err := client.CategoryTree(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	var show func(list []woo.Category, depth int)
	show = func(list []woo.Category, depth int) {
		for _, c := range list {
			if c.Slug != "bulk" {
				fmt.Println(strings.Repeat("- ", depth) + c.Name)
			}
			show(c.Children, depth+1)
		}
	}
	show(tree, 0)
	// Output:
	// Apparel
	// Digital
	// Home
	// - Kitchen & Dining
	// Jewellery
	// Uncategorized
}
