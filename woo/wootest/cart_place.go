package wootest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// placing is what an order gets beside the cart.
type placing struct {
	billing, shipping address
	payment, note     string
	createdVia        string // "checkout" or "store-api"
	customerID        int64
	ipAddress, agent  string
	meta              []shop.MetaData // after is_vat_exempt
}

// newOrder is an order as it is before anything is known of it. It is not in
// the state yet.
func (b *basket) newOrder() *order {
	now := b.now.Truncate(time.Second)
	return &order{
		status: "pending", key: "wc_order_" + wp.RandomText(13), currency: b.store.shop.CurrencyCode(), created: now, modified: now,
		pricesIncludeTax: b.store.shop.Yes("woocommerce_prices_include_tax"),
	}
}

// place makes a pending order of the cart as it was last calculated
// (WC_Checkout::create_order): the cart's own amounts, which an order made over
// REST need not have. It checks nothing, takes no stock, mails nobody and
// leaves the cart alone; order.created becomes due.
func (b *basket) place(in placing) *order {
	o := b.newOrder()
	o.billing, o.shipping, o.note, o.createdVia, o.customerID = in.billing, in.shipping, in.note, in.createdVia, in.customerID
	o.payMethod, o.payTitle = in.payment, gatewayTitle(b.store.shop, in.payment)
	o.ipAddress, o.userAgent, o.cartHash = in.ipAddress, in.agent, b.sess.hash()
	o.shipping.Email = ""
	if u := b.st.users[o.customerID]; u != nil && o.billing.Email == "" { // WC_Order::maybe_set_user_billing_email
		o.billing.Email = u.Email
	}
	b.fill(o)
	exempt := "no"
	if b.sess.customer.vatExempt {
		exempt = "yes"
	}
	o.meta = append(o.meta, textMeta(b.st.metaID(), "is_vat_exempt", exempt))
	o.meta = append(o.meta, in.meta...)
	o.id = b.st.postID()
	b.st.orders[o.id] = o
	b.store.emit(b.st, "order.created", o.id)
	return o
}

// fill writes the cart's lines, rates, taxes, coupons and totals to an order,
// in place of those it had (WC_Checkout::set_data_from_cart).
func (b *basket) fill(o *order) {
	view := b.sess.totals.view
	o.lines, o.ships, o.fees, o.taxes, o.coupons = nil, nil, nil, nil, nil
	for _, i := range b.sess.items {
		o.lines = append(o.lines, b.orderLine(i))
	}
	for at, r := range b.sess.totals.chosen {
		line := &shippingLine{
			id: b.st.itemID(), title: r.Label, method: r.MethodID, instanceID: wp.Itoa(r.InstanceID), total: r.Cost, taxStatus: "taxable",
			meta: []shop.MetaData{textMeta(b.st.metaID(), "Items", b.itemsText())},
		}
		if !r.Taxable {
			line.taxStatus = "none"
		}
		for _, t := range view.Shipping[at].Taxes {
			line.taxes = append(line.taxes, lineTax{rate: t.RateID, total: t.Amount.Round(wp.RoundingPrecision)})
			line.totalTax = line.totalTax.Add(t.Amount)
		}
		o.ships = append(o.ships, line)
	}
	b.fillTaxes(o, view.Totals)
	for _, c := range view.Coupons {
		o.coupons = append(o.coupons, b.couponLine(c))
	}
	t := view.Totals
	o.discount, o.discountTax, o.shipTotal, o.shipTax = t.DiscountTotal, t.DiscountTax, t.ShippingTotal, t.ShippingTax
	o.cartTax, o.totalTax, o.total = t.CartContentsTax.Add(t.FeeTax), t.TotalTax, t.Total
}

func (b *basket) orderLine(i cartItem) *orderLine {
	p := i.product(b.st)
	l := &orderLine{
		id: b.st.itemID(), name: b.st.fullName(p), productID: i.productID, variation: i.variationID, quantity: i.quantity, taxClass: p.TaxClass,
		subtotal: i.line.Subtotal.Round(wp.RoundingPrecision), total: i.line.Total.Round(wp.RoundingPrecision), subtotalTax: i.line.SubtotalTax, totalTax: i.line.TotalTax,
	}
	for at, t := range i.line.TotalTaxes {
		l.taxes = append(l.taxes, lineTax{
			rate: t.RateID, total: t.Amount.Round(wp.RoundingPrecision), subtotal: i.line.SubtotalTaxes[at].Amount.Round(wp.RoundingPrecision), hasSubtotal: true,
		})
	}
	for _, c := range i.variation {
		l.meta = append(l.meta, textMeta(b.st.metaID(), strings.TrimPrefix(c.name, "attribute_"), c.value))
	}
	if n := b.backordered(p, i.quantity); n > 0 {
		l.meta = append(l.meta, textMeta(b.st.metaID(), "Backordered", wp.Itoa(n)))
	}
	return l
}

// backordered is how many pieces of a line are not there yet, for products
// that say so (WC_Order_Item_Product::set_backorder_meta).
func (b *basket) backordered(p *shop.Product, quantity int64) int64 {
	h := b.st.stockHolder(p)
	if h == nil || b.st.backorders(p) != "notify" {
		return 0
	}
	return max(0, quantity-max(0, h.Quantity()))
}

// itemsText is the note WooCommerce keeps with a shipping line.
func (b *basket) itemsText() string {
	var names []string
	for _, i := range b.packageItems() {
		names = append(names, fmt.Sprintf("%s &times; %d", b.st.fullName(i.product(b.st)), i.quantity))
	}
	return strings.Join(names, ", ")
}

// fillTaxes makes a tax line for every rate of the contents, then for those
// only shipping and fees have.
func (b *basket) fillTaxes(o *order, t quote.CartTotals) {
	add := func(taxes []quote.CartTax, into func(*taxLine) *decimal.Decimal) {
		for _, x := range taxes {
			i := slices.IndexFunc(o.taxes, func(l *taxLine) bool { return l.rate.ID == x.RateID })
			if i < 0 {
				i = len(o.taxes)
				o.taxes = append(o.taxes, &taxLine{id: b.st.itemID(), rate: rate(b.store.shop, x.RateID)})
			}
			sum := into(o.taxes[i])
			*sum = sum.Add(x.Amount)
		}
	}
	contents := func(l *taxLine) *decimal.Decimal { return &l.tax }
	add(t.CartContentsTaxes, contents)
	add(t.ShippingTaxes, func(l *taxLine) *decimal.Decimal { return &l.shippingTaxes })
	add(t.FeeTaxes, contents)
}

// rate is the tax rate with an id.
func rate(sh *shop.Shop, id int64) shop.TaxRate {
	for _, r := range sh.Rates {
		if r.ID == id {
			return r
		}
	}
	return shop.TaxRate{ID: id}
}

// couponLine keeps a coupon's discount rounded to the currency.
func (b *basket) couponLine(c quote.CartCoupon) *couponLine {
	places := b.store.shop.Decimals()
	line := &couponLine{id: b.st.itemID(), code: c.Code, discount: c.Discount.Round(places), discountTax: c.DiscountTax.Round(places)}
	if found := b.st.couponByCode(c.Code); found != nil {
		line.kind, line.amount, line.freeShipping, line.info = found.DiscountType, found.Amount, found.FreeShipping, couponInfo(found)
		line.info.ID = b.st.metaID()
	}
	return line
}

func gateway(sh *shop.Shop, id string) (shop.Gateway, bool) {
	for _, w := range sh.Gateways {
		if w.ID == id && w.Enabled {
			return w, true
		}
	}
	return shop.Gateway{}, false
}

func gatewayTitle(sh *shop.Shop, id string) string {
	w, _ := gateway(sh, id)
	return w.Title
}

// pay is what the order's gateway does with a new order: cash on delivery
// starts it, a bank transfer waits for the money; others leave it pending, as
// gateways do that send the shopper elsewhere. With paid, or when there is
// nothing to pay, the payment is complete. The coupons count as used.
func (b *basket) pay(o *order, paid bool, transaction string) {
	s := b.store
	switch {
	case paid || !o.total.IsPositive():
		s.completePayment(b.st, o, transaction)
	case o.payMethod == "cod" && b.st.hasDownloads(o):
		s.setStatus(b.st, o, "on-hold")
		o.prefixNote("Payment to be made upon delivery.")
	case o.payMethod == "cod":
		s.setStatus(b.st, o, "processing")
		o.prefixNote("Payment to be made upon delivery.")
	case o.payMethod == "bacs":
		s.setStatus(b.st, o, "on-hold")
		o.prefixNote("Awaiting BACS payment")
	case o.payMethod == "cheque":
		s.setStatus(b.st, o, "on-hold")
		o.prefixNote("Awaiting check payment")
	}
	for _, l := range o.coupons {
		b.st.useCoupon(l.code, o)
	}
	s.touchOrder(b.st, o)
}

// hasDownloads is WC_Order::has_downloadable_item: what can be downloaded at
// once waits for the money even where the rest is paid at the door.
func (st *state) hasDownloads(o *order) bool {
	return slices.ContainsFunc(o.lines, func(l *orderLine) bool {
		p := st.productOf(l)
		return p != nil && p.Downloadable && len(p.Downloads) > 0
	})
}

// prefixNote puts what the gateway says before the note of the status it set.
func (o *order) prefixNote(text string) {
	if last := len(o.notes) - 1; last >= 0 {
		o.notes[last].text = text + " " + o.notes[last].text
	}
}

// useCoupon notes that an order uses a coupon, and whose it is.
func (st *state) useCoupon(code string, o *order) {
	c := st.couponByCode(code)
	if c == nil {
		return
	}
	who := o.billing.Email
	if o.customerID != 0 {
		who = wp.Itoa(o.customerID)
	}
	next := *c
	next.UsageCount++
	next.UsedBy = append(slices.Clone(c.UsedBy), who)
	st.coupons[c.ID] = &next
}

// receivedURL is where a shopper is sent after the checkout.
func receivedURL(base string, o *order) string {
	return base + "/checkout/order-received/" + wp.Itoa(o.id) + "/?key=" + o.key
}
