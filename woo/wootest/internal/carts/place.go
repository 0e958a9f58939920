package carts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Placing is what an order gets beside the cart.
type Placing struct {
	Billing, Shipping site.Address
	Payment, Note     string
	CreatedVia        string // "checkout" or "store-api"
	CustomerID        int64
	IPAddress, Agent  string
	Meta              []shop.MetaData // after is_vat_exempt
}

// NewOrder is an order as it is before anything is known of it. It is not in
// the state yet.
func (b *Basket) NewOrder() *site.Order {
	now := b.now.Truncate(time.Second)
	return &site.Order{
		Status: "pending", Key: "wc_order_" + wp.RandomText(13), Currency: b.Site.Shop.CurrencyCode(), Created: now, Modified: now,
		PricesIncludeTax: b.Site.Shop.Yes("woocommerce_prices_include_tax"),
	}
}

// Place makes a pending order of the cart as it was last calculated
// (WC_Checkout::create_order): the cart's own amounts, which an order made over
// REST need not have. It checks nothing, takes no stock, mails nobody and
// leaves the cart alone; order.created becomes due.
func (b *Basket) Place(in Placing) *site.Order {
	o := b.NewOrder()
	o.Billing, o.Shipping, o.Note, o.CreatedVia, o.CustomerID = in.Billing, in.Shipping, in.Note, in.CreatedVia, in.CustomerID
	o.PayMethod, o.PayTitle = in.Payment, GatewayTitle(b.Site.Shop, in.Payment)
	o.IPAddress, o.UserAgent, o.CartHash = in.IPAddress, in.Agent, b.Session.Hash()
	o.Shipping.Email = ""
	if u := b.State.Users[o.CustomerID]; u != nil && o.Billing.Email == "" { // WC_Order::maybe_set_user_billing_email
		o.Billing.Email = u.Email
	}
	b.Fill(o)
	exempt := "no"
	if b.Session.Customer.VATExempt {
		exempt = "yes"
	}
	o.Meta = append(o.Meta, site.TextMeta(b.State.MetaID(), "is_vat_exempt", exempt))
	o.Meta = append(o.Meta, in.Meta...)
	o.ID = b.State.PostID()
	b.State.Orders[o.ID] = o
	b.Site.Emit(b.State, "order.created", o.ID)
	return o
}

// Fill writes the cart's lines, rates, taxes, coupons and totals to an order,
// in place of those it had (WC_Checkout::set_data_from_cart).
func (b *Basket) Fill(o *site.Order) {
	view := b.Session.Totals.View
	o.Lines, o.Ships, o.Fees, o.Taxes, o.Coupons = nil, nil, nil, nil, nil
	for _, i := range b.Session.Items {
		o.Lines = append(o.Lines, b.orderLine(i))
	}
	for at, r := range b.Session.Totals.Chosen {
		line := &site.ShippingLine{
			ID: b.State.ItemID(), Title: r.Label, Method: r.MethodID, InstanceID: wp.Itoa(r.InstanceID), Total: r.Cost, TaxStatus: "taxable",
			Meta: []shop.MetaData{site.TextMeta(b.State.MetaID(), "Items", b.itemsText())},
		}
		if !r.Taxable {
			line.TaxStatus = "none"
		}
		for _, t := range view.Shipping[at].Taxes {
			line.Taxes = append(line.Taxes, site.LineTax{Rate: t.RateID, Total: t.Amount.Round(wp.RoundingPrecision)})
			line.TotalTax = line.TotalTax.Add(t.Amount)
		}
		o.Ships = append(o.Ships, line)
	}
	b.fillTaxes(o, view.Totals)
	for _, c := range view.Coupons {
		o.Coupons = append(o.Coupons, b.couponLine(c))
	}
	t := view.Totals
	o.Discount, o.DiscountTax, o.ShipTotal, o.ShipTax = t.DiscountTotal, t.DiscountTax, t.ShippingTotal, t.ShippingTax
	o.CartTax, o.TotalTax, o.Total = t.CartContentsTax.Add(t.FeeTax), t.TotalTax, t.Total
}

func (b *Basket) orderLine(i site.CartItem) *site.OrderLine {
	p := i.Product(b.State)
	l := &site.OrderLine{
		ID: b.State.ItemID(), Name: b.State.FullName(p), ProductID: i.ProductID, Variation: i.VariationID, Quantity: i.Quantity, TaxClass: p.TaxClass,
		Subtotal: i.Line.Subtotal.Round(wp.RoundingPrecision), Total: i.Line.Total.Round(wp.RoundingPrecision), SubtotalTax: i.Line.SubtotalTax, TotalTax: i.Line.TotalTax,
	}
	for at, t := range i.Line.TotalTaxes {
		l.Taxes = append(l.Taxes, site.LineTax{
			Rate: t.RateID, Total: t.Amount.Round(wp.RoundingPrecision), Subtotal: i.Line.SubtotalTaxes[at].Amount.Round(wp.RoundingPrecision), HasSubtotal: true,
		})
	}
	for _, c := range i.Variation {
		l.Meta = append(l.Meta, site.TextMeta(b.State.MetaID(), strings.TrimPrefix(c.Name, "attribute_"), c.Value))
	}
	if n := b.backordered(p, i.Quantity); n > 0 {
		l.Meta = append(l.Meta, site.TextMeta(b.State.MetaID(), "Backordered", wp.Itoa(n)))
	}
	return l
}

// backordered is how many pieces of a line are not there yet, for products
// that say so (WC_Order_Item_Product::set_backorder_meta).
func (b *Basket) backordered(p *shop.Product, quantity int64) int64 {
	h := b.State.StockHolder(p)
	if h == nil || b.State.Backorders(p) != "notify" {
		return 0
	}
	return max(0, quantity-max(0, h.Quantity()))
}

// itemsText is the note WooCommerce keeps with a shipping line.
func (b *Basket) itemsText() string {
	var names []string
	for _, i := range b.PackageItems() {
		names = append(names, fmt.Sprintf("%s &times; %d", b.State.FullName(i.Product(b.State)), i.Quantity))
	}
	return strings.Join(names, ", ")
}

// fillTaxes makes a tax line for every rate of the contents, then for those
// only shipping and fees have.
func (b *Basket) fillTaxes(o *site.Order, t quote.CartTotals) {
	add := func(taxes []quote.CartTax, into func(*site.TaxLine) *decimal.Decimal) {
		for _, x := range taxes {
			i := slices.IndexFunc(o.Taxes, func(l *site.TaxLine) bool { return l.Rate.ID == x.RateID })
			if i < 0 {
				i = len(o.Taxes)
				o.Taxes = append(o.Taxes, &site.TaxLine{ID: b.State.ItemID(), Rate: TaxRate(b.Site.Shop, x.RateID)})
			}
			sum := into(o.Taxes[i])
			*sum = sum.Add(x.Amount)
		}
	}
	contents := func(l *site.TaxLine) *decimal.Decimal { return &l.Tax }
	add(t.CartContentsTaxes, contents)
	add(t.ShippingTaxes, func(l *site.TaxLine) *decimal.Decimal { return &l.ShippingTaxes })
	add(t.FeeTaxes, contents)
}

// TaxRate is the tax rate with an id.
func TaxRate(sh *shop.Shop, id int64) shop.TaxRate {
	for _, r := range sh.Rates {
		if r.ID == id {
			return r
		}
	}
	return shop.TaxRate{ID: id}
}

// couponLine keeps a coupon's discount rounded to the currency.
func (b *Basket) couponLine(c quote.CartCoupon) *site.CouponLine {
	places := b.Site.Shop.Decimals()
	line := &site.CouponLine{ID: b.State.ItemID(), Code: c.Code, Discount: c.Discount.Round(places), DiscountTax: c.DiscountTax.Round(places)}
	if found := b.State.CouponByCode(c.Code); found != nil {
		line.Kind, line.Amount, line.FreeShipping, line.Info = found.DiscountType, found.Amount, found.FreeShipping, orders.CouponInfo(found)
		line.Info.ID = b.State.MetaID()
	}
	return line
}

// Gateway is the payment method with an id; false when the shop has none or has switched it
// off.
func Gateway(sh *shop.Shop, id string) (shop.Gateway, bool) {
	for _, w := range sh.Gateways {
		if w.ID == id && w.Enabled {
			return w, true
		}
	}
	return shop.Gateway{}, false
}

// GatewayTitle is what an order shows of a payment method.
func GatewayTitle(sh *shop.Shop, id string) string {
	w, _ := Gateway(sh, id)
	return w.Title
}

// Pay is what the order's gateway does with a new order: cash on delivery
// starts it, a bank transfer waits for the money; others leave it pending, as
// gateways do that send the shopper elsewhere. With paid, or when there is
// nothing to pay, the payment is complete. The coupons count as used.
func (b *Basket) Pay(o *site.Order, paid bool, transaction string) {
	s := b.Site
	switch {
	case paid || !o.Total.IsPositive():
		orders.CompletePayment(s, b.State, o, transaction)
	case o.PayMethod == "cod" && hasDownloads(b.State, o):
		orders.SetStatus(s, b.State, o, "on-hold")
		prefixNote(o, "Payment to be made upon delivery.")
	case o.PayMethod == "cod":
		orders.SetStatus(s, b.State, o, "processing")
		prefixNote(o, "Payment to be made upon delivery.")
	case o.PayMethod == "bacs":
		orders.SetStatus(s, b.State, o, "on-hold")
		prefixNote(o, "Awaiting BACS payment")
	case o.PayMethod == "cheque":
		orders.SetStatus(s, b.State, o, "on-hold")
		prefixNote(o, "Awaiting check payment")
	}
	for _, l := range o.Coupons {
		useCoupon(b.State, l.Code, o)
	}
	orders.TouchOrder(s, b.State, o)
}

// hasDownloads is WC_Order::has_downloadable_item: what can be downloaded at
// once waits for the money even where the rest is paid at the door.
func hasDownloads(st *site.State, o *site.Order) bool {
	return slices.ContainsFunc(o.Lines, func(l *site.OrderLine) bool {
		p := st.ProductOf(l)
		return p != nil && p.Downloadable && len(p.Downloads) > 0
	})
}

// prefixNote puts what the gateway says before the note of the status it set.
func prefixNote(o *site.Order, text string) {
	if last := len(o.Notes) - 1; last >= 0 {
		o.Notes[last].Text = text + " " + o.Notes[last].Text
	}
}

// useCoupon notes that an order uses a coupon, and whose it is.
func useCoupon(st *site.State, code string, o *site.Order) {
	c := st.CouponByCode(code)
	if c == nil {
		return
	}
	who := o.Billing.Email
	if o.CustomerID != 0 {
		who = wp.Itoa(o.CustomerID)
	}
	next := *c
	next.UsageCount++
	next.UsedBy = append(slices.Clone(c.UsedBy), who)
	st.Coupons[c.ID] = &next
}

// ReceivedURL is where a shopper is sent after the checkout.
func ReceivedURL(base string, o *site.Order) string {
	return base + "/checkout/order-received/" + wp.Itoa(o.ID) + "/?key=" + o.Key
}
