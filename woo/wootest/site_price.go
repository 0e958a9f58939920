package wootest

import (
	"time"

	"github.com/shopspring/decimal"
)

// priceHTML is the `price_html` of the REST API (WC_Product::get_price_html).
func (s *site) priceHTML(st *state, p *product, now time.Time) string {
	list := st.activePrices(p, now)
	if len(list) == 0 {
		return ""
	}
	low, high := s.shop.displayed(p, list[0]), s.shop.displayed(p, list[len(list)-1])
	if !low.Equal(high) {
		return s.shop.priceSpan(low, true) + ` <span aria-hidden="true">&ndash;</span> ` + s.shop.priceSpan(high, true) +
			`<span class="screen-reader-text">Price range: ` + s.shop.encoded(low) + ` through ` + s.shop.encoded(high) + `</span>`
	}
	if regular, err := decimal.NewFromString(p.RegularPrice); err == nil && p.onSaleAt(now) {
		return s.saleHTML(s.shop.displayed(p, regular), low)
	}
	return s.shop.priceSpan(low, false)
}

func (s *site) saleHTML(regular, sale decimal.Decimal) string {
	return `<del aria-hidden="true">` + s.shop.priceSpan(regular, false) +
		`</del> <span class="screen-reader-text">Original price was: ` + s.shop.encoded(regular) +
		`.</span><ins aria-hidden="true">` + s.shop.priceSpan(sale, false) +
		`</ins><span class="screen-reader-text">Current price is: ` + s.shop.encoded(sale) + `.</span>`
}
