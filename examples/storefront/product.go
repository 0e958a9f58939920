package main

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
)

// productPage is one product.
type productPage struct {
	Product  woo.Product
	Card     card
	Choices  []choice     // of a variable product
	Variants []variantRow // what can be had, for the page's script
	Stock    stockNote
	Buyable  bool
	Problem  string // why the last attempt to add it failed
}

// choice is one attribute to pick a value of.
type choice struct {
	woo.Attribute
	Chosen string
}

// variantRow is one variation as the page's script reads it.
type variantRow struct {
	Attributes map[string]string
	Price      string
	Stock      stockNote
}

func (s *server) product(w http.ResponseWriter, r *http.Request) error {
	p, err := s.woo.Product(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	return s.showProduct(w, r, http.StatusOK, p, "")
}

func (s *server) showProduct(w http.ResponseWriter, r *http.Request, status int, p woo.Product, problem string) error {
	levels, err := s.levels(r, p)
	if err != nil {
		return err
	}
	page := productPage{Product: p, Card: newCard(p, levels), Stock: availability(p.Stock, levels), Problem: problem}
	page.Buyable = p.Purchasable && page.Stock.Available
	if p.Type == woo.Variable {
		page.Choices, page.Variants = choices(r, p), variants(p, levels)
		page.Stock = stockNote{Available: true}
		page.Buyable = slices.ContainsFunc(page.Variants, func(v variantRow) bool { return v.Stock.Available })
	}
	s.show(w, r, status, "product", page)
	return nil
}

func choices(r *http.Request, p woo.Product) []choice {
	var out []choice
	for _, a := range p.Attributes {
		if !a.Variations {
			continue
		}
		chosen := r.FormValue("attribute_" + a.Name)
		if chosen == "" {
			chosen = p.Defaults[a.Name]
		}
		out = append(out, choice{Attribute: a, Chosen: chosen})
	}
	return out
}

func variants(p woo.Product, levels map[inventory.Item]inventory.Level) []variantRow {
	var rows []variantRow
	for _, v := range p.Variations {
		if v.Purchasable {
			rows = append(rows, variantRow{Attributes: v.Attributes, Price: v.Price.Text, Stock: availability(v.Stock, levels)})
		}
	}
	return rows
}

// chosenItem finds what the form asks for: the product itself, or the variation its attributes name.
func chosenItem(r *http.Request, p woo.Product) (cart.ItemRef, bool) {
	if p.Type != woo.Variable {
		return cart.ItemRef{ProductID: p.ID}, true
	}
	picked := map[string]string{}
	for _, c := range choices(r, p) {
		if c.Chosen == "" {
			return cart.ItemRef{}, false
		}
		picked[c.Name] = c.Chosen
	}
	for _, v := range p.Variations {
		if open, ok := fits(v, picked); ok && v.Purchasable {
			return cart.ItemRef{ProductID: p.ID, VariationID: v.ID, Attributes: open}, true
		}
	}
	return cart.ItemRef{}, false
}

// fits reports whether the variation stands for what was picked, and what it leaves open.
func fits(v woo.Variation, picked map[string]string) (open map[string]string, ok bool) {
	open = map[string]string{}
	for name, value := range v.Attributes {
		switch {
		case value == "":
			open[name] = picked[name]
		case value != picked[name]:
			return nil, false
		}
	}
	return open, true
}

// picture draws a product's picture: its colours come from its id, so that it is always the same.
func (s *server) picture(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errNoPage
	}
	h := fnv.New32a()
	fmt.Fprint(h, id)
	hue := h.Sum32() % 360
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err = fmt.Fprintf(w, drawing, hue, (hue+40)%360, (hue+20)%360, 120+hue%90, 40+hue%30)
	return err
}

// drawing is a pattern after block-printed cloth.
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">
<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(%d 55%% 86%%)"/><stop offset="1" stop-color="hsl(%d 60%% 72%%)"/></linearGradient>
<pattern id="p" width="80" height="80" patternUnits="userSpaceOnUse"><g fill="none" stroke="hsl(%d 45%% 45%% / .35)" stroke-width="3">
<path d="M40 12c14 16 14 40 0 56c-14-16-14-40 0-56z"/><path d="M12 40c16-14 40-14 56 0c-16 14-40 14-56 0z"/><circle cx="40" cy="40" r="6"/></g></pattern></defs>
<rect width="400" height="400" fill="url(#g)"/><rect width="400" height="400" fill="url(#p)"/><circle cx="200" cy="200" r="%d" fill="#fff" opacity=".35"/><circle cx="200" cy="200" r="%d" fill="#fff" opacity=".5"/></svg>`

func count(n int64) string { return strconv.FormatInt(n, 10) }
