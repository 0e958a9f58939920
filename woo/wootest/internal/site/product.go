package site

import (
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// Chosen are a variation's attributes in the parent's order, with "" where it
// takes any value.
func (st *State) Chosen(p *shop.Product) []shop.Attribute {
	parent := st.Products[p.ParentID]
	if parent == nil {
		return p.Attributes
	}
	var out []shop.Attribute
	for _, a := range parent.Attributes {
		if !a.Variation {
			continue
		}
		own := shop.Attribute{ID: a.ID, Name: a.Name, Slug: shop.AttributeKey(a)}
		for _, v := range p.Attributes {
			if shop.AttributeKey(v) == own.Slug {
				own.Option = v.Option
			}
		}
		out = append(out, own)
	}
	return out
}

// Children answers a variable product's variations, or a grouped one's
// members, in their order.
func (st *State) Children(p *shop.Product) []*shop.Product {
	var out []*shop.Product
	if p.Type == "grouped" {
		for _, id := range p.GroupedProducts {
			if c, ok := st.Products[id]; ok {
				out = append(out, c)
			}
		}
		return out
	}
	for _, c := range st.Products {
		if c.IsVariation() && c.ParentID == p.ID {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *shop.Product) int { return int(a.ID - b.ID) })
	return out
}

// StockHolder is the product whose quantity counts for p: p, its parent, or
// nil when nobody manages it (WC_Product::get_stock_managed_by_id).
func (st *State) StockHolder(p *shop.Product) *shop.Product {
	if p.ManageStock {
		return p
	}
	if parent := st.Products[p.ParentID]; p.IsVariation() && parent != nil && bool(parent.ManageStock) {
		return parent
	}
	return nil
}

// Prices answers the active prices of everything p may be bought as, lowest
// first; empty when it has none.
func (st *State) Prices(p *shop.Product, of func(*shop.Product) string) []decimal.Decimal {
	list := []*shop.Product{p}
	if p.Type == "variable" || p.Type == "grouped" {
		list = st.Children(p)
	}
	var out []decimal.Decimal
	for _, c := range list {
		if c.Status != "publish" && c != p {
			continue
		}
		if d, err := decimal.NewFromString(of(c)); err == nil {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, decimal.Decimal.Compare)
	return out
}

// ActivePrices are the prices that count now, lowest first.
func (st *State) ActivePrices(p *shop.Product, now time.Time) []decimal.Decimal {
	return st.Prices(p, func(c *shop.Product) string { return c.PriceAt(now) })
}

// SortPrice is what lists sort a product by: its lowest price going up, its highest
// going down, zero without any.
func (st *State) SortPrice(p *shop.Product, now time.Time, desc bool) decimal.Decimal {
	prices := st.ActivePrices(p, now)
	switch {
	case len(prices) == 0:
		return decimal.Zero
	case desc:
		return prices[len(prices)-1]
	}
	return prices[0]
}

// IsOnSale says whether p, or anything that is bought through it, is on sale.
func (st *State) IsOnSale(p *shop.Product, now time.Time) bool {
	if p.Type != "variable" && p.Type != "grouped" {
		return p.OnSaleAt(now)
	}
	return slices.ContainsFunc(st.Children(p), func(c *shop.Product) bool { return c.OnSaleAt(now) })
}

// RESTPrice is the `price` of the REST API: as stored, or the lowest of the
// children's without trailing zeros.
func (st *State) RESTPrice(p *shop.Product, now time.Time) string {
	if p.Type != "variable" && p.Type != "grouped" {
		return p.PriceAt(now)
	}
	if list := st.ActivePrices(p, now); len(list) > 0 {
		return list[0].String()
	}
	return ""
}

// Purchasable is WC_Product::is_purchasable for a shop manager.
func (st *State) Purchasable(p *shop.Product, now time.Time) bool {
	if p.Type == "external" || p.Type == "grouped" {
		return false
	}
	return len(st.ActivePrices(p, now)) > 0
}

// FullName is the name an order line shows: a variation's is the parent's
// name and its attribute values (WC_Product_Variation::get_name).
func (st *State) FullName(p *shop.Product) string {
	parent := st.Products[p.ParentID]
	if !p.IsVariation() || parent == nil {
		return p.Name
	}
	return parent.Name + " - " + p.OptionNames()
}

// CategoryIDs are the categories that count for p: a variation has its
// parent's (wc_get_product_cat_ids).
func (st *State) CategoryIDs(p *shop.Product) []int64 {
	from := p
	if parent := st.Products[p.ParentID]; p.IsVariation() && parent != nil {
		from = parent
	}
	ids := make([]int64, 0, len(from.Categories))
	for _, c := range from.Categories {
		ids = append(ids, c.ID)
	}
	return ids
}

// PriceWithin says whether any of the product's prices lies between two
// amounts, each "" for open (wc_product_meta_lookup's min_price, max_price).
func (st *State) PriceWithin(p *shop.Product, now time.Time, low, high string) bool {
	if low == "" && high == "" {
		return true
	}
	prices := st.ActivePrices(p, now)
	if len(prices) == 0 {
		prices = []decimal.Decimal{decimal.Zero}
	}
	if d, err := decimal.NewFromString(low); err == nil && prices[len(prices)-1].LessThan(d) {
		return false
	}
	if d, err := decimal.NewFromString(high); err == nil && prices[0].GreaterThan(d) {
		return false
	}
	return true
}

// OnSaleListed is the shop's list of sale products (wc_get_product_ids_on_sale):
// a grouped product is on sale but not in it.
func (st *State) OnSaleListed(p *shop.Product, now time.Time) bool {
	return p.Type != "grouped" && st.IsOnSale(p, now)
}

// CategoriesOf are a product's categories; a variation has its parent's.
func (st *State) CategoriesOf(p *shop.Product) []shop.Term {
	if parent := st.Products[p.ParentID]; p.IsVariation() && parent != nil {
		return parent.Categories
	}
	return p.Categories
}

// TrashProduct moves a product to the trash (wp_trash_post). Its product.deleted webhook
// becomes due; a variation has none.
func (s *Site) TrashProduct(st *State, id int64) {
	p := st.EditProduct(id)
	p.Meta = append(p.Meta, TextMeta(st.MetaID(), "_wp_trash_meta_status", p.Status),
		TextMeta(st.MetaID(), "_wp_trash_meta_time", strconv.FormatInt(s.Now().Unix(), 10)),
		TextMeta(st.MetaID(), "_wp_desired_post_slug", p.Slug))
	p.Status = "trash"
	p.Slug += "__trashed"
	if !p.IsVariation() {
		s.Emit(st, "product.deleted", id)
	}
}
