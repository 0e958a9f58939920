package memstore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func TestStockAsTheStoreOfRecord(t *testing.T) {
	stock := memstore.NewStock(memstore.StockConfig{})
	pune := lastPiece.Item.At("pune")
	err := stock.SetLevels(t.Context(), []inventory.Level{
		{Key: lastPiece, OnHand: 9, Allocated: 3, Revision: 4},
		{Key: pune, OnHand: 1, Policy: inventory.Backorder, BackorderLimit: 5, Revision: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wantPiece(stock, "first"); err != nil {
		t.Fatal(err)
	}
	got, err := stock.Stock(t.Context(), []inventory.Item{lastPiece.Item, "product:404"})
	if err != nil {
		t.Fatal(err)
	}
	want := []inventory.Level{
		{Key: lastPiece, OnHand: 9, Policy: inventory.Deny},
		{Key: pune, OnHand: 1, Policy: inventory.Backorder, BackorderLimit: 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := stock.Stock(t.Context(), []inventory.Item{"{x}"}); !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("a malformed item: %v", err)
	}
}

func TestStockBooksWhatItIsTold(t *testing.T) {
	stock := memstore.NewStock(memstore.StockConfig{})
	level := inventory.Level{Key: lastPiece, OnHand: 9, Allocated: 3, Revision: 1}
	for _, next := range []inventory.Level{level, {Key: lastPiece, OnHand: 7, Allocated: 4, Revision: 2}, level} {
		if err := stock.SetLevels(t.Context(), []inventory.Level{next}); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := stock.Entries(t.Context(), inventory.LedgerQuery{})
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Kind     inventory.MoveKind
		From, To inventory.Account
		Quantity int64
	}
	var got []line
	for _, e := range entries {
		got = append(got, line{e.Kind, e.From, e.To, e.Quantity})
	}
	want := []line{
		{inventory.Receive, inventory.AccountSupplier, inventory.AccountAvailable, 6},
		{inventory.Receive, inventory.AccountSupplier, inventory.AccountAllocated, 3},
		{inventory.Correct, inventory.AccountAvailable, inventory.AccountAdjustment, 3},
		{inventory.Correct, inventory.AccountAdjustment, inventory.AccountAllocated, 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReceive(t *testing.T) {
	stock := memstore.NewStock(memstore.StockConfig{})
	if err := stock.Receive(t.Context(), lastPiece, 0); !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("nothing received: %v", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stock.Receive(done, lastPiece, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
	if _, err := stock.Entries(done, inventory.LedgerQuery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
	if levels, err := stock.Levels(t.Context(), []inventory.Item{lastPiece.Item}); err != nil || len(levels) != 0 {
		t.Errorf("got %+v, %v; want nothing", levels, err)
	}
}
