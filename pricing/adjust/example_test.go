package adjust_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/quote"
)

// A dealer buys a dozen cups: 20 % for the dealer, and 10 % of the rest by the dozen.
func Example() {
	in := quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2},
		Lines:    []quote.Line{{ProductID: 1, Name: "Cup", UnitPrice: decimal.RequireFromString("149.50"), Quantity: 12}},
	}
	in, err := adjust.Apply(in, adjust.Buyer{Groups: []string{"dealer"}},
		adjust.Group{ID: "dealer", Label: "Dealer price", Group: "dealer", Price: adjust.PercentOff(decimal.NewFromInt(20))},
		adjust.Tiers{ID: "dozen", Label: "By the dozen", Steps: []adjust.Step{{From: 12, Price: adjust.PercentOff(decimal.NewFromInt(10))}}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := quote.Calculate(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range q.Lines[0].Adjustments {
		fmt.Println(a.Label, a.Amount)
	}
	fmt.Println(q.Totals.Total)
	// Output:
	// Dealer price -358.8
	// By the dozen -143.52
	// INR 1291.68
}

// A rule of one's own: pensioners pay whole rupees.
func ExampleRule() {
	in := quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2},
		Lines:    []quote.Line{{ProductID: 1, UnitPrice: decimal.RequireFromString("99.95"), Quantity: 1}},
	}
	in, err := adjust.Apply(in, adjust.Buyer{Groups: []string{"pensioner"}}, wholeRupees{})
	fmt.Println(in.Lines[0].Adjustments[0].Amount, err)
	// Output: -0.95 <nil>
}

type wholeRupees struct{}

func (wholeRupees) Name() string { return "whole-rupees" }

func (wholeRupees) Changes(p adjust.Purchase) ([]adjust.Change, error) {
	var changes []adjust.Change
	for i := range p.Lines {
		price := p.Price(i)
		changes = append(changes, adjust.Change{Line: i, Label: "Whole rupees", Amount: price.Floor().Sub(price)})
	}
	return changes, nil
}
