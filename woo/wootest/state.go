package wootest

import (
	"maps"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// state is everything that changes. Objects in its maps are replaced, never
// modified in place, so a clone of the maps is a snapshot.
type state struct {
	products map[int64]*shop.Product
	orders   map[int64]*order
	refunds  map[int64]*refund
	coupons  map[int64]*coupon
	webhooks map[int64]*webhook
	sessions map[string]*session
	users    map[int64]*user

	keys      map[string]keyedOrder // the companion plugin's rows
	revisions map[int64]int64       // and its revisions of the stock, by product

	nextPost, nextItem, nextMeta, nextNote, nextHook, nextUser int64
}

func loadState(l *shop.Loader, passwordKey []byte) *state {
	st := &state{
		products: map[int64]*shop.Product{}, orders: map[int64]*order{}, refunds: map[int64]*refund{},
		coupons: map[int64]*coupon{}, webhooks: map[int64]*webhook{}, sessions: map[string]*session{}, users: map[int64]*user{},
		keys: map[string]keyedOrder{}, revisions: map[int64]int64{},
	}
	var site shop.SiteFile
	var products, variations []*shop.Product
	var coupons []*coupon
	l.Read("site.json", &site)
	st.nextNote, st.nextItem = site.Comments, site.Items
	l.Read("products.json", &products)
	l.Read("variations.json", &variations)
	l.Read("coupons.json", &coupons)
	st.loadUsers(l, passwordKey)
	for _, v := range variations {
		v.Type = "variation"
	}
	for _, p := range append(products, variations...) {
		st.products[p.ID] = p
		st.nextPost = max(st.nextPost, p.ID)
	}
	for _, c := range coupons {
		st.coupons[c.ID] = c
		st.nextPost = max(st.nextPost, c.ID)
	}
	return st
}

func (st *state) clone() *state {
	c := *st
	c.products = maps.Clone(st.products)
	c.orders = maps.Clone(st.orders)
	c.refunds = maps.Clone(st.refunds)
	c.coupons = maps.Clone(st.coupons)
	c.webhooks = maps.Clone(st.webhooks)
	c.sessions = maps.Clone(st.sessions)
	c.users = maps.Clone(st.users)
	c.keys = maps.Clone(st.keys)
	c.revisions = maps.Clone(st.revisions)
	return &c
}

func (st *state) postID() int64 { st.nextPost++; return st.nextPost }
func (st *state) itemID() int64 { st.nextItem++; return st.nextItem }
func (st *state) metaID() int64 { st.nextMeta++; return st.nextMeta }
func (st *state) noteID() int64 { st.nextNote++; return st.nextNote }
func (st *state) hookID() int64 { st.nextHook++; return st.nextHook }

// edit answers a copy of a product that is already in the map, so that
// snapshots keep the old one.
func (st *state) edit(id int64) *shop.Product {
	p, ok := st.products[id]
	if !ok {
		return nil
	}
	c := p.Clone()
	st.products[id] = c
	return c
}

// editOrder is edit for orders.
func (st *state) editOrder(id int64) *order {
	o, ok := st.orders[id]
	if !ok {
		return nil
	}
	c := o.clone()
	st.orders[id] = c
	return c
}
