package wootest

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// chosen are a variation's attributes in the parent's order, with "" where it
// takes any value.
func (st *state) chosen(p *shop.Product) []shop.Attribute {
	parent := st.products[p.ParentID]
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

// children answers a variable product's variations, or a grouped one's
// members, in their order.
func (st *state) children(p *shop.Product) []*shop.Product {
	var out []*shop.Product
	if p.Type == "grouped" {
		for _, id := range p.GroupedProducts {
			if c, ok := st.products[id]; ok {
				out = append(out, c)
			}
		}
		return out
	}
	for _, c := range st.products {
		if c.IsVariation() && c.ParentID == p.ID {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *shop.Product) int { return int(a.ID - b.ID) })
	return out
}

// stockHolder is the product whose quantity counts for p: p, its parent, or
// nil when nobody manages it (WC_Product::get_stock_managed_by_id).
func (st *state) stockHolder(p *shop.Product) *shop.Product {
	if p.ManageStock {
		return p
	}
	if parent := st.products[p.ParentID]; p.IsVariation() && parent != nil && bool(parent.ManageStock) {
		return parent
	}
	return nil
}

// prices answers the active prices of everything p may be bought as, lowest
// first; empty when it has none.
func (st *state) prices(p *shop.Product, of func(*shop.Product) string) []decimal.Decimal {
	list := []*shop.Product{p}
	if p.Type == "variable" || p.Type == "grouped" {
		list = st.children(p)
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

func (st *state) activePrices(p *shop.Product, now time.Time) []decimal.Decimal {
	return st.prices(p, func(c *shop.Product) string { return c.PriceAt(now) })
}

func (st *state) isOnSale(p *shop.Product, now time.Time) bool {
	if p.Type != "variable" && p.Type != "grouped" {
		return p.OnSaleAt(now)
	}
	return slices.ContainsFunc(st.children(p), func(c *shop.Product) bool { return c.OnSaleAt(now) })
}

// restPrice is the `price` of the REST API: as stored, or the lowest of the
// children's without trailing zeros.
func (st *state) restPrice(p *shop.Product, now time.Time) string {
	if p.Type != "variable" && p.Type != "grouped" {
		return p.PriceAt(now)
	}
	if list := st.activePrices(p, now); len(list) > 0 {
		return list[0].String()
	}
	return ""
}

// purchasable is WC_Product::is_purchasable for a shop manager.
func (st *state) purchasable(p *shop.Product, now time.Time) bool {
	if p.Type == "external" || p.Type == "grouped" {
		return false
	}
	return len(st.activePrices(p, now)) > 0
}

// fullName is the name an order line shows: a variation's is the parent's
// name and its attribute values (WC_Product_Variation::get_name).
func (st *state) fullName(p *shop.Product) string {
	parent := st.products[p.ParentID]
	if !p.IsVariation() || parent == nil {
		return p.Name
	}
	return parent.Name + " - " + p.OptionNames()
}

// categoryIDs are the categories that count for p: a variation has its
// parent's (wc_get_product_cat_ids).
func (st *state) categoryIDs(p *shop.Product) []int64 {
	from := p
	if parent := st.products[p.ParentID]; p.IsVariation() && parent != nil {
		from = parent
	}
	ids := make([]int64, 0, len(from.Categories))
	for _, c := range from.Categories {
		ids = append(ids, c.ID)
	}
	return ids
}

// priceWithin says whether any of the product's prices lies between two
// amounts, each "" for open (wc_product_meta_lookup's min_price, max_price).
func (st *state) priceWithin(p *shop.Product, now time.Time, low, high string) bool {
	if low == "" && high == "" {
		return true
	}
	prices := st.activePrices(p, now)
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

// onSaleListed is the shop's list of sale products (wc_get_product_ids_on_sale):
// a grouped product is on sale but not in it.
func (st *state) onSaleListed(p *shop.Product, now time.Time) bool {
	return p.Type != "grouped" && st.isOnSale(p, now)
}

func (st *state) categoriesOf(p *shop.Product) []shop.Term {
	if parent := st.products[p.ParentID]; p.IsVariation() && parent != nil {
		return parent.Categories
	}
	return p.Categories
}
