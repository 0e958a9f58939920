package main

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo/wootest"
)

// counterPage is what the shop's staff see. A real shop asks them to sign in first.
type counterPage struct {
	Stock     []stockRow
	Ledger    []inventory.Entry // newest first
	Checkouts []checkout.Explanation
	Orders    []wootest.Order // newest first
	Names     map[inventory.Item]string
	Conserved bool // the ledger and the levels agree to the piece
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
	ledger, err := s.stock.Entries(r.Context(), inventory.LedgerQuery{})
	if err != nil {
		return err
	}
	page := counterPage{Names: s.counted, Conserved: true, Orders: s.store.Orders()}
	if page.Stock, err = s.stockRows(r); err != nil {
		return err
	}
	for _, row := range page.Stock {
		page.Conserved = page.Conserved && inventory.Conserved(ledger, row.Level) == nil
	}
	slices.Reverse(ledger)
	slices.Reverse(page.Orders)
	page.Ledger, page.Orders = first(ledger), first(page.Orders)
	if page.Checkouts, err = s.explained(r); err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "counter", page)
	return nil
}

func first[T any](list []T) []T { return list[:min(mostRows, len(list))] }

// explained are the newest checkouts, each with what happens next.
func (s *server) explained(r *http.Request) ([]checkout.Explanation, error) {
	records, err := s.records.All()
	if err != nil {
		return nil, err
	}
	var out []checkout.Explanation
	for _, record := range first(records) {
		e, err := s.checkout.Explain(r.Context(), record.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
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

// setStock counts an item anew, here and in WooCommerce. A count below what is claimed stands: claims are kept, and what
// is available becomes negative until somebody finds the pieces or cancels.
func (s *server) setStock(w http.ResponseWriter, r *http.Request) error {
	item, err := inventory.ParseItem(r.PostFormValue("item"))
	if err != nil || s.counted[item] == "" {
		return errForm
	}
	quantity, err := strconv.ParseInt(r.PostFormValue("quantity"), 10, 64)
	id, known := idOf(item)
	if err != nil || !known || quantity < 0 {
		return errForm
	}
	if err = s.recount(r, item, quantity); err == nil {
		err = s.store.SetStock(id, quantity)
	}
	return backToCounter(w, r, err)
}

// recount moves our own level to the quantity.
func (s *server) recount(r *http.Request, item inventory.Item, quantity int64) error {
	levels, err := s.checkout.Levels(r.Context(), item)
	if err != nil || len(levels) == 0 || levels[0].OnHand == quantity {
		return err
	}
	_, err = s.stock.Move(r.Context(), inventory.Move{
		Kind: inventory.Adjust, Ref: "counter", Actor: "counter", Reason: "counted",
		Lines: []inventory.Held{{Key: levels[0].Key, Quantity: quantity - levels[0].OnHand}},
	})
	return err
}

// idOf is WooCommerce's id of an item such as "product:11".
func idOf(item inventory.Item) (int64, bool) {
	_, digits, _ := strings.Cut(string(item), ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil
}

func (s *server) ship(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.RecordShipment(r.Context(), checkout.ID(r.PathValue("id")), checkout.Shipment{
		Carrier: "India Post", Tracking: strings.TrimSpace(r.PostFormValue("tracking")),
	}, "counter")
	return backToCounter(w, r, err)
}

func (s *server) deliver(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.RecordDelivery(r.Context(), checkout.ID(r.PathValue("id")), time.Now(), "counter")
	return backToCounter(w, r, err)
}

func (s *server) retry(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.Retry(r.Context(), checkout.ID(r.PathValue("id")), "counter")
	return backToCounter(w, r, err)
}

func backToCounter(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/counter", http.StatusSeeOther)
	return nil
}
