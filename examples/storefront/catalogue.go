package main

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo"
)

// cataloguePage is the shop's front.
type cataloguePage struct {
	Title      string
	Products   []card
	Categories []woo.Term
	Category   string
	Search     string
}

// card is one product in a list.
type card struct {
	Slug, Name string
	Kind       string // its first category
	Price      string
	Was        string // the price without the sale
	OnSale     bool
	Stock      stockNote
}

func (s *server) catalogue(w http.ResponseWriter, r *http.Request) error {
	page := cataloguePage{Category: r.FormValue("category"), Search: strings.TrimSpace(r.FormValue("q")), Categories: s.categories}
	products, err := s.list(r, woo.ProductFilter{Category: page.Category, Search: page.Search, Sort: woo.ByName, PageSize: 100})
	if err != nil {
		return err
	}
	stock, err := s.stockOf(r, products...)
	if err != nil {
		return err
	}
	for _, p := range products {
		if onShelf(p) {
			page.Products = append(page.Products, s.card(p, stock))
		}
	}
	slices.SortStableFunc(page.Products, soldOutLast)
	page.Title = s.titleOf(page)
	s.show(w, r, http.StatusOK, "catalogue", page)
	return nil
}

// list reads the products of a filter. One that cannot be read is left out rather than a reason to show nothing.
func (s *server) list(r *http.Request, filter woo.ProductFilter) ([]woo.Product, error) {
	var products []woo.Product
	for p, err := range s.woo.Products(r.Context(), filter) {
		var broken *woo.ProductError
		var refused *woo.InvalidError
		switch {
		case errors.As(err, &broken):
			s.log.WarnContext(r.Context(), "product left out", "error", err)
		case errors.As(err, &refused):
			return nil, nil // a search nobody can have meant finds nothing
		case err != nil:
			return nil, err
		default:
			products = append(products, p)
		}
	}
	return products, nil
}

// onShelf leaves out what nobody has put into a category yet.
func onShelf(p woo.Product) bool {
	return slices.ContainsFunc(p.Categories, func(t woo.Term) bool { return t.Slug != uncategorised })
}

func (s *server) titleOf(page cataloguePage) string {
	if page.Search != "" {
		return "Found for “" + page.Search + "”"
	}
	for _, t := range page.Categories {
		if t.Slug == page.Category {
			return t.Name
		}
	}
	return ""
}

func (s *server) card(p woo.Product, stock stockView) card {
	c := card{Slug: p.Slug, Name: p.Name, Price: s.price(p.Price), OnSale: p.OnSale && p.Type != woo.Grouped}
	if was := s.shown(p.Price.RegularText); c.OnSale && was != c.Price {
		c.Was = was
	}
	if onShelf(p) {
		c.Kind = p.Categories[0].Name
	}
	if p.Type == woo.Grouped && p.Price.Kind != woo.NoPrice {
		c.Price = "Parts " + c.Price
	}
	c.Stock = stock.of(p.Stock)
	switch {
	case p.Type == woo.Variable:
		c.Stock = stock.ofAny(p.Variations)
	case p.Type != woo.Simple:
		c.Stock = stockNote{Available: true}
	case p.Price.Kind == woo.NoPrice:
		c.Stock = stockNote{Tone: toneOut, Note: "Ask us"}
	}
	return c
}

// soldOutLast orders what can be had before what cannot.
func soldOutLast(a, b card) int {
	switch {
	case a.Stock.Available == b.Stock.Available:
		return 0
	case a.Stock.Available:
		return -1
	}
	return 1
}

// price is what a product costs, as this shop shows it.
func (s *shop) price(p woo.Price) string {
	switch p.Kind {
	case woo.Free:
		return "Free"
	case woo.NoPrice:
		return "Price on request"
	}
	return s.shown(p.Text)
}

// shown writes a price of the store the Indian way, however the store groups its digits.
func (s *shop) shown(text string) string {
	p, err := s.prices.ParsePrice(text)
	switch {
	case err != nil:
		return text
	case !p.Max.Valid:
		return "From " + rupees.Amount(p.Min)
	case p.Max.Decimal.Equal(p.Min):
		return rupees.Amount(p.Min)
	}
	return rupees.Amount(p.Min) + " – " + rupees.Amount(p.Max.Decimal)
}
