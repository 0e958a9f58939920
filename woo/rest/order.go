package rest

import "github.com/ankkor/ankkor/pricing"

// Order is an order. Amounts are in its currency; those of lines are without
// tax. A refund changes none of them.
type Order struct {
	ID         int64            `json:"id"`
	ParentID   int64            `json:"parent_id"`
	Number     string           `json:"number"`
	Key        string           `json:"order_key"`
	CreatedVia string           `json:"created_via"`
	Status     string           `json:"status"`
	Currency   pricing.Currency `json:"currency"`

	Total            Amount `json:"total"`
	TotalTax         Amount `json:"total_tax"`
	CartTax          Amount `json:"cart_tax"`
	ShippingTotal    Amount `json:"shipping_total"`
	ShippingTax      Amount `json:"shipping_tax"`
	DiscountTotal    Amount `json:"discount_total"`
	DiscountTax      Amount `json:"discount_tax"`
	PricesIncludeTax bool   `json:"prices_include_tax"`

	CustomerID         int64   `json:"customer_id"` // 0 for a guest
	CustomerNote       string  `json:"customer_note"`
	Billing            Address `json:"billing"`
	Shipping           Address `json:"shipping"`
	PaymentMethod      string  `json:"payment_method"`
	PaymentMethodTitle string  `json:"payment_method_title"`
	TransactionID      string  `json:"transaction_id"`
	NeedsPayment       bool    `json:"needs_payment"`

	CreatedAt   Time `json:"date_created_gmt"`
	ModifiedAt  Time `json:"date_modified_gmt"`
	PaidAt      Time `json:"date_paid_gmt"`
	CompletedAt Time `json:"date_completed_gmt"`

	Lines         []OrderLine    `json:"line_items"`
	ShippingLines []ShippingLine `json:"shipping_lines"`
	Fees          []FeeLine      `json:"fee_lines"`
	Coupons       []CouponLine   `json:"coupon_lines"`
	Taxes         []TaxLine      `json:"tax_lines"`
	Refunds       []RefundLine   `json:"refunds"`
	Meta          []Meta         `json:"meta_data"`
}

// Address is where to bill or send to. A shipping address has no e-mail.
type Address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"` // WooCommerce's code, such as "MH"
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Email     string `json:"email,omitempty"` // "" would be refused
	Phone     string `json:"phone"`
}

// OrderLine is one product in an order.
type OrderLine struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	ProductID   int64     `json:"product_id"` // of a variation, its product
	VariationID int64     `json:"variation_id"`
	SKU         string    `json:"sku"`
	Quantity    Amount    `json:"quantity"` // negative in a refund
	TaxClass    string    `json:"tax_class"`
	Price       Amount    `json:"price"`    // of one, after discounts
	Subtotal    Amount    `json:"subtotal"` // before discounts
	SubtotalTax Amount    `json:"subtotal_tax"`
	Total       Amount    `json:"total"`
	TotalTax    Amount    `json:"total_tax"`
	Taxes       []LineTax `json:"taxes"`
	Meta        []Meta    `json:"meta_data"`
}

// LineTax is a line's tax by one rate.
type LineTax struct {
	RateID   int64  `json:"id"`
	Total    Amount `json:"total"`
	Subtotal Amount `json:"subtotal"`
}

// ShippingLine is a way of shipping that was chosen.
type ShippingLine struct {
	ID         int64     `json:"id"`
	MethodID   string    `json:"method_id"`
	InstanceID int64     `json:"instance_id"`
	Title      string    `json:"method_title"`
	Total      Amount    `json:"total"`
	TotalTax   Amount    `json:"total_tax"`
	Taxes      []LineTax `json:"taxes"`
	Meta       []Meta    `json:"meta_data"`
}

// FeeLine is a fee, or, negative, a reduction.
type FeeLine struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	TaxClass  string    `json:"tax_class"`
	TaxStatus string    `json:"tax_status"`
	Total     Amount    `json:"total"`
	TotalTax  Amount    `json:"total_tax"`
	Taxes     []LineTax `json:"taxes"`
	Meta      []Meta    `json:"meta_data"`
}

// CouponLine is a coupon in an order and what it took off.
type CouponLine struct {
	ID          int64  `json:"id"`
	Code        string `json:"code"`
	Discount    Amount `json:"discount"`
	DiscountTax Amount `json:"discount_tax"`
	Type        string `json:"discount_type"`
	Meta        []Meta `json:"meta_data"`
}

// TaxLine is one tax rate in an order.
type TaxLine struct {
	ID          int64  `json:"id"`
	RateID      int64  `json:"rate_id"`
	Code        string `json:"rate_code"`
	Label       string `json:"label"`
	Compound    bool   `json:"compound"`
	Percent     Amount `json:"rate_percent"`
	Tax         Amount `json:"tax_total"`
	ShippingTax Amount `json:"shipping_tax_total"`
}

// RefundLine is a refund as the order lists it; Total is negative.
type RefundLine struct {
	ID     int64  `json:"id"`
	Reason string `json:"reason"`
	Total  Amount `json:"total"`
}
