package session

import (
	"fmt"
	"html"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// wireCart is a cart as WooGraphQL sends it.
type wireCart struct {
	Total, Subtotal, SubtotalTax, DiscountTotal, DiscountTax rawAmount
	ShippingTotal, ShippingTax, FeeTotal, FeeTax, TotalTax   rawAmount
	NeedsShippingAddress                                     bool
	ChosenShippingMethods                                    []text
	TotalTaxes                                               []struct {
		Label  text
		Amount rawAmount
	}
	AppliedCoupons []struct {
		Code                        text
		DiscountAmount, DiscountTax rawAmount
	}
	Fees []struct {
		ID, Name, TaxClass text
		Total              rawAmount
		Taxable            bool
	}
	AvailableShippingMethods []struct {
		PackageDetails text
		Rates          []wireRate
	}
	Contents *wireContents
}

type wireContents struct {
	PageInfo struct {
		HasNextPage bool
		EndCursor   *string
	}
	Nodes []wireLine
}

type wireRate struct {
	ID, MethodID, Label text
	InstanceID          whole
	Subtotal, TaxTotal  rawAmount
	Cost                text
}

type wireLine struct {
	Key                               text
	Quantity                          whole
	Subtotal, SubtotalTax, Total, Tax rawAmount
	ExtraData                         []struct{ Key, Value text }
	Product                           *struct{ Node *wireNode }
	Variation                         *struct {
		Attributes []struct{ Name, Value text }
		Node       *wireNode
	}
}

type wireNode struct {
	DatabaseID whole
	Name, SKU  text
}

// after puts the lines of earlier pages before this one's.
func (w *wireCart) after(earlier *wireCart) *wireCart {
	if earlier != nil && earlier.Contents != nil && w.Contents != nil {
		w.Contents.Nodes = append(earlier.Contents.Nodes, w.Contents.Nodes...)
	}
	return w
}

// next is where the next page of lines begins, nil for nowhere.
func (w *wireCart) next() *string {
	if w.Contents == nil || !w.Contents.PageInfo.HasNextPage {
		return nil
	}
	return w.Contents.PageInfo.EndCursor
}

// cart checks and translates the answer.
func (w *wireCart) cart(d *GraphQL, op string, write bool) (Cart, error) {
	if w.Contents == nil || !w.Total.Valid {
		return Cart{}, badAnswer(op, write)
	}
	total, err := pricing.FromDecimal(w.Total.Decimal, d.currency, pricing.HalfUp)
	if err != nil {
		return Cart{}, badAnswer(op, write)
	}
	c := Cart{
		Currency: d.currency, Places: Unrounded, NeedsShipping: w.NeedsShippingAddress || len(w.AvailableShippingMethods) > 0,
		Totals: Totals{
			Subtotal: w.Subtotal.Decimal, SubtotalTax: w.SubtotalTax.Decimal, Discount: w.DiscountTotal.Decimal, DiscountTax: w.DiscountTax.Decimal,
			Shipping: w.ShippingTotal.Decimal, ShippingTax: w.ShippingTax.Decimal, Fees: w.FeeTotal.Decimal, FeesTax: w.FeeTax.Decimal,
			Tax: w.TotalTax.Decimal, Total: total,
		},
	}
	for _, l := range w.Contents.Nodes {
		line, ok := l.line()
		if !ok {
			return Cart{}, badAnswer(op, write)
		}
		c.Lines = append(c.Lines, line)
	}
	for _, t := range w.TotalTaxes {
		c.Taxes = append(c.Taxes, Tax{Label: t.Label.plain(), Amount: t.Amount.Decimal})
	}
	for _, a := range w.AppliedCoupons {
		c.Coupons = append(c.Coupons, Coupon{Code: string(a.Code), Discount: a.DiscountAmount.Decimal, DiscountTax: a.DiscountTax.Decimal})
	}
	for _, f := range w.Fees {
		c.Fees = append(c.Fees, Fee{ID: string(f.ID), Name: f.Name.plain(), Total: f.Total.Decimal, Taxable: f.Taxable, TaxClass: standard(f.TaxClass)})
	}
	return c, w.packages(d, &c, op, write)
}

// packages reads what is shipped separately. The chosen rates are listed in the
// order of the packages that have one.
func (w *wireCart) packages(d *GraphQL, c *Cart, op string, write bool) error {
	for i, p := range w.AvailableShippingMethods {
		out := Package{ID: fmt.Sprint(i), Name: p.PackageDetails.plain()}
		for _, r := range p.Rates {
			rate, err := r.rate(d)
			if err != nil {
				return badAnswer(op, write)
			}
			rate.Chosen = i < len(w.ChosenShippingMethods) && string(w.ChosenShippingMethods[i]) == rate.ID
			out.Rates = append(out.Rates, rate)
		}
		c.Packages = append(c.Packages, out)
	}
	return nil
}

func (r wireRate) rate(d *GraphQL) (Rate, error) {
	out := Rate{
		ID: string(r.ID), MethodID: string(r.MethodID), InstanceID: int64(r.InstanceID), Label: r.Label.plain(),
		Cost: decimal.NullDecimal(r.Subtotal), Tax: decimal.NullDecimal(r.TaxTotal),
	}
	shown, err := readRaw(string(r.Cost))
	if err != nil {
		var price pricing.Price
		if price, err = d.parser.ParsePrice(string(r.Cost)); err == nil {
			shown = price.Min
		}
	}
	out.Shown = decimal.NullDecimal{Decimal: shown, Valid: err == nil}
	return out, err
}

func (l wireLine) line() (Line, bool) {
	out := Line{
		Key: string(l.Key), Quantity: int64(l.Quantity), Subtotal: l.Subtotal.Decimal, SubtotalTax: l.SubtotalTax.Decimal,
		// total has its tax in it, unlike an order's
		Total: l.Total.Decimal.Sub(l.Tax.Decimal), TotalTax: l.Tax.Decimal,
	}
	if l.Product != nil && l.Product.Node != nil {
		n := l.Product.Node
		out.ProductID, out.Name, out.SKU = int64(n.DatabaseID), n.Name.plain(), string(n.SKU)
	}
	if l.Variation != nil && l.Variation.Node != nil {
		n := l.Variation.Node
		out.VariationID, out.Name, out.SKU = int64(n.DatabaseID), n.Name.plain(), string(n.SKU)
		for _, a := range l.Variation.Attributes {
			out.Attributes = put(out.Attributes, string(a.Name), string(a.Value))
		}
	}
	for _, d := range l.ExtraData {
		out.Data = put(out.Data, string(d.Key), string(d.Value))
	}
	return out, out.Key != "" && out.ItemID() > 0 && out.Quantity > 0 && l.Subtotal.Valid && l.Total.Valid
}

func put(m map[string]string, name, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[name] = value
	return m
}

// wireCustomer is whose cart it is.
type wireCustomer struct{ Billing, Shipping *wireAddress }

type wireAddress struct {
	FirstName, LastName, Company, Address1, Address2, City, State, Postcode, Country, Email, Phone text
}

func (w *wireCustomer) customer() *Customer {
	if w == nil {
		return nil
	}
	return &Customer{Billing: w.Billing.address(), Shipping: w.Shipping.address()}
}

func (w *wireAddress) address() checkout.Address {
	if w == nil {
		return checkout.Address{}
	}
	return checkout.Address{
		FirstName: string(w.FirstName), LastName: string(w.LastName), Company: string(w.Company),
		Address1: string(w.Address1), Address2: string(w.Address2), City: string(w.City), State: string(w.State),
		Postcode: string(w.Postcode), Country: string(w.Country), Email: string(w.Email), Phone: string(w.Phone),
	}
}

// plain is a text as a page shows it: WooCommerce writes names with entities.
func (t text) plain() string { return html.UnescapeString(string(t)) }

// standard is a tax class with the standard one as "".
func standard(class text) string {
	if class == "STANDARD" {
		return ""
	}
	return string(class)
}
