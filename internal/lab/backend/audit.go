package backend

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo/wootest"
)

// Books opens the server's own database for a look.
func (b *Backend) Books(tb testing.TB) *pgstore.Store {
	tb.Helper()
	db, err := sqlx.Open("pgx", b.database)
	if err != nil {
		tb.Fatal("the database cannot be opened")
	}
	tb.Cleanup(func() { _ = db.Close() })
	store, err := pgstore.New(tb.Context(), db, pgstore.Config{Schema: b.schema})
	if err != nil {
		tb.Fatal(err)
	}
	return store
}

// Settled says whether every checkout has come to rest: nothing is due, and nothing waits to be told.
func (b *Backend) Settled(ctx context.Context, bought []Checkout, books *pgstore.Store) bool {
	for _, c := range bought {
		r, err := books.Load(ctx, c.ID)
		if err != nil || r.Order == nil || r.Stock != checkout.StockConfirmed || len(r.Intents) > 0 {
			return false
		}
	}
	return true
}

// Report is what an audit found.
type Report struct {
	Orders     int   // that took effect in the store
	Charged    int64 // paise that the gateway holds
	Ordered    int64 // paise of the orders paid online
	Difference int64 // pieces: what the ledger has against what the store has, over all products
}

// Audit holds the three books against each other: the ledger's pieces against the store's, the store's orders against the
// checkouts, the gateway's money against the orders. Call it when everything is settled; bought are the checkouts
// that were told so.
func (b *Backend) Audit(tb testing.TB, bought []Checkout) Report {
	tb.Helper()
	books := b.Books(tb)
	report := b.auditOrders(tb, bought)
	for _, id := range b.Goods {
		difference, err := b.auditItem(tb.Context(), books, id)
		if err != nil {
			tb.Errorf("product %d: %v", id, err)
		}
		if difference != 0 {
			tb.Errorf("product %d: the ledger has %+d pieces against the store", id, difference)
		}
		report.Difference += max(difference, -difference)
	}
	if report.Charged != report.Ordered {
		tb.Errorf("the gateway holds %d paise for orders of %d", report.Charged, report.Ordered)
	}
	return report
}

// Item names a product's stock.
func Item(product int64) string { return string(inventory.ProductItem(product)) }

// auditItem compares one product: its ledger is balanced, nothing is oversold, and the store has as many pieces.
func (b *Backend) auditItem(ctx context.Context, books *pgstore.Store, id int64) (difference int64, err error) {
	item := inventory.ProductItem(id)
	levels, err := books.Levels(ctx, []inventory.Item{item})
	if err != nil || len(levels) != 1 {
		return 0, fmt.Errorf("%d levels: %w", len(levels), err)
	}
	entries, err := ledger(ctx, books, item)
	if err != nil {
		return 0, err
	}
	there, err := b.Store.Stock(id)
	if err != nil {
		return 0, err
	}
	if levels[0].Oversold() > 0 {
		err = fmt.Errorf("oversold by %d", levels[0].Oversold())
	}
	return levels[0].OnHand - levels[0].Allocated - there.Quantity, errors.Join(err, inventory.Conserved(entries, levels[0]))
}

// ledger reads an item's whole ledger, page by page.
func ledger(ctx context.Context, books *pgstore.Store, item inventory.Item) (all []inventory.Entry, err error) {
	q := inventory.LedgerQuery{Item: item, Limit: inventory.MaxLedgerLimit}
	for {
		page, err := books.Entries(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < q.Limit {
			return all, nil
		}
		q.After = page[len(page)-1].Seq
	}
}

// auditOrders wants one order in effect for each checkout that was told "yours", none beside them, each for the money
// that the gateway took for it.
func (b *Backend) auditOrders(tb testing.TB, bought []Checkout) (report Report) {
	tb.Helper()
	byNumber := map[string]wootest.Order{}
	for _, o := range b.Store.Orders() {
		if o.Status == "processing" || o.Status == "completed" || o.Status == "on-hold" {
			byNumber[o.Number] = o
			report.Orders++
		}
	}
	if report.Orders != len(bought) {
		tb.Errorf("%d orders took effect for %d checkouts", report.Orders, len(bought))
	}
	for _, c := range bought {
		o, ok := byNumber[c.OrderNumber]
		if !ok {
			tb.Errorf("checkout %s has no order in effect (%q)", c.ID, c.OrderNumber)
			continue
		}
		delete(byNumber, c.OrderNumber)
		if !o.Total.Equal(c.Quote.Totals.Total.Decimal()) {
			tb.Errorf("order %s totals %s, agreed were %s", o.Number, o.Total, c.Quote.Totals.Total)
		}
		report.Ordered += o.Total.Shift(2).IntPart()
		report.Charged += b.charged(c.Gateway.OrderID)
	}
	return report
}

// charged is what the gateway holds for one of its orders, in paise.
func (b *Backend) charged(order string) (paise int64) {
	for _, p := range b.Gateway.Payments(order) {
		if p.Captured {
			paise += p.Amount - p.AmountRefunded
		}
	}
	return paise
}

// Latest reads the checkouts again, each by its own shopper, as the shop shows them now.
func Latest(ctx context.Context, books *pgstore.Store, bought []Checkout) ([]Checkout, error) {
	latest := slices.Clone(bought)
	for i, c := range latest {
		r, err := books.Load(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if r.Order != nil {
			latest[i].OrderNumber = r.Order.Number
		}
		latest[i].Status = r.Status()
	}
	return latest, nil
}
