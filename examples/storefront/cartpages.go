package main

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// errForm is a form that no page of this shop sends.
var errForm = errors.New("form cannot be read")

// cartPage is the cart.
type cartPage struct {
	View    cart.View
	Problem string
}

func (s *server) cart(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	view, err := s.carts.View(r.Context(), owner)
	if err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "cart", cartPage{View: view})
	return nil
}

func (s *server) addToCart(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	p, err := s.woo.Product(r.Context(), r.FormValue("slug"))
	if err != nil {
		return err
	}
	quantity, err := strconv.ParseInt(r.FormValue("quantity"), 10, 64)
	if err != nil {
		return s.showProduct(w, r, http.StatusUnprocessableEntity, p, "Please enter a whole number of pieces.")
	}
	ref, ok := chosenItem(r, p)
	if !ok {
		return s.showProduct(w, r, http.StatusUnprocessableEntity, p, "Please choose from every list; that combination is not made.")
	}
	if _, err := s.carts.Add(r.Context(), owner, ref, quantity); err != nil {
		problem, known := cartProblem(err)
		if !known {
			return err
		}
		return s.showProduct(w, r, http.StatusUnprocessableEntity, p, problem)
	}
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
	return nil
}

// cartProblem puts a refused change of the cart into the shopper's words.
func cartProblem(err error) (string, bool) {
	var short *cart.StockError
	var invalid *cart.InvalidError
	switch {
	case errors.As(err, &short):
		if short.Have <= 0 {
			return "Sorry, this has just sold out.", true
		}
		return "Sorry, only " + count(short.Have) + " left.", true
	case errors.Is(err, cart.ErrNotForSale):
		return "Sorry, this cannot be bought right now.", true
	case errors.As(err, &invalid):
		return "The " + invalid.Field + " " + invalid.Reason + ".", true
	case errors.Is(err, woo.ErrNotFound):
		return "Sorry, this is gone.", true
	}
	return "", false
}

func (s *server) setQuantity(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	key := cart.LineKey(r.FormValue("key"))
	if r.FormValue("remove") != "" {
		_, err = s.carts.Remove(r.Context(), owner, key)
	} else {
		var quantity int64
		if quantity, err = strconv.ParseInt(r.FormValue("quantity"), 10, 64); err != nil {
			err = &cart.InvalidError{Field: "quantity", Reason: "is not a whole number"}
		} else {
			_, err = s.carts.SetQuantity(r.Context(), owner, key, quantity)
		}
	}
	return s.afterCartChange(w, r, owner, err)
}

func (s *server) changeCoupon(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	if r.FormValue("remove") != "" {
		_, err = s.carts.RemoveCoupon(r.Context(), owner, r.FormValue("code"))
	} else {
		_, err = s.carts.ApplyCoupon(r.Context(), owner, r.FormValue("code"))
	}
	return s.afterCartChange(w, r, owner, err)
}

// afterCartChange goes back to the cart, or shows it with what went wrong.
func (s *server) afterCartChange(w http.ResponseWriter, r *http.Request, owner cart.Owner, err error) error {
	if err == nil || errors.Is(err, cart.ErrLineNotFound) {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return nil
	}
	problem, known := cartProblem(err)
	if !known {
		return err
	}
	view, err := s.carts.View(r.Context(), owner)
	if err != nil {
		return err
	}
	s.show(w, r, http.StatusUnprocessableEntity, "cart", cartPage{View: view, Problem: problem})
	return nil
}
