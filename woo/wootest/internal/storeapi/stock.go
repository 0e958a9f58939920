package storeapi

import (
	"fmt"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// maxQuantity is how many pieces of one product the Store API lets into a cart
// when nothing else limits them.
const maxQuantity = 9999

// shopperMayBuy is WC_Product::is_purchasable for a visitor: published, and
// with a price.
func shopperMayBuy(st *site.State, p *shop.Product, now time.Time) bool {
	if parent := st.Products[p.ParentID]; p.IsVariation() && (parent == nil || parent.Status != "publish") {
		return false
	}
	return p.Status == "publish" && st.Purchasable(p, now)
}

// quantityLimit is the largest quantity for a cart (StoreApi QuantityLimits of
// WooCommerce 10.4): what is in stock, where that cannot be exceeded. None left
// is no limit there.
func (c *Call) quantityLimit(p *shop.Product) int64 {
	h := c.State.StockHolder(p)
	switch {
	case soldOneByOne(c.State, p):
		return 1
	case h == nil || h.Quantity() == 0 || c.State.Backorders(p) != "no":
		return maxQuantity
	}
	return max(h.Quantity(), 1)
}

// soldOneByOne is WC_Product::is_sold_individually; a variation has its
// parent's.
func soldOneByOne(st *site.State, p *shop.Product) bool {
	if parent := st.Products[p.ParentID]; p.IsVariation() && parent != nil {
		return parent.SoldIndividually
	}
	return p.SoldIndividually
}

// lowStock is what is left when that is little, null otherwise.
func (c *Call) lowStock(p *shop.Product) any {
	h, sh := c.State.StockHolder(p), c.Site.Shop
	if h == nil || h.StockQuantity == nil || sh.Values["woocommerce_stock_format"] == "no_amount" || h.Quantity() > lowStockAmount(sh, c.State, p) {
		return nil
	}
	return max(h.Quantity(), 0)
}

// lowStockAmount is wc_get_low_stock_amount: the product's own, its parent's,
// or the shop's.
func lowStockAmount(sh *shop.Shop, st *site.State, p *shop.Product) int64 {
	for _, x := range []*shop.Product{p, st.Products[p.ParentID]} {
		if x != nil && x.LowStockAmount != nil {
			return *x.LowStockAmount
		}
	}
	n, err := strconv.ParseInt(sh.Values["woocommerce_notify_low_stock_amount"], 10, 64)
	if err != nil {
		return 2
	}
	return n
}

// availability is what the product's page says about stock
// (WC_Product::get_availability).
func (c *Call) availability(p *shop.Product) wp.Object {
	st, h := c.State, c.State.StockHolder(p)
	rule := st.Backorders(p)
	backordered := h == nil && st.StockStatus(p) == "onbackorder" || h != nil && rule != "no" && h.Quantity() < 1
	answer := func(text, class string) wp.Object { return wp.Object{{"text", text}, {"class", class}} }
	switch {
	case st.StockStatus(p) == "outofstock":
		return answer("Out of stock", "out-of-stock")
	case backordered && (h == nil || rule == "notify"):
		return answer("Available on backorder", "available-on-backorder")
	case backordered:
		return answer("", "available-on-backorder")
	case h == nil:
		return answer("", "in-stock")
	}
	return answer(c.stockText(p, h, rule), "in-stock")
}

// stockText is wc_format_stock_for_display.
func (c *Call) stockText(p, holder *shop.Product, rule string) string {
	text := "In stock"
	switch format := c.Site.Shop.Values["woocommerce_stock_format"]; {
	case format == "":
		text = fmt.Sprintf("%d in stock", holder.Quantity())
	case format == "low_amount" && holder.Quantity() <= lowStockAmount(c.Site.Shop, c.State, p):
		text = fmt.Sprintf("Only %d left in stock", holder.Quantity())
	}
	if rule == "notify" {
		text += " (can be backordered)"
	}
	return text
}
