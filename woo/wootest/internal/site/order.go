package site

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// Order is an order as WooCommerce stores it. Amounts keep the six decimals
// of the database; the REST view rounds them.
type Order struct {
	ID                       int64
	Status, Key, Currency    string
	CustomerID               int64
	Billing, Shipping        Address
	PayMethod, PayTitle      string
	Transaction, Note        string
	CreatedVia, CartHash     string
	IPAddress, UserAgent     string
	Created, Modified        time.Time
	Paid, Completed          time.Time
	PricesIncludeTax         bool
	Meta                     []shop.MetaData
	Lines                    []*OrderLine
	Ships                    []*ShippingLine
	Fees                     []*FeeLine
	Coupons                  []*CouponLine
	Taxes                    []*TaxLine
	Refunds                  []int64
	Notes                    []OrderNote
	Discount, DiscountTax    decimal.Decimal
	ShipTotal, ShipTax       decimal.Decimal
	CartTax, TotalTax, Total decimal.Decimal
	StockReduced, Counted    bool // stock taken; sales counted
	Parallel                 int  // completions that reduced the stock side by side
}

// Address is an order's billing or shipping address in REST's own names.
type Address struct {
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

// LineTax is one rate's tax on a line, with six decimals.
type LineTax struct {
	Rate            int64
	Total, Subtotal decimal.Decimal
	HasSubtotal     bool
}

// OrderLine is a product on an order, or on a refund with negative numbers.
type OrderLine struct {
	ID                    int64
	Name                  string
	ProductID, Variation  int64
	Quantity              int64
	TaxClass              string
	Subtotal, Total       decimal.Decimal
	SubtotalTax, TotalTax decimal.Decimal
	Taxes                 []LineTax
	Meta                  []shop.MetaData
}

// ShippingLine is a way of sending that an order pays for.
type ShippingLine struct {
	ID                        int64
	Title, Method, InstanceID string
	TaxStatus                 string
	Total, TotalTax           decimal.Decimal
	Taxes                     []LineTax
	Meta                      []shop.MetaData
}

// FeeLine is a fee on an order.
type FeeLine struct {
	ID                        int64
	Name, TaxClass, TaxStatus string
	Amount                    decimal.Decimal // as given; nothing is computed from it
	Total, TotalTax           decimal.Decimal
	Taxes                     []LineTax
	Meta                      []shop.MetaData
}

// CouponLine is a coupon that an order used, and what it took off.
type CouponLine struct {
	ID                    int64
	Code                  string
	Discount, DiscountTax decimal.Decimal
	Info                  shop.MetaData
	Kind                  string
	Amount                decimal.Decimal
	FreeShipping          bool
}

// TaxLine is what an order owes under one rate.
type TaxLine struct {
	ID                 int64
	Rate               shop.TaxRate
	Tax, ShippingTaxes decimal.Decimal
}

// OrderNote is a note on an order, for the shop keeper or the customer.
type OrderNote struct {
	ID       int64
	At       time.Time
	Text     string
	Customer bool
}

// Clone copies the order so deeply that changing the copy leaves the other.
func (o *Order) Clone() *Order {
	c := *o
	c.Meta = slices.Clone(o.Meta)
	c.Lines = cloneAll(o.Lines)
	for _, l := range c.Lines {
		l.Meta = slices.Clone(l.Meta)
	}
	c.Ships, c.Fees, c.Coupons, c.Taxes = cloneAll(o.Ships), cloneAll(o.Fees), cloneAll(o.Coupons), cloneAll(o.Taxes)
	c.Refunds, c.Notes = slices.Clone(o.Refunds), slices.Clone(o.Notes)
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

// NeedsPayment is WC_Order::needs_payment.
func (o *Order) NeedsPayment() bool {
	return (o.Status == "pending" || o.Status == "failed") && o.Total.IsPositive()
}

// ProductOf is the product a line sells: the variation when it has one.
func (st *State) ProductOf(l *OrderLine) *shop.Product {
	if l.Variation != 0 {
		return st.Products[l.Variation]
	}
	return st.Products[l.ProductID]
}

// NeedsProcessing is WC_Order::needs_processing: something is not both
// virtual and downloadable. A line whose product is gone does not count.
func (st *State) NeedsProcessing(o *Order) bool {
	return slices.ContainsFunc(o.Lines, func(l *OrderLine) bool {
		p := st.ProductOf(l)
		return p != nil && (!p.Virtual || !p.Downloadable)
	})
}

// PaidStatus is the status payment_complete moves to: completed for cash on
// delivery (the gateway's own filter) and when there is nothing to send.
func (st *State) PaidStatus(o *Order) string {
	if o.PayMethod == "cod" || !st.NeedsProcessing(o) {
		return "completed"
	}
	return "processing"
}

// ReducedStock answers the numbers in a line's `_reduced_stock` entries.
func (l *OrderLine) ReducedStock() []int64 {
	var out []int64
	for _, m := range l.Meta {
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

// TextMeta is a custom field with a text.
func TextMeta(id int64, key, value string) shop.MetaData {
	raw, err := wp.PlainJSON(value)
	if err != nil { // a string always encodes
		raw = []byte(`""`)
	}
	return shop.MetaData{ID: id, Key: key, Value: raw}
}
