package wootest

import (
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
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
	store *site.Site
	st    *site.State
	sess  *site.Session
	now   time.Time
}

// newBasket begins work on a session's cart. Items whose product is gone or can
// no longer be purchased are dropped, as WC_Cart_Session::get_cart_from_session
// does; what it dropped is in the second result.
func newBasket(s *site.Site, st *site.State, sess *site.Session) (*basket, []*cartError) {
	b := &basket{store: s, st: st, sess: sess, now: s.Now()}
	if sess.Totals == nil {
		sess.Totals = &site.CartTotals{}
	}
	return b, b.dropUnsellable()
}

func (b *basket) dropUnsellable() []*cartError {
	var dropped []*cartError
	b.sess.Items = slices.DeleteFunc(b.sess.Items, func(i site.CartItem) bool {
		p := i.Product(b.st)
		if p != nil && b.purchasable(p) {
			return false
		}
		if p != nil {
			dropped = append(dropped, refuse(b.st.FullName(p)+" has been removed from your cart because it can no longer be purchased. Please contact us if you need assistance."))
		}
		return true
	})
	if len(dropped) > 0 {
		_ = b.calculate() // the next calculation says what is wrong
	}
	return dropped
}

// empty is WC_Cart::is_empty.
func (b *basket) empty() bool { return len(b.sess.Items) == 0 }

// item answers the item with a key.
func (b *basket) item(key string) (site.CartItem, bool) {
	if i := indexItem(b.sess.Items, key); i >= 0 {
		return b.sess.Items[i], true
	}
	return site.CartItem{}, false
}

func indexItem(items []site.CartItem, key string) int {
	return slices.IndexFunc(items, func(i site.CartItem) bool { return i.Key == key })
}

// count is the number of pieces in the cart (WC_Cart::get_cart_contents_count).
func (b *basket) count() int64 {
	n := int64(0)
	for _, i := range b.sess.Items {
		n += i.Quantity
	}
	return n
}

// setQuantity is WC_Cart::set_quantity: no stock is checked, nothing positive
// removes the item. False means there is no such item.
func (b *basket) setQuantity(key string, quantity int64) (bool, error) {
	if quantity <= 0 {
		return b.remove(key)
	}
	i := indexItem(b.sess.Items, key)
	if i < 0 {
		return false, nil
	}
	b.sess.Items[i].Quantity = quantity
	return true, b.calculate()
}

// remove takes an item out; restore brings it back as the last one.
func (b *basket) remove(key string) (bool, error) {
	return b.move(key, &b.sess.Items, &b.sess.Removed)
}

// restore puts an item back that was removed.
func (b *basket) restore(key string) (bool, error) {
	return b.move(key, &b.sess.Removed, &b.sess.Items)
}

func (b *basket) move(key string, from, to *[]site.CartItem) (bool, error) {
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
	s.Items, s.Removed, s.Coupons, s.Chosen, s.Offered, s.Awaiting, s.Totals = nil, nil, nil, nil, nil, 0, &site.CartTotals{}
}

// purchasable is WC_Product::is_purchasable for a shopper: published, with a
// price, and of a kind that is sold here; a variation's parent must be
// published too.
func (b *basket) purchasable(p *shop.Product) bool {
	parent := b.st.Products[p.ParentID]
	if p.Status != "publish" || p.IsVariation() && (parent == nil || parent.Status != "publish") {
		return false
	}
	return b.st.Purchasable(p, b.now)
}

// inStock is WC_Product::is_in_stock.
func (b *basket) inStock(p *shop.Product) bool { return b.st.StockStatus(p) != "outofstock" }

// enough is WC_Product::has_enough_stock.
func (b *basket) enough(p *shop.Product, quantity int64) bool {
	h := b.st.StockHolder(p)
	return h == nil || b.st.Backorders(p) != "no" || h.Quantity() >= quantity
}

// held is how many pieces of p's stock are in the cart, under any item
// (WC_Cart::get_cart_item_quantities).
func (b *basket) held(p *shop.Product) int64 {
	n := int64(0)
	for _, i := range b.sess.Items {
		if q := i.Product(b.st); q != nil && b.stockID(q) == b.stockID(p) {
			n += i.Quantity
		}
	}
	return n
}

func (b *basket) stockID(p *shop.Product) int64 {
	if h := b.st.StockHolder(p); h != nil {
		return h.ID
	}
	return p.ID
}
