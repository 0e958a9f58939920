package wootest

import "github.com/ankkor/ankkor/woo/wootest/internal/shop"

// stockStatus is what the store shows for p: its holder's status, or its own.
func (st *state) stockStatus(p *shop.Product) string {
	if h := st.stockHolder(p); h != nil {
		return h.StockStatus
	}
	if p.Type == "variable" {
		return st.variableStatus(p)
	}
	return p.StockStatus
}

// variableStatus is the status of a variable product whose stock its
// variations manage (WC_Product_Variable::sync_stock_status).
func (st *state) variableStatus(p *shop.Product) string {
	best := "outofstock"
	for _, c := range st.children(p) {
		switch st.stockStatus(c) {
		case "instock":
			return "instock"
		case "onbackorder":
			best = "onbackorder"
		}
	}
	return best
}

// backorders are the backorder rules that count for p.
func (st *state) backorders(p *shop.Product) string {
	if h := st.stockHolder(p); h != nil {
		return h.Backorders
	}
	return p.Backorders
}

// raise adds to the revision of a product, and of a variation's parent.
func (st *state) raise(p *shop.Product, by int64) {
	st.revisions[p.ID] += by
	if p.ParentID != 0 {
		st.revisions[p.ParentID] += by
	}
}

// Stock revisions grow by as much as WooCommerce fires its hooks: once when a
// product is saved with another quantity, twice when an order moves it
// (wc_update_product_stock).
const (
	bySaving  = 1
	bySelling = 2
)
