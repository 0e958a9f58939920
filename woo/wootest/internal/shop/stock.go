package shop

import "strconv"

// noStockAmount is woocommerce_notify_no_stock_amount: at or below it a
// product counts as sold out.
func (sh *Shop) noStockAmount() int64 {
	n, err := strconv.ParseInt(sh.Values["woocommerce_notify_no_stock_amount"], 10, 64)
	if err != nil {
		return 0
	}
	return max(n, -n)
}

// SyncStatus derives the stock status of a product that manages its stock
// (WC_Product::validate_props).
func (sh *Shop) SyncStatus(p *Product) {
	if !p.ManageStock {
		return
	}
	switch {
	case p.Quantity() > sh.noStockAmount():
		p.StockStatus = "instock"
	case p.Backorders != "no":
		p.StockStatus = "onbackorder"
	default:
		p.StockStatus = "outofstock"
	}
}
