package wootest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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

// stockStatus is what the store shows for p: its holder's status, or its own.
func (st *state) stockStatus(p *product) string {
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
func (st *state) variableStatus(p *product) string {
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
func (st *state) backorders(p *product) string {
	if h := st.stockHolder(p); h != nil {
		return h.Backorders
	}
	return p.Backorders
}

// setQuantity writes a product's own stock and saves it.
func (s *site) setQuantity(st *state, id, quantity int64) {
	p := st.edit(id)
	p.StockQuantity = &quantity
	s.shop.syncStatus(p)
	st.raise(p, bySelling)
	s.saved(st, p)
}

// saved marks a product as just saved: its date moves and product.updated is
// due.
func (s *site) saved(st *state, p *product) {
	p.DateModified = wpTime{s.now()}
	s.emit(st, "product.updated", p.ID)
}

// touch moves a product's date without a webhook.
func (s *site) touch(st *state, id int64) {
	if p := st.edit(id); p != nil {
		p.DateModified = wpTime{s.now()}
	}
}

// reduceStock is wc_reduce_stock_levels: every line whose product manages
// stock. The caller has looked whether the order was reduced before.
func (s *site) reduceStock(st *state, o *order) {
	if !s.shop.yes("woocommerce_manage_stock") {
		return
	}
	var changes []string
	for _, l := range o.lines {
		p := st.productOf(l)
		if p == nil || st.stockHolder(p) == nil {
			continue
		}
		h := st.stockHolder(p)
		before := h.quantity()
		s.setQuantity(st, h.ID, before-l.quantity)
		s.touch(st, p.ParentID)
		l.meta = append(l.meta, textMeta(st.metaID(), "_reduced_stock", strconv.FormatInt(l.quantity, 10)))
		changes = append(changes, stockChange(st, h, before, before-l.quantity))
	}
	if len(changes) > 0 {
		s.addNote(st, o, "Stock levels reduced: "+strings.Join(changes, ", "))
	}
	o.stockReduced = true
}

// restoreStock is wc_increase_stock_levels: what a line noted as reduced goes
// back. Of two notes only the first counts, and both are removed.
func (s *site) restoreStock(st *state, o *order) {
	var changes []string
	for _, l := range o.lines {
		reduced := l.reducedStock()
		p := st.productOf(l)
		if len(reduced) == 0 || p == nil || st.stockHolder(p) == nil {
			continue
		}
		h := st.stockHolder(p)
		before := h.quantity()
		s.setQuantity(st, h.ID, before+reduced[0])
		s.touch(st, p.ParentID)
		l.meta = slices.DeleteFunc(l.meta, func(m metaData) bool { return m.Key == "_reduced_stock" })
		changes = append(changes, stockChange(st, h, before, before+reduced[0]))
	}
	if len(changes) > 0 {
		s.addNote(st, o, "Stock levels increased: "+strings.Join(changes, ", "))
	}
	o.stockReduced = false
}

func stockChange(st *state, p *product, from, to int64) string {
	return fmt.Sprintf("%s (%d&rarr;%d)", st.fullName(p), from, to)
}

// adjustLineStock follows a line's quantity on an order whose stock is
// reduced (wc_maybe_adjust_line_item_product_stock).
func (s *site) adjustLineStock(st *state, o *order, l *orderLine, quantity int64) {
	reduced := l.reducedStock()
	p := st.productOf(l)
	if len(reduced) == 0 || p == nil || st.stockHolder(p) == nil {
		return
	}
	h := st.stockHolder(p)
	before := h.quantity()
	after := before - (quantity - reduced[0])
	if after == before {
		return
	}
	s.setQuantity(st, h.ID, after)
	l.meta = slices.DeleteFunc(l.meta, func(m metaData) bool { return m.Key == "_reduced_stock" })
	if quantity > 0 {
		l.meta = append(l.meta, textMeta(st.metaID(), "_reduced_stock", strconv.FormatInt(quantity, 10)))
	}
	s.addNote(st, o, "Adjusted stock: "+stockChange(st, h, before, after))
}
