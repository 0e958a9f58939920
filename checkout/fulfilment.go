package checkout

import (
	"context"
	"time"
)

// Shipment is a parcel on its way.
type Shipment struct {
	ID          string // the carrier platform's own
	Carrier     string
	Tracking    string // the airway bill number
	TrackingURL string
	At          time.Time
}

// validate refuses texts that no carrier gives.
func (sh Shipment) validate() error {
	for _, f := range []struct {
		name, value string
		max         int
	}{{"id", sh.ID, maxLine}, {"carrier", sh.Carrier, maxLine}, {"tracking", sh.Tracking, maxLine}, {"tracking_url", sh.TrackingURL, maxNote}} {
		if len(f.value) > f.max || f.value != clip(f.value, f.max) {
			return &InvalidError{Field: "shipment." + f.name, Reason: "is too long or not one line of text"}
		}
	}
	return nil
}

// Shipper hands a paid order to fulfilment.
//
// Implementations are safe for concurrent use.
type Shipper interface {
	// Ship books a shipment for the record's order. Not idempotent by itself: FindShipment is asked first after an unknown
	// outcome. Errors wrap ErrRefused, ErrUnavailable or ErrUnknown.
	Ship(ctx context.Context, r Record) (Shipment, error)
	// FindShipment returns the shipment booked for this record, or ErrNotFound.
	FindShipment(ctx context.Context, r Record) (Shipment, error)
}

// NoticeKind names a message a customer gets at most once per order.
type NoticeKind string

// The messages.
const (
	NoticeOrderConfirmed NoticeKind = "order_confirmed"
	NoticeShipped        NoticeKind = "shipped"
	NoticeRefunded       NoticeKind = "refunded"
	NoticePaymentFailed  NoticeKind = "payment_failed" // while the order can still be paid
	NoticeAbandoned      NoticeKind = "abandoned"      // with Policy.Remind, to whoever left an address
)

// Notice is one message to one customer. Key is the same however often the notice is sent, for services that deduplicate.
type Notice struct {
	Kind   NoticeKind
	Key    string
	Record Record
}

// Notifier tells the customer. It is called by the background work, never while a shopper waits for an answer.
//
// Implementations are safe for concurrent use.
type Notifier interface {
	// Notify sends the notice. A notice whose outcome was unknown is sent again with the same Key, so implementations
	// pass the key on to a service that deduplicates, or remember it.
	Notify(ctx context.Context, n Notice) error
}

// Event is something that happened, for the rest of the shop: search, analytics, a warehouse.
type Event struct {
	ID       string    `json:"id"` // unique; consumers deduplicate by it
	Kind     string    `json:"kind"`
	Checkout ID        `json:"checkout"`
	Sequence int64     `json:"sequence"` // grows within one checkout
	At       time.Time `json:"at"`
	Data     []byte    `json:"data,omitempty"`
}

// Publisher hands events to a stream.
//
// Implementations are safe for concurrent use.
type Publisher interface {
	// Publish delivers the events in order, all or an error; after an error the same events are published again, so
	// delivery is at least once.
	Publish(ctx context.Context, events ...Event) error
}
