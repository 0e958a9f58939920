package rest

import (
	"encoding/json"
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// variation answers the variation of the address, which must belong to the
// product of the address.
func (c *Call) variation(id int64, status int) (*shop.Product, *wire.Error) {
	v, ok := c.State.Products[id]
	if !ok || !v.IsVariation() || v.ParentID != c.IDs["product_id"] {
		return nil, wire.InvalidID(status, "product_variation")
	}
	return v, nil
}

func (c *Call) listVariations() (Answer, *wire.Error) {
	if _, ok := c.State.Products[c.IDs["product_id"]]; !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	return c.variationsWhere(func(p *shop.Product) bool { return p.ParentID == c.IDs["product_id"] })
}

func (c *Call) listAllVariations() (Answer, *wire.Error) {
	return c.variationsWhere(func(*shop.Product) bool { return true })
}

func (c *Call) variationsWhere(ok func(*shop.Product) bool) (Answer, *wire.Error) {
	if err := c.checkCollection([]string{"date", "id", "include", "title", "slug", "modified", "menu_order"}); err != nil {
		return Answer{}, err
	}
	f := c.productFilter()
	var found []*shop.Product
	for _, p := range c.State.Products {
		if p.IsVariation() && ok(p) && f.statusFits(p) && f.identity(p) && f.facts(c, p) && f.holds(p.DateCreated.Time, p.DateModified.Time) {
			found = append(found, p)
		}
	}
	sortBy(c, found, productKey)
	return listAnswer(c, found, "", func(p *shop.Product) wp.Object { return c.variationView(p, false) })
}

func (c *Call) getVariation() (Answer, *wire.Error) {
	v, err := c.variation(c.IDs["id"], http.StatusNotFound)
	if err != nil {
		return Answer{}, err
	}
	return OK(c.variationView(v, false))
}

func (c *Call) createVariation() (Answer, *wire.Error) {
	parent, ok := c.State.Products[c.IDs["product_id"]]
	if !ok {
		return Answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	v, err := c.newProduct(c.Body)
	if err != nil {
		return Answer{}, err
	}
	v.Type, v.ParentID, v.Categories, v.Name = "variation", parent.ID, nil, ""
	v.TaxClass = parent.TaxClass
	c.State.Revisions[parent.ID] += site.BySaving
	_ = json.Unmarshal(c.Body["attributes"], &v.Attributes) // checked as a list by the schema of the parent
	path := "products/" + wp.Itoa(parent.ID) + "/variations/" + wp.Itoa(v.ID)
	return createdAnswer(c.variationView(v, true), c.address(path))
}

// UpdateVariation is PUT of a variation, below its product.
func (c *Call) UpdateVariation() (Answer, *wire.Error) {
	o, err := c.writeVariation(c.IDs["id"], c.Body, true)
	if err != nil {
		return Answer{}, err
	}
	return OK(o)
}

func (c *Call) writeVariation(id int64, body map[string]json.RawMessage, checked bool) (wp.Object, *wire.Error) {
	if _, err := c.variation(id, http.StatusBadRequest); err != nil {
		return nil, err
	}
	v, err := c.writeProduct(id, body, checked)
	if err != nil {
		return nil, err
	}
	return c.variationView(v, true), nil
}

// deleteVariation needs force; no webhook is sent for it.
func (c *Call) deleteVariation() (Answer, *wire.Error) {
	v, err := c.variation(c.IDs["id"], http.StatusNotFound)
	if err != nil {
		return Answer{}, err
	}
	before := c.variationView(v, false)
	if !wp.Truthy(c.Query.Get("force")) && !c.flag("force") {
		c.Site.TrashProduct(c.State, v.ID)
		return OK(before)
	}
	delete(c.State.Products, v.ID)
	return OK(before)
}

func (c *Call) batchVariations() (Answer, *wire.Error) {
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			one := *c
			one.Body = body
			a, err := one.createVariation()
			o, _ := a.Body.(wp.Object)
			return o, err
		},
		update: func(id int64, body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			return c.writeVariation(id, body, false)
		},
		remove: func(id int64) (wp.Object, *wire.Error) {
			v, err := c.variation(id, http.StatusNotFound)
			if err != nil {
				return nil, err
			}
			before := c.variationView(v, false)
			delete(c.State.Products, id)
			return before, nil
		},
	})
}
