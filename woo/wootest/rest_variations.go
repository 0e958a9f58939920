package wootest

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
func (c *call) variation(id int64, status int) (*shop.Product, *wire.Error) {
	v, ok := c.st.Products[id]
	if !ok || !v.IsVariation() || v.ParentID != c.ids["product_id"] {
		return nil, wire.InvalidID(status, "product_variation")
	}
	return v, nil
}

func (c *call) listVariations() (answer, *wire.Error) {
	if _, ok := c.st.Products[c.ids["product_id"]]; !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	return c.variationsWhere(func(p *shop.Product) bool { return p.ParentID == c.ids["product_id"] })
}

func (c *call) listAllVariations() (answer, *wire.Error) {
	return c.variationsWhere(func(*shop.Product) bool { return true })
}

func (c *call) variationsWhere(ok func(*shop.Product) bool) (answer, *wire.Error) {
	if err := c.checkCollection([]string{"date", "id", "include", "title", "slug", "modified", "menu_order"}); err != nil {
		return answer{}, err
	}
	f := c.productFilter()
	var found []*shop.Product
	for _, p := range c.st.Products {
		if p.IsVariation() && ok(p) && f.statusFits(p) && f.identity(p) && f.facts(c, p) && f.holds(p.DateCreated.Time, p.DateModified.Time) {
			found = append(found, p)
		}
	}
	sortBy(c, found, productKey)
	return listAnswer(c, found, "", func(p *shop.Product) wp.Object { return c.variationView(p, false) })
}

func (c *call) getVariation() (answer, *wire.Error) {
	v, err := c.variation(c.ids["id"], http.StatusNotFound)
	if err != nil {
		return answer{}, err
	}
	return okAnswer(c.variationView(v, false))
}

func (c *call) createVariation() (answer, *wire.Error) {
	parent, ok := c.st.Products[c.ids["product_id"]]
	if !ok {
		return answer{}, wire.InvalidID(http.StatusNotFound, "product")
	}
	v, err := c.newProduct(c.body)
	if err != nil {
		return answer{}, err
	}
	v.Type, v.ParentID, v.Categories, v.Name = "variation", parent.ID, nil, ""
	v.TaxClass = parent.TaxClass
	c.st.Revisions[parent.ID] += site.BySaving
	_ = json.Unmarshal(c.body["attributes"], &v.Attributes) // checked as a list by the schema of the parent
	path := "products/" + wp.Itoa(parent.ID) + "/variations/" + wp.Itoa(v.ID)
	return createdAnswer(c.variationView(v, true), c.address(path))
}

func (c *call) updateVariation() (answer, *wire.Error) {
	o, err := c.writeVariation(c.ids["id"], c.body, true)
	if err != nil {
		return answer{}, err
	}
	return okAnswer(o)
}

func (c *call) writeVariation(id int64, body map[string]json.RawMessage, checked bool) (wp.Object, *wire.Error) {
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
func (c *call) deleteVariation() (answer, *wire.Error) {
	v, err := c.variation(c.ids["id"], http.StatusNotFound)
	if err != nil {
		return answer{}, err
	}
	before := c.variationView(v, false)
	if !wp.Truthy(c.query.Get("force")) && !c.flag("force") {
		c.store.TrashProduct(c.st, v.ID)
		return okAnswer(before)
	}
	delete(c.st.Products, v.ID)
	return okAnswer(before)
}

func (c *call) batchVariations() (answer, *wire.Error) {
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			one := *c
			one.body = body
			a, err := one.createVariation()
			o, _ := a.body.(wp.Object)
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
			delete(c.st.Products, id)
			return before, nil
		},
	})
}
