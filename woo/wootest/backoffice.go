package wootest

import (
	"time"

	"github.com/shopspring/decimal"
)

// Stock is what the store says about one product or variation.
type Stock struct {
	ID         int64  // product or variation asked for
	ManagedBy  int64  // whose number counts: ID, the parent's id, or 0 when untracked
	Quantity   int64  // may be negative; 0 when untracked
	Status     string // instock, outofstock, onbackorder
	Backorders string // no, notify, yes
}

// Order is an order as the shop keeper sees it. Amounts are decimals in the
// store's currency.
type Order struct {
	ID            int64
	Number        string
	Key           string
	Status        string // pending, processing, on-hold, completed, cancelled, refunded, failed, trash, checkout-draft
	Currency      string
	CustomerID    int64
	PaymentMethod string
	TransactionID string
	Created       time.Time
	Paid          time.Time // zero when unpaid
	Billing       Address
	Shipping      Address
	Lines         []OrderLine
	ShippingTotal decimal.Decimal
	ShippingTax   decimal.Decimal
	DiscountTotal decimal.Decimal
	DiscountTax   decimal.Decimal
	CartTax       decimal.Decimal
	TotalTax      decimal.Decimal
	Total         decimal.Decimal
	Meta          []Meta
	Notes         []string
}

// OrderLine is one product line of an Order; its totals are without tax.
type OrderLine struct {
	ID          int64
	ProductID   int64 // the parent for a variation
	VariationID int64
	Name        string
	SKU         string
	Quantity    int64
	Subtotal    decimal.Decimal
	SubtotalTax decimal.Decimal
	Total       decimal.Decimal
	TotalTax    decimal.Decimal
	// ReducedStock holds every `_reduced_stock` entry of the line; two entries
	// mean the stock was reduced twice.
	ReducedStock []int64
}

// Address is a WooCommerce address.
type Address struct {
	FirstName, LastName, Company, Address1, Address2 string
	City, State, Postcode, Country, Email, Phone     string
}

// Meta is one custom field.
type Meta struct {
	ID    int64
	Key   string
	Value string
}

// SetStock sets the quantity of a product or variation that manages its own
// stock, as the shop keeper does in wp-admin, and its status with it. It
// answers ErrNotFound for an unknown id and ErrInvalid for one that does not
// manage its own stock.
func (s *Store) SetStock(id, quantity int64) error { return ErrNotFound }

// SetPrice sets the regular price ("" makes the product not purchasable) and
// ends a sale. Price is a plain decimal string in the store's currency.
func (s *Store) SetPrice(id int64, price string) error { return ErrNotFound }

// Stock answers what the store holds of a product or variation.
func (s *Store) Stock(id int64) (Stock, error) { return Stock{}, ErrNotFound }

// TrashProduct moves a product to the trash; its product.deleted webhook
// becomes due.
func (s *Store) TrashProduct(id int64) error { return ErrNotFound }

// Order answers one order, one in the trash too.
func (s *Store) Order(id int64) (Order, error) { return Order{}, ErrNotFound }

// Orders answers every order, oldest first, drafts and trash included.
func (s *Store) Orders() []Order { return nil }
