package main

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// cartPage is the cart.
type cartPage struct {
	View    cart.View
	Dropped []string // what had to be left out
	Notices []string
	Problem string
}

func (s *server) cart(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	return s.showCart(w, r, http.StatusOK, owner, "")
}

func (s *server) showCart(w http.ResponseWriter, r *http.Request, status int, owner cart.Owner, problem string) error {
	view, err := s.carts.View(r.Context(), owner)
	if err != nil {
		return err
	}
	page := cartPage{View: view, Problem: problem}
	names := map[cart.LineKey]string{}
	for _, l := range view.Lines {
		names[l.Line.Key] = l.Item.Name
	}
	for _, n := range view.Notices {
		page.Notices = append(page.Notices, noticeText(names[n.Key], n))
	}
	for _, d := range view.Dropped {
		page.Dropped = append(page.Dropped, s.nameOf(r, d.Line.Ref))
	}
	s.show(w, r, status, "cart", page)
	return nil
}

// noticeText is what a shopper should know about a line.
func noticeText(name string, n cart.Notice) string {
	switch n.Kind {
	case cart.NoticePrice:
		return name + " now costs " + rupees.Amount(n.New) + "; it was " + rupees.Amount(n.Old) + " when you put it here."
	case cart.NoticeIndividual:
		return name + " is sold one piece per order."
	}
	if n.Have <= 0 {
		return name + " has sold out since you put it here."
	}
	return "Only " + count(n.Have) + " left of " + name + "; you want " + count(n.Want) + "."
}

// nameOf is the name of something that is no longer sold, as far as the store still says it.
func (s *server) nameOf(r *http.Request, ref cart.ItemRef) string {
	if p, err := s.woo.ProductByID(r.Context(), ref.ProductID); err == nil {
		return p.Name
	}
	return "Something you had chosen"
}

func (s *server) addToCart(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	slug := r.PostFormValue("slug")
	if slug == "" {
		return errForm
	}
	p, err := s.woo.Product(r.Context(), slug)
	if err != nil {
		return err
	}
	if p.Type == woo.Grouped {
		return s.addSet(w, r, owner, p)
	}
	ref, problem := chosenItem(r, p)
	if problem != "" {
		return s.showProduct(w, r, http.StatusUnprocessableEntity, p, problem)
	}
	if quantity, err := pieces(r); err != nil {
		return s.notAdded(w, r, p, err)
	} else if _, err := s.carts.Add(r.Context(), owner, ref, quantity); err != nil {
		return s.notAdded(w, r, p, err)
	}
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
	return nil
}

// notAdded shows the product with what went wrong.
func (s *server) notAdded(w http.ResponseWriter, r *http.Request, p woo.Product, err error) error {
	problem, known := cartProblem(err)
	if !known {
		return err
	}
	return s.showProduct(w, r, http.StatusUnprocessableEntity, p, problem)
}

// pieces reads how many the form asks for.
func pieces(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PostFormValue("quantity"), 10, 64)
	if err != nil {
		return 0, &cart.InvalidError{Field: "quantity", Reason: "must be a whole number"}
	}
	return n, nil
}

// cartProblem puts a refused change of the cart into the shopper's words.
func cartProblem(err error) (string, bool) {
	var short *cart.StockError
	var invalid *cart.InvalidError
	switch {
	case errors.As(err, &short) && short.Have <= 0:
		return "Sorry, this has just sold out.", true
	case errors.As(err, &short):
		return "Sorry, only " + count(short.Have) + " left.", true
	case errors.Is(err, cart.ErrNotForSale):
		return "Sorry, this cannot be bought right now.", true
	case errors.As(err, &invalid):
		return "The " + invalid.Field + " " + invalid.Reason + ".", true
	}
	return "", false
}

func (s *server) setQuantity(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	key := cart.LineKey(r.PostFormValue("key"))
	if r.PostFormValue("remove") != "" {
		_, err = s.carts.Remove(r.Context(), owner, key)
		return s.afterCartChange(w, r, owner, err)
	}
	quantity, err := pieces(r)
	if err == nil {
		_, err = s.carts.SetQuantity(r.Context(), owner, key, quantity)
	}
	return s.afterCartChange(w, r, owner, err)
}

func (s *server) changeCoupon(w http.ResponseWriter, r *http.Request) error {
	owner, err := s.owner(w, r)
	if err != nil {
		return err
	}
	change := s.carts.ApplyCoupon
	if r.PostFormValue("remove") != "" {
		change = s.carts.RemoveCoupon
	}
	_, err = change(r.Context(), owner, r.PostFormValue("code"))
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
	return s.showCart(w, r, http.StatusUnprocessableEntity, owner, problem)
}

func toCart(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
	return nil
}
