package exchange_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/quote"
)

// A shop in India sells two pieces of ₹499 for dollars.
func Example() {
	table, err := exchange.NewTable(exchange.Rate{
		From: pricing.INR, To: pricing.USD, Value: decimal.RequireFromString("0.01187"),
		At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Source: "the bank",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	rate, err := table.Rate(context.Background(), pricing.INR, pricing.USD)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := exchange.NewConverter(rate)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := c.Input(quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2},
		Lines:    []quote.Line{{ProductID: 1, UnitPrice: decimal.NewFromInt(499), Quantity: 2}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := quote.Calculate(in)
	fmt.Println(q.Totals.Total, "at", q.Exchange.Rate, "of", q.Exchange.Source, err)
	// Output: USD 11.84 at 0.01187 of the bank <nil>
}
