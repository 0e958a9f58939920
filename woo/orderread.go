package woo

import (
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// order makes a StoreOrder of what REST sent. An answer without an id, a
// status or a readable total is no order.
func (n *orderNode) order(op string) (checkout.StoreOrder, error) {
	broken := func(message string) error {
		return &Error{Kind: Unavailable, Op: op, Message: message, Cause: ErrBadAnswer}
	}
	if n.ID <= 0 || n.Status == "" {
		return checkout.StoreOrder{}, broken("the answer is no order")
	}
	currency, err := pricing.ParseCurrency(n.Currency)
	if err != nil {
		return checkout.StoreOrder{}, broken("the order has no known currency")
	}
	o := checkout.StoreOrder{
		ID: int64(n.ID), Number: string(n.Number), Key: string(n.Key), Status: n.Status, Currency: currency,
		TransactionID: string(n.TransactionID), Token: n.token(),
		DatePaid: gmt(string(n.DatePaid)), CreatedAt: gmt(string(n.DateCreated)), ModifiedAt: gmt(string(n.DateModified)),
		Told: checkout.Status(n.meta(statusKey)),
	}
	for _, m := range []struct {
		from looseAmount
		into *pricing.Money
	}{{n.Total, &o.Total}, {n.TotalTax, &o.TotalTax}} {
		if !m.from.Valid {
			return checkout.StoreOrder{}, broken("the order has no total")
		}
		if *m.into, err = pricing.FromDecimal(m.from.Decimal, currency, pricing.HalfUp); err != nil {
			return checkout.StoreOrder{}, broken("the order's total is no amount")
		}
	}
	for i := range n.Lines {
		o.Lines = append(o.Lines, n.Lines[i].line())
	}
	return o, nil
}

// token is the checkout's token, from our own field.
func (n *orderNode) token() string {
	for _, m := range n.Meta {
		if m.Key == TokenMetaKey {
			return string(m.Value)
		}
	}
	return ""
}

// carries reports whether the order is marked with token: in our field, or in
// transaction_id, where a pending order has it for the search.
func (n *orderNode) carries(token string) bool {
	return n.token() == token || string(n.TransactionID) == token
}

func (n *lineNode) line() checkout.StoreOrderLine {
	line := checkout.StoreOrderLine{
		ID: int64(n.ID), ProductID: int64(n.ProductID), VariationID: int64(n.VariationID), Quantity: int64(n.Quantity),
		Subtotal: n.Subtotal.or0(), Total: n.Total.or0(), TotalTax: n.TotalTax.or0(), Reduced: n.reduced(),
	}
	for _, tax := range n.Taxes {
		if tax.Total.Valid && !tax.Total.Decimal.IsZero() {
			line.Taxes = append(line.Taxes, checkout.StoreLineTax{Rate: int64(tax.Rate), Total: tax.Total.Decimal})
		}
	}
	return line
}

// reduced sums the line's `_reduced_stock` entries: two of them mean that two
// parallel completions subtracted twice.
func (n *lineNode) reduced() int64 {
	sum := decimal.Zero
	for _, m := range n.Meta {
		if m.Key != reducedKey {
			continue
		}
		if d, err := parseAmount(string(m.Value)); err == nil {
			sum = sum.Add(d)
		}
	}
	if !fitsInt(sum) {
		return 0
	}
	return sum.IntPart()
}
