package woo

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// OrderDifference is one amount or number in which a created order differs
// from its quote.
type OrderDifference struct {
	Field string // for example "lines[1].total"
	Quote string
	Store string
}

// TotalMismatchError says that the store computed an order otherwise than the
// quote: a price, a tax rate or a plugin changed in between. The order stays
// pending, where it has no effect.
type TotalMismatchError struct {
	OrderID     int64
	Quoted      pricing.Money
	Stored      pricing.Money
	Differences []OrderDifference
}

// Error implements error.
func (e *TotalMismatchError) Error() string {
	parts := make([]string, len(e.Differences))
	for i, d := range e.Differences {
		parts[i] = d.Field + " " + d.Quote + " became " + d.Store
	}
	return fmt.Sprintf("woo: order %d differs from its quote (total %s, quoted %s): %s",
		e.OrderID, e.Stored, e.Quoted, strings.Join(parts, "; "))
}

// Unwrap makes it a refusal in the words of both packages.
func (e *TotalMismatchError) Unwrap() []error {
	return []error{ErrRefused, &checkout.RefusedError{Code: "total_mismatch", Reason: e.Error()}}
}

// comparison collects differences.
type comparison struct {
	decimals int // the shop's
	found    []OrderDifference
}

// compareOrder returns nil or a *TotalMismatchError. Lines are compared in all
// the digits the store sent, taxes in the shop's decimals, the total to the
// minor unit.
func compareOrder(q quote.Quote, n *orderNode, o checkout.StoreOrder) error {
	c := comparison{decimals: q.Decimals}
	c.text("currency", string(q.Currency), n.Currency)
	c.lines(q, n)
	c.shipping(q, n)
	c.fees(q, n)
	c.tax("total_tax", q.Totals.TotalTax.Decimal(), n.TotalTax)
	c.tax("total", q.Totals.Total.Decimal(), n.Total)
	if len(c.found) == 0 {
		return nil
	}
	return &TotalMismatchError{OrderID: o.ID, Quoted: q.Totals.Total, Stored: o.Total, Differences: c.found}
}

func (c *comparison) lines(q quote.Quote, n *orderNode) {
	if c.count("lines", len(q.Lines), len(n.Lines)) {
		return
	}
	for i, want := range q.Lines {
		field, got := fmt.Sprintf("lines[%d].", i), n.Lines[i]
		c.text(field+"product", fmt.Sprint(want.ProductID, "/", want.VariationID), fmt.Sprint(int64(got.ProductID), "/", int64(got.VariationID)))
		c.text(field+"quantity", fmt.Sprint(want.Quantity), fmt.Sprint(int64(got.Quantity)))
		c.amount(field+"subtotal", want.Subtotal, got.Subtotal)
		c.amount(field+"total", want.Total, got.Total)
		c.tax(field+"total_tax", want.TotalTax, got.TotalTax)
	}
}

func (c *comparison) shipping(q quote.Quote, n *orderNode) {
	if c.count("shipping_lines", len(q.Shipping), len(n.ShippingLines)) {
		return
	}
	for i, want := range q.Shipping {
		field := fmt.Sprintf("shipping_lines[%d].", i)
		c.amount(field+"total", want.Total, n.ShippingLines[i].Total)
		c.tax(field+"total_tax", want.TotalTax, n.ShippingLines[i].TotalTax)
	}
}

func (c *comparison) fees(q quote.Quote, n *orderNode) {
	if c.count("fee_lines", len(q.Fees), len(n.Fees)) {
		return
	}
	for i, want := range q.Fees {
		field := fmt.Sprintf("fee_lines[%d].", i)
		c.amount(field+"total", want.Total, n.Fees[i].Total)
		c.tax(field+"total_tax", want.TotalTax, n.Fees[i].TotalTax)
	}
}

// count compares lengths and reports whether they differ.
func (c *comparison) count(field string, want, got int) bool {
	c.text(field, fmt.Sprint(want), fmt.Sprint(got))
	return want != got
}

func (c *comparison) text(field, want, got string) {
	if want != got {
		c.found = append(c.found, OrderDifference{field, want, got})
	}
}

// amount compares in the digits the store sent: six, or fewer where it rounds.
func (c *comparison) amount(field string, want decimal.Decimal, got looseAmount) {
	c.near(field, want, got, min(-got.Decimal.Exponent(), sentDecimals))
}

// tax compares in the shop's decimals: a tax is kept rounded or not, as
// woocommerce_tax_round_at_subtotal says.
func (c *comparison) tax(field string, want decimal.Decimal, got looseAmount) {
	c.near(field, want, got, int32(c.decimals))
}

// near wants two amounts less than half a unit of the given place apart.
func (c *comparison) near(field string, want decimal.Decimal, got looseAmount, places int32) {
	half := decimal.New(5, -places-1)
	if !got.Valid || want.Sub(got.Decimal).Abs().Cmp(half) > 0 {
		c.found = append(c.found, OrderDifference{field, want.StringFixed(sentDecimals), got.Decimal.StringFixed(sentDecimals)})
	}
}
