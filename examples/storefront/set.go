package main

import (
	"net/http"
	"strconv"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// part is one product of a set (WooCommerce's grouped product, which is only a page: its parts are sold).
type part struct {
	Card    card
	ID      int64
	Buyable bool  // here, by a number of pieces; one with choices is bought on its own page
	Pieces  int64 // what the form begins with
	Most    int64 // pieces
}

// Field is the part's name in the form of the set.
func (p part) Field() string { return "part_" + count(p.ID) }

// parts reads what is in a set.
func (s *server) parts(r *http.Request, set woo.Product) ([]part, error) {
	var ids []int64
	for _, m := range set.Members {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	products, err := s.list(r, woo.ProductFilter{IDs: ids, Hidden: true})
	if err != nil {
		return nil, err
	}
	stock, err := s.stockOf(r, products...)
	if err != nil {
		return nil, err
	}
	var out []part
	for _, p := range products {
		one := part{Card: s.card(p, stock), ID: p.ID, Most: 99}
		one.Buyable = p.Type == woo.Simple && p.Purchasable && one.Card.Stock.Available
		if one.Card.Stock.Most > 0 {
			one.Most = min(one.Most, one.Card.Stock.Most)
		}
		if p.SoldIndividually {
			one.Most = 1
		}
		one.Pieces = asked(r, one)
		out = append(out, one)
	}
	return out, nil
}

// asked is how many pieces of a part the form said, and one of each to begin with.
func asked(r *http.Request, p part) int64 {
	if n, err := strconv.ParseInt(r.PostFormValue(p.Field()), 10, 64); err == nil && n >= 0 {
		return n
	}
	return 1
}

// addSet puts parts of a set into the cart, as many of each as the form says. Nothing is put there unless the whole form
// can be read; a part that the cart refuses is named, and what went in before it is shown.
func (s *server) addSet(w http.ResponseWriter, r *http.Request, owner cart.Owner, set woo.Product) error {
	wanted, problem := wantedParts(r, set)
	if problem != "" {
		return s.showProduct(w, r, http.StatusUnprocessableEntity, set, problem)
	}
	for i, l := range wanted {
		_, err := s.carts.Add(r.Context(), owner, cart.ItemRef{ProductID: l.ID}, l.pieces)
		if err == nil {
			continue
		}
		problem, known := cartProblem(err)
		if !known {
			return err
		}
		if problem = l.Name + ": " + problem; i > 0 {
			return s.showCart(w, r, http.StatusUnprocessableEntity, owner, problem)
		}
		return s.showProduct(w, r, http.StatusUnprocessableEntity, set, problem)
	}
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
	return nil
}

// wantedPart is a part and how many pieces of it.
type wantedPart struct {
	woo.Card
	pieces int64
}

func wantedParts(r *http.Request, set woo.Product) (wanted []wantedPart, problem string) {
	for _, m := range set.Members {
		text := r.PostFormValue(part{ID: m.ID}.Field())
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return nil, "The number of pieces must be a whole number: " + m.Name + "."
		}
		if n > 0 {
			wanted = append(wanted, wantedPart{Card: m, pieces: n})
		}
	}
	if len(wanted) == 0 {
		return nil, "Please say how many you want of which part."
	}
	return wanted, ""
}
