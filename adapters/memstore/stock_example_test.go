package memstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
)

// A clock of one's own makes a quarter of an hour pass at once.
func ExampleStock() {
	ctx := context.Background()
	now := time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)
	stock := memstore.NewStock(memstore.StockConfig{Now: func() time.Time { return now }})
	kurta := inventory.ProductItem(1001)
	_ = stock.Receive(ctx, kurta.At(inventory.DefaultLocation), 1)

	r, err := stock.Reserve(ctx, inventory.ReserveRequest{
		ID: "checkout:7.1", Owner: "checkout:7", Lines: []inventory.Line{{Item: kurta, Quantity: 1}},
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println("held until", r.ExpiresAt.Format(time.TimeOnly))

	now = now.Add(inventory.DefaultTTL)
	_, err = stock.Extend(ctx, "checkout:7.1", time.Hour)
	fmt.Println(err)
	// Output:
	// held until 12:15:00
	// inventory: reservation checkout:7.1 has ended: expired at 2026-10-20T12:15:00Z
}
