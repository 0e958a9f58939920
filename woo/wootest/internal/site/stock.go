package site

import "github.com/ankkor/ankkor/woo/wootest/internal/shop"

// StockStatus is what the store shows for p: its holder's status, or its own.
func (st *State) StockStatus(p *shop.Product) string {
	if h := st.StockHolder(p); h != nil {
		return h.StockStatus
	}
	if p.Type == "variable" {
		return st.variableStatus(p)
	}
	return p.StockStatus
}

// variableStatus is the status of a variable product whose stock its
// variations manage (WC_Product_Variable::sync_stock_status).
func (st *State) variableStatus(p *shop.Product) string {
	best := "outofstock"
	for _, c := range st.Children(p) {
		switch st.StockStatus(c) {
		case "instock":
			return "instock"
		case "onbackorder":
			best = "onbackorder"
		}
	}
	return best
}

// Backorders are the backorder rules that count for p.
func (st *State) Backorders(p *shop.Product) string {
	if h := st.StockHolder(p); h != nil {
		return h.Backorders
	}
	return p.Backorders
}

// Raise adds to the revision of a product, and of a variation's parent.
func (st *State) Raise(p *shop.Product, by int64) {
	st.Revisions[p.ID] += by
	if p.ParentID != 0 {
		st.Revisions[p.ParentID] += by
	}
}

// Stock revisions grow by as much as WooCommerce fires its hooks: once when a
// product is saved with another quantity, twice when an order moves it
// (wc_update_product_stock).
const (
	BySaving  = 1
	BySelling = 2
)
