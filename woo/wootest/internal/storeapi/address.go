package storeapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// addressFields are the members of an address in the Store API's schema.
func addressFields(a *site.Address) []struct {
	name string
	into *string
} {
	return []struct {
		name string
		into *string
	}{
		{"first_name", &a.FirstName}, {"last_name", &a.LastName}, {"company", &a.Company}, {"address_1", &a.Address1},
		{"address_2", &a.Address2}, {"city", &a.City}, {"state", &a.State}, {"postcode", &a.Postcode}, {"country", &a.Country},
		{"phone", &a.Phone}, {"email", &a.Email},
	}
}

// addressView is an address as the Store API shows it; a state the country
// does not have is left out.
func (c *Call) addressView(a site.Address, billing bool) wp.Object {
	if !hasState(c.Site.Shop, a.Country, a.State) {
		a.State = ""
	}
	o := wp.Object{
		{"first_name", texturize(a.FirstName)}, {"last_name", texturize(a.LastName)}, {"company", texturize(a.Company)},
		{"address_1", texturize(a.Address1)}, {"address_2", texturize(a.Address2)}, {"city", texturize(a.City)}, {"state", a.State},
		{"postcode", a.Postcode}, {"country", a.Country},
	}
	if billing {
		o = o.With("email", a.Email)
	}
	return o.With("phone", a.Phone)
}

// mergedAddress lays what was posted over an address and cleans it
// (AbstractAddressSchema::sanitize_callback).
func (c *Call) mergedAddress(a site.Address, posted map[string]any, billing bool) site.Address {
	for _, f := range addressFields(&a) {
		if v, ok := posted[f.name]; ok && (billing || f.name != "email") {
			*f.into = strings.TrimSpace(stripTags(wp.Text(v)))
		}
	}
	a.Country = strings.ToUpper(a.Country)
	a.State = stateCode(c.Site.Shop, a.Country, a.State)
	a.Postcode = formatPostcode(a.Country, a.Postcode)
	if !wp.IsEmail(a.Email) {
		a.Email = ""
	}
	return a
}

// formatPostcode is wc_format_postcode: capitals, and no space but where the
// country writes one.
func formatPostcode(country, code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	switch country {
	case "GB", "CA", "IE", "NL", "PL", "SE", "PT", "BR", "JP":
		return code
	}
	return strings.ReplaceAll(code, " ", "")
}

var (
	indianPIN = regexp.MustCompile(`^[1-9][0-9]{2}\s?[0-9]{3}$`)
	usZIP     = regexp.MustCompile(`^[0-9]{5}(-[0-9]{4})?$`)
	anyCode   = regexp.MustCompile(`^[0-9A-Za-z \-]*$`)
	phone     = regexp.MustCompile(`^[\s#0-9_\-+/().]*$`)
)

// isPostcode is WC_Validation::is_postcode for the countries wootest knows; any
// letters and digits will do elsewhere.
func isPostcode(country, code string) bool {
	switch country {
	case "IN":
		return indianPIN.MatchString(code)
	case "US":
		return usZIP.MatchString(code)
	}
	return anyCode.MatchString(code)
}

// statesOf are a country's states by code, in WooCommerce's order; none means
// that any text is a state there.
func statesOf(sh *shop.Shop, country string) (codes, names []string) {
	for _, o := range sh.States {
		code, _ := o.Get("code")
		if wp.RawText(code) != country {
			continue
		}
		list, _ := o.Get("states")
		var states []struct{ Code, Name string }
		_ = json.Unmarshal(wp.RawOf(list), &states) // a country without states has an empty list
		for _, s := range states {
			codes, names = append(codes, s.Code), append(names, s.Name)
		}
	}
	return codes, names
}

func hasState(sh *shop.Shop, country, state string) bool {
	codes, _ := statesOf(sh, country)
	return len(codes) == 0 || slices.Contains(codes, strings.ToUpper(state))
}

// stateCode turns a state's name into its code (ValidationUtils::format_state).
func stateCode(sh *shop.Shop, country, state string) string {
	codes, names := statesOf(sh, country)
	if len(codes) == 0 {
		return state
	}
	i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, state) })
	if i < 0 {
		return strings.ToUpper(state)
	}
	return codes[i]
}

// finding is a member of an address that is refused.
type finding struct{ code, message string }

// addressFindings is AbstractAddressSchema::validate_callback. Empty members
// are not looked at; the e-mail address is judged as it was sent.
func (c *Call) addressFindings(a site.Address, email string) []finding {
	sh := c.Site.Shop
	var out []finding
	if a.Country != "" && !slices.Contains(sh.Countries, a.Country) {
		return []finding{{"invalid_country", "Invalid country code provided. Must be one of: " + strings.Join(sh.Countries, ", ")}}
	}
	if a.State != "" && !hasState(sh, a.Country, a.State) {
		codes, _ := statesOf(sh, a.Country)
		out = append(out, finding{"invalid_state",
			fmt.Sprintf("The provided state (%s) is not valid. Must be one of: %s", wp.EscHTML(a.State), strings.Join(codes, ", "))})
	}
	if a.Postcode != "" && !isPostcode(a.Country, a.Postcode) {
		out = append(out, finding{"invalid_postcode", "The provided postcode / ZIP is not valid"})
	}
	if a.Phone != "" && !phone.MatchString(a.Phone) {
		out = append(out, finding{"invalid_phone", "The provided phone number is not valid"})
	}
	if email != "" && !wp.IsEmail(email) {
		out = append(out, finding{"invalid_email", "The provided email address is not valid"})
	}
	return out
}

// refuseAddress adds an address's findings to the invalid parameters: the
// texts together, the first code, the others behind it.
func refuseAddress(bad *rest.ParamErrors, name string, found []finding) {
	if len(found) == 0 {
		return
	}
	var texts []string
	var more []wp.Object
	for i, f := range found {
		texts = append(texts, f.message)
		if i > 0 {
			more = append(more, wp.Object{{"code", f.code}, {"message", f.message}, {"data", nil}})
		}
	}
	bad.Names = append(bad.Names, name)
	bad.Params = bad.Params.With(name, strings.Join(texts, " "))
	detail := wp.Object{{"code", found[0].code}, {"message", found[0].message}, {"data", nil}}
	if len(more) > 0 {
		detail = detail.With("additional_errors", more)
	}
	bad.Details = bad.Details.With(name, detail)
}

// updateCustomer lays what was posted over the session's addresses. A cart that
// ships nothing keeps both the same unless a shipping address is posted.
func (c *Call) updateCustomer() (rest.Answer, *wire.Error) {
	customer := c.cart.Session.Customer.WithDefaults(c.Site.Shop)
	billing, shipping := c.bodyOf("billing_address"), c.bodyOf("shipping_address")
	next := customer
	next.Billing = c.mergedAddress(customer.Billing, billing, true)
	next.Shipping = c.mergedAddress(customer.Shipping, shipping, false)
	if !c.cart.NeedsShipping() && shipping == nil {
		next.Shipping = next.Billing
		next.Shipping.Email = ""
	}
	var bad rest.ParamErrors
	if billing != nil {
		refuseAddress(&bad, "billing_address", c.addressFindings(next.Billing, next.Billing.Email))
	}
	if shipping != nil {
		refuseAddress(&bad, "shipping_address", c.addressFindings(next.Shipping, ""))
	}
	if err := bad.Err(); err != nil {
		return rest.Answer{}, err
	}
	c.cart.Session.Customer = next
	if err := c.recalculate(); err != nil {
		return rest.Answer{}, err
	}
	return c.theCart()
}

// requiredFields are the members of an address that must not be empty, as the
// country names them, in the order WooCommerce complains.
func requiredFields(country string) []struct{ name, label string } {
	plain := []struct{ name, label string }{
		{"first_name", "First name"}, {"last_name", "Last name"}, {"country", "Country/Region"}, {"address_1", "Street address"},
		{"city", "Town / City"},
	}
	if country == "IN" {
		return append([]struct{ name, label string }{{"postcode", "PIN Code"}, {"state", "State"}}, plain...)
	}
	return append(plain, []struct{ name, label string }{{"state", "State / County"}, {"postcode", "Postcode / ZIP"}}...)
}

func missingFields(a site.Address) []string {
	values := map[string]string{}
	for _, f := range addressFields(&a) {
		values[f.name] = *f.into
	}
	var out []string
	for _, f := range requiredFields(a.Country) {
		if strings.TrimSpace(values[f.name]) == "" {
			out = append(out, f.label+" is required")
		}
	}
	return out
}

// addressesComplete is OrderController::validate_addresses.
func (c *Call) addressesComplete(o *site.Order) *wire.Error {
	ships, sh := c.cart.NeedsShipping(), c.Site.Shop
	pickup := carts.IsPickup(c.cart.ChosenID())
	refuse := func(text, country string) *wire.Error {
		return &wire.Error{Status: http.StatusBadRequest, Code: "woocommerce_rest_invalid_address_country", Message: text + " (" + wp.EscHTML(country) + ")",
			Data: wp.Object{{"allowed_countries", soldTo(sh)}, {"status", http.StatusBadRequest}}}
	}
	if ships && !pickup && !sh.SellsTo(o.Shipping.Country) {
		return refuse("Sorry, we do not ship orders to the provided country", o.Shipping.Country)
	}
	if !sh.SellsTo(o.Billing.Country) {
		return refuse("Sorry, we do not allow orders from the provided country", o.Billing.Country)
	}
	var found wp.Object
	var text string
	if missing := missingFields(o.Shipping); ships && len(missing) > 0 {
		found, text = found.With("shipping", missing), "shipping address: "+strings.Join(missing, ", ")
	}
	if missing := missingFields(o.Billing); len(missing) > 0 {
		found = found.With("billing", missing)
		if text == "" {
			text = "billing address: " + strings.Join(missing, ", ")
		}
	}
	if len(found) == 0 {
		return nil
	}
	return &wire.Error{Status: http.StatusBadRequest, Code: "woocommerce_rest_invalid_address", Message: "There was a problem with the provided " + text,
		Data: wp.Object{{"errors", found}, {"status", http.StatusBadRequest}}}
}

// soldTo are the countries the shop sells to.
func soldTo(sh *shop.Shop) []string {
	out := []string{}
	for _, code := range sh.Countries {
		if sh.SellsTo(code) {
			out = append(out, code)
		}
	}
	return out
}
