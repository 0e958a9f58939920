package rest

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

func (c *Call) listCustomers() (Answer, *wire.Error) {
	if err := c.checkCollection([]string{"id", "include", "name", "registered_date"}); err != nil {
		return Answer{}, err
	}
	email, search := c.Query.Get("email"), strings.ToLower(c.Query.Get("search"))
	var found []*site.Customer
	role := cmp.Or(c.Query.Get("role"), site.RoleCustomer)
	for _, account := range c.State.UsersByID() {
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
	return listAnswer(c, found, "", c.CustomerView)
}

// sortCustomers orders by name unless told otherwise.
func (c *Call) sortCustomers(list []*site.Customer) {
	by, direction := c.Query.Get("orderby"), 1
	if c.Query.Get("order") == "desc" {
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

func (c *Call) getCustomer() (Answer, *wire.Error) {
	u := c.State.Customer(c.IDs["id"])
	if u == nil {
		return Answer{}, noUser()
	}
	return OK(c.CustomerView(u))
}

// CustomerView is a customer as REST shows it (WC_REST_Customers_Controller).
func (c *Call) CustomerView(u *site.Customer) wp.Object {
	sh := c.Site.Shop
	return wp.Object{
		{"id", u.ID}, {"date_created", sh.Local(u.DateCreated.Time)}, {"date_created_gmt", shop.GMT(u.DateCreated.Time)},
		{"date_modified", sh.Local(u.DateModified.Time)}, {"date_modified_gmt", shop.GMT(u.DateModified.Time)}, {"email", u.Email},
		{"first_name", u.FirstName}, {"last_name", u.LastName}, {"role", u.Role}, {"username", u.Username},
		{"billing", BillingView(u.Billing)}, {"shipping", ShippingView(u.Shipping)}, {"is_paying_customer", u.Paying},
		{"avatar_url", u.Avatar}, {"meta_data", metaViews(u.Meta)}, {"_links", c.links("customers/"+wp.Itoa(u.ID), "customers", AllMethods())},
	}
}

func (c *Call) listCategories() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	cats := slices.Clone(c.Site.Shop.Categories)
	slices.SortFunc(cats, func(a, b shop.Category) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	if slug := c.Query.Get("slug"); slug != "" {
		cats = slices.DeleteFunc(cats, func(x shop.Category) bool { return x.Slug != slug })
	}
	return listAnswer(c, cats, "", c.categoryView)
}

func (c *Call) categoryView(x shop.Category) wp.Object {
	links := c.links("products/categories/"+wp.Itoa(x.ID), "products/categories", AllMethods())
	if x.Parent != 0 {
		links = append(links, c.up("products/categories/"+wp.Itoa(x.Parent)))
	}
	return wp.Object{
		{"id", x.ID}, {"name", x.Name}, {"slug", x.Slug}, {"parent", x.Parent}, {"description", x.Description}, {"display", x.Display},
		{"image", rawJSON(x.Image)}, {"menu_order", x.MenuOrder}, {"count", c.State.CountIn(x.ID)}, {"_links", links},
	}
}

func (c *Call) getCategory() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	for _, x := range c.Site.Shop.Categories {
		if x.ID == c.IDs["id"] {
			return OK(c.categoryView(x))
		}
	}
	return Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_term_invalid", "Resource does not exist.")
}

func (c *Call) listTags() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	return listAnswer(c, c.Site.Shop.Tags, "", func(t shop.Term) wp.Object {
		return wp.Object{
			{"id", t.ID}, {"name", t.Name}, {"slug", t.Slug}, {"description", ""}, {"count", c.State.CountTagged(t.ID)},
			{"_links", c.links("products/tags/"+wp.Itoa(t.ID), "products/tags", AllMethods())},
		}
	})
}

func (c *Call) listTaxonomies() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	all := slices.Clone(c.Site.Shop.Taxonomies)
	slices.SortFunc(all, func(a, b shop.Taxonomy) int { return strings.Compare(a.Slug, b.Slug) })
	header := http.Header{"X-Wp-Total": {strconv.Itoa(len(all))}, "X-Wp-Totalpages": {"1"}} // never more than a page
	return Answer{Status: http.StatusOK, Header: header, Body: ViewAll(all, func(t shop.Taxonomy) wp.Object {
		return wp.Object{
			{"id", t.ID}, {"name", t.Name}, {"slug", t.Slug}, {"type", t.Type}, {"order_by", t.OrderBy}, {"has_archives", t.Archive},
			{"_links", c.links("products/attributes/"+wp.Itoa(t.ID), "products/attributes", AllMethods())},
		}
	})}, nil
}

func (c *Call) listTerms() (Answer, *wire.Error) {
	if err := c.refuseWrite(); err != nil {
		return Answer{}, err
	}
	t := c.Site.Shop.TaxonomyOf(c.IDs["id"])
	if t == nil {
		return Answer{}, wire.Fault(http.StatusNotFound, "woocommerce_rest_taxonomy_invalid", "Resource does not exist.")
	}
	base := "products/attributes/" + wp.Itoa(t.ID) + "/terms"
	return listAnswer(c, t.Terms, "", func(x shop.Term) wp.Object {
		return wp.Object{
			{"id", x.ID}, {"name", x.Name}, {"slug", x.Slug}, {"description", ""}, {"menu_order", 0},
			{"_links", c.links(base+"/"+wp.Itoa(x.ID), base, AllMethods())},
		}
	})
}
