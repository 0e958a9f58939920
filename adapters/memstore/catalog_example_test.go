package memstore_test

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// A shop's carts on memory, whose pages show what a reservation would find.
func ExampleCatalog_FollowStock() {
	ctx := context.Background()
	tea := cart.ItemRef{ProductID: 101}
	catalog := memstore.NewCatalog(cart.Item{
		Ref: tea, Name: "Assam tea", UnitPrice: decimal.RequireFromString("499.00"), Currency: pricing.INR,
		Stock: cart.Stock{Item: "product:101", Managed: true},
	})
	stock := memstore.NewStock(memstore.StockConfig{})
	err := stock.SetLevels(ctx, []inventory.Level{{
		Key:    inventory.Key{Item: inventory.ProductItem(101), Location: inventory.DefaultLocation},
		OnHand: 3, Policy: inventory.Deny,
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	catalog.FollowStock(stock)

	carts, err := cart.NewService(cart.Config{Store: memstore.NewCarts(), Catalog: catalog})
	if err != nil {
		fmt.Println(err)
		return
	}
	view, err := carts.Add(ctx, "guest:1", tea, 2)
	fmt.Println(view.Subtotal.StringFixed(2), err)
	_, err = carts.Add(ctx, "guest:1", tea, 2)
	fmt.Println(err)
	// Output:
	// 998.00 <nil>
	// cart: not enough stock: product 101, variation 0: want 4, have 3
}
