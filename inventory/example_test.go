package inventory_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
)

// A kurta from the shelf to the parcel: reserved while the shopper checks out,
// allocated when the order is placed, confirmed when WooCommerce has subtracted
// it, shipped. A checkout makes these moves through its own store; here they are
// made by hand.
func Example() {
	ctx := context.Background()
	stock := memstore.NewStock(memstore.StockConfig{})
	kurta := inventory.ProductItem(1001).At(inventory.DefaultLocation)
	show := func(what string) {
		levels, _ := stock.Levels(ctx, []inventory.Item{kurta.Item})
		l := levels[0]
		fmt.Printf("%-9s on hand %d, allocated %d, reserved %d, available %d, sold %d, shipped %d\n",
			what, l.OnHand, l.Allocated, l.Reserved, l.Available(), l.Sold, l.Shipped)
	}
	one := []inventory.Held{{Key: kurta, Quantity: 1}}

	_ = stock.Receive(ctx, kurta, 2)
	show("received")

	_, err := stock.Reserve(ctx, inventory.ReserveRequest{
		ID: "checkout:7.1", Owner: "checkout:7", Lines: []inventory.Line{{Item: kurta.Item, Quantity: 1}},
	})
	if err != nil {
		fmt.Println(err)
	}
	show("reserved")

	for _, m := range []inventory.Move{
		{Kind: inventory.Allocate, Ref: "checkout:7", Lines: one, Reservation: "checkout:7.1"},
		{Kind: inventory.Confirm, Ref: "checkout:7", Lines: one},
		{Kind: inventory.Ship, Ref: "checkout:7", Lines: one},
	} {
		if _, err := stock.Move(ctx, m); err != nil {
			fmt.Println(err)
		}
		show(string(m.Kind))
	}

	entries, _ := stock.Entries(ctx, inventory.LedgerQuery{Item: kurta.Item})
	for _, e := range entries {
		fmt.Printf("%d. %s %d: %s → %s\n", e.Seq, e.Kind, e.Quantity, e.From, e.To)
	}
	levels, _ := stock.Levels(ctx, []inventory.Item{kurta.Item})
	fmt.Println("conserved:", inventory.Conserved(entries, levels[0]) == nil)
	// Output:
	// received  on hand 2, allocated 0, reserved 0, available 2, sold 0, shipped 0
	// reserved  on hand 2, allocated 0, reserved 1, available 1, sold 0, shipped 0
	// allocate  on hand 2, allocated 1, reserved 0, available 1, sold 0, shipped 0
	// confirm   on hand 1, allocated 0, reserved 0, available 1, sold 1, shipped 0
	// ship      on hand 1, allocated 0, reserved 0, available 1, sold 0, shipped 1
	// 1. receive 2: supplier → available
	// 2. allocate 1: available → allocated
	// 3. confirm 1: allocated → sold
	// 4. ship 1: sold → shipped
	// conserved: true
}

// Two shoppers want the last piece. The second is told what there is, and can be
// told kindly.
func ExampleShortageError() {
	ctx := context.Background()
	stock := memstore.NewStock(memstore.StockConfig{})
	kurta := inventory.ProductItem(1001)
	_ = stock.Receive(ctx, kurta.At(inventory.DefaultLocation), 1)

	for _, shopper := range []string{"asha", "ravi"} {
		_, err := stock.Reserve(ctx, inventory.ReserveRequest{
			ID: shopper + ".1", Owner: shopper, Lines: []inventory.Line{{Item: kurta, Quantity: 1}},
		})
		var short *inventory.ShortageError
		switch {
		case err == nil:
			fmt.Println(shopper, "has it")
		case errors.As(err, &short):
			for _, l := range short.Lines {
				fmt.Printf("%s wants %d of %s, but %d are left\n", shopper, l.Want, l.Item, l.Have)
			}
		}
	}
	// Output:
	// asha has it
	// ravi wants 1 of product:1001, but 0 are left
}

// A request sent again, because its answer was lost, takes stock once.
func ExampleReserver() {
	ctx := context.Background()
	stock := memstore.NewStock(memstore.StockConfig{})
	kurta := inventory.ProductItem(1001)
	_ = stock.Receive(ctx, kurta.At(inventory.DefaultLocation), 5)

	var reserver inventory.Reserver = stock
	req := inventory.ReserveRequest{ID: "cart:9.1", Owner: "cart:9", Lines: []inventory.Line{{Item: kurta, Quantity: 2}}}
	first, _ := reserver.Reserve(ctx, req)
	again, _ := reserver.Reserve(ctx, req)
	fmt.Println("the same:", first.ExpiresAt.Equal(again.ExpiresAt))

	// The shopper takes one more. Nothing is let go in between.
	more := req
	more.ID, more.Replaces = "cart:9.2", "cart:9.1"
	more.Lines = []inventory.Line{{Item: kurta, Quantity: 3}}
	_, err := reserver.Reserve(ctx, more)
	fmt.Println("replaced:", err == nil)

	released, _ := reserver.Release(ctx, "cart:9.1")
	fmt.Println("the first is", released.State)
	// Output:
	// the same: true
	// replaced: true
	// the first is replaced
}

func ExamplePlan() {
	kurta := inventory.ProductItem(1001)
	levels := []inventory.Level{
		{Key: kurta.At("pune"), OnHand: 2},
		{Key: kurta.At("delhi"), OnHand: 4},
	}
	for _, qty := range []int64{2, 3, 5, 7} {
		held, err := inventory.Plan(levels, []inventory.Line{{Item: kurta, Quantity: qty}},
			[]inventory.Location{"pune", "delhi"}, inventory.SplitAllowed)
		fmt.Print(qty, ":")
		for _, h := range held {
			fmt.Printf(" %d from %s", h.Quantity, h.Key.Location)
		}
		if err != nil {
			fmt.Print(" ", err)
		}
		fmt.Println()
	}
	// Output:
	// 2: 2 from pune
	// 3: 3 from delhi
	// 5: 2 from pune 3 from delhi
	// 7: inventory: insufficient stock: product:1001 wants 7, has 6
}

// Someone edits the stock in wp-admin while five pieces are allocated.
func ExampleApply() {
	kurta := inventory.ProductItem(1001).At(inventory.DefaultLocation)
	level := inventory.Level{Key: kurta, OnHand: 6, Allocated: 5}

	level, posting, _ := inventory.Apply(level, inventory.Correct, -3)
	fmt.Printf("%d from %s to %s\n", posting.Quantity, posting.From, posting.To)
	fmt.Printf("on hand %d, allocated %d, oversold by %d\n", level.OnHand, level.Allocated, level.Oversold())

	_, _, err := inventory.Apply(level, inventory.Allocate, 1)
	fmt.Println(err)
	// Output:
	// 3 from available to adjustment
	// on hand 3, allocated 5, oversold by 2
	// inventory: insufficient stock: product:1001 wants 1, has 0
}
