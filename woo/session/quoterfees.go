package session

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// addFees adds what the cart charges besides, then what the host does.
func (p *pricer) addFees(in *quote.Input) error {
	sum := decimal.Zero
	for i, f := range p.filled.cart.Fees {
		fee, err := p.fee(*in, i, f)
		if err != nil {
			return err
		}
		in.Fees = append(in.Fees, fee)
		sum = sum.Add(f.Total)
	}
	if total := p.filled.cart.Totals.Fees; !near(total, sum, p.unit().Mul(decimal.NewFromInt(int64(len(in.Fees)+1)))) {
		return &quote.UnsupportedError{Feature: "a cart whose fees the door does not name; use the Store API"}
	}
	in.Fees = append(in.Fees, p.fees...)
	return nil
}

func near(a, b, within decimal.Decimal) bool { return a.Sub(b).Abs().LessThanOrEqual(within) }

// fee finds out how a fee is taxed. The Store API tells the tax alone, so the
// tax class is the first with which an order would have it.
func (p *pricer) fee(in quote.Input, i int, f Fee) (quote.Fee, error) {
	fee := quote.Fee{Name: f.Name, Amount: f.Total.Round(sixDecimals), Taxable: f.Total.IsNegative()}
	if !f.Tax.Valid {
		fee.Taxable, fee.TaxClass = f.Taxable, p.class(f.TaxClass)
		return fee, nil
	}
	if f.Tax.Decimal.IsZero() || f.Total.IsNegative() {
		return fee, nil
	}
	fee.Taxable = true
	for _, class := range append([]string{""}, p.rules.Settings.TaxClasses...) {
		fee.TaxClass = class
		in.Fees = []quote.Fee{fee}
		order, err := quote.Order(in)
		if err == nil && len(order.Fees) == 1 && near(order.Fees[0].TotalTax, f.Tax.Decimal, p.unit()) {
			return fee, nil
		}
	}
	return quote.Fee{}, &DisagreementError{Field: fmt.Sprintf("fees[%d].total_tax", i), Cart: f.Tax.Decimal}
}

// class is the slug of a tax class that came as a GraphQL enum.
func (p *pricer) class(enum string) string {
	for _, slug := range p.rules.Settings.TaxClasses {
		if strings.EqualFold(strings.ReplaceAll(slug, "-", "_"), enum) || slug == enum {
			return slug
		}
	}
	return strings.ReplaceAll(strings.ToLower(enum), "_", "-")
}
