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
	Parts    []part       // of a set
	Buyable  bool
	Taxed    bool   // GST is in the price that is shown
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
	page := productPage{Product: p, Card: s.card(p, stock), Problem: problem, Taxed: gstInside(p)}
	switch p.Type {
	case woo.Variable:
		page.Choices, page.Variants = choices(r, p), s.variants(p, stock)
		page.Buyable = page.Card.Stock.Available && len(page.Variants) > 0
		page.Now = chosenVariant(page)
	case woo.Grouped:
		if page.Parts, err = s.parts(r, p); err != nil {
			return err
		}
		page.Buyable = slices.ContainsFunc(page.Parts, func(p part) bool { return p.Buyable })
	default:
		page.Buyable = p.Purchasable && page.Card.Stock.Available
	}
	s.show(w, r, status, "product", page)
	return nil
}

// gstInside reports whether the price on the page contains tax. What is free contains none, and what another shop sells is
// that shop's affair.
func gstInside(p woo.Product) bool {
	return p.TaxStatus == "taxable" && p.Price.Kind != woo.Free && p.Price.Kind != woo.NoPrice && p.Type != woo.External
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
