package reseed_test

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
)

// A store of reservations that was emptied is taught again what the books know.
func ExampleGuard_Check() {
	ctx := context.Background()
	books, admission := memstore.NewStock(memstore.StockConfig{}), newMemory() // in production: pgstore and redisstore
	tea := inventory.ProductItem(7).At(inventory.DefaultLocation)
	_, _ = books.Move(ctx, inventory.Move{Kind: inventory.Receive, Lines: []inventory.Held{{Key: tea, Quantity: 12}}})

	guard, err := reseed.New(reseed.Config{Memory: admission, Books: books})
	if err != nil {
		panic(err)
	}
	for range 2 { // Run does so every second
		report, err := guard.Check(ctx)
		fmt.Printf("lost %q, told %d levels, %v\n", report.Lost, report.Told, err)
	}
	// Output:
	// lost "empty", told 1 levels, <nil>
	// lost "", told 0 levels, <nil>
}
