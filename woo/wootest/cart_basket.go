package wootest

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// basket is WC_Cart at work: a session's cart together with the products, the
// settings and the clock of one request. GraphQL and the Store API both work
// through it.
//
// It works on the session it was given and on nothing else until place, which
// makes an order; the caller saves the session (state.saveSession) when the
// request has succeeded as far as WooCommerce would save it, or drops it. All
// methods need Store.mu held by the caller.
//
// What changes the contents (add, setQuantity, remove, restore, applyCoupon,
// removeCoupon) recalculates the totals as WooCommerce's hooks do. What changes
// the customer or the chosen rate does not: call calculate, or keep the old
// numbers as WooCommerce does. A *cartError says what the shopper did wrong;
// any other error says that wootest cannot compute the cart.
type basket struct {
	store *site
	st    *state
	sess  *session
	now   time.Time
}

// basket begins work on a session's cart. Items whose product is gone or can
// no longer be purchased are dropped, as WC_Cart_Session::get_cart_from_session
// does; what it dropped is in the second result.
func (s *site) basket(st *state, sess *session) (*basket, []*cartError) {
	b := &basket{store: s, st: st, sess: sess, now: s.now()}
	if sess.totals == nil {
		sess.totals = &cartTotals{}
	}
	return b, b.dropUnsellable()
}

func (b *basket) dropUnsellable() []*cartError {
	var dropped []*cartError
	b.sess.items = slices.DeleteFunc(b.sess.items, func(i cartItem) bool {
		p := i.product(b.st)
		if p != nil && b.purchasable(p) {
			return false
		}
		if p != nil {
			dropped = append(dropped, b.problem(removedFromCart, p,
				b.st.fullName(p)+" has been removed from your cart because it can no longer be purchased. Please contact us if you need assistance."))
		}
		return true
	})
	if len(dropped) > 0 {
		_ = b.calculate() // the next calculation says what is wrong
	}
	return dropped
}

// empty is WC_Cart::is_empty.
func (b *basket) empty() bool { return len(b.sess.items) == 0 }

// item answers the item with a key.
func (b *basket) item(key string) (cartItem, bool) {
	if i := indexItem(b.sess.items, key); i >= 0 {
		return b.sess.items[i], true
	}
	return cartItem{}, false
}

func indexItem(items []cartItem, key string) int {
	return slices.IndexFunc(items, func(i cartItem) bool { return i.key == key })
}

// count is the number of pieces in the cart (WC_Cart::get_cart_contents_count).
func (b *basket) count() int64 {
	n := int64(0)
	for _, i := range b.sess.items {
		n += i.quantity
	}
	return n
}

// setQuantity is WC_Cart::set_quantity: no stock is checked, nothing positive
// removes the item. False means there is no such item.
func (b *basket) setQuantity(key string, quantity int64) (bool, error) {
	if quantity <= 0 {
		return b.remove(key)
	}
	i := indexItem(b.sess.items, key)
	if i < 0 {
		return false, nil
	}
	b.sess.items[i].quantity = quantity
	return true, b.calculate()
}

// remove takes an item out; restore brings it back as the last one.
func (b *basket) remove(key string) (bool, error) {
	return b.move(key, &b.sess.items, &b.sess.removed)
}

// restore puts an item back that was removed.
func (b *basket) restore(key string) (bool, error) {
	return b.move(key, &b.sess.removed, &b.sess.items)
}

func (b *basket) move(key string, from, to *[]cartItem) (bool, error) {
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
	return true, b.calculate()
}

// clear is WC_Cart::empty_cart: items, coupons, chosen rates and the order
// being paid are forgotten; the customer stays.
func (b *basket) clear() {
	s := b.sess
	s.items, s.removed, s.coupons, s.chosen, s.offered, s.awaiting, s.totals = nil, nil, nil, nil, nil, 0, &cartTotals{}
}

// purchasable is WC_Product::is_purchasable for a shopper: published, with a
// price, and of a kind that is sold here; a variation's parent must be
// published too.
func (b *basket) purchasable(p *shop.Product) bool {
	parent := b.st.products[p.ParentID]
	if p.Status != "publish" || p.IsVariation() && (parent == nil || parent.Status != "publish") {
		return false
	}
	return b.st.purchasable(p, b.now)
}

// inStock is WC_Product::is_in_stock.
func (b *basket) inStock(p *shop.Product) bool { return b.st.stockStatus(p) != "outofstock" }

// enough is WC_Product::has_enough_stock.
func (b *basket) enough(p *shop.Product, quantity int64) bool {
	h := b.st.stockHolder(p)
	return h == nil || b.st.backorders(p) != "no" || h.Quantity() >= quantity
}

// held is how many pieces of p's stock are in the cart, under any item
// (WC_Cart::get_cart_item_quantities).
func (b *basket) held(p *shop.Product) int64 {
	n := int64(0)
	for _, i := range b.sess.items {
		if q := i.product(b.st); q != nil && b.stockID(q) == b.stockID(p) {
			n += i.quantity
		}
	}
	return n
}

func (b *basket) stockID(p *shop.Product) int64 {
	if h := b.st.stockHolder(p); h != nil {
		return h.ID
	}
	return p.ID
}
