package reconcile_test

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// A sweep reads everything again. What is less there is followed, what is a lot
// more waits for somebody.
func ExampleService_Sweep() {
	ctx := context.Background()
	there, ours := memstore.NewStock(memstore.StockConfig{}), memstore.NewStock(memstore.StockConfig{})
	for item, counts := range map[inventory.Item][2]int64{
		inventory.ProductItem(16): {10, 7}, inventory.ProductItem(18): {50, 80}, inventory.ProductItem(20): {100, 103},
	} {
		key := item.At(inventory.DefaultLocation)
		_ = ours.Receive(ctx, key, counts[0])
		_ = there.Receive(ctx, key, counts[1])
	}
	inStep, err := reconcile.New(reconcile.Config{Books: ours, Source: there, Journal: memstore.NewJournal()})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := inStep.Sweep(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(report.Text())
	accepted, err := inStep.Accept(ctx, report.Findings[1].ID, "asha", "a delivery")
	fmt.Println(accepted.State, accepted.Decision.Reason, err)
	// Output:
	// Stock read of 3 items: 0 agree, 2 corrected, 1 held back, 0 overtaken.
	//   product:16: 10 -> 7
	//   product:20: 100 -> 103
	// To decide or to know:
	//   [1] product:16: the store has 7, we had 10; -3 is unexplained and was taken off
	//   [2] product:18: the store has 80, we have 50; +30 is unexplained and waits
	// accepted a delivery <nil>
}
