package main

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
)

// cataloguePage is the shop's front.
type cataloguePage struct {
	Products   []card
	Categories []woo.Term
	Category   string
	Search     string
}

// card is one product in a list.
type card struct {
	ID         int64
	Slug, Name string
	Price      string
	Was        string // the price without the sale
	OnSale     bool
	Note       string // "Sold out", "Only 2 left"
}

func (s *server) catalogue(w http.ResponseWriter, r *http.Request) error {
	page := cataloguePage{Category: r.FormValue("category"), Search: strings.TrimSpace(r.FormValue("q"))}
	filter := woo.ProductFilter{Category: page.Category, Search: page.Search, Sort: woo.ByName, PageSize: 100}
	terms := map[string]woo.Term{}
	var products []woo.Product
	for p, err := range s.woo.Products(r.Context(), filter) {
		var broken *woo.ProductError
		if errors.As(err, &broken) {
			s.log.WarnContext(r.Context(), "product left out", "error", err)
			continue
		}
		if err != nil {
			return err
		}
		products = append(products, p)
		for _, t := range p.Categories {
			terms[t.Slug] = t
		}
	}
	levels, err := s.levels(r, products...)
	if err != nil {
		return err
	}
	for _, p := range products {
		page.Products = append(page.Products, newCard(p, levels))
	}
	for _, t := range terms {
		page.Categories = append(page.Categories, t)
	}
	slices.SortFunc(page.Categories, func(a, b woo.Term) int { return cmp.Compare(a.Name, b.Name) })
	s.show(w, r, http.StatusOK, "catalogue", page)
	return nil
}

func newCard(p woo.Product, levels map[inventory.Item]inventory.Level) card {
	c := card{ID: p.ID, Slug: p.Slug, Name: p.Name, Price: p.Price.Text, OnSale: p.OnSale}
	if p.OnSale && p.Price.RegularText != p.Price.Text {
		c.Was = p.Price.RegularText
	}
	switch p.Price.Kind {
	case woo.Free:
		c.Price = "Free"
	case woo.NoPrice:
		c.Price = "Price on request"
	}
	if p.Type == woo.Simple {
		c.Note = availability(p.Stock, levels).Note
	}
	return c
}

// stockNote says how many pieces a shopper can have.
type stockNote struct {
	Available bool
	Most      int64 // 0 for no limit
	Note      string
}

// availability is what the store counts, less what other shoppers hold.
func availability(stock woo.Stock, levels map[inventory.Item]inventory.Level) stockNote {
	if !stock.Managed || stock.Backorders {
		note := stockNote{Available: stock.Available()}
		if !note.Available {
			note.Note = "Sold out"
		} else if stock.Managed && stock.Quantity <= 0 {
			note.Note = "On backorder"
		}
		return note
	}
	left := stock.Quantity
	if level, known := levels[stock.Item]; known {
		left = level.Available()
	}
	switch {
	case left <= 0:
		return stockNote{Note: "Sold out"}
	case left <= 5:
		return stockNote{Available: true, Most: left, Note: "Only " + count(left) + " left"}
	}
	return stockNote{Available: true, Most: left}
}

// levels reads what is known here of the products' stock. What was never reserved is not known here, and the store's own
// number holds.
func (s *server) levels(r *http.Request, products ...woo.Product) (map[inventory.Item]inventory.Level, error) {
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
		return nil, err
	}
	known := map[inventory.Item]inventory.Level{}
	for _, l := range levels {
		known[l.Key.Item] = l
	}
	return known, nil
}
