package wootest

import "strconv"

// noStockAmount is woocommerce_notify_no_stock_amount: at or below it a
// product counts as sold out.
func (sh *shop) noStockAmount() int64 {
	n, err := strconv.ParseInt(sh.values["woocommerce_notify_no_stock_amount"], 10, 64)
	if err != nil {
		return 0
	}
	return max(n, -n)
}

// syncStatus derives the stock status of a product that manages its stock
// (WC_Product::validate_props).
func (sh *shop) syncStatus(p *product) {
	if !p.ManageStock {
		return
	}
	switch {
	case p.quantity() > sh.noStockAmount():
		p.StockStatus = "instock"
	case p.Backorders != "no":
		p.StockStatus = "onbackorder"
	default:
		p.StockStatus = "outofstock"
	}
}
