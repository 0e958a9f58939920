package checkout

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// OrderKeeper is what an OrderCreator can do besides: follow an order after it took effect, and write there what was
// decided here. With one, the two are kept in step both ways, see ORDERSTATES.md; without one, an order is written once and
// left to the store.
//
// Implementations are safe for concurrent use and never resend a call that may have taken effect. Errors are as of
// OrderCreator.
type OrderKeeper interface {
	// ReadOrder reads one order as it is now, past every cache, one in the trash too, with its refunds. One that is gone
	// for good is ErrNotFound.
	ReadOrder(ctx context.Context, orderID int64) (StoreOrder, error)
	// Tell writes news of an order and returns the order as read back. One after another it is idempotent; in parallel it is
	// not (WooCommerce moves stock twice), so the caller holds a lease and waits out an unknown outcome. It does not look
	// whether the order may still go where the news send it: the caller has just read it.
	Tell(ctx context.Context, orderID int64, news OrderNews) (StoreOrder, error)
	// AddRefund notes a refund at the order and returns the order as read back, with the refund in it. No money moves. It is
	// not idempotent: the caller looks for the key among the order's refunds before it adds one again.
	AddRefund(ctx context.Context, orderID int64, req StoreRefundRequest) (StoreOrder, error)
}

// OrderNews is what happened to an order here.
type OrderNews struct {
	// Told is how the order stands here, kept with the order: WooCommerce has no status for a parcel that arrived.
	Told Status
	// Status is the store's status it moves to, "" to leave it.
	Status string
	// Shipment is kept with the order too, unless it is zero.
	Shipment Shipment
}

// StoreRefundRequest is a refund to note at an order.
type StoreRefundRequest struct {
	Key    string        // kept with the refund
	Reason string        // ends in a mark made of the key: what the store writes first, should it die on the way
	Amount pricing.Money // with tax; zero where pieces come back and money does not
	// Restock puts the pieces of Lines back into the store's stock.
	Restock bool
	Lines   []StoreRefundPart
}

// StoreRefundPart is what of an order's line is given back.
type StoreRefundPart struct {
	Line     int64 // StoreOrderLine.ID
	Quantity int64
	Total    decimal.Decimal // without tax
	Taxes    []StoreLineTax
}

// StoreLineTax is a line's tax by one of the store's rates.
type StoreLineTax struct {
	Rate  int64
	Total decimal.Decimal
}

// StoreRefund is a refund as the store keeps it.
type StoreRefund struct {
	ID     int64
	Key    string // of the request it came of; empty for one made by hand
	Reason string
	Amount pricing.Money
	At     time.Time
}

// keeper is the OrderCreator's ability to be followed, or nil.
func (s *Service) keeper() OrderKeeper {
	keeper, _ := s.config.Orders.(OrderKeeper)
	return keeper
}

// Statuses of WooCommerce that the engine tells apart. Others are a shop's own and count as processing.
const (
	storePending    = "pending"
	storeProcessing = "processing"
	storeOnHold     = "on-hold"
	storeCompleted  = "completed"
	storeCancelled  = "cancelled"
	storeRefunded   = "refunded"
	storeFailed     = "failed"
	storeTrash      = "trash"
	storeGone       = "deleted" // ours: the order does not exist any more
)

// halted reports whether the store says that nothing is to be sent.
func (o *OrderFact) halted() bool {
	if o.SeenAt.IsZero() { // nobody has looked since it took effect
		return false
	}
	switch o.Status {
	case storePending, storeOnHold, storeCancelled, storeRefunded, storeFailed, storeTrash, storeGone:
		return true
	}
	return false
}

// Cancellation says that an order in effect was called off before its parcel left.
type Cancellation struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Actor  string    `json:"actor"`
}

// StoreRefundFact is a refund seen in the store.
type StoreRefundFact struct {
	ID     int64         `json:"id"`
	Amount pricing.Money `json:"amount"`
	Reason string        `json:"reason,omitempty"`
	At     time.Time     `json:"at"`
	// Key is that of the RefundAsked or ReturnFact it came of; empty for one made by hand in the store.
	Key string `json:"key,omitempty"`
	// Gone says that somebody took it away there again.
	Gone bool `json:"gone,omitempty"`
}
