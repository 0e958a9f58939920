package woo

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/ankkor/ankkor/pricing/quote"
)

// taxPages bounds the tax table: ten thousand rates.
const taxPages = 100

type taxRateNode struct {
	ID        looseInt    `json:"id"`
	Class     string      `json:"class"`
	Country   string      `json:"country"`
	State     string      `json:"state"`
	Postcode  looseText   `json:"postcode"`
	City      looseText   `json:"city"`
	Postcodes []looseText `json:"postcodes"`
	Cities    []looseText `json:"cities"`
	Rate      looseAmount `json:"rate"`
	Name      string      `json:"name"`
	Priority  looseInt    `json:"priority"`
	Compound  looseBool   `json:"compound"`
	Shipping  looseBool   `json:"shipping"`
	Order     looseInt    `json:"order"`
}

// readTaxRates reads the whole table in the order of the ids.
func (c *Client) readTaxRates(ctx context.Context) ([]quote.TaxRate, error) {
	k := call{op: "read tax rates", method: http.MethodGet, path: "taxes", fresh: true,
		query: url.Values{"orderby": {"id"}, "order": {"asc"}}}
	rows, err := collect[taxRateNode](ctx, c, k, taxPages)
	if err != nil {
		return nil, err
	}
	rates := make([]quote.TaxRate, len(rows))
	for i, row := range rows {
		if rates[i], err = row.rate(); err != nil {
			return nil, err
		}
	}
	return rates, nil
}

func (n taxRateNode) rate() (quote.TaxRate, error) {
	field := fmt.Sprintf("taxes[%d]", int64(n.ID))
	switch {
	case !n.Rate.Valid:
		return quote.TaxRate{}, badRule(field, "has no rate", nil)
	case len(n.Postcodes) > 0 || len(n.Cities) > 0 || n.Postcode != "" && n.Postcode != "*" || n.City != "" && n.City != "*":
		return quote.TaxRate{}, badRule(field, "cannot be used", &quote.UnsupportedError{Feature: "a tax rate limited to postcodes or cities"})
	}
	return quote.TaxRate{
		ID: int64(n.ID), Class: standardIsEmpty(n.Class), Country: anyIsEmpty(n.Country), State: anyIsEmpty(n.State),
		Name: n.Name, Rate: n.Rate.Decimal, Priority: int(n.Priority), Compound: bool(n.Compound),
		Shipping: bool(n.Shipping), Order: int(n.Order),
	}, nil
}

// anyIsEmpty writes "*" as the engine does.
func anyIsEmpty(code string) string {
	if code == "*" {
		return ""
	}
	return code
}
