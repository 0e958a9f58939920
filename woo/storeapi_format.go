package woo

import (
	"context"
	"net/url"
	"strings"

	"github.com/ankkor/ankkor/pricing"
)

// PriceFormat is how the shop writes prices, and in which currency, as its
// Store API tells everyone: what [Config.Parser] and [Config.Currency] are made
// of for a shop one knows nothing of.
//
//	format, currency, err := client.PriceFormat(ctx)
//	parser, err := pricing.NewParser(format)
func (c *Client) PriceFormat(ctx context.Context) (pricing.Format, pricing.Currency, error) {
	const op = "read the price format"
	var data struct {
		Range *struct {
			Code      looseText `json:"currency_code"`
			Symbol    looseText `json:"currency_symbol"`
			MinorUnit looseInt  `json:"currency_minor_unit"`
			Decimal   looseText `json:"currency_decimal_separator"`
			Thousand  looseText `json:"currency_thousand_separator"`
			Prefix    looseText `json:"currency_prefix"`
			Suffix    looseText `json:"currency_suffix"`
		} `json:"price_range"`
	}
	if _, err := c.storeGet(ctx, op, "products/collection-data", url.Values{"calculate_price_range": {"true"}}, &data); err != nil {
		return pricing.Format{}, "", err
	}
	n := data.Range
	if n == nil || n.MinorUnit < 0 || n.MinorUnit > 8 {
		return pricing.Format{}, "", &Error{Kind: Unavailable, Op: op, Message: "the store does not say how it writes prices", Cause: ErrBadAnswer}
	}
	currency, err := pricing.ParseCurrency(string(n.Code))
	if err != nil {
		return pricing.Format{}, "", &Error{Kind: Unavailable, Op: op, Message: "the store's currency is unknown", Cause: ErrBadAnswer}
	}
	return pricing.Format{
		Symbol: string(n.Symbol), Position: symbolPosition(string(n.Prefix), string(n.Suffix)),
		Decimals: int(n.MinorUnit), Decimal: string(n.Decimal), Thousand: string(n.Thousand), Grouping: pricing.Western,
	}, currency, nil
}

// symbolPosition tells where the symbol stands from what stands around an
// amount (CurrencyFormatter::get_currency_for_response).
func symbolPosition(prefix, suffix string) pricing.Position {
	spaced := func(s string) bool { return strings.ContainsAny(s, " \u00a0") || strings.Contains(s, "&nbsp;") }
	switch {
	case prefix != "" && spaced(prefix):
		return pricing.LeftSpace
	case prefix != "" || suffix == "":
		return pricing.Left
	case spaced(suffix):
		return pricing.RightSpace
	}
	return pricing.Right
}
