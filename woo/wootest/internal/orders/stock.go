package orders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// SetQuantity writes a product's own stock and saves it.
func SetQuantity(s *site.Site, st *site.State, id, quantity int64) {
	p := st.EditProduct(id)
	p.StockQuantity = &quantity
	s.Shop.SyncStatus(p)
	st.Raise(p, site.BySelling)
	Saved(s, st, p)
}

// Saved marks a product as just saved: its date moves and product.updated is
// due.
func Saved(s *site.Site, st *site.State, p *shop.Product) {
	p.DateModified = shop.Time{Time: s.Now()}
	s.Emit(st, "product.updated", p.ID)
}

// touch moves a product's date without a webhook.
func touch(s *site.Site, st *site.State, id int64) {
	if p := st.EditProduct(id); p != nil {
		p.DateModified = shop.Time{Time: s.Now()}
	}
}

// reduceStock is wc_reduce_stock_levels: every line whose product manages
// stock. The caller has looked whether the order was reduced before.
func reduceStock(s *site.Site, st *site.State, o *site.Order) {
	if !s.Shop.Yes("woocommerce_manage_stock") {
		return
	}
	var changes []string
	for _, l := range o.Lines {
		p := st.ProductOf(l)
		if p == nil || st.StockHolder(p) == nil {
			continue
		}
		h := st.StockHolder(p)
		before := h.Quantity()
		SetQuantity(s, st, h.ID, before-l.Quantity)
		touch(s, st, p.ParentID)
		l.Meta = append(l.Meta, site.TextMeta(st.MetaID(), "_reduced_stock", strconv.FormatInt(l.Quantity, 10)))
		changes = append(changes, stockChange(st, h, before, before-l.Quantity))
	}
	if len(changes) > 0 {
		AddNote(s, st, o, "Stock levels reduced: "+strings.Join(changes, ", "))
	}
	o.StockReduced = true
}

// restoreStock is wc_increase_stock_levels: what a line noted as reduced goes
// back. Of two notes only the first counts, and both are removed.
func restoreStock(s *site.Site, st *site.State, o *site.Order) {
	var changes []string
	for _, l := range o.Lines {
		reduced := l.ReducedStock()
		p := st.ProductOf(l)
		if len(reduced) == 0 || p == nil || st.StockHolder(p) == nil {
			continue
		}
		h := st.StockHolder(p)
		before := h.Quantity()
		SetQuantity(s, st, h.ID, before+reduced[0])
		touch(s, st, p.ParentID)
		l.Meta = slices.DeleteFunc(l.Meta, func(m shop.MetaData) bool { return m.Key == "_reduced_stock" })
		changes = append(changes, stockChange(st, h, before, before+reduced[0]))
	}
	if len(changes) > 0 {
		AddNote(s, st, o, "Stock levels increased: "+strings.Join(changes, ", "))
	}
	o.StockReduced = false
}

func stockChange(st *site.State, p *shop.Product, from, to int64) string {
	return fmt.Sprintf("%s (%d&rarr;%d)", st.FullName(p), from, to)
}

// AdjustLineStock follows a line's quantity on an order whose stock is
// reduced (wc_maybe_adjust_line_item_product_stock).
func AdjustLineStock(s *site.Site, st *site.State, o *site.Order, l *site.OrderLine, quantity int64) {
	reduced := l.ReducedStock()
	p := st.ProductOf(l)
	if len(reduced) == 0 || p == nil || st.StockHolder(p) == nil {
		return
	}
	h := st.StockHolder(p)
	before := h.Quantity()
	after := before - (quantity - reduced[0])
	if after == before {
		return
	}
	SetQuantity(s, st, h.ID, after)
	l.Meta = slices.DeleteFunc(l.Meta, func(m shop.MetaData) bool { return m.Key == "_reduced_stock" })
	if quantity > 0 {
		l.Meta = append(l.Meta, site.TextMeta(st.MetaID(), "_reduced_stock", strconv.FormatInt(quantity, 10)))
	}
	AddNote(s, st, o, "Adjusted stock: "+stockChange(st, h, before, after))
}
