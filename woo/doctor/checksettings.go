package doctor

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// settings are what was read, for the report.
func (e *exam) settings() Settings {
	s := Settings{
		Currency: e.text("woocommerce_currency"), Decimals: e.text("woocommerce_price_num_decimals"),
		BaseCountry: e.text("woocommerce_default_country"), SellsTo: e.text("woocommerce_allowed_countries"), Countries: []string{},
		Taxes: e.text("woocommerce_calc_taxes"), PricesIncludeTax: e.text("woocommerce_prices_include_tax"),
		TaxBasedOn: e.text("woocommerce_tax_based_on"), RoundAtSubtotal: e.text("woocommerce_tax_round_at_subtotal"),
		ShopShowsTax: e.text("woocommerce_tax_display_shop"), CartShowsTax: e.text("woocommerce_tax_display_cart"),
		ManageStock: e.text("woocommerce_manage_stock"), HoldStockMinutes: e.text("woocommerce_hold_stock_minutes"),
		GuestCheckout: e.text("woocommerce_enable_guest_checkout"), Coupons: e.text("woocommerce_enable_coupons"),
	}
	switch s.SellsTo {
	case "specific":
		s.Countries = append(s.Countries, e.option["woocommerce_specific_allowed_countries"]...)
	case "all_except":
		s.Countries = append(s.Countries, e.option["woocommerce_all_except_countries"]...)
	}
	if hpos := e.system.Settings.HPOS; hpos != nil {
		s.HPOS = map[bool]string{true: "yes", false: "no"}[*hpos]
	}
	if seconds := e.system.Environment.MaxExecution; seconds != nil {
		s.MaxExecution = strconv.FormatInt(*seconds, 10)
	}
	return s
}

// known says why a setting cannot be judged; nil when it can.
func (e *exam) known(group, id string) []Finding {
	switch read := e.options[group]; {
	case !read.ok():
		return unchecked(read.reason())
	case e.option[id] == nil:
		return unchecked("the store does not tell " + id)
	}
	return nil
}

// holdStock is how long the store's own checkout holds stock, 0 for ever.
func (e *exam) holdStock() time.Duration {
	minutes, err := strconv.Atoi(e.text("woocommerce_hold_stock_minutes"))
	if err != nil || minutes < 0 || e.text("woocommerce_manage_stock") != "yes" {
		return 0
	}
	return time.Duration(minutes) * time.Minute
}

// checkRules tries what a checkout does: read the rules and understand them.
func (e *exam) checkRules() []Finding {
	switch failed, ok := asWoo(e.rulesErr); {
	case e.rulesErr == nil:
		return nil
	case errors.Is(e.rulesErr, quote.ErrUnsupported):
		return found(Breaks, "a rule is beyond the quote engine: %s", reasonOf(e.rulesErr))
	case ok && failed.Field == "woocommerce_currency" && e.known("general", failed.Field) == nil:
		return unchecked("the currency is another one")
	case ok && failed.Field != "":
		return found(Breaks, "a rule cannot be read: %s", reasonOf(e.rulesErr))
	}
	return unchecked(reasonOf(e.rulesErr))
}

func (e *exam) checkCurrency() []Finding {
	const id = "woocommerce_currency"
	if list := e.known("general", id); list != nil {
		return list
	}
	if is := e.text(id); is != string(e.o.Currency) {
		return found(Breaks, "the store sells in %s, expected is %s", is, e.o.Currency)
	}
	if failed, ok := asWoo(e.rulesErr); ok && failed.Field == id {
		return found(Breaks, "%s", failed.Message)
	}
	return nil
}

func (e *exam) checkDecimals() []Finding {
	const id = "woocommerce_price_num_decimals"
	if list := e.known("general", id); list != nil {
		return list
	}
	currency, err := pricing.ParseCurrency(e.text("woocommerce_currency"))
	if err != nil {
		return unchecked("the store's currency is unknown")
	}
	switch is, err := strconv.Atoi(e.text(id)); {
	case err != nil:
		return found(Breaks, "the number of decimals is %q", e.text(id))
	case is > currency.MinorDigits():
		return found(Breaks, "prices have %d decimals, %s has %d: what is owed cannot be paid", is, currency, currency.MinorDigits())
	case is < currency.MinorDigits():
		return found(Notes, "prices have %d decimals, %s has %d: totals are rounded, and quotes follow", is, currency, currency.MinorDigits())
	}
	return nil
}

func (e *exam) checkTaxes() []Finding {
	if list := firstOf(e.known("general", "woocommerce_calc_taxes"), e.known("tax", "woocommerce_prices_include_tax")); list != nil {
		return list
	}
	if e.text("woocommerce_calc_taxes") != "yes" {
		return found(Notes, "taxes are switched off")
	}
	want := "excl"
	if e.text("woocommerce_prices_include_tax") == "yes" {
		want = "incl"
	}
	shop, inCart := e.text("woocommerce_tax_display_shop"), e.text("woocommerce_tax_display_cart")
	if shop != want || inCart != want {
		return found(Notes, "prices are entered %s tax, shown %s in the shop and %s in the cart: calculate with the stored price, show the text", want, shop, inCart)
	}
	return nil
}

// firstOf is the first list that has something in it.
func firstOf(lists ...[]Finding) []Finding {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

func (e *exam) checkTaxBasis() []Finding {
	const id = "woocommerce_tax_based_on"
	if list := firstOf(e.known("tax", id), e.known("general", "woocommerce_calc_taxes")); list != nil {
		return list
	}
	if basis := e.text(id); e.text("woocommerce_calc_taxes") == "yes" && basis != "shipping" {
		return found(Warns, "tax is calculated based on %q", basis)
	}
	return nil
}

func (e *exam) checkStock() []Finding {
	return e.checkOn("products", "woocommerce_manage_stock", Breaks)
}

func (e *exam) checkGuests() []Finding {
	return e.checkOn("account", "woocommerce_enable_guest_checkout", Warns)
}

func (e *exam) checkCoupons() []Finding {
	return e.checkOn("general", "woocommerce_enable_coupons", Notes)
}

// checkOn wants a setting to be ticked.
func (e *exam) checkOn(group, id string, otherwise Severity) []Finding {
	if list := e.known(group, id); list != nil {
		return list
	}
	if e.text(id) != "yes" {
		return found(otherwise, "%s is %q", id, e.text(id))
	}
	return nil
}

func (e *exam) checkHoldStock() []Finding {
	const id = "woocommerce_hold_stock_minutes"
	if list := e.known("products", id); list != nil {
		return list
	}
	switch hold := e.holdStock(); {
	case e.text("woocommerce_manage_stock") != "yes":
		return nil // settings.stock says so
	case hold == 0:
		return found(Notes, "unpaid orders of the store's own checkout are never cancelled, and no stock is held for them")
	case hold < e.o.Policy.PaymentWindow:
		return found(Warns, "the store's own checkout holds stock for %s, a payment may take %s", hold, e.o.Policy.PaymentWindow)
	}
	return nil
}

func (e *exam) checkCountries() []Finding {
	if list := e.known("general", "woocommerce_allowed_countries"); list != nil {
		return list
	}
	home, _, _ := strings.Cut(e.text("woocommerce_default_country"), ":")
	sells, shipping := e.reaches(home), true
	switch e.text("woocommerce_ship_to_countries") {
	case "disabled":
		shipping = false
	case "specific":
		shipping = slices.Contains(e.option["woocommerce_specific_ship_to_countries"], home)
	}
	switch {
	case home == "":
		return found(Warns, "the shop has no country of its own")
	case !sells:
		return found(Breaks, "the shop does not sell to its own country, %s", home)
	case !shipping:
		return found(Warns, "nothing is shipped to the shop's own country, %s", home)
	}
	return nil
}

// reaches reports whether the shop sells to a country.
func (e *exam) reaches(country string) bool {
	switch e.text("woocommerce_allowed_countries") {
	case "specific":
		return slices.Contains(e.option["woocommerce_specific_allowed_countries"], country)
	case "all_except":
		return !slices.Contains(e.option["woocommerce_all_except_countries"], country)
	}
	return true
}

// statesOfIndia are those that PINs lie in (checkout/pincode).
func statesOfIndia() []string {
	return strings.Fields("AN AP AR AS BR CH CT DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD PB PY RJ SK TN TR TS UK UP WB")
}

func (e *exam) checkStates() []Finding {
	if list := e.known("general", "woocommerce_allowed_countries"); list != nil {
		return list
	}
	if !e.reaches("IN") {
		return nil
	}
	if !e.india.ok() {
		return unchecked(e.india.reason())
	}
	var missing []string
	for _, code := range statesOfIndia() {
		if !slices.ContainsFunc(e.states.States, func(s state) bool { return checkout.SameState(s.Code, code) }) {
			missing = append(missing, code)
		}
	}
	switch {
	case len(e.states.States) == 0:
		return found(Breaks, "the store has no states of India")
	case len(missing) > 0:
		return found(Warns, "the store does not know %s", strings.Join(missing, ", "))
	}
	return nil
}
