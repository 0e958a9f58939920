package woo

import (
	"github.com/ankkor/ankkor/checkout"
)

// What is sent. Amounts are strings of tax-exclusive decimals, exactly those
// of the quote; a number would be a 400 for some fields and a float for PHP.

type orderBody struct {
	Status        string         `json:"status,omitempty"`
	Currency      string         `json:"currency,omitempty"`
	CustomerID    int64          `json:"customer_id,omitempty"`
	CustomerNote  string         `json:"customer_note,omitempty"`
	Billing       *addressBody   `json:"billing,omitempty"`
	Shipping      *addressBody   `json:"shipping,omitempty"`
	PaymentMethod string         `json:"payment_method,omitempty"`
	PaymentTitle  string         `json:"payment_method_title,omitempty"`
	TransactionID string         `json:"transaction_id,omitempty"`
	SetPaid       bool           `json:"set_paid,omitempty"`
	Meta          []metaBody     `json:"meta_data,omitempty"`
	Lines         []lineBody     `json:"line_items,omitempty"`
	ShippingLines []shippingBody `json:"shipping_lines,omitempty"`
	Fees          []feeBody      `json:"fee_lines,omitempty"`
	Coupons       []couponBody   `json:"coupon_lines,omitempty"`
}

type addressBody struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Email     string `json:"email,omitempty"` // "" is refused as no address
	Phone     string `json:"phone"`
}

type metaBody struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type lineBody struct {
	ProductID   int64 `json:"product_id"`
	VariationID int64 `json:"variation_id,omitempty"`
	Quantity    int64 `json:"quantity"`
	// TaxClass is sent when it is not the product's own.
	TaxClass *string `json:"tax_class,omitempty"`
	Subtotal string  `json:"subtotal"`
	Total    string  `json:"total"`
	// Meta is what the shopper chose: attributes a variation leaves open, and data of the cart line.
	Meta []metaBody `json:"meta_data,omitempty"`
}

type shippingBody struct {
	MethodID   string `json:"method_id"`
	InstanceID string `json:"instance_id,omitempty"`
	Title      string `json:"method_title"`
	Total      string `json:"total"`
}

type feeBody struct {
	Name      string `json:"name"`
	Total     string `json:"total"`
	TaxStatus string `json:"tax_status"`
	TaxClass  string `json:"tax_class"`
}

type couponBody struct {
	Code string `json:"code"`
}

// What comes back.

type orderNode struct {
	ID            looseInt       `json:"id"`
	Number        looseText      `json:"number"`
	Key           looseText      `json:"order_key"`
	Status        string         `json:"status"`
	Currency      string         `json:"currency"`
	TransactionID looseText      `json:"transaction_id"`
	Total         looseAmount    `json:"total"`
	TotalTax      looseAmount    `json:"total_tax"`
	ShippingTotal looseAmount    `json:"shipping_total"`
	ShippingTax   looseAmount    `json:"shipping_tax"`
	DatePaid      looseText      `json:"date_paid_gmt"`
	DateCreated   looseText      `json:"date_created_gmt"`
	DateModified  looseText      `json:"date_modified_gmt"`
	Meta          []metaNode     `json:"meta_data"`
	Lines         []lineNode     `json:"line_items"`
	ShippingLines []shippingNode `json:"shipping_lines"`
	Fees          []feeNode      `json:"fee_lines"`
	Refunds       []refundRef    `json:"refunds"`
}

// refundRef is a refund as the order lists it.
type refundRef struct {
	ID looseInt `json:"id"`
}

type metaNode struct {
	ID    looseInt  `json:"id"`
	Key   looseText `json:"key"`
	Value looseText `json:"value"` // "" for what is no scalar
}

type lineNode struct {
	ID          looseInt    `json:"id"`
	Name        looseText   `json:"name"`
	ProductID   looseInt    `json:"product_id"`
	VariationID looseInt    `json:"variation_id"`
	Quantity    looseInt    `json:"quantity"`
	Subtotal    looseAmount `json:"subtotal"`
	Total       looseAmount `json:"total"`
	TotalTax    looseAmount `json:"total_tax"`
	Taxes       []taxNode   `json:"taxes"`
	Meta        []metaNode  `json:"meta_data"`
}

// taxNode is a line's tax by one rate; one that does not apply has no total.
type taxNode struct {
	Rate  looseInt    `json:"id"`
	Total looseAmount `json:"total"`
}

type shippingNode struct {
	MethodID looseText   `json:"method_id"`
	Total    looseAmount `json:"total"`
	TotalTax looseAmount `json:"total_tax"`
}

type feeNode struct {
	Name     looseText   `json:"name"`
	Total    looseAmount `json:"total"`
	TotalTax looseAmount `json:"total_tax"`
}

// address is WooCommerce's form of an address. District has no field there.
func address(a checkout.Address) *addressBody {
	return &addressBody{
		FirstName: a.FirstName, LastName: a.LastName, Company: a.Company,
		Address1: a.Address1, Address2: a.Address2, City: a.City, State: a.State,
		Postcode: a.Postcode, Country: a.Country, Email: a.Email, Phone: a.Phone,
	}
}
