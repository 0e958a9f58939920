package pgstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

func TestReadingsConform(t *testing.T) {
	s := newShop(t)
	first, second := s.open(), s.open()
	inventorytest.RunReadings(t, func(testing.TB) inventorytest.Harness {
		s.empty()
		return inventorytest.Harness{
			Reserver: first, Levels: first, Mover: first, Ledger: first, Clients: []inventory.Reserver{second}, Advance: s.advance,
		}
	})
}

func TestJournalConforms(t *testing.T) {
	s := newShop(t)
	journal := s.open().Journal()
	inventorytest.RunJournal(t, func(testing.TB) reconcile.Journal {
		s.empty()
		return journal
	})
}
