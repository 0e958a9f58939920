package wootest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

func (c *call) listCustomers() (answer, *wire.Error) {
	if err := c.checkCollection([]string{"id", "include", "name", "registered_date"}); err != nil {
		return answer{}, err
	}
	email, search := c.query.Get("email"), strings.ToLower(c.query.Get("search"))
	var found []*site.Customer
	role := cmp.Or(c.query.Get("role"), site.RoleCustomer)
	for _, account := range c.st.UsersByID() {
		u := &account.Customer
		if role != "all" && u.Role != role {
			continue
		}
		named := strings.ToLower(u.Username + " " + u.Email + " " + u.FirstName + " " + u.LastName)
		if (email == "" || strings.EqualFold(u.Email, email)) && strings.Contains(named, search) {
			found = append(found, u)
		}
	}
	c.sortCustomers(found)
	return listAnswer(c, found, "", c.customerView)
}

// sortCustomers orders by name unless told otherwise.
func (c *call) sortCustomers(list []*site.Customer) {
	by, direction := c.query.Get("orderby"), 1
	if c.query.Get("order") == "desc" {
		direction = -1
	}
	slices.SortStableFunc(list, func(a, b *site.Customer) int {
		switch by {
		case "id", "include":
			return direction * cmp.Compare(a.ID, b.ID)
		case "registered_date":
			return direction * a.DateCreated.Compare(b.DateCreated.Time)
		}
		return direction * strings.Compare(a.FirstName, b.FirstName)
	})
}

func (c *call) getCustomer() (answer, *wire.Error) {
	u := c.st.Customer(c.ids["id"])
	if u == nil {
		return answer{}, noUser()
	}
	return okAnswer(c.customerView(u))
}

func (c *call) customerView(u *site.Customer) wp.Object {
	sh := c.store.Shop
	return wp.Object{
		{"id", u.ID}, {"date_created", sh.Local(u.DateCreated.Time)}, {"date_created_gmt", shop.GMT(u.DateCreated.Time)},
		{"date_modified", sh.Local(u.DateModified.Time)}, {"date_modified_gmt", shop.GMT(u.DateModified.Time)}, {"email", u.Email},
		{"first_name", u.FirstName}, {"last_name", u.LastName}, {"role", u.Role}, {"username", u.Username},
		{"billing", billingView(u.Billing)}, {"shipping", shippingView(u.Shipping)}, {"is_paying_customer", u.Paying},
		{"avatar_url", u.Avatar}, {"meta_data", metaViews(u.Meta)}, {"_links", c.links("customers/"+wp.Itoa(u.ID), "customers", editable())},
	}
}

func (c *call) listCategories() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	cats := slices.Clone(c.store.Shop.Categories)
	slices.SortFunc(cats, func(a, b shop.Category) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	if slug := c.query.Get("slug"); slug != "" {
		cats = slices.DeleteFunc(cats, func(x shop.Category) bool { return x.Slug != slug })
	}
	return listAnswer(c, cats, "", c.categoryView)
}

func (c *call) categoryView(x shop.Category) wp.Object {
	links := c.links("products/categories/"+wp.Itoa(x.ID), "products/categories", editable())
	if x.Parent != 0 {
		links = append(links, c.up("products/categories/"+wp.Itoa(x.Parent)))
	}
	return wp.Object{
		{"id", x.ID}, {"name", x.Name}, {"slug", x.Slug}, {"parent", x.Parent}, {"description", x.Description}, {"display", x.Display},
		{"image", rawJSON(x.Image)}, {"menu_order", x.MenuOrder}, {"count", c.st.CountIn(x.ID)}, {"_links", links},
	}
}

func (c *call) getCategory() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	for _, x := range c.store.Shop.Categories {
		if x.ID == c.ids["id"] {
			return okAnswer(c.categoryView(x))
		}
	}
	return answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_term_invalid", "Resource does not exist.")
}

func (c *call) listTags() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	return listAnswer(c, c.store.Shop.Tags, "", func(t shop.Term) wp.Object {
		return wp.Object{
			{"id", t.ID}, {"name", t.Name}, {"slug", t.Slug}, {"description", ""}, {"count", c.st.CountTagged(t.ID)},
			{"_links", c.links("products/tags/"+wp.Itoa(t.ID), "products/tags", editable())},
		}
	})
}

func (c *call) listTaxonomies() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	all := slices.Clone(c.store.Shop.Taxonomies)
	slices.SortFunc(all, func(a, b shop.Taxonomy) int { return strings.Compare(a.Slug, b.Slug) })
	header := http.Header{"X-Wp-Total": {strconv.Itoa(len(all))}, "X-Wp-Totalpages": {"1"}} // never more than a page
	return answer{status: http.StatusOK, header: header, body: viewAll(all, func(t shop.Taxonomy) wp.Object {
		return wp.Object{
			{"id", t.ID}, {"name", t.Name}, {"slug", t.Slug}, {"type", t.Type}, {"order_by", t.OrderBy}, {"has_archives", t.Archive},
			{"_links", c.links("products/attributes/"+wp.Itoa(t.ID), "products/attributes", editable())},
		}
	})}, nil
}

func (c *call) listTerms() (answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return answer{}, err
	}
	t := c.store.Shop.TaxonomyOf(c.ids["id"])
	if t == nil {
		return answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_taxonomy_invalid", "Resource does not exist.")
	}
	base := "products/attributes/" + wp.Itoa(t.ID) + "/terms"
	return listAnswer(c, t.Terms, "", func(x shop.Term) wp.Object {
		return wp.Object{
			{"id", x.ID}, {"name", x.Name}, {"slug", x.Slug}, {"description", ""}, {"menu_order", 0},
			{"_links", c.links(base+"/"+wp.Itoa(x.ID), base, editable())},
		}
	})
}
