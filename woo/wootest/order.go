package wootest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// order is an order as WooCommerce stores it. Amounts keep the six decimals
// of the database; the REST view rounds them.
type order struct {
	id                       int64
	status, key, currency    string
	customerID               int64
	billing, shipping        address
	payMethod, payTitle      string
	transaction, note        string
	createdVia, cartHash     string
	ipAddress, userAgent     string
	created, modified        time.Time
	paid, completed          time.Time
	pricesIncludeTax         bool
	meta                     []shop.MetaData
	lines                    []*orderLine
	ships                    []*shippingLine
	fees                     []*feeLine
	coupons                  []*couponLine
	taxes                    []*taxLine
	refunds                  []int64
	notes                    []orderNote
	discount, discountTax    decimal.Decimal
	shipTotal, shipTax       decimal.Decimal
	cartTax, totalTax, total decimal.Decimal
	stockReduced, counted    bool // stock taken; sales counted
	parallel                 int  // completions that reduced the stock side by side
}

// address is an order's billing or shipping address in REST's own names.
type address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
}

// lineTax is one rate's tax on a line, with six decimals.
type lineTax struct {
	rate            int64
	total, subtotal decimal.Decimal
	hasSubtotal     bool
}

type orderLine struct {
	id                    int64
	name                  string
	productID, variation  int64
	quantity              int64
	taxClass              string
	subtotal, total       decimal.Decimal
	subtotalTax, totalTax decimal.Decimal
	taxes                 []lineTax
	meta                  []shop.MetaData
}

type shippingLine struct {
	id                        int64
	title, method, instanceID string
	taxStatus                 string
	total, totalTax           decimal.Decimal
	taxes                     []lineTax
	meta                      []shop.MetaData
}

type feeLine struct {
	id                        int64
	name, taxClass, taxStatus string
	amount                    decimal.Decimal // as given; nothing is computed from it
	total, totalTax           decimal.Decimal
	taxes                     []lineTax
	meta                      []shop.MetaData
}

type couponLine struct {
	id                    int64
	code                  string
	discount, discountTax decimal.Decimal
	info                  shop.MetaData
	kind                  string
	amount                decimal.Decimal
	freeShipping          bool
}

type taxLine struct {
	id                 int64
	rate               shop.TaxRate
	tax, shippingTaxes decimal.Decimal
}

type orderNote struct {
	id       int64
	at       time.Time
	text     string
	customer bool
}

// clone copies the order so deeply that changing the copy leaves the other.
func (o *order) clone() *order {
	c := *o
	c.meta = slices.Clone(o.meta)
	c.lines = cloneAll(o.lines)
	for _, l := range c.lines {
		l.meta = slices.Clone(l.meta)
	}
	c.ships, c.fees, c.coupons, c.taxes = cloneAll(o.ships), cloneAll(o.fees), cloneAll(o.coupons), cloneAll(o.taxes)
	c.refunds, c.notes = slices.Clone(o.refunds), slices.Clone(o.notes)
	return &c
}

func cloneAll[T any](list []*T) []*T {
	out := make([]*T, len(list))
	for i, p := range list {
		c := *p
		out[i] = &c
	}
	return out
}

// needsPayment is WC_Order::needs_payment.
func (o *order) needsPayment() bool {
	return (o.status == "pending" || o.status == "failed") && o.total.IsPositive()
}

// productOf is the product a line sells: the variation when it has one.
func (st *state) productOf(l *orderLine) *shop.Product {
	if l.variation != 0 {
		return st.products[l.variation]
	}
	return st.products[l.productID]
}

// needsProcessing is WC_Order::needs_processing: something is not both
// virtual and downloadable. A line whose product is gone does not count.
func (st *state) needsProcessing(o *order) bool {
	return slices.ContainsFunc(o.lines, func(l *orderLine) bool {
		p := st.productOf(l)
		return p != nil && (!p.Virtual || !p.Downloadable)
	})
}

// paidStatus is the status payment_complete moves to: completed for cash on
// delivery (the gateway's own filter) and when there is nothing to send.
func (st *state) paidStatus(o *order) string {
	if o.payMethod == "cod" || !st.needsProcessing(o) {
		return "completed"
	}
	return "processing"
}

// reducedStock answers the numbers in a line's `_reduced_stock` entries.
func (l *orderLine) reducedStock() []int64 {
	var out []int64
	for _, m := range l.meta {
		var text string
		if m.Key != "_reduced_stock" || json.Unmarshal(m.Value, &text) != nil {
			continue
		}
		n, err := decimal.NewFromString(text)
		if err == nil {
			out = append(out, n.IntPart())
		}
	}
	return out
}

func textMeta(id int64, key, value string) shop.MetaData {
	raw, err := wp.PlainJSON(value)
	if err != nil { // a string always encodes
		raw = []byte(`""`)
	}
	return shop.MetaData{ID: id, Key: key, Value: raw}
}
