package rest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// customerSchema are the writable fields of a customer. A role is not one.
var customerSchema = []field{
	{name: "email", kind: "string"}, {name: "first_name", kind: "string"}, {name: "last_name", kind: "string"},
	{name: "username", kind: "string"}, {name: "password", kind: "string"},
	{name: "billing", kind: "object", nested: addressSchema}, {name: "shipping", kind: "object", nested: addressSchema}, metaSchema,
}

func noUser() *wire.Error {
	return wire.Fault(http.StatusNotFound, "wc_user_invalid_id", "Invalid user ID.")
}

// missing is WordPress' word for required parameters that were not sent.
func missing(body map[string]json.RawMessage, names ...string) *wire.Error {
	names = slices.DeleteFunc(names, func(name string) bool { _, ok := body[name]; return ok })
	if len(names) == 0 {
		return nil
	}
	return &wire.Error{Status: http.StatusBadRequest, Code: "rest_missing_callback_param",
		Message: "Missing parameter(s): " + strings.Join(names, ", "), Extra: wp.Object{{"params", names}}}
}

// requiredOfCustomer: a password too, unless the shop makes one.
func (c *Call) requiredOfCustomer() []string {
	if c.Site.Shop.Yes("woocommerce_registration_generate_password") {
		return []string{"email"}
	}
	return []string{"email", "password"}
}

func (c *Call) createCustomer() (Answer, *wire.Error) {
	if err := missing(c.Body, c.requiredOfCustomer()...); err != nil {
		return Answer{}, err
	}
	u, err := c.addCustomer(c.Body)
	if err != nil {
		return Answer{}, err
	}
	return createdAnswer(c.CustomerView(u), c.address("customers/"+wp.Itoa(u.ID)))
}

// addCustomer is WC_REST_Customers_V1_Controller::create_item.
func (c *Call) addCustomer(body map[string]json.RawMessage) (*site.Customer, *wire.Error) {
	if err := checkCustomer(body); err != nil {
		return nil, err
	}
	email, login := wp.TextOf(body["email"]), ""
	if raw, ok := body["username"]; ok {
		login = wp.TextOf(raw)
	}
	switch {
	case wp.IntOf(body["id"]) != 0:
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_customer_exists", "Cannot create existing resource.")
	case !wp.IsEmail(email):
		return nil, wire.Fault(http.StatusBadRequest, "customer_invalid_email", "Invalid email address")
	case c.State.UserByEmail(email) != nil:
		return nil, wire.Fault(http.StatusBadRequest, "registration-error-email-exists",
			"An account is already registered with "+email+". Please log in or use a different email address.")
	case login != "" && c.State.UserByLogin(login) != nil:
		return nil, wire.Fault(http.StatusBadRequest, "registration-error-username-exists",
			"An account is already registered with that username. Please choose another.")
	}
	password := ""
	if raw, ok := body["password"]; ok {
		password = wp.TextOf(raw)
	}
	u, failed := accounts.NewCustomer(c.Site, c.State, email, login, password, func(u *site.User) { c.fillCustomer(u, body) })
	if failed != nil {
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_cannot_create", failed.Error())
	}
	return &u.Customer, nil
}

// checkCustomer validates types and the e-mail of the billing address.
func checkCustomer(body map[string]json.RawMessage) *wire.Error {
	if err := checkBody(body, customerSchema); err != nil {
		return err
	}
	var billing struct{ Email *string }
	if json.Unmarshal(body["billing"], &billing) == nil && billing.Email != nil && !wp.IsEmail(*billing.Email) {
		var bad ParamErrors
		bad.Add("billing", "rest_invalid_email", "Invalid email address.", nil)
		return bad.Err()
	}
	return nil
}

// fillCustomer changes what was sent. Fields of WordPress' own are left out.
func (c *Call) fillCustomer(u *site.User, body map[string]json.RawMessage) {
	for name, into := range map[string]*string{"first_name": &u.FirstName, "last_name": &u.LastName} {
		if raw, ok := body[name]; ok {
			*into = strings.TrimSpace(wp.WithoutTags(wp.TextOf(raw)))
		}
	}
	_ = json.Unmarshal(body["billing"], &u.Billing) // its type was checked by the schema
	_ = json.Unmarshal(body["shipping"], &u.Shipping)
	u.Shipping.Email = ""
	if raw, ok := body["meta_data"]; ok {
		u.Meta = slices.DeleteFunc(c.mergeMeta(u.Meta, raw), func(m shop.MetaData) bool { return strings.HasPrefix(m.Key, "_") })
	}
}

func (c *Call) updateCustomer() (Answer, *wire.Error) {
	u, err := c.changeCustomer(c.IDs["id"], c.Body, true)
	if err != nil {
		return Answer{}, err
	}
	return OK(c.CustomerView(u))
}

// changeCustomer is update_item. Batches do not check types.
func (c *Call) changeCustomer(id int64, body map[string]json.RawMessage, checked bool) (*site.Customer, *wire.Error) {
	old := c.State.Users[id]
	if old == nil {
		return nil, noUser()
	}
	if checked {
		if err := checkCustomer(body); err != nil {
			return nil, err
		}
	}
	email, hasEmail := body["email"]
	if other := c.State.UserByEmail(wp.TextOf(email)); hasEmail && other != nil && other.ID != id {
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_customer_invalid_email", "Email address is invalid.")
	}
	if raw, ok := body["username"]; ok && wp.TextOf(raw) != "" && wp.TextOf(raw) != old.Username {
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_customer_invalid_argument", "Username isn't editable.")
	}
	u := c.State.EditUser(id)
	if hasEmail {
		u.Email = wp.TextOf(email)
	}
	if raw, ok := body["password"]; ok {
		u.SetPassword(wp.TextOf(raw), c.Site.Secret)
	}
	c.fillCustomer(u, body)
	u.DateModified = shop.Time{Time: c.Site.Now()}
	c.Site.Emit(c.State, "customer.updated", id)
	return &u.Customer, nil
}

// deleteCustomer needs force: users have no trash.
func (c *Call) deleteCustomer() (Answer, *wire.Error) {
	if !wp.Truthy(c.Query.Get("force")) && !c.flag("force") {
		return Answer{}, wire.Fault(http.StatusNotImplemented, "woocommerce_rest_trash_not_supported", "Customers do not support trashing.")
	}
	view, err := c.removeCustomer(c.IDs["id"])
	if err != nil {
		return Answer{}, err
	}
	return OK(view)
}

func (c *Call) removeCustomer(id int64) (wp.Object, *wire.Error) {
	u := c.State.Customer(id)
	if u == nil {
		return nil, noUser()
	}
	view := c.CustomerView(u)
	delete(c.State.Users, id)
	c.Site.Emit(c.State, "customer.deleted", id)
	return view, nil
}

func (c *Call) batchCustomers() (Answer, *wire.Error) {
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			return c.viewCustomer(c.addCustomer(body))
		},
		update: func(id int64, body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			return c.viewCustomer(c.changeCustomer(id, body, false))
		},
		remove: c.removeCustomer,
	})
}

func (c *Call) viewCustomer(u *site.Customer, err *wire.Error) (wp.Object, *wire.Error) {
	if err != nil {
		return nil, err
	}
	return c.CustomerView(u), nil
}
