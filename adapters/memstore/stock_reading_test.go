package memstore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

func TestReadingsConform(t *testing.T) { inventorytest.RunReadings(t, newStockHarness) }

func TestJournalConforms(t *testing.T) {
	inventorytest.RunJournal(t, func(testing.TB) reconcile.Journal { return memstore.NewJournal() })
}

func TestReadingsOfADoneContext(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	stock, journal := memstore.NewStock(memstore.StockConfig{}), memstore.NewJournal()
	_, tickets := stock.Tickets(done, []inventory.Item{lastPiece.Item})
	_, apply := stock.ApplyReadings(done, nil)
	_, settle := stock.Settle(done, inventory.Settlement{Ref: "order:1"})
	_, standings := stock.Standings(done, inventory.StandingQuery{Limit: 1})
	_, cursor := journal.Cursor(done, "x")
	_, save := journal.SaveCursor(done, reconcile.Cursor{})
	_, _, record := journal.Record(done, reconcile.Finding{})
	_, findings := journal.Findings(done, reconcile.FindingQuery{})
	_, end := journal.End(done, "1", reconcile.Decision{State: reconcile.Kept, Actor: "asha"})
	for i, err := range []error{tickets, apply, settle, standings, cursor, save, record, findings, end} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}
