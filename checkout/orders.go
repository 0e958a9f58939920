package checkout

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// OrderRequest is everything the store needs to write an order that equals the quote.
type OrderRequest struct {
	Token              string // marks the order as ours; unique per checkout
	Quote              quote.Quote
	Billing, Shipping  Address
	PaymentMethod      string // WooCommerce's gateway id, for example "razorpay" or "cod"
	PaymentMethodTitle string
	CustomerID         int64 // 0 for a guest
	CustomerNote       string
	Meta               map[string]string
	// Chosen says, by the quote line's Key, what the shopper chose of an item that the product itself leaves open: a
	// size of a variation for any size, an engraving. It becomes the order line's own meta data.
	Chosen map[string]cart.ItemRef
}

// Completion says how an order takes effect.
type Completion struct {
	Paid               bool   // money was captured: WooCommerce's payment_complete
	Status             string // when not Paid: the status to set, "processing" for cash on delivery
	TransactionID      string // the gateway's payment id when Paid
	PaymentMethod      string
	PaymentMethodTitle string
}

// StoreOrder is an order read back from the store.
type StoreOrder struct {
	ID            int64
	Number        string
	Key           string
	Status        string // WooCommerce's: pending, processing, on-hold, completed, cancelled, refunded, failed, trash
	TransactionID string
	Token         string
	Currency      pricing.Currency
	Total         pricing.Money
	TotalTax      pricing.Money
	Lines         []StoreOrderLine
	DatePaid      time.Time // zero when not paid
	CreatedAt     time.Time
	ModifiedAt    time.Time // the store's own, in seconds; zero where it was not asked for
	Told          Status    // what Tell wrote last
	Refunds       []StoreRefund
}

// Paid reports whether the store counts the order as paid.
func (o StoreOrder) Paid() bool { return !o.DatePaid.IsZero() }

// Trashed reports whether the order lies in the trash.
func (o StoreOrder) Trashed() bool { return o.Status == "trash" }

// Draft reports whether the order is one that WooCommerce began and did not accept.
func (o StoreOrder) Draft() bool { return o.Status == "checkout-draft" }

// Effective reports whether the order has taken effect: it reduces stock and mails the customer.
func (o StoreOrder) Effective() bool {
	switch o.Status {
	case "processing", "completed", "on-hold":
		return true
	}
	return false
}

// StoreOrderLine is one line of a StoreOrder; amounts exclude tax.
type StoreOrderLine struct {
	ID                     int64 // the line's own
	ProductID, VariationID int64
	Quantity               int64
	Subtotal, Total        decimal.Decimal
	TotalTax               decimal.Decimal
	Taxes                  []StoreLineTax // what TotalTax is made of
	// Reduced is how many pieces the store says it took from stock for this line (the sum of its `_reduced_stock` entries).
	// More than Quantity means that it subtracted twice.
	Reduced int64
}

// OrderCreator writes orders into the store of record, which has no idempotency key of its own.
//
// Implementations are safe for concurrent use and never resend a call that may have taken effect. Every method ends in
// one of: done; an error wrapping ErrRefused; ErrUnavailable (certainly no effect); ErrUnknown (perhaps an effect).
type OrderCreator interface {
	// CreatePending creates the order in status pending, carrying the token. A pending order takes no stock and mails
	// nobody. The returned order has been compared with the quote; one that differs is an error wrapping ErrRefused, and
	// stays pending. Not idempotent: the caller finds by token before it creates again.
	CreatePending(ctx context.Context, req OrderRequest) (StoreOrder, error)
	// FindOrder returns every order that carries the token, oldest first, twins and trashed ones included. None is nil, nil.
	FindOrder(ctx context.Context, token string) ([]StoreOrder, error)
	// Complete makes the order take effect and returns it as read back afterwards. One after another it is idempotent; in
	// parallel it is not (WooCommerce subtracts stock twice), so the caller holds a lease and waits out an unknown outcome.
	Complete(ctx context.Context, orderID int64, how Completion) (StoreOrder, error)
	// Cancel moves a pending order to the trash, or cancels one that took effect. Cancelling twice is no error.
	Cancel(ctx context.Context, orderID int64) (StoreOrder, error)
}
