package session

import (
	"cmp"
	"context"
	"errors"

	"github.com/ankkor/ankkor/checkout"
)

// SetCustomer says where the cart is billed and shipped to, which decides its
// taxes and shipping rates. Parts of an address may be empty: a country, a
// state and a postcode are enough to see what shipping costs. What is there is
// brought into the store's form (see [checkout.CheckAddress]); what is refused
// comes back as [checkout.FieldErrors], all of it at once and nothing sent.
func (s *Session) SetCustomer(ctx context.Context, billing, shipping checkout.Address) (Cart, error) {
	rules, err := s.rules(ctx)
	if err != nil {
		return Cart{}, err
	}
	bill, errBill := s.checkPart(ctx, billing, checkout.AddressForm{Prefix: "billing", Rules: rules})
	ship, errShip := s.checkPart(ctx, shipping, checkout.AddressForm{Prefix: "shipping", Rules: rules})
	if err := joinFields(errBill, errShip); err != nil {
		return Cart{}, err
	}
	return s.change(ctx, SetCustomer{Billing: bill, Shipping: ship})
}

func (s *Session) rules(ctx context.Context) (checkout.Rules, error) {
	if s.options.Rules == nil {
		return checkout.Rules{}, nil
	}
	return s.options.Rules.Rules(ctx)
}

// checkWhole checks the addresses of an order: WooCommerce's own checkout lets
// nearly everything through over WooGraphQL.
func (s *Session) checkWhole(ctx context.Context, o Order) (Order, error) {
	rules, err := s.rules(ctx)
	if err != nil {
		return Order{}, err
	}
	form := func(prefix string, billing bool) checkout.AddressForm {
		return checkout.AddressForm{Prefix: prefix, Billing: billing, Rules: rules, Pincodes: s.options.Pincodes}
	}
	bill, errBill := checkout.CheckAddress(ctx, o.Billing, form("billing", true))
	if o.Shipping.IsZero() {
		o.Shipping = o.Billing
		o.Shipping.Email = ""
	}
	ship, errShip := checkout.CheckAddress(ctx, o.Shipping, form("shipping", false))
	o.Billing, o.Shipping = bill.Address, ship.Address
	return o, joinFields(errBill, errShip)
}

// checkPart checks what is filled in of an address, with texts that pass in
// place of what is not.
func (s *Session) checkPart(ctx context.Context, a checkout.Address, form checkout.AddressForm) (checkout.Address, error) {
	if a.IsZero() {
		return a, nil
	}
	full := a
	for _, f := range parts(&full) {
		*f.text = cmp.Or(*f.text, f.stand)
	}
	full.State = cmp.Or(full.State, anyState(form.Rules, full.Country))
	checked, err := checkout.CheckAddress(ctx, full, form)
	if err != nil {
		return checkout.Address{}, err
	}
	out := parts(&checked.Address)
	for i, f := range parts(&a) {
		if *f.text == "" {
			*out[i].text = ""
		}
	}
	return checked.Address, nil
}

// part is a field that a shopper may not have filled in yet, and what passes
// for it.
type part struct {
	text  *string
	stand string
}

func parts(a *checkout.Address) []part {
	return []part{
		{&a.FirstName, "-"}, {&a.LastName, "-"}, {&a.Address1, "-"}, {&a.City, "-"},
		{&a.Postcode, "110001"}, {&a.State, ""}, {&a.Country, ""},
	}
}

// anyState is a state of a country that has a list of them.
func anyState(rules checkout.Rules, country string) string {
	if states := rules.States[cmp.Or(country, rules.Settings.BaseCountry)]; len(states) > 0 {
		return states[0].Code
	}
	return ""
}

// joinFields makes one list of what two forms refuse; anything else comes first.
func joinFields(errs ...error) error {
	var all checkout.FieldErrors
	for _, err := range errs {
		var fields checkout.FieldErrors
		switch {
		case errors.As(err, &fields):
			all = append(all, fields...)
		case err != nil:
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}
