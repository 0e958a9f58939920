package checkout

import (
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// Record is all that is known of one checkout: what the shopper chose, and the facts that have happened. It is a value
// that a Store keeps; Next reads it and says what to do. JSON is its stored form.
type Record struct {
	ID        ID        `json:"id"`
	Owner     Owner     `json:"owner"`
	Version   int64     `json:"version"`
	Token     string    `json:"token"` // marks our order in WooCommerce and is the receipt at the gateway
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	// DueAt is when the checkout wants to be looked at next; zero for never.
	DueAt  time.Time `json:"due_at,omitzero"`
	Policy Policy    `json:"policy"`

	Choices
	Quote     *quote.Quote `json:"quote,omitempty"`
	QuoteHash string       `json:"quote_hash,omitempty"`
	// Plan is how the quote would be paid by the method chosen. Once placed, Placed.Plan is what counts.
	Plan Plan `json:"plan,omitzero"`

	Reservation *ReservationFact `json:"reservation,omitempty"`
	Placed      *Placement       `json:"placed,omitempty"`
	Stock       StockState       `json:"stock,omitempty"`
	Allocated   []inventory.Held `json:"allocated,omitempty"` // what Place claimed
	CouponClaim CouponClaim      `json:"coupon_claim,omitzero"`

	Gateway  *payment.Order `json:"gateway,omitempty"` // the order at the payment gateway
	Payments payment.Facts  `json:"payments,omitzero"`
	LookedAt time.Time      `json:"looked_at,omitzero"` // when the gateway was last asked about payments
	Refunds  []RefundFact   `json:"refunds,omitempty"`
	Asked    []RefundAsked  `json:"refunds_asked,omitempty"` // by staff, done or not
	// StoreRefunds are those the order has in the store.
	StoreRefunds []StoreRefundFact `json:"store_refunds,omitempty"`

	Order       *OrderFact               `json:"order,omitempty"`
	Shipment    *Shipment                `json:"shipment,omitempty"`
	DeliveredAt time.Time                `json:"delivered_at,omitzero"`
	Processing  time.Time                `json:"processing,omitzero"`    // when somebody began to pack
	Cancelled   *Cancellation            `json:"cancelled,omitempty"`    // of an order in effect
	Remittances []Remittance             `json:"remittances,omitempty"`  // cash that couriers handed over
	PartReturns []PartReturn             `json:"part_returns,omitempty"` // each time something came back
	Returned    *ReturnFact              `json:"returned,omitempty"`     // everything is back
	Notified    map[NoticeKind]time.Time `json:"notified,omitempty"`
	CartCleared bool                     `json:"cart_cleared,omitempty"`
	Closing     *Closing                 `json:"closing,omitempty"`
	Unplaceable string                   `json:"unplaceable,omitempty"` // why captured money cannot become an order

	Intents []Intent `json:"intents,omitempty"` // calls under way, that failed, or that were given up: one for each effect
	Alerts  []string `json:"alerts,omitempty"`  // for people: what does not fit
	Events  int64    `json:"events,omitempty"`  // how many events were sent so far

	Timeline []TimelineEntry `json:"timeline,omitempty"`
	History  []Transition    `json:"history,omitempty"`
}

// Choices is what the shopper decides before placing.
type Choices struct {
	CartID        string         `json:"cart_id"`   // also owns the stock reservation, so that signing in moves nothing
	CartHash      string         `json:"cart_hash"` // of what the cart said when it was last read
	Lines         []PricedLine   `json:"lines"`
	Coupons       []string       `json:"coupons,omitempty"`
	Billing       Address        `json:"billing,omitzero"`
	Shipping      Address        `json:"shipping,omitzero"`
	CustomerID    int64          `json:"customer_id,omitempty"` // WooCommerce's; 0 for a guest
	CustomerNote  string         `json:"customer_note,omitempty"`
	ShippingRate  string         `json:"shipping_rate,omitempty"`
	PaymentMethod payment.Method `json:"payment_method,omitempty"`
}

// ReservationFact is the early claim on stock held by a Reserver.
type ReservationFact struct {
	ID        string           `json:"id"`
	ExpiresAt time.Time        `json:"expires_at"`
	Held      []inventory.Held `json:"held"`
	Released  bool             `json:"released,omitempty"` // the allocation took its place, or it was let go
}

// Placement is the moment the shopper committed to the quote.
type Placement struct {
	At    time.Time `json:"at"`
	Key   string    `json:"key"` // the idempotency key
	Hash  string    `json:"hash"`
	PayBy time.Time `json:"pay_by"` // the payment window; a cancellation ends it early
	// Cancel is why the shopper or staff want it cancelled; it happens once the gateway says that nothing was paid.
	Cancel string `json:"cancel,omitempty"`
	Plan   Plan   `json:"plan"`
}

// Plan says how the total is to be paid. Online + OnDelivery is the total, everywhere it is shown.
type Plan struct {
	Online     pricing.Money `json:"online"`
	OnDelivery pricing.Money `json:"on_delivery"`
	// Through names the way to pay whose gateway takes a prepayment; empty where the method chosen does.
	Through  payment.Method       `json:"through,omitempty"`
	OnReturn payment.ReturnPolicy `json:"on_return,omitempty"` // of the prepayment
}

// StockState says where the pieces of a placed checkout are.
type StockState string

// The states of the stock claim, in the order they are passed.
const (
	StockNone      StockState = ""
	StockAllocated StockState = "allocated" // claimed here, not yet subtracted in WooCommerce
	StockReleased  StockState = "released"  // let go again
	StockConfirmed StockState = "confirmed" // WooCommerce, read back, has subtracted it
	StockShipped   StockState = "shipped"
)

// OrderFact is the order in WooCommerce.
type OrderFact struct {
	ID          int64         `json:"id"`
	Number      string        `json:"number"`
	Status      string        `json:"status"`
	Total       pricing.Money `json:"total"`
	CreatedAt   time.Time     `json:"created_at"`
	CompletedAt time.Time     `json:"completed_at,omitzero"` // when it took effect, by our read-back
	Twins       []int64       `json:"twins,omitempty"`       // other orders with our token, to be trashed
	Trashed     []int64       `json:"trashed,omitempty"`
	// Short says that the store, read back, had not subtracted every line yet; Twice that it had subtracted one twice,
	// and can put it back.
	Short bool `json:"short,omitempty"`
	// Unsearched says that it took effect although nobody could look for twins of it.
	Unsearched bool `json:"unsearched,omitempty"`
	Twice      bool `json:"twice,omitempty"`
	// SeenAt is when it was last looked at since it took effect, ModifiedAt the store's own date of what was seen.
	SeenAt     time.Time `json:"seen_at,omitzero"`
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	// Told are our statuses that were written into the store, or will not be any more.
	Told []Status `json:"told,omitempty"`
	// NotedAt is when the order was told how it is paid for, SettledAt when it was told that the cash is in.
	NotedAt   time.Time `json:"noted_at,omitzero"`
	SettledAt time.Time `json:"settled_at,omitzero"`
}

func orderRef(id int64) string { return strconv.FormatInt(id, 10) }

func (o *OrderFact) trashed(id int64) bool { return slices.Contains(o.Trashed, id) }

// RefundFact is money sent back.
type RefundFact struct {
	ID        string        `json:"id"`
	PaymentID string        `json:"payment_id"`
	Amount    pricing.Money `json:"amount"`
	Reason    string        `json:"reason"`
	At        time.Time     `json:"at"`
	// Key is that of the RefundAsked it answers; empty for money that went back because no order could come of it.
	Key string `json:"key,omitempty"`
}

// Closing says that no sale comes of this checkout any more.
type Closing struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	// Final says that a person decided it: money that still arrives is sent back. Otherwise late money reopens the sale
	// if the stock is still there.
	Final bool `json:"final,omitempty"`
}
