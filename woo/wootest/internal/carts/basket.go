package carts

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// Basket is WC_Cart at work: a session's cart together with the products, the
// settings and the clock of one request. GraphQL and the Store API both work
// through it.
//
// It works on the session it was given and on nothing else until Place, which
// makes an order; the caller saves the session (State.SaveSession) when the
// request has succeeded as far as WooCommerce would save it, or drops it. All
// methods need the site's lock held by the caller.
//
// What changes the contents (Add, SetQuantity, Remove, Restore, ApplyCoupon,
// RemoveCoupon) recalculates the totals as WooCommerce's hooks do. What changes
// the customer or the chosen rate does not: call Calculate, or keep the old
// numbers as WooCommerce does. An *Error says what the shopper did wrong;
// any other error says that wootest cannot compute the cart.
type Basket struct {
	Site    *site.Site
	State   *site.State
	Session *site.Session
	now     time.Time
}

// New begins work on a session's cart. Items whose product is gone or can
// no longer be purchased are dropped, as WC_Cart_Session::get_cart_from_session
// does; what it dropped is in the second result.
func New(s *site.Site, st *site.State, sess *site.Session) (*Basket, []*Error) {
	b := &Basket{Site: s, State: st, Session: sess, now: s.Now()}
	if sess.Totals == nil {
		sess.Totals = &site.CartTotals{}
	}
	return b, b.dropUnsellable()
}

func (b *Basket) dropUnsellable() []*Error {
	var dropped []*Error
	b.Session.Items = slices.DeleteFunc(b.Session.Items, func(i site.CartItem) bool {
		p := i.Product(b.State)
		if p != nil && b.Purchasable(p) {
			return false
		}
		if p != nil {
			dropped = append(dropped, refuse(b.State.FullName(p)+" has been removed from your cart because it can no longer be purchased. Please contact us if you need assistance."))
		}
		return true
	})
	if len(dropped) > 0 {
		_ = b.Calculate() // the next calculation says what is wrong
	}
	return dropped
}

// Empty is WC_Cart::is_empty.
func (b *Basket) Empty() bool { return len(b.Session.Items) == 0 }

// Item answers the item with a key.
func (b *Basket) Item(key string) (site.CartItem, bool) {
	if i := indexItem(b.Session.Items, key); i >= 0 {
		return b.Session.Items[i], true
	}
	return site.CartItem{}, false
}

func indexItem(items []site.CartItem, key string) int {
	return slices.IndexFunc(items, func(i site.CartItem) bool { return i.Key == key })
}

// Count is the number of pieces in the cart (WC_Cart::get_cart_contents_count).
func (b *Basket) Count() int64 {
	n := int64(0)
	for _, i := range b.Session.Items {
		n += i.Quantity
	}
	return n
}

// SetQuantity is WC_Cart::set_quantity: no stock is checked, nothing positive
// removes the item. False means there is no such item.
func (b *Basket) SetQuantity(key string, quantity int64) (bool, error) {
	if quantity <= 0 {
		return b.Remove(key)
	}
	i := indexItem(b.Session.Items, key)
	if i < 0 {
		return false, nil
	}
	b.Session.Items[i].Quantity = quantity
	return true, b.Calculate()
}

// Remove takes an item out; restore brings it back as the last one.
func (b *Basket) Remove(key string) (bool, error) {
	return b.move(key, &b.Session.Items, &b.Session.Removed)
}

// Restore puts an item back that was removed.
func (b *Basket) Restore(key string) (bool, error) {
	return b.move(key, &b.Session.Removed, &b.Session.Items)
}

func (b *Basket) move(key string, from, to *[]site.CartItem) (bool, error) {
	i := indexItem(*from, key)
	if i < 0 {
		return false, nil
	}
	moved := (*from)[i]
	*from = slices.Delete(*from, i, i+1)
	if j := indexItem(*to, key); j >= 0 { // PHP assigns to the key that is there
		(*to)[j] = moved
	} else {
		*to = append(*to, moved)
	}
	return true, b.Calculate()
}

// Clear is WC_Cart::empty_cart: items, coupons, chosen rates and the order
// being paid are forgotten; the customer stays.
func (b *Basket) Clear() {
	s := b.Session
	s.Items, s.Removed, s.Coupons, s.Chosen, s.Offered, s.Awaiting, s.Totals = nil, nil, nil, nil, nil, 0, &site.CartTotals{}
}

// Purchasable is WC_Product::is_purchasable for a shopper: published, with a
// price, and of a kind that is sold here; a variation's parent must be
// published too.
func (b *Basket) Purchasable(p *shop.Product) bool {
	parent := b.State.Products[p.ParentID]
	if p.Status != "publish" || p.IsVariation() && (parent == nil || parent.Status != "publish") {
		return false
	}
	return b.State.Purchasable(p, b.now)
}

// InStock is WC_Product::is_in_stock.
func (b *Basket) InStock(p *shop.Product) bool { return b.State.StockStatus(p) != "outofstock" }

// Enough is WC_Product::has_enough_stock.
func (b *Basket) Enough(p *shop.Product, quantity int64) bool {
	h := b.State.StockHolder(p)
	return h == nil || b.State.Backorders(p) != "no" || h.Quantity() >= quantity
}

// Held is how many pieces of p's stock are in the cart, under any item
// (WC_Cart::get_cart_item_quantities).
func (b *Basket) Held(p *shop.Product) int64 {
	n := int64(0)
	for _, i := range b.Session.Items {
		if q := i.Product(b.State); q != nil && b.stockID(q) == b.stockID(p) {
			n += i.Quantity
		}
	}
	return n
}

func (b *Basket) stockID(p *shop.Product) int64 {
	if h := b.State.StockHolder(p); h != nil {
		return h.ID
	}
	return p.ID
}
