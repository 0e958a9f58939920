package wootest

import (
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// checkItems is WC_Checkout's check_cart_items: what is wrong with the items'
// stock right now, on the given state, which need not be the one the order is
// written to: two checkouts that overlap both look before either takes.
func (b *basket) checkItems(seen *site.State) []*cartError {
	now := *b
	now.st = seen
	var found []*cartError
	for _, i := range b.sess.Items {
		p := i.Product(seen)
		if p == nil || !now.purchasable(p) {
			continue // dropped when the cart is loaded next
		}
		if problem := now.checkStock(p); problem != nil {
			found = append(found, problem)
			break // WooCommerce stops at the first
		}
	}
	return found
}

func (b *basket) checkStock(p *shop.Product) *cartError {
	name := b.st.FullName(p)
	if !b.inStock(p) {
		return refuse(fmt.Sprintf(
			`Sorry, "%s" is not in stock. Please edit your cart and try again. We apologize for any inconvenience caused.`, name))
	}
	if b.enough(p, b.held(p)) {
		return nil
	}
	return refuse(fmt.Sprintf(
		`Sorry, we do not have enough "%s" in stock to fulfill your order (%d available). We apologize for any inconvenience caused.`,
		name, b.st.StockHolder(p).Quantity()))
}

// checkCoupons is WC_Cart::check_cart_coupons: coupons that no longer count
// are taken off, and said so.
func (b *basket) checkCoupons() []*cartError {
	var found []*cartError
	for _, code := range slices.Clone(b.sess.Coupons) {
		if err := b.checkCoupon(code); err == nil {
			continue
		}
		b.sess.Coupons = slices.DeleteFunc(b.sess.Coupons, func(c string) bool { return c == code })
		found = append(found, refuse(fmt.Sprintf(
			"Sorry, it seems the coupon &quot;%s&quot; is invalid - it has now been removed from your order.", code)))
	}
	return found
}
