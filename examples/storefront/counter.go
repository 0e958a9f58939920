package main

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo/wootest"
)

// counterPage is what the shop's staff see. A real shop asks them to sign in first.
type counterPage struct {
	Stock     []stockRow
	Ledger    []inventory.Entry // newest first
	Checkouts []checkout.Explanation
	Stuck     int             // of the checkouts, how many wait for a person
	Unshown   int             // checkouts that are left out
	Orders    []wootest.Order // newest first
	Names     map[inventory.Item]string
	Conserved bool   // the ledger and the levels agree to the piece
	Problem   string // why what was asked for did not happen
	Most      int64  // the largest count
}

// stockRow is one item's level beside what WooCommerce itself says.
type stockRow struct {
	Name  string
	Level inventory.Level
	Woo   int64
}

// mostRows is the length of each list.
const mostRows = 60

func (s *server) counter(w http.ResponseWriter, r *http.Request) error {
	return s.showCounter(w, r, http.StatusOK, "")
}

func (s *server) showCounter(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	ledger, err := s.stock.Entries(r.Context(), inventory.LedgerQuery{})
	if err != nil {
		return err
	}
	page := counterPage{Names: s.counted, Conserved: true, Orders: s.store.Orders(), Problem: problem, Most: inventory.MaxQuantity}
	if page.Stock, err = s.stockRows(r); err != nil {
		return err
	}
	for _, row := range page.Stock {
		page.Conserved = page.Conserved && inventory.Conserved(ledger, row.Level) == nil
	}
	slices.Reverse(ledger)
	slices.Reverse(page.Orders)
	page.Ledger, page.Orders = first(ledger), first(page.Orders)
	if err := s.explained(r, &page); err != nil {
		return err
	}
	s.show(w, r, status, "counter", page)
	return nil
}

func first[T any](list []T) []T { return list[:min(mostRows, len(list))] }

// explained fills in the checkouts, each with what happens next: all that wait for a person or have something to say to
// one, however old, then the newest others.
func (s *server) explained(r *http.Request, page *counterPage) error {
	records, err := s.records.All()
	if err != nil {
		return err
	}
	slices.SortStableFunc(records, func(a, b checkout.Record) int { return urgency(b) - urgency(a) })
	calm := slices.IndexFunc(records, func(r checkout.Record) bool { return urgency(r) == 0 })
	shown := min(len(records), max(mostRows, calm))
	if calm < 0 {
		shown = len(records)
	}
	page.Unshown = len(records) - shown
	for _, record := range records[:shown] {
		e, err := s.checkout.Explain(r.Context(), record.ID)
		if err != nil {
			return err
		}
		if e.Record.Stuck() {
			page.Stuck++
		}
		page.Checkouts = append(page.Checkouts, e)
	}
	return nil
}

// urgency orders checkouts for staff: those that cannot go on without them come first.
func urgency(r checkout.Record) int {
	switch {
	case r.Stuck():
		return 2
	case len(r.Alerts) > 0:
		return 1
	}
	return 0
}

// stockRows lists everything that is counted, what moved first.
func (s *server) stockRows(r *http.Request) ([]stockRow, error) {
	levels, err := s.checkout.Levels(r.Context(), slices.Sorted(maps.Keys(s.counted))...)
	if err != nil {
		return nil, err
	}
	var rows []stockRow
	for _, level := range levels {
		row := stockRow{Name: s.counted[level.Key.Item], Level: level}
		if id, ok := idOf(level.Key.Item); ok {
			if stock, err := s.store.Stock(id); err == nil {
				row.Woo = stock.Quantity
			}
		}
		rows = append(rows, row)
	}
	moved := func(row stockRow) int {
		return int(min(1, row.Level.Reserved+row.Level.Allocated+row.Level.Sold+row.Level.Shipped))
	}
	slices.SortStableFunc(rows, func(a, b stockRow) int {
		return cmp.Or(moved(b)-moved(a), cmp.Compare(a.Name, b.Name))
	})
	return rows, nil
}
