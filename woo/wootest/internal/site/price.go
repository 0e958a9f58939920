package site

import (
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// PriceHTML is the `price_html` of the REST API (WC_Product::get_price_html).
func (s *Site) PriceHTML(st *State, p *shop.Product, now time.Time) string {
	list := st.ActivePrices(p, now)
	if len(list) == 0 {
		return ""
	}
	low, high := s.Shop.Displayed(p, list[0]), s.Shop.Displayed(p, list[len(list)-1])
	if !low.Equal(high) {
		return s.Shop.PriceSpan(low, true) + ` <span aria-hidden="true">&ndash;</span> ` + s.Shop.PriceSpan(high, true) +
			`<span class="screen-reader-text">Price range: ` + s.Shop.Encoded(low) + ` through ` + s.Shop.Encoded(high) + `</span>`
	}
	if regular, err := decimal.NewFromString(p.RegularPrice); err == nil && p.OnSaleAt(now) {
		return s.SaleHTML(s.Shop.Displayed(p, regular), low)
	}
	return s.Shop.PriceSpan(low, false)
}

// SaleHTML is wc_format_sale_price: the old price struck out, the new one inserted, and both
// read out.
func (s *Site) SaleHTML(regular, sale decimal.Decimal) string {
	return `<del aria-hidden="true">` + s.Shop.PriceSpan(regular, false) +
		`</del> <span class="screen-reader-text">Original price was: ` + s.Shop.Encoded(regular) +
		`.</span><ins aria-hidden="true">` + s.Shop.PriceSpan(sale, false) +
		`</ins><span class="screen-reader-text">Current price is: ` + s.Shop.Encoded(sale) + `.</span>`
}
