package site

import (
	"maps"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// State is everything that changes. Objects in its maps are replaced, never
// modified in place, so a clone of the maps is a snapshot.
type State struct {
	Products map[int64]*shop.Product
	Orders   map[int64]*Order
	Refunds  map[int64]*Refund
	Coupons  map[int64]*Coupon
	Webhooks map[int64]*Webhook
	sessions map[string]*Session
	Users    map[int64]*User

	OrderKeys map[string]KeyedOrder // the companion plugin's rows
	Revisions map[int64]int64       // and its revisions of the stock, by product

	nextPost, nextItem, nextMeta, nextNote, nextHook, nextUser int64
}

// Load reads the rows a site begins with; l keeps the first error. Passwords are kept as MACs
// under passwordKey.
func Load(l *shop.Loader, passwordKey []byte) *State {
	st := &State{
		Products: map[int64]*shop.Product{}, Orders: map[int64]*Order{}, Refunds: map[int64]*Refund{},
		Coupons: map[int64]*Coupon{}, Webhooks: map[int64]*Webhook{}, sessions: map[string]*Session{}, Users: map[int64]*User{},
		OrderKeys: map[string]KeyedOrder{}, Revisions: map[int64]int64{},
	}
	var site shop.SiteFile
	var products, variations []*shop.Product
	var coupons []*Coupon
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
		st.Products[p.ID] = p
		st.nextPost = max(st.nextPost, p.ID)
	}
	for _, c := range coupons {
		st.Coupons[c.ID] = c
		st.nextPost = max(st.nextPost, c.ID)
	}
	return st
}

// Clone is a snapshot: what is written to one does not show in the other.
func (st *State) Clone() *State {
	c := *st
	c.Products = maps.Clone(st.Products)
	c.Orders = maps.Clone(st.Orders)
	c.Refunds = maps.Clone(st.Refunds)
	c.Coupons = maps.Clone(st.Coupons)
	c.Webhooks = maps.Clone(st.Webhooks)
	c.sessions = maps.Clone(st.sessions)
	c.Users = maps.Clone(st.Users)
	c.OrderKeys = maps.Clone(st.OrderKeys)
	c.Revisions = maps.Clone(st.Revisions)
	return &c
}

// PostID is the next id of a product, order, refund or coupon, which share one sequence.
func (st *State) PostID() int64 { st.nextPost++; return st.nextPost }

// ItemID is the next id of an order's line of any kind.
func (st *State) ItemID() int64 { st.nextItem++; return st.nextItem }

// MetaID is the next id of a custom field.
func (st *State) MetaID() int64 { st.nextMeta++; return st.nextMeta }

// NoteID is the next id of an order note.
func (st *State) NoteID() int64 { st.nextNote++; return st.nextNote }

// HookID is the next id of a webhook.
func (st *State) HookID() int64 { st.nextHook++; return st.nextHook }

// EditProduct answers a copy of a product that is already in the map, so that
// snapshots keep the old one.
func (st *State) EditProduct(id int64) *shop.Product {
	p, ok := st.Products[id]
	if !ok {
		return nil
	}
	c := p.Clone()
	st.Products[id] = c
	return c
}

// EditOrder is edit for orders.
func (st *State) EditOrder(id int64) *Order {
	o, ok := st.Orders[id]
	if !ok {
		return nil
	}
	c := o.Clone()
	st.Orders[id] = c
	return c
}
