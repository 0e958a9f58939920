package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo"
)

func (e *exam) checkTaxClasses() []Finding {
	switch {
	case !e.options["general"].ok():
		return unchecked(e.options["general"].reason())
	case e.text("woocommerce_calc_taxes") != "yes":
		return nil // settings.taxes says so
	case !e.classes.ok() || !e.rates.ok():
		return unchecked(firstReason(e.classes, e.rates))
	}
	var list []Finding
	for _, class := range e.taxed {
		if !e.rated(class.Slug) {
			list = append(list, class.unrated()...)
		}
	}
	return list
}

// unrated is what it means that no rate applies to a class: nothing where no
// product has it, and what its name says for WooCommerce's own class zero-rate.
func (c taxClass) unrated() []Finding {
	slug := c.Slug
	if slug == "standard" {
		slug = "" // as products have it
	}
	f := Finding{Severity: Breaks, Subject: c.Slug}
	switch {
	case c.used.ok() && len(c.one) == 0:
		return nil
	case !c.used.ok():
		f.Severity, f.Found = Unchecked, "could not be checked: no rate applies to the class "+c.Slug+"; whether products have it: "+c.used.reason()
	case c.one[0].Class != slug:
		f.Severity, f.Found = Unchecked, "could not be checked: no rate applies to the class "+c.Slug+"; the store does not list products by class"
	default:
		f.Found = cmp.Or(c.used.reply.Header.Get("X-WP-Total"), "some") + " products have the tax class " + c.Slug + ", to which no rate applies in the shop's country"
		if c.Slug == "zero-rate" {
			f.Severity, f.Breaks = Notes, "They are sold without tax, as the name of the class says."
		}
	}
	return []Finding{f}
}

// firstReason is why the first of several answers that failed did.
func firstReason(answers ...asked) string {
	for _, a := range answers {
		if !a.ok() {
			return a.reason()
		}
	}
	return ""
}

func (e *exam) checkGateways() []Finding {
	if !e.gateways.ok() {
		return unchecked(e.gateways.reason())
	}
	var list []Finding
	for _, id := range e.o.Gateways {
		state := "is not installed"
		for _, g := range e.paying {
			switch {
			case g.ID != id:
			case g.Enabled:
				state = ""
			default:
				state = "is switched off"
			}
		}
		if state != "" {
			list = append(list, Finding{Severity: Notes, Subject: id, Found: "the way to pay " + id + " " + state + " in the store"})
		}
	}
	return list
}

// checkTypes asks the report that counts products by type.
func (e *exam) checkTypes() []Finding {
	if !e.kinds.ok() {
		return unchecked(e.kinds.reason())
	}
	var list []Finding
	for _, k := range e.sold {
		if k.Total > 0 && !slices.Contains([]woo.ProductType{woo.Simple, woo.Variable, woo.Grouped, woo.External}, woo.ProductType(k.Slug)) {
			list = append(list, Finding{Severity: Warns, Subject: k.Slug, Found: fmt.Sprintf("%d products are of the type %s", k.Total, k.Slug)})
		}
	}
	return list
}

// checkPrices looks at the first page of the catalogue, as the client reads it.
func (e *exam) checkPrices() []Finding {
	if e.pageErr != nil {
		if e.away != nil || errors.Is(e.pageErr, woo.ErrUnauthorised) || errors.Is(e.pageErr, woo.ErrUnavailable) && !e.shop.ok() {
			return unchecked(reasonOf(e.pageErr))
		}
		return found(Breaks, "the catalogue cannot be read: %s", reasonOf(e.pageErr))
	}
	if n := len(e.page.Unreadable); n > 0 {
		var first []string
		for _, p := range e.page.Unreadable[:min(n, 3)] {
			first = append(first, p.Error())
		}
		return found(Breaks, "%d of %d products cannot be read: %s", n, n+len(e.page.Products), strings.Join(first, "; "))
	}
	for i := range e.page.Products {
		if e.page.Products[i].Price.Kind == woo.Priced {
			return nil
		}
	}
	return unchecked("no product has a price")
}
