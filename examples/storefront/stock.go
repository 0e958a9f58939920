package main

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
)

// stockNote says what a shopper can have of something.
type stockNote struct {
	Available bool
	Most      int64 // pieces, 0 for no limit
	Tone      string
	Note      string
}

// How a note is coloured.
const (
	toneGood = "good"
	toneLow  = "low"
	toneOut  = "out"
)

// few is from how many pieces on the page says how many are left.
const few = 5

// stockView is the stock as one shopper sees it: what the shop has, less what other shoppers hold.
type stockView struct {
	levels map[inventory.Item]inventory.Level
	mine   map[inventory.Item]int64 // held for this shopper
}

// stockOf reads the stock of products.
func (s *server) stockOf(r *http.Request, products ...woo.Product) (stockView, error) {
	var items []inventory.Item
	for _, p := range products {
		items = append(items, p.Stock.Item)
		for _, v := range p.Variations {
			items = append(items, v.Stock.Item)
		}
	}
	items = slices.DeleteFunc(items, func(i inventory.Item) bool { return i == "" })
	slices.Sort(items)
	levels, err := s.checkout.Levels(r.Context(), slices.Compact(items)...)
	if err != nil {
		return stockView{}, err
	}
	v := stockView{levels: map[inventory.Item]inventory.Level{}}
	for _, l := range levels {
		v.levels[l.Key.Item] = l
	}
	v.mine, err = s.heldFor(r)
	return v, err
}

// heldFor is what the shopper's own checkout holds.
func (s *server) heldFor(r *http.Request) (map[inventory.Item]int64, error) {
	who, err := s.guests.Identify(r)
	if err != nil {
		return nil, nil //nolint:nilerr // nobody we know holds nothing
	}
	record, err := s.checkout.Current(r.Context(), cart.Owner(who.Owner()))
	if errors.Is(err, checkout.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	mine := map[inventory.Item]int64{}
	if held := record.Reservation; held != nil && !held.Released && time.Now().Before(held.ExpiresAt) {
		for _, h := range held.Held {
			mine[h.Key.Item] += h.Quantity
		}
	}
	return mine, nil
}

// of says what can be had of one stock.
func (v stockView) of(stock woo.Stock) stockNote {
	if !stock.Managed || stock.Backorders {
		switch {
		case !stock.Available():
			return stockNote{Tone: toneOut, Note: "Sold out"}
		case stock.Managed && stock.Quantity <= 0:
			return stockNote{Available: true, Tone: toneLow, Note: "Made to order"}
		}
		return stockNote{Available: true, Tone: toneGood}
	}
	left, others := stock.Quantity, int64(0)
	if level, known := v.levels[stock.Item]; known {
		mine := v.mine[stock.Item]
		left, others = level.Available()+mine, level.Reserved-mine
	}
	switch {
	case left > few:
		return stockNote{Available: true, Most: left, Tone: toneGood}
	case left > 0:
		return stockNote{Available: true, Most: left, Tone: toneLow, Note: "Only " + count(left) + " left"}
	case others > 0:
		return stockNote{Tone: toneOut, Note: "In somebody’s checkout just now"}
	}
	return stockNote{Tone: toneOut, Note: "Sold out"}
}

// ofAny says whether any of the variations can be had. Without variations at hand it does not say no.
func (v stockView) ofAny(variations []woo.Variation) stockNote {
	for _, variation := range variations {
		if variation.Purchasable && v.of(variation.Stock).Available {
			return stockNote{Available: true, Tone: toneGood}
		}
	}
	if len(variations) > 0 {
		return stockNote{Tone: toneOut, Note: "Sold out"}
	}
	return stockNote{Available: true, Tone: toneGood}
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
