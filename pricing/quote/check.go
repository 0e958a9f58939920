package quote

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

func invalid(field, reason string) error { return &InvalidError{Field: field, Reason: reason} }

// check refuses input that cannot be true, and prepares the lines.
func (c *calc) check() error {
	for _, f := range []func() error{c.checkRates, c.checkLines, c.checkCoupons, c.checkExtras, c.checkSizes} {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) check() error {
	if _, err := pricing.ParseCurrency(string(s.Currency)); err != nil {
		return invalid("settings.currency", "must be an ISO 4217 code such as INR")
	}
	switch {
	case s.Decimals < 0 || s.Decimals > 4:
		return invalid("settings.decimals", "must be from 0 to 4")
	case s.TaxBasedOn != "" && s.TaxBasedOn != BasedOnShipping && s.TaxBasedOn != BasedOnBilling && s.TaxBasedOn != BasedOnBase:
		return invalid("settings.tax_based_on", "must be shipping, billing or base")
	case s.CartDisplay != "" && s.CartDisplay != DisplayInclusive && s.CartDisplay != DisplayExclusive:
		return invalid("settings.cart_display", "must be incl or excl")
	}
	return nil
}

func (c *calc) checkRates() error {
	if len(c.in.Rates) > MaxRates {
		return invalid("rates", fmt.Sprintf("must not be more than %d", MaxRates))
	}
	seen := make(map[int64]bool, len(c.in.Rates))
	for i := range c.in.Rates {
		r := &c.in.Rates[i]
		s, ok := scale(r.Rate)
		switch {
		case !ok || s.places > 4 || s.coefficient < 0 || uint64(s.coefficient) > 1000*pow10(s.places):
			return invalid(fmt.Sprintf("rates[%d].rate", i), "must be a percentage from 0 to 1000 with at most four decimals")
		case seen[r.ID]:
			return invalid(fmt.Sprintf("rates[%d].id", i), "must be different from every other rate's id")
		case (len(r.Postcodes) > 0 || len(r.Cities) > 0) && c.taxed:
			return &UnsupportedError{Feature: "tax rates limited to postcodes or cities"}
		}
		seen[r.ID] = true
	}
	return nil
}

func (c *calc) checkLines() error {
	lines := c.in.Lines
	if len(lines) == 0 {
		return invalid("lines", "must not be empty")
	}
	if len(lines) > MaxLines {
		return invalid("lines", fmt.Sprintf("must not be more than %d", MaxLines))
	}
	c.items = make([]item, len(lines))
	var keys map[string]bool
	for i := range lines {
		if k := lines[i].Key; k != "" {
			if keys[k] {
				return invalid(fmt.Sprintf("lines[%d].key", i), "must be different from every other line's")
			}
			if keys == nil {
				keys = make(map[string]bool, len(lines))
			}
			keys[k] = true
		}
		if field, reason := c.checkLine(&lines[i], &c.items[i]); reason != "" {
			return invalid(fmt.Sprintf("lines[%d].%s", i, field), reason)
		}
	}
	return nil
}

func (c *calc) checkLine(l *Line, it *item) (field, reason string) {
	unit, ok := scale(l.UnitPrice)
	switch {
	case l.Quantity < 1 || l.Quantity > MaxQuantity:
		return "quantity", fmt.Sprintf("must be a whole number from 1 to %d", MaxQuantity)
	case !ok || unit.coefficient < 0:
		return "unit_price", "must be a plain amount of zero or more, with at most 18 digits"
	case l.TaxStatus != "" && l.TaxStatus != Taxable && l.TaxStatus != ShippingOnly && l.TaxStatus != NotTaxable:
		return "tax_status", "must be taxable, shipping or none"
	}
	price, ok := c.linePrice(l, unit)
	if !ok {
		return "unit_price", "makes the line larger than can be charged"
	}
	*it = item{Line: l, price: price, status: l.TaxStatus, product: l.ProductID, parent: l.ParentID}
	if it.status == "" {
		it.status = Taxable
	}
	if l.VariationID != 0 {
		it.product = l.VariationID
		if it.parent == 0 {
			it.parent = l.ProductID
		}
	}
	if price < 0 {
		return "adjustments", "must not make the line cheaper than nothing"
	}
	return c.checkGiven(l)
}

// linePrice is unit price times quantity plus what price rules changed, to six decimals of the currency.
func (c *calc) linePrice(l *Line, unit scaled) (amount, bool) {
	price, ok := c.product(unit, l.Quantity)
	for i := range l.Adjustments {
		a, fits := c.parse(l.Adjustments[i].Amount)
		price, ok = price+a, ok && fits && price < maxGross && a < maxGross && a > -maxGross
	}
	return price, ok && price <= maxGross
}

// product multiplies in one go: WooCommerce does not round the unit.
func (c *calc) product(s scaled, quantity int64) (amount, bool) {
	hi, lo := bits.Mul64(uint64(max(s.coefficient, -s.coefficient)), uint64(quantity))
	if hi > 0 || lo > 1<<62 {
		return 0, false
	}
	n := withSign(lo, s.coefficient < 0)
	places := c.decimals + 6
	if s.places <= places {
		hi, lo = bits.Mul64(lo, pow10(places-s.places))
		if hi > 0 || lo > uint64(maxGross) {
			return 0, false
		}
		return c.inOrder.grid.round(withSign(lo, n < 0), c.inOrder.unit, halfUp), true
	}
	a := c.inOrder.grid.ratio(n, 1, pow10(s.places-places), c.inOrder.unit, halfUp)
	return a, a <= maxGross && a >= -maxGross
}

// fine reads an amount in major units, to six decimals of a cent.
func (c *calc) fine(d decimal.Decimal) amount {
	s, _ := scale(d)
	if extra := s.places - c.decimals - 6; extra > 0 {
		return c.inCart.grid.ratio(amount(s.coefficient), 1, pow10(extra), 1, halfUp)
	}
	return amount(s.coefficient) * amount(pow10(c.decimals+6-s.places))
}

// checkGiven checks the amounts of a line that was priced by hand.
func (c *calc) checkGiven(l *Line) (field, reason string) {
	if l.Given == nil {
		return "", ""
	}
	if sub := c.given(l.Given.Subtotal, 0); sub < 0 || sub > maxGross {
		return "given.subtotal", "must be an amount of zero or more"
	}
	if total := c.given(l.Given.Total, 0); total < 0 || total > maxGross {
		return "given.total", "must be an amount of zero or more"
	}
	return "", ""
}

// given is the amount that was stated, or else the computed one; -1 when it cannot be one.
func (c *calc) given(stated *decimal.Decimal, computed amount) amount {
	if stated == nil {
		return computed
	}
	a, ok := c.parse(*stated)
	if !ok {
		return -1
	}
	return a
}

// parse reads an amount in major units, to six decimals of the currency.
func (c *calc) parse(d decimal.Decimal) (amount, bool) {
	s, ok := scale(d)
	if !ok {
		return 0, false
	}
	return c.product(s, 1)
}

// checkExtras checks shipping, fees and the rate of exchange.
func (c *calc) checkExtras() error {
	if e := c.in.Exchange; e != nil {
		if s, ok := scale(e.Rate); !ok || s.coefficient <= 0 {
			return invalid("exchange.rate", "must be a plain number above zero")
		}
		if e.To != c.in.Settings.Currency {
			return invalid("exchange.to", "must be the currency of the settings")
		}
	}
	if len(c.in.Shipping) > 1 {
		return &UnsupportedError{Feature: "more than one shipping line"}
	}
	if len(c.in.Fees) > MaxFees {
		return invalid("fees", fmt.Sprintf("must not be more than %d", MaxFees))
	}
	if len(c.in.Fees) > 5 && c.equalFees() {
		return &UnsupportedError{Feature: "more than five fees of which some have the same amount"}
	}
	for i := range c.in.Shipping {
		if a, ok := c.parse(c.in.Shipping[i].Cost); !ok || a < 0 {
			return invalid(fmt.Sprintf("shipping[%d].cost", i), "must be an amount of zero or more")
		}
	}
	if err := c.checkFeeNames(); err != nil {
		return err
	}
	for i := range c.in.Fees {
		if s, ok := scale(c.in.Fees[i].Amount); !ok || s.places > 6 {
			return invalid(fmt.Sprintf("fees[%d].amount", i), "must be an amount with at most six decimals")
		}
		if _, ok := c.parse(c.in.Fees[i].Amount); !ok {
			return invalid(fmt.Sprintf("fees[%d].amount", i), "is larger than can be charged")
		}
	}
	return nil
}

// checkFeeNames: the cart knows a fee by its name and drops a second one of the same name without a word.
func (c *calc) checkFeeNames() error {
	seen := make(map[string]bool, len(c.in.Fees))
	for i := range c.in.Fees {
		name := cleanCode(c.in.Fees[i].Name)
		if seen[name] {
			return invalid(fmt.Sprintf("fees[%d].name", i), "must be different from every other fee's")
		}
		seen[name] = true
	}
	return nil
}

// checkSizes makes sure that no sum, with every tax there is, leaves 63 bits.
func (c *calc) checkSizes() error {
	gross := amount(0)
	for i := range c.items {
		gross += c.items[i].price
		if g := c.items[i].Given; g != nil && gross <= maxGross {
			gross += max(c.given(g.Subtotal, 0), c.given(g.Total, 0))
		}
		if gross > maxGross {
			return invalid("lines", "sum up to more than can be charged")
		}
	}
	for i := range c.in.Fees {
		a, _ := c.parse(c.in.Fees[i].Amount)
		if gross += max(a, -a); gross > maxGross {
			return invalid("fees", "sum up to more than can be charged")
		}
	}
	for i := range c.in.Shipping {
		a, _ := c.parse(c.in.Shipping[i].Cost)
		if gross += a; gross > maxGross {
			return invalid("shipping", "sums up to more than can be charged")
		}
	}
	return nil
}

// cleanCode is a coupon code as WooCommerce compares it.
func cleanCode(code string) string { return strings.ToLower(strings.TrimSpace(code)) }
