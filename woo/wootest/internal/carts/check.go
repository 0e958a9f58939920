package carts

import (
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// CheckItems is WC_Checkout's check_cart_items: what is wrong with the items'
// stock right now, on the given state, which need not be the one the order is
// written to: two checkouts that overlap both look before either takes.
func (b *Basket) CheckItems(seen *site.State) []*Error {
	now := *b
	now.State = seen
	var found []*Error
	for _, i := range b.Session.Items {
		p := i.Product(seen)
		if p == nil || !now.Purchasable(p) {
			continue // dropped when the cart is loaded next
		}
		if problem := now.checkStock(p); problem != nil {
			found = append(found, problem)
			break // WooCommerce stops at the first
		}
	}
	return found
}

func (b *Basket) checkStock(p *shop.Product) *Error {
	name := b.State.FullName(p)
	if !b.InStock(p) {
		return refuse(fmt.Sprintf(
			`Sorry, "%s" is not in stock. Please edit your cart and try again. We apologize for any inconvenience caused.`, name))
	}
	if b.Enough(p, b.Held(p)) {
		return nil
	}
	return refuse(fmt.Sprintf(
		`Sorry, we do not have enough "%s" in stock to fulfill your order (%d available). We apologize for any inconvenience caused.`,
		name, b.State.StockHolder(p).Quantity()))
}

// CheckCoupons is WC_Cart::check_cart_coupons: coupons that no longer count
// are taken off, and said so.
func (b *Basket) CheckCoupons() []*Error {
	var found []*Error
	for _, code := range slices.Clone(b.Session.Coupons) {
		if err := b.CheckCoupon(code); err == nil {
			continue
		}
		b.Session.Coupons = slices.DeleteFunc(b.Session.Coupons, func(c string) bool { return c == code })
		found = append(found, refuse(fmt.Sprintf(
			"Sorry, it seems the coupon &quot;%s&quot; is invalid - it has now been removed from your order.", code)))
	}
	return found
}
