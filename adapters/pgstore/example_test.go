package pgstore_test

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// A shop's server makes the pool, brings the schema up to date, and hands the store to the checkout service.
func ExampleNew() {
	ctx := context.Background()
	config, err := pgx.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		fmt.Println(err)
		return
	}
	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	defer db.Close()
	db.SetMaxOpenConns(16)
	if err := pgstore.Migrate(ctx, db, pgstore.Config{}); err != nil {
		fmt.Println(err)
		return
	}
	store, err := pgstore.New(ctx, db, pgstore.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	kurta := inventory.ProductItem(1001).At(inventory.DefaultLocation)
	levels, err := store.Move(ctx, inventory.Move{
		Kind: inventory.Receive, Reason: "delivery note 77", Actor: "asha",
		Lines: []inventory.Held{{Key: kurta, Quantity: 12}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(levels[0].OnHand, "on hand")
	_ = checkout.Config{Store: store} // and the other ports
}
