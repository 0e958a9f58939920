package graphql

import (
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// priceFields are price, regularPrice and salePrice in both formats, and the
// tax fields. A group has a range for both formats and no tax of its own.
func (g *request) priceFields(p *shop.Product) map[string]any {
	now := g.site.Now()
	if p.Type == "grouped" {
		low := g.priceRange(p, g.state.ActivePrices(p, now))
		return map[string]any{"price": low, "regularPrice": nil, "salePrice": nil, "taxStatus": nil, "taxClass": nil}
	}
	return map[string]any{
		"price":        g.price(p, func(c *shop.Product) string { return c.PriceAt(now) }),
		"regularPrice": g.price(p, func(c *shop.Product) string { return c.RegularPrice }),
		"salePrice": g.price(p, func(c *shop.Product) string {
			if !c.OnSaleAt(now) {
				return ""
			}
			return c.SalePrice
		}),
		"taxStatus": strings.ToUpper(p.TaxStatus), "taxClass": taxEnum(p.TaxClass),
	}
}

func taxEnum(class string) string {
	if class == "" {
		return "STANDARD"
	}
	return strings.ToUpper(strings.ReplaceAll(class, "-", "_"))
}

// price resolves one price. FORMATTED is the display price, RAW the stored
// text; of a variable product RAW lists every variation's, sorted. Zero and no
// price at all are both null.
func (g *request) price(p *shop.Product, of func(*shop.Product) string) resolver {
	return func(args map[string]any) (any, error) {
		raw := argText(args, "format") == "RAW"
		if p.Type != "variable" {
			return g.onePrice(p, of(p), raw), nil
		}
		prices := g.state.Prices(p, of)
		if !raw {
			return g.priceRange(p, prices), nil
		}
		var texts []string
		for _, d := range prices {
			texts = append(texts, d.StringFixed(g.site.Shop.Decimals()))
		}
		return wp.Nullable(strings.Join(texts, ", ")), nil
	}
}

func (g *request) onePrice(p *shop.Product, text string, raw bool) any {
	d, err := decimal.NewFromString(text)
	if err != nil || d.IsZero() {
		return nil
	}
	if raw {
		return text
	}
	return g.site.Shop.Formatted(g.site.Shop.Displayed(p, d))
}

// priceRange is "low - high", or one price when they are equal.
func (g *request) priceRange(p *shop.Product, prices []decimal.Decimal) any {
	if len(prices) == 0 {
		return nil
	}
	shown := make([]decimal.Decimal, 0, len(prices))
	for _, d := range prices {
		shown = append(shown, g.site.Shop.Displayed(p, d))
	}
	low, high := slices.MinFunc(shown, decimal.Decimal.Compare), slices.MaxFunc(shown, decimal.Decimal.Compare)
	if low.Equal(high) {
		return g.site.Shop.Formatted(low)
	}
	return g.site.Shop.Formatted(low) + " - " + g.site.Shop.Formatted(high)
}
