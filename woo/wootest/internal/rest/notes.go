package rest

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// noteOrder answers the order of a notes address.
func (c *Call) noteOrder() (*site.Order, *wire.Error) {
	o, ok := c.State.Orders[c.IDs["order_id"]]
	if !ok {
		return nil, wire.Fault(http.StatusNotFound, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
	}
	return o, nil
}

func (c *Call) listNotes() (Answer, *wire.Error) {
	o, err := c.noteOrder()
	if err != nil {
		return Answer{}, err
	}
	notes := slices.Clone(o.Notes)
	slices.SortStableFunc(notes, func(a, b site.OrderNote) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	return Answer{Status: http.StatusOK, Body: ViewAll(notes, func(n site.OrderNote) wp.Object { return c.noteView(o, n) })}, nil
}

func (c *Call) createNote() (Answer, *wire.Error) {
	if _, err := c.noteOrder(); err != nil {
		return Answer{}, err
	}
	text, ok := c.text("note")
	if !ok {
		return Answer{}, &wire.Error{Status: http.StatusBadRequest, Code: "rest_missing_callback_param", Message: "Missing parameter(s): note",
			Extra: wp.Object{{"params", []string{"note"}}}}
	}
	o := c.State.EditOrder(c.IDs["order_id"])
	n := site.OrderNote{ID: c.State.NoteID(), At: c.Site.Now().Truncate(time.Second), Text: text, Customer: c.flag("customer_note")}
	o.Notes = append(o.Notes, n)
	return createdAnswer(c.noteView(o, n), c.address("orders/"+wp.Itoa(o.ID)+"/notes/"+wp.Itoa(n.ID)))
}

func (c *Call) findNote() (*site.Order, site.OrderNote, *wire.Error) {
	o, err := c.noteOrder()
	if err != nil {
		return nil, site.OrderNote{}, err
	}
	for _, n := range o.Notes {
		if n.ID == c.IDs["id"] {
			return o, n, nil
		}
	}
	return nil, site.OrderNote{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_invalid_id", "Invalid resource ID.")
}

func (c *Call) getNote() (Answer, *wire.Error) {
	o, n, err := c.findNote()
	if err != nil {
		return Answer{}, err
	}
	return OK(c.noteView(o, n))
}

func (c *Call) deleteNote() (Answer, *wire.Error) {
	o, n, err := c.findNote()
	if err != nil {
		return Answer{}, err
	}
	if !wp.Truthy(c.Query.Get("force")) && !c.flag("force") {
		return Answer{}, wire.Fault(http.StatusNotImplemented, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
	}
	o = c.State.EditOrder(o.ID)
	o.Notes = slices.DeleteFunc(o.Notes, func(x site.OrderNote) bool { return x.ID == n.ID })
	return OK(c.noteView(o, n))
}

func (c *Call) noteView(o *site.Order, n site.OrderNote) wp.Object {
	path := "orders/" + wp.Itoa(o.ID)
	return wp.Object{
		{"id", n.ID}, {"author", "WooCommerce"}, {"date_created", c.Site.Shop.Local(n.At)}, {"date_created_gmt", shop.GMT(n.At)},
		{"note", n.Text}, {"customer_note", n.Customer},
		{"_links", c.links(path+"/notes/"+wp.Itoa(n.ID), path+"/notes", []string{"GET", "DELETE"}, c.up(path))},
	}
}
