package wootest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// setQuantity writes a product's own stock and saves it.
func (s *site) setQuantity(st *state, id, quantity int64) {
	p := st.edit(id)
	p.StockQuantity = &quantity
	s.shop.SyncStatus(p)
	st.raise(p, bySelling)
	s.saved(st, p)
}

// saved marks a product as just saved: its date moves and product.updated is
// due.
func (s *site) saved(st *state, p *shop.Product) {
	p.DateModified = shop.Time{Time: s.now()}
	s.emit(st, "product.updated", p.ID)
}

// touch moves a product's date without a webhook.
func (s *site) touch(st *state, id int64) {
	if p := st.edit(id); p != nil {
		p.DateModified = shop.Time{Time: s.now()}
	}
}

// reduceStock is wc_reduce_stock_levels: every line whose product manages
// stock. The caller has looked whether the order was reduced before.
func (s *site) reduceStock(st *state, o *order) {
	if !s.shop.Yes("woocommerce_manage_stock") {
		return
	}
	var changes []string
	for _, l := range o.lines {
		p := st.productOf(l)
		if p == nil || st.stockHolder(p) == nil {
			continue
		}
		h := st.stockHolder(p)
		before := h.Quantity()
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
		before := h.Quantity()
		s.setQuantity(st, h.ID, before+reduced[0])
		s.touch(st, p.ParentID)
		l.meta = slices.DeleteFunc(l.meta, func(m shop.MetaData) bool { return m.Key == "_reduced_stock" })
		changes = append(changes, stockChange(st, h, before, before+reduced[0]))
	}
	if len(changes) > 0 {
		s.addNote(st, o, "Stock levels increased: "+strings.Join(changes, ", "))
	}
	o.stockReduced = false
}

func stockChange(st *state, p *shop.Product, from, to int64) string {
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
	before := h.Quantity()
	after := before - (quantity - reduced[0])
	if after == before {
		return
	}
	s.setQuantity(st, h.ID, after)
	l.meta = slices.DeleteFunc(l.meta, func(m shop.MetaData) bool { return m.Key == "_reduced_stock" })
	if quantity > 0 {
		l.meta = append(l.meta, textMeta(st.metaID(), "_reduced_stock", strconv.FormatInt(quantity, 10)))
	}
	s.addNote(st, o, "Adjusted stock: "+stockChange(st, h, before, after))
}
