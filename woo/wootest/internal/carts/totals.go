package carts

import (
	"fmt"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/shopspring/decimal"
)

// Calculate is WC_Cart::calculate_totals in the cart's own arithmetic
// (package quote holds it against real carts). It settles the chosen rate as
// WooCommerce does: the default one when the choice is gone or the offer has
// changed. An empty cart costs nothing.
func (b *Basket) Calculate() error {
	if b.Empty() {
		b.Session.Totals = &site.CartTotals{}
		return nil
	}
	in, err := b.quoteInput()
	if err != nil {
		return err
	}
	if rate, ok := b.chosenRate(); ok { // where tax is due depends on how it is sent
		in.Shipping = []quote.ShippingLine{shippingLineOf(rate)}
	}
	before, err := quote.Cart(in)
	if err != nil {
		return fmt.Errorf("wootest: cart: %w", err)
	}
	b.keepLines(before)
	totals := &site.CartTotals{View: before}
	b.Session.Totals = totals
	in.Shipping = nil
	if b.NeedsShipping() {
		offer, err := b.Offer()
		if err != nil {
			return err
		}
		if rate, ok := b.settleRate(offer); ok {
			totals.Chosen = []shipping.Rate{rate}
			in.Shipping = []quote.ShippingLine{shippingLineOf(rate)}
		}
	}
	if totals.View, err = quote.Cart(in); err != nil {
		return fmt.Errorf("wootest: cart: %w", err)
	}
	b.keepLines(totals.View)
	return nil
}

func (b *Basket) keepLines(view quote.CartView) {
	for i := range b.Session.Items {
		b.Session.Items[i].Line = view.Lines[i]
	}
}

func shippingLineOf(r shipping.Rate) quote.ShippingLine {
	return quote.ShippingLine{RateID: r.ID, MethodID: r.MethodID, InstanceID: r.InstanceID, Title: r.Label, Cost: r.Cost, Taxable: r.Taxable}
}

// quoteInput is the cart as package quote takes it.
func (b *Basket) quoteInput() (quote.Input, error) {
	sh, c := b.Site.Shop, b.Session.Customer.WithDefaults(b.Site.Shop)
	currency, err := pricing.ParseCurrency(sh.CurrencyCode())
	if err != nil {
		return quote.Input{}, fmt.Errorf("wootest: cart: %w", err)
	}
	base := sh.BaseAddress()
	in := quote.Input{
		Settings: quote.Settings{
			Currency: currency, Decimals: int(sh.Decimals()), TaxEnabled: sh.Yes("woocommerce_calc_taxes"),
			PricesIncludeTax: sh.Yes("woocommerce_prices_include_tax"), RoundAtSubtotal: sh.Yes("woocommerce_tax_round_at_subtotal"),
			BaseCountry: base.Country, BaseState: base.State, TaxBasedOn: quote.TaxBasis(sh.Values["woocommerce_tax_based_on"]),
			CartDisplay: quote.TaxDisplay(sh.Values["woocommerce_tax_display_cart"]), ShippingTaxClass: sh.Values["woocommerce_shipping_tax_class"],
			SequentialDiscounts: sh.Yes("woocommerce_calc_discounts_sequentially"), Version: sh.WooVersion, TaxClasses: orders.TaxClassSlugs(sh),
		},
		Rates: quoteRates(sh), ShipTo: destination(c.Shipping), BillTo: destination(c.Billing), VATExempt: c.VATExempt,
		Customer: quote.Customer{ID: b.Session.UserID(), BillingEmail: c.Billing.Email}, At: b.now,
	}
	for _, i := range b.Session.Items {
		in.Lines = append(in.Lines, b.quoteLine(i))
	}
	for _, code := range b.Session.Coupons {
		in.Coupons = append(in.Coupons, quoteCoupon(b.State, code))
	}
	return in, nil
}

func destination(a site.Address) quote.Destination {
	return quote.Destination{Country: a.Country, State: a.State, Postcode: a.Postcode, City: a.City}
}

func (b *Basket) quoteLine(i site.CartItem) quote.Line {
	p := i.Product(b.State)
	price, err := decimal.NewFromString(p.PriceAt(b.now))
	if err != nil { // purchasable products have a price
		price = decimal.Zero
	}
	return quote.Line{
		Key: i.Key, ProductID: i.ProductID, VariationID: i.VariationID, Name: b.State.FullName(p), SKU: p.SKU, UnitPrice: price,
		Quantity: i.Quantity, OnSale: p.OnSaleAt(b.now), TaxStatus: quote.TaxStatus(p.TaxStatus), TaxClass: p.TaxClass,
		CategoryIDs: b.State.CategoryIDs(p), Virtual: !p.NeedsShipping(), ShippingClass: p.ShippingClass,
	}
}

func quoteRates(sh *shop.Shop) []quote.TaxRate {
	out := make([]quote.TaxRate, 0, len(sh.Rates))
	for _, r := range sh.Rates {
		out = append(out, quote.TaxRate{
			ID: r.ID, Class: string(r.Class), Country: r.Country, State: r.State, Name: r.Name, Rate: r.Rate, Priority: int(r.Priority),
			Compound: r.Compound, Shipping: r.Shipping, Order: int(r.Order),
		})
	}
	return out
}

// ShowsTax is WC_Cart::display_prices_including_tax.
func (b *Basket) ShowsTax() bool {
	return b.Site.Shop.Values["woocommerce_tax_display_cart"] == "incl" && b.Site.Shop.Yes("woocommerce_calc_taxes")
}
