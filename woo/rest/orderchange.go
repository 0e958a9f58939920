package rest

import "fmt"

// OrderChange is what is written of an order; nil stays as it is. Lines that
// have an ID are changed, others are added, also when the same change is
// written again. Amounts are tax-exclusive, whatever the shop's display
// setting; the store computes taxes and totals from them itself.
type OrderChange struct {
	// Status moves stock: processing, completed and on-hold subtract it once,
	// cancelled and pending put it back, refunded and failed do nothing.
	Status             *string          `json:"status,omitempty"`
	Currency           *string          `json:"currency,omitempty"`
	CustomerID         *int64           `json:"customer_id,omitempty"`
	CustomerNote       *string          `json:"customer_note,omitempty"`
	Billing            *Address         `json:"billing,omitempty"`
	Shipping           *Address         `json:"shipping,omitempty"`
	PaymentMethod      *string          `json:"payment_method,omitempty"`
	PaymentMethodTitle *string          `json:"payment_method_title,omitempty"`
	TransactionID      *string          `json:"transaction_id,omitempty"`
	SetPaid            bool             `json:"set_paid,omitempty"`
	Lines              []LineChange     `json:"line_items,omitzero"`
	ShippingLines      []ShippingChange `json:"shipping_lines,omitzero"`
	Fees               []FeeChange      `json:"fee_lines,omitzero"`
	Coupons            []CouponCode     `json:"coupon_lines,omitzero"` // replaces all of them
	Meta               []Meta           `json:"meta_data,omitzero"`
}

// LineChange is a line to add, or, with an ID, to change. Without amounts the
// store takes the price of now.
type LineChange struct {
	ID          int64   `json:"id,omitzero"`
	ProductID   int64   `json:"product_id,omitzero"`
	VariationID int64   `json:"variation_id,omitzero"`
	Quantity    *int64  `json:"quantity,omitempty"` // 0 takes the line away
	TaxClass    *string `json:"tax_class,omitempty"`
	Subtotal    *Amount `json:"subtotal,omitempty"`
	Total       *Amount `json:"total,omitempty"`
	Meta        []Meta  `json:"meta_data,omitzero"`
}

// ShippingChange is a way of shipping to add, or, with an ID, to change.
type ShippingChange struct {
	ID         int64   `json:"id,omitzero"`
	MethodID   string  `json:"method_id,omitempty"`
	InstanceID int64   `json:"instance_id,omitzero,string"`
	Title      *string `json:"method_title,omitempty"`
	Total      *Amount `json:"total,omitempty"`
}

// FeeChange is a fee to add, or, with an ID, to change.
type FeeChange struct {
	ID        int64   `json:"id,omitzero"`
	Name      string  `json:"name,omitempty"`
	Total     *Amount `json:"total,omitempty"`
	TaxStatus *string `json:"tax_status,omitempty"`
	TaxClass  *string `json:"tax_class,omitempty"`
}

// CouponCode is a coupon to apply.
type CouponCode struct {
	Code string `json:"code"`
}

func (c OrderChange) check() error {
	for i, l := range c.Lines {
		field := fmt.Sprintf("line_items[%d]", i)
		switch {
		case l.ID == 0 && l.ProductID <= 0:
			// WooCommerce would make a nameless line for nothing of it.
			return invalid(field+".product_id", "is needed for a new line")
		case l.Quantity != nil && *l.Quantity < 0:
			return invalid(field+".quantity", "must not be negative")
		}
		if err := checkAmounts(map[string]*Amount{field + ".subtotal": l.Subtotal, field + ".total": l.Total}); err != nil {
			return err
		}
	}
	for i, s := range c.ShippingLines {
		if s.ID == 0 && s.MethodID == "" {
			return invalid(fmt.Sprintf("shipping_lines[%d].method_id", i), "is needed for a new line")
		}
	}
	for i, f := range c.Fees {
		if f.ID == 0 && f.Name == "" {
			return invalid(fmt.Sprintf("fee_lines[%d].name", i), "is needed for a new fee")
		}
	}
	return nil
}

// ignored finds a payment and a status that the store did not take: an order in
// the trash stays there, whatever it is told, with 200; one with nothing to pay
// is not paid by an update.
func (c OrderChange) ignored(o Order) error {
	switch {
	case o.Status == "trash" && (c.SetPaid || c.Status != nil):
		return &IgnoredError{ID: o.ID, Field: "status", Reason: "the order is in the trash"}
	case c.SetPaid && o.PaidAt.IsZero():
		return &IgnoredError{ID: o.ID, Field: "set_paid", Reason: "an order in status " + o.Status + " with this total needs no payment"}
	}
	return nil
}
