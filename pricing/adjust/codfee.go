package adjust

import (
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// CashOnDelivery is what a shop charges for taking cash at the door: an amount, or a percentage within bounds.
type CashOnDelivery struct {
	// Name is what the customer reads and the order says.
	Name string `json:"name"`
	// Amount is charged, without tax, or Percent of what is to be paid before the fee when it is more.
	Amount  decimal.Decimal `json:"amount"`
	Percent decimal.Decimal `json:"percent"`
	// Most bounds the fee, zero for no bound. From FreeFrom on, zero for never, nothing is charged.
	Most     decimal.Decimal `json:"most"`
	FreeFrom decimal.Decimal `json:"free_from"`
	Taxable  bool            `json:"taxable"`
	TaxClass string          `json:"tax_class"`
}

// Fee is the fee for a purchase that comes to total before it, rounded to decimals half away from zero. It reports false
// when nothing is charged. It returns an *InvalidError for amounts that cannot be.
func (c CashOnDelivery) Fee(total decimal.Decimal, decimals int) (quote.Fee, bool, error) {
	fields := []string{"total", "amount", "percent", "most", "free_from"}
	for i, d := range []decimal.Decimal{total, c.Amount, c.Percent, c.Most, c.FreeFrom} {
		if d.IsNegative() || !plain(d) {
			return quote.Fee{}, false, &InvalidError{c.Name, fields[i], "must be a plain amount of zero or more"}
		}
	}
	if c.FreeFrom.IsPositive() && !total.LessThan(c.FreeFrom) {
		return quote.Fee{}, false, nil
	}
	amount := decimal.Max(c.Amount, total.Mul(c.Percent).Shift(-2))
	if c.Most.IsPositive() {
		amount = decimal.Min(amount, c.Most)
	}
	if amount = amount.Round(int32(min(max(decimals, 0), 4))); amount.IsZero() {
		return quote.Fee{}, false, nil
	}
	return quote.Fee{Name: c.Name, Amount: amount, Taxable: c.Taxable, TaxClass: c.TaxClass}, true, nil
}
