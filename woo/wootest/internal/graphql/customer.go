package graphql

import (
	"maps"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// guestNode is the customer of a session nobody has signed in to.
func (g *request) guestNode() *node {
	c := g.visit.Session.Customer.WithDefaults(g.site.Shop)
	fields := map[string]any{
		"id": "guest", "databaseId": nullID(g.visit.Session.UserID()), "email": nil, "username": nil, "firstName": nil, "lastName": nil, "displayName": nil,
		"role": site.RoleCustomer, "date": nil, "modified": nil, "billing": addressNode(c.Billing), "shipping": addressNode(c.Shipping),
		"isVatExempt": c.VATExempt, "calculatedShipping": c.Calculated, "hasCalculatedShipping": c.Calculated, "orderCount": 0,
		"totalSpent": 0, "isPayingCustomer": false, "metaData": nil, "lastOrder": nil,
		"sessionToken": resolver(func(map[string]any) (any, error) { return g.visit.Token(), nil }),
		"cartToken":    resolver(func(map[string]any) (any, error) { return g.visit.CartToken(), nil }),
		"session":      resolver(func(map[string]any) (any, error) { return g.sessionEntries(), nil }),
	}
	maps.Copy(fields, g.guestLists())
	g.addTransferFields(fields, g.visit.Session.ID)
	return &node{kind: "Customer", fields: g.withTokens(fields, &site.User{})}
}

// customer is RootQuery.customer: whoever is asked for, else the session's own.
func (g *request) customer(args map[string]any) (any, error) {
	node, known, err := g.customerByID(args)
	if known || err != nil {
		return node, err
	}
	return g.guestNode(), nil
}

// customerNow is the customer of the request: the account that is signed in,
// or the session's guest.
func (g *request) customerNow() *node {
	if u := g.who.User; u != nil {
		return g.accountNode(u)
	}
	return g.guestNode()
}

// sessionEmail is the billing e-mail the session was told, else the signed-in
// user's: WooGraphQL shows a guest's orders to whoever set their address.
func (g *request) sessionEmail() string {
	if email := g.visit.Session.Customer.Billing.Email; email != "" || g.who.User == nil {
		return email
	}
	return g.who.User.Billing.Email
}

// addressInput applies a CustomerAddressInput: only what was sent changes, all
// of it with overwrite.
func addressInput(a site.Address, input map[string]any) site.Address {
	if input["overwrite"] == true {
		a = site.Address{}
	}
	for name, into := range map[string]*string{
		"firstName": &a.FirstName, "lastName": &a.LastName, "company": &a.Company, "address1": &a.Address1, "address2": &a.Address2,
		"city": &a.City, "state": &a.State, "postcode": &a.Postcode, "country": &a.Country, "email": &a.Email, "phone": &a.Phone,
	} {
		if _, ok := input[name]; ok {
			*into = strings.TrimSpace(argText(input, name))
		}
	}
	return a
}

// updateGuest is updateCustomer for a guest's session. With
// shippingSameAsBilling the shipping address becomes the billing address as it
// was before the call, whatever else was sent.
func (g *request) updateGuest(input map[string]any) (map[string]any, error) {
	s := g.visit.Session
	customer := s.Customer.WithDefaults(g.site.Shop)
	before := customer.Billing
	if billing, ok := input["billing"].(map[string]any); ok {
		next := addressInput(customer.Billing, billing)
		if next.Email != "" && !wp.IsEmail(next.Email) {
			return nil, errInternal
		}
		customer.Billing = next
	}
	if shipping, ok := input["shipping"].(map[string]any); ok {
		customer.Shipping = addressInput(customer.Shipping, shipping)
	}
	if input["shippingSameAsBilling"] == true {
		before.Email = ""
		customer.Shipping = before
	}
	customer.Shipping.Email = ""
	s.Customer, s.Customer.Settled = customer, true
	g.visit.Changed(true)
	return map[string]any{"customer": g.guestNode()}, nil
}

// customerMutations change who the customer is: a guest's session, unless
// somebody is signed in or a customer is named.
func (g *request) customerMutations() map[string]mutation {
	return map[string]mutation{"updateCustomer": func(input map[string]any) (map[string]any, error) {
		if g.who.User != nil || argText(input, "id") != "" {
			return g.updateAccount(input)
		}
		return g.updateGuest(input)
	}}
}

// sessionMutations keep a client's own keys in the session.
func (g *request) sessionMutations() map[string]mutation {
	return map[string]mutation{
		"updateSession": g.onCart(g.updateSession),
		"forgetSession": g.forgetSession,
	}
}

func (g *request) updateSession(_ *carts.Basket, input map[string]any) (map[string]any, error) {
	data := inputs(input["sessionData"])
	if len(data) == 0 {
		return nil, wire.UserError("No session data provided")
	}
	for _, one := range data {
		g.visit.Session.SetValue(argText(one, "key"), argText(one, "value"))
	}
	return map[string]any{"session": g.sessionEntries(), "customer": g.customerNow(), "cart": nil}, nil
}

// forgetSession answers what was in the session and goes on with an empty one
// that is nobody's. WooCommerce writes neither, so the token still opens the
// session as it was before the request.
func (g *request) forgetSession(map[string]any) (map[string]any, error) {
	if g.visit.TokenErr != nil {
		return nil, wire.UserError(g.visit.TokenErr.Error())
	}
	before := g.sessionEntries()
	g.visit.Forget()
	return map[string]any{"session": before}, nil
}
