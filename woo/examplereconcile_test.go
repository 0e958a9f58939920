package woo_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
	"github.com/ankkor/ankkor/woo/wootest"
)

// printed tells the shop keeper what happens to stock.
type printed struct{}

func (printed) StockEvents(_ context.Context, events ...inventory.StockEvent) error {
	for _, e := range events {
		fmt.Println(e.Kind, e.Item, e.Was, "->", e.Available)
	}
	return nil
}

// Somebody changes stock in wp-admin, and the webhook is lost. Reconciliation finds
// out: a fall is followed at once, a rise out of all proportion waits for a person.
func ExampleChanges() {
	ctx := context.Background()
	store, err := wootest.New(wootest.Config{TLS: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = store.Close() }()
	client, err := woo.New(woo.Config{
		URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: store.HTTPClient(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	stock := memstore.NewStock(memstore.StockConfig{})
	checkouts := memstore.NewCheckouts(stock)
	changes := woo.NewChanges(client)
	inStep, err := reconcile.New(reconcile.Config{
		Books: stock, Source: client, Feed: changes, Writer: changes, Journal: memstore.NewJournal(), Sink: printed{},
		RefOf: func(ctx context.Context, o reconcile.Order) (string, error) {
			id, err := checkouts.Find(ctx, checkout.Ref{Kind: checkout.RefStoreOrder, Value: strconv.FormatInt(o.ID, 10)})
			if errors.Is(err, checkout.ErrNotFound) {
				return "", nil
			}
			return string(id), err
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// A host calls go inStep.Run(ctx) beside its checkout's Run, and for webhooks:
	_ = func(ctx context.Context, c webhook.Change) error {
		switch c.Resource {
		case webhook.Product:
			return inStep.Changed(ctx, reconcile.Products, c.ID, 0)
		case webhook.Variation:
			return inStep.Changed(ctx, reconcile.Variations, c.ID, c.ParentID)
		case webhook.Order:
			return inStep.Changed(ctx, reconcile.Orders, c.ID, 0)
		}
		return nil
	}

	mug := inventory.ProductItem(16)
	levels, _ := client.Stock(ctx, []inventory.Item{mug}) // as the first checkout would
	_ = stock.SetLevels(ctx, levels)
	if _, err := inStep.Watch(ctx); err != nil {
		fmt.Println(err)
	}

	_ = store.SetStock(16, 2) // in wp-admin; nobody tells us
	report, err := inStep.Pass(ctx)
	fmt.Print(report.Text(), err, "\n")
	_, _ = inStep.Watch(ctx)

	_ = store.SetStock(16, 200) // twenty were delivered, and a key stuck
	report, err = inStep.Pass(ctx)
	fmt.Print(report.Text(), err, "\n")

	kept, err := inStep.Keep(ctx, report.Findings[0].ID, "asha", "a typo")
	there, _ := store.Stock(16)
	fmt.Println(kept.State, "by", kept.Decision.Actor, err, there.Quantity)
	// Output:
	// stock_changed product:16 0 -> 10
	// back_in_stock product:16 0 -> 10
	// decision_due product:16 10 -> 2
	// Stock read of 1 items: 0 agree, 1 corrected, 0 held back, 0 overtaken.
	//   product:16: 10 -> 2
	// To decide or to know:
	//   [1] product:16: the store has 2, we had 10; -8 is unexplained and was taken off
	// <nil>
	// stock_changed product:16 10 -> 2
	// low_stock product:16 10 -> 2
	// decision_due product:16 2 -> 200
	// Stock read of 1 items: 0 agree, 0 corrected, 1 held back, 0 overtaken.
	// To decide or to know:
	//   [2] product:16: the store has 200, we have 2; +198 is unexplained and waits
	// <nil>
	// kept by asha <nil> 2
}
