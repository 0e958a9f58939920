package graphql

import (
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// checkoutMutations: checkout is not among the mutations that WooGraphQL runs
// one after the other; see API.overlap.
func (g *request) checkoutMutations() map[string]mutation {
	return map[string]mutation{"checkout": g.checkout}
}

// posted is the input of a checkout as Checkout_Mutation reads it: what is
// empty was not sent, and validates almost nothing.
type posted struct {
	billing, shipping site.Address
	given             map[string]any
	account           map[string]any
}

// readCheckout takes the addresses for the order. A cart that ships something
// takes a shipping address that was sent, whatever shipToDifferentAddress says;
// one that was not sent stays empty but for the session's country.
func (g *request) readCheckout(b *carts.Basket, input map[string]any) posted {
	now := g.visit.Session.Customer.WithDefaults(g.site.Shop)
	in := posted{given: input}
	in.account, _ = input["account"].(map[string]any)
	if billing, ok := input["billing"].(map[string]any); ok {
		in.billing = addressInput(site.Address{}, billing)
	}
	if in.billing.Country == "" {
		in.billing.Country = now.Billing.Country
	}
	if !b.NeedsShipping() && input["shipToDifferentAddress"] != true {
		return in
	}
	if shipping, ok := input["shipping"].(map[string]any); ok {
		in.shipping = addressInput(site.Address{}, shipping)
		in.shipping.Phone, in.shipping.Email = "", ""
	}
	if in.shipping.Country == "" {
		in.shipping.Country = now.Shipping.Country
	}
	return in
}

// remember is Checkout_Mutation::update_session: the session's billing address
// gets what was sent, and its shipping address too where none was sent.
func (in posted) remember(c site.SessionCustomer) site.SessionCustomer {
	if sub, ok := in.given["billing"].(map[string]any); ok && sub["overwrite"] == true {
		c.Billing = site.Address{}
	}
	if sub, ok := in.given["shipping"].(map[string]any); ok && sub["overwrite"] == true {
		c.Shipping = site.Address{}
	}
	merge(&c.Billing, in.billing)
	merge(&c.Shipping, in.billing)
	merge(&c.Shipping, in.shipping)
	c.Shipping.Email = ""
	return c
}

// merge copies what is not empty.
func merge(into *site.Address, from site.Address) {
	for a, b := range map[*string]string{
		&into.FirstName: from.FirstName, &into.LastName: from.LastName, &into.Company: from.Company, &into.Address1: from.Address1,
		&into.Address2: from.Address2, &into.City: from.City, &into.State: from.State, &into.Postcode: from.Postcode,
		&into.Country: from.Country, &into.Email: from.Email, &into.Phone: from.Phone,
	} {
		if b != "" {
			*a = b
		}
	}
}

// checkout makes an order of the cart, pays it and empties the cart. It is not
// idempotent: two that overlap make two orders. It issues no token.
func (g *request) checkout(input map[string]any) (map[string]any, error) {
	b := g.visit.Basket()
	if b.Empty() {
		return nil, wire.UserError("Sorry, no session found.")
	}
	g.visit.Changed(false)
	in := g.readCheckout(b, input)
	if in.billing.Email != "" && !wp.IsEmail(in.billing.Email) {
		return nil, wire.UserError("Invalid billing email address")
	}
	s := g.visit.Session
	s.Customer, s.Payment = in.remember(s.Customer.WithDefaults(g.site.Shop)), argText(input, "paymentMethod")
	if methods := textList(input["shippingMethod"]); len(methods) > 0 {
		s.Chosen = methods[:1]
	}
	if err := b.Calculate(); err != nil {
		return nil, wire.UserError(err.Error())
	}
	if err := g.refuseCheckout(b); err != nil {
		return nil, err
	}
	if err := g.checkoutAccount(in); err != nil {
		return nil, err
	}
	o := b.Place(g.placing(in))
	b.Pay(o, input["isPaid"] == true, argText(input, "transactionId"))
	if o.PayMethod != "" {
		b.Clear()
	}
	return map[string]any{
		"result": "success", "redirect": carts.ReceivedURL(g.visit.Issuer, o), "order": g.orderNode(o), "customer": g.customerNow(), "notices": []*node{},
	}, nil
}

// refuseCheckout is what a checkout does validate: the stock, the coupons, the
// country and the payment method. Several complaints come as one text.
func (g *request) refuseCheckout(b *carts.Basket) error {
	var texts []string
	for _, p := range append(b.CheckItems(g.visit.Seen), b.CheckCoupons()...) {
		texts = append(texts, p.Error())
	}
	to := g.visit.Session.Customer.WithDefaults(g.site.Shop).Shipping
	switch {
	case !b.NeedsShipping():
	case to.Country == "":
		texts = append(texts, "Please enter an address to continue.")
	case !g.site.Shop.SellsTo(to.Country):
		texts = append(texts, "Unfortunately, we do not ship "+toPrefix(to.Country)+" "+to.Country+". Please enter an alternative shipping address.")
	case b.ChosenID() == "":
		texts = append(texts, "No shipping method has been selected. Please double check your address, or contact us if you need any help.")
	}
	if _, ok := carts.Gateway(g.site.Shop, b.Session.Payment); !ok && b.Session.Totals.View.Totals.Total.IsPositive() {
		texts = append(texts, "Invalid payment method.")
	}
	if len(texts) > 0 {
		return wire.UserError(strings.Join(texts, " "))
	}
	return nil
}

// toPrefix is WC_Countries::shipping_to_prefix.
func toPrefix(country string) string {
	if slices.Contains([]string{"AE", "CZ", "DO", "GB", "NL", "PH", "US", "USAF"}, country) {
		return "to the"
	}
	return "to"
}

// checkoutAccount makes the account a guest asked for. It gets the order only
// when it is signed in at once.
func (g *request) checkoutAccount(in posted) error {
	if g.who.User != nil || len(in.account) == 0 {
		return nil
	}
	u, err := accounts.NewCustomer(g.site, g.state, in.billing.Email, argText(in.account, "username"), argText(in.account, "password"), func(u *site.User) {
		u.FirstName, u.LastName, u.Billing, u.Shipping = in.billing.FirstName, in.billing.LastName, in.billing, in.shipping
	})
	if err != nil {
		return asUserError(err)
	}
	if in.account["authenticate"] == true {
		g.who.User = u
		g.visit.NewLogin = u
	}
	return nil
}

func (g *request) placing(in posted) carts.Placing {
	out := carts.Placing{
		Billing: in.billing, Shipping: in.shipping, Payment: g.visit.Session.Payment, Note: argText(in.given, "customerNote"),
		CreatedVia: "checkout", CustomerID: g.who.SignedIn(), IPAddress: "127.0.0.1", Agent: g.visit.Agent,
	}
	for _, m := range inputs(in.given["metaData"]) {
		out.Meta = append(out.Meta, site.TextMeta(g.state.MetaID(), argText(m, "key"), argText(m, "value")))
	}
	return out
}
