package warehouse_test

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
)

var network = warehouse.Network{
	Warehouses: []warehouse.Warehouse{
		{Location: "delhi", State: "DL", PIN: "110001", Priority: 1},
		{Location: "bengaluru", State: "KA", PIN: "560001", Priority: 2},
		{Location: "kochi", State: "KL", PIN: "682001", Priority: 3},
	},
	Chooser: warehouse.FewestParcels{Then: warehouse.Nearest{}},
}

// A mug and a sari go to Mysuru. Bengaluru is near but has no sari; one parcel from Kochi is better than two.
func ExampleNetwork_Choose() {
	mug, sari := inventory.ProductItem(11), inventory.ProductItem(12)
	levels := []inventory.Level{
		{Key: mug.At("bengaluru"), OnHand: 9},
		{Key: mug.At("delhi"), OnHand: 9}, {Key: sari.At("delhi"), OnHand: 9},
		{Key: mug.At("kochi"), OnHand: 9}, {Key: sari.At("kochi"), OnHand: 9},
	}
	lines := []inventory.Line{{Item: mug, Quantity: 1}, {Item: sari, Quantity: 1}}
	best, others, err := network.Choose(context.Background(), warehouse.Request{
		To: warehouse.Destination{State: "KA", PIN: "570 001"}, Lines: lines, Levels: levels,
	})
	fmt.Println(best, others, err)
	// Output: [kochi] [delhi bengaluru] <nil>
}

// Goods travel for two days. On the road they are counted, but nobody can buy them.
func ExampleStockroom() {
	ctx := context.Background()
	mug := inventory.ProductItem(11)
	stock := memstore.NewStock(memstore.StockConfig{})
	_ = stock.Receive(ctx, mug.At("delhi"), 10)

	room := warehouse.NewStockroom(stock, nil)
	lines := []inventory.Line{{Item: mug, Quantity: 4}}
	levels, err := room.Transfer(ctx, warehouse.Transfer{ID: "lorry-7", From: "delhi", To: "transit", Lines: lines, Actor: "meera"})
	fmt.Println(network.Counts(levels, mug), err)
	levels, err = room.Transfer(ctx, warehouse.Transfer{ID: "lorry-7-in", From: "transit", To: "kochi", Lines: lines, Actor: "joseph"})
	fmt.Println(network.Counts(levels, mug), err)
	// Output:
	// [{delhi 6 false} {bengaluru 0 false} {kochi 0 false}] <nil>
	// [{delhi 6 false} {bengaluru 0 false} {kochi 4 false}] <nil>
}
