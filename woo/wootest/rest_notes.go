package wootest

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// noteOrder answers the order of a notes address.
func (c *call) noteOrder() (*order, *wire.Error) {
	o, ok := c.st.orders[c.ids["order_id"]]
	if !ok {
		return nil, wire.Fault(http.StatusNotFound, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
	}
	return o, nil
}

func (c *call) listNotes() (answer, *wire.Error) {
	o, err := c.noteOrder()
	if err != nil {
		return answer{}, err
	}
	notes := slices.Clone(o.notes)
	slices.SortStableFunc(notes, func(a, b orderNote) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.id, b.id)) })
	return answer{status: http.StatusOK, body: viewAll(notes, func(n orderNote) wp.Object { return c.noteView(o, n) })}, nil
}

func (c *call) createNote() (answer, *wire.Error) {
	if _, err := c.noteOrder(); err != nil {
		return answer{}, err
	}
	text, ok := c.text("note")
	if !ok {
		return answer{}, &wire.Error{Status: http.StatusBadRequest, Code: "rest_missing_callback_param", Message: "Missing parameter(s): note",
			Extra: wp.Object{{"params", []string{"note"}}}}
	}
	o := c.st.editOrder(c.ids["order_id"])
	n := orderNote{id: c.st.noteID(), at: c.store.now().Truncate(time.Second), text: text, customer: c.flag("customer_note")}
	o.notes = append(o.notes, n)
	return createdAnswer(c.noteView(o, n), c.address("orders/"+wp.Itoa(o.id)+"/notes/"+wp.Itoa(n.id)))
}

func (c *call) findNote() (*order, orderNote, *wire.Error) {
	o, err := c.noteOrder()
	if err != nil {
		return nil, orderNote{}, err
	}
	for _, n := range o.notes {
		if n.id == c.ids["id"] {
			return o, n, nil
		}
	}
	return nil, orderNote{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_invalid_id", "Invalid resource ID.")
}

func (c *call) getNote() (answer, *wire.Error) {
	o, n, err := c.findNote()
	if err != nil {
		return answer{}, err
	}
	return okAnswer(c.noteView(o, n))
}

func (c *call) deleteNote() (answer, *wire.Error) {
	o, n, err := c.findNote()
	if err != nil {
		return answer{}, err
	}
	if !wp.Truthy(c.query.Get("force")) && !c.flag("force") {
		return answer{}, wire.Fault(http.StatusNotImplemented, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
	}
	o = c.st.editOrder(o.id)
	o.notes = slices.DeleteFunc(o.notes, func(x orderNote) bool { return x.id == n.id })
	return okAnswer(c.noteView(o, n))
}

func (c *call) noteView(o *order, n orderNote) wp.Object {
	path := "orders/" + wp.Itoa(o.id)
	return wp.Object{
		{"id", n.id}, {"author", "WooCommerce"}, {"date_created", c.store.shop.Local(n.at)}, {"date_created_gmt", shop.GMT(n.at)},
		{"note", n.text}, {"customer_note", n.customer},
		{"_links", c.links(path+"/notes/"+wp.Itoa(n.id), path+"/notes", []string{"GET", "DELETE"}, c.up(path))},
	}
}
