package wootest

import (
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// priceHTML is the `price_html` of the REST API (WC_Product::get_price_html).
func (s *site) priceHTML(st *state, p *shop.Product, now time.Time) string {
	list := st.activePrices(p, now)
	if len(list) == 0 {
		return ""
	}
	low, high := s.shop.Displayed(p, list[0]), s.shop.Displayed(p, list[len(list)-1])
	if !low.Equal(high) {
		return s.shop.PriceSpan(low, true) + ` <span aria-hidden="true">&ndash;</span> ` + s.shop.PriceSpan(high, true) +
			`<span class="screen-reader-text">Price range: ` + s.shop.Encoded(low) + ` through ` + s.shop.Encoded(high) + `</span>`
	}
	if regular, err := decimal.NewFromString(p.RegularPrice); err == nil && p.OnSaleAt(now) {
		return s.saleHTML(s.shop.Displayed(p, regular), low)
	}
	return s.shop.PriceSpan(low, false)
}

func (s *site) saleHTML(regular, sale decimal.Decimal) string {
	return `<del aria-hidden="true">` + s.shop.PriceSpan(regular, false) +
		`</del> <span class="screen-reader-text">Original price was: ` + s.shop.Encoded(regular) +
		`.</span><ins aria-hidden="true">` + s.shop.PriceSpan(sale, false) +
		`</ins><span class="screen-reader-text">Current price is: ` + s.shop.Encoded(sale) + `.</span>`
}
