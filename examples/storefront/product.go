package main

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// productPage is one product.
type productPage struct {
	Product  woo.Product
	Card     card
	Choices  []choice     // of a variable product
	Variants []variantRow // what can be had of it
	Now      *variantRow  // the one that is chosen
	Members  []card       // of a set
	Buyable  bool
	Problem  string // why the last attempt to add it failed
}

// choice is one attribute to pick a value of.
type choice struct {
	woo.Attribute
	Chosen string
}

// variantRow is one variation, for the table on the page and for its script.
type variantRow struct {
	Label      string            `json:"-"`
	Attributes map[string]string `json:"attributes"`
	Price      string            `json:"price"`
	Available  bool              `json:"available"`
	Note       string            `json:"note"`
	Tone       string            `json:"tone"`
}

func (s *server) product(w http.ResponseWriter, r *http.Request) error {
	p, err := s.woo.Product(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	return s.showProduct(w, r, http.StatusOK, p, "")
}

func (s *server) showProduct(w http.ResponseWriter, r *http.Request, status int, p woo.Product, problem string) error {
	stock, err := s.stockOf(r, p)
	if err != nil {
		return err
	}
	page := productPage{Product: p, Card: s.card(p, stock), Problem: problem}
	switch p.Type {
	case woo.Variable:
		page.Choices, page.Variants = choices(r, p), s.variants(p, stock)
		page.Buyable = page.Card.Stock.Available && len(page.Variants) > 0
		page.Now = chosenVariant(page)
	case woo.Grouped:
		if page.Members, err = s.members(r, p); err != nil {
			return err
		}
	default:
		page.Buyable = p.Purchasable && page.Card.Stock.Available
	}
	s.show(w, r, status, "product", page)
	return nil
}

// members are the cards of a set's parts.
func (s *server) members(r *http.Request, p woo.Product) ([]card, error) {
	var ids []int64
	for _, m := range p.Members {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	parts, err := s.list(r, woo.ProductFilter{IDs: ids})
	if err != nil {
		return nil, err
	}
	stock, err := s.stockOf(r, parts...)
	if err != nil {
		return nil, err
	}
	var cards []card
	for _, part := range parts {
		cards = append(cards, s.card(part, stock))
	}
	return cards, nil
}

// choices are the attributes to pick from. What the form said comes first, then the shop's own default.
func choices(r *http.Request, p woo.Product) []choice {
	var out []choice
	for _, a := range p.Attributes {
		if !a.Variations {
			continue
		}
		chosen := p.Defaults[a.Name]
		if said, ok := r.Form["attribute_"+a.Name]; ok {
			chosen = said[0]
		}
		out = append(out, choice{Attribute: a, Chosen: chosen})
	}
	return out
}

func (s *server) variants(p woo.Product, stock stockView) []variantRow {
	var rows []variantRow
	for _, v := range p.Variations {
		if !v.Purchasable {
			continue
		}
		note := stock.of(v.Stock)
		rows = append(rows, variantRow{
			Label: variantLabel(p, v), Attributes: v.Attributes, Price: s.price(v.Price),
			Available: note.Available, Note: note.Note, Tone: note.Tone,
		})
	}
	return rows
}

// chosenVariant finds the variation that the choices name, if they name one.
func chosenVariant(page productPage) *variantRow {
	picked := map[string]string{}
	for _, c := range page.Choices {
		if c.Chosen == "" {
			return nil
		}
		picked[c.Name] = c.Chosen
	}
	for i := range page.Variants {
		if _, ok := fits(page.Variants[i].Attributes, picked); ok {
			return &page.Variants[i]
		}
	}
	return nil
}

// variantLabel names a variation by its values: "M · Indigo".
func variantLabel(p woo.Product, v woo.Variation) string {
	var parts []string
	for _, a := range p.Attributes {
		value, stands := v.Attributes[a.Name]
		if !stands {
			continue
		}
		label := "any " + strings.ToLower(a.Label)
		if i := slices.IndexFunc(a.Options, func(o woo.Option) bool { return o.Value == value }); i >= 0 {
			label = a.Options[i].Label
		}
		parts = append(parts, label)
	}
	return strings.Join(parts, " · ")
}

// chosenItem finds what the form asks for: the product itself, or the variation its attributes name. Problem says what is
// wrong with the form.
func chosenItem(r *http.Request, p woo.Product) (ref cart.ItemRef, problem string) {
	if p.Type != woo.Variable {
		return cart.ItemRef{ProductID: p.ID}, ""
	}
	picked := map[string]string{}
	for _, c := range choices(r, p) {
		if c.Chosen == "" {
			return ref, "Please choose one of each."
		}
		picked[c.Name] = c.Chosen
	}
	for _, v := range p.Variations {
		if open, ok := fits(v.Attributes, picked); ok && v.Purchasable {
			return cart.ItemRef{ProductID: p.ID, VariationID: v.ID, Attributes: open}, ""
		}
	}
	return ref, "That combination is not made."
}

// fits reports whether a variation's attributes stand for what was picked, and what they leave open.
func fits(attributes, picked map[string]string) (open map[string]string, ok bool) {
	open = map[string]string{}
	for name, value := range attributes {
		switch {
		case value == "":
			open[name] = picked[name]
		case value != picked[name]:
			return nil, false
		}
	}
	return open, true
}
