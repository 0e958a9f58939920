package main

import (
	"encoding/json"
	"errors"
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
}

// stockRow is one item's level beside what WooCommerce itself says.
type stockRow struct {
	Level inventory.Level
	Woo   int64
}

// Most rows of each list.
const mostRows = 100

func (s *server) counter(w http.ResponseWriter, r *http.Request) error {
	var page counterPage
	var err error
	if page.Ledger, err = s.stock.Entries(r.Context(), inventory.LedgerQuery{}); err != nil {
		return err
	}
	if page.Stock, err = s.stockRows(r, page.Ledger); err != nil {
		return err
	}
	slices.Reverse(page.Ledger)
	page.Ledger = page.Ledger[:min(mostRows, len(page.Ledger))]
	records, err := s.records.All()
	if err != nil {
		return err
	}
	for _, record := range records[:min(mostRows, len(records))] {
		explained, err := s.checkout.Explain(r.Context(), record.ID)
		if err != nil {
			return err
		}
		page.Checkouts = append(page.Checkouts, explained)
	}
	page.Orders = s.store.Orders()
	slices.Reverse(page.Orders)
	s.show(w, r, http.StatusOK, "counter", page)
	return nil
}

// stockRows lists every item the ledger knows.
func (s *server) stockRows(r *http.Request, ledger []inventory.Entry) ([]stockRow, error) {
	var items []inventory.Item
	for _, e := range ledger {
		items = append(items, e.Key.Item)
	}
	slices.Sort(items)
	levels, err := s.checkout.Levels(r.Context(), slices.Compact(items)...)
	if err != nil {
		return nil, err
	}
	var rows []stockRow
	for _, level := range levels {
		row := stockRow{Level: level}
		if id, ok := idOf(level.Key.Item); ok {
			if stock, err := s.store.Stock(id); err == nil {
				row.Woo = stock.Quantity
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// setStock counts an item anew, in WooCommerce and here.
func (s *server) setStock(w http.ResponseWriter, r *http.Request) error {
	item, err := inventory.ParseItem(r.PostFormValue("item"))
	if err != nil {
		return errForm
	}
	quantity, err := strconv.ParseInt(r.PostFormValue("quantity"), 10, 64)
	id, known := idOf(item)
	if err != nil || !known || quantity < 0 {
		return errForm
	}
	if err := s.store.SetStock(id, quantity); err != nil {
		return err
	}
	if err := s.recount(r, item, quantity); err != nil {
		return err
	}
	http.Redirect(w, r, "/counter", http.StatusSeeOther)
	return nil
}

// recount makes our own level follow.
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
		Carrier: "By hand", Tracking: r.PostFormValue("tracking"),
	}, "counter")
	return backToCounter(w, r, err)
}

func (s *server) deliver(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.RecordDelivery(r.Context(), checkout.ID(r.PathValue("id")), time.Now(), "counter")
	return backToCounter(w, r, err)
}

func backToCounter(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/counter", http.StatusSeeOther)
	return nil
}

// pincode answers the address form's script.
func (s *server) pincode(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	known, err := s.pins.Pincode(r.Context(), r.PathValue("pin"))
	switch {
	case errors.Is(err, checkout.ErrUnknownPincode):
		known = checkout.Pincode{}
	case errors.Is(err, checkout.ErrInvalid):
		w.WriteHeader(http.StatusUnprocessableEntity)
	case err != nil:
		return err
	}
	return json.NewEncoder(w).Encode(map[string]any{"districts": known.Districts, "states": known.States})
}
