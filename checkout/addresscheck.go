package checkout

import (
	"context"
	"errors"
	"slices"
	"strings"
)

const countryIndia = "IN"

// AddressForm says how one address is checked.
type AddressForm struct {
	Prefix   string // put before field names in errors: "billing" gives "billing.postcode"
	Billing  bool   // e-mail and phone are required
	Rules    Rules
	Pincodes PincodeDirectory // may be nil: nothing is filled in then
}

// CheckedAddress is an address in the store's form, and what a page may want to say about it.
type CheckedAddress struct {
	Address Address
	// Notices tell the shopper what was filled in or looks odd; they refuse nothing.
	Notices []FieldNotice
}

// FieldNotice is a remark on one field.
type FieldNotice struct {
	Field  string
	Reason string
}

// CheckAddress brings an address into WooCommerce's form: text tidied, state given as the store's code, an Indian PIN
// without its space, an Indian mobile number as +91 and ten digits, district and state filled in from the PIN when empty,
// the store's own country when none is given.
// All refused fields come back at once as FieldErrors. An unknown PIN refuses nothing; a malformed one does
// (WC_Validation::is_postcode).
func CheckAddress(ctx context.Context, a Address, form AddressForm) (CheckedAddress, error) {
	c := addressCheck{form: form, out: CheckedAddress{Address: a}}
	c.text()
	c.country()
	if c.out.Address.Country == countryIndia {
		if err := c.pin(ctx); err != nil {
			return CheckedAddress{}, err
		}
	}
	c.state()
	c.contact()
	if err := c.errs.orNil(); err != nil {
		return CheckedAddress{}, err
	}
	return c.out, nil
}

type addressCheck struct {
	form AddressForm
	out  CheckedAddress
	errs FieldErrors
}

// refuse notes the first thing wrong with a field.
func (c *addressCheck) refuse(name, reason string) {
	if !c.refused(name) {
		c.errs = append(c.errs, &InvalidError{Field: c.name(name), Reason: reason})
	}
}

func (c *addressCheck) refused(name string) bool { return c.errs.Field(c.name(name)) != "" }

func (c *addressCheck) notice(name, reason string) {
	c.out.Notices = append(c.out.Notices, FieldNotice{Field: c.name(name), Reason: reason})
}

func (c *addressCheck) name(field string) string {
	if c.form.Prefix == "" {
		return field
	}
	return c.form.Prefix + "." + field
}

func (c *addressCheck) text() {
	c.out.Address.tidy()
	if c.out.Address.Country == "" {
		c.out.Address.Country = or(c.form.Rules.Settings.BaseCountry, countryIndia)
	}
	for _, f := range c.out.Address.fields(c.form.Billing) {
		if reason := checkText(f); reason != "" {
			c.refuse(f.name, reason)
		}
	}
}

func (c *addressCheck) country() {
	country := c.out.Address.Country
	if len(country) != 2 || strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		c.refuse("country", "is not a two-letter country code")
		return
	}
	sold := c.form.Rules.Countries
	if len(sold) > 0 && !slices.Contains(sold, country) {
		c.refuse("country", "is not a country this store delivers to")
	}
}

// pin checks an Indian postcode and fills in what it implies.
func (c *addressCheck) pin(ctx context.Context) error {
	a := &c.out.Address
	if a.Postcode == "" {
		c.refuse("postcode", "is required")
		return nil
	}
	pin, ok := NormalizePIN(a.Postcode)
	if !ok {
		c.refuse("postcode", "is not a PIN code: six digits, the first not 0")
		return nil
	}
	a.Postcode = pin
	if c.form.Pincodes == nil {
		return nil
	}
	known, err := c.form.Pincodes.Pincode(ctx, pin)
	switch {
	case errors.Is(err, ErrUnknownPincode):
		c.notice("postcode", "is not in our directory; please check it")
		return nil
	case err != nil:
		return err
	}
	c.fill(known)
	return nil
}

func (c *addressCheck) fill(known Pincode) {
	a := &c.out.Address
	if a.District == "" && len(known.Districts) > 0 {
		a.District = known.Districts[0]
	}
	if a.State == "" && len(known.States) == 1 {
		a.State = known.States[0]
		c.notice("state", "filled in from the PIN code")
		return
	}
	if a.State == "" || len(known.States) == 0 {
		return
	}
	code := c.stateCode(a.State)
	same := func(s string) bool { return SameState(s, code) }
	if !slices.ContainsFunc(known.States, same) {
		c.notice("state", "does not match the PIN code; please check both")
	}
}

// state turns a state's name or an older code into the store's code.
func (c *addressCheck) state() {
	a := &c.out.Address
	states := c.form.Rules.States[a.Country]
	if len(states) == 0 {
		return
	}
	if a.State == "" {
		if !c.refused("postcode") { // which would have filled it in
			c.refuse("state", "is required")
		}
		return
	}
	code := c.stateCode(a.State)
	if code == "" {
		c.refuse("state", "is not a state of this country")
		return
	}
	a.State = code
}

// stateCode finds the store's code for what was typed: a code, an alias of one, or a name. "" is none.
func (c *addressCheck) stateCode(typed string) string {
	states := c.form.Rules.States[c.out.Address.Country]
	for _, s := range states {
		if strings.EqualFold(s.Code, typed) || strings.EqualFold(s.Name, typed) {
			return s.Code
		}
	}
	for _, s := range states {
		if SameState(s.Code, strings.ToUpper(typed)) {
			return s.Code
		}
	}
	if len(states) == 0 {
		return typed
	}
	return ""
}

func (c *addressCheck) contact() {
	a := &c.out.Address
	if a.Email != "" && !validEmail(a.Email) {
		c.refuse("email", "is not an e-mail address")
	}
	if a.Phone == "" {
		return
	}
	phone, ok := normalizePhone(a.Phone, a.Country)
	if !ok {
		c.refuse("phone", "is not a phone number; an Indian mobile number has ten digits")
		return
	}
	a.Phone = phone
}
